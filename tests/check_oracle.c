/*
 * The groups of a census against those that a simple implementation finds, on
 * what eight releases of Go have printed. GCR_ORACLE names another folder of
 * dumps to be tried.
 */

#include "support_oracle.h"
#include "support_writers.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static uint64_t compare_file(const char *path)
{
	struct file file = load_file(path);
	struct gcr_census *census = count_text(file_span(&file));
	struct oracle got = oracle_of(census);
	struct oracle want = oracle_read(file_span(&file));
	uint64_t several = want.goroutines - want.count;

	assert_same_groups(&got, &want, path);
	oracle_free(&want);
	oracle_free(&got);
	gcr_census_free(census);
	unload_file(&file);
	return several;
}

START_TEST(recordings_have_the_groups_that_the_oracle_finds)
{
	const char *more = getenv("GCR_ORACLE");
	const char *folder = more != NULL ? more : "tests/data/recorded";
	struct file_list files = list_files(folder, ".txt");
	uint64_t several = 0;

	for (size_t i = 0; i < files.count; i++)
		several += compare_file(files.paths[i]);
	ck_assert_uint_gt(files.count, 0);
	ck_assert_uint_gt(several, 0);
	free_list(&files);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("oracle");
	TCase *tcase = tcase_create("oracle");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, recordings_have_the_groups_that_the_oracle_finds);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
