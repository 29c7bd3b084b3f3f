#ifndef GCR_CLUES_H
#define GCR_CLUES_H

/*
 * The words in the frames of goroutines that may be addresses, each with whose
 * it is: where a lock has a waiter, the words at its address or a little below
 * it lead to who holds it. Only words without a `?` are clues.
 *
 * Memory: GCR_MOST_CLUES words, the same word of a group counted once. When they
 * are full, fewer goroutines of each group are remembered, and the more there
 * are the fewer of each group are looked at: who holds a lock that many wait for
 * is seldom one of thousands who do the same.
 */

#include "waits.h"

enum {
	GCR_MOST_CLUES = 1 << 17
};

struct gcr_clue {
	uint64_t word;
	uint64_t goroutine, latest; /* the first that has it, the last */
	uint64_t wants; /* the thing it waits for or is about to take; 0 */
	const struct gcr_group *group;
	enum gcr_wait_kind wants_kind;
	uint32_t count;	  /* goroutines of the group that have it */
	uint16_t ordinal; /* of the first in its group */
	uint16_t frame, element;
	bool by_code; /* `word` is a lock that the frame's code took */
	bool outer;   /* in a frame below the one that waits */
};

struct gcr_clues;

GCR_MUST_CHECK int gcr_clues_new(struct gcr_arena *arena,
				 struct gcr_clues **ret, struct gcr_error *err);

/* The words of `stack`, which waits, or is about to, as `wait` says. */
GCR_MUST_CHECK int gcr_clues_add(struct gcr_clues *clues,
				 const struct gcr_group *group,
				 const struct gcr_goroutine *stack,
				 const struct gcr_wait *wait,
				 struct gcr_error *err);

/* Whether no more goroutines of `group` are looked at. */
bool gcr_clues_full(const struct gcr_clues *clues,
		    const struct gcr_group *group);

const struct gcr_clue *gcr_clues_all(const struct gcr_clues *clues,
				     size_t *ret_count);

/*
 * Whether not all goroutines were looked at, and how many of each group were;
 * 0: not even one of each.
 */
bool gcr_clues_limited(const struct gcr_clues *clues, uint64_t *ret);

/*
 * The words of an argument list, picked out one after the other; braces and
 * gaps do not count. Start with `rest` the list and all else zero.
 */
struct gcr_plain_words {
	struct gcr_span rest;
	size_t next;
	size_t element; /* which one `value` is */
	uint64_t value;
	bool stale;
};

bool gcr_plain_words_next(struct gcr_plain_words *words);

#endif
