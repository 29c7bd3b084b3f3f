/*
 * Nothing is lost and nothing is taken twice: every line of every recording,
 * as it is, with other output between all of its lines, and with its top or
 * its end cut off.
 */

#include "span.h"
#include "support.h"
#include "support_account.h"

#include <check.h>
#include <stdio.h>

#define RECORDED "tests/data/recorded"
#define SOMEONE_ELSE "10:20:30 worker 7: nothing to do with it"

static struct file_list files;

static void open_files(void)
{
	files = list_files(RECORDED, ".txt");
}

static void close_files(void)
{
	free_list(&files);
}

static bool next_line(struct gcr_span *text, struct gcr_span *line)
{
	if (text->size == 0)
		return false;
	*line = gcr_span_until(text, '\n');
	return true;
}

static struct gcr_span span_of(const struct text *text)
{
	return (struct gcr_span){ text->data, text->size };
}

typedef void (*put_line)(struct text *to, struct gcr_span line);

static void as_it_is(struct text *to, struct gcr_span line)
{
	text_put(to, line.data, line.size);
	text_print(to, "\n");
}

static void crlf(struct text *to, struct gcr_span line)
{
	text_put(to, line.data, line.size);
	text_print(to, "\r\n");
}

static void lost_tabs(struct text *to, struct gcr_span line)
{
	gcr_span_skip_char(&line, '\t');
	as_it_is(to, line);
}

static void go_log(struct text *to, struct gcr_span line)
{
	text_print(to, "2026/11/23 10:00:00.123 ");
	as_it_is(to, line);
}

static void container(struct text *to, struct gcr_span line)
{
	text_print(to, "2026-11-23T10:00:00.123456789Z stderr F ");
	as_it_is(to, line);
}

static void between(struct text *to, struct gcr_span line)
{
	as_it_is(to, line);
	text_print(to, SOMEONE_ELSE "\n");
}

static const struct {
	const char *name, *prefix;
	put_line put;
} forms[] = {
	{ "as it is", "", as_it_is },
	{ "CRLF", "", crlf },
	{ "tabs lost", "", lost_tabs },
	{ "Go's log prefix", "(2026/11/23 10:00:00.123 )?", go_log },
	{ "container", "(2026-11-23T10:00:00.123456789Z stderr F )?",
	  container },
	{ "other output in between", "", between },
};

enum {
	FORMS = sizeof(forms) / sizeof(forms[0]),
	BETWEEN = FORMS - 1
};

START_TEST(every_line_is_of_a_crash_or_other_output_or_blank)
{
	char what[400];

	for (size_t i = 0; i < files.count; i++) {
		struct file file = load_file(files.paths[i]);
		struct gcr_span rest = file_span(&file), line;
		struct text text = { 0 };
		while (next_line(&rest, &line))
			forms[_i].put(&text, line);
		struct gcr_dump *dump = parse_text(span_of(&text));
		snprintf(what, sizeof(what), "%s, %s", file.path,
			 forms[_i].name);
		assert_accounted(dump, span_of(&text), forms[_i].prefix, what);
		gcr_dump_free(dump);
		text_free(&text);
		unload_file(&file);
	}
}
END_TEST

START_TEST(other_output_between_all_lines_costs_no_frame)
{
	for (size_t i = 0; i < files.count; i++) {
		struct file file = load_file(files.paths[i]);
		struct gcr_span rest = file_span(&file), line;
		struct text text = { 0 };
		while (next_line(&rest, &line))
			between(&text, line);
		struct gcr_dump *dump = parse_text(span_of(&text));
		struct totals got = total_dump(dump);
		struct totals want = scan_text(file_span(&file));
		ck_assert_msg(got.goroutines == want.goroutines &&
				      got.frames == want.frames &&
				      got.words == want.words &&
				      got.registers == want.registers,
			      "%s: %zu goroutines of %zu, %zu frames of %zu, "
			      "%zu words of %zu, %zu registers of %zu",
			      file.path, got.goroutines, want.goroutines,
			      got.frames, want.frames, got.words, want.words,
			      got.registers, want.registers);
		gcr_dump_free(dump);
		text_free(&text);
		unload_file(&file);
	}
}
END_TEST

// Two writers one after the other, the first one's lines with a prefix.
START_TEST(a_recording_without_a_prefix_follows_one_with_it)
{
	for (size_t i = 0; i + 1 < files.count; i++) {
		struct file first = load_file(files.paths[i]);
		struct file second = load_file(files.paths[i + 1]);
		struct gcr_span rest = file_span(&first), line;
		struct text text = { 0 };
		while (next_line(&rest, &line))
			container(&text, line);
		text_put(&text, second.data, second.size);
		struct gcr_dump *dump = parse_text(span_of(&text));
		struct totals got = total_dump(dump);
		struct totals a = scan_text(file_span(&first));
		struct totals b = scan_text(file_span(&second));
		assert_accounted(dump, span_of(&text), forms[4].prefix,
				 first.path);
		ck_assert_msg(a.goroutines == 0 || b.goroutines == 0 ||
				      got.goroutines ==
					      a.goroutines + b.goroutines,
			      "%s, %s: %zu goroutines, not %zu + %zu",
			      first.path, second.path, got.goroutines,
			      a.goroutines, b.goroutines);
		gcr_dump_free(dump);
		text_free(&text);
		unload_file(&first);
		unload_file(&second);
	}
}
END_TEST

static Suite *account_suite(void)
{
	Suite *suite = suite_create("account");
	TCase *tcase = tcase_create("recordings");

	tcase_add_unchecked_fixture(tcase, open_files, close_files);
	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase,
			    every_line_is_of_a_crash_or_other_output_or_blank,
			    0, FORMS);
	tcase_add_test(tcase, other_output_between_all_lines_costs_no_frame);
	tcase_add_test(tcase, a_recording_without_a_prefix_follows_one_with_it);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(account_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
