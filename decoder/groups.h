#ifndef GCR_GROUPS_H
#define GCR_GROUPS_H

/*
 * Goroutines that do the same thing: same state, same frames, same creator.
 * Ids, addresses, arguments, minutes and `in goroutine N` do not count, so that
 * a thousand handlers of one server are one group.
 *
 * The memory is that of the groups, not of the goroutines: a group keeps one
 * example, whose texts are spans into the input.
 */

#include "gocrash.h"

struct gcr_group {
	/*
	 * Stable over runs, machines and releases of one format number: made of
	 * the state, the functions, lines and file names (without folders) of
	 * the frames and of the creator. Two groups may share one by accident;
	 * groups are told apart by comparing.
	 */
	uint64_t fingerprint;
	size_t index; /* in order of first appearance */
	uint64_t count;
	uint64_t minutes_least, minutes_most;
	struct gcr_goroutine example;
};

struct gcr_groups;

/* Everything lives in `arena`. */
GCR_MUST_CHECK int gcr_groups_new(struct gcr_arena *arena,
				  struct gcr_groups **ret,
				  struct gcr_error *err);

/*
 * Count one stack in; its group in `*ret`. The frames may be gone afterwards:
 * an example is copied.
 */
GCR_MUST_CHECK int gcr_groups_add(struct gcr_groups *groups,
				  const struct gcr_goroutine *stack,
				  struct gcr_group **ret,
				  struct gcr_error *err);

size_t gcr_groups_count(const struct gcr_groups *groups);
struct gcr_group *gcr_groups_get(const struct gcr_groups *groups, size_t index);

#endif
