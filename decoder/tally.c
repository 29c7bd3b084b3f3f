/* What `gocrash goroutines` prints of one dump. */

#include "tally.h"

#include "page.h"
#include "span.h"
#include "stacks.h"
#include "waitpage.h"

#include "arena.h"

#include <inttypes.h>
#include <stdlib.h>

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

static int write_tally(struct gcr_page *page, const struct gcr_tally *tally)
{
	const struct gcr_group **groups = sort_groups(page, tally);

	if (groups == NULL)
		return -1;
	gcr_sink_print(&page->sink, "%" PRIu64 " goroutines in %zu groups\n",
		       tally->count, tally->group_count);
	if (tally->waits != NULL)
		gcr_waits_write(page, tally->waits);
	for (size_t i = 0; i < tally->group_count; i++) {
		gcr_sink_print(&page->sink, "\n%" PRIu64 " like ",
			       groups[i]->count);
		if (gcr_stack_write(page, &groups[i]->example,
				    GCR_STACK_FOLDED) != 0)
			return -1;
	}
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
