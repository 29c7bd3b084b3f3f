#ifndef GCR_CORELABELS_H
#define GCR_CORELABELS_H

/* The labels that runtime/pprof gave a goroutine. */

#include "core.h"

/*
 * Those of the g at `address` in the form of gcr_goroutine.labels, in `arena`;
 * data NULL when it has none. Fails with GCR_NOMEM and GCR_LIMIT.
 */
GCR_MUST_CHECK int gcr_core_labels(struct gcr_core *core, uint64_t address,
				   struct gcr_arena *arena,
				   struct gcr_span *ret, struct gcr_error *err);

#endif
