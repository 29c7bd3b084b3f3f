/*
 * The reader's promises that no single text shows: memory that runs out,
 * limits, places, lines that only look like a traceback's, evidence.
 */

#include "grammar.h"
#include "span.h"
#include "support.h"
#include "traceback.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define RECORDED "tests/data/recorded/"

/* Memory and limits -------------------------------------------------------- */

static const char *const hungry[] = {
	RECORDED "go1.13/example1.default.txt",
	RECORDED "go1.22/ancestors.default.txt",
	RECORDED "go1.26/race.default.txt",
	RECORDED "go1.20/profile.default.txt",
	RECORDED "go1.24/panicvalues.multiline.default.txt",
	RECORDED "go1.26/levels.crash.default.txt",
	"tests/data/reader/wrapped.cases",
	"tests/data/reader/frames.cases",
	"tests/data/reader/causes.cases",
	"tests/data/reader/cut.cases",
};

enum {
	HUNGRY = sizeof(hungry) / sizeof(hungry[0])
};

START_TEST(whichever_allocation_fails_the_parse_says_so)
{
	struct file file = load_file(hungry[_i]);
	size_t failed = 0;

	for (size_t n = 1;; n++) {
		struct gcr_limits limits = { .fail_at = n };
		struct gcr_error err = { .code = GCR_BUG };
		struct gcr_dump *none = NULL, *dump = none;
		if (gcr_dump_parse(file_span(&file), &limits, &dump, &err) ==
		    0) {
			assert_sane_dump(dump, file_span(&file));
			gcr_dump_free(dump);
			break;
		}
		ck_assert_msg(err.code == GCR_NOMEM, "%s: code %d at %zu",
			      file.path, (int)err.code, n);
		ck_assert_ptr_eq(dump, none);
		failed++;
	}
	ck_assert_uint_ge(failed, 4);
	unload_file(&file);
}
END_TEST

static struct gcr_dump *parse_within(const char *text, struct gcr_limits limits)
{
	struct gcr_dump *dump;
	struct gcr_error err = { .text = "" };

	if (gcr_dump_parse(gcr_span_of(text), &limits, &dump, &err) != 0)
		ck_abort_msg("not parsed: %s", err.text);
	assert_sane_dump(dump, gcr_span_of(text));
	return dump;
}

START_TEST(goroutines_beyond_the_limit_are_noted_and_the_others_kept)
{
	static const char text[] =
		"goroutine 1 [running]:\nmain.a()\n\t/a.go:1\n"
		"\ngoroutine 2 [select]:\nmain.b()\n"
		"\t/b.go:2\n\ngoroutine 3 [select]:\n"
		"main.c()\n\t/c.go:3\n\npanic: next\n\n"
		"goroutine 1 [running]:\nmain.a()\n"
		"\t/a.go:1\n";
	struct gcr_dump *dump =
		parse_within(text, (struct gcr_limits){ .goroutines = 1 });
	const struct gcr_crash *first = gcr_dump_crash(dump, 0);
	const struct gcr_crash *second = gcr_dump_crash(dump, 1);

	ck_assert_uint_eq(gcr_dump_crash_count(dump), 2);
	ck_assert_uint_eq(first->goroutine_count, 1);
	ck_assert_uint_eq(first->note_count, 1);
	ck_assert_uint_eq(first->notes[0].place.line, 5);
	assert_span(first->notes[0].text,
		    "this goroutine and what follows, 2 in all, are beyond "
		    "the limit and were left out",
		    "note");
	ck_assert_uint_eq(second->goroutine_count, 0);
	ck_assert_uint_eq(second->note_count, 1);
	assert_span(second->cause.text, "next", "cause");
	gcr_dump_free(dump);
}
END_TEST

START_TEST(frames_beyond_the_limit_are_noted_and_counted)
{
	struct gcr_dump *dump =
		parse_within("goroutine 1 [running]:\nmain.a()\n\t/a.go:1\n"
			     "main.b()\n\t/b.go:1\nmain.c()\n\t/c.go:1\n",
			     (struct gcr_limits){ .frames = 1 });
	const struct gcr_crash *crash = gcr_dump_crash(dump, 0);

	ck_assert_uint_eq(crash->goroutines[0].frame_count, 1);
	ck_assert_uint_eq(crash->goroutines[0].elided, 2);
	ck_assert((crash->goroutines[0].flags & GCR_G_ELIDED) != 0);
	ck_assert_uint_eq(crash->note_count, 1);
	ck_assert_uint_eq(crash->notes[0].place.line, 4);
	gcr_dump_free(dump);
}
END_TEST

START_TEST(notes_beyond_the_limit_are_counted)
{
	struct gcr_dump *dump =
		parse_within("goroutine 1 [running]:\nmain.a()\nmain.b()\n"
			     "main.c()\nmain.d()\n\t/d.go:1\n",
			     (struct gcr_limits){ .notes = 1 });
	const struct gcr_crash *crash = gcr_dump_crash(dump, 0);

	ck_assert_uint_eq(crash->note_count, 1);
	ck_assert_uint_eq(crash->notes_dropped, 2);
	gcr_dump_free(dump);
}
END_TEST

START_TEST(too_little_memory_is_a_limit)
{
	struct gcr_limits limits = { .memory = 1000 };
	struct gcr_dump *dump = NULL;
	struct gcr_error err;

	ck_assert_int_eq(
		gcr_dump_parse(GCR_SPAN("panic: x\n"), &limits, &dump, &err),
		-1);
	ck_assert_int_eq((int)err.code, GCR_LIMIT);
	ck_assert_ptr_null(dump);
}
END_TEST

START_TEST(a_dump_without_a_crash_is_a_dump)
{
	struct gcr_span none = { 0 };
	struct gcr_dump *dump = parse_text(none);

	ck_assert_uint_eq(gcr_dump_crash_count(dump), 0);
	ck_assert_ptr_null(gcr_dump_crash(dump, 0));
	ck_assert_uint_eq(gcr_dump_other_count(dump), 0);
	ck_assert_ptr_null(gcr_dump_other(dump, 0));
	gcr_dump_free(dump);
	gcr_dump_free(NULL);
}
END_TEST

/* Lines that only look like it --------------------------------------------- */

static const char *const no_functions[] = {
	"",
	"()",
	"f(",
	"f)",
	"main.f(x)",
	"main.f(0x1, y)",
	"done: main.f(0x1)",
	"created by main.f(0x1)",
	"main.f(0x1) and more",
	"call of f(\xc3\xa9)",
};

static const char *const no_locations[] = {
	"",
	":",
	":1",
	"file",
	"file:",
	"file:x",
	"file:1x",
	"/a.go:1 +1",
	"/a.go:1 +0x",
	"/a.go:1 +0xg",
	"/a.go:1 +0x1 more",
	"/a.go:1 +0x10000000000000000",
	"/a.go:99999999999999999999",
	"/a.go:1 fp=0x1",
	"/a.go:1 fp=0x1 sp=0x2",
	"/a.go:1 sp=0x1 fp=0x2 pc=0x3",
	"+0x1",
};

static const char *const no_headers[] = {
	"goroutine",
	"goroutine 1",
	"goroutine 1 []",
	"goroutine  1 [x]:",
	"goroutine -1 [x]:",
	"goroutine 1 [x",
	" goroutine 1 [x]:",
	"goroutine 1 [x] {a: b}",
	"goroutine 1 {a: b}:",
	"goroutine 1 [x]{a: b}:",
	"goroutine 1 gp= m=0 mp=0x1 [x]:",
	"goroutine 1 gp=0x1 [x]:",
	"goroutine 1 gp=0x1 m=zero [x]:",
	"goroutine 1 gp=0x1 m=0 mp=1 [x]:",
};

static const char *const no_signals[] = {
	"[signal ]",
	"[signal SIGSEGV: x]",
	"[signal SIGSEGV: x code=0x1 addr=0x0 pc=0x1",
	"signal SIGSEGV: x code=0x1 addr=0x0 pc=0x1]",
};

static const char *const no_heads[] = {
	"SIG: x",      "SIGQUIT",     "SIGQUIT:",	"SIGquit: quit",
	"SIG QUIT: x", "Signal",      "Signal ",	"Signal x",
	"Signal 5 x",  "Exception 1", "xSIGQUIT: quit",
};

static const char *const no_registers[] = {
	"",	     "rax",
	"rax 0",     "rax 0x",
	"rax 0x1 y", "RAX 0x1",
	"8rax 0x1",  "muchtoolong 0x1",
	"rax=0x1",   "rax 0x10000000000000000",
};

static const char *const no_race_stacks[] = {
	"Write at 0x1",
	"Write at 0x1 by goroutine 7",
	"Write at 1 by goroutine 7:",
	"Rewrite at 0x1 by goroutine 7:",
	"we Write at 0x1 by goroutine 7:",
	"Goroutine 7 (running) created at",
	"Goroutine x (running) created at:",
	"goroutine 7 (running) created at:",
};

static const char *const no_elisions[] = {
	"...",
	"... frames elided...",
	"...x frames elided...",
	"...5 frames elided",
	"...additional frames elided",
	"5 frames elided...",
};

static bool function(struct gcr_span line)
{
	struct gcr_frame frame = { 0 };
	return gcr_read_function(line, &frame);
}

static bool location(struct gcr_span line)
{
	struct gcr_frame frame = { 0 };
	return gcr_read_location(line, &frame);
}

static bool header(struct gcr_span line)
{
	struct gcr_goroutine stack = { 0 };
	return gcr_read_header(line, &stack);
}

static bool signal_line(struct gcr_span line)
{
	struct gcr_signal signal = { 0 };
	return gcr_read_signal(line, &signal);
}

static bool signal_head(struct gcr_span line)
{
	struct gcr_signal signal = { 0 };
	return gcr_read_signal_head(line, &signal);
}

static bool a_register(struct gcr_span line)
{
	struct gcr_register one = { 0 };
	return gcr_read_register(line, &one);
}

static bool race_stack(struct gcr_span line)
{
	struct gcr_goroutine stack = { 0 };
	return gcr_read_race_stack(line, &stack);
}

static bool elision(struct gcr_span line)
{
	uint64_t count;
	return gcr_read_elision(line, &count);
}

#define FORM(rows, good, read)                                                 \
	{                                                                      \
#read, good, rows, sizeof(rows) / sizeof((rows)[0]), read      \
	}

static const struct {
	const char *name, *good;
	const char *const *bad;
	size_t count;
	bool (*read)(struct gcr_span line);
} forms[] = {
	FORM(no_functions, "main.f(0x1?, {...})", function),
	FORM(no_locations, "\t/a b.go:1 +0x1 fp=0x1 sp=0x2 pc=0x3", location),
	FORM(no_headers, "goroutine 1 gp=0x1 m=nil [x]:", header),
	FORM(no_signals, "[signal SIGBUS: b code=0x1 addr=0x0 pc=0x1]",
	     signal_line),
	FORM(no_heads, "SIGSTKFLT: stack fault", signal_head),
	FORM(no_registers, "rflags 0x246", a_register),
	FORM(no_race_stacks,
	     "Previous read at 0x1 by main goroutine:", race_stack),
	FORM(no_elisions, "...1 frames elided...", elision),
};

enum {
	FORMS = sizeof(forms) / sizeof(forms[0])
};

START_TEST(a_line_that_is_not_quite_of_a_form_is_not_of_it)
{
	ck_assert_msg(forms[_i].read(gcr_span_of(forms[_i].good)),
		      "no %s: '%s'", forms[_i].name, forms[_i].good);
	for (size_t i = 0; i < forms[_i].count; i++)
		ck_assert_msg(!forms[_i].read(gcr_span_of(forms[_i].bad[i])),
			      "%s: '%s'", forms[_i].name, forms[_i].bad[i]);
}
END_TEST

static Suite *traceback_suite(void)
{
	Suite *suite = suite_create("traceback");
	TCase *memory = tcase_create("memory and limits");
	TCase *lines = tcase_create("lines");

	tcase_add_loop_test(memory,
			    whichever_allocation_fails_the_parse_says_so, 0,
			    HUNGRY);
	tcase_add_test(
		memory,
		goroutines_beyond_the_limit_are_noted_and_the_others_kept);
	tcase_add_test(memory, frames_beyond_the_limit_are_noted_and_counted);
	tcase_add_test(memory, notes_beyond_the_limit_are_counted);
	tcase_add_test(memory, too_little_memory_is_a_limit);
	tcase_add_test(memory, a_dump_without_a_crash_is_a_dump);
	tcase_add_loop_test(lines,
			    a_line_that_is_not_quite_of_a_form_is_not_of_it, 0,
			    FORMS);
	suite_add_tcase(suite, memory);
	suite_add_tcase(suite, lines);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(traceback_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
