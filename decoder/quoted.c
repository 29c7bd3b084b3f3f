/*
 * Go's quoted strings. Tracebacks: Go runtime/print.go printquoted, since
 * go1.26, and since go1.27 without the quotes where nothing needs them;
 * profiles: Go runtime/pprof/label.go String, since go1.15 (%q).
 */

#include "quoted.h"

#include "arena.h"
#include "sink.h"
#include "span.h"

static const struct {
	char letter, byte;
} escapes[] = {
	{ 'a', '\a' }, { 'b', '\b' },  { 'f', '\f' }, { 'n', '\n' },
	{ 'r', '\r' }, { 't', '\t' },  { 'v', '\v' }, { '\\', '\\' },
	{ '"', '"' },  { '\'', '\'' },
};

// `count` hexadecimal digits; false, nothing moved, when there are fewer.
static bool read_digits(struct gcr_span *text, size_t count, uint32_t *ret)
{
	uint32_t value = 0;

	if (text->size < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		int digit = gcr_hex_digit(text->data[i]);
		if (digit < 0)
			return false;
		value = value << 4 | (uint32_t)digit;
	}
	*text = gcr_span_tail(*text, count);
	*ret = value;
	return true;
}

// What follows a backslash. A sequence is never longer than its spelling.
static bool read_escape(struct gcr_span *text, char *to, size_t *used)
{
	uint32_t value;
	char letter = text->data[0];

	*text = gcr_span_tail(*text, 1);
	if (letter == 'x') {
		if (!read_digits(text, 2, &value))
			return false;
		to[(*used)++] = (char)value;
		return true;
	}
	if (letter == 'u' || letter == 'U') {
		if (!read_digits(text, letter == 'u' ? 4 : 8, &value))
			return false;
		*used += gcr_utf8_put(to + *used, value);
		return true;
	}
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
		if (escapes[i].letter == letter) {
			to[(*used)++] = escapes[i].byte;
			return true;
		}
	return false;
}

// `"v\n\"1"`: 1 when read, 0 when it is not one (nothing moved).
static int read_quoted(struct gcr_span *text, struct gcr_arena *arena,
		       struct gcr_span *ret, struct gcr_error *err)
{
	struct gcr_span rest = *text;
	size_t used = 0;

	if (!gcr_span_skip_char(&rest, '"'))
		return 0;
	char *to = gcr_arena_alloc(arena, rest.size, err);
	if (to == NULL)
		return -1;
	while (rest.size > 0 && rest.data[0] != '"') {
		char c = rest.data[0];
		rest = gcr_span_tail(rest, 1);
		if (c != '\\')
			to[used++] = c;
		else if (rest.size == 0 || !read_escape(&rest, to, &used))
			return 0;
	}
	if (!gcr_span_skip_char(&rest, '"'))
		return 0;
	*text = rest;
	*ret = (struct gcr_span){ to, used };
	return 1;
}

bool gcr_label_is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       gcr_is_digit(c) || c == '.' || c == '/' || c == '_';
}

// `"v 1"` or `v1`, which may be nothing at all.
static int read_text(struct gcr_span *text, struct gcr_arena *arena,
		     struct gcr_span *ret, struct gcr_error *err)
{
	size_t size = 0;

	if (text->size > 0 && text->data[0] == '"')
		return read_quoted(text, arena, ret, err);
	while (size < text->size && gcr_label_is_bare(text->data[size]))
		size++;
	*ret = gcr_span_head(*text, size);
	*text = gcr_span_tail(*text, size);
	return 1;
}

int gcr_label_next(struct gcr_span *labels, struct gcr_arena *arena,
		   struct gcr_span *ret_key, struct gcr_span *ret_value,
		   struct gcr_error *err)
{
	struct gcr_span rest = gcr_span_trim(*labels), key, value;
	int got = read_text(&rest, arena, &key, err);

	if (got <= 0)
		return got;
	if (!gcr_span_skip_char(&rest, ':'))
		return 0;
	rest = gcr_span_trim(rest);
	got = read_text(&rest, arena, &value, err);
	if (got <= 0)
		return got;
	gcr_span_skip_char(&rest, ',');
	*labels = gcr_span_trim(rest);
	*ret_key = key;
	*ret_value = value;
	return 1;
}
