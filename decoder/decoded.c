/*
 * Values in rows, and what certainties mean: see decoded.h.
 *
 *	slice  []string  []string(len 2, cap 4, 0xc000042748)  exact
 *	str    string    string(len 5, 0x106abae)              stale (len exact)
 */

#include "decoded.h"

#include "span.h"

#include <string.h>

enum {
	WIDEST_NAME = 20,
	WIDEST_TYPE = 26,
	WIDEST_TEXT = 44
};

static const struct gcr_span not_printed = GCR_LITERAL("-");
static const struct gcr_span unnamed = GCR_LITERAL("_");

struct widths {
	size_t name, type, text;
};

static void widen(size_t *width, struct gcr_span span, size_t widest)
{
	size_t columns = gcr_page_columns(span);

	if (columns > *width && columns <= widest)
		*width = columns;
}

static struct gcr_span name_of(const struct gcr_value *value)
{
	return value->name.size > 0 ? value->name : unnamed;
}

static struct gcr_span text_of(const struct gcr_value *value)
{
	return value->text.data != NULL ? value->text : not_printed;
}

static struct widths widths_of(const struct gcr_value *values, size_t count)
{
	struct widths widths = { 0 };

	for (size_t i = 0; i < count; i++) {
		widen(&widths.name, name_of(&values[i]), WIDEST_NAME);
		widen(&widths.type, values[i].type, WIDEST_TYPE);
		widen(&widths.text, text_of(&values[i]), WIDEST_TEXT);
	}
	return widths;
}

static enum gcr_style style_of(enum gcr_certainty certainty)
{
	return certainty == GCR_EXACT || certainty == GCR_RECOVERED ? GCR_SURE
								    : GCR_DOUBT;
}

static const struct {
	enum gcr_kind kind;
	const char *parts[3];
} part_names[] = {
	{ GCR_STRING, { "data", "len" } },
	{ GCR_SLICE, { "data", "len", "cap" } },
	{ GCR_INTERFACE, { "type", "data" } },
	{ GCR_COMPLEX64, { "real", "imaginary" } },
	{ GCR_COMPLEX128, { "real", "imaginary" } },
};

static const char *const *names_of(enum gcr_kind kind)
{
	for (size_t i = 0; i < sizeof(part_names) / sizeof(part_names[0]); i++)
		if (part_names[i].kind == kind)
			return part_names[i].parts;
	return NULL;
}

// The runtime may mark the pointer of a slice and not its length; the caller may
// tell the one and not the other.
static void write_parts(struct gcr_page *page, const struct gcr_value *value,
			enum gcr_certainty certainty)
{
	const char *const *names = names_of(value->kind);
	size_t said = 0;

	for (size_t i = 0; names != NULL && i < value->part_count && i < 3;
	     i++) {
		if (value->part_certainty[i] != certainty || names[i] == NULL)
			continue;
		gcr_sink_text(&page->sink, said++ ? ", " : " (");
		gcr_page_text(page, GCR_SURE, names[i]);
	}
	if (said > 0)
		gcr_sink_print(&page->sink, " %s)",
			       gcr_certainty_name(certainty));
}

static void write_certainty(struct gcr_page *page,
			    const struct gcr_value *value)
{
	gcr_page_text(page, style_of(value->certainty),
		      gcr_certainty_name(value->certainty));
	if (value->certainty != GCR_EXACT)
		write_parts(page, value, GCR_EXACT);
	if (value->certainty != GCR_EXACT && value->certainty != GCR_RECOVERED)
		write_parts(page, value, GCR_RECOVERED);
}

// Behind the row where there is room, else below it.
static void write_from(struct gcr_page *page, const struct gcr_value *value,
		       size_t column, size_t indent)
{
	if (value->from.size == 0 || page->brief) {
		gcr_page_line(page);
		return;
	}
	gcr_sink_text(&page->sink, ":");
	size_t room = page->view->width > 0 ? page->view->width : page->width;
	if (column + gcr_page_columns(value->from) <= room) {
		gcr_sink_text(&page->sink, " ");
		gcr_page_span(page, GCR_PLAIN, value->from);
		gcr_page_line(page);
		return;
	}
	gcr_page_line(page);
	gcr_page_print(page, indent + 4, "%.*s",
		       GCR_PRINT_SPAN(gcr_span_head(value->from, 1000)));
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static void write_value(struct gcr_page *page, const struct gcr_value *value,
			const struct widths *widths, size_t indent)
{
	struct gcr_span name = name_of(value), text = text_of(value);
	size_t column = indent + 8 +
			larger(widths->name, gcr_page_columns(name)) +
			larger(widths->type, gcr_page_columns(value->type)) +
			larger(widths->text, gcr_page_columns(text)) +
			strlen(gcr_certainty_name(value->certainty));

	gcr_page_begin(page, indent);
	gcr_page_cell(page, GCR_PLAIN, name, widths->name);
	gcr_page_indent(page, 2);
	gcr_page_cell(page, GCR_FAINT, value->type, widths->type);
	gcr_page_indent(page, 2);
	gcr_page_cell(page, style_of(value->certainty), text, widths->text);
	gcr_page_indent(page, 2);
	write_certainty(page, value);
	write_from(page, value, column, indent);
}

static bool is_mixed(const struct gcr_value *value)
{
	for (size_t i = 0; i < value->child_count; i++)
		if (value->children[i].certainty != value->certainty ||
		    is_mixed(&value->children[i]))
			return true;
	return false;
}

// Is all of it in its text, and all of it equally sure? Of a map the entries are,
// as far as they are shown at all.
static bool is_unfolded(const struct gcr_value *value)
{
	if (value->child_count == 0 || value->kind == GCR_MAP)
		return false;
	if (value->kind == GCR_SLICE && !gcr_span_ends(value->text, "}"))
		return true;
	if (value->kind == GCR_POINTER || value->kind == GCR_INTERFACE)
		return gcr_page_columns(text_of(value)) > WIDEST_TEXT &&
		       is_unfolded(&value->children[0]);
	return is_mixed(value) ||
	       gcr_page_columns(text_of(value)) > WIDEST_TEXT;
}

// A struct or array that is long, or not equally sure throughout, is followed
// by its parts. The depth is that of the declared type, which is bounded.
static void write_values(struct gcr_page *page, const struct gcr_value *values,
			 size_t count, size_t indent, size_t limit)
{
	size_t shown = limit > 0 && count > limit ? limit : count;
	struct widths widths = widths_of(values, shown);

	for (size_t i = 0; i < shown; i++) {
		const struct gcr_value *value = &values[i];

		write_value(page, value, &widths, indent);
		if (is_unfolded(value))
			write_values(page, value->children, value->child_count,
				     indent + 2, limit);
	}
	if (shown < count)
		gcr_page_print(page, indent, "… and %zu more", count - shown);
}

void gcr_decoded_values(struct gcr_page *page,
			const struct gcr_decoding *decoding, size_t indent,
			size_t limit)
{
	write_values(page, decoding->arguments, decoding->argument_count,
		     indent, limit);
}

void gcr_decoded_locals(struct gcr_page *page,
			const struct gcr_decoding *decoding, size_t indent)
{
	// Of a text, the results have been told as words.
	if (page->view->core_values != NULL)
		write_values(page, decoding->results, decoding->result_count,
			     indent, 0);
	write_values(page, decoding->locals, decoding->local_count, indent, 0);
}

bool gcr_words_have(const struct gcr_words *words, enum gcr_certainty certainty)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->items[i].kind == GCR_WORD_VALUE &&
		    words->items[i].certainty == certainty)
			return true;
	return false;
}

// Elements of a slice tell of themselves.
static bool value_has(const struct gcr_value *value,
		      enum gcr_certainty certainty)
{
	if (value->certainty == certainty)
		return true;
	for (size_t i = 0; value->kind != GCR_SLICE && i < value->child_count;
	     i++)
		if (value_has(&value->children[i], certainty))
			return true;
	return false;
}

bool gcr_decoding_has(const struct gcr_decoding *decoding,
		      enum gcr_certainty certainty)
{
	for (size_t i = 0; i < decoding->argument_count; i++)
		if (value_has(&decoding->arguments[i], certainty))
			return true;
	return decoding->argument_count == 0 &&
	       gcr_words_have(&decoding->words, certainty);
}

static const struct {
	enum gcr_certainty certainty;
	const char *meaning;
} legend[] = {
	{ GCR_RECOVERED,
	  "recovered: not printed, but told by the instructions of the caller: "
	  "what was passed; a function that assigns to its parameters goes on "
	  "with others." },
	{ GCR_STALE,
	  "stale: marked `?`, read where the argument would be saved though "
	  "nothing shows that it was; the true value may be another." },
	{ GCR_UNMARKED,
	  "unmarked: without a `?`, and still not sure: go1.17 marks nothing, "
	  "go1.26 not all that is stale." },
	{ GCR_ELIDED, "elided: not printed (`...` or `_`)." },
	{ GCR_UNKNOWN, "unknown: the text cannot tell." },
};

void gcr_decoded_legend(struct gcr_page *page,
			const struct gcr_decoding *decoding, size_t indent)
{
	for (size_t i = 0; i < sizeof(legend) / sizeof(legend[0]); i++) {
		// Bare scalars of an unknown release need no warning yet.
		bool occurs = gcr_decoding_has(decoding, legend[i].certainty) &&
			      (legend[i].certainty != GCR_UNMARKED ||
			       decoding->argument_count > 0 ||
			       decoding->words.braced);

		if (!occurs)
			continue;
		gcr_page_prose(page, indent, legend[i].meaning);
	}
}
