#ifndef GCR_SUMMARY_H
#define GCR_SUMMARY_H

/*
 * The first screen of an explanation: what happened, where in the user's own
 * code, with which values, and what to do next.
 */

#include "page.h"
#include "scene.h"

GCR_MUST_CHECK int gcr_summary_write(struct gcr_page *page,
				     const struct gcr_crash *crash,
				     const struct gcr_scene *scene);

#endif
