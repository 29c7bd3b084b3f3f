#ifndef GCR_ARGCOLUMNS_H
#define GCR_ARGCOLUMNS_H

/*
 * The argument lists of a group, element by element: what is the same in all
 * its goroutines, and how many values there are where it is not.
 */

#include "gocrash.h"

/*
 * Count the words of `stack`, the group's second goroutine or a later one, into
 * `group->columns`, which live in `arena`. `scratch` is used and given back. The
 * example's own are counted in with the first call.
 */
GCR_MUST_CHECK int gcr_columns_add(struct gcr_group *group,
				   const struct gcr_goroutine *stack,
				   struct gcr_arena *arena,
				   struct gcr_arena *scratch,
				   struct gcr_error *err);

/* Count one value into a column; nothing happens when it has `more`. */
GCR_MUST_CHECK int gcr_column_count(struct gcr_column *column, uint64_t value,
				    struct gcr_arena *arena,
				    struct gcr_error *err);

#endif
