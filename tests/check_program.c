/*
 * Call sites of a composed program, from its bytes to what is written of them;
 * and that running out of memory anywhere on that way is told as such.
 */

#include "support_program.h"

#include "arena.h"
#include "callsite.h"
#include "image.h"
#include "program.h"
#include "recovered.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

// clang-format off
/*
 * MOVL $7, CX; LEAQ hello(SB), AX; MOVL $5, BX; JMP over an INT3; CALL main.callee;
 * RET. The CALL ends at 0x2a.
 */
static const unsigned char code[] = {
	0xb9, 7, 0, 0, 0,
	0x48, 0x8d, 0x05, 0xf4, 0x17, 0, 0,
	0xbb, 5, 0, 0, 0,
	0xeb, 1, 0xcc,
	0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
	0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
	0xe8, 0x16, 0, 0, 0,
	0xc3,
};
// clang-format on

static const char trace[] = "panic: x\n\n"
			    "goroutine 1 [running]:\n"
			    "main.callee({0x1?, 0x2?}, 0x3?)\n"
			    "\t/src/main.go:30 +0x5\n"
			    "main.caller()\n"
			    "\t/src/main.go:12 +0x2a\n";

static struct text program;
static struct gcr_image *image;
static struct gcr_dump *dump;
static const struct gcr_crash *crash;

static void set_up(void)
{
	struct gcr_span bytes = { (const char *)code, sizeof(code) };
	struct gcr_error err;

	program = compose_program_of(bytes);
	ck_assert_int_eq(
		gcr_image_open((struct gcr_span){ program.data, program.size },
			       NULL, &image, &err),
		0);
	dump = parse_text(gcr_span_of(trace));
	ck_assert_uint_eq(gcr_dump_crash_count(dump), 1);
	crash = gcr_dump_crash(dump, 0);
}

static void tear_down(void)
{
	gcr_dump_free(dump);
	gcr_image_free(image);
	text_free(&program);
}

static struct gcr_callsite_input input_of(void)
{
	return (struct gcr_callsite_input){
		.image = image,
		.bias_known = true,
		.goroutine = &crash->goroutines[0],
	};
}

START_TEST(constants_before_the_call_are_recovered)
{
	struct gcr_callsite_input input = input_of();
	struct gcr_arena *arena = gcr_arena_new(0);
	const struct gcr_recovery *recovery;
	struct gcr_callsites *sites;
	struct gcr_value *values;
	struct gcr_error err;
	size_t count;

	ck_assert_int_eq(gcr_callsites_new(&input, arena, &sites, &err), 0);
	ck_assert_int_eq(gcr_callsite_frame(sites, 0, &recovery, &err), 0);
	ck_assert_msg(recovery->reason.data == NULL, "%.*s",
		      GCR_PRINT_SPAN(recovery->reason));
	ck_assert_int_eq(gcr_recovered_values(&input, recovery, arena, &values,
					      &count, &err),
			 0);
	ck_assert_uint_eq(count, 2);
	ck_assert(gcr_span_is(values[0].text, "\"hello\""));
	ck_assert(gcr_span_is(values[1].text, "7"));
	ck_assert_int_eq(values[1].certainty, GCR_RECOVERED);
	ck_assert(gcr_span_is(values[1].from,
			      "MOVL $0x7, CX at main.caller+0x0, line 10"));
	gcr_callsites_done(sites);
	gcr_arena_free(arena);
}
END_TEST

/*
 * A string whose printed pointer is exact and its length is not. One that is not
 * what was passed was assigned since: then nothing of it goes with the rest.
 */
START_TEST(what_was_printed_later_is_not_mixed_with_what_was_passed)
{
	struct gcr_callsite_input input = input_of();
	struct gcr_arena *arena = gcr_arena_new(0);
	const struct gcr_recovery *recovery;
	struct gcr_callsites *sites;
	struct gcr_error err;
	struct gcr_value arguments[2] = {
		{ .kind = GCR_STRING,
		  .certainty = GCR_STALE,
		  .type = GCR_SPAN("string"),
		  .part = { _i == 0 ? PROGRAM_HELLO : 1, 9 },
		  .part_certainty = { GCR_EXACT, GCR_STALE },
		  .part_count = 2 },
		{ .kind = GCR_INT,
		  .certainty = GCR_EXACT,
		  .part = { 1 },
		  .part_certainty = { GCR_EXACT },
		  .part_count = 1 },
	};

	ck_assert_int_eq(gcr_callsites_new(&input, arena, &sites, &err), 0);
	ck_assert_int_eq(gcr_callsite_frame(sites, 0, &recovery, &err), 0);
	ck_assert_int_eq(gcr_recovered_apply(&input, recovery, arguments, 2,
					     arena, &err),
			 0);
	ck_assert_int_eq(arguments[0].certainty, GCR_RECOVERED);
	ck_assert_int_eq(arguments[0].part_certainty[0],
			 _i == 0 ? GCR_EXACT : GCR_RECOVERED);
	ck_assert_uint_eq(arguments[0].part[0], PROGRAM_HELLO);
	ck_assert_uint_eq(arguments[0].part[1], 5);
	ck_assert(gcr_span_is(arguments[0].text, "\"hello\""));
	// Of another variable: it may have been assigned, and is as printed.
	ck_assert_int_eq(arguments[1].certainty, GCR_EXACT);
	ck_assert_uint_eq(arguments[1].part[0], 1);
	gcr_callsites_done(sites);
	gcr_arena_free(arena);
}
END_TEST

// 0: done; 1: out of memory, as it should be told.
static int try_frame(size_t fail_at)
{
	struct gcr_callsite_input input = input_of();
	struct gcr_arena *arena = gcr_arena_new(0);
	const struct gcr_recovery *recovery;
	struct gcr_callsites *sites = NULL;
	struct gcr_value *values;
	struct gcr_error err = { .code = GCR_BUG };
	size_t count;
	int result;

	gcr_arena_fail_at(arena, fail_at);
	result = gcr_callsites_new(&input, arena, &sites, &err) != 0 ||
		 gcr_callsite_frame(sites, 0, &recovery, &err) != 0 ||
		 gcr_recovered_values(&input, recovery, arena, &values, &count,
				      &err) != 0;
	if (result != 0)
		ck_assert_int_eq(err.code, GCR_NOMEM);
	else
		ck_assert(gcr_span_is(values[0].text, "\"hello\""));
	gcr_callsites_done(sites);
	gcr_arena_free(arena);
	return result;
}

START_TEST(a_frame_tells_that_memory_ran_out)
{
	size_t n = 1;

	while (try_frame(n) != 0)
		n++;
	ck_assert_uint_gt(n, 5);
}
END_TEST

// What one function takes too much of is a reason, and nothing is told then.
START_TEST(a_function_that_takes_too_much_is_a_reason)
{
	for (size_t n = 1;; n++) {
		struct gcr_callsite_input input = input_of();
		struct gcr_arena *arena = gcr_arena_new(0);
		const struct gcr_recovery *recovery;
		struct gcr_callsites *sites;
		struct gcr_error err;

		input.fail_at = n;
		ck_assert_int_eq(gcr_callsites_new(&input, arena, &sites, &err),
				 0);
		ck_assert_int_eq(gcr_callsite_frame(sites, 0, &recovery, &err),
				 0);
		bool done = recovery->reason.data == NULL;
		if (done) {
			ck_assert_uint_gt(n, 5);
			ck_assert(recovery->parts[2].known);
			ck_assert_uint_eq(recovery->parts[2].value, 7);
		} else {
			ck_assert(
				gcr_span_is(recovery->reason, "out of memory"));
			ck_assert_ptr_null(recovery->parts);
		}
		gcr_callsites_done(sites);
		gcr_arena_free(arena);
		if (done)
			break;
	}
}
END_TEST

// Writers -----------------------------------------------------------------------

static int keep(void *to, const char *data, size_t size)
{
	text_put(to, data, size);
	return 0;
}

struct written {
	struct text text;
	int result;
	struct gcr_error err;
};

// `fail_page` counts allocations of the writer, `fail_program` those of the program.
static struct written write_crash(bool json, size_t fail_page,
				  size_t fail_program)
{
	struct written to = { .result = -1, .err = { .code = GCR_BUG } };
	struct gcr_declarations *declarations;
	struct gcr_program *asked = NULL;
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_output output = { keep, &to.text };
	struct gcr_image_match match;
	struct gcr_error err;

	ck_assert_int_eq(gcr_declarations_new(&declarations, &err), 0);
	ck_assert_int_eq(gcr_image_match(image, crash, gcr_dump_arena(dump),
					 &match, &err),
			 0);
	ck_assert_msg(match.kind == GCR_MATCH_YES, "%.*s",
		      GCR_PRINT_SPAN(match.reason));
	gcr_declarations_use_image(declarations, image, &match);
	struct gcr_program_parts parts = { image, crash, declarations };
	gcr_arena_fail_at(arena, fail_program);
	if (gcr_program_make(&parts, arena, &asked, &to.err) == 0) {
		struct gcr_view view = { .declarations = declarations,
					 .program = asked,
					 .fail_at = fail_page };
		to.result = (json ? gcr_write_json : gcr_write_explanation)(
			crash, &view, &output, &to.err);
	}
	gcr_program_free(asked);
	gcr_declarations_free(declarations);
	return to;
}

// As text, as JSON.
static const char *const wanted[2] = {
	"str  string  \"hello\"  recovered",
	"\"name\":\"n\",\"type\":\"int\",\"certainty\":\"recovered\","
	"\"text\":\"7\"",
};

START_TEST(writers_show_what_was_recovered)
{
	struct written to = write_crash(_i == 1, 0, 0);

	ck_assert_int_eq(to.result, 0);
	text_put(&to.text, "", 1);
	ck_assert_msg(strstr(to.text.data, wanted[_i]) != NULL, "%s",
		      to.text.data);
	text_free(&to.text);
}
END_TEST

// _i: which writer, and whose memory runs out.
START_TEST(writers_tell_that_memory_ran_out)
{
	size_t n = 1;

	for (;; n++) {
		struct written to =
			write_crash(_i & 1, _i & 2 ? n : 0, _i & 2 ? 0 : n);
		text_put(&to.text, "", 1);
		// Nothing less is told for want of memory.
		bool whole = strstr(to.text.data, wanted[_i & 1]) != NULL;
		text_free(&to.text);
		if (to.result == 0) {
			ck_assert_msg(whole, "allocation %zu", n);
			break;
		}
		ck_assert_int_eq(to.err.code, GCR_NOMEM);
	}
	ck_assert_uint_gt(n, 5);
}
END_TEST

// Not where elfutils or Capstone are left out.
static bool reads_programs(void)
{
	struct gcr_disasm disasm = { 0 };
	struct gcr_image *none;
	struct gcr_error err;
	bool ret = gcr_image_open(GCR_SPAN(""), NULL, &none, &err) != 0 &&
		   err.code != GCR_UNSUPPORTED &&
		   gcr_disasm_init(&disasm, GCR_AMD64, &err) == 0;

	gcr_disasm_done(&disasm);
	return ret;
}

START_TEST(this_build_says_that_it_reads_no_binaries)
{
	struct gcr_span bytes = { (const char *)code, sizeof(code) };
	struct gcr_disasm disasm = { 0 };
	struct gcr_image *opened = NULL;
	struct gcr_error err = { .code = GCR_BUG };

	program = compose_program_of(bytes);
	if (gcr_image_open((struct gcr_span){ program.data, program.size },
			   NULL, &opened, &err) == 0)
		ck_assert_int_ne(gcr_disasm_init(&disasm, GCR_AMD64, &err), 0);
	ck_assert_int_eq(err.code, GCR_UNSUPPORTED);
	if (opened != NULL)
		gcr_image_free(opened);
	text_free(&program);
}
END_TEST

static void add_tests(Suite *suite)
{
	TCase *tests = tcase_create("call sites");

	suite_add_tcase(suite, tests);
	if (!reads_programs()) {
		tcase_add_test(tests,
			       this_build_says_that_it_reads_no_binaries);
		return;
	}
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, constants_before_the_call_are_recovered);
	tcase_add_loop_test(
		tests, what_was_printed_later_is_not_mixed_with_what_was_passed,
		0, 2);
	tcase_add_test(tests, a_frame_tells_that_memory_ran_out);
	tcase_add_test(tests, a_function_that_takes_too_much_is_a_reason);
	tcase_add_loop_test(tests, writers_show_what_was_recovered, 0, 2);
	tcase_add_loop_test(tests, writers_tell_that_memory_ran_out, 0, 4);
}

int main(void)
{
	Suite *suite = suite_create("program");
	SRunner *runner;

	add_tests(suite);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
