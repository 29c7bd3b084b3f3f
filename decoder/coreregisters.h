#ifndef GCR_COREREGISTERS_H
#define GCR_COREREGISTERS_H

/* What was in the registers where a frame was stopped in the middle of its work. */

#include "corevalue.h"
#include "dwarfloc.h"

/*
 * The registers of a frame that a signal or a preemption stopped, as `above`, the
 * frame that did (or NULL), has saved them; of all other frames none. `g`: the
 * address of its goroutine's struct, which has the vectors since go1.26; or 0.
 */
void gcr_coreregisters(struct gcr_corereader *reader, uint64_t g,
		       const struct gcr_frame *physical,
		       const struct gcr_frame *above,
		       struct gcr_location_frame *to);

#endif
