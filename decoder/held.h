#ifndef GCR_HELD_H
#define GCR_HELD_H

/*
 * Goroutines that a crash printed twice. With GOTRACEBACK=crash, after a report
 * on all of them each thread prints what it was running:
 *
 *	goroutine 21 gp=0x98967e8 m=4 mp=0x9833088 [running]:
 *		goroutine running on other thread; stack unavailable
 *	…
 *	-----
 *	goroutine 21 gp=0x98967e8 m=4 mp=0x9833088 [running]:
 *	runtime.gcStart({0x0, 0x0, 0x0})
 *
 * One without a stack is held back until the dump is over, and gives way to one
 * of the same number that came with frames. One that was on a thread and was
 * printed with its stack at once, as those in system calls are, is counted, and
 * not again in a later report.
 */

#include "gocrash.h"

struct gcr_held_one {
	struct gcr_goroutine stack; /* no frames, no ancestors */
	struct gcr_frame creator;
	const struct gcr_goroutine *from; /* what it was copied from */
	bool over; /* it was counted, or came again with its stack */
	struct gcr_held_one *next, *chain;
};

struct gcr_held {
	struct gcr_held_one *first, *last; /* in order of the text */
	struct gcr_held_one **buckets;	   /* by number; NULL while empty */
	size_t count;
	uint64_t salt;
};

/*
 * What is to be done with the next stack of a crash: 1: count it, 0: do not, or
 * not yet. At the end those that are not `over` are to be counted. What is kept
 * of it lives in `arena`, its texts are not copied. No more are kept than a
 * program has threads.
 */
GCR_MUST_CHECK int gcr_held_take(struct gcr_held *held, struct gcr_arena *arena,
				 const struct gcr_goroutine *stack,
				 struct gcr_error *err);

/* Whether it was on a thread, to judge by its state. */
bool gcr_held_state(struct gcr_span state);

#endif
