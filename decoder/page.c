/* Colour, prose and columns: see page.h. */

#include "page.h"

#include "arena.h"
#include "error.h"
#include "span.h"
#include "target.h"

#include <stdarg.h>
#include <stdio.h>

// Only colours that every terminal theme defines.
static const char *const styles[] = {
	[GCR_PLAIN] = "",	  [GCR_TITLE] = "\033[1m",
	[GCR_LABEL] = "\033[1m",  [GCR_BAD] = "\033[1;31m",
	[GCR_OWN] = "\033[1;36m", [GCR_FAINT] = "\033[2m",
	[GCR_SURE] = "\033[32m",  [GCR_DOUBT] = "\033[33m",
};
_Static_assert(sizeof(styles) / sizeof(styles[0]) == GCR_STYLE_COUNT,
	       "a colour for every style");

int gcr_page_init(struct gcr_page *page, const struct gcr_target *shown,
		  const struct gcr_view *view, const struct gcr_output *output,
		  struct gcr_error *err)
{
	struct gcr_arena *arena = gcr_arena_new(0);

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	gcr_arena_fail_at(arena, view->fail_at);
	gcr_sink_init(&page->sink, output);
	page->view = view;
	page->target = gcr_target_combine(&view->given, shown);
	page->arena = arena;
	page->err = err;
	page->placed = false;
	page->told = NULL;
	page->brief = false;
	page->width = GCR_PROSE;
	if (view->width > 0 && view->width < GCR_PROSE)
		page->width = view->width;
	return 0;
}

void gcr_page_done(struct gcr_page *page)
{
	gcr_arena_free(page->arena);
	page->arena = NULL;
}

void gcr_page_span(struct gcr_page *page, enum gcr_style style,
		   struct gcr_span span)
{
	bool colored = page->view->color && style != GCR_PLAIN;

	if (span.size == 0)
		return;
	if (colored)
		gcr_sink_text(&page->sink, styles[style]);
	gcr_sink_safe(&page->sink, span, true);
	if (colored)
		gcr_sink_text(&page->sink, "\033[0m");
}

void gcr_page_text(struct gcr_page *page, enum gcr_style style,
		   const char *text)
{
	gcr_page_span(page, style, gcr_span_of(text));
}

size_t gcr_page_columns(struct gcr_span span)
{
	size_t columns = 0;

	for (size_t i = 0; i < span.size; i++)
		if (((unsigned char)span.data[i] & 0xc0) != 0x80)
			columns++;
	return columns;
}

void gcr_page_cell(struct gcr_page *page, enum gcr_style style,
		   struct gcr_span span, size_t width)
{
	size_t columns = gcr_page_columns(span);

	gcr_page_span(page, style, span);
	if (columns < width)
		gcr_page_indent(page, width - columns);
}

void gcr_page_line(struct gcr_page *page)
{
	page->placed = false;
	gcr_sink_char(&page->sink, '\n');
}

void gcr_page_indent(struct gcr_page *page, size_t columns)
{
	gcr_sink_repeat(&page->sink, ' ', columns);
}

void gcr_page_heading(struct gcr_page *page, const char *title)
{
	gcr_page_line(page);
	gcr_page_text(page, GCR_TITLE, title);
	gcr_page_line(page);
}

void gcr_page_label(struct gcr_page *page, const char *label)
{
	gcr_page_cell(page, GCR_LABEL, gcr_span_of(label), GCR_MARGIN);
	page->placed = true;
}

void gcr_page_begin(struct gcr_page *page, size_t indent)
{
	if (!page->placed)
		gcr_page_indent(page, indent);
	page->placed = false;
}

void gcr_page_prose(struct gcr_page *page, size_t indent, const char *text)
{
	struct gcr_span rest = gcr_span_of(text);
	size_t column = indent;
	bool first = true;

	gcr_page_begin(page, indent);
	while (rest.size > 0) {
		struct gcr_span word = gcr_span_until(&rest, ' ');
		size_t columns = gcr_page_columns(word);

		if (!first && column + 1 + columns > page->width) {
			gcr_page_line(page);
			gcr_page_indent(page, indent);
			column = indent;
		} else if (!first) {
			gcr_sink_char(&page->sink, ' ');
			column++;
		}
		gcr_sink_safe(&page->sink, word, false);
		column += columns;
		first = false;
	}
	gcr_page_line(page);
}

void gcr_page_print(struct gcr_page *page, size_t indent, const char *format,
		    ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	gcr_page_prose(page, indent, text);
}

// A cut never falls inside of a UTF-8 sequence.
static struct gcr_span cut_line(struct gcr_span line)
{
	size_t size = GCR_LONG_LINE;

	if (line.size <= GCR_LONG_LINE)
		return line;
	while (size > GCR_LONG_LINE - 4 &&
	       ((unsigned char)line.data[size] & 0xc0) == 0x80)
		size--;
	return gcr_span_head(line, size);
}

static size_t count_lines(struct gcr_span text)
{
	size_t lines = 0;

	for (; text.size > 0; lines++)
		gcr_span_until(&text, '\n');
	return lines;
}

void gcr_page_lines(struct gcr_page *page, enum gcr_style style, size_t indent,
		    struct gcr_span text, size_t limit)
{
	size_t lines = 0;

	do {
		struct gcr_span line = gcr_span_until(&text, '\n');
		struct gcr_span shown =
			limit < SIZE_MAX ? cut_line(line) : line;

		if (lines > 0)
			gcr_page_indent(page, indent);
		gcr_page_span(page, style, shown);
		if (shown.size < line.size)
			gcr_sink_print(&page->sink, " … (%zu more bytes)",
				       line.size - shown.size);
		gcr_page_line(page);
		lines++;
	} while (text.size > 0 && lines < limit);
	if (text.size > 0) {
		size_t more = count_lines(text);

		gcr_page_print(page, indent, "… (%zu more %s)", more,
			       more == 1 ? "line" : "lines");
	}
}

struct gcr_release_text gcr_release_text(const struct gcr_target *target)
{
	struct gcr_release_text ret = { "" };
	unsigned from = target->go_min, to = target->go_max;

	if (from != 0 && from == to)
		snprintf(ret.text, sizeof(ret.text), "go1.%u", from);
	else if (from != 0 && to != 0)
		snprintf(ret.text, sizeof(ret.text), "go1.%u to go1.%u", from,
			 to);
	else if (from != 0)
		snprintf(ret.text, sizeof(ret.text), "go1.%u or later", from);
	else if (to != 0)
		snprintf(ret.text, sizeof(ret.text), "go1.%u or earlier", to);
	return ret;
}
