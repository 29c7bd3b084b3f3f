/* Many goroutines in few rows: see crowd.h. */

#include "crowd.h"

#include "arena.h"
#include "causes.h"
#include "crash.h"
#include "held.h"
#include "scene.h"
#include "span.h"

#include <stdlib.h>

static uint64_t hash_bytes(uint64_t hash, const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)data[i]) * 0x100000001b3u;
	return hash;
}

static uint64_t hash_row(const struct gcr_crowd_row *row)
{
	uint64_t hash = hash_bytes(0xcbf29ce484222325u, row->state.data,
				   row->state.size);

	if (row->frame == NULL)
		return hash;
	hash = hash_bytes(hash, row->frame->function.data,
			  row->frame->function.size);
	return (hash ^ row->frame->line) * 0x100000001b3u;
}

static bool same_row(const struct gcr_crowd_row *a,
		     const struct gcr_crowd_row *b)
{
	if (!gcr_span_equal(a->state, b->state))
		return false;
	if (a->frame == NULL || b->frame == NULL)
		return a->frame == b->frame;
	return a->frame->line == b->frame->line &&
	       gcr_span_equal(a->frame->function, b->frame->function) &&
	       gcr_span_equal(a->frame->file, b->frame->file);
}

static struct gcr_crowd_row row_of(const struct gcr_goroutine *g,
				   const struct gcr_view *view)
{
	struct gcr_crowd_row row = {
		.state = g->state,
		.frame = gcr_telling_frame(g, view),
		.first = g,
		.ids = { g->id },
	};

	return row;
}

static void count_in(struct gcr_crowd_row *row, const struct gcr_goroutine *g)
{
	if (row->count > 0 && row->count < GCR_CROWD_IDS)
		row->ids[row->count] = g->id;
	row->count += g->count > 0 ? g->count : 1;
	if (g->minutes > row->minutes)
		row->minutes = g->minutes;
}

// Rows in order of appearance, found again through `slots`.
struct gathering {
	struct gcr_crowd crowd;
	size_t capacity;
	size_t *slots; /* index of a row plus one; 0: free */
	size_t mask;
};

static int add(struct gathering *to, const struct gcr_goroutine *g,
	       struct gcr_page *page)
{
	struct gcr_crowd_row row = row_of(g, page->view);
	size_t at = (size_t)hash_row(&row) & to->mask;

	while (to->slots[at] != 0 &&
	       !same_row(&to->crowd.rows[to->slots[at] - 1], &row))
		at = (at + 1) & to->mask;
	if (to->slots[at] == 0) {
		if (gcr_arena_grow(page->arena, &to->crowd.rows,
				   to->crowd.row_count, &to->capacity,
				   sizeof(row), page->err) != 0)
			return -1;
		to->crowd.rows[to->crowd.row_count++] = row;
		to->slots[at] = to->crowd.row_count;
	}
	count_in(&to->crowd.rows[to->slots[at] - 1], g);
	to->crowd.count += g->count > 0 ? g->count : 1;
	return 0;
}

static int compare_rows(const void *left, const void *right)
{
	const struct gcr_crowd_row *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return a->first < b->first ? -1 : 1;
}

static int take(struct gathering *to, struct gcr_page *page,
		const struct gcr_goroutine *stack)
{
	if (!gcr_stack_is_runtime(stack))
		return add(to, stack, page);
	to->crowd.runtime++;
	return 0;
}

// Each once, even if the crash printed it twice.
static int take_all(struct gathering *to, struct gcr_page *page,
		    const struct gcr_goroutine *stacks, size_t count,
		    const struct gcr_goroutine *without)
{
	struct gcr_held held = { 0 };

	for (size_t i = 0; i < count; i++) {
		const struct gcr_goroutine *stack = &stacks[i];
		int got = stack->id == 0 ? 1
					 : gcr_held_take(&held, page->arena,
							 stack, page->err);

		if (got < 0 ||
		    (got > 0 && stack != without && take(to, page, stack) != 0))
			return -1;
	}
	for (const struct gcr_held_one *one = held.first; one != NULL;
	     one = one->next)
		if (!one->over && one->from != without &&
		    take(to, page, one->from) != 0)
			return -1;
	return 0;
}

int gcr_crowd_gather(struct gcr_page *page, const struct gcr_goroutine *stacks,
		     size_t count, const struct gcr_goroutine *without,
		     struct gcr_crowd *ret)
{
	struct gathering to = { .mask = 15 };

	while (to.mask / 2 < count)
		to.mask = to.mask * 2 + 1;
	to.slots = gcr_arena_array(page->arena, to.mask + 1, sizeof(*to.slots),
				   page->err);
	if (to.slots == NULL ||
	    take_all(&to, page, stacks, count, without) != 0)
		return -1;
	if (to.crowd.row_count > 0)
		qsort(to.crowd.rows, to.crowd.row_count, sizeof(*to.crowd.rows),
		      compare_rows);
	*ret = to.crowd;
	return 0;
}

static void write_ids(struct gcr_page *page, const struct gcr_crowd_row *row)
{
	if (row->first->kind != GCR_STACK_GOROUTINE)
		return;
	gcr_sink_text(&page->sink, "  #");
	for (uint64_t i = 0; i < row->count && i < GCR_CROWD_IDS; i++) {
		if (i > 0)
			gcr_sink_text(&page->sink, ", ");
		gcr_sink_decimal(&page->sink, row->ids[i]);
	}
	if (row->count > GCR_CROWD_IDS)
		gcr_sink_text(&page->sink, ", …");
}

static void write_row(struct gcr_page *page, const struct gcr_crowd_row *row,
		      size_t state_width)
{
	enum gcr_style style = GCR_PLAIN;

	gcr_sink_print(&page->sink, "%5llu  ", (unsigned long long)row->count);
	gcr_page_cell(page, GCR_PLAIN, row->state, state_width);
	if (state_width > 0)
		gcr_page_indent(page, 2);
	if (row->frame == NULL) {
		gcr_sink_text(&page->sink, "no frames");
	} else {
		if (gcr_frame_owner(row->frame, page->view) == GCR_OWNER_USER)
			style = GCR_OWN;
		gcr_page_span(page, style, row->frame->function);
		gcr_page_indent(page, 1);
		gcr_page_span(page, GCR_PLAIN, gcr_file_base(row->frame));
		gcr_sink_print(&page->sink, ":%u", row->frame->line);
	}
	write_ids(page, row);
	if (row->minutes > 0)
		gcr_sink_print(&page->sink, "  up to %llu min",
			       (unsigned long long)row->minutes);
	gcr_page_line(page);
}

static size_t widest_state(const struct gcr_crowd *crowd, size_t rows)
{
	size_t widest = 0;

	for (size_t i = 0; i < rows; i++) {
		size_t columns = gcr_page_columns(crowd->rows[i].state);
		if (columns > widest && columns <= 30)
			widest = columns;
	}
	return widest;
}

static void write_rest(struct gcr_page *page, const struct gcr_crowd *crowd,
		       size_t indent, size_t shown)
{
	uint64_t rest = 0;

	for (size_t i = shown; i < crowd->row_count; i++)
		rest += crowd->rows[i].count;
	if (rest > 0)
		gcr_page_print(
			page, indent, "and %llu more at %zu other place%s",
			(unsigned long long)rest, crowd->row_count - shown,
			crowd->row_count - shown == 1 ? "" : "s");
	if (crowd->runtime > 0)
		gcr_page_print(page, indent,
			       "and %llu of the runtime's own (collector, "
			       "finalizers, …)",
			       (unsigned long long)crowd->runtime);
}

// Whether a row before this one has said what its state means.
static bool is_explained(const struct gcr_crowd *crowd, size_t at)
{
	enum {
		FAR_ENOUGH = 32
	};

	for (size_t i = at > FAR_ENOUGH ? at - FAR_ENOUGH : 0; i < at; i++)
		if (gcr_span_equal(crowd->rows[i].state, crowd->rows[at].state))
			return true;
	return false;
}

void gcr_crowd_write(struct gcr_page *page, const struct gcr_crowd *crowd,
		     size_t indent, size_t limit, bool explain)
{
	size_t rows = crowd->row_count;

	if (limit > 0 && rows > limit)
		rows = limit;
	size_t width = widest_state(crowd, rows);
	for (size_t i = 0; i < rows; i++) {
		const struct gcr_crowd_row *row = &crowd->rows[i];
		const struct gcr_state_row *state = gcr_state_find(row->state);

		gcr_page_begin(page, indent);
		write_row(page, row, width);
		if (!explain || state == NULL || is_explained(crowd, i))
			continue;
		gcr_page_begin(page, indent + 7);
		gcr_page_text(page, GCR_FAINT, state->meaning);
		gcr_page_line(page);
	}
	write_rest(page, crowd, indent, rows);
}
