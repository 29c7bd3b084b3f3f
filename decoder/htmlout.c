/* See htmlout.h. */

#include "htmlout.h"

#include "span.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	SHORT = 600 /* bytes of a text that may be long */
};

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&#34;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void gcr_html_text(struct gcr_sink *sink, struct gcr_span text)
{
	size_t start = 0;

	for (size_t at = 0; at < text.size; at++) {
		const char *instead = entity(text.data[at]);

		if (instead == NULL)
			continue;
		gcr_sink_safe(
			sink,
			(struct gcr_span){ text.data + start, at - start },
			false);
		gcr_sink_text(sink, instead);
		start = at + 1;
	}
	gcr_sink_safe(sink, gcr_span_tail(text, start), false);
}

void gcr_html_lines(struct gcr_sink *sink, struct gcr_span text)
{
	for (size_t at = 0; at < text.size; at++) {
		const char *instead = entity(text.data[at]);

		if (instead != NULL)
			gcr_sink_text(sink, instead);
		else
			gcr_sink_char(sink, text.data[at]);
	}
}

void gcr_html_short(struct gcr_sink *sink, struct gcr_span text)
{
	struct gcr_span head = gcr_span_head(text, SHORT);

	// Not in the middle of a character.
	while (head.size < text.size && head.size > 0 &&
	       ((unsigned char)text.data[head.size] & 0xc0) == 0x80)
		head.size--;
	gcr_html_text(sink, head);
	if (head.size < text.size)
		gcr_sink_text(sink, "…");
}

void gcr_html_element(struct gcr_sink *sink, const char *tag, const char *style,
		      struct gcr_span text)
{
	gcr_sink_print(sink, "<%s class=\"%s\">", tag, style);
	gcr_html_short(sink, text);
	gcr_sink_print(sink, "</%s>", tag);
}

void gcr_html_number(struct gcr_sink *sink, uint64_t value)
{
	char digits[24];
	int count = snprintf(digits, sizeof(digits), "%" PRIu64, value);

	for (int i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0)
			gcr_sink_char(sink, ',');
		gcr_sink_char(sink, digits[i]);
	}
}

void gcr_html_count(struct gcr_sink *sink, uint64_t count, const char *what)
{
	gcr_html_number(sink, count);
	gcr_sink_print(sink, " %s%s", what, count == 1 ? "" : "s");
}
