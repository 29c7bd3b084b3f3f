#ifndef GCR_LISTED_H
#define GCR_LISTED_H

/* The goroutines of a crash, as a source of them. */

#include "gocrash.h"

struct gcr_listed {
	const struct gcr_crash *crash;
	size_t next;
};

/* `listed` and its crash have to stay. */
struct gcr_stack_source gcr_listed_source(struct gcr_listed *listed);

#endif
