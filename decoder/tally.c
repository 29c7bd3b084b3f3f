/* What `gocrash goroutines` prints of one dump. */

#include "tally.h"

#include "arena.h"
#include "grouppage.h"
#include "page.h"
#include "scene.h"
#include "span.h"
#include "verdict.h"
#include "waitpage.h"

#include <stdlib.h>
#include <string.h>

/* A group, and what it is sorted by. */
struct row {
	const struct gcr_group *group;
	uint64_t number;      /* the greater the earlier … */
	struct gcr_span text; /* … behind this */
};

static int compare_texts(struct gcr_span a, struct gcr_span b)
{
	size_t size = a.size < b.size ? a.size : b.size;
	int order = size > 0 ? memcmp(a.data, b.data, size) : 0;

	if (order != 0)
		return order;
	return a.size < b.size ? -1 : a.size > b.size;
}

static int compare_rows(const void *left, const void *right)
{
	const struct row *a = left, *b = right;
	int order = compare_texts(a->text, b->text);

	if (order != 0)
		return order;
	if (a->number != b->number)
		return a->number < b->number ? 1 : -1;
	return a->group->index < b->group->index ? -1 : 1;
}

static struct row row_of(const struct gcr_page *page,
			 const struct gcr_group *group)
{
	const struct gcr_frame *frame;
	struct row row = { .group = group, .number = group->count };

	switch (page->view->order) {
	case GCR_BY_COUNT:
		break;
	case GCR_BY_AGE:
		row.number = group->minutes_most;
		break;
	case GCR_BY_STATE:
		row.text = group->example.state;
		break;
	case GCR_BY_PLACE:
		frame = gcr_telling_frame(&group->example, page->view);
		if (frame != NULL)
			row.text = frame->function;
		break;
	case GCR_AS_FOUND:
		row.number = 0;
		break;
	}
	return row;
}

static const struct gcr_group **sort_groups(struct gcr_page *page,
					    const struct gcr_tally *tally)
{
	size_t count = tally->group_count;
	const struct gcr_group **sorted = gcr_arena_array(
		page->arena, count, sizeof(struct gcr_group *), page->err);
	struct row *rows =
		gcr_arena_array(page->arena, count, sizeof(*rows), page->err);

	if (sorted == NULL || rows == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++)
		rows[i] = row_of(page, tally->groups[i]);
	if (count > 0)
		qsort(rows, count, sizeof(*rows), compare_rows);
	for (size_t i = 0; i < count; i++)
		sorted[i] = rows[i].group;
	return sorted;
}

// Those of the runtime's own are behind all others; how many others there are.
static size_t part_runtime(const struct gcr_group **groups, size_t count,
			   const struct gcr_group **spare)
{
	size_t own = 0, others = 0;

	for (size_t i = 0; i < count; i++) {
		if (gcr_stack_is_runtime(&groups[i]->example))
			spare[others++] = groups[i];
		else
			groups[own++] = groups[i];
	}
	memcpy(groups + own, spare, others * sizeof(struct gcr_group *));
	return own;
}

static void write_groups(struct gcr_page *page, const struct gcr_group **groups,
			 size_t own, size_t count)
{
	size_t shown = page->view->all ? count : own;
	size_t written = shown, top = page->view->top;

	if (top > 0 && top < shown)
		written = top;
	gcr_page_heading(page, "Groups");
	gcr_page_print(page, 0,
		       "In lists of arguments: 0x2a is the same in all, <3> "
		       "are so many different values, ? is stale.");
	for (size_t i = 0; i < written; i++) {
		gcr_page_line(page);
		gcr_group_write(page, groups[i]);
	}
	if (written < shown) {
		gcr_page_line(page);
		gcr_page_print(page, 0,
			       "and %zu groups more; --top=0 shows all",
			       shown - written);
	}
	if (shown < count) {
		gcr_page_line(page);
		gcr_runtime_groups_write(page, groups + shown, count - shown);
	}
}

static int write_tally(struct gcr_page *page, const struct gcr_tally *tally)
{
	size_t count = tally->group_count;
	const struct gcr_group **groups = sort_groups(page, tally);
	const struct gcr_group **spare = gcr_arena_array(
		page->arena, count, sizeof(struct gcr_group *), page->err);

	if (groups == NULL || spare == NULL ||
	    gcr_verdict_write(page, tally) != 0)
		return -1;
	if (tally->waits != NULL)
		gcr_waits_write(page, tally->waits);
	if (count > 0)
		write_groups(page, groups, part_runtime(groups, count, spare),
			     count);
	return gcr_sink_done(&page->sink, page->err);
}

int gcr_write_tally(const struct gcr_tally *tally, const struct gcr_view *view,
		    const struct gcr_output *output, struct gcr_error *err)
{
	struct gcr_page page;
	int result;

	if (gcr_page_init(&page, &tally->crash->target, view, output, err) != 0)
		return -1;
	result = write_tally(&page, tally);
	gcr_page_done(&page);
	return result;
}
