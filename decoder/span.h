#ifndef GCR_SPAN_H
#define GCR_SPAN_H

/*
 * Pieces of text that need no NUL, and a cursor over one. Nothing here
 * allocates, and nothing reads past the end of a span. The small ones are inline:
 * with a literal beside them they come down to one comparison, and the reader
 * does some tens of them a line.
 */

#include "gocrash.h"

#include <string.h>

/* A span of a string literal, as an initialiser or an expression. */
#define GCR_LITERAL(text)                                                      \
	{                                                                      \
		(text), sizeof(text) - 1                                       \
	}
#define GCR_SPAN(text) ((struct gcr_span)GCR_LITERAL(text))

/* For `%.*s`: at most `INT_MAX` bytes of a span. */
#define GCR_PRINT_SPAN(span)                                                   \
	(int)((span).size > 0x7fffffff ? 0x7fffffff : (span).size),            \
		((span).data ? (span).data : "")

static inline struct gcr_span gcr_span_of(const char *text)
{
	return (struct gcr_span){ text, strlen(text) };
}

static inline bool gcr_span_equal(struct gcr_span a, struct gcr_span b)
{
	return a.size == b.size &&
	       (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool gcr_span_is(struct gcr_span span, const char *text)
{
	return gcr_span_equal(span, gcr_span_of(text));
}

static inline bool gcr_span_starts(struct gcr_span span, const char *prefix)
{
	size_t size = strlen(prefix);

	return span.size >= size &&
	       (size == 0 || memcmp(span.data, prefix, size) == 0);
}

/* The same with a span, for the rows of tables. */
static inline bool gcr_span_begins(struct gcr_span span, struct gcr_span prefix)
{
	return span.size >= prefix.size && prefix.size > 0 &&
	       span.data[0] == prefix.data[0] &&
	       memcmp(span.data, prefix.data, prefix.size) == 0;
}

static inline bool gcr_span_ends(struct gcr_span span, const char *suffix)
{
	size_t size = strlen(suffix);

	return span.size >= size &&
	       (size == 0 ||
		memcmp(span.data + span.size - size, suffix, size) == 0);
}

/* The first `size` bytes, or what lies behind them; clamped to the span. */
static inline struct gcr_span gcr_span_head(struct gcr_span span, size_t size)
{
	if (size < span.size)
		span.size = size;
	return span;
}

static inline struct gcr_span gcr_span_tail(struct gcr_span span, size_t start)
{
	if (start > span.size)
		start = span.size;
	if (span.data != NULL)
		span.data += start;
	span.size -= start;
	return span;
}

/* Without the white space (space, tab, CR, LF) at both ends. */
struct gcr_span gcr_span_trim(struct gcr_span span);

enum {
	GCR_NOWHERE = -1
};

/* Index of the first or last `c`, of the first `needle`; or GCR_NOWHERE. */
ptrdiff_t gcr_span_find(struct gcr_span span, char c);
ptrdiff_t gcr_span_find_last(struct gcr_span span, char c);
ptrdiff_t gcr_span_find_text(struct gcr_span span, const char *needle);
ptrdiff_t gcr_span_find_span(struct gcr_span span, struct gcr_span needle);

/*
 * If the span starts with `prefix`, move its start behind it. Reading a text
 * is a row of these.
 */
static inline bool gcr_span_skip(struct gcr_span *span, const char *prefix)
{
	if (!gcr_span_starts(*span, prefix))
		return false;
	*span = gcr_span_tail(*span, strlen(prefix));
	return true;
}

static inline bool gcr_span_skip_char(struct gcr_span *span, char c)
{
	if (span->size == 0 || span->data[0] != c)
		return false;
	*span = gcr_span_tail(*span, 1);
	return true;
}

/* What stands before the next `c` (or all), moving the start behind that `c`. */
struct gcr_span gcr_span_until(struct gcr_span *span, char c);

enum gcr_number {
	GCR_NUMBER_OK,
	GCR_NUMBER_NONE,     /* no digit here; the span has not moved */
	GCR_NUMBER_OVERFLOW, /* more than 64 bits; the digits are passed over */
};

/* Read the decimal digits at the start of the span. */
enum gcr_number gcr_span_decimal(struct gcr_span *span, uint64_t *ret);

/* Read `0x` and hexadecimal digits (either case) at the start of the span. */
enum gcr_number gcr_span_hex(struct gcr_span *span, uint64_t *ret);

/* The value of a hexadecimal digit, 0-15, or -1. */
static inline int gcr_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Four of them, as of `\u00e9`; UINT32_MAX when there are not. */
uint32_t gcr_span_hex4(struct gcr_span span);

static inline bool gcr_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* space or tab */
static inline bool gcr_is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* ASCII letter or `_` */
static inline bool gcr_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

#endif
