/* Spans: see span.h. */

#include "span.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct gcr_span gcr_span_trim(struct gcr_span span)
{
	while (span.size > 0 && is_blank(span.data[span.size - 1]))
		span.size--;
	while (span.size > 0 && is_blank(span.data[0]))
		span = gcr_span_tail(span, 1);
	return span;
}

ptrdiff_t gcr_span_find(struct gcr_span span, char c)
{
	const char *at = span.size ? memchr(span.data, c, span.size) : NULL;

	return at != NULL ? at - span.data : GCR_NOWHERE;
}

ptrdiff_t gcr_span_find_last(struct gcr_span span, char c)
{
	for (size_t i = span.size; i > 0; i--)
		if (span.data[i - 1] == c)
			return (ptrdiff_t)i - 1;
	return GCR_NOWHERE;
}

ptrdiff_t gcr_span_find_text(struct gcr_span span, const char *needle)
{
	return gcr_span_find_span(span, gcr_span_of(needle));
}

ptrdiff_t gcr_span_find_span(struct gcr_span span, struct gcr_span needle)
{
	size_t start = 0, size = needle.size;

	if (size == 0)
		return 0;
	while (span.size - start >= size) {
		const char *at = memchr(span.data + start, needle.data[0],
					span.size - start - size + 1);
		if (at == NULL)
			break;
		if (memcmp(at, needle.data, size) == 0)
			return at - span.data;
		start = (size_t)(at - span.data) + 1;
	}
	return GCR_NOWHERE;
}

struct gcr_span gcr_span_until(struct gcr_span *span, char c)
{
	ptrdiff_t at = gcr_span_find(*span, c);
	struct gcr_span head = *span;

	if (at == GCR_NOWHERE) {
		*span = gcr_span_tail(*span, span->size);
		return head;
	}
	*span = gcr_span_tail(*span, (size_t)at + 1);
	return gcr_span_head(head, (size_t)at);
}

enum gcr_number gcr_span_decimal(struct gcr_span *span, uint64_t *ret)
{
	uint64_t value = 0;
	size_t i = 0;
	bool overflow = false;

	for (; i < span->size && gcr_is_digit(span->data[i]); i++) {
		unsigned digit = (unsigned)(span->data[i] - '0');
		if (value > (UINT64_MAX - digit) / 10)
			overflow = true;
		else
			value = value * 10 + digit;
	}
	if (i == 0)
		return GCR_NUMBER_NONE;
	*span = gcr_span_tail(*span, i);
	if (overflow)
		return GCR_NUMBER_OVERFLOW;
	*ret = value;
	return GCR_NUMBER_OK;
}

// Values of hexadecimal digits, plus one; 0 for all other characters. Numbers
// are most of a dump of a server, so that they are worth a table.
static const unsigned char digit_plus_one[256] = {
	['0'] = 1,  ['1'] = 2,	['2'] = 3,  ['3'] = 4,	['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,	['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

enum gcr_number gcr_span_hex(struct gcr_span *span, uint64_t *ret)
{
	uint64_t value = 0, lost = 0;
	const char *at = span->data, *end;
	unsigned digit;

	if (span->size < 3 || at[0] != '0' || (at[1] != 'x' && at[1] != 'X'))
		return GCR_NUMBER_NONE;
	end = at + span->size;
	for (at += 2;
	     at < end && (digit = digit_plus_one[(unsigned char)*at]) > 0;
	     at++) {
		lost |= value >> 60;
		value = value << 4 | (digit - 1);
	}
	if (at == span->data + 2)
		return GCR_NUMBER_NONE;
	*span = (struct gcr_span){ at, (size_t)(end - at) };
	if (lost != 0)
		return GCR_NUMBER_OVERFLOW;
	*ret = value;
	return GCR_NUMBER_OK;
}

uint32_t gcr_span_hex4(struct gcr_span span)
{
	uint32_t value = 0;

	if (span.size < 4)
		return UINT32_MAX;
	for (size_t i = 0; i < 4; i++) {
		int digit = gcr_hex_digit(span.data[i]);

		if (digit < 0)
			return UINT32_MAX;
		value = value << 4 | (uint32_t)digit;
	}
	return value;
}
