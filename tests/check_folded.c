/* Folded stacks: one line a path, whole, sorted, and nothing else in it. */

#include "support_writers.h"

#include "span.h"

#include <check.h>
#include <string.h>

static struct text fold(struct gcr_span text)
{
	struct gcr_census *census = count_text(text);
	struct text result = { 0 };
	struct gcr_output output = text_output(&result);
	struct gcr_error err;

	for (size_t i = 0; i < gcr_census_dump_count(census); i++)
		ck_assert_int_eq(gcr_write_folded(gcr_census_dump(census, i),
						  &output, &err),
				 0);
	text_put(&result, "", 1);
	result.size--;
	gcr_census_free(census);
	return result;
}

#define FRAME(name) name "()\n\t/src/a.go:7 +0x1d\n"

static const struct {
	const char *name, *input, *folded;
} cases[] = {
	{ "creator below, state above",
	  "goroutine 7 [chan receive, 5 minutes]:\n" FRAME("main.leaf")
		  FRAME("main.root") "created by main.main in goroutine 1\n"
				     "\t/src/a.go:3 +0x5\n",
	  "created by main.main;main.root;main.leaf;[chan receive] 1\n" },
	{ "lines do not count, states do",
	  "goroutine 1 [sleep]:\nmain.f()\n\t/a.go:1 +0x1\n\n"
	  "goroutine 2 [select]:\nmain.f()\n\t/a.go:1 +0x1\n\n"
	  "goroutine 3 [sleep]:\nmain.f()\n\t/a.go:2 +0x1\n",
	  "main.f;[select] 1\nmain.f;[sleep] 2\n" },
	{ "left out frames stand in their place",
	  "goroutine 1 [running]:\n" FRAME(
		  "main.f") "...98 frames elided...\n" FRAME("main.main"),
	  "main.main;(frames elided);main.f;[running] 1\n" },
	{ "a stack without frames",
	  "goroutine 1 [running]:\n\tgoroutine running on other thread; stack "
	  "unavailable\n",
	  "[running] 1\n" },
	{ "semicolons and control characters",
	  "goroutine 1 [running]:\n" FRAME(
		  "main.F[struct { a int; b\x1b]0; }]"),
	  "main.F[struct { a int\\x3b b\\x1b]0\\x3b }];[running] 1\n" },
	{ "no goroutine", "nothing of that kind\n", "" },
};

START_TEST(a_text_folds_to_its_lines)
{
	struct text folded = fold(gcr_span_of(cases[_i].input));

	ck_assert_msg(strcmp(folded.data, cases[_i].folded) == 0, "%s: got\n%s",
		      cases[_i].name, folded.data);
	text_free(&folded);
}
END_TEST

// Counts of the lines, in sum. Every line is a path and a number.
static uint64_t sum_lines(struct gcr_span folded, const char *path)
{
	uint64_t sum = 0, count;

	while (folded.size > 0) {
		struct gcr_span line = gcr_span_until(&folded, '\n');
		ptrdiff_t blank = gcr_span_find_last(line, ' ');
		ck_assert_msg(blank > 0, "%s", path);
		struct gcr_span number = gcr_span_tail(line, (size_t)blank + 1);
		ck_assert_int_eq(gcr_span_decimal(&number, &count),
				 GCR_NUMBER_OK);
		ck_assert_uint_eq(number.size, 0);
		sum += count;
		line = gcr_span_head(line, (size_t)blank);
		for (size_t i = 0; i < line.size; i++)
			ck_assert_int_ge((unsigned char)line.data[i], ' ');
	}
	return sum;
}

START_TEST(recordings_fold_without_loss)
{
	struct file_list files = list_files("tests/data/recorded", ".txt");

	ck_assert_uint_gt(files.count, 100);
	for (size_t i = 0; i < files.count; i++) {
		struct file file = load_file(files.paths[i]);
		struct gcr_census *census = count_text(file_span(&file));
		struct text folded = fold(file_span(&file));
		ck_assert_uint_eq(
			sum_lines((struct gcr_span){ folded.data, folded.size },
				  file.path),
			count_goroutines(census));
		text_free(&folded);
		gcr_census_free(census);
		unload_file(&file);
	}
	free_list(&files);
}
END_TEST

START_TEST(a_failed_write_is_told)
{
	struct gcr_census *census = count_text(gcr_span_of(cases[0].input));
	struct short_output to = { .left = 10 };
	struct gcr_output output = output_of(&to);
	struct gcr_error err;

	ck_assert_int_eq(
		gcr_write_folded(gcr_census_dump(census, 0), &output, &err),
		-1);
	ck_assert_int_eq(err.code, GCR_IO);
	gcr_census_free(census);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("folded");
	TCase *tcase = tcase_create("folded");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, a_text_folds_to_its_lines, 0,
			    sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, recordings_fold_without_loss);
	tcase_add_test(tcase, a_failed_write_is_told);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
