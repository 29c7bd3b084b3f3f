/* What is written: through a buffer, safe for terminals, valid as JSON. */

#include "sink.h"

#include "span.h"
#include "support.h"

#include <check.h>
#include <stdio.h>

static struct text written;
static size_t writes, fail_from;
static struct gcr_sink sink;
static struct gcr_error err;

static int keep(void *to, const char *data, size_t size)
{
	ck_assert_ptr_eq(to, &written);
	if (++writes >= fail_from && fail_from > 0)
		return -1;
	text_put(&written, data, size);
	return 0;
}

static const struct gcr_output output = { keep, &written };

static void set_up(void)
{
	fail_from = 0;
	gcr_sink_init(&sink, &output);
}

static void tear_down(void)
{
	text_free(&written);
}

static void assert_written(const char *want, const char *what)
{
	ck_assert_int_eq(gcr_sink_done(&sink, &err), 0);
	assert_span((struct gcr_span){ written.data, written.size }, want,
		    what);
}

// clang-format off
static const struct escape_row {
	const char *label;
	struct gcr_span text;
	const char *want;
} safe_rows[] = {
	{ "plain", GCR_LITERAL("plain text"), "plain text" },
	{ "accents", GCR_LITERAL("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
	{ "an escape sequence", GCR_LITERAL("\x1b[31mred"), "\\x1b[31mred" },
	{ "NUL and DEL", GCR_LITERAL("a\0\x7f"), "a\\x00\\x7f" },
	{ "CR, LF and tab", GCR_LITERAL("\r\n\t"), "\\x0d\\x0a\\x09" },
	{ "a C1 control", GCR_LITERAL("\xc2\x9b" "31m"), "\\xc2\\x9b31m" },
	{ "a bidirectional override", GCR_LITERAL("\xe2\x80\xae" "x"), "\\u202ex" },
	{ "an isolate", GCR_LITERAL("\xe2\x81\xa6"), "\\u2066" },
	{ "a stray byte", GCR_LITERAL("\x80" "a\xff"), "\\x80a\\xff" },
	{ "a sequence cut short", GCR_LITERAL("\xe2\x82"), "\\xe2\\x82" },
	{ "an overlong slash", GCR_LITERAL("\xc0\xaf"), "\\xc0\\xaf" },
	{ "a surrogate", GCR_LITERAL("\xed\xa0\x80"), "\\xed\\xa0\\x80" },
	{ "beyond Unicode", GCR_LITERAL("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" },
};

static const struct escape_row json_rows[] = {
	{ "empty", GCR_LITERAL(""), "\"\"" },
	{ "quotes and backslash", GCR_LITERAL("a\"b\\c"), "\"a\\\"b\\\\c\"" },
	{ "CR, LF and tab", GCR_LITERAL("\r\n\t"), "\"\\r\\n\\t\"" },
	{ "other controls", GCR_LITERAL("\0\x1b\x7f"), "\"\\u0000\\u001b\\u007f\"" },
	{ "accents as they are", GCR_LITERAL("\xc3\xa9"), "\"\xc3\xa9\"" },
	{ "not UTF-8", GCR_LITERAL("a\xff" "b"), "\"a\xef\xbf\xbd" "b\"" },
	{ "a surrogate", GCR_LITERAL("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ "an override", GCR_LITERAL("\xe2\x80\xae"), "\"\\u202e\"" },
};
// clang-format on

enum {
	SAFE_ROWS = sizeof(safe_rows) / sizeof(safe_rows[0]),
	JSON_ROWS = sizeof(json_rows) / sizeof(json_rows[0])
};

START_TEST(nothing_that_moves_a_terminal_is_written_raw)
{
	gcr_sink_safe(&sink, safe_rows[_i].text, false);
	assert_written(safe_rows[_i].want, safe_rows[_i].label);
}
END_TEST

START_TEST(a_tab_may_be_kept)
{
	gcr_sink_safe(&sink, GCR_SPAN("a\tb\n"), true);
	assert_written("a\tb\\x0a", "tab kept");
}
END_TEST

START_TEST(a_JSON_string_is_valid_whatever_it_holds)
{
	gcr_sink_json(&sink, json_rows[_i].text);
	assert_written(json_rows[_i].want, json_rows[_i].label);
}
END_TEST

START_TEST(every_byte_alone_makes_an_ASCII_string)
{
	for (int c = 0; c < 256; c++) {
		char byte = (char)c;
		struct text *text = &written;
		gcr_sink_safe(&sink, (struct gcr_span){ &byte, 1 }, false);
		ck_assert_int_eq(gcr_sink_done(&sink, &err), 0);
		for (size_t i = 0; i < text->size; i++)
			ck_assert_msg(text->data[i] >= 0x20 &&
					      text->data[i] < 0x7f,
				      "byte %d is written raw", c);
		text->size = 0;
	}
}
END_TEST

START_TEST(a_failed_write_latches_and_is_told_at_the_end)
{
	static const char block[5000] = { 0 };

	fail_from = 2;
	for (size_t i = 0; i < 10; i++)
		gcr_sink_put(&sink, block, sizeof(block));
	ck_assert_uint_eq(writes, 2);
	ck_assert_int_eq(gcr_sink_done(&sink, &err), -1);
	ck_assert_int_eq((int)err.code, GCR_IO);
	ck_assert_uint_eq(sink.total, 50000);
}
END_TEST

START_TEST(what_is_put_arrives_in_order_at_every_size)
{
	char block[20000];
	size_t total = 0;

	for (size_t size = 0; size < sizeof(block); size += 619) {
		memset(block, 'a' + (int)(size % 26), size);
		gcr_sink_put(&sink, block, size);
		total += size;
	}
	ck_assert_int_eq(gcr_sink_done(&sink, &err), 0);
	ck_assert_uint_eq(written.size, total);
	ck_assert_uint_eq(sink.total, total);
}
END_TEST

START_TEST(numbers_are_written_to_their_last_digit)
{
	gcr_sink_hex(&sink, 0);
	gcr_sink_char(&sink, ' ');
	gcr_sink_hex(&sink, UINT64_MAX);
	gcr_sink_char(&sink, ' ');
	gcr_sink_decimal(&sink, 0);
	gcr_sink_char(&sink, ' ');
	gcr_sink_decimal(&sink, UINT64_MAX);
	gcr_sink_repeat(&sink, '-', 3);
	gcr_sink_print(&sink, "%s", "!");
	assert_written("0x0 0xffffffffffffffff 0 18446744073709551615---!",
		       "numbers");
}
END_TEST

static Suite *sink_suite(void)
{
	Suite *suite = suite_create("sink");
	TCase *tcase = tcase_create("sink");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, nothing_that_moves_a_terminal_is_written_raw,
			    0, SAFE_ROWS);
	tcase_add_test(tcase, a_tab_may_be_kept);
	tcase_add_loop_test(tcase, a_JSON_string_is_valid_whatever_it_holds, 0,
			    JSON_ROWS);
	tcase_add_test(tcase, every_byte_alone_makes_an_ASCII_string);
	tcase_add_test(tcase, a_failed_write_latches_and_is_told_at_the_end);
	tcase_add_test(tcase, what_is_put_arrives_in_order_at_every_size);
	tcase_add_test(tcase, numbers_are_written_to_their_last_digit);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(sink_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
