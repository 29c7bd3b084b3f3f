/* Words given by hand: the course's own two lists, and what cannot be read. */

#include "support.h"

#include "span.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct gcr_view plain_view;

static int put(void *to, const char *data, size_t size)
{
	text_put(to, data, size);
	return 0;
}

static void assert_says(const struct text *out, const char *what)
{
	ck_assert_msg(strstr(out->data, what) != NULL, "no '%s' in:\n%s", what,
		      out->data);
}

static int write_words(const char *signature, const char *list,
		       const struct gcr_view *view, bool json, struct text *out,
		       struct gcr_error *err)
{
	struct gcr_output output = { .write = put, .to = out };

	return gcr_write_words(gcr_span_of(signature), gcr_span_of(list), view,
			       json, &output, err);
}

static struct text words_text(const char *signature, const char *list)
{
	struct text out = { 0 };
	struct gcr_error err;

	ck_assert_int_eq(
		write_words(signature, list, &plain_view, false, &out, &err),
		0);
	text_put(&out, "", 1);
	return out;
}

START_TEST(the_packed_word_of_the_course)
{
	struct text out = words_text("main.example(b1, b2, b3 bool, i uint8)",
				     "0xc019010001, 0x1064ee0, 0xc000076058");

	assert_says(&out, "Word value (0xc019010001)\n"
			  "Bits    Binary      Hex   Value\n"
			  "00-07   0000 0001   01    true\n"
			  "08-15   0000 0000   00    false\n"
			  "16-23   0000 0001   01    true\n"
			  "24-31   0001 1001   19    25\n"
			  "Bits 32-39 (0xc0) belong to nobody.\n"
			  "Return Arguments: 0x1064ee0, 0xc000076058\n");
	text_free(&out);
}
END_TEST

START_TEST(the_words_of_the_course)
{
	struct text out = words_text(
		"main.example(slice []string, str string, i int) error",
		"0xc000042748, 0x2, 0x4, 0x106abae, 0x5, 0xa, 0x0, "
		"0xc000054778");

	assert_says(&out, "Values (0xc000042748, 0x2, 0x4, 0x106abae, 0x5, "
			  "0xa, 0x0, 0xc000054778)\n"
			  "Slice Value:      0xc000042748, 0x2, 0x4\n"
			  "String Value:     0x106abae, 0x5\n"
			  "Integer Value:    0xa\n"
			  "Return Arguments: 0x0, 0xc000054778\n");
	assert_says(&out, "i      int       10 ");
	text_free(&out);
}
END_TEST

START_TEST(what_is_not_said_is_taken_from_the_list)
{
	struct text out = words_text("f(s []int)", "{0xc000042748, 0x2, 0x4}");

	assert_says(&out, "[]int(len 2, cap 4, 0xc000042748)  unmarked\n");
	text_free(&out);
	// Flat or typed alike; with a word too many, flat for certain.
	out = words_text("f(i int)", "0xa");
	assert_says(&out, "i  int  10  unmarked\n");
	text_free(&out);
	out = words_text("f(i int)", "0xa, 0x1");
	assert_says(&out, "i  int  10  exact\n");
	assert_says(&out, "Flat words");
	text_free(&out);
	out = words_text("f(i int)", "0xa?");
	assert_says(&out, "i  int  10  stale\n");
	text_free(&out);
}
END_TEST

START_TEST(words_that_cannot_be_read_are_an_error)
{
	struct text out = { 0 };
	struct gcr_error err;

	ck_assert_int_eq(
		write_words("f(a int", "0x1", &plain_view, false, &out, &err),
		-1);
	ck_assert_int_eq((int)err.code, GCR_SYNTAX);
	ck_assert_int_eq(write_words("f(a int)", "0x1, zz", &plain_view, false,
				     &out, &err),
			 -1);
	ck_assert_int_eq((int)err.code, GCR_SYNTAX);
	ck_assert_uint_eq(err.column, 6);
	ck_assert_uint_eq(out.size, 0);
	text_free(&out);
}
END_TEST

START_TEST(every_failed_allocation_of_words_is_an_error)
{
	struct gcr_view view = { 0 };
	int result = -1;

	for (view.fail_at = 1; result != 0; view.fail_at++) {
		struct text out = { 0 };
		struct gcr_error err = { .code = GCR_BUG };

		ck_assert_uint_lt(view.fail_at, 2000);
		result = write_words("f(a, b int8, c struct{ x, y int }) error",
				     "0x102, 0x2, 0x3, 0x0, 0x0", &view,
				     _i == 1, &out, &err);
		if (result != 0)
			ck_assert_int_eq((int)err.code, GCR_NOMEM);
		text_free(&out);
	}
	ck_assert_uint_gt(view.fail_at, 10);
}
END_TEST

static Suite *byhand_suite(void)
{
	Suite *suite = suite_create("byhand");
	TCase *words = tcase_create("words");

	tcase_add_test(words, the_words_of_the_course);
	tcase_add_test(words, the_packed_word_of_the_course);
	tcase_add_test(words, what_is_not_said_is_taken_from_the_list);
	tcase_add_test(words, words_that_cannot_be_read_are_an_error);
	tcase_add_loop_test(words, every_failed_allocation_of_words_is_an_error,
			    0, 2);
	suite_add_tcase(suite, words);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(byhand_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
