/*
 * Go runtime/error.go boundsErrorFmts and boundsNegErrorFmts, since go1.13.
 * In a row's form `%` stands for a number, which may be negative.
 */

#include "bounds.h"

#include "span.h"

#include <inttypes.h>
#include <stdio.h>

#define RANGE "runtime error: slice bounds out of range "

// clang-format off
static const struct {
	const char *form;
	const char *first, *second; /* what the numbers are */
} rows[] = {
	{ "runtime error: index out of range [%] with length %",
	  "index", "the length" },
	{ "runtime error: index out of range [%]", "index", NULL },
	{ RANGE "[:%] with length %", "the high bound", "the length" },
	{ RANGE "[:%] with capacity %", "the high bound", "the capacity" },
	{ RANGE "[:%:%]", "the high bound", "the max bound" },
	{ RANGE "[:%:]", "the high bound", NULL },
	{ RANGE "[:%]", "the high bound", NULL },
	{ RANGE "[::%] with length %", "the max bound", "the length" },
	{ RANGE "[::%] with capacity %", "the max bound", "the capacity" },
	{ RANGE "[::%]", "the max bound", NULL },
	{ RANGE "[%:%:]", "the low bound", "the high bound" },
	{ RANGE "[%:%]", "the low bound", "the high bound" },
	{ RANGE "[%::]", "the low bound", NULL },
	{ RANGE "[%:]", "the low bound", NULL },
};
// clang-format on

struct number {
	uint64_t value;
	bool negative;
};

static bool read_number(struct gcr_span *text, struct number *ret)
{
	ret->negative = gcr_span_skip_char(text, '-');
	return gcr_span_decimal(text, &ret->value) == GCR_NUMBER_OK;
}

// The whole text has this form; `numbers` has room for two.
static bool match(struct gcr_span text, const char *form,
		  struct number *numbers, size_t *count)
{
	*count = 0;
	for (; *form != '\0'; form++) {
		if (*form == '%') {
			if (!read_number(&text, &numbers[(*count)++]))
				return false;
		} else if (!gcr_span_skip_char(&text, *form)) {
			return false;
		}
	}
	return text.size == 0;
}

static void explain(size_t row, const struct number *numbers, size_t count,
		    struct gcr_bounds_text *ret)
{
	const char *sign = numbers[0].negative ? "-" : "";
	const char *first = rows[row].first, *second = rows[row].second;

	if (count == 1 || numbers[0].negative)
		snprintf(ret->text, sizeof(ret->text),
			 "%s is %s%" PRIu64 ": negative", first, sign,
			 numbers[0].value);
	else if (row > 0)
		snprintf(ret->text, sizeof(ret->text),
			 "%s is %" PRIu64 ", but %s is only %" PRIu64, first,
			 numbers[0].value, second, numbers[1].value);
	else if (numbers[1].value == 0)
		snprintf(ret->text, sizeof(ret->text),
			 "index %" PRIu64 ", but it is empty",
			 numbers[0].value);
	else if (numbers[1].value == 1)
		snprintf(ret->text, sizeof(ret->text),
			 "index %" PRIu64 ", but the length is 1: only 0 is "
			 "valid",
			 numbers[0].value);
	else
		snprintf(ret->text, sizeof(ret->text),
			 "index %" PRIu64 ", but the length is %" PRIu64
			 ": 0 to %" PRIu64 " are valid",
			 numbers[0].value, numbers[1].value,
			 numbers[1].value - 1);
}

bool gcr_bounds_explain(struct gcr_span text, struct gcr_bounds_text *ret)
{
	struct number numbers[2] = { { 0 } };
	size_t count;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (match(text, rows[i].form, numbers, &count)) {
			explain(i, numbers, count, ret);
			return true;
		}
	return false;
}
