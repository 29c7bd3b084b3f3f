#ifndef GCR_COREHELD_H
#define GCR_COREHELD_H

/*
 * Do the callers of a frame hold on to what its arguments point to? A function
 * that does not need an argument any more leaves its slot to itself; what the
 * argument points to stays all the same while a slot of a caller, which cannot
 * change as long as the function runs, has the same pointer for the collector.
 */

#include "corestand.h"
#include "corevalue.h"

struct gcr_coreheld {
	struct gcr_corestands *stands;
	const struct gcr_frame *callers; /* of the frame, the nearest first */
	size_t count;
};

bool gcr_coreheld(struct gcr_corereader *reader, uint64_t address);

#endif
