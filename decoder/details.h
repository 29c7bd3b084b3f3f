#ifndef GCR_DETAILS_H
#define GCR_DETAILS_H

/*
 * All that the first screen left out: the chain of panics, the signal line
 * decoded, stacks in full, registers, remarks of the runtime, other output
 * and the reader's notes.
 */

#include "page.h"
#include "scene.h"

GCR_MUST_CHECK int gcr_details_write(struct gcr_page *page,
				     const struct gcr_crash *crash,
				     const struct gcr_scene *scene);

#endif
