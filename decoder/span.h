#ifndef GCR_SPAN_H
#define GCR_SPAN_H

/*
 * Pieces of text that need no NUL, and a cursor over one. Nothing here
 * allocates, and nothing reads past the end of a span.
 */

#include "gocrash.h"

#include <string.h>

/* A span of a string literal, as an initialiser or an expression. */
#define GCR_LITERAL(text) { (text), sizeof(text) - 1 }
#define GCR_SPAN(text) ((struct gcr_span)GCR_LITERAL(text))

/* For `%.*s`: at most `INT_MAX` bytes of a span. */
#define GCR_PRINT_SPAN(span) \
	(int)((span).size > 0x7fffffff ? 0x7fffffff : (span).size), \
		((span).data ? (span).data : "")

struct gcr_span gcr_span_of(const char *text);
bool gcr_span_equal(struct gcr_span a, struct gcr_span b);
bool gcr_span_is(struct gcr_span span, const char *text);
bool gcr_span_starts(struct gcr_span span, const char *prefix);
bool gcr_span_ends(struct gcr_span span, const char *suffix);

/* The first `size` bytes, or what lies behind them; clamped to the span. */
struct gcr_span gcr_span_head(struct gcr_span span, size_t size);
struct gcr_span gcr_span_tail(struct gcr_span span, size_t start);

/* Without the white space (space, tab, CR, LF) at both ends. */
struct gcr_span gcr_span_trim(struct gcr_span span);

enum { GCR_NOWHERE = -1 };

/* Index of the first or last `c`, of the first `needle`; or GCR_NOWHERE. */
ptrdiff_t gcr_span_find(struct gcr_span span, char c);
ptrdiff_t gcr_span_find_last(struct gcr_span span, char c);
ptrdiff_t gcr_span_find_text(struct gcr_span span, const char *needle);

/*
 * If the span starts with `prefix`, move its start behind it. Reading a text
 * is a row of these.
 */
bool gcr_span_skip(struct gcr_span *span, const char *prefix);
bool gcr_span_skip_char(struct gcr_span *span, char c);

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

bool gcr_is_digit(char c);
bool gcr_is_space(char c); /* space or tab */
bool gcr_is_letter(char c); /* ASCII letter or `_` */
int gcr_hex_digit(char c); /* 0-15, or -1 */

#endif
