#ifndef GCR_HEADCOUNT_H
#define GCR_HEADCOUNT_H

/*
 * One dump being counted: stacks in, groups out. Goroutines whose shape is known
 * are counted without being read.
 */

#include "gocrash.h"
#include "traceback.h"

struct gcr_headcount;

/* What is kept lives in `arena`. Fails with GCR_NOMEM. */
GCR_MUST_CHECK int gcr_headcount_new(struct gcr_arena *arena,
				     const struct gcr_census_request *request,
				     struct gcr_headcount **ret,
				     struct gcr_error *err);
void gcr_headcount_free(struct gcr_headcount *count);

/* Start on dump `number`, with no groups. */
GCR_MUST_CHECK int gcr_headcount_begin(struct gcr_headcount *count,
				       size_t number, bool copy_texts,
				       struct gcr_error *err);

/* Who knows more of that dump's stacks than they say; has to stay. */
void gcr_headcount_source(struct gcr_headcount *count,
			  const struct gcr_stack_source *source);

GCR_MUST_CHECK int gcr_headcount_add(struct gcr_headcount *count,
				     const struct gcr_goroutine *stack,
				     struct gcr_error *err);

/*
 * Count those that are next in the text and have a known shape; the reader then
 * stands behind them.
 */
GCR_MUST_CHECK int gcr_headcount_pass(struct gcr_headcount *count,
				      struct gcr_traceback *reader,
				      struct gcr_error *err);

/*
 * Let the reader read one piece, and count it in if it is a stack; its shape is
 * known from then on. `stacks` is the reader's arena for them.
 */
GCR_MUST_CHECK int gcr_headcount_read(struct gcr_headcount *count,
				      struct gcr_traceback *reader,
				      struct gcr_arena *stacks,
				      enum gcr_piece *ret,
				      struct gcr_error *err);

/* The dump is over: count those that were held back (held.h). */
GCR_MUST_CHECK int gcr_headcount_end(struct gcr_headcount *count,
				     struct gcr_error *err);

/* What was counted since the beginning, without `crash`. */
struct gcr_tally gcr_headcount_tally(const struct gcr_headcount *count);

#endif
