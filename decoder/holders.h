#ifndef GCR_HOLDERS_H
#define GCR_HOLDERS_H

/*
 * Who may hold the locks that others wait for. The runtime does not say; what
 * a text shows is whose frames have a word at the lock's address or a little
 * below it, where the struct begins that the lock is a field of. Such a
 * goroutine is a likely holder and is never called more than that.
 */

#include "waiters.h"

/*
 * The start of the struct in which the lock of `wait` lies, as far as the frame
 * shows that called Lock: the nearest word without `?` at the lock or below it.
 * 0 when there is none.
 */
uint64_t gcr_lock_base(const struct gcr_wait *wait,
		       const struct gcr_goroutine *stack);

/* Fill in holders, mentions and cycles of `waits`, whose things are settled. */
GCR_MUST_CHECK int gcr_holders_find(struct gcr_waits *waits,
				    struct gcr_error *err);

#endif
