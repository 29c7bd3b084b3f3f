/*
 * Answers as people write them, and as they must be compared: as values. Rows of
 * spellings for each kind; what cannot be read is no wrong answer.
 */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "runner/answer.h"

static const char *const choices[] = { "runnable", "running", "IO wait" };

static struct question question_of(enum answer_kind kind)
{
	return (struct question){ .kind = kind,
				  .choices = (const char **)(uintptr_t)choices,
				  .choice_count = 3,
				  .tolerance = "5%" };
}

enum verdict {
	WRONG,
	RIGHT,
	UNREADABLE,
};

struct row {
	enum answer_kind kind;
	const char *right, *given;
	enum verdict verdict;
};

// clang-format off
static const struct row rows[] = {
	{ KIND_INT, "25", "25", RIGHT },
	{ KIND_INT, "25", "  25\t", RIGHT },
	{ KIND_INT, "25", "0x19", RIGHT },
	{ KIND_INT, "25", "0X19", RIGHT },
	{ KIND_INT, "25", "0b11001", RIGHT },
	{ KIND_INT, "25", "0o31", RIGHT },
	{ KIND_INT, "25", "025", RIGHT },
	{ KIND_INT, "25", "len 25", RIGHT },
	{ KIND_INT, "25", "25 bytes", RIGHT },
	{ KIND_INT, "25", "i = 25.", RIGHT },
	{ KIND_INT, "25", "0x25", WRONG },
	{ KIND_INT, "25", "24", WRONG },
	{ KIND_INT, "25", "-25", WRONG },
	{ KIND_INT, "-2", "-2", RIGHT },
	{ KIND_INT, "31", "1f", RIGHT },
	{ KIND_INT, "32402", "32 402", RIGHT },
	{ KIND_INT, "32402", "32,402", RIGHT },
	{ KIND_INT, "32402", "32_402", RIGHT },
	{ KIND_INT, "25", "", UNREADABLE },
	{ KIND_INT, "25", "twenty-five", UNREADABLE },
	{ KIND_INT, "25", "24 or 25", UNREADABLE },
	{ KIND_INT, "25", "25th", UNREADABLE },
	{ KIND_INT, "25", "0xzz", UNREADABLE },
	{ KIND_INT, "25", "99999999999999999999", UNREADABLE },
	{ KIND_INT, "18446744073709551615", "0xffffffffffffffff", RIGHT },
	{ KIND_HEX, "0x48fc24", "0x48fc24", RIGHT },
	{ KIND_HEX, "0x48fc24", "48fc24", RIGHT },
	{ KIND_HEX, "0x48fc24", "48FC24", RIGHT },
	{ KIND_HEX, "0x48fc24", "0x000048fc24", RIGHT },
	{ KIND_HEX, "0x48fc24", "at 0x48fc24", RIGHT },
	{ KIND_HEX, "0x48fc24", "address 0x48fc24", RIGHT },
	{ KIND_HEX, "0x10", "10", RIGHT },
	{ KIND_HEX, "0x10", "16", WRONG },
	{ KIND_HEX, "0xbeef", "beef", RIGHT },
	{ KIND_HEX, "0x10", "no idea", UNREADABLE },
	{ KIND_HEX, "0x10", "0b10000", UNREADABLE },
	{ KIND_NAME, "net/http.(*Server).Serve", "(*Server).Serve", RIGHT },
	{ KIND_NAME, "net/http.(*Server).Serve", "Server.Serve", RIGHT },
	{ KIND_NAME, "net/http.(*Server).Serve", "http.Server.Serve()", RIGHT },
	{ KIND_NAME, "net/http.(*Server).Serve", "net/http.(*Server).Serve(...)", RIGHT },
	{ KIND_NAME, "net/http.(*Server).Serve", "Serve", WRONG },
	{ KIND_NAME, "net/http.(*Server).Serve", "http.ListenAndServe", WRONG },
	{ KIND_NAME, "runtime.gopanic", "gopanic", RIGHT },
	{ KIND_NAME, "main.main", "MAIN.main", RIGHT },
	{ KIND_NAME, "main.main", "other.main.main", WRONG },
	{ KIND_NAME, "main.main", "()", UNREADABLE },
	{ KIND_CHOICE, "IO wait", "3", RIGHT },
	{ KIND_CHOICE, "IO wait", "c", RIGHT },
	{ KIND_CHOICE, "IO wait", "io", RIGHT },
	{ KIND_CHOICE, "running", "runni", RIGHT },
	{ KIND_CHOICE, "running", "run", UNREADABLE },
	{ KIND_CHOICE, "running", "runna", WRONG },
	{ KIND_CHOICE, "running", "4", UNREADABLE },
	{ KIND_CHOICE, "running", "0", UNREADABLE },
	{ KIND_SET, "1, 2, 3", "3 2 1", RIGHT },
	{ KIND_SET, "1, 2, 3", "0x1,0x2,0x3", RIGHT },
	{ KIND_SET, "1, 2, 3", "1 2", WRONG },
	{ KIND_SET, "main, Sort", "sort; MAIN", RIGHT },
	{ KIND_RANGE, "100", "104", RIGHT },
	{ KIND_RANGE, "100", "about 96 s", RIGHT },
	{ KIND_RANGE, "100", "106", WRONG },
	{ KIND_RANGE, "100", "99 to 101", UNREADABLE },
	{ KIND_RANGE, "100", "many", UNREADABLE },
};
// clang-format on

static enum verdict judge(const struct question *question, const char *right,
			  const char *given)
{
	struct pool pool = { 0 };
	struct answer model, got;
	const char *why = NULL;
	enum verdict verdict = UNREADABLE;

	ck_assert_msg(answer_read(question, right, &pool, &model, &why) == 0,
		      "the model answer '%s' cannot be read: %s", right, why);
	if (answer_read(question, given, &pool, &got, &why) == 0)
		verdict = answer_equal(question, &model, &got) ? RIGHT : WRONG;
	else
		ck_assert_ptr_nonnull(why);
	pool_done(&pool);
	return verdict;
}

START_TEST(each_spelling_is_judged_by_its_value)
{
	static const char *const names[] = { "wrong", "right", "unreadable" };
	const struct row *row = &rows[_i];
	struct question question = question_of(row->kind);
	enum verdict verdict = judge(&question, row->right, row->given);

	ck_assert_msg(verdict == row->verdict, "'%s' for %s %s is %s, not %s",
		      row->given, answer_kind_name(row->kind), row->right,
		      names[verdict], names[row->verdict]);
}
END_TEST

START_TEST(hexadecimal_is_asked_back_where_decimal_is_the_question)
{
	struct question question = question_of(KIND_INT);

	question.decimal = true;
	ck_assert_int_eq(judge(&question, "25", "25"), RIGHT);
	ck_assert_int_eq(judge(&question, "25", "19"), WRONG);
	ck_assert_int_eq(judge(&question, "25", "0x19"), UNREADABLE);
	ck_assert_int_eq(judge(&question, "26", "1a"), UNREADABLE);
	ck_assert_int_eq(judge(&question, "25", "decimal 25"), RIGHT);
}
END_TEST

START_TEST(every_byte_string_is_read_without_harm)
{
	struct pool pool = { 0 };
	char text[8] = "";
	struct answer got;
	const char *why;

	// Three bytes of all values, in every place of a short answer.
	for (unsigned n = 0; n < 256u * 64u; n++) {
		struct question question =
			question_of((enum answer_kind)(n % KIND_COUNT));

		text[n % 5] = (char)(n >> 6);
		text[(n / 3) % 5] = (char)(n * 7);
		text[5] = '\0';
		(void)!answer_read(&question, text, &pool, &got, &why);
		if (n % 1024 == 0)
			pool_done(&pool);
	}
	pool_done(&pool);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("answers");
	TCase *tcase = tcase_create("reading");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, each_spelling_is_judged_by_its_value, 0,
			    (int)(sizeof(rows) / sizeof(*rows)));
	tcase_add_test(tcase,
		       hexadecimal_is_asked_back_where_decimal_is_the_question);
	tcase_add_test(tcase, every_byte_string_is_read_without_harm);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
