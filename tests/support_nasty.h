#ifndef GCR_TEST_SUPPORT_NASTY_H
#define GCR_TEST_SUPPORT_NASTY_H

/* Dumps that nobody wishes for, made to order. */

#include "support.h"

/* `count` goroutines in all of some groups, as a server prints them. */
void nasty_server(struct text *to, size_t first, size_t count);

/* Every goroutine is its own group. */
void nasty_all_different(struct text *to, size_t count);

/* Every goroutine is in a state of its own. */
void nasty_states(struct text *to, size_t count);

/*
 * `count` goroutines, each at a lock of its own whose address had its slot in
 * common with all others while the hash of waiters.c began with nothing.
 */
void nasty_locks(struct text *to, size_t count);

/* The most neighbours in a hash table that are not 0. */
size_t nasty_longest_run(const uint32_t *slots, size_t count);

/* One stack of `depth` frames, without and with the runtime's elision. */
void nasty_deep(struct text *to, size_t depth);

/* Labels with `]`, `,`, `:`, quotes, braces and escapes in the header. */
void nasty_labels(struct text *to, size_t count);

/*
 * `count` groups of one and the same fingerprint: the second eight bytes of
 * their function's name undo what the first did to the hash (see groups.c).
 */
void nasty_same_fingerprint(struct text *to, size_t count);

/* Two texts, torn at their lines and shuffled, as two writers do it. */
void nasty_interleaved(struct text *to, struct gcr_span a, struct gcr_span b,
		       unsigned seed);

#endif
