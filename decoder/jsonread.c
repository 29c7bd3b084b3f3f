/*
 * JSON, pulled: see jsonread.h. Commas are checked by one flag: it is set behind
 * an opening bracket and cleared behind each value, and a closing bracket ends
 * a value, too.
 */

#include "jsonread.h"

#include "arena.h"
#include "error.h"
#include "sink.h"
#include "span.h"

#include <stdarg.h>
#include <stdio.h>

void gcr_json_read(struct gcr_json_reader *reader, struct gcr_span text,
		   struct gcr_arena *arena, struct gcr_error *err)
{
	*reader = (struct gcr_json_reader){
		.text = text,
		.rest = text,
		.arena = arena,
		.err = err,
		.first = true,
	};
}

static struct gcr_place place_of(const struct gcr_json_reader *reader)
{
	size_t offset = reader->text.size - reader->rest.size;
	struct gcr_place place = { .offset = offset, .line = 1, .column = 1 };

	for (size_t i = 0; i < offset; i++) {
		place.column++;
		if (reader->text.data[i] == '\n') {
			place.line++;
			place.column = 1;
		}
	}
	return place;
}

void gcr_json_refuse(struct gcr_json_reader *reader, const char *format, ...)
{
	char text[128];
	va_list arguments;

	if (reader->failed)
		return;
	reader->failed = true;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	// The error is in `err`; that it is one, in `failed`.
	(void)gcr_fail_at(reader->err, GCR_FORMAT, place_of(reader), "%s",
			  text);
}

static void skip_blanks(struct gcr_json_reader *reader)
{
	size_t i = 0;

	while (i < reader->rest.size &&
	       (gcr_is_space(reader->rest.data[i]) ||
		reader->rest.data[i] == '\n' || reader->rest.data[i] == '\r'))
		i++;
	reader->rest = gcr_span_tail(reader->rest, i);
}

// What comes next, blanks aside; a NUL at the end and after a failure.
static char peek(struct gcr_json_reader *reader)
{
	if (reader->failed)
		return '\0';
	skip_blanks(reader);
	return reader->rest.size > 0 ? reader->rest.data[0] : '\0';
}

bool gcr_json_more(struct gcr_json_reader *reader)
{
	if (reader->failed)
		return false;
	skip_blanks(reader);
	return reader->rest.size > 0;
}

static bool take(struct gcr_json_reader *reader, char c)
{
	return peek(reader) == c && gcr_span_skip_char(&reader->rest, c);
}

static void expect(struct gcr_json_reader *reader, char c)
{
	if (!take(reader, c))
		gcr_json_refuse(reader, "expected '%c'", c);
}

void gcr_json_enter(struct gcr_json_reader *reader, char bracket)
{
	expect(reader, bracket);
	reader->first = true;
}

// Up to the next element; false when `close` ends them.
static bool go_on(struct gcr_json_reader *reader, char close)
{
	bool first = reader->first;

	if (take(reader, close)) {
		reader->first = false;
		return false;
	}
	if (!first)
		expect(reader, ',');
	reader->first = true;
	return !reader->failed;
}

bool gcr_json_element(struct gcr_json_reader *reader)
{
	return go_on(reader, ']');
}

bool gcr_json_member(struct gcr_json_reader *reader, struct gcr_span *key)
{
	if (!go_on(reader, '}'))
		return false;
	*key = gcr_json_take_text(reader);
	expect(reader, ':');
	return !reader->failed;
}

/* Texts -------------------------------------------------------------------- */

// Behind `\u`. Halves of a pair without the other stand for no character.
static uint32_t take_point(struct gcr_json_reader *reader,
			   struct gcr_span *text)
{
	enum {
		NO_CHARACTER = 0xfffd
	};
	uint32_t point = gcr_span_hex4(*text), low;

	if (point == UINT32_MAX) {
		gcr_json_refuse(reader, "expected four digits behind '\\u'");
		return NO_CHARACTER;
	}
	*text = gcr_span_tail(*text, 4);
	if (point < 0xd800 || point > 0xdfff)
		return point;
	if (point >= 0xdc00 || !gcr_span_starts(*text, "\\u"))
		return NO_CHARACTER;
	low = gcr_span_hex4(gcr_span_tail(*text, 2));
	if (low < 0xdc00 || low > 0xdfff)
		return NO_CHARACTER;
	*text = gcr_span_tail(*text, 6);
	return 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
}

static size_t unescape(struct gcr_json_reader *reader, struct gcr_span *text,
		       char *to)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	char c = text->size > 0 ? text->data[0] : '\0';
	const char *known = c != '\0' ? strchr(from, c) : NULL;

	*text = gcr_span_tail(*text, 1);
	if (known != NULL) {
		*to = into[known - from];
		return 1;
	}
	if (c == 'u') {
		uint32_t point = take_point(reader, text);

		// What is cut short is shorter than the character for it.
		return reader->failed ? 0 : gcr_utf8_put(to, point);
	}
	gcr_json_refuse(reader, "no such escape");
	return 0;
}

// Each escape is longer than what it stands for.
static struct gcr_span without_escapes(struct gcr_json_reader *reader,
				       struct gcr_span text)
{
	char *to = gcr_arena_alloc(reader->arena, text.size, reader->err);
	size_t size = 0;

	if (to == NULL) {
		reader->failed = true;
		return (struct gcr_span){ "", 0 };
	}
	while (text.size > 0 && !reader->failed) {
		if (gcr_span_skip_char(&text, '\\')) {
			size += unescape(reader, &text, to + size);
			continue;
		}
		to[size++] = text.data[0];
		text = gcr_span_tail(text, 1);
	}
	return (struct gcr_span){ to, size };
}

// Bytes of a text up to its closing quote; GCR_NOWHERE with `*escapes`.
static ptrdiff_t find_quote(struct gcr_json_reader *reader, bool *escapes)
{
	struct gcr_span text = reader->rest;
	uint32_t point;

	*escapes = false;
	while (text.size > 0 && text.data[0] != '"') {
		size_t size = gcr_utf8(text, &point);

		if (size == 0 || point < ' ')
			return GCR_NOWHERE;
		if (text.data[0] == '\\') {
			*escapes = true;
			size = 2;
		}
		text = gcr_span_tail(text, size);
	}
	return text.size > 0 ? text.data - reader->rest.data : GCR_NOWHERE;
}

struct gcr_span gcr_json_take_text(struct gcr_json_reader *reader)
{
	struct gcr_span text = { "", 0 };
	bool escapes;

	expect(reader, '"');
	if (reader->failed)
		return text;
	ptrdiff_t size = find_quote(reader, &escapes);
	if (size == GCR_NOWHERE) {
		gcr_json_refuse(reader, "a text without an end, or with bytes "
					"that are no text");
		return text;
	}
	text = gcr_span_head(reader->rest, (size_t)size);
	if (escapes)
		text = without_escapes(reader, text);
	reader->rest = gcr_span_tail(reader->rest, (size_t)size + 1);
	reader->first = false;
	return text;
}

/* Other values ------------------------------------------------------------- */

static bool ends_word(struct gcr_span rest)
{
	return rest.size == 0 || strchr(" \t\r\n,]}", rest.data[0]) != NULL;
}

uint64_t gcr_json_take_number(struct gcr_json_reader *reader)
{
	struct gcr_span rest;
	uint64_t value = 0;

	peek(reader);
	if (reader->failed)
		return 0;
	rest = reader->rest;
	if (gcr_span_decimal(&rest, &value) != GCR_NUMBER_OK ||
	    !ends_word(rest) || (reader->rest.data[0] == '0' && value != 0)) {
		gcr_json_refuse(reader,
				"expected a whole number of at most 64 bits");
		return 0;
	}
	reader->rest = rest;
	reader->first = false;
	return value;
}

uint64_t gcr_json_take_fingerprint(struct gcr_json_reader *reader)
{
	struct gcr_span text = gcr_json_take_text(reader);
	uint64_t value = 0;

	for (size_t i = 0; i < text.size && i < 16; i++) {
		int digit = gcr_hex_digit(text.data[i]);

		if (digit < 0)
			break;
		value = value << 4 | (unsigned)digit;
		if (i == 15 && text.size == 16)
			return value;
	}
	gcr_json_refuse(reader, "expected 16 hexadecimal digits");
	return 0;
}

static bool take_word(struct gcr_json_reader *reader, const char *word)
{
	struct gcr_span rest;

	peek(reader);
	if (reader->failed)
		return false;
	rest = reader->rest;
	if (!gcr_span_skip(&rest, word) || !ends_word(rest))
		return false;
	reader->rest = rest;
	reader->first = false;
	return true;
}

bool gcr_json_take_null(struct gcr_json_reader *reader)
{
	return take_word(reader, "null");
}

bool gcr_json_take_bool(struct gcr_json_reader *reader)
{
	if (take_word(reader, "true"))
		return true;
	if (!take_word(reader, "false"))
		gcr_json_refuse(reader, "expected true or false");
	return false;
}

static void skip_digits(struct gcr_json_reader *reader, struct gcr_span *rest)
{
	size_t i = 0;

	while (i < rest->size && gcr_is_digit(rest->data[i]))
		i++;
	if (i == 0)
		gcr_json_refuse(reader, "expected a value");
	*rest = gcr_span_tail(*rest, i);
}

// `-1.5e+7`
static void skip_number(struct gcr_json_reader *reader)
{
	struct gcr_span rest = reader->rest;

	gcr_span_skip_char(&rest, '-');
	skip_digits(reader, &rest);
	if (gcr_span_skip_char(&rest, '.'))
		skip_digits(reader, &rest);
	if (gcr_span_skip_char(&rest, 'e') || gcr_span_skip_char(&rest, 'E')) {
		if (!gcr_span_skip_char(&rest, '-'))
			gcr_span_skip_char(&rest, '+');
		skip_digits(reader, &rest);
	}
	if (!ends_word(rest))
		gcr_json_refuse(reader, "expected a value");
	reader->rest = rest;
	reader->first = false;
}

static void skip_scalar(struct gcr_json_reader *reader)
{
	if (peek(reader) == '"')
		gcr_json_take_text(reader);
	else if (!take_word(reader, "null") && !take_word(reader, "true") &&
		 !take_word(reader, "false"))
		skip_number(reader);
}

void gcr_json_skip(struct gcr_json_reader *reader)
{
	char open[GCR_JSON_DEPTH];
	struct gcr_span key;
	size_t depth = 0;

	do {
		char c = peek(reader);

		if (c == '{' || c == '[') {
			if (depth == GCR_JSON_DEPTH) {
				gcr_json_refuse(reader, "nested too deeply");
				return;
			}
			gcr_json_enter(reader, c);
			open[depth++] = c;
		} else {
			skip_scalar(reader);
		}
		while (depth > 0 && !reader->failed &&
		       !(open[depth - 1] == '{' ? gcr_json_member(reader, &key)
						: gcr_json_element(reader)))
			depth--;
	} while (depth > 0 && !reader->failed);
}
