/* Rows of values: see valuerows.h. */

#include "valuerows.h"

#include "span.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	WIDEST_NAME = 20,
	WIDEST_TYPE = 26,
	WIDEST_TEXT = 44,
	FITTING_TEXT = 64, /* in a row, where no terminal says */
	SHORTEST_TEXT = 24,
	GAPS = 6, /* blanks between the columns */
};

struct widths {
	size_t name, type, text;
	size_t room; /* for a text in its row */
};

/* What a row shows of a value, and which values are shown below it. */
struct row {
	const struct gcr_value *value;
	struct gcr_span name;
	char index[32]; /* `[3]`, which has no name of its own */
	struct gcr_span text;
	const char *tail;	       /* in place of the rest of the text */
	const struct gcr_value *whole; /* has the parts; NULL: none below */
};

/* Which parts are shown -------------------------------------------------------- */

static bool is_mixed(const struct gcr_value *value)
{
	for (size_t i = 0; i < value->child_count; i++)
		if (value->children[i].certainty != value->certainty ||
		    is_mixed(&value->children[i]))
			return true;
	return false;
}

static bool leads_to_one(const struct gcr_value *value)
{
	return (value->kind == GCR_POINTER || value->kind == GCR_INTERFACE) &&
	       value->child_count == 1;
}

// The parts of what a pointer leads to are shown as its own, unless there is
// something to say of what stands between.
static const struct gcr_value *holder_of_parts(const struct gcr_value *value)
{
	while (leads_to_one(value)) {
		const struct gcr_value *inner = &value->children[0];

		if (inner->certainty != value->certainty ||
		    inner->from.size > 0 || inner->child_count == 0)
			break;
		value = inner;
	}
	return value;
}

static bool is_list(const struct gcr_value *value)
{
	return value->kind == GCR_SLICE || value->kind == GCR_ARRAY ||
	       value->kind == GCR_MAP || value->kind == GCR_CHAN;
}

// A list of plain values is no better read one below the other.
static bool is_plain_list(const struct gcr_value *value)
{
	for (size_t i = 0; i < value->child_count; i++)
		if (value->children[i].child_count > 0)
			return false;
	return is_list(value);
}

static bool is_unfolded(const struct gcr_value *value,
			const struct gcr_value *whole, size_t room)
{
	if (whole->child_count == 0)
		return false;
	if (is_mixed(value))
		return true;
	// Elements that a text does not list were recovered.
	if (whole->kind == GCR_SLICE && !gcr_span_ends(whole->text, "}"))
		return true;
	return gcr_page_columns(value->text) > room && !is_plain_list(whole);
}

/* The text of a row ------------------------------------------------------------- */

static struct gcr_span text_of(const struct gcr_value *value)
{
	return value->text.data != NULL ? value->text : GCR_SPAN("-");
}

// What stands before the parts: `&`, `*main.T(&`, `[]main.T(len 2, cap 4)`. A
// type may have braces, too.
static struct gcr_span before_parts(const struct gcr_value *value)
{
	struct gcr_span text = text_of(value), type = value->type;
	size_t start = 0;
	ptrdiff_t brace;

	if (value->kind == GCR_INTERFACE && value->child_count == 1)
		type = value->children[0].type;
	if (gcr_span_begins(text, type))
		start = type.size;
	brace = gcr_span_find(gcr_span_tail(text, start), '{');
	if (brace == GCR_NOWHERE)
		return text;
	return gcr_span_head(text, start + (size_t)brace);
}

static void begin_text(struct row *row)
{
	struct gcr_span text = text_of(row->value);

	row->text = before_parts(row->value);
	if (row->text.size == text.size)
		row->tail = "";
	else if (gcr_span_ends(text, "})"))
		row->tail = "{…})";
	else
		row->tail = "{…}";
}

static void cut_text(struct row *row, size_t room)
{
	struct gcr_span text = row->text;
	size_t columns = 0, at = 0;

	for (; at < text.size; at++) {
		if (((unsigned char)text.data[at] & 0xc0) == 0x80)
			continue;
		if (++columns >= room)
			break;
	}
	row->text = gcr_span_head(text, at);
	row->tail = "…";
}

static void fill_text(struct row *row, size_t room, bool deeper)
{
	const struct gcr_value *value = row->value;
	const struct gcr_value *whole = holder_of_parts(value);

	row->text = text_of(value);
	row->tail = "";
	row->whole = NULL;
	if (is_unfolded(value, whole, room) && deeper) {
		row->whole = whole;
		begin_text(row);
	} else if (value->child_count > 0 && !deeper &&
		   gcr_page_columns(value->text) > room) {
		cut_text(row, room);
	}
}

/* The rows of a list of values --------------------------------------------------- */

/* The values of a frame, or the parts of one. */
struct rows_of {
	const struct gcr_value *parent; /* NULL: of a frame */
	const struct gcr_value *values;
	size_t count; /* of rows */
	size_t step;  /* 2: a key stands before each value */
};

static void name_row(const struct rows_of *of, size_t i, struct row *row)
{
	const struct gcr_value *parent = of->parent;

	row->name = row->value->name;
	if (row->name.size > 0)
		return;
	row->name = GCR_SPAN("_");
	if (parent == NULL)
		return;
	if (of->step == 2) {
		row->name = text_of(row->value - 1);
	} else if (is_list(parent)) {
		snprintf(row->index, sizeof(row->index), "[%zu]", i);
		row->name = gcr_span_of(row->index);
	} else if (parent->kind == GCR_POINTER) {
		row->name = GCR_SPAN("*");
	}
}

static void row_at(const struct rows_of *of, size_t i, struct row *ret)
{
	ret->value = &of->values[i * of->step + of->step - 1];
	name_row(of, i, ret);
}

static void widen(size_t *width, size_t columns, size_t widest)
{
	if (columns > *width && columns <= widest)
		*width = columns;
}

static size_t text_columns(const struct row *row)
{
	return gcr_page_columns(row->text) +
	       gcr_page_columns(gcr_span_of(row->tail));
}

static struct widths widths_of(const struct gcr_page *page,
			       const struct rows_of *of,
			       const struct gcr_rows *rows)
{
	struct widths widths = { .room = FITTING_TEXT };
	size_t terminal = page->view->width, used;
	struct row row;

	for (size_t i = 0; i < of->count; i++) {
		row_at(of, i, &row);
		widen(&widths.name, gcr_page_columns(row.name), WIDEST_NAME);
		widen(&widths.type, gcr_page_columns(row.value->type),
		      WIDEST_TYPE);
	}
	used = rows->indent + widths.name + widths.type + GAPS +
	       strlen(gcr_certainty_name(GCR_EXACT));
	if (terminal > 0)
		widths.room = terminal > used + SHORTEST_TEXT ? terminal - used
							      : SHORTEST_TEXT;
	for (size_t i = 0; i < of->count; i++) {
		row_at(of, i, &row);
		fill_text(&row, widths.room, rows->depth > 0);
		widen(&widths.text, text_columns(&row),
		      widths.room < WIDEST_TEXT ? widths.room : WIDEST_TEXT);
	}
	return widths;
}

/* One row -------------------------------------------------------------------------- */

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

static void write_text(struct gcr_page *page, const struct row *row,
		       size_t width)
{
	enum gcr_style style = style_of(row->value->certainty);
	size_t columns = text_columns(row);

	gcr_page_span(page, style, row->text);
	gcr_page_text(page, style, row->tail);
	gcr_page_indent(page, width > columns ? width - columns : 0);
}

static void write_row(struct gcr_page *page, const struct row *row,
		      const struct widths *widths, size_t indent)
{
	const struct gcr_value *value = row->value;
	size_t column = indent + GAPS + 2 +
			larger(widths->name, gcr_page_columns(row->name)) +
			larger(widths->type, gcr_page_columns(value->type)) +
			larger(widths->text, text_columns(row)) +
			strlen(gcr_certainty_name(value->certainty));

	gcr_page_begin(page, indent);
	gcr_page_cell(page, GCR_PLAIN, row->name, widths->name);
	gcr_page_indent(page, 2);
	gcr_page_cell(page, GCR_FAINT, value->type, widths->type);
	gcr_page_indent(page, 2);
	write_text(page, row, widths->text);
	gcr_page_indent(page, 2);
	write_certainty(page, value);
	write_from(page, value, column, indent);
}

static void write_rows(struct gcr_page *page, const struct rows_of *of,
		       const struct gcr_rows *rows);

static void write_parts_of(struct gcr_page *page, const struct gcr_value *whole,
			   const struct gcr_rows *rows)
{
	size_t step = whole->kind == GCR_MAP ? 2 : 1;
	struct rows_of of = { whole, whole->children, whole->child_count / step,
			      step };
	struct gcr_rows below = { rows->indent + 2, 0, rows->depth - 1 };

	write_rows(page, &of, &below);
	if (is_list(whole) && gcr_span_ends(whole->text, ", ...}"))
		gcr_page_print(page, below.indent, "… and more");
}

static void write_rows(struct gcr_page *page, const struct rows_of *of,
		       const struct gcr_rows *rows)
{
	struct widths widths = widths_of(page, of, rows);
	struct row row;

	for (size_t i = 0; i < of->count; i++) {
		row_at(of, i, &row);
		fill_text(&row, widths.room, rows->depth > 0);
		write_row(page, &row, &widths, rows->indent);
		if (row.whole != NULL)
			write_parts_of(page, row.whole, rows);
	}
}

void gcr_value_rows(struct gcr_page *page, const struct gcr_value *values,
		    size_t count, const struct gcr_rows *rows)
{
	size_t limit = rows->limit;
	struct rows_of of = { NULL, values, count, 1 };

	if (limit > 0 && count > limit)
		of.count = limit;
	write_rows(page, &of, rows);
	if (of.count < count)
		gcr_page_print(page, rows->indent, "… and %zu more",
			       count - of.count);
}
