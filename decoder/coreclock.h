#ifndef GCR_CORECLOCK_H
#define GCR_CORECLOCK_H

/*
 * For how long a goroutine would have slept on. A core does not say when it was
 * taken: only times that the runtime has noted, all of them before that.
 */

#include "corevalue.h"

/*
 * Nanoseconds from the newest time noted to when the goroutine at `g` wants to
 * be woken: at most so long. False: nothing tells, or its clock is its bubble's.
 */
bool gcr_coreclock_left(struct gcr_corereader *reader, uint64_t g,
			uint64_t *ret);

#endif
