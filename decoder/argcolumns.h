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

/*
 * Have all argument lists of `stack`, counted in already, the elements that the
 * group's columns are of?
 */
GCR_MUST_CHECK int gcr_columns_fit(const struct gcr_group *group,
				   const struct gcr_goroutine *stack,
				   struct gcr_arena *scratch, bool *ret,
				   struct gcr_error *err);

/* The column of word `word` (elements that are none do not count); or NULL. */
struct gcr_column *gcr_column_of(const struct gcr_group *group, size_t frame,
				 size_t word);

/* Count one value into a column; nothing happens when it has `more`. */
GCR_MUST_CHECK int gcr_column_count(struct gcr_column *column, uint64_t value,
				    struct gcr_arena *arena,
				    struct gcr_error *err);

#endif
