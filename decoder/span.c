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
	size_t start = 0, size = strlen(needle);

	if (size == 0)
		return 0;
	while (span.size - start >= size) {
		const char *at = memchr(span.data + start, needle[0],
					span.size - start - size + 1);
		if (at == NULL)
			break;
		if (memcmp(at, needle, size) == 0)
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

enum gcr_number gcr_span_hex(struct gcr_span *span, uint64_t *ret)
{
	uint64_t value = 0;
	size_t i = 2;
	bool overflow = false;

	if (span->size < 3 || span->data[0] != '0' ||
	    (span->data[1] != 'x' && span->data[1] != 'X'))
		return GCR_NUMBER_NONE;
	for (int digit;
	     i < span->size && (digit = gcr_hex_digit(span->data[i])) >= 0;
	     i++) {
		if (value >> 60 != 0)
			overflow = true;
		value = value << 4 | (unsigned)digit;
	}
	if (i == 2)
		return GCR_NUMBER_NONE;
	*span = gcr_span_tail(*span, i);
	if (overflow)
		return GCR_NUMBER_OVERFLOW;
	*ret = value;
	return GCR_NUMBER_OK;
}
