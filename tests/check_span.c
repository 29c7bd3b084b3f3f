/* Pieces of text, and the numbers at their start. */

#include "span.h"

#include "support.h"

#include <check.h>
#include <inttypes.h>

static const struct number_row {
	const char *text;
	enum gcr_number result;
	uint64_t value;
	const char *rest; /* what is left of the text */
} decimals[] = {
	{ "", GCR_NUMBER_NONE, 0, "" },
	{ "x", GCR_NUMBER_NONE, 0, "x" },
	{ "-1", GCR_NUMBER_NONE, 0, "-1" },
	{ "+1", GCR_NUMBER_NONE, 0, "+1" },
	{ " 1", GCR_NUMBER_NONE, 0, " 1" },
	{ "0", GCR_NUMBER_OK, 0, "" },
	{ "007", GCR_NUMBER_OK, 7, "" },
	{ "12 minutes", GCR_NUMBER_OK, 12, " minutes" },
	{ "0x10", GCR_NUMBER_OK, 0, "x10" },
	{ "18446744073709551610", GCR_NUMBER_OK, UINT64_MAX - 5, "" },
	{ "18446744073709551615", GCR_NUMBER_OK, UINT64_MAX, "" },
	{ "18446744073709551616", GCR_NUMBER_OVERFLOW, 0, "" },
	{ "99999999999999999999]", GCR_NUMBER_OVERFLOW, 0, "]" },
	{ "000000000000000000000000000001", GCR_NUMBER_OK, 1, "" },
};

static const struct number_row hexes[] = {
	{ "", GCR_NUMBER_NONE, 0, "" },
	{ "0", GCR_NUMBER_NONE, 0, "0" },
	{ "0x", GCR_NUMBER_NONE, 0, "0x" },
	{ "0xg", GCR_NUMBER_NONE, 0, "0xg" },
	{ "x1", GCR_NUMBER_NONE, 0, "x1" },
	{ "1f", GCR_NUMBER_NONE, 0, "1f" },
	{ "0x0", GCR_NUMBER_OK, 0, "" },
	{ "0x2a?", GCR_NUMBER_OK, 42, "?" },
	{ "0X2A", GCR_NUMBER_OK, 42, "" },
	{ "0xffffffffffffffff", GCR_NUMBER_OK, UINT64_MAX, "" },
	{ "0x00000000000000000001", GCR_NUMBER_OK, 1, "" },
	{ "0x10000000000000000", GCR_NUMBER_OVERFLOW, 0, "" },
	{ "0xfffffffffffffffff, 0x1", GCR_NUMBER_OVERFLOW, 0, ", 0x1" },
};

enum {
	DECIMALS = sizeof(decimals) / sizeof(decimals[0]),
	HEXES = sizeof(hexes) / sizeof(hexes[0])
};

static void check_number(const struct number_row *row,
			 enum gcr_number (*read)(struct gcr_span *, uint64_t *))
{
	struct gcr_span span = gcr_span_of(row->text);
	uint64_t value = 0;
	enum gcr_number result = read(&span, &value);

	ck_assert_msg(result == row->result && value == row->value,
		      "'%s': %d, %" PRIu64, row->text, (int)result, value);
	assert_span(span, row->rest, row->text);
}

START_TEST(a_decimal_number_is_read_to_its_first_stray_character)
{
	check_number(&decimals[_i], gcr_span_decimal);
}
END_TEST

START_TEST(a_hexadecimal_number_is_read_to_its_first_stray_character)
{
	check_number(&hexes[_i], gcr_span_hex);
}
END_TEST

START_TEST(four_hexadecimal_digits_or_none)
{
	ck_assert_uint_eq(gcr_span_hex4(GCR_SPAN("00e9x")), 0xe9);
	ck_assert_uint_eq(gcr_span_hex4(GCR_SPAN("FfFf")), 0xffff);
	ck_assert_uint_eq(gcr_span_hex4(GCR_SPAN("00e")), UINT32_MAX);
	ck_assert_uint_eq(gcr_span_hex4(GCR_SPAN("0x1f")), UINT32_MAX);
}
END_TEST

START_TEST(heads_and_tails_stay_inside_their_span)
{
	struct gcr_span span = GCR_SPAN("abc");

	assert_span(gcr_span_head(span, 2), "ab", "head");
	assert_span(gcr_span_head(span, 9), "abc", "long head");
	assert_span(gcr_span_tail(span, 2), "c", "tail");
	assert_span(gcr_span_tail(span, 9), "", "long tail");
	ck_assert_ptr_null(gcr_span_tail((struct gcr_span){ 0 }, 3).data);
}
END_TEST

START_TEST(searches_find_the_first_or_the_last)
{
	struct gcr_span span = GCR_SPAN("a.b.c");

	ck_assert_int_eq(gcr_span_find(span, '.'), 1);
	ck_assert_int_eq(gcr_span_find_last(span, '.'), 3);
	ck_assert_int_eq(gcr_span_find(span, 'x'), GCR_NOWHERE);
	ck_assert_int_eq(gcr_span_find_text(span, ".c"), 3);
	ck_assert_int_eq(gcr_span_find_text(span, ".cd"), GCR_NOWHERE);
	ck_assert_int_eq(gcr_span_find_text(GCR_SPAN("aaab"), "aab"), 1);
	ck_assert_int_eq(gcr_span_find_text((struct gcr_span){ 0 }, "a"),
			 GCR_NOWHERE);
}
END_TEST

START_TEST(a_span_without_data_is_like_an_empty_one)
{
	struct gcr_span none = { 0 };

	ck_assert(gcr_span_equal(none, GCR_SPAN("")));
	ck_assert(gcr_span_is(none, ""));
	ck_assert(gcr_span_starts(none, ""));
	ck_assert(!gcr_span_starts(none, "a"));
	ck_assert(!gcr_span_ends(none, "a"));
	ck_assert(!gcr_span_skip(&none, "a"));
	ck_assert(!gcr_span_skip_char(&none, 'a'));
	ck_assert_uint_eq(gcr_span_trim(none).size, 0);
	ck_assert_uint_eq(gcr_span_until(&none, ',').size, 0);
}
END_TEST

START_TEST(fields_are_cut_off_one_after_the_other)
{
	struct gcr_span span = GCR_SPAN("a,,b");

	assert_span(gcr_span_until(&span, ','), "a", "first");
	assert_span(gcr_span_until(&span, ','), "", "second");
	assert_span(gcr_span_until(&span, ','), "b", "third");
	ck_assert_uint_eq(span.size, 0);
}
END_TEST

START_TEST(trimming_takes_all_white_space_at_both_ends)
{
	assert_span(gcr_span_trim(GCR_SPAN("\t  a b \r\n")), "a b", "trimmed");
	assert_span(gcr_span_trim(GCR_SPAN(" \t\r\n")), "", "all blank");
}
END_TEST

static Suite *span_suite(void)
{
	Suite *suite = suite_create("span");
	TCase *tcase = tcase_create("span");

	tcase_add_loop_test(
		tcase, a_decimal_number_is_read_to_its_first_stray_character, 0,
		DECIMALS);
	tcase_add_loop_test(
		tcase,
		a_hexadecimal_number_is_read_to_its_first_stray_character, 0,
		HEXES);
	tcase_add_test(tcase, heads_and_tails_stay_inside_their_span);
	tcase_add_test(tcase, four_hexadecimal_digits_or_none);
	tcase_add_test(tcase, searches_find_the_first_or_the_last);
	tcase_add_test(tcase, a_span_without_data_is_like_an_empty_one);
	tcase_add_test(tcase, fields_are_cut_off_one_after_the_other);
	tcase_add_test(tcase, trimming_takes_all_white_space_at_both_ends);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(span_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
