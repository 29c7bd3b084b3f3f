#ifndef GCR_WAITS_H
#define GCR_WAITS_H

/*
 * What a goroutine waits for: the channel, lock or descriptor, by the frames of
 * the runtime and of package sync at the top of its stack. Nothing here
 * allocates.
 *
 * The address is the first argument of one of those frames. It is told where
 * the runtime vouches for it, and only there: a word marked `?` is never taken
 * for the thing waited on. In a text without the runtime's frames (debug=2, a
 * panic) a channel has no address, a mutex has.
 */

#include "gocrash.h"

enum gcr_wait_kind {
	GCR_WAIT_NOTHING, /* it does not wait: it runs, is ready, is in C */
	GCR_WAIT_CHANNEL,
	GCR_WAIT_NIL_CHANNEL, /* for ever */
	GCR_WAIT_SELECT,      /* on several channels: there is no one address */
	GCR_WAIT_FOREVER,     /* select{} */
	GCR_WAIT_MUTEX,
	GCR_WAIT_RWMUTEX,
	GCR_WAIT_ONCE, /* another goroutine is in its function */
	GCR_WAIT_WAITGROUP,
	GCR_WAIT_COND,
	GCR_WAIT_DESCRIPTOR, /* network or pipe; the address is the pollDesc */
	GCR_WAIT_DESCRIPTOR_LOCK, /* another goroutine reads or writes it */
	GCR_WAIT_SEMAPHORE,	  /* of the runtime or of package sync */
	GCR_WAIT_SLEEP,
	GCR_WAIT_OTHER, /* for the collector and the like */
	GCR_WAIT_KIND_COUNT
};

enum gcr_wait_role {
	GCR_WAITS, /* where there is only one role */
	GCR_RECEIVES,
	GCR_SENDS,
	GCR_LOCKS,  /* a Mutex, or a RWMutex for writing */
	GCR_RLOCKS, /* a RWMutex for reading */
	GCR_READS,
	GCR_WRITES,
	GCR_WAIT_ROLE_COUNT
};

/* Who wants which thing. */
struct gcr_wait {
	enum gcr_wait_kind kind;
	enum gcr_wait_role role;
	/*
	 * EXACT: `address` is that of the thing. UNMARKED: it is, unless the
	 * program was built with go1.17, which marks nothing, or has other
	 * words than taken for granted. STALE: the word
	 * is there and marked, UNKNOWN: the text does not have it; `address`
	 * is 0 then.
	 */
	enum gcr_certainty certainty;
	uint64_t address;
	/* The frame whose first word leads to the address, where one does. */
	size_t frame;
	/* The frame behind the operation: it called Lock, Wait, Read. */
	size_t caller;
	/* What the word is more than the address: `&m.sema` is 4. */
	uint64_t minus[2]; /* with words of 8 bytes, of 4 */
	/* Go1.17 prints something else in this place. */
	bool unsure;
};

/* `channel`, `mutex`, …; `receives`, `locks`, …: for JSON and for people. */
const char *gcr_wait_kind_name(enum gcr_wait_kind kind);
const char *gcr_wait_role_name(enum gcr_wait_role role);

/* A lock is what one goroutine holds while others wait. */
bool gcr_wait_is_lock(enum gcr_wait_kind kind);

/*
 * What `stack` waits for, as if words were of 8 bytes and the release not
 * go1.17: see gcr_wait_settle().
 */
struct gcr_wait gcr_wait_of(const struct gcr_goroutine *stack);

/*
 * The same for a goroutine of the same group as the one that `like` was found
 * for: only the address is read.
 */
struct gcr_wait gcr_wait_like(const struct gcr_wait *like,
			      const struct gcr_goroutine *stack);

/* The same again, the first word of frame `like->frame` being `word`. */
struct gcr_wait gcr_wait_with(const struct gcr_wait *like, uint64_t word);

/* What is left of it when all is known that the text tells of the program. */
struct gcr_wait gcr_wait_settle(struct gcr_wait wait,
				const struct gcr_target *target);

/*
 * What it is about to wait for, or has just been given, whatever its state: it
 * is in the function that takes a lock, and does not hold it yet.
 */
struct gcr_wait gcr_wait_wanted(const struct gcr_goroutine *stack);

/* The rows of the table, for tests and for the curious; NULL behind the last. */
struct gcr_wait_row {
	struct gcr_span function; /* prints the word */
	struct gcr_span caller;	  /* stands below it; NULL: whatever does */
	enum gcr_wait_kind kind;
	enum gcr_wait_role role;
	uint64_t minus[2];
	unsigned from, to; /* releases that have such frames; 0: no bound */
	bool unsure;	   /* go1.17 prints something else */
	const char *source;
};

const struct gcr_wait_row *gcr_wait_row(size_t i);

#endif
