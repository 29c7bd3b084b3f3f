#ifndef GCR_COREWAITS_H
#define GCR_COREWAITS_H

/*
 * What a goroutine of a core waits on, by the runtime's own lists: also each of
 * the channels of a select, and what no word of its stack tells.
 */

#include "corevalue.h"
#include "waits.h"

enum gcr_core_wait_kind {
	GCR_CORE_CHANNEL,
	GCR_CORE_MUTEX,
	GCR_CORE_RWMUTEX,
	GCR_CORE_WAITGROUP,
	GCR_CORE_COND,
	GCR_CORE_DESCRIPTOR,
	GCR_CORE_SLEEP,
};

/* One of them. */
struct gcr_core_wait {
	enum gcr_core_wait_kind kind;
	uint64_t address; /* of the thing; 0: none */
	/* CHANNEL: */
	bool sends, told, closed; /* `told`: the rest is known, too */
	uint64_t len, cap;
	uint64_t receivers, senders; /* in its queues */
	/* The first in the queue that it is in itself; 0: no more. */
	uint64_t ids[GCR_COREQUEUE_IDS];
	/* MUTEX, RWMUTEX: */
	bool locked;
	/* MUTEX and COND: who waits; RWMUTEX: who reads; WAITGROUP: the counter. */
	int64_t count;
	/* DESCRIPTOR */
	uint64_t fd;
	/* SLEEP: nanoseconds, at most; counted from the newest time known. */
	uint64_t left;
};

struct gcr_core_waits {
	struct gcr_core_wait *items;
	size_t count;
	/* What it panicked with, where that is no text; data NULL: nothing. */
	struct gcr_span panicked;
};

/* Lives in `reader->arena`. Fails with GCR_NOMEM and GCR_LIMIT. */
GCR_MUST_CHECK int gcr_core_waits(struct gcr_corereader *reader,
				  const struct gcr_goroutine *goroutine,
				  struct gcr_core_waits *ret);

#endif
