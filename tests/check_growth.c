/* What changed between dumps: each way to change, and the greatest growth. */

#include "support_writers.h"

#include "growth.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct gcr_error err;

enum {
	MOST_DUMPS = 4
};

// One dump: so many goroutines in main.f, whose oldest waited so long, and one
// in main.other.
static void put_dump(struct text *text, unsigned count, unsigned minutes)
{
	unsigned id = 2;

	text_print(text, "goroutine 1 [sleep]:\nmain.other()\n\t/a.go:1 "
			 "+0x1\n\n");
	for (unsigned i = 0; i < count; i++, id++) {
		text_print(text, "goroutine %u [select", id);
		if (i == 0 && minutes > 0)
			text_print(text, ", %u minutes", minutes);
		text_print(text, "]:\nmain.f(0x%x)\n\t/a.go:2 +0x1\n\n", id);
	}
}

static void add_dump(struct gcr_diff *diff, unsigned count, unsigned minutes)
{
	struct text text = { 0 };
	struct gcr_digest *digest;

	put_dump(&text, count, minutes);
	struct gcr_census *census =
		count_text((struct gcr_span){ text.data, text.size });
	ck_assert_uint_eq(gcr_census_dump_count(census), 1);
	ck_assert_int_eq(gcr_digest_new(NULL, &digest, &err), 0);
	ck_assert_int_eq(gcr_digest_add(digest, gcr_census_dump(census, 0),
					(struct gcr_span){ 0 }, &err),
			 0);
	ck_assert_int_eq(gcr_diff_add(diff, digest, GCR_SPAN("d"), &err), 0);
	gcr_digest_free(digest);
	gcr_census_free(census);
	text_free(&text);
}

static const struct {
	const char *change;
	bool older;
	uint64_t growth;
	unsigned counts[MOST_DUMPS + 1]; // behind the last: 99
	unsigned minutes[MOST_DUMPS];
} cases[] = {
	{ "grew-always", false, 3, { 2, 5, 99 }, { 0 } },
	{ "grew-always", true, 7, { 2, 5, 9, 99 }, { 1, 2, 3 } },
	{ "grew-always", false, 9, { 0, 5, 9, 99 }, { 0, 2, 3 } },
	{ "appeared", false, 5, { 0, 5, 99 }, { 0, 1 } },
	{ "appeared", false, 5, { 0, 5, 5, 99 }, { 0 } },
	{ "appeared", false, 0, { 0, 5, 4, 99 }, { 0 } },
	{ "grew", false, 3, { 2, 2, 5, 99 }, { 0 } },
	{ "grew", false, 0, { 2, 1, 5, 99 }, { 0 } },
	{ "shrank", false, 0, { 5, 6, 2, 99 }, { 0 } },
	{ "vanished", false, 0, { 5, 9, 0, 99 }, { 0 } },
	{ "passed", false, 0, { 0, 9, 0, 99 }, { 0 } },
	{ "same", false, 0, { 4, 4, 99 }, { 5, 5 } },
	{ "same", true, 0, { 4, 3, 4, 4, 99 }, { 5, 6, 9, 12 } },
	{ "same", false, 0, { 4, 4, 4, 99 }, { 5, 9, 7 } },
};

START_TEST(each_way_to_change_has_its_name)
{
	struct gcr_diff *diff;
	const struct gcr_diff_row *row = NULL;
	uint64_t growth = 99;

	ck_assert_int_eq(gcr_diff_new(NULL, &diff, &err), 0);
	for (size_t i = 0; cases[_i].counts[i] != 99; i++)
		add_dump(diff, cases[_i].counts[i], cases[_i].minutes[i]);
	ck_assert_int_eq(gcr_diff_growth(diff, &growth, &err), 0);
	ck_assert_uint_eq(diff->row_count, 2);
	for (size_t i = 0; i < diff->row_count; i++)
		if (gcr_span_is(diff->rows[i].is->state, "select"))
			row = &diff->rows[i];
	ck_assert_ptr_nonnull(row);
	ck_assert_str_eq(gcr_change_name(row->change), cases[_i].change);
	ck_assert(row->older == cases[_i].older);
	ck_assert_uint_eq(growth, cases[_i].growth);
	for (size_t i = 0; cases[_i].counts[i] != 99; i++)
		ck_assert_uint_eq(row->counts[i], cases[_i].counts[i]);
	gcr_diff_free(diff);
}
END_TEST

START_TEST(the_worst_comes_first_and_json_has_all)
{
	struct gcr_diff *diff;
	struct text json = { 0 };
	struct gcr_output output = text_output(&json);

	ck_assert_int_eq(gcr_diff_new(NULL, &diff, &err), 0);
	add_dump(diff, 2, 0);
	add_dump(diff, 7, 3);
	ck_assert_int_eq(gcr_write_diff_json(diff, &output, &err), 0);
	text_put(&json, "", 1);
	ck_assert_ptr_nonnull(strstr(
		json.data, "{\"format\":\"gocrash-diff/1\",\"dumps\":[{\"name\""
			   ":\"d\",\"goroutines\":3,\"groups\":2},"));
	ck_assert_ptr_nonnull(
		strstr(json.data,
		       "\"groups\":[{\"change\":\"grew-always\",\"older\":true,"
		       "\"more\":5,\"less\":0,\"counts\":[2,7],\"minutes\":"
		       "[0,3],\"fingerprint\":\""));
	ck_assert_ptr_nonnull(strstr(json.data,
				     "{\"change\":\"same\",\"older\":false,"
				     "\"more\":0,\"less\":0,\"counts\":[1,1]"));
	gcr_diff_free(diff);
	text_free(&json);
}
END_TEST

START_TEST(allocations_fail_one_after_the_other)
{
	for (size_t n = 1;; n++) {
		struct gcr_limits limits = { .fail_at = n };
		struct gcr_digest *digest;
		struct gcr_diff *diff;
		uint64_t growth;
		bool done;

		if (gcr_diff_new(&limits, &diff, &err) != 0) {
			ck_assert_int_eq(err.code, GCR_NOMEM);
			continue;
		}
		ck_assert_int_eq(gcr_digest_new(NULL, &digest, &err), 0);
		done = gcr_diff_add(diff, digest, GCR_SPAN("a"), &err) == 0 &&
		       gcr_diff_add(diff, digest, GCR_SPAN("b"), &err) == 0 &&
		       gcr_diff_growth(diff, &growth, &err) == 0;
		gcr_diff_free(diff);
		gcr_digest_free(digest);
		if (done) {
			ck_assert_uint_gt(n, 4);
			break;
		}
		ck_assert_int_eq(err.code, GCR_NOMEM);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("growth");
	TCase *all = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(all, each_way_to_change_has_its_name, 0,
			    (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(all, the_worst_comes_first_and_json_has_all);
	tcase_add_test(all, allocations_fail_one_after_the_other);
	suite_add_tcase(suite, all);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
