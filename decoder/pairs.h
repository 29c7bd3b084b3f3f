#ifndef GCR_PAIRS_H
#define GCR_PAIRS_H

/*
 * Instructions and the source lines they come from, side by side: which rows
 * around an offset are shown, which lines belong to them, and the letter that
 * stands at both, since a terminal, or an eye, may have no colours.
 */

#include "offset.h"

/* One line of the source column. */
struct gcr_pair {
	struct gcr_span file;
	unsigned line;
	struct gcr_span text; /* data NULL: the source is not there */
	bool lettered;	      /* some row shown is of this line */
	bool printed;	      /* the trace prints this line */
	size_t letter;	      /* 0 is A */
	bool gap;	      /* lines are left out before it */
};

/* One row of the left column; `number` counts the function's from 1. */
struct gcr_shown {
	const struct gcr_row *row;
	size_t number;
};

struct gcr_pairs {
	struct gcr_shown *rows; /* instructions only, in order */
	size_t row_count;
	struct gcr_pair *items; /* by file, then line */
	size_t count;
	bool has_text; /* of any line */
};

/* `offset` has to have a row at, over, or a call before it. */
GCR_MUST_CHECK int gcr_pairs_make(const struct gcr_offset *offset,
				  const struct gcr_offset_request *request,
				  struct gcr_arena *arena,
				  struct gcr_pairs *ret, struct gcr_error *err);

/* The pair of a row; NULL when its line is not told. */
const struct gcr_pair *gcr_pairs_of(const struct gcr_pairs *pairs,
				    const struct gcr_row *row);

/* `A` to `Z`, `AA`, … */
struct gcr_letter {
	char text[16];
};
struct gcr_letter gcr_pairs_letter(size_t letter);

/* Line `line` of a source text, without its end; data NULL when not there. */
struct gcr_span gcr_source_line(struct gcr_span source, unsigned line);

/*
 * The name of the function whose declaration stands above `line`, by the look
 * of the lines alone: `explode`; data NULL when none does.
 */
struct gcr_span gcr_source_function(struct gcr_span source, unsigned line);

#endif
