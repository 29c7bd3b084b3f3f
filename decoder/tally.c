/* What `gocrash goroutines` prints of one dump. */

#include "tally.h"

#include "arena.h"
#include "grouppage.h"
#include "page.h"
#include "scene.h"
#include "verdict.h"
#include "waitpage.h"

#include <stdlib.h>
#include <string.h>

static int compare_groups(const void *left, const void *right)
{
	const struct gcr_group *const *a = left, *const *b = right;

	if ((*a)->count != (*b)->count)
		return (*a)->count < (*b)->count ? 1 : -1;
	return (*a)->index < (*b)->index ? -1 : 1;
}

static const struct gcr_group **sort_groups(struct gcr_page *page,
					    const struct gcr_tally *tally)
{
	size_t count = tally->group_count;
	const struct gcr_group **sorted = gcr_arena_array(
		page->arena, count, sizeof(struct gcr_group *), page->err);

	if (sorted == NULL || count == 0)
		return sorted;
	memcpy(sorted, tally->groups, count * sizeof(struct gcr_group *));
	qsort(sorted, count, sizeof(struct gcr_group *), compare_groups);
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

	gcr_page_heading(page, "Groups");
	gcr_page_print(page, 0,
		       "In lists of arguments: 0x2a is the same in all, <3> "
		       "are so many different values, ? is stale.");
	for (size_t i = 0; i < shown; i++) {
		gcr_page_line(page);
		gcr_group_write(page, groups[i]);
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
	write_groups(page, groups, part_runtime(groups, count, spare), count);
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
