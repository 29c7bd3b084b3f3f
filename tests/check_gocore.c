/*
 * Goroutines of a core that was put together by hand, sound and forged. The
 * real ones are in tests/live_core.sh.
 */

#include "support_gocore.h"

#include "arena.h"
#include "core.h"
#include "runtimevars.h"
#include "runtimeways.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

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

static Suite *make_suite(void)
{
	Suite *suite = suite_create("gocore");
	TCase *none = tcase_create("none");

	tcase_add_test(none, a_build_without_elfutils_says_so);
	suite_add_tcase(suite, none);
	return suite;
}

#else

static struct gocore gocore;
static struct gcr_image *image;
static struct text file, printed;

static int keep(void *to, const char *data, size_t size)
{
	text_put(to, data, size);
	return 0;
}

static void begin(void)
{
	struct gcr_error err;

	gocore = compose_gocore();
	ck_assert_msg(gcr_image_open((struct gcr_span){ gocore.program.data,
							gocore.program.size },
				     NULL, &image, &err) == 0,
		      "%s", err.text);
}

static void end(void)
{
	gcr_image_free(image);
	gocore_free(&gocore);
	text_free(&file);
	text_free(&printed);
	file = printed = (struct text){ 0 };
}

static struct gcr_core *open_file(void)
{
	struct gcr_core *core;
	struct gcr_error err;

	ck_assert_msg(gcr_core_open(image,
				    (struct gcr_span){ file.data, file.size },
				    NULL, &core, &err) == 0,
		      "%s", err.text);
	return core;
}

static struct gcr_core *open_core(void)
{
	text_free(&file);
	file = gocore_file(&gocore);
	return open_file();
}

static void print_core(struct gcr_core *core)
{
	struct gcr_output output = { keep, &printed };
	struct gcr_error err;

	ck_assert_msg(gcr_write_runtime(core, &output, &err) == 0, "%s",
		      err.text);
	text_put(&printed, "", 1);
}

static void assert_note(const struct gcr_core *core, const char *part)
{
	size_t count;
	const struct gcr_note *notes = gcr_core_notes(core, &count);

	for (size_t i = 0; i < count; i++)
		if (gcr_span_find_text(notes[i].text, part) != GCR_NOWHERE)
			return;
	ck_abort_msg("no note with '%s' among %zu", part, count);
}

static const char sound[] =
	"goroutine 1 gp=0xc000000ca8 m=nil [chan receive]:\n"
	"main.callee({0x402800, 0x5}, 0x2a)\n"
	"\t/src/main.go:30 +0x5 fp=0xc000000878 sp=0xc000000868 pc=0x401045\n"
	"main.inlined(...)\n"
	"\t/src/main.go:21\n"
	"main.caller()\n"
	"\t/src/main.go:10 +0x15 fp=0xc000000890 sp=0xc000000878 pc=0x401015\n"
	"\n"
	"goroutine 7 gp=0xc000000e70 m=nil [runnable]:\n"
	"main.caller()\n"
	"\t/src/main.go:10 fp=0xc000000ca8 sp=0xc000000ca0 pc=0x401000\n"
	"created by main.caller in goroutine 1\n"
	"\t/src/main.go:12 +0x25\n";

START_TEST(goroutines_are_printed_as_the_runtime_does)
{
	struct gcr_core *core = open_core();

	print_core(core);
	ck_assert_str_eq(printed.data, sound);
	gcr_core_free(core);
}
END_TEST

START_TEST(goroutines_come_one_at_a_time_and_together)
{
	struct gcr_core *core = open_core();
	struct gcr_stack_source source = gcr_core_source(core);
	const struct gcr_crash *crash;
	struct gcr_goroutine g;
	struct gcr_error err;

	ck_assert_int_eq(source.next(source.from, &g, &err), 1);
	ck_assert_uint_eq(g.id, 1);
	ck_assert_uint_eq(g.frame_count, 3);
	assert_span(g.state, "chan receive", "state");
	assert_span(g.frames[0].arguments, "{0x402800, 0x5}, 0x2a", "words");
	assert_span(g.frames[1].function, "main.inlined", "inlined");
	ck_assert_uint_eq(g.frames[1].flags, GCR_FRAME_INLINED);
	ck_assert_int_eq(source.next(source.from, &g, &err), 1);
	ck_assert_uint_eq(g.id, 7);
	ck_assert_uint_eq(g.creator, 1);
	assert_span(g.created_by->function, "main.caller", "creator");
	ck_assert_int_eq(source.next(source.from, &g, &err), 0);
	ck_assert_int_eq(gcr_core_crash(core, &crash, &err), 0);
	ck_assert_uint_eq(crash->goroutine_count, 2);
	ck_assert_int_eq(crash->cause.kind, GCR_CAUSE_NONE);
	ck_assert_uint_eq(crash->target.go_min, 22);
	gcr_core_free(core);
}
END_TEST

START_TEST(a_list_longer_than_the_core_is_searched_for)
{
	struct gcr_core *core;

	gocore_poke(&gocore, gocore.at[GOCORE_ALLGS] + 8, UINT64_C(1) << 60);
	gocore_poke(&gocore, gocore.at[GOCORE_ALLGS] + 16, UINT64_C(1) << 60);
	core = open_core();
	print_core(core);
	ck_assert_str_eq(printed.data, sound);
	assert_note(core, "the core lacks the runtime's list of goroutines");
	gcr_core_free(core);
}
END_TEST

START_TEST(a_list_of_one_goroutine_again_and_again_is_not_believed)
{
	uint64_t array = gocore.at[GOCORE_STACK];
	struct gcr_core *core;

	for (uint64_t i = 0; i < 100; i++)
		gocore_poke(&gocore, array + 8 * i, gocore.at[GOCORE_FIRST]);
	gocore_poke(&gocore, gocore.at[GOCORE_ALLGS], array);
	gocore_poke(&gocore, gocore.at[GOCORE_ALLGS] + 8, 100);
	gocore_poke(&gocore, gocore.at[GOCORE_ALLGS] + 16, 100);
	core = open_core();
	print_core(core);
	ck_assert_str_eq(printed.data, sound);
	assert_note(core, "the core lacks the runtime's list of goroutines");
	gcr_core_free(core);
}
END_TEST

static uint64_t all_is_hole(void *from, uint64_t offset)
{
	uint64_t *asked = from;

	(void)offset;
	++*asked;
	return UINT64_MAX;
}

START_TEST(holes_of_a_sparse_file_are_not_searched)
{
	uint64_t asked = 0;
	struct gcr_core_options options = { .next_data = all_is_hole,
					    .from = &asked };
	struct gcr_core *core;
	struct gcr_error err;

	gocore_poke(&gocore, gocore.at[GOCORE_ALLGS] + 8, UINT64_C(1) << 60);
	file = gocore_file(&gocore);
	ck_assert_int_eq(
		gcr_core_open(image, (struct gcr_span){ file.data, file.size },
			      &options, &core, &err),
		0);
	ck_assert_uint_gt(asked, 0);
	assert_note(core, "a search of its memory found 0 of them");
	gcr_core_free(core);
}
END_TEST

// Where the list itself is lost, a shorter one must not pass for it.
START_TEST(a_core_that_was_cut_is_searched_for_more_than_is_listed)
{
	struct gcr_core *core;

	gocore_poke(&gocore, gocore.at[GOCORE_ALLGS] + 8, 1);
	core = open_core();
	print_core(core);
	ck_assert(strstr(printed.data, "goroutine 7 ") == NULL);
	gcr_core_free(core);
	text_free(&printed);
	printed = (struct text){ 0 };
	file.size--;
	core = open_file();
	print_core(core);
	ck_assert_str_eq(printed.data, sound);
	assert_note(core, "a search of its memory found 2 of them");
	gcr_core_free(core);
}
END_TEST

START_TEST(all_stacks_have_one_budget)
{
	struct gcr_core *core = open_core();
	struct gcr_core_goroutine g;
	struct gcr_error err;

	gcr_core_restart(core);
	ck_assert_uint_eq(core->frames_left, file.size / 8);
	core->frames_left = 1;
	ck_assert_int_eq(gcr_core_advance(core, &g, &err), 1);
	ck_assert_uint_eq(core->stack.count, 1);
	ck_assert_int_eq(core->stack.end, GCR_END_LIMIT);
	ck_assert_int_eq(gcr_core_advance(core, &g, &err), 1);
	ck_assert_uint_eq(core->stack.count, 0);
	ck_assert_int_eq(core->stack.end, GCR_END_LIMIT);
	ck_assert_int_eq(gcr_core_advance(core, &g, &err), 0);
	gcr_core_free(core);
}
END_TEST

// A circle of inlined calls at each of many pcs, or one name of megabytes.
START_TEST(names_of_all_pcs_have_one_budget)
{
	struct gcr_core *core = open_core();
	struct gcr_output output = { keep, &printed };
	struct gcr_error err = { 0 };

	core->pcs.texts_left = 1000;
	ck_assert_int_eq(gcr_write_runtime(core, &output, &err), -1);
	ck_assert_int_eq(err.code, GCR_LIMIT);
	ck_assert_str_eq(err.text, "the program's names and inlined calls are "
				   "too many: its tables are damaged");
	gcr_core_free(core);
}
END_TEST

/* Where go1.22 has them in struct _panic. */
enum {
	PANIC_ARG = 8,
	PANIC_LINK = 24,
	PANIC_GOEXIT = 97,
};

static struct gcr_cause read_panics(struct gcr_core *core, uint64_t newest)
{
	struct gcr_cause cause = { 0 };
	struct gcr_error err;

	ck_assert_int_eq(gcr_core_read_panics(core, newest, &cause, &err), 0);
	return cause;
}

START_TEST(panics_in_a_circle_are_told_once)
{
	uint64_t first = gocore.at[GOCORE_STACK], second = first + 0x80;
	struct gcr_core *core;

	gocore_poke(&gocore, first + PANIC_LINK, second);
	gocore_poke(&gocore, second + PANIC_LINK, first);
	core = open_core();
	ck_assert_uint_eq(read_panics(core, first).panic_count, 2);
	gcr_core_free(core);
	// Of runtime.Goexit(), which panics with nothing.
	gocore_poke(&gocore, first + PANIC_GOEXIT - 1, 1 << 8);
	gocore_poke(&gocore, second + PANIC_GOEXIT - 1, 1 << 8);
	core = open_core();
	ck_assert_uint_eq(read_panics(core, first).panic_count, 0);
	gcr_core_free(core);
}
END_TEST

// One text for all of a thousand panics: the file has it but once.
START_TEST(texts_of_panics_are_no_more_than_the_core)
{
	uint64_t first = gocore.at[GOCORE_STACK], last = first + 0x180;
	uint64_t text = first + 0x200, type = first + 0x220;
	uint64_t name = first + 0x280;
	struct gcr_core *core;
	struct gcr_cause cause;

	gocore_poke(&gocore, gocore.at[GOCORE_MODULE] + 8 * 38, name);
	gocore_poke(&gocore, type, 16);
	gocore_poke(&gocore, type + 16, UINT64_C(24) << 56);
	gocore_poke(&gocore, type + 40, name - gocore.at[GOCORE_TYPES]);
	gocore_poke(&gocore, name, UINT64_C(0x676e697274730600));
	gocore_poke(&gocore, text, GOCORE_HEAP);
	gocore_poke(&gocore, text + 8, gocore.memory.size - 0x10);
	for (uint64_t at = first; at <= last; at += 0x80) {
		gocore_poke(&gocore, at + PANIC_ARG, type);
		gocore_poke(&gocore, at + PANIC_ARG + 8, text);
		gocore_poke(&gocore, at + PANIC_LINK,
			    at < last ? at + 0x80 : 0);
	}
	core = open_core();
	cause = read_panics(core, first);
	ck_assert_uint_eq(cause.panic_count, 4);
	ck_assert_uint_eq(cause.text.size, gocore.memory.size - 0x10);
	ck_assert_uint_eq(cause.panics[3].text.size, cause.text.size);
	ck_assert(gcr_span_is(cause.panics[0].text, "?"));
	gcr_core_free(core);
	// A type of a plugin counts from where that one's types begin.
	gocore_poke(&gocore, gocore.at[GOCORE_MODULE] + 8 * 38, type);
	core = open_core();
	cause = read_panics(core, first);
	ck_assert(gcr_span_is(cause.text, "?"));
	gcr_core_free(core);
}
END_TEST

START_TEST(labels_in_a_circle_end_and_are_told)
{
	uint64_t map = gocore.at[GOCORE_STACK], bucket = map + 0x40;
	const struct gcr_crash *crash;
	struct gcr_core *core;
	struct gcr_error err;

	// 256 buckets, each of them without entries and followed by itself.
	gocore_poke(&gocore, gocore.at[GOCORE_FIRST] + GOCORE_G_LABELS, map);
	gocore_poke(&gocore, map, map);
	gocore_poke(&gocore, map + 8, 8 << 8);
	gocore_poke(&gocore, map + 16, bucket);
	gocore_poke(&gocore, bucket + 0x108, bucket);
	core = open_core();
	ck_assert_int_eq(gcr_core_crash(core, &crash, &err), 0);
	ck_assert_uint_eq(crash->goroutine_count, 2);
	assert_note(core, "more labels than the core has room for");
	gcr_core_free(core);
}
END_TEST

START_TEST(a_list_of_something_else_is_not_believed)
{
	struct gcr_core *core;

	gocore_poke(&gocore, gocore.at[GOCORE_ALLGS], gocore.at[GOCORE_STACK]);
	core = open_core();
	print_core(core);
	ck_assert_str_eq(printed.data, sound);
	gcr_core_free(core);
}
END_TEST

// The same program, of a release that says another name.
static void rename_release(const char *name)
{
	struct gcr_error err;

	for (size_t i = 0; i + 8 <= gocore.program.size; i++)
		if (memcmp(gocore.program.data + i, "go1.22.6", 8) == 0)
			memcpy(gocore.program.data + i, name, 8);
	gcr_image_free(image);
	ck_assert_int_eq(
		gcr_image_open((struct gcr_span){ gocore.program.data,
						  gocore.program.size },
			       NULL, &image, &err),
		0);
}

// What the program's own types say goes before its release's name.
START_TEST(maps_are_laid_out_as_the_program_says)
{
	static const char *const names[] = { "go1.22.6", "go1.26.6", "go1.99.6",
					     "garbage!" };
	struct gcr_core *core;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		rename_release(names[i]);
		core = open_core();
		ck_assert_int_eq(core->runtime.maps, GCR_MAPS_BUCKETS);
		gcr_core_free(core);
		gcr_image_free(image);
		gocore_free(&gocore);
		begin();
	}
}
END_TEST

START_TEST(without_a_word_of_maps_their_release_has_to_be_known)
{
	static const struct {
		const char *name;
		enum gcr_maps maps;
	} rows[] = {
		{ "go1.22.6", GCR_MAPS_BUCKETS },
		{ "go1.26.6", GCR_MAPS_SWISS },
		{ "go1.99.6", GCR_MAPS_UNTOLD },
		{ "garbage!", GCR_MAPS_UNTOLD },
	};
	struct gcr_core *core;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rename_release(rows[i].name);
		// The last of the descriptors is that of maps; it has no fields.
		gocore_poke(&gocore, gocore.at[GOCORE_TYPES] + 3 * 88 + 64, 0);
		core = open_core();
		ck_assert_int_eq(core->runtime.maps, rows[i].maps);
		gcr_core_free(core);
		gcr_image_free(image);
		gocore_free(&gocore);
		begin();
	}
}
END_TEST

START_TEST(a_release_that_is_not_known_is_told)
{
	struct gcr_core *core;

	rename_release("garbage!");
	core = open_core();
	print_core(core);
	ck_assert(strstr(printed.data, "main.callee({0x402800, 0x5}, 0x2a)") !=
		  NULL);
	assert_note(core, "the program does not tell its release");
	gcr_core_free(core);
}
END_TEST

START_TEST(a_stack_that_never_ends_ends_at_its_bound)
{
	uint64_t stack = gocore.at[GOCORE_STACK];
	struct gcr_core *core;

	// Whatever is on the stack leads back into the caller.
	for (uint64_t at = 0; at < 0x400; at += 8)
		gocore_poke(&gocore, stack + at, 0x401015);
	gocore_poke(&gocore, gocore.at[GOCORE_FIRST] + GOCORE_G_HIGH,
		    UINT64_MAX);
	gocore_poke(&gocore, gocore.at[GOCORE_FIRST] + GOCORE_G_SCHED,
		    stack + 8);
	core = open_core();
	print_core(core);
	ck_assert(strstr(printed.data, "goroutine 7 ") != NULL);
	ck_assert_uint_lt(printed.size, 20000);
	gcr_core_free(core);
}
END_TEST

START_TEST(a_stack_outside_its_bounds_is_told)
{
	struct gcr_core *core;

	gocore_poke(&gocore, gocore.at[GOCORE_FIRST] + GOCORE_G_SCHED + 8,
		    0x401045);
	gocore_poke(&gocore, gocore.at[GOCORE_FIRST] + GOCORE_G_HIGH,
		    gocore.at[GOCORE_STACK] + 0x3c8);
	core = open_core();
	print_core(core);
	assert_note(core, "the stack pointer leaves the stack");
	gcr_core_free(core);
}
END_TEST

START_TEST(a_stack_that_was_not_saved_is_told)
{
	struct gcr_core *core;

	gocore_poke(&gocore, gocore.at[GOCORE_FIRST] + GOCORE_G_LOW,
		    0x7f0000000000);
	gocore_poke(&gocore, gocore.at[GOCORE_FIRST] + GOCORE_G_HIGH,
		    0x7f0000002000);
	gocore_poke(&gocore, gocore.at[GOCORE_FIRST] + GOCORE_G_SCHED,
		    0x7f0000001000);
	core = open_core();
	print_core(core);
	ck_assert(strstr(printed.data, "main.callee({_, _}, _)\n") != NULL);
	assert_note(core, "does not have the rest of the stack");
	assert_note(core, "arguments that are not in the core");
	gcr_core_free(core);
}
END_TEST

START_TEST(descriptors_that_lie_cost_no_time)
{
	struct gcr_core *core;

	// 2^60 fields, all of the type itself.
	gocore_poke(&gocore, gocore.at[GOCORE_TYPES] + 64, UINT64_C(1) << 60);
	core = open_core();
	print_core(core);
	ck_assert_str_eq(printed.data, sound);
	gcr_core_free(core);
}
END_TEST

START_TEST(without_descriptors_the_table_of_the_release_stands_in)
{
	struct gcr_core *core;

	for (unsigned i = 0; i < 3; i++)
		gocore_poke(&gocore, gocore.at[GOCORE_TYPES] + 16 + 88 * i, 0);
	core = open_core();
	print_core(core);
	ck_assert_str_eq(printed.data, sound);
	assert_note(core, "they are taken where go1.22 has them");
	gcr_core_free(core);
}
END_TEST

START_TEST(descriptors_go_before_the_table)
{
	struct gcr_core *core;
	uint64_t fields;

	// `goid` is said to be where the release has `waitsince`.
	memcpy(&fields,
	       gocore.memory.data +
		       (gocore.at[GOCORE_TYPES] + 56 - GOCORE_HEAP),
	       8);
	gocore_poke(&gocore, fields + 24 * 7 + 16, 168);
	gocore_poke(&gocore, gocore.at[GOCORE_FIRST] + 168, 5);
	gocore_poke(&gocore, gocore.at[GOCORE_SECOND] + 168, 6);
	core = open_core();
	print_core(core);
	ck_assert(strstr(printed.data, "goroutine 5 ") != NULL);
	assert_note(core, "1 of the runtime's fields are elsewhere");
	gcr_core_free(core);
}
END_TEST

START_TEST(the_table_says_what_is_known_of_the_releases)
{
	int32_t offset;

	ck_assert(gcr_runtime_table(26, GCR_SUDOG_C, &offset));
	ck_assert_int_eq(offset, 88);
	ck_assert(gcr_runtime_table(24, GCR_G_STATUS, &offset));
	ck_assert_int_eq(offset, 152);
	ck_assert(gcr_runtime_table(19, GCR_G_PARENT, &offset));
	ck_assert_int_eq(offset, GCR_RT_ABSENT);
	ck_assert(gcr_runtime_table(22, GCR_CHAN_SENDERS, &offset));
	ck_assert_int_eq(offset, 72);
	ck_assert(gcr_runtime_table(23, GCR_CHAN_SENDERS, &offset));
	ck_assert_int_eq(offset, 80);
	ck_assert(!gcr_runtime_table(15, GCR_G_STATUS, &offset));
	ck_assert(!gcr_runtime_table(28, GCR_G_STATUS, &offset));
}
END_TEST

START_TEST(a_release_that_is_not_known_does_as_the_newest)
{
	for (unsigned way = 0; way < GCR_WAYS; way++) {
		ck_assert_msg(!gcr_release_does(16, (enum gcr_way)way),
			      "way %u is older than all that is read", way);
		ck_assert_msg(gcr_release_does(27, (enum gcr_way)way),
			      "way %u has no release", way);
		ck_assert(gcr_release_does(0, (enum gcr_way)way));
	}
	ck_assert(!gcr_release_does(21, GCR_WAY_GP));
	ck_assert(gcr_release_does(22, GCR_WAY_GP));
}
END_TEST

static void read_damaged(const char *data, size_t size)
{
	struct gcr_core_options options = { .force = true };
	struct gcr_output output = { keep, &printed };
	struct gcr_core *core;
	struct gcr_error err;

	if (gcr_core_open(image, (struct gcr_span){ data, size }, &options,
			  &core, &err) != 0)
		return;
	printed.size = 0;
	ck_assert_msg(gcr_write_runtime(core, &output, &err) == 0, "%s",
		      err.text);
	gcr_core_free(core);
}

START_TEST(a_core_cut_anywhere_is_read_as_far_as_it_goes)
{
	file = gocore_file(&gocore);
	for (size_t size = 0; size < file.size; size += 7) {
		char *copy = malloc(size + 1);

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, file.data, size);
		read_damaged(copy, size);
		free(copy);
	}
}
END_TEST

START_TEST(any_word_may_be_forged)
{
	static const uint64_t values[] = { 0, 1, UINT64_MAX, 0x401015,
					   GOCORE_HEAP };

	file = gocore_file(&gocore);
	for (size_t at = 0; at + 8 <= file.size; at += 8)
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]);
		     i++) {
			char was[8];

			memcpy(was, file.data + at, 8);
			memcpy(file.data + at, &values[i], 8);
			read_damaged(file.data, file.size);
			memcpy(file.data + at, was, 8);
		}
}
END_TEST

START_TEST(every_allocation_may_fail)
{
	struct gcr_core_options options = { 0 };
	struct gcr_output output = { keep, &printed };
	struct gcr_core *core;
	struct gcr_error err;

	file = gocore_file(&gocore);
	for (size_t n = 1; n < 1000; n++) {
		options.limits.fail_at = n;
		if (gcr_core_open(image,
				  (struct gcr_span){ file.data, file.size },
				  &options, &core, &err) != 0) {
			ck_assert_int_eq(err.code, GCR_NOMEM);
			continue;
		}
		printed.size = 0;
		if (gcr_write_runtime(core, &output, &err) == 0) {
			gcr_core_free(core);
			ck_assert_uint_gt(n, 5);
			return;
		}
		ck_assert_int_eq(err.code, GCR_NOMEM);
		gcr_core_free(core);
	}
	ck_abort_msg("it always failed");
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("gocore");
	TCase *goroutines = tcase_create("goroutines");

	tcase_add_checked_fixture(goroutines, begin, end);
	tcase_add_test(goroutines, goroutines_are_printed_as_the_runtime_does);
	tcase_add_test(goroutines, goroutines_come_one_at_a_time_and_together);
	tcase_add_test(goroutines, a_list_longer_than_the_core_is_searched_for);
	tcase_add_test(goroutines, a_list_of_something_else_is_not_believed);
	tcase_add_test(goroutines, maps_are_laid_out_as_the_program_says);
	tcase_add_test(goroutines,
		       without_a_word_of_maps_their_release_has_to_be_known);
	tcase_add_test(goroutines, a_release_that_is_not_known_is_told);
	tcase_add_test(goroutines,
		       a_list_of_one_goroutine_again_and_again_is_not_believed);
	tcase_add_test(goroutines, holes_of_a_sparse_file_are_not_searched);
	tcase_add_test(goroutines,
		       a_core_that_was_cut_is_searched_for_more_than_is_listed);
	tcase_add_test(goroutines, all_stacks_have_one_budget);
	tcase_add_test(goroutines, labels_in_a_circle_end_and_are_told);
	tcase_add_test(goroutines, panics_in_a_circle_are_told_once);
	tcase_add_test(goroutines, texts_of_panics_are_no_more_than_the_core);
	tcase_add_test(goroutines, names_of_all_pcs_have_one_budget);
	tcase_add_test(goroutines, a_stack_that_never_ends_ends_at_its_bound);
	tcase_add_test(goroutines, a_stack_outside_its_bounds_is_told);
	tcase_add_test(goroutines, a_stack_that_was_not_saved_is_told);
	tcase_add_test(goroutines, descriptors_that_lie_cost_no_time);
	tcase_add_test(goroutines,
		       without_descriptors_the_table_of_the_release_stands_in);
	tcase_add_test(goroutines, descriptors_go_before_the_table);
	tcase_add_test(goroutines,
		       the_table_says_what_is_known_of_the_releases);
	tcase_add_test(goroutines,
		       a_release_that_is_not_known_does_as_the_newest);
	tcase_add_test(goroutines,
		       a_core_cut_anywhere_is_read_as_far_as_it_goes);
	tcase_add_test(goroutines, any_word_may_be_forged);
	tcase_add_test(goroutines, every_allocation_may_fail);
	tcase_set_timeout(goroutines, 60);
	suite_add_tcase(suite, goroutines);
	return suite;
}

#endif

int main(void)
{
	SRunner *runner = srunner_create(make_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
