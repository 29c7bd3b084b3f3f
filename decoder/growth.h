#ifndef GCR_GROWTH_H
#define GCR_GROWTH_H

/*
 * What changed between dumps of one program: for each group how many there were
 * in each dump, and how long the oldest had waited. What it is for stands in
 * gocrash.h (struct gcr_diff).
 */

#include "digest.h"

/* In the order in which they are told. */
enum gcr_change {
	GCR_CHANGE_GREW_ALWAYS, /* from each dump to the next */
	GCR_CHANGE_APPEARED,	/* not there in the first, there in the last */
	GCR_CHANGE_GREW,
	GCR_CHANGE_SHRANK,
	GCR_CHANGE_VANISHED,
	GCR_CHANGE_PASSED, /* only in between */
	GCR_CHANGE_SAME,
	GCR_CHANGE_COUNT
};

struct gcr_diff_row {
	const struct gcr_digest_identity *is;
	enum gcr_change change;
	/* The oldest waited longer in each dump than in the one before. */
	bool older;
	const uint64_t *counts;	 /* one for each dump */
	const uint64_t *minutes; /* of the oldest; 0 where there is none */
	uint64_t more, less;	 /* the last against the first: one is 0 */
	bool steady;		 /* never fewer than in the dump before */
};

struct gcr_diff_dump {
	struct gcr_span name;
	uint64_t goroutines, groups;
};

struct gcr_diff {
	struct gcr_arena *arena;
	struct gcr_digest *all; /* each group once */
	struct gcr_diff_dump *dumps;
	size_t dump_count, dump_capacity;
	/* Points of groups, in the order of the dumps. */
	struct point *points;
	size_t point_count, point_capacity;
	struct gcr_diff_row *rows; /* made by gcr_diff_rows() */
	size_t row_count;
};

/*
 * Rows in the order in which they are told: by change, then the greatest first.
 * Made with the first call.
 */
GCR_MUST_CHECK int gcr_diff_rows(struct gcr_diff *diff, struct gcr_error *err);

/* `grew in every dump`, … for people, and the word for JSON. */
const char *gcr_change_title(enum gcr_change change, size_t dumps);
const char *gcr_change_name(enum gcr_change change);

#endif
