#ifndef GCR_LISTING_H
#define GCR_LISTING_H

/*
 * The text of `go build -gcflags=-S`: functions found by name, their rows read
 * when they are asked for. One pass over the text makes the index; nothing of
 * the text is copied. The functions are in gocrash.h.
 */

#include "gocrash.h"

/* What one pass counted; for tests and benchmarks. */
struct gcr_listing_totals {
	size_t packages, functions, rows, notes_dropped;
};

struct gcr_listing_totals gcr_listing_total(const struct gcr_listing *listing);

/*
 * The function at `index`, without its rows; in the order of the text. Aborts
 * nothing: an index that is none gives a code without a name.
 */
struct gcr_routine gcr_listing_function(const struct gcr_listing *listing,
					size_t index);

#endif
