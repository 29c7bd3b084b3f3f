/*
 * Cores, composed by hand: memory, threads, and what becomes of damaged ones.
 * tests/live_core.sh has the real ones.
 */

#include "support_core.h"
#include "support_program.h"

#include "arena.h"
#include "corefile.h"
#include "corefit.h"
#include "coremem.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct gcr_arena *arena;

static void begin(void)
{
	arena = gcr_arena_new(0);
}

static void end(void)
{
	gcr_arena_free(arena);
}

static const struct core_piece pieces[] = {
	{ 0x10000, 0x100, "0123456789abcdef", 16, 6 },
	{ 0x20000, 0x20, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef", 32, 6 },
	{ 0x20020, 0x20, "ghijklmnopqrstuvwxyz0123456789+-", 32, 6 },
	{ 0x30000, 0x1000, NULL, 0, 4 },
};

static const struct core_thread threads[] = {
	{ 71, 0x401005, 0x20010, 0x10008 },
	{ 72, 0x401015, 0x20030, 0 },
};

static const struct core_parts sound = {
	.pieces = pieces,
	.piece_count = 4,
	.threads = threads,
	.thread_count = 2,
	.program_headers = 0x400040,
	.entry = 0x401000,
};

static struct gcr_corefile read_core(const struct text *text)
{
	struct gcr_corefile core;
	struct gcr_error err;

	ck_assert_msg(
		gcr_corefile_read((struct gcr_span){ text->data, text->size },
				  arena, &core, &err) == 0,
		"%s", err.text);
	return core;
}

static struct gcr_coremem map_core(const struct gcr_corefile *core,
				   const struct gcr_memory *program)
{
	struct gcr_coremem memory;
	struct gcr_error err;

	ck_assert_int_eq(
		gcr_coremem_make(core, program, 0, arena, &memory, &err), 0);
	return memory;
}

static void expect_failure(struct gcr_span file, enum gcr_code code,
			   const char *text)
{
	struct gcr_corefile core;
	struct gcr_error err = { 0 };

	ck_assert_int_eq(gcr_corefile_read(file, arena, &core, &err), -1);
	ck_assert_int_eq(err.code, code);
	ck_assert_str_eq(err.text, text);
}

START_TEST(threads_and_what_the_kernel_knew_are_read)
{
	struct text text = compose_core(&sound);
	struct gcr_corefile core = read_core(&text);

	ck_assert_uint_eq(core.thread_count, 2);
	ck_assert_uint_eq(core.threads[0].id, 71);
	ck_assert_uint_eq(core.threads[0].registers[GCR_RIP], 0x401005);
	ck_assert_uint_eq(core.threads[1].registers[GCR_RSP], 0x20030);
	ck_assert_uint_eq(core.program_headers, 0x400040);
	ck_assert_uint_eq(core.entry, 0x401000);
	ck_assert(!core.odd_notes);
	ck_assert_uint_eq(core.size, core.wanted_size);
	text_free(&text);
}
END_TEST

START_TEST(unsaved_bytes_are_told_and_never_zero)
{
	struct text text = compose_core(&sound);
	struct gcr_corefile core = read_core(&text);
	struct gcr_coremem memory = map_core(&core, NULL);
	struct gcr_span bytes = { 0 };
	char to[32] = "";

	ck_assert_int_eq(gcr_coremem_bytes(&memory, 0x1000f, &bytes),
			 GCR_IN_CORE);
	assert_span(bytes, "f", "the last saved byte");
	bytes = (struct gcr_span){ 0 };
	ck_assert_int_eq(gcr_coremem_bytes(&memory, 0x10010, &bytes),
			 GCR_UNSAVED);
	ck_assert_int_eq(gcr_coremem_bytes(&memory, 0x30000, &bytes),
			 GCR_UNSAVED);
	ck_assert_int_eq(gcr_coremem_bytes(&memory, 0x10100, &bytes),
			 GCR_NOT_MAPPED);
	ck_assert_int_eq(gcr_coremem_bytes(&memory, 0, &bytes), GCR_NOT_MAPPED);
	ck_assert_ptr_null(bytes.data);
	ck_assert_uint_eq(gcr_coremem_read(&memory, 0x1000c, to, 8), 4);
	ck_assert_str_eq(to, "cdef");
	text_free(&text);
}
END_TEST

START_TEST(neighbours_are_one_piece)
{
	struct text text = compose_core(&sound);
	struct gcr_corefile core = read_core(&text);
	struct gcr_coremem memory = map_core(&core, NULL);
	struct gcr_span bytes = { 0 };
	uint64_t number = 0;

	ck_assert(gcr_coremem_span(&memory, 0x2001c, 8, &bytes));
	assert_span(bytes, "cdefghij", "across the border");
	ck_assert(gcr_coremem_number(&memory, 0x2001e, 4, &number));
	ck_assert_uint_eq(number, 0x68676665);
	ck_assert(!gcr_coremem_word(&memory, 0x2003c, &number));
	text_free(&text);
}
END_TEST

START_TEST(the_core_lies_over_what_the_program_cannot_change)
{
	static const struct core_piece own[] = {
		{ 0x1000, 0x1000, NULL, 0, 4 },
		{ 0x2004, 4, "core", 4, 6 },
	};
	struct gcr_segment segments[] = {
		{ 0x1000, 8, GCR_LITERAL("readonly"), false, false },
		{ 0x2000, 12, GCR_LITERAL("underneath!!"), true, false },
		{ 0x3000, 7, GCR_LITERAL("initial"), false, true },
	};
	struct gcr_memory program = { .segments = segments,
				      .segment_count = 3 };
	struct text text = compose_core(
		&(struct core_parts){ .pieces = own, .piece_count = 2 });
	struct gcr_corefile core = read_core(&text);
	struct gcr_coremem memory = map_core(&core, &program);
	struct gcr_span bytes = { 0 };
	char to[16] = "";

	ck_assert_int_eq(gcr_coremem_bytes(&memory, 0x1000, &bytes),
			 GCR_IN_PROGRAM);
	assert_span(bytes, "readonly", "in the program alone");
	ck_assert_int_eq(gcr_coremem_bytes(&memory, 0x1008, &bytes),
			 GCR_UNSAVED);
	ck_assert_uint_eq(gcr_coremem_read(&memory, 0x2000, to, 15), 12);
	ck_assert_str_eq(to, "undecoreth!!");
	ck_assert_int_eq(gcr_coremem_bytes(&memory, 0x3000, &bytes),
			 GCR_NOT_MAPPED);
	text_free(&text);
}
END_TEST

START_TEST(overlapping_and_wrapping_segments_are_put_in_order)
{
	static const struct core_piece forged[] = {
		{ 0x1000, 16, "aaaaaaaaaaaaaaaa", 16, 6 },
		{ 0x1008, 16, "bbbbbbbbbbbbbbbb", 16, 6 },
		{ 0x1004, 4, "cccc", 4, 6 },
		{ UINT64_MAX - 4, 16, "dddddddddddddddd", 16, 6 },
	};
	struct text text = compose_core(
		&(struct core_parts){ .pieces = forged, .piece_count = 4 });
	struct gcr_corefile core = read_core(&text);
	struct gcr_coremem memory = map_core(&core, NULL);
	struct gcr_span bytes = { 0 };
	char to[32] = "";

	ck_assert_uint_eq(gcr_coremem_read(&memory, 0x1000, to, 31), 24);
	ck_assert_str_eq(to, "aaaaaaaaaaaaaaaabbbbbbbb");
	ck_assert_int_eq(gcr_coremem_bytes(&memory, UINT64_MAX - 1, &bytes),
			 GCR_NOT_MAPPED);
	text_free(&text);
}
END_TEST

START_TEST(a_core_cut_anywhere_is_an_error_or_is_told)
{
	struct text text = compose_core(&sound);
	struct gcr_corefile core;
	struct gcr_error err;

	for (size_t size = 0; size < text.size; size++) {
		char *copy = malloc(size + 1);

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, text.data, size);
		if (gcr_corefile_read((struct gcr_span){ copy, size }, arena,
				      &core, &err) == 0) {
			struct gcr_coremem memory = map_core(&core, NULL);

			ck_assert_uint_lt(core.size, core.wanted_size);
			ck_assert(core.odd_notes || memory.lost > 0);
		}
		free(copy);
	}
	text_free(&text);
}
END_TEST

START_TEST(what_is_no_core_is_told_with_what_it_is)
{
	struct text program = compose_program();

	expect_failure(GCR_SPAN(""), GCR_FORMAT, "not a core: it is empty");
	expect_failure(GCR_SPAN("panic: no"), GCR_FORMAT,
		       "not a core: not an ELF file");
	expect_failure(GCR_SPAN("\050\265\057\375 and so on"), GCR_FORMAT,
		       "it is compressed: 'zstd -dc' unpacks it");
	expect_failure(GCR_SPAN("\177ELF\2\1\1"), GCR_FORMAT,
		       "the core is cut inside its header");
	expect_failure((struct gcr_span){ program.data, program.size },
		       GCR_FORMAT, "not a core: it is a program or a library");
	text_free(&program);
}
END_TEST

START_TEST(another_machine_is_told)
{
	struct text text = compose_core(&sound);

	text.data[18] = (char)183;
	expect_failure((struct gcr_span){ text.data, text.size },
		       GCR_UNSUPPORTED,
		       "a core of arm64: only those of "
		       "linux/amd64 are read");
	// In the other order of bytes, of which it says so itself.
	memcpy(text.data + 16, "\0\4\0\26", 4);
	text.data[5] = 2;
	ck_assert(gcr_is_core((struct gcr_span){ text.data, text.size }));
	expect_failure((struct gcr_span){ text.data, text.size },
		       GCR_UNSUPPORTED,
		       "a core of s390x: only those of "
		       "linux/amd64 are read");
	text_free(&text);
}
END_TEST

START_TEST(notes_that_lie_about_their_size_are_told)
{
	struct text text = compose_core(&sound);
	struct gcr_corefile core;
	size_t notes = 64 + 5 * 56;

	memset(text.data + notes + 4, 0xff, 4);
	core = read_core(&text);
	ck_assert(core.odd_notes);
	ck_assert_uint_eq(core.thread_count, 0);
	text_free(&text);
}
END_TEST

static void set_word(struct text *text, size_t at, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		text->data[at + i] = (char)(value >> 8 * i & 0xff);
}

// A small file could be mapped as often as it has program headers.
START_TEST(no_byte_of_the_file_belongs_to_two_segments)
{
	struct text text = compose_core(&sound);
	struct gcr_corefile core;
	uint64_t bytes = 0;

	for (size_t header = 64 + 56; header < 64 + 4 * 56; header += 56) {
		set_word(&text, header + 8, 0);
		set_word(&text, header + 32, text.size);
		set_word(&text, header + 40, text.size);
	}
	core = read_core(&text);
	for (size_t i = 0; i < core.segment_count; i++)
		bytes += core.segments[i].bytes.size;
	ck_assert_uint_eq(bytes, text.size);
	ck_assert(core.shared);
	text_free(&text);
}
END_TEST

START_TEST(notes_are_read_once_however_often_they_are_named)
{
	struct text text = compose_core(&sound);
	struct gcr_corefile core;

	for (size_t header = 64 + 56; header < 64 + 4 * 56; header += 56)
		memcpy(text.data + header, text.data + 64, 56);
	core = read_core(&text);
	ck_assert(core.odd_notes);
	ck_assert_uint_eq(core.thread_count, 2);
	text_free(&text);
}
END_TEST

// Any program begins with these bytes.
START_TEST(a_core_cut_inside_the_header_does_not_tell_its_program)
{
	struct text program = compose_program();
	struct gcr_segment segment = {
		.address = 0x400000,
		.size = program.size,
		.bytes = { program.data, program.size },
	};
	struct gcr_image image = { .memory = { .segments = &segment,
					       .segment_count = 1 } };
	struct gcr_core_segment own = { .address = 0x400000, .size = 0x1000 };
	struct gcr_corefile core = { .segments = &own, .segment_count = 1 };
	struct gcr_corefit fit;

	for (size_t size = 1; size <= 64; size++) {
		own.bytes = (struct gcr_span){ program.data, size };
		fit = gcr_corefit_tell(&core, &image);
		ck_assert_msg(
			fit.fit == (size < 64 ? GCR_FIT_UNTOLD : GCR_FIT_YES),
			"%zu bytes", size);
	}
	own.bytes = GCR_SPAN("\177ELF\2\1\2");
	fit = gcr_corefit_tell(&core, &image);
	ck_assert_int_eq(fit.fit, GCR_FIT_NO);
	text_free(&program);
}
END_TEST

// A C program's core beside a Go program that stands at a fixed address.
START_TEST(a_program_that_was_mapped_nowhere_is_another_one)
{
	struct text text = compose_core(&sound);
	struct gcr_corefile core = read_core(&text);
	struct text program = compose_program();
	struct gcr_segment segment = {
		.address = 0x400000,
		.size = program.size,
		.bytes = { program.data, program.size },
	};
	struct gcr_image image = { .memory = { .segments = &segment,
					       .segment_count = 1 } };
	struct gcr_core_mapping mapping = { .start = 0x400000,
					    .end = 0x401000 };
	struct gcr_corefit fit = gcr_corefit_tell(&core, &image);

	// A core without the list of what was mapped may have left it out.
	ck_assert_int_eq(fit.fit, GCR_FIT_UNTOLD);
	core.mappings = &mapping;
	core.mapping_count = 1;
	fit = gcr_corefit_tell(&core, &image);
	ck_assert_int_eq(fit.fit, GCR_FIT_UNTOLD);
	mapping.start += 0x100000;
	mapping.end += 0x100000;
	fit = gcr_corefit_tell(&core, &image);
	ck_assert_int_eq(fit.fit, GCR_FIT_NO);
	ck_assert_str_eq(fit.reason, "nothing was mapped where the program "
				     "should be");
	text_free(&program);
	text_free(&text);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("core");
	TCase *file = tcase_create("file");

	tcase_add_checked_fixture(file, begin, end);
	tcase_add_test(file, threads_and_what_the_kernel_knew_are_read);
	tcase_add_test(file, unsaved_bytes_are_told_and_never_zero);
	tcase_add_test(file, neighbours_are_one_piece);
	tcase_add_test(file, the_core_lies_over_what_the_program_cannot_change);
	tcase_add_test(file,
		       overlapping_and_wrapping_segments_are_put_in_order);
	tcase_add_test(file, a_core_cut_anywhere_is_an_error_or_is_told);
	tcase_add_test(file, what_is_no_core_is_told_with_what_it_is);
	tcase_add_test(file, another_machine_is_told);
	tcase_add_test(file, notes_that_lie_about_their_size_are_told);
	tcase_add_test(file, no_byte_of_the_file_belongs_to_two_segments);
	tcase_add_test(file, notes_are_read_once_however_often_they_are_named);
	tcase_add_test(file,
		       a_core_cut_inside_the_header_does_not_tell_its_program);
	tcase_add_test(file, a_program_that_was_mapped_nowhere_is_another_one);
	suite_add_tcase(suite, file);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(make_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
