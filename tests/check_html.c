/* The page's writer: failures are told. What is on it: check_page.sh. */

#include "support_writers.h"

#include "span.h"

#include <check.h>

static const char input[] =
	"goroutine 1 [running]:\nmain.f(0x1)\n\t/src/a.go:7 +0x1d\n\n"
	"goroutine 2 [select]:\nmain.g(0x1)\n\t/src/a.go:9 +0x1d\n\n"
	"goroutine 3 [select]:\nmain.h(0x1)\n\t/src/a.go:9 +0x1d\n";

// All dumps of the input onto a page.
static int write_page(const struct gcr_view *view,
		      const struct gcr_output *output, struct gcr_error *err)
{
	struct gcr_census *census = count_text(gcr_span_of(input));
	struct gcr_html_writer *writer;
	int result = gcr_html_writer_new(view, output, &writer, err);

	for (size_t i = 0; result == 0 && i < gcr_census_dump_count(census);
	     i++) {
		result = gcr_html_writer_put(writer, gcr_span_of("dump.txt"),
					     gcr_census_dump(census, i), err);
		if (result != 0)
			gcr_html_writer_free(writer);
	}
	if (result == 0)
		result = gcr_html_writer_done(writer, err);
	gcr_census_free(census);
	return result;
}

START_TEST(every_failing_allocation_is_told)
{
	struct gcr_view view = { .fail_at = 1 };
	struct text page = { 0 };
	struct gcr_output output = text_output(&page);
	struct gcr_error err;

	for (; write_page(&view, &output, &err) != 0; view.fail_at++)
		ck_assert_int_eq(err.code, GCR_NOMEM);
	ck_assert_uint_gt(view.fail_at, 3);
	text_free(&page);
}
END_TEST

START_TEST(a_failed_write_is_told)
{
	struct gcr_view view = { 0 };
	struct short_output to = { .left = 10 };
	struct gcr_output output = output_of(&to);
	struct gcr_error err;

	ck_assert_int_eq(write_page(&view, &output, &err), -1);
	ck_assert_int_eq(err.code, GCR_IO);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("html");
	TCase *tcase = tcase_create("html");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, every_failing_allocation_is_told);
	tcase_add_test(tcase, a_failed_write_is_told);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
