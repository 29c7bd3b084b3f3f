/*
 * The rows around an offset and their lines: see pairs.h. Lines get their
 * letters from the top of the source column down, so that only the rows may be
 * out of order, as the compiler left them.
 */

#include "pairs.h"

#include "arena.h"
#include "span.h"

#include <stdlib.h>

enum {
	WIDEST_GAP = 3 /* lines between two that are shown, still shown */
};

struct gcr_letter gcr_pairs_letter(size_t letter)
{
	struct gcr_letter ret = { "" };
	size_t size = 0, rest = letter;

	do {
		rest = rest / 26;
		size++;
	} while (rest-- > 0);
	rest = letter;
	for (size_t i = size; i > 0; i--) {
		ret.text[i - 1] = (char)('A' + rest % 26);
		rest = rest / 26 - 1;
	}
	return ret;
}

struct gcr_span gcr_source_line(struct gcr_span source, unsigned line)
{
	struct gcr_span none = { 0 }, ret = none;

	if (source.data == NULL || line == 0)
		return none;
	for (unsigned i = 0; i < line; i++) {
		if (source.size == 0)
			return none;
		ret = gcr_span_until(&source, '\n');
	}
	if (ret.size > 0 && ret.data[ret.size - 1] == '\r')
		ret.size--;
	return ret;
}

// `func (s *server) quota(user string) int {` gives `quota`.
static struct gcr_span declared(struct gcr_span line)
{
	struct gcr_span none = { 0 };
	size_t size = 0;

	if (!gcr_span_skip(&line, "func "))
		return none;
	if (gcr_span_starts(line, "(")) {
		ptrdiff_t close = gcr_span_find_text(line, ") ");
		if (close == GCR_NOWHERE)
			return none;
		line = gcr_span_tail(line, (size_t)close + 2);
	}
	while (size < line.size && line.data[size] != '(' &&
	       line.data[size] != '[' && line.data[size] != ' ')
		size++;
	return size > 0 ? gcr_span_head(line, size) : none;
}

struct gcr_span gcr_source_function(struct gcr_span source, unsigned line)
{
	struct gcr_span ret = { 0 };

	for (unsigned i = 0; i < line && source.size > 0; i++) {
		struct gcr_span name = declared(gcr_span_until(&source, '\n'));
		if (name.data != NULL)
			ret = name;
	}
	return ret;
}

// The row that stands in the middle, and the last one in question.
static void middle(const struct gcr_offset *offset,
		   const struct gcr_row **first, const struct gcr_row **last)
{
	*last = offset->at != NULL     ? offset->at
		: offset->over != NULL ? offset->over
				       : offset->call;
	*first = offset->call != NULL ? offset->call : *last;
}

static int pick_rows(const struct gcr_offset *offset, size_t context,
		     struct gcr_arena *arena, struct gcr_pairs *ret,
		     struct gcr_error *err)
{
	const struct gcr_routine *routine = &offset->routine;
	const struct gcr_row *first, *last;
	size_t low = 0, high = 0, count = 0;

	ret->rows = gcr_arena_array(arena, routine->row_count,
				    sizeof(*ret->rows), err);
	if (ret->rows == NULL)
		return -1;
	middle(offset, &first, &last);
	for (size_t i = 0; i < routine->row_count; i++) {
		const struct gcr_row *row = &routine->rows[i];

		if ((row->flags & GCR_ROW_PSEUDO) != 0)
			continue;
		if (row == first)
			low = count;
		if (row == last)
			high = count;
		ret->rows[count] = (struct gcr_shown){ row, count + 1 };
		count++;
	}
	low = low > context ? low - context : 0;
	high = count - high - 1 > context ? high + context + 1 : count;
	ret->row_count = high - low;
	ret->rows += low;
	return 0;
}

// Add a line unless it is there; the array has room.
static struct gcr_pair *add_line(struct gcr_pairs *pairs, struct gcr_span file,
				 unsigned line)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->items[i].line == line &&
		    gcr_span_equal(pairs->items[i].file, file))
			return &pairs->items[i];
	pairs->items[pairs->count] =
		(struct gcr_pair){ .file = file, .line = line };
	return &pairs->items[pairs->count++];
}

static int compare_pairs(const void *a, const void *b)
{
	const struct gcr_pair *one = a, *other = b;
	size_t size = one->file.size < other->file.size ? one->file.size
							: other->file.size;
	int order =
		size > 0 ? memcmp(one->file.data, other->file.data, size) : 0;

	if (order != 0)
		return order;
	if (one->file.size != other->file.size)
		return one->file.size < other->file.size ? -1 : 1;
	return one->line < other->line ? -1 : one->line > other->line;
}

// How many lines the source column has at most: pairs, and small gaps.
static size_t room_for(const struct gcr_pairs *pairs)
{
	return pairs->row_count * (WIDEST_GAP + 1) + WIDEST_GAP + 2;
}

// Lines between two that are shown, when they are few and there is a source.
static void fill_gaps(struct gcr_pairs *pairs)
{
	size_t count = pairs->count;

	for (size_t i = 0; i + 1 < count; i++) {
		struct gcr_pair *pair = &pairs->items[i];
		const struct gcr_pair *next = &pairs->items[i + 1];
		unsigned end = next->line;

		if (!gcr_span_equal(pair->file, next->file) ||
		    next->line - pair->line > WIDEST_GAP)
			continue;
		for (unsigned line = pair->line + 1; line < end; line++)
			add_line(pairs, pair->file, line);
	}
	if (pairs->count > 0)
		qsort(pairs->items, pairs->count, sizeof(*pairs->items),
		      compare_pairs);
}

static void finish(struct gcr_pairs *pairs,
		   const struct gcr_offset_request *request)
{
	size_t letter = 0;

	for (size_t i = 0; i < pairs->count; i++) {
		struct gcr_pair *pair = &pairs->items[i];
		struct gcr_span source = { 0 };

		if (request->source != NULL)
			source = request->source(request->source_from,
						 pair->file);
		pair->text = gcr_source_line(source, pair->line);
		if (pair->text.data != NULL)
			pairs->has_text = true;
		if (pair->lettered)
			pair->letter = letter++;
		pair->gap = i > 0 &&
			    gcr_span_equal(pair[-1].file, pair->file) &&
			    pair[-1].line + 1 < pair->line;
	}
}

int gcr_pairs_make(const struct gcr_offset *offset,
		   const struct gcr_offset_request *request,
		   struct gcr_arena *arena, struct gcr_pairs *ret,
		   struct gcr_error *err)
{
	const struct gcr_frame *frame = offset->query->frame;
	struct gcr_pairs pairs = { 0 };

	if (pick_rows(offset, request->context, arena, &pairs, err) != 0)
		return -1;
	pairs.items = gcr_arena_array(arena, room_for(&pairs),
				      sizeof(*pairs.items), err);
	if (pairs.items == NULL)
		return -1;
	for (size_t i = 0; i < pairs.row_count; i++)
		if (pairs.rows[i].row->line > 0)
			add_line(&pairs, pairs.rows[i].row->file,
				 pairs.rows[i].row->line)
				->lettered = true;
	if (frame != NULL && frame->line > 0 && frame->file.data != NULL)
		add_line(&pairs, frame->file, frame->line)->printed = true;
	if (pairs.count > 0)
		qsort(pairs.items, pairs.count, sizeof(*pairs.items),
		      compare_pairs);
	fill_gaps(&pairs);
	finish(&pairs, request);
	*ret = pairs;
	return 0;
}

const struct gcr_pair *gcr_pairs_of(const struct gcr_pairs *pairs,
				    const struct gcr_row *row)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (row->line > 0 && pairs->items[i].line == row->line &&
		    gcr_span_equal(pairs->items[i].file, row->file))
			return &pairs->items[i];
	return NULL;
}
