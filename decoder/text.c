/*
 * gcr_write_explanation: the first screen, then the details; gcr_write_stacks: one
 * stack after the other.
 */

#include "text.h"

#include "details.h"
#include "page.h"
#include "scene.h"
#include "stacks.h"
#include "summary.h"

int gcr_write_explanation(const struct gcr_crash *crash,
			  const struct gcr_view *view,
			  const struct gcr_output *output,
			  struct gcr_error *err)
{
	struct gcr_page page;
	struct gcr_scene scene = gcr_scene_of(crash, view);
	int result = -1;

	if (gcr_page_init(&page, &crash->target, view, output, err) != 0)
		return -1;
	if (gcr_summary_write(&page, crash, &scene) == 0 &&
	    gcr_details_write(&page, crash, &scene) == 0)
		result = gcr_sink_done(&page.sink, err);
	gcr_page_done(&page);
	return result;
}

int gcr_write_stacks(const struct gcr_crash *crash, const struct gcr_view *view,
		     const struct gcr_output *output, struct gcr_error *err)
{
	struct gcr_page page;
	int result = 0;

	if (gcr_page_init(&page, &crash->target, view, output, err) != 0)
		return -1;
	for (size_t i = 0; i < crash->goroutine_count && result == 0; i++) {
		if (i > 0)
			gcr_page_line(&page);
		result = gcr_stack_write(&page, &crash->goroutines[i],
					 GCR_STACK_FULL);
	}
	if (result == 0)
		result = gcr_sink_done(&page.sink, err);
	gcr_page_done(&page);
	return result;
}
