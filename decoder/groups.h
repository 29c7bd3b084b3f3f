#ifndef GCR_GROUPS_H
#define GCR_GROUPS_H

/*
 * Goroutines gathered into groups (`struct gcr_group` in gocrash.h). The memory is that of the groups, not of the goroutines: a group keeps one example, whose
 * texts are spans into the input.
 */

#include "gocrash.h"

struct gcr_groups;

/* Everything lives in `arena`. */
GCR_MUST_CHECK int gcr_groups_new(struct gcr_arena *arena,
				  struct gcr_groups **ret,
				  struct gcr_error *err);

/*
 * From now on, texts of examples are copied: for stacks whose texts do not
 * stay.
 */
void gcr_groups_copy_texts(struct gcr_groups *groups);

/*
 * Count one stack in; its group in `*ret`. The frames may be gone afterwards:
 * an example is copied.
 */
GCR_MUST_CHECK int gcr_groups_add(struct gcr_groups *groups,
				  const struct gcr_goroutine *stack,
				  struct gcr_group **ret,
				  struct gcr_error *err);

/*
 * The rest of gcr_groups_add(), for who knows the group: `stack` is only counted
 * in, its frames are not looked at.
 */
void gcr_group_count_in(struct gcr_group *group,
			const struct gcr_goroutine *stack);

/* What the fingerprint of its group is, whether there is one or not. */
uint64_t gcr_fingerprint(const struct gcr_goroutine *stack);

/* All of them, in order; valid until the next one is added. */
struct gcr_group *const *gcr_groups_all(const struct gcr_groups *groups);
size_t gcr_groups_count(const struct gcr_groups *groups);
struct gcr_group *gcr_groups_get(const struct gcr_groups *groups, size_t index);

#endif
