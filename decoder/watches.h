#ifndef GCR_WATCHES_H
#define GCR_WATCHES_H

/*
 * Which blanks of a shape have their values counted into a column of its group.
 * A column that has as many different ones as it keeps is watched no longer.
 */

#include "likeness.h"

struct gcr_watch;

struct gcr_watches {
	struct gcr_watch *items;
	size_t count;
};

/* Those of `shape`, made in `arena`; `watches` is zero before. */
GCR_MUST_CHECK int gcr_watches_set(struct gcr_watches *watches,
				   struct gcr_group *group,
				   const struct gcr_shape *shape,
				   struct gcr_arena *arena,
				   struct gcr_error *err);

/* Count the values of one goroutine; what is new of them lives in `arena`. */
GCR_MUST_CHECK int gcr_watches_count(struct gcr_watches *watches,
				     const struct gcr_digits *digits,
				     struct gcr_arena *arena,
				     struct gcr_error *err);

#endif
