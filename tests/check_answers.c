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
	const char *right, *given;
	enum answer_kind kind;
	enum verdict verdict;
};

// clang-format off
static const struct row rows[] = {
	{ "25", "25", KIND_INT, RIGHT },
	{ "25", "  25\t", KIND_INT, RIGHT },
	{ "25", "0x19", KIND_INT, RIGHT },
	{ "25", "0X19", KIND_INT, RIGHT },
	{ "25", "0b11001", KIND_INT, RIGHT },
	{ "25", "0o31", KIND_INT, RIGHT },
	{ "25", "025", KIND_INT, RIGHT },
	{ "25", "len 25", KIND_INT, RIGHT },
	{ "25", "25 bytes", KIND_INT, RIGHT },
	{ "25", "i = 25.", KIND_INT, RIGHT },
	{ "25", "0x25", KIND_INT, WRONG },
	{ "25", "24", KIND_INT, WRONG },
	{ "25", "-25", KIND_INT, WRONG },
	{ "-2", "-2", KIND_INT, RIGHT },
	{ "31", "1f", KIND_INT, RIGHT },
	{ "32402", "32 402", KIND_INT, RIGHT },
	{ "32402", "32,402", KIND_INT, RIGHT },
	{ "32402", "32_402", KIND_INT, RIGHT },
	{ "25", "", KIND_INT, UNREADABLE },
	{ "25", "twenty-five", KIND_INT, UNREADABLE },
	{ "25", "24 or 25", KIND_INT, UNREADABLE },
	{ "25", "25th", KIND_INT, UNREADABLE },
	{ "25", "0xzz", KIND_INT, UNREADABLE },
	{ "25", "99999999999999999999", KIND_INT, UNREADABLE },
	{ "18446744073709551615", "0xffffffffffffffff", KIND_INT, RIGHT },
	{ "0x48fc24", "0x48fc24", KIND_HEX, RIGHT },
	{ "0x48fc24", "48fc24", KIND_HEX, RIGHT },
	{ "0x48fc24", "48FC24", KIND_HEX, RIGHT },
	{ "0x48fc24", "0x000048fc24", KIND_HEX, RIGHT },
	{ "0x48fc24", "at 0x48fc24", KIND_HEX, RIGHT },
	{ "0x48fc24", "address 0x48fc24", KIND_HEX, RIGHT },
	{ "0x10", "10", KIND_HEX, RIGHT },
	{ "0x10", "16", KIND_HEX, WRONG },
	{ "0xbeef", "beef", KIND_HEX, RIGHT },
	{ "0x10", "no idea", KIND_HEX, UNREADABLE },
	{ "0x10", "0b10000", KIND_HEX, UNREADABLE },
	{ "net/http.(*Server).Serve", "(*Server).Serve", KIND_NAME, RIGHT },
	{ "net/http.(*Server).Serve", "Server.Serve", KIND_NAME, RIGHT },
	{ "net/http.(*Server).Serve", "http.Server.Serve()", KIND_NAME, RIGHT },
	{ "net/http.(*Server).Serve", "net/http.(*Server).Serve(...)", KIND_NAME, RIGHT },
	{ "net/http.(*Server).Serve", "Serve", KIND_NAME, WRONG },
	{ "net/http.(*Server).Serve", "http.ListenAndServe", KIND_NAME, WRONG },
	{ "runtime.gopanic", "gopanic", KIND_NAME, RIGHT },
	{ "main.main", "MAIN.main", KIND_NAME, RIGHT },
	{ "main.main", "other.main.main", KIND_NAME, WRONG },
	{ "main.main", "()", KIND_NAME, UNREADABLE },
	{ "IO wait", "3", KIND_CHOICE, RIGHT },
	{ "IO wait", "c", KIND_CHOICE, RIGHT },
	{ "IO wait", "io", KIND_CHOICE, RIGHT },
	{ "running", "runni", KIND_CHOICE, RIGHT },
	{ "running", "run", KIND_CHOICE, UNREADABLE },
	{ "running", "runna", KIND_CHOICE, WRONG },
	{ "running", "4", KIND_CHOICE, UNREADABLE },
	{ "running", "0", KIND_CHOICE, UNREADABLE },
	{ "1, 2, 3", "3 2 1", KIND_SET, RIGHT },
	{ "1, 2, 3", "0x1,0x2,0x3", KIND_SET, RIGHT },
	{ "1, 2, 3", "1 2", KIND_SET, WRONG },
	{ "main, Sort", "sort; MAIN", KIND_SET, RIGHT },
	{ "100", "104", KIND_RANGE, RIGHT },
	{ "100", "about 96 s", KIND_RANGE, RIGHT },
	{ "100", "106", KIND_RANGE, WRONG },
	{ "100", "99 to 101", KIND_RANGE, UNREADABLE },
	{ "100", "many", KIND_RANGE, UNREADABLE },
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

// What is said of an answer that cannot be read.
static const char *reply(const struct question *question, const char *given)
{
	struct pool pool = { 0 };
	struct answer got;
	const char *why = "";

	ck_assert_int_eq(answer_read(question, given, &pool, &got, &why), -1);
	pool_done(&pool);
	return why;
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
	ck_assert_ptr_nonnull(strstr(reply(&question, "0x19"), "hexadecimal"));
	ck_assert_ptr_nonnull(strstr(reply(&question, "a"), "hexadecimal"));
	ck_assert_str_eq(reply(&question, "0b11001"), "Write it in decimal.");
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
