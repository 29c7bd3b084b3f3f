/*
 * gcr_write_explanation: the first screen, then the details; gcr_write_stacks: one
 * stack after the other, gcr_stream_stacks: as they come.
 */

#include "text.h"

#include "details.h"
#include "listed.h"
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
	struct gcr_listed listed = { .crash = crash };
	struct gcr_stack_source source = gcr_listed_source(&listed);

	return gcr_stream_stacks(&source, view, output, err);
}

int gcr_stream_stacks(const struct gcr_stack_source *source,
		      const struct gcr_view *view,
		      const struct gcr_output *output, struct gcr_error *err)
{
	struct gcr_goroutine goroutine;
	struct gcr_page page;
	bool first = true;
	int more;

	if (gcr_page_init(&page, &source->crash->target, view, output, err) !=
	    0)
		return -1;
	while ((more = source->next(source->from, &goroutine, err)) > 0) {
		if (!first)
			gcr_page_line(&page);
		first = false;
		if (gcr_stack_write(&page, &goroutine, GCR_STACK_FULL) != 0) {
			more = -1;
			break;
		}
	}
	if (more == 0)
		more = gcr_sink_done(&page.sink, err);
	gcr_page_done(&page);
	return more;
}
