#ifndef GCR_CROWD_H
#define GCR_CROWD_H

/*
 * What many goroutines were doing, in few rows: goroutines in the same state
 * at the same line of the user's code are one row, the runtime's own are
 * counted apart.
 */

#include "page.h"

enum {
	GCR_CROWD_IDS = 3,    /* kept of a row */
	GCR_CROWD_BESIDE = 5, /* rows on the first screen, beside a culprit */
	GCR_CROWD_ALONE = 7,  /* when they are the answer */
};

struct gcr_crowd_row {
	struct gcr_span state;
	const struct gcr_frame *frame; /* of the user's, else the first; NULL */
	const struct gcr_goroutine *first;
	uint64_t count;
	uint64_t minutes; /* the longest wait */
	uint64_t ids[GCR_CROWD_IDS];
};

struct gcr_crowd {
	struct gcr_crowd_row *rows; /* the largest first */
	size_t row_count;
	uint64_t count;	  /* of goroutines in rows */
	uint64_t runtime; /* goroutines of the runtime's own */
};

/*
 * Gather `count` stacks, but not `without` (may be NULL). Rows live in the
 * page's arena.
 */
GCR_MUST_CHECK int gcr_crowd_gather(struct gcr_page *page,
				    const struct gcr_goroutine *stacks,
				    size_t count,
				    const struct gcr_goroutine *without,
				    struct gcr_crowd *ret);

/*
 * At most `limit` rows (0: all), indented, each with what its state means when
 * `explain`; then what is not shown.
 */
void gcr_crowd_write(struct gcr_page *page, const struct gcr_crowd *crowd,
		     size_t indent, size_t limit, bool explain);

#endif
