/* gcr_write_explanation: the first screen, then the details. */

#include "text.h"

#include "details.h"
#include "page.h"
#include "scene.h"
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
