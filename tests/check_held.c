/* A goroutine that a crash printed twice counts once, goroutine 0 not at all. */

#include "support_writers.h"

#include "digest.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct gcr_error err;

/* Recordings of GOTRACEBACK=crash in which it happens. */
static const struct {
	const char *path;
	uint64_t headers, goroutines, scheduler;
} recorded[] = {
	{ "tests/data/recorded/go1.13/server.crash.386.txt", 28, 27, 6 },
	{ "tests/data/recorded/go1.13/server.crash.default.txt", 28, 26, 5 },
	{ "tests/data/recorded/go1.13/server.crash.noopt.txt", 28, 26, 9 },
	{ "tests/data/recorded/go1.16/server.crash.386.txt", 25, 24, 7 },
	{ "tests/data/recorded/go1.16/server.crash.noopt.txt", 25, 24, 7 },
	{ "tests/data/recorded/go1.22/server.crash.386.txt", 25, 24, 7 },
};

static uint64_t digest_count(const struct gcr_tally *tally)
{
	struct gcr_digest *digest;
	uint64_t count;

	ck_assert_int_eq(gcr_digest_new(NULL, &digest, &err), 0);
	ck_assert_int_eq(
		gcr_digest_add(digest, tally, (struct gcr_span){ 0 }, &err), 0);
	count = digest->goroutines;
	gcr_digest_free(digest);
	return count;
}

static void see_tally(const struct gcr_tally *tally, int row)
{
	ck_assert_uint_eq(tally->count, recorded[row].goroutines);
	ck_assert_uint_eq(tally->scheduler, recorded[row].scheduler);
	ck_assert_uint_eq(digest_count(tally), recorded[row].goroutines);
	for (size_t i = 0; i < tally->group_count; i++)
		ck_assert_uint_ne(tally->groups[i]->example.id, 0);
}

START_TEST(a_recording_counts_each_goroutine_once)
{
	struct file file = load_file(recorded[_i].path);
	struct gcr_census *census = count_text(file_span(&file)), *parsed;
	struct gcr_dump *dump;

	ck_assert_uint_eq(gcr_census_dump_count(census), 1);
	see_tally(gcr_census_dump(census, 0), _i);
	gcr_census_free(census);

	ck_assert_int_eq(gcr_dump_parse(file_span(&file), NULL, &dump, &err),
			 0);
	const struct gcr_crash *crash = gcr_dump_crash(dump, 0);
	// The crash keeps what was printed.
	ck_assert_uint_eq(crash->goroutine_count,
			  recorded[_i].headers + recorded[_i].scheduler);
	ck_assert_int_eq(gcr_census_crash(crash, NULL, &parsed, &err), 0);
	see_tally(gcr_census_dump(parsed, 0), _i);
	gcr_census_free(parsed);
	gcr_dump_free(dump);
	unload_file(&file);
}
END_TEST

// `Goroutines 18 goroutines`, and `… 13 of the runtime's own`.
static uint64_t number_before(const char *text, const char *what)
{
	const char *at = strstr(text, what);

	ck_assert_ptr_nonnull(at);
	while (at > text && at[-1] >= '0' && at[-1] <= '9')
		at--;
	return strtoull(at, NULL, 10);
}

START_TEST(explain_counts_each_goroutine_once)
{
	const struct gcr_view view = { .width = 100 };
	struct file file = load_file(recorded[_i].path);
	struct text page = { 0 };
	struct gcr_output output = text_output(&page);
	struct gcr_dump *dump;

	ck_assert_int_eq(gcr_dump_parse(file_span(&file), NULL, &dump, &err),
			 0);
	ck_assert_int_eq(gcr_write_explanation(gcr_dump_crash(dump, 0), &view,
					       &output, &err),
			 0);
	text_put(&page, "", 1);
	ck_assert_uint_eq(number_before(page.data, " goroutines\n") +
				  number_before(page.data, " of the runtime's"),
			  recorded[_i].goroutines + recorded[_i].scheduler);
	text_free(&page);
	gcr_dump_free(dump);
	unload_file(&file);
}
END_TEST

/* Made ones ---------------------------------------------------------------- */

#define ELSEWHERE(id)                                                          \
	"goroutine " id " [running]:\n"                                        \
	"\tgoroutine running on other thread; stack unavailable\n"             \
	"created by main.main\n\t/src/a.go:9 +0x1d\n\n"
#define STACK(id, state, function)                                             \
	"goroutine " id " [" state "]:\n"                                      \
	"main." function "(0x1)\n\t/src/a.go:7 +0x1d\n\n"
#define THREAD(m) "-----\n\nSIGQUIT: quit\nPC=0x1 m=" m " sigcode=0\n\n"

static const struct {
	const char *text;
	const char *groups; /* `count first-function-or-state` of each */
	uint64_t scheduler;
} made[] = {
	{ "SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n\n" ELSEWHERE("7")
		  STACK("8", "select", "f"),
	  "1 main.f, 1 -", 0 },
	{ "SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n\n" ELSEWHERE("7")
		  ELSEWHERE("9") STACK("8", "select", "f") THREAD("1")
			  STACK("7", "running", "g"),
	  "1 main.f, 1 main.g, 1 -", 0 },
	{ "SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n\n" STACK("3", "syscall", "f")
		  STACK("4", "syscall", "f") STACK("5", "syscall", "f")
			  STACK("6", "syscall", "f") THREAD("1")
				  STACK("5", "syscall", "f") THREAD("2")
					  STACK("6", "syscall", "f"),
	  "4 main.f", 0 },
	{ "SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n\n" STACK("3", "idle", "f")
		  STACK("4", "idle", "f") STACK("5", "idle", "f")
			  STACK("0", "idle", "f") STACK("0", "idle", "g"),
	  "3 main.f", 2 },
	// Two dumps in one text that are none of a crash's threads.
	{ "goroutine 1 [select]:\nmain.g()\n\t/src/a.go:1 +0x1\n\n" STACK(
		  "7", "syscall", "f") STACK("7", "syscall", "f"),
	  "1 main.g, 2 main.f", 0 },
};

START_TEST(made_ones_count_as_they_should)
{
	struct gcr_census *census = count_text(gcr_span_of(made[_i].text));
	const struct gcr_tally *tally = gcr_census_dump(census, 0);
	struct text groups = { 0 };

	ck_assert_uint_eq(gcr_census_dump_count(census), 1);
	for (size_t i = 0; i < tally->group_count; i++) {
		const struct gcr_group *group = tally->groups[i];
		struct gcr_span name =
			group->example.frame_count > 0
				? group->example.frames[0].function
				: gcr_span_of("-");

		text_print(&groups, "%s%d %.*s", i > 0 ? ", " : "",
			   (int)group->count, (int)name.size, name.data);
	}
	text_put(&groups, "", 1);
	ck_assert_str_eq(groups.data, made[_i].groups);
	ck_assert_uint_eq(tally->scheduler, made[_i].scheduler);
	text_free(&groups);
	gcr_census_free(census);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("held");
	TCase *tcase = tcase_create("held");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, a_recording_counts_each_goroutine_once, 0,
			    (int)(sizeof(recorded) / sizeof(recorded[0])));
	tcase_add_loop_test(tcase, explain_counts_each_goroutine_once, 0,
			    (int)(sizeof(recorded) / sizeof(recorded[0])));
	tcase_add_loop_test(tcase, made_ones_count_as_they_should, 0,
			    (int)(sizeof(made) / sizeof(made[0])));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
