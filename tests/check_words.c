/* Argument lists: what is read, and where what is no list goes wrong. */

#include "arena.h"
#include "span.h"
#include "words.h"

#include <check.h>
#include <stdlib.h>

struct row {
	const char *list;
	size_t count;
	bool braced, marked, cut, elided;
	size_t odd; // column of the first odd byte, 0: none
};

// clang-format off
static const struct row rows[] = {
	{ "", 0, 0, 0, 0, 0, 0 },
	{ "...", 1, 0, 0, 1, 1, 0 },
	{ "0x0", 1, 0, 0, 0, 0, 0 },
	{ "0x1, 0x2, ...", 3, 0, 0, 1, 0, 0 },
	{ "0xffffffffffffffff", 1, 0, 0, 0, 0, 0 },
	{ "{0x4aab1d?, 0x5}, 0x2?", 5, 1, 1, 0, 0, 0 },
	{ "{}, 0x1", 3, 1, 0, 0, 0, 0 },
	{ "{{{{{...}}}}}, 0x9", 12, 1, 0, 0, 0, 0 },
	{ "_, {_, _}, 0x1", 6, 1, 0, 0, 0, 0 },
	{ "{0x0, ...}, ...", 5, 1, 0, 1, 0, 0 },
	{ "{{0x1, ...}, ...}, ...", 8, 1, 0, 1, 0, 0 },
	{ " 0x1 ", 1, 0, 0, 0, 0, 0 },
	{ "0x1,0x2", 2, 0, 0, 0, 0, 0 },
	{ "0x1, ", 1, 0, 0, 0, 0, 5 },
	{ "0x1 0x2", 1, 0, 0, 0, 0, 4 },
	{ ", 0x1", 0, 0, 0, 0, 0, 1 },
	{ "0x", 0, 0, 0, 0, 0, 1 },
	{ "0x1, {0x2", 3, 1, 0, 0, 0, 10 },
	{ "0x1}", 1, 0, 0, 0, 0, 4 },
	{ "..., 0x1", 1, 0, 0, 1, 1, 4 },
	{ "{0x1, ..., 0x2}", 3, 1, 0, 0, 0, 10 },
	{ "0x10000000000000000", 0, 0, 0, 0, 0, 1 },
	{ "0x1??", 1, 0, 1, 0, 0, 5 },
	{ "1", 0, 0, 0, 0, 0, 1 },
	{ "{,}", 1, 1, 0, 0, 0, 2 },
	{ "{0x1,}", 2, 1, 0, 0, 0, 6 },
};
// clang-format on

enum {
	ROWS = sizeof(rows) / sizeof(rows[0])
};

START_TEST(elements_and_flags_are_those_of_the_list)
{
	const struct row *row = &rows[_i];
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_words words;
	struct gcr_error err;
	size_t odd;

	ck_assert_int_eq(gcr_words_read_some(gcr_span_of(row->list), arena,
					     &words, &odd, &err),
			 0);
	ck_assert_msg(words.count == row->count, "%s: %zu elements", row->list,
		      words.count);
	ck_assert_msg(words.braced == row->braced, "%s", row->list);
	ck_assert_msg(words.marked == row->marked, "%s", row->list);
	ck_assert_msg(words.cut == row->cut, "%s", row->list);
	ck_assert_msg(words.elided == row->elided, "%s", row->list);
	gcr_arena_free(arena);
}
END_TEST

START_TEST(what_is_no_list_fails_with_its_column)
{
	const struct row *row = &rows[_i];
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_words words;
	struct gcr_error err = { 0 };
	int result =
		gcr_words_read(gcr_span_of(row->list), arena, &words, &err);

	ck_assert_msg(result == (row->odd > 0 ? -1 : 0), "%s", row->list);
	if (result != 0) {
		ck_assert_int_eq(err.code, GCR_FORMAT);
		ck_assert_msg(err.column == row->odd, "%s: column %zu",
			      row->list, err.column);
		ck_assert_uint_gt(strlen(err.text), 0);
	}
	gcr_arena_free(arena);
}
END_TEST

START_TEST(depth_counts_the_braces_around)
{
	static const unsigned depths[] = { 0, 0, 1, 1, 2, 1, 0, 0 };
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_words words;
	struct gcr_error err;

	ck_assert_int_eq(gcr_words_read(GCR_SPAN("0x1, {0x2, {0x3}}, 0x4"),
					arena, &words, &err),
			 0);
	ck_assert_uint_eq(words.count, 8);
	for (size_t i = 0; i < words.count; i++)
		ck_assert_uint_eq(words.items[i].depth, depths[i]);
	ck_assert_uint_eq(words.items[4].value, 3);
	gcr_arena_free(arena);
}
END_TEST

START_TEST(a_mark_is_stale_and_a_gap_is_elided)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_words words;
	struct gcr_error err;

	ck_assert_int_eq(gcr_words_read(GCR_SPAN("0x1?, _, 0x2, ..."), arena,
					&words, &err),
			 0);
	ck_assert_int_eq(words.items[0].certainty, GCR_STALE);
	ck_assert_int_eq(words.items[1].certainty, GCR_ELIDED);
	ck_assert_int_eq(words.items[2].certainty, GCR_EXACT);
	ck_assert_int_eq(words.items[3].certainty, GCR_ELIDED);
	gcr_arena_free(arena);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_words words = { .count = 77 };
	struct gcr_error err = { 0 };

	gcr_arena_fail_at(arena, 1);
	ck_assert_int_eq(gcr_words_read(GCR_SPAN("0x1"), arena, &words, &err),
			 -1);
	ck_assert_int_eq(err.code, GCR_NOMEM);
	ck_assert_uint_eq(words.count, 77);
	gcr_arena_free(arena);
}
END_TEST

START_TEST(certainties_have_the_names_of_the_contract)
{
	static const char *const names[] = { "exact",	  "stale",  "unmarked",
					     "recovered", "elided", "unknown" };

	for (int i = 0; i < 6; i++)
		ck_assert_str_eq(gcr_certainty_name((enum gcr_certainty)i),
				 names[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("words");
	TCase *lists = tcase_create("lists");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(lists, elements_and_flags_are_those_of_the_list, 0,
			    ROWS);
	tcase_add_loop_test(lists, what_is_no_list_fails_with_its_column, 0,
			    ROWS);
	tcase_add_test(lists, depth_counts_the_braces_around);
	tcase_add_test(lists, a_mark_is_stale_and_a_gap_is_elided);
	tcase_add_test(lists, every_allocation_may_fail);
	tcase_add_test(lists, certainties_have_the_names_of_the_contract);
	suite_add_tcase(suite, lists);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
