#ifndef GCR_SINK_H
#define GCR_SINK_H

/*
 * Buffered writing to a caller's `struct gcr_output`. A failed write latches:
 * the writer goes on writing into nothing and asks once at the end.
 */

#include "gocrash.h"

struct gcr_sink {
	const struct gcr_output *output;
	bool failed;
	size_t used;
	uint64_t total; /* bytes put in so far */
	char buffer[8192];
};

void gcr_sink_init(struct gcr_sink *sink, const struct gcr_output *output);

/* Pass the rest on. -1 with GCR_IO when any write failed. */
GCR_MUST_CHECK int gcr_sink_done(struct gcr_sink *sink, struct gcr_error *err);

void gcr_sink_put(struct gcr_sink *sink, const char *data, size_t size);
void gcr_sink_char(struct gcr_sink *sink, char c);
void gcr_sink_text(struct gcr_sink *sink, const char *text);
void gcr_sink_span(struct gcr_sink *sink, struct gcr_span span);

/* At most 511 bytes of formatted text: numbers and short names. */
GCR_PRINTF(2, 3)
void gcr_sink_print(struct gcr_sink *sink, const char *format, ...);

void gcr_sink_hex(struct gcr_sink *sink, uint64_t value); /* `0x2a` */
void gcr_sink_decimal(struct gcr_sink *sink, uint64_t value);
void gcr_sink_repeat(struct gcr_sink *sink, char c, size_t count);

/*
 * Text from the input, safe for a terminal: control characters and bytes that
 * are not UTF-8 are written `\xHH`, tab as it is only when `keep_tabs`.
 * C1 controls (U+0080-U+009F) and bidirectional overrides are escaped too.
 */
void gcr_sink_safe(struct gcr_sink *sink, struct gcr_span span, bool keep_tabs);

/*
 * A JSON string with its quotes. What is not UTF-8 becomes U+FFFD, so that the
 * document is always valid.
 */
void gcr_sink_json(struct gcr_sink *sink, struct gcr_span span);

/*
 * Length in bytes of the valid UTF-8 sequence at the start of `span`, its code
 * point in `*ret`; 0 when there is none (overlong, surrogate, cut, stray).
 */
size_t gcr_utf8(struct gcr_span span, uint32_t *ret);

/* Write a code point as UTF-8, 1 to 4 bytes; returns how many. */
size_t gcr_utf8_put(char *to, uint32_t point);

#endif
