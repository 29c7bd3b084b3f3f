/*
 * Values out of a composed core: each kind, what it leads to, and what is not
 * saved. tests/live_locals.sh has those of real programs.
 *
 * usage: check_corevalue [FILE]   writes a seed for tests/fuzz/fuzz_values.c
 */

#include "support_types.h"

#include "arena.h"
#include "core.h"
#include "corequeue.h"
#include "span.h"

#include <check.h>
#include <stdio.h>

#ifdef GCR_WITHOUT_ELFUTILS

START_TEST(a_build_without_elfutils_says_so)
{
	struct gcr_image *image;
	struct gcr_error err;

	ck_assert_int_eq(
		gcr_image_open(GCR_SPAN("\177ELF"), NULL, &image, &err), -1);
	ck_assert_int_eq(err.code, GCR_UNSUPPORTED);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("corevalue");
	TCase *none = tcase_create("none");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(none, a_build_without_elfutils_says_so);
	suite_add_tcase(suite, none);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}

#else

static struct typed typed;
static struct text file;
static struct gcr_arena *arena;
static struct gcr_image *image;
static struct gcr_core *core;
static struct gcr_corereader reader;

static void open_core(void)
{
	struct gcr_error err;

	file = gocore_file(&typed.gocore);
	arena = gcr_arena_new(0);
	ck_assert_msg(
		gcr_image_open((struct gcr_span){ typed.gocore.program.data,
						  typed.gocore.program.size },
			       NULL, &image, &err) == 0,
		"%s", err.text);
	ck_assert_msg(gcr_core_open(image,
				    (struct gcr_span){ file.data, file.size },
				    &(struct gcr_core_options){ .force = true },
				    &core, &err) == 0,
		      "%s", err.text);
	ck_assert_int_eq(gcr_corereader_init(&reader, core, arena, &err), 0);
	reader.go = 24;
	reader.maps = GCR_MAPS_SWISS;
}

static void begin(void)
{
	typed = compose_typed();
	open_core();
}

static void end(void)
{
	gcr_core_free(core);
	gcr_image_free(image);
	gcr_arena_free(arena);
	text_free(&file);
	gocore_free(&typed.gocore);
}

// The same with a word changed before the core is written.
static void reopen_with(uint64_t address, uint64_t value)
{
	gocore_poke(&typed.gocore, address, value);
	gcr_core_free(core);
	gcr_image_free(image);
	gcr_arena_free(arena);
	text_free(&file);
	open_core();
}

static struct gcr_value read_kind(enum typed_kind kind)
{
	static struct gcr_error err;
	const struct gcr_layout *layout;
	struct gcr_value value;

	gcr_corereader_use(&reader, arena, &err);
	gcr_corereader_begin(&reader);
	ck_assert_int_eq(
		gcr_rtype_layout(reader.types, typed.type[kind], &layout, &err),
		0);
	ck_assert_int_eq(gcr_corevalue_at(&reader, layout, typed.value[kind],
					  GCR_SPAN("v"), &value),
			 0);
	return value;
}

// clang-format off
static const struct {
	enum typed_kind kind;
	const char *type, *text;
} rows[] = {
	{ TYPED_INT, "int", "-42" },
	{ TYPED_STRING, "string", "\"hello\"" },
	{ TYPED_SLICE, "[]int", "[]int(len 3, cap 4){1, 2, 3}" },
	{ TYPED_ARRAY, "[2]string", "{\"hello\", \"first\"}" },
	{ TYPED_ERROR, "error", "string(\"hello\")" },
	{ TYPED_MAP, "map[string]int", "map[string]int(len 2){\"hello\": 7, \"first\": 9}" },
};
// clang-format on

START_TEST(a_value_is_told_with_what_it_leads_to)
{
	struct gcr_value value = read_kind(rows[_i].kind);

	assert_span(value.type, rows[_i].type, "type");
	assert_span(value.text, rows[_i].text, "text");
	ck_assert_int_eq(value.certainty, GCR_EXACT);
}
END_TEST

START_TEST(a_channel_tells_what_waits_in_it_in_order)
{
	struct gcr_value value = read_kind(TYPED_CHAN);

	ck_assert_uint_eq(value.child_count, 2);
	assert_span(value.children[0].text, "5", "first");
	assert_span(value.children[1].text, "6", "second");
	ck_assert_uint_eq(value.part[1], 2);
	ck_assert_uint_eq(value.part[2], 4);
}
END_TEST

enum {
	SUDOG = 16, /* g, next */
};

// A queue of `count` at `ret`; behind the last one stands `last`, the index of
// one of them or -1.
static uint64_t line_up(size_t count, int last)
{
	uint64_t start = GOCORE_HEAP + typed.gocore.memory.size;
	uint64_t goroutines[] = { typed.gocore.at[GOCORE_FIRST],
				  typed.gocore.at[GOCORE_SECOND] };
	struct gcr_error err;

	for (size_t i = 0; i < count; i++) {
		uint64_t next = start + SUDOG * (i + 1);

		if (i + 1 == count)
			next = last < 0 ? 0 : start + SUDOG * (unsigned)last;
		text_put(&typed.gocore.memory, (const char *)&goroutines[i % 2],
			 8);
		text_put(&typed.gocore.memory, (const char *)&next, 8);
	}
	reopen_with(start, goroutines[0]);
	gcr_corereader_use(&reader, arena, &err);
	core->runtime.offset[GCR_SUDOG_G] = 0;
	core->runtime.offset[GCR_SUDOG_NEXT] = 8;
	return start;
}

START_TEST(a_queue_tells_who_is_in_it)
{
	static const size_t counts[] = { 1, 3, 31, 32, 33, 500 };
	size_t count = counts[_i];
	uint64_t start = line_up(count, -1);
	struct gcr_core_standing in;

	// Also when it is asked again.
	for (size_t i = 0; i < 2 * count; i++) {
		ck_assert_int_eq(gcr_corequeue(&reader, start,
					       start + SUDOG * (i % count),
					       &in),
				 0);
		ck_assert(in.told);
		ck_assert(in.among);
		ck_assert_uint_eq(in.count, count);
		ck_assert_uint_eq(in.ids[0], 1);
		ck_assert_uint_eq(in.ids[1], count > 1 ? 7 : 0);
	}
	ck_assert_int_eq(gcr_corequeue(&reader, start, start + 8, &in), 0);
	ck_assert(in.told && !in.among);
	ck_assert_int_eq(gcr_corequeue(&reader, 0, start, &in), 0);
	ck_assert(in.told && !in.among && in.count == 0);
}
END_TEST

START_TEST(a_queue_in_a_circle_is_read_once_and_not_told)
{
	uint64_t start = line_up(40, 39);
	struct gcr_core_standing in;
	size_t queued = 0;

	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(gcr_corequeue(&reader, start, start, &in), 0);
		ck_assert(!in.told);
		ck_assert(in.among);
		ck_assert(i == 0 || reader.queued == queued);
		queued = reader.queued;
	}
	// Many of them: there is an end to what one reader reads.
	for (uint64_t i = 0; i < 20; i++)
		ck_assert_int_eq(
			gcr_corequeue(&reader, start + SUDOG * i, start, &in),
			0);
	ck_assert_uint_le(reader.queued, 1 << 22);
}
END_TEST

START_TEST(a_pointer_is_followed_once)
{
	struct gcr_value value = read_kind(TYPED_POINTER);

	// The node points to itself: that is an address.
	ck_assert_uint_eq(value.child_count, 1);
	ck_assert_uint_eq(value.children[0].child_count, 2);
	ck_assert_uint_eq(value.children[0].children[0].child_count, 0);
	assert_span(value.children[0].children[1].text, "\"first\"", "name");
}
END_TEST

START_TEST(an_interface_tells_its_dynamic_type)
{
	struct gcr_value value = read_kind(TYPED_ANY);

	ck_assert_uint_eq(value.child_count, 1);
	assert_span(value.children[0].type, "*main.node", "type");
	ck_assert_uint_eq(value.children[0].child_count, 1);
	// The collector follows it, and what it points to.
	ck_assert_int_eq(value.children[0].certainty, GCR_EXACT);
	ck_assert_int_eq(value.children[0].children[0].certainty, GCR_EXACT);
}
END_TEST

// The interface as one of a static type of that name, where no pointer is
// followed any more.
static struct gcr_value read_behind_a_pointer(const char *type)
{
	static struct gcr_error err;
	const struct gcr_layout *layout;
	struct gcr_layout named;
	struct gcr_value value;

	gcr_corereader_use(&reader, arena, &err);
	gcr_corereader_begin(&reader);
	reader.hops = 0;
	ck_assert_int_eq(gcr_rtype_layout(reader.types, typed.type[TYPED_ANY],
					  &layout, &err),
			 0);
	named = *layout;
	named.type = gcr_span_of(type);
	ck_assert_int_eq(gcr_corevalue_at(&reader, &named,
					  typed.value[TYPED_ANY], GCR_SPAN("v"),
					  &value),
			 0);
	ck_assert_uint_eq(value.child_count, 1);
	ck_assert_uint_eq(reader.hops, 0);
	ck_assert_uint_eq(reader.errors, GCR_COREVALUE_ERRORS);
	return value.children[0];
}

START_TEST(what_an_error_says_is_followed_anywhere)
{
	struct gcr_value pointer = read_behind_a_pointer("error");

	ck_assert_uint_eq(pointer.child_count, 1);
	assert_span(pointer.children[0].children[1].text, "\"first\"", "name");
	ck_assert_uint_eq(read_behind_a_pointer("any").child_count, 0);
}
END_TEST

START_TEST(a_string_that_is_not_saved_has_no_content)
{
	struct gcr_value value;

	reopen_with(typed.value[TYPED_STRING], 0x123456789000);
	value = read_kind(TYPED_STRING);
	ck_assert_ptr_null(value.content.data);
	assert_span(value.text, "string(len 5, 0x123456789000)", "text");
	ck_assert_int_eq(value.certainty, GCR_EXACT);
}
END_TEST

START_TEST(a_word_that_is_not_saved_is_unknown_and_not_zero)
{
	struct gcr_value value;

	typed.value[TYPED_INT] = 0x123456789000;
	value = read_kind(TYPED_INT);
	ck_assert_int_eq(value.certainty, GCR_UNKNOWN);
	ck_assert_ptr_null(value.text.data);
}
END_TEST

START_TEST(half_a_string_keeps_the_part_that_is_known)
{
	unsigned char data[16] = { 0 }, known[16] = { 0 };
	struct gcr_corebytes bytes = { data, known, sizeof(data) };
	const struct gcr_layout *layout;
	struct gcr_error err;
	struct gcr_value value;

	data[8] = 7;
	for (size_t i = 8; i < 16; i++)
		known[i] = GCR_BYTE_KNOWN;
	ck_assert_int_eq(gcr_rtype_layout(reader.types,
					  typed.type[TYPED_STRING], &layout,
					  &err),
			 0);
	ck_assert_int_eq(gcr_corevalue(&reader, layout, &bytes, 0,
				       GCR_SPAN("s"), &value),
			 0);
	ck_assert_int_eq(value.certainty, GCR_UNKNOWN);
	ck_assert_int_eq(value.part_certainty[0], GCR_UNKNOWN);
	ck_assert_int_eq(value.part_certainty[1], GCR_EXACT);
	ck_assert_uint_eq(value.part[1], 7);
	ck_assert_ptr_null(value.text.data);
}
END_TEST

START_TEST(a_dead_pointer_makes_what_it_leads_to_stale)
{
	unsigned char data[8], known[8];
	struct gcr_corebytes bytes = { data, known, sizeof(data) };
	const struct gcr_layout *layout;
	struct gcr_error err;
	struct gcr_value value;

	for (unsigned i = 0; i < 8; i++) {
		data[i] = (unsigned char)(typed.value[TYPED_NODE] >> 8 * i &
					  0xff);
		known[i] = GCR_BYTE_KNOWN;
	}
	ck_assert_int_eq(gcr_rtype_layout(reader.types,
					  typed.type[TYPED_POINTER], &layout,
					  &err),
			 0);
	ck_assert_int_eq(gcr_corevalue(&reader, layout, &bytes, 0,
				       GCR_SPAN("p"), &value),
			 0);
	ck_assert_int_eq(value.certainty, GCR_STALE);
	ck_assert_int_eq(value.part_certainty[0], GCR_EXACT);
	ck_assert_int_eq(value.children[0].certainty, GCR_STALE);
}
END_TEST

START_TEST(a_slice_of_huge_length_is_bounded)
{
	struct gcr_value value;

	reopen_with(typed.value[TYPED_SLICE] + 8, UINT64_C(1) << 60);
	gocore_poke(&typed.gocore, typed.value[TYPED_SLICE] + 16,
		    UINT64_C(1) << 60);
	reopen_with(typed.value[TYPED_SLICE] + 16, UINT64_C(1) << 60);
	value = read_kind(TYPED_SLICE);
	ck_assert_uint_le(value.child_count, GCR_COREVALUE_SHOWN);
}
END_TEST

START_TEST(a_map_that_lies_about_its_length_is_not_exact)
{
	uint64_t map;
	struct gcr_value value;

	ck_assert(gcr_corenumber(&reader, typed.value[TYPED_MAP], 8, &map));
	reopen_with(map, 3);
	value = read_kind(TYPED_MAP);
	ck_assert_uint_eq(value.child_count, 4);
	ck_assert_int_eq(value.children[0].certainty, GCR_UNMARKED);
}
END_TEST

// Many values may lead to one damaged map: together they cost what one does.
START_TEST(maps_that_never_end_have_one_budget)
{
	struct gcr_value value;
	uint64_t map;

	ck_assert(gcr_corenumber(&reader, typed.value[TYPED_MAP], 8, &map));
	// A directory that goes on and on, of tables that are not there.
	reopen_with(map + 24, UINT64_C(1) << 60);
	value = read_kind(TYPED_MAP);
	ck_assert_uint_eq(value.child_count, 0);
	ck_assert_uint_le(reader.all_steps_left, GCR_COREVALUE_STEPS);
	reopen_with(map + 24, 0);
	value = read_kind(TYPED_MAP);
	ck_assert_uint_eq(value.child_count, 4);
	ck_assert_uint_lt(reader.all_steps_left, GCR_COREVALUE_STEPS);
	reader.all_steps_left = 0;
	value = read_kind(TYPED_MAP);
	ck_assert_uint_eq(value.child_count, 0);
	ck_assert_str_eq(value.text.data, "map[string]int(len 2){, ...}");
}
END_TEST

START_TEST(a_variable_has_so_many_bytes_and_no_more)
{
	static struct gcr_error err;
	struct gcr_corebytes bytes;
	size_t got = 0;

	gcr_corereader_use(&reader, arena, &err);
	gcr_corereader_begin(&reader);
	for (unsigned i = 0; i < 1024; i++) {
		ck_assert_int_eq(
			gcr_corebytes_fetch(&reader, typed.value[TYPED_INT],
					    GCR_COREVALUE_BYTES, &bytes),
			0);
		got += bytes.size;
	}
	ck_assert_uint_ge(got, GCR_COREVALUE_BYTES);
	ck_assert_uint_le(got, 1 << 20);
}
END_TEST

START_TEST(all_variables_of_a_frame_have_so_many_values_and_bytes)
{
	static struct gcr_error err;
	struct gcr_corebytes bytes;
	size_t got = 0, values = 0;

	for (unsigned i = 0; i < 4096; i++) {
		gcr_corereader_begin(&reader);
		values += reader.reading.budget;
		reader.reading.budget = 0;
		ck_assert_int_eq(
			gcr_corebytes_fetch(&reader, typed.value[TYPED_INT],
					    GCR_COREVALUE_BYTES, &bytes),
			0);
		got += bytes.size;
	}
	ck_assert_uint_eq(values, 1 << 16);
	ck_assert_uint_eq(got, 8 << 20);
	gcr_corereader_use(&reader, arena, &err);
	ck_assert_uint_gt(reader.reading.budget, 0);
	ck_assert_uint_gt(reader.bytes_left, 0);
}
END_TEST

START_TEST(a_type_that_holds_itself_is_opaque)
{
	const struct gcr_layout *layout;
	struct gcr_error err;
	uint64_t fields;

	// The field `next` of a node is a node.
	ck_assert(gcr_corenumber(&reader, typed.type[TYPED_NODE] + 56, 8,
				 &fields));
	reopen_with(fields + 8, typed.type[TYPED_NODE]);
	ck_assert_int_eq(gcr_rtype_layout(reader.types, typed.type[TYPED_NODE],
					  &layout, &err),
			 0);
	ck_assert(!layout->sized);
	ck_assert_int_eq(layout->fields[0].layout->kind, GCR_OPAQUE);
	ck_assert_int_eq(read_kind(TYPED_NODE).certainty, GCR_UNKNOWN);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
	for (size_t n = 1; n < 200; n++) {
		const struct gcr_layout *layout;
		struct gcr_value value;
		struct gcr_error err;
		int status;

		end();
		begin();
		gcr_corereader_use(&reader, arena, &err);
		gcr_arena_fail_at(arena, n);
		status = gcr_rtype_layout(reader.types, typed.type[TYPED_ANY],
					  &layout, &err);
		if (status == 0)
			status = gcr_corevalue_at(&reader, layout,
						  typed.value[TYPED_ANY],
						  GCR_SPAN("v"), &value);
		if (status == 0)
			return;
		ck_assert_int_eq(err.code, GCR_NOMEM);
	}
	ck_abort_msg("it never succeeds");
}
END_TEST

static const char *seed_path;

// A seed for tests/fuzz/fuzz_values.c: program, core, and at the end the table of
// types and values.
START_TEST(write_seed)
{
	FILE *to = fopen(seed_path, "wb");

	ck_assert_ptr_nonnull(to);
	fwrite(typed.gocore.program.data, 1, typed.gocore.program.size, to);
	fwrite(file.data, 1, file.size, to);
	for (size_t i = 0; i < TYPED_KINDS; i++) {
		fwrite(&typed.type[i], 8, 1, to);
		fwrite(&typed.value[i], 8, 1, to);
	}
	fclose(to);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("corevalue");
	TCase *values = tcase_create("values");
	TCase *odd = tcase_create("odd");

	if (seed_path != NULL) {
		tcase_add_checked_fixture(odd, begin, end);
		tcase_add_test(odd, write_seed);
		suite_add_tcase(suite, odd);
		return suite;
	}
	tcase_add_checked_fixture(values, begin, end);
	tcase_add_loop_test(values, a_value_is_told_with_what_it_leads_to, 0,
			    sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(values, a_channel_tells_what_waits_in_it_in_order);
	tcase_add_loop_test(values, a_queue_tells_who_is_in_it, 0, 6);
	tcase_add_test(values, a_queue_in_a_circle_is_read_once_and_not_told);
	tcase_add_test(values, a_pointer_is_followed_once);
	tcase_add_test(values, an_interface_tells_its_dynamic_type);
	tcase_add_test(values, what_an_error_says_is_followed_anywhere);
	suite_add_tcase(suite, values);
	tcase_add_checked_fixture(odd, begin, end);
	tcase_add_test(odd, a_string_that_is_not_saved_has_no_content);
	tcase_add_test(odd, a_word_that_is_not_saved_is_unknown_and_not_zero);
	tcase_add_test(odd, half_a_string_keeps_the_part_that_is_known);
	tcase_add_test(odd, a_dead_pointer_makes_what_it_leads_to_stale);
	tcase_add_test(odd, a_slice_of_huge_length_is_bounded);
	tcase_add_test(odd, a_map_that_lies_about_its_length_is_not_exact);
	tcase_add_test(odd, maps_that_never_end_have_one_budget);
	tcase_add_test(odd, a_variable_has_so_many_bytes_and_no_more);
	tcase_add_test(odd,
		       all_variables_of_a_frame_have_so_many_values_and_bytes);
	tcase_add_test(odd, a_type_that_holds_itself_is_opaque);
	tcase_add_test(odd, every_allocation_may_fail);
	suite_add_tcase(suite, odd);
	return suite;
}

int main(int argc, char **argv)
{
	SRunner *runner;
	int failed;

	if (argc > 1)
		seed_path = argv[1];
	runner = srunner_create(make_suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}

#endif
