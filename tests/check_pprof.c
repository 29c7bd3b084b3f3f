/* Profiles, read back by a reader of their own: see support_profile.h. */

#include "support_profile.h"
#include "support_writers.h"

#include "span.h"

#include <check.h>
#include <string.h>

static int put_each(void *from, const struct gcr_tally *tally,
		    const struct gcr_group *group,
		    const struct gcr_goroutine *goroutine,
		    struct gcr_error *err)
{
	return gcr_profile_writer_put(from, tally->number, group, goroutine,
				      err);
}

// Every goroutine of a text into a profile, and that to `output`.
static int write_profile(struct gcr_span text, const struct gcr_output *output,
			 struct gcr_error *err)
{
	struct gcr_census_request request = { .each = put_each };
	struct gcr_profile_writer *writer;
	struct gcr_census *census;

	ck_assert_int_eq(gcr_profile_writer_new(output, &writer, err), 0);
	request.from = writer;
	ck_assert_int_eq(gcr_census_take(text, NULL, &request, &census, err),
			 0);
	gcr_census_free(census);
	return gcr_profile_writer_done(writer, err);
}

static struct text profile_of(struct gcr_span text)
{
	struct text gzipped = { 0 };
	struct gcr_output output = text_output(&gzipped);
	struct gcr_error err;

	ck_assert_int_eq(write_profile(text, &output, &err), 0);
	struct text result =
		profile_text((struct gcr_span){ gzipped.data, gzipped.size });
	text_free(&gzipped);
	return result;
}

static const struct {
	const char *name, *input, *profile;
} cases[] = {
	{ "frames, inlined ones, state, creator, age",
	  "goroutine 7 [chan receive, 5 minutes]:\n"
	  "main.leaf(...)\n\t/src/a.go:7\n"
	  "main.mid(0x1)\n\t/src/a.go:9 +0x1d\n"
	  "main.root()\n\t/src/b.go:3 +0x1d\n"
	  "created by main.main in goroutine 1\n\t/src/a.go:3 +0x5\n",
	  "1 main.leaf /src/a.go:7 < main.mid /src/a.go:9; main.root "
	  "/src/b.go:3 | state=chan receive created_by=main.main minutes=5 "
	  "minutes\n" },
	{ "the call's address, by the pc",
	  "goroutine 7 gp=0xc000002380 m=nil [select]:\n"
	  "main.in(...)\n\t/src/a.go:7\n"
	  "main.out()\n\t/src/a.go:9 +0x1d fp=0xc0 sp=0xc1 pc=0x46e1a1\n"
	  "main.main()\n\t/src/b.go:3 +0x1d fp=0xc0 sp=0xc1 pc=0x46e200\n",
	  "1 main.in /src/a.go:7 < main.out /src/a.go:9 @0x46e1a0; main.main "
	  "/src/b.go:3 @0x46e1ff | state=select\n" },
	{ "ages and labels are samples of their own",
	  "goroutine 1 [select labels:{\"k\": \"x]: \\\"q\\\", y\"}]:\n"
	  "main.f()\n\t/a.go:1 +0x1\n\n"
	  "goroutine 2 [select]:\nmain.f()\n\t/a.go:1 +0x1\n\n"
	  "goroutine 3 [select, 2 minutes]:\nmain.f()\n\t/a.go:1 +0x1\n\n"
	  "goroutine 4 [select]:\nmain.f()\n\t/a.go:1 +0x1\n",
	  "1 main.f /a.go:1 | state=select k=x]: \"q\", y\n"
	  "2 main.f /a.go:1 | state=select\n"
	  "1 main.f /a.go:1 | state=select minutes=2 minutes\n" },
	{ "a gap between frames",
	  "goroutine 1 [running]:\nmain.f()\n\t/a.go:1 +0x1\n"
	  "...98 frames elided...\nmain.main()\n\t/a.go:2 +0x1\n",
	  "1 main.f /a.go:1; (frames elided); main.main /a.go:2 | "
	  "state=running\n" },
	{ "no frames at all",
	  "goroutine 1 [running]:\n\tgoroutine running on other thread; stack "
	  "unavailable\n",
	  "1 (no frames) | state=running\n" },
	{ "control characters",
	  "goroutine 1 [select]:\nmain.\x1b[31mf()\n\t/a\x1b.go:1 +0x1\n",
	  "1 main.\\x1b[31mf /a\\x1b.go:1 | state=select\n" },
	{ "no goroutine", "nothing of that kind\n", "" },
};

START_TEST(a_text_has_its_samples)
{
	struct text profile = profile_of(gcr_span_of(cases[_i].input));

	ck_assert_msg(strcmp(profile.data, cases[_i].profile) == 0,
		      "%s: got\n%s", cases[_i].name, profile.data);
	text_free(&profile);
}
END_TEST

START_TEST(several_dumps_are_told_apart)
{
	struct text profile = profile_of(
		GCR_SPAN("panic: a\n\ngoroutine 1 [running]:\nmain.f()\n\t/"
			 "a.go:1 +0x1\nexit status 2\npanic: b\n\ngoroutine 1 "
			 "[running]:\nmain.f()\n\t/a.go:1 +0x1\n"));

	ck_assert_str_eq(profile.data,
			 "1 main.f /a.go:1 | state=running dump=1 dump\n"
			 "1 main.f /a.go:1 | state=running dump=2 dump\n");
	text_free(&profile);
}
END_TEST

// Counts of the lines of a profile, in sum.
static uint64_t sum_of(struct gcr_span lines)
{
	uint64_t sum = 0, count;

	while (lines.size > 0) {
		struct gcr_span line = gcr_span_until(&lines, '\n');
		ck_assert_int_eq(gcr_span_decimal(&line, &count),
				 GCR_NUMBER_OK);
		sum += count;
	}
	return sum;
}

START_TEST(recordings_lose_no_goroutine)
{
	struct file_list files = list_files("tests/data/recorded", ".txt");

	ck_assert_uint_gt(files.count, 100);
	for (size_t i = 0; i < files.count; i++) {
		struct file file = load_file(files.paths[i]);
		struct gcr_census *census = count_text(file_span(&file));
		struct text profile = profile_of(file_span(&file));
		ck_assert_msg(sum_of((struct gcr_span){ profile.data,
							profile.size }) ==
				      count_goroutines(census),
			      "%s", file.path);
		text_free(&profile);
		gcr_census_free(census);
		unload_file(&file);
	}
	free_list(&files);
}
END_TEST

START_TEST(a_failed_write_is_told)
{
	struct short_output to = { .left = 10 };
	struct gcr_output output = output_of(&to);
	struct gcr_error err;

	ck_assert_int_eq(
		write_profile(gcr_span_of(cases[0].input), &output, &err), -1);
	ck_assert_int_eq(err.code, GCR_IO);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pprof");
	TCase *tcase = tcase_create("pprof");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, a_text_has_its_samples, 0,
			    sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, several_dumps_are_told_apart);
	tcase_add_test(tcase, recordings_lose_no_goroutine);
	tcase_add_test(tcase, a_failed_write_is_told);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
