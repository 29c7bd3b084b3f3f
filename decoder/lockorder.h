#ifndef GCR_LOCKORDER_H
#define GCR_LOCKORDER_H

/* Locks whose likely holders wait for each other, round and round. */

#include "waiters.h"

/*
 * Find the cycles among the locks of `waits`, `locks` in order of their
 * addresses. Each lock is in one at most.
 */
GCR_MUST_CHECK int gcr_lock_cycles_find(struct gcr_waits *waits,
					struct gcr_thing **locks, size_t count,
					struct gcr_error *err);

#endif
