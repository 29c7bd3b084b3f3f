/*
 * Rows on the left, source on the right, the pair with one letter (and, on a
 * terminal that has it, one colour):
 *
 *	                                              example1.go
 *	      8 A  0x0041 00065  MOVL    $10, R8      A >  5  example(make([]s
 *	call  9 A  0x0047 00071  CALL    main.example B    6  }
 *	next 10 B  0x004c 00076  ADDQ    $112, SP
 */

#include "offsettext.h"

#include "pairs.h"
#include "span.h"

enum {
	MARK = 5,
	LEAST_CODE = 16,
	MOST_CODE = 44,
	MOST_CODE_NARROW = 34,
	MNEMONIC = 8,
	TAB = 4,
	NARROW = 100,
	COLORS = 6
};

struct columns {
	struct gcr_page *page;
	const struct gcr_offset *offset;
	const struct gcr_pairs *pairs;
	size_t number, letter, line, code; /* widths */
	size_t source_number;
	size_t left;  /* of the source column, what stands before it */
	size_t blank; /* of the row just written, to the source column */
};

static const char *const colors[COLORS] = {
	"\033[36m", "\033[33m", "\033[32m", "\033[35m", "\033[34m", "\033[31m",
};

static size_t digits(size_t value)
{
	size_t count = 1;

	while (value >= 10) {
		value /= 10;
		count++;
	}
	return count;
}

static size_t code_columns(const struct gcr_row *row)
{
	size_t mnemonic = gcr_page_columns(row->mnemonic);

	return (mnemonic < MNEMONIC ? MNEMONIC : mnemonic + 1) +
	       gcr_page_columns(row->operands);
}

static void measure(struct columns *to)
{
	const struct gcr_pairs *pairs = to->pairs;
	unsigned width = to->page->view->width;
	size_t most =
		width > 0 && width < NARROW ? MOST_CODE_NARROW : MOST_CODE;

	to->code = LEAST_CODE;
	for (size_t i = 0; i < pairs->row_count; i++) {
		size_t columns = code_columns(pairs->rows[i].row);

		if (columns > to->code)
			to->code = columns < most ? columns : most;
		if (digits(pairs->rows[i].number) > to->number)
			to->number = digits(pairs->rows[i].number);
		if (digits(pairs->rows[i].row->line) > to->line)
			to->line = digits(pairs->rows[i].row->line);
	}
	to->letter = 1;
	for (size_t i = 0; i < pairs->count; i++) {
		size_t size =
			strlen(gcr_pairs_letter(pairs->items[i].letter).text);

		if (pairs->items[i].lettered && size > to->letter)
			to->letter = size;
		if (digits(pairs->items[i].line) > to->source_number)
			to->source_number = digits(pairs->items[i].line);
	}
}

static void start_color(struct columns *to, const struct gcr_pair *pair)
{
	if (to->page->view->color && pair != NULL && pair->lettered)
		gcr_sink_text(&to->page->sink, colors[pair->letter % COLORS]);
}

static void end_color(struct columns *to, const struct gcr_pair *pair)
{
	if (to->page->view->color && pair != NULL && pair->lettered)
		gcr_sink_text(&to->page->sink, "\033[0m");
}

static void put_letter(struct columns *to, const struct gcr_pair *pair)
{
	struct gcr_letter letter = { "" };

	if (pair != NULL && pair->lettered)
		letter = gcr_pairs_letter(pair->letter);
	gcr_page_cell(to->page, GCR_PLAIN, gcr_span_of(letter.text),
		      to->letter);
}

// At most `room` columns of a text, tabs widened, `>` where it is cut.
static size_t put_cut(struct columns *to, struct gcr_span text, size_t room)
{
	struct gcr_page *page = to->page;
	size_t column = 0, columns = gcr_page_columns(text);

	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == '\t')
			columns += TAB - 1;
	for (size_t i = 0; i < text.size && column < room;) {
		uint32_t point;
		size_t size = gcr_utf8(gcr_span_tail(text, i), &point);

		size = size > 0 ? size : 1;
		if (columns > room && column + 1 >= room) {
			gcr_sink_char(&page->sink, '>');
			return room;
		}
		if (text.data[i] == '\t') {
			gcr_page_indent(page, TAB);
			column += TAB;
		} else {
			gcr_page_span(
				page, GCR_PLAIN,
				gcr_span_head(gcr_span_tail(text, i), size));
			column++;
		}
		i += size;
	}
	return column;
}

static void put_code(struct columns *to, const struct gcr_row *row)
{
	size_t used = put_cut(to, row->mnemonic, to->code);

	if (row->operands.size > 0 && used < to->code) {
		size_t blanks = used < MNEMONIC ? MNEMONIC - used : 1;

		gcr_page_indent(to->page, blanks);
		used += blanks;
		if (used < to->code)
			used += put_cut(to, row->operands, to->code - used);
	}
	to->blank = used < to->code ? to->code - used : 0;
}

static const char *mark_of(const struct columns *to, const struct gcr_row *row)
{
	const struct gcr_offset *offset = to->offset;
	bool is_return = offset->kind == GCR_OFFSET_RETURN;

	if (is_return && row == offset->call)
		return "call";
	if (row == offset->at)
		return is_return && offset->call != NULL ? "next" : "here";
	return row == offset->over ? "in" : "";
}

static void put_row(struct columns *to, size_t index)
{
	const struct gcr_row *row = to->pairs->rows[index].row;
	const struct gcr_pair *pair = gcr_pairs_of(to->pairs, row);
	struct gcr_page *page = to->page;
	const char *mark = mark_of(to, row);

	gcr_page_cell(page, GCR_TITLE, gcr_span_of(mark), MARK);
	gcr_sink_print(&page->sink, "%*zu ", (int)to->number,
		       to->pairs->rows[index].number);
	start_color(to, pair);
	put_letter(to, pair);
	gcr_sink_print(&page->sink, " 0x%04llx %05llu ",
		       (unsigned long long)row->offset,
		       (unsigned long long)row->offset);
	if (!to->pairs->has_text)
		gcr_sink_print(&page->sink, "%*u ", (int)to->line, row->line);
	put_code(to, row);
	end_color(to, pair);
}

static void put_source(struct columns *to, const struct gcr_pair *pair)
{
	struct gcr_page *page = to->page;
	size_t used = to->left + to->letter + to->source_number + 6;
	size_t room = page->view->width > used ? page->view->width - used
		      : page->view->width > 0  ? 1
					       : SIZE_MAX;

	gcr_page_indent(page, 2);
	start_color(to, pair);
	put_letter(to, pair);
	gcr_sink_print(&page->sink, " %s%*u ", pair->printed ? ">" : " ",
		       (int)to->source_number, pair->line);
	put_cut(to, pair->text, room);
	end_color(to, pair);
}

/* The lines of the right column: a file's name, a gap, a line of the source. */
struct right {
	size_t next; /* pair */
	bool titled, gapped;
};

// Write the next line of the right column, if there is one.
static void put_right(struct columns *to, struct right *right)
{
	const struct gcr_pairs *pairs = to->pairs;
	const struct gcr_pair *pair;

	if (!pairs->has_text || right->next >= pairs->count)
		return;
	pair = &pairs->items[right->next];
	bool other =
		right->next == 0 || !gcr_span_equal(pair[-1].file, pair->file);
	if (other && !right->titled) {
		right->titled = true;
		gcr_page_indent(to->page, 2 + to->letter + 2);
		gcr_page_span(to->page, GCR_FAINT, gcr_offset_base(pair->file));
		return;
	}
	if (pair->gap && !right->gapped) {
		right->gapped = true;
		gcr_page_indent(to->page, 2 + to->letter + 2);
		gcr_page_text(to->page, GCR_FAINT, "...");
		return;
	}
	put_source(to, pair);
	right->next++;
	right->titled = right->gapped = false;
}

static bool is_right_left(const struct columns *to, const struct right *right)
{
	return to->pairs->has_text && right->next < to->pairs->count;
}

int gcr_offset_write_columns(struct gcr_page *page,
			     const struct gcr_offset *offset,
			     const struct gcr_offset_request *request,
			     struct gcr_error *err)
{
	struct gcr_pairs pairs;
	struct columns to = { .page = page, .offset = offset, .pairs = &pairs };
	struct right right = { 0 };
	size_t row = 0;

	if (gcr_pairs_make(offset, request, page->arena, &pairs, err) != 0)
		return -1;
	measure(&to);
	to.left = MARK + to.number + 1 + to.letter + 14 + to.code;
	while (row < pairs.row_count || is_right_left(&to, &right)) {
		if (row < pairs.row_count)
			put_row(&to, row++);
		else
			to.blank = to.left;
		if (is_right_left(&to, &right))
			gcr_page_indent(page, to.blank);
		put_right(&to, &right);
		gcr_page_line(page);
	}
	return 0;
}
