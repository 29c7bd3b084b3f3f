#ifndef GCR_COREQUEUE_H
#define GCR_COREQUEUE_H

/*
 * Queues of those who wait on a channel: how many, who, and whether one of them
 * is there. Thousands may stand in the same one and each is asked, so that the
 * last long ones are kept.
 */

#include "corevalue.h"

struct gcr_core_standing {
	bool told;	/* to the end; false: it is longer than was read */
	bool among;	/* the one that was asked for is in it */
	uint64_t count; /* of entries */
	uint64_t ids[GCR_COREQUEUE_IDS]; /* of the first goroutines; 0: none */
};

/*
 * The queue that begins with the sudog `first` (0: it is empty), and whether
 * `sudog` is in it. All that a reader reads is bounded; what is not read is not
 * told. Fails with GCR_NOMEM and GCR_LIMIT.
 */
GCR_MUST_CHECK int gcr_corequeue(struct gcr_corereader *reader, uint64_t first,
				 uint64_t sudog, struct gcr_core_standing *ret);

#endif
