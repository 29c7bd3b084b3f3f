/* Output: a buffer before the caller's write, and the two ways of escaping. */

#include "sink.h"

#include "error.h"
#include "span.h"

#include <stdarg.h>
#include <stdio.h>

void gcr_sink_init(struct gcr_sink *sink, const struct gcr_output *output)
{
	sink->output = output;
	sink->failed = false;
	sink->used = 0;
	sink->total = 0;
}

static void pass_on(struct gcr_sink *sink, const char *data, size_t size)
{
	if (size > 0 && !sink->failed &&
	    sink->output->write(sink->output->to, data, size) != 0)
		sink->failed = true;
}

int gcr_sink_done(struct gcr_sink *sink, struct gcr_error *err)
{
	pass_on(sink, sink->buffer, sink->used);
	sink->used = 0;
	if (sink->failed)
		return gcr_fail(err, GCR_IO, "cannot write the result");
	return 0;
}

void gcr_sink_put(struct gcr_sink *sink, const char *data, size_t size)
{
	sink->total += size;
	if (size > sizeof(sink->buffer) - sink->used) {
		pass_on(sink, sink->buffer, sink->used);
		sink->used = 0;
		if (size >= sizeof(sink->buffer)) {
			pass_on(sink, data, size);
			return;
		}
	}
	if (size > 0)
		memcpy(sink->buffer + sink->used, data, size);
	sink->used += size;
}

void gcr_sink_char(struct gcr_sink *sink, char c)
{
	gcr_sink_put(sink, &c, 1);
}

void gcr_sink_text(struct gcr_sink *sink, const char *text)
{
	gcr_sink_put(sink, text, strlen(text));
}

void gcr_sink_span(struct gcr_sink *sink, struct gcr_span span)
{
	gcr_sink_put(sink, span.data, span.size);
}

void gcr_sink_print(struct gcr_sink *sink, const char *format, ...)
{
	char text[512];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (size > 0)
		gcr_sink_put(sink, text,
			     (size_t)size < sizeof(text) ? (size_t)size
							 : sizeof(text) - 1);
}

void gcr_sink_hex(struct gcr_sink *sink, uint64_t value)
{
	char digits[18];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value != 0);
	digits[--at] = 'x';
	digits[--at] = '0';
	gcr_sink_put(sink, digits + at, sizeof(digits) - at);
}

void gcr_sink_decimal(struct gcr_sink *sink, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	gcr_sink_put(sink, digits + at, sizeof(digits) - at);
}

void gcr_sink_repeat(struct gcr_sink *sink, char c, size_t count)
{
	char run[64];

	memset(run, c, count < sizeof(run) ? count : sizeof(run));
	for (; count > sizeof(run); count -= sizeof(run))
		gcr_sink_put(sink, run, sizeof(run));
	gcr_sink_put(sink, run, count);
}

// Lead byte, payload bits of it, smallest code point of that length.
static size_t sequence_length(unsigned char lead, uint32_t *bits,
			      uint32_t *least)
{
	if (lead < 0x80) {
		*bits = lead;
		*least = 0;
		return 1;
	}
	if (lead >= 0xc2 && lead <= 0xdf) {
		*bits = lead & 0x1fu;
		*least = 0x80;
		return 2;
	}
	if (lead >= 0xe0 && lead <= 0xef) {
		*bits = lead & 0x0fu;
		*least = 0x800;
		return 3;
	}
	if (lead >= 0xf0 && lead <= 0xf4) {
		*bits = lead & 0x07u;
		*least = 0x10000;
		return 4;
	}
	return 0;
}

size_t gcr_utf8(struct gcr_span span, uint32_t *ret)
{
	uint32_t point, least;

	if (span.size == 0)
		return 0;
	size_t size =
		sequence_length((unsigned char)span.data[0], &point, &least);
	if (size == 0 || size > span.size)
		return 0;
	for (size_t i = 1; i < size; i++) {
		unsigned char c = (unsigned char)span.data[i];
		if ((c & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (c & 0x3fu);
	}
	if (point < least || point > 0x10ffff ||
	    (point >= 0xd800 && point <= 0xdfff))
		return 0;
	*ret = point;
	return size;
}

size_t gcr_utf8_put(char *to, uint32_t point)
{
	if (point < 0x80) {
		to[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		to[0] = (char)(0xc0 | point >> 6);
		to[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		to[0] = (char)(0xe0 | point >> 12);
		to[1] = (char)(0x80 | (point >> 6 & 0x3f));
		to[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | (point >> 18 & 7));
	to[1] = (char)(0x80 | (point >> 12 & 0x3f));
	to[2] = (char)(0x80 | (point >> 6 & 0x3f));
	to[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

// Characters that change what a terminal shows of others.
static bool is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
	       (point >= 0x202a && point <= 0x202e) ||
	       (point >= 0x2066 && point <= 0x2069);
}

// How many characters at the start are of ASCII and to be seen.
static size_t plain_run(struct gcr_span span)
{
	size_t size = 0;

	while (size < span.size && span.data[size] >= ' ' &&
	       span.data[size] < 0x7f)
		size++;
	return size;
}

void gcr_sink_safe(struct gcr_sink *sink, struct gcr_span span, bool keep_tabs)
{
	for (;;) {
		size_t run = plain_run(span);

		gcr_sink_put(sink, span.data, run);
		span = gcr_span_tail(span, run);
		if (span.size == 0)
			return;

		uint32_t point = 0;
		size_t size = gcr_utf8(span, &point);
		bool plain = size > 0 && (!is_control(point) ||
					  (point == '\t' && keep_tabs));
		if (plain) {
			gcr_sink_put(sink, span.data, size);
		} else if (size > 2) {
			gcr_sink_print(sink, "\\u%04x", (unsigned)point);
		} else {
			size = size > 0 ? size : 1;
			for (size_t i = 0; i < size; i++)
				gcr_sink_print(sink, "\\x%02x",
					       (unsigned char)span.data[i]);
		}
		span = gcr_span_tail(span, size);
	}
}

static void json_escape(struct gcr_sink *sink, uint32_t point)
{
	switch (point) {
	case '"':
		gcr_sink_text(sink, "\\\"");
		break;
	case '\\':
		gcr_sink_text(sink, "\\\\");
		break;
	case '\n':
		gcr_sink_text(sink, "\\n");
		break;
	case '\r':
		gcr_sink_text(sink, "\\r");
		break;
	case '\t':
		gcr_sink_text(sink, "\\t");
		break;
	default:
		gcr_sink_print(sink, "\\u%04x", (unsigned)point);
	}
}

void gcr_sink_json(struct gcr_sink *sink, struct gcr_span span)
{
	size_t start = 0, at = 0;

	gcr_sink_char(sink, '"');
	while (at < span.size) {
		unsigned char c = (unsigned char)span.data[at];
		if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
			at++;
			continue;
		}
		uint32_t point = 0;
		size_t size = gcr_utf8(gcr_span_tail(span, at), &point);
		if (size > 0 && point != '"' && point != '\\' &&
		    !is_control(point)) {
			at += size;
			continue;
		}
		gcr_sink_put(sink, span.data + start, at - start);
		if (size == 0)
			gcr_sink_text(sink, "\xef\xbf\xbd");
		else
			json_escape(sink, point);
		at += size > 0 ? size : 1;
		start = at;
	}
	if (at > start)
		gcr_sink_put(sink, span.data + start, at - start);
	gcr_sink_char(sink, '"');
}
