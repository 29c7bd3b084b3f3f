/*
 * The explanation as people read it: what stands on its first screen, that
 * nothing of the input reaches the terminal raw, and that the tables behind it
 * are whole.
 */

#include "support.h"

#include "bounds.h"
#include "causes.h"
#include "page.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define RECORDED "tests/data/recorded"

/* All recordings take long under a sanitizer: a test sees one in four. */
enum {
	QUARTERS = 4
};

static int put(void *to, const char *data, size_t size)
{
	text_put(to, data, size);
	return 0;
}

static const struct gcr_view plain_view;

// Yours: text_free(). NUL-terminated.
static struct text explain(const struct gcr_crash *crash,
			   const struct gcr_view *view)
{
	struct text out = { 0 };
	struct gcr_output output = { .write = put, .to = &out };
	struct gcr_error err;

	ck_assert_int_eq(gcr_write_explanation(crash, view, &output, &err), 0);
	text_put(&out, "", 1);
	return out;
}

static struct text explain_text(const char *input, const struct gcr_view *view)
{
	struct gcr_dump *dump =
		parse_text((struct gcr_span){ input, strlen(input) });

	ck_assert_uint_ge(gcr_dump_crash_count(dump), 1);
	struct text out = explain(gcr_dump_crash(dump, 0), view);
	gcr_dump_free(dump);
	return out;
}

static void assert_says(const struct text *out, const char *what)
{
	ck_assert_msg(strstr(out->data, what) != NULL, "no '%s' in:\n%s", what,
		      out->data);
}

static void assert_silent(const struct text *out, const char *what)
{
	ck_assert_msg(strstr(out->data, what) == NULL, "a '%s' in:\n%s", what,
		      out->data);
}

static bool is_control(uint32_t point)
{
	return (point < 0x20 && point != '\n' && point != '\t') ||
	       (point >= 0x7f && point <= 0x9f);
}

// One assertion for all: Check notes each one that passes, in a file.
static void assert_safe(struct gcr_span text, const char *path)
{
	size_t size = 1;
	uint32_t point = 0;

	while (text.size > 0) {
		size = gcr_utf8(text, &point);
		if (size == 0 || is_control(point))
			break;
		text = gcr_span_tail(text, size);
	}
	ck_assert_msg(text.size == 0, "%s: %s U+%04X: %.40s", path,
		      size == 0 ? "not UTF-8, behind" : "raw", (unsigned)point,
		      text.data);
}

START_TEST(no_recording_sends_a_control_character)
{
	struct file_list files = list_files(RECORDED, ".txt");
	struct gcr_view view = { .all = _i & 1, .width = _i & 1 ? 40 : 0 };

	for (size_t i = (size_t)_i; i < files.count; i += QUARTERS) {
		struct file file = load_file(files.paths[i]);
		struct gcr_dump *dump = parse_text(file_span(&file));

		for (size_t j = 0; j < gcr_dump_crash_count(dump); j++) {
			struct text out =
				explain(gcr_dump_crash(dump, j), &view);
			struct gcr_span text = { out.data, out.size - 1 };

			assert_safe(text, file.path);
			text_free(&out);
		}
		gcr_dump_free(dump);
		unload_file(&file);
	}
	free_list(&files);
}
END_TEST

#define NIL_TRACE                                                              \
	"panic: runtime error: invalid memory address or nil pointer "         \
	"dereference\n"                                                        \
	"[signal SIGSEGV: segmentation violation code=0x1 addr=0x20 "          \
	"pc=0x45d144]\n\n"                                                     \
	"goroutine 1 [running]:\n"                                             \
	"strings.Repeat({0x1?, 0x2?}, 0x3)\n\t/go/src/strings/strings.go:1 "   \
	"+0x1\n"                                                               \
	"main.(*server).quota(0xc000034740?, {0x0?, 0x60?}, 0x0?)\n"           \
	"\t/src/nilfield.go:16 +0x4\n"                                         \
	"main.main()\n\t/src/nilfield.go:21 +0x54\n"

START_TEST(the_first_screen_says_what_where_and_what_next)
{
	static const char *const answers[] = {
		"panic: runtime error: invalid memory address",
		"A nil pointer",
		"a deferred recover() could have stopped it",
		"Goroutine  1, running",
		"Where      main.(*server).quota\n           /src/nilfield.go:16",
		"Called by  main.main, nilfield.go:21",
		"0xc000034740?  stale",
		"stale: marked `?`",
		"go1.18 or later",
		"addr=0x20 is how far",
		"-gcflags='all=-N -l'",
		"--source=DIR",
	};
	struct text out = explain_text(NIL_TRACE, &plain_view);
	char *end = out.data;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		assert_says(&out, answers[i]);
	for (int i = 0; i < 28 && end != NULL; i++)
		end = strchr(end + 1, '\n');
	ck_assert_ptr_nonnull(end);
	*end = '\0';
	assert_says(&out, "Next");
	text_free(&out);
}
END_TEST

START_TEST(a_signal_line_is_decoded)
{
	struct text out = explain_text(NIL_TRACE, &plain_view);

	assert_says(&out, "code 0x1: SEGV_MAPERR, nothing is mapped");
	assert_says(&out, "addr 0x20");
	text_free(&out);
}
END_TEST

START_TEST(colour_only_when_asked)
{
	struct gcr_view view = { .color = true };
	struct text out = explain_text(NIL_TRACE, &plain_view);

	assert_silent(&out, "\033");
	text_free(&out);
	out = explain_text(NIL_TRACE, &view);
	assert_says(&out, "\033[1;31mpanic: ");
	text_free(&out);
}
END_TEST

#define PARKED(id)                                                             \
	"\ngoroutine " id " [chan receive, 5 minutes]:\n"                      \
	"main.wait(0x1)\n\t/src/wait.go:8 +0x1\n"                              \
	"created by main.main in goroutine 1\n\t/src/wait.go:2 +0x1\n"

#define DEADLOCK                                                               \
	"fatal error: all goroutines are asleep - deadlock!\n"                 \
	"\ngoroutine 1 [sync.Mutex.Lock]:\n"                                   \
	"main.main()\n\t/src/wait.go:3 +0x1\n" PARKED("5") PARKED("6")         \
		PARKED("7") PARKED("8")

START_TEST(goroutines_at_the_same_place_are_one_row)
{
	struct text out = explain_text(DEADLOCK, &plain_view);

	assert_says(&out, "4  chan receive     main.wait wait.go:8  "
			  "#5, 6, 7, …  up to 5 min");
	assert_says(&out, "waited for a value from a channel");
	assert_says(&out, "1  sync.Mutex.Lock  main.main wait.go:3  #1");
	assert_silent(&out, "Where ");
	text_free(&out);
}
END_TEST

START_TEST(every_goroutine_is_shown_when_asked)
{
	struct gcr_view view = { .all = true };
	struct text out = explain_text(DEADLOCK, &view);

	assert_says(&out, "goroutine 5 [chan receive], for 5 min\n");
	assert_says(&out, "goroutine 8 [chan receive], for 5 min\n");
	assert_says(&out, "  started by main.main in goroutine 1\n");
	text_free(&out);
}
END_TEST

START_TEST(a_chain_shows_all_panics_and_where_the_first_was)
{
	struct text out = explain_text(
		"panic: one [recovered]\n\tpanic: two\n\n"
		"goroutine 1 [running]:\n"
		"main.f.func1()\n\t/f.go:5 +0x1\n"
		"panic({0x1?, 0x2?})\n\t/go/src/runtime/panic.go:7 +0x1\n"
		"main.g(0x1)\n\t/f.go:9 +0x1\n",
		&plain_view);

	assert_says(&out, "panic: two\n");
	assert_says(&out, "the last of 2 panics in a chain");
	assert_says(&out, "Called by  a defer, while an earlier panic went on");
	assert_says(&out, "First in   main.g, f.go:9");
	assert_says(&out, "  1  one\n");
	assert_says(&out, "  2  two\n");
	text_free(&out);
}
END_TEST

START_TEST(recursion_is_folded_and_counted)
{
	struct text input = { 0 };
	struct gcr_view view = { .all = true };

	text_print(&input, "panic: deep\n\ngoroutine 1 [running]:\n");
	for (int i = 0; i < 30; i++)
		text_print(&input, "main.f(0x%x)\n\t/f.go:5 +0x1\n", i);
	text_print(&input, "main.main()\n\t/f.go:9 +0x1\n");
	text_put(&input, "", 1);
	struct text out = explain_text(input.data, &plain_view);
	assert_says(&out, "main.f(0x1)");
	assert_says(&out, "… 27 frames more (--all)");
	assert_says(&out, "main.f(0x1d)");
	assert_silent(&out, "main.f(0x9)");
	text_free(&out);
	out = explain_text(input.data, &view);
	assert_says(&out, "main.f(0x9)");
	text_free(&out);
	text_free(&input);
}
END_TEST

START_TEST(other_output_is_quoted_with_its_line)
{
	struct text out = explain_text("listening\n\n" NIL_TRACE, &plain_view);

	assert_says(&out, "    1  listening\n");
	text_free(&out);
}
END_TEST

START_TEST(a_note_has_its_line_and_a_caret)
{
	static struct gcr_note note = {
		.place = { .line = 9, .column = 3 },
		.text = GCR_LITERAL("odd\033"),
		.line = GCR_LITERAL("\tab cd"),
	};
	struct gcr_crash crash = { .notes = &note, .note_count = 1 };
	struct text out = explain(&crash, &plain_view);

	assert_says(&out, "    9  odd\\x1b\n       \tab cd\n       \t ^\n");
	text_free(&out);
}
END_TEST

START_TEST(prose_wraps_at_the_width)
{
	struct gcr_view view = { .width = 30 };
	struct gcr_target target = { 0 };
	struct text out = { 0 };
	struct gcr_output output = { .write = put, .to = &out };
	struct gcr_error err;
	struct gcr_page page;

	ck_assert_int_eq(gcr_page_init(&page, &target, &view, &output, &err),
			 0);
	gcr_page_label(&page, "Label");
	gcr_page_prose(&page, 11, "one two three four five six seven");
	ck_assert_int_eq(gcr_sink_done(&page.sink, &err), 0);
	gcr_page_done(&page);
	assert_span((struct gcr_span){ out.data, out.size },
		    "Label      one two three four\n"
		    "           five six seven\n",
		    "prose");
	text_free(&out);
}
END_TEST

static const struct {
	const char *text, *want; /* want NULL: no bounds error */
} bounds[] = {
	{ "runtime error: index out of range [5] with length 3",
	  "index 5, but the length is 3: 0 to 2 are valid" },
	{ "runtime error: index out of range [1] with length 1",
	  "index 1, but the length is 1: only 0 is valid" },
	{ "runtime error: index out of range [0] with length 0",
	  "index 0, but it is empty" },
	{ "runtime error: index out of range [-1]", "index is -1: negative" },
	{ "runtime error: slice bounds out of range [:5] with capacity 3",
	  "the high bound is 5, but the capacity is only 3" },
	{ "runtime error: slice bounds out of range [5:3]",
	  "the low bound is 5, but the high bound is only 3" },
	{ "runtime error: slice bounds out of range [-2:]",
	  "the low bound is -2: negative" },
	{ "runtime error: slice bounds out of range [:6:5]",
	  "the high bound is 6, but the max bound is only 5" },
	{ "runtime error: index out of range", NULL },
	{ "runtime error: index out of range [99999999999999999999]", NULL },
	{ "runtime error: index out of range [5] with length 3 ", NULL },
	{ "boom", NULL },
};

START_TEST(bounds_errors_are_put_in_words)
{
	struct gcr_bounds_text got;
	bool is = gcr_bounds_explain(gcr_span_of(bounds[_i].text), &got);

	ck_assert_msg(is == (bounds[_i].want != NULL), "%s", bounds[_i].text);
	if (is)
		ck_assert_str_eq(got.text, bounds[_i].want);
}
END_TEST

START_TEST(an_inlined_frame_lends_its_holders_values)
{
	struct text out = explain_text("panic: x\n\ngoroutine 1 [running]:\n"
				       "main.f(...)\n\t/f.go:5\n"
				       "main.g({0x1?, 0x2?})\n\t/f.go:9 +0x1\n",
				       &plain_view);

	assert_says(&out, "Where      main.f\n");
	assert_says(&out, "not printed: inlined into main.g, which has\n"
			  "           {0x1?, 0x2?}  stale  string");
	text_free(&out);
}
END_TEST

START_TEST(generated_code_is_nobodys_own)
{
	struct text out =
		explain_text("panic: x\n\ngoroutine 1 [running]:\n"
			     "main._Cfunc_f(0x1)\n\t_cgo_gotypes.go:5 +0x1\n"
			     "main.g(0x1)\n\t/f.go:9 +0x1\n",
			     &plain_view);

	assert_says(&out, "Where      main.g\n");
	text_free(&out);
}
END_TEST

START_TEST(every_cause_row_is_found_by_its_text_and_has_its_source)
{
	const struct gcr_cause_row *row;
	size_t i;

	for (i = 0; (row = gcr_cause_row(i)) != NULL; i++) {
		ck_assert_ptr_eq(
			gcr_cause_find(row->kind, gcr_span_of(row->text)), row);
		ck_assert_msg(row->source[0] != '\0', "%s", row->text);
		ck_assert_msg(gcr_span_ends(gcr_span_of(row->meaning), "."),
			      "%s", row->text);
		ck_assert_uint_le(row->first, 40);
		ck_assert_msg(row->last == 0 || row->last >= row->first, "%s",
			      row->text);
	}
	ck_assert_uint_gt(i, 50);
}
END_TEST

START_TEST(every_state_row_is_found_and_has_its_source)
{
	const struct gcr_state_row *row;
	size_t i;

	for (i = 0; (row = gcr_state_row(i)) != NULL; i++) {
		ck_assert_ptr_eq(gcr_state_find(gcr_span_of(row->text)), row);
		ck_assert_msg(row->source[0] != '\0', "%s", row->text);
		ck_assert_msg(row->last == 0 || row->last >= row->first, "%s",
			      row->text);
	}
	ck_assert_uint_gt(i, 50);
}
END_TEST

START_TEST(a_text_that_only_begins_like_nil_is_not_nil)
{
	ck_assert_ptr_null(gcr_cause_find(GCR_CAUSE_PANIC,
					  gcr_span_of("nils everywhere")));
	ck_assert_ptr_null(gcr_state_find(gcr_span_of("chan")));
}
END_TEST

START_TEST(every_failed_allocation_is_an_error)
{
	struct gcr_dump *dump =
		parse_text(gcr_span_of(NIL_TRACE PARKED("5") PARKED("6")));
	struct gcr_view view = { 0 };
	int result = -1;

	for (view.fail_at = 1; result != 0; view.fail_at++) {
		struct text out = { 0 };
		struct gcr_output output = { .write = put, .to = &out };
		struct gcr_error err = { .code = GCR_BUG };

		ck_assert_uint_lt(view.fail_at, 1000);
		result = gcr_write_explanation(gcr_dump_crash(dump, 0), &view,
					       &output, &err);
		if (result != 0)
			ck_assert_int_eq((int)err.code, GCR_NOMEM);
		text_free(&out);
	}
	ck_assert_uint_gt(view.fail_at, 3);
	gcr_dump_free(dump);
}
END_TEST

static Suite *text_suite(void)
{
	Suite *suite = suite_create("text");
	TCase *screens = tcase_create("explanation");
	TCase *tables = tcase_create("tables");

	tcase_set_timeout(screens, 300);
	tcase_add_loop_test(screens, no_recording_sends_a_control_character, 0,
			    QUARTERS);
	tcase_add_test(screens, the_first_screen_says_what_where_and_what_next);
	tcase_add_test(screens, a_signal_line_is_decoded);
	tcase_add_test(screens, colour_only_when_asked);
	tcase_add_test(screens, goroutines_at_the_same_place_are_one_row);
	tcase_add_test(screens, every_goroutine_is_shown_when_asked);
	tcase_add_test(screens,
		       a_chain_shows_all_panics_and_where_the_first_was);
	tcase_add_test(screens, recursion_is_folded_and_counted);
	tcase_add_test(screens, other_output_is_quoted_with_its_line);
	tcase_add_test(screens, a_note_has_its_line_and_a_caret);
	tcase_add_test(screens, prose_wraps_at_the_width);
	tcase_add_test(screens, an_inlined_frame_lends_its_holders_values);
	tcase_add_test(screens, generated_code_is_nobodys_own);
	tcase_add_test(screens, every_failed_allocation_is_an_error);
	suite_add_tcase(suite, screens);
	tcase_add_test(tables,
		       every_cause_row_is_found_by_its_text_and_has_its_source);
	tcase_add_loop_test(tables, bounds_errors_are_put_in_words, 0,
			    (int)(sizeof(bounds) / sizeof(bounds[0])));
	tcase_add_test(tables, every_state_row_is_found_and_has_its_source);
	tcase_add_test(tables, a_text_that_only_begins_like_nil_is_not_nil);
	suite_add_tcase(suite, tables);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(text_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
