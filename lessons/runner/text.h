#ifndef RUNNER_TEXT_H
#define RUNNER_TEXT_H

/*
 * A text that grows, and whole files in and out of one. `data` is always
 * NUL-terminated once something was added; text_done() frees it.
 */

#include <stdbool.h>
#include <stddef.h>

#include "gocrash.h"

/* Zeroed is empty. */
struct text {
	char *data;
	size_t size, room;
};

void text_add(struct text *text, const char *data, size_t size);
void text_puts(struct text *text, const char *string);
void text_char(struct text *text, char c);
void text_fill(struct text *text, char c, size_t count);
void text_format(struct text *text, const char *format, ...) GCR_PRINTF(2, 3);
void text_done(struct text *text);

/* The text as a string: "" when nothing was added. */
const char *text_string(const struct text *text);

/*
 * Add `data` so that a terminal can be given it: control characters become
 * `\x1b`, bytes above 0x7e that are not whole UTF-8, or all of them where
 * `utf8` is false, likewise. A tab becomes as many spaces as reach the next
 * multiple of eight after `column`.
 */
void text_add_safe(struct text *text, const char *data, size_t size, bool utf8);

/*
 * Read a whole file, up to `limit` bytes, onto the end of `text`. Returns 0, or
 * -1 with errno; EFBIG when it is larger.
 */
GCR_MUST_CHECK int text_read(struct text *text, const char *path, size_t limit);

/*
 * Write a file by way of a temporary one beside it and a rename, so that a
 * reader sees the old or the new, whole. Returns 0, or -1 with errno.
 */
GCR_MUST_CHECK int text_write(const struct text *text, const char *path);

/* Bytes of the UTF-8 character at `data`; 0 when there is no whole one. */
size_t utf8_length(const char *data, size_t size);

/* Strings. */
bool starts_with(const char *string, const char *prefix);
bool equal_ignoring_case(const char *one, const char *other);

#endif
