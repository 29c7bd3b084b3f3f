#ifndef GCR_SITEMEMO_H
#define GCR_SITEMEMO_H

/*
 * What call sites tell, kept from goroutine to goroutine of a core: frames that
 * stand at the same instructions are made by the same calls, and each of these is
 * looked at once.
 */

#include "siterun.h"

struct gcr_sitememo;

GCR_MUST_CHECK int gcr_sitememo_new(struct gcr_sitememo **ret,
				    struct gcr_error *err);
void gcr_sitememo_free(struct gcr_sitememo *memo);

/*
 * Between two goroutines: if it has grown too large all is forgotten. What was
 * told before lives until then.
 */
void gcr_sitememo_turn(struct gcr_sitememo *memo);

/* How often something had to be found out. */
size_t gcr_sitememo_misses(const struct gcr_sitememo *memo);

/*
 * Memory for work at one frame: empty, and used again behind
 * gcr_sitememo_done(), which frees one that is not the memo's.
 */
struct gcr_arena *gcr_sitememo_scratch(struct gcr_sitememo *memo);
void gcr_sitememo_done(struct gcr_sitememo *memo, struct gcr_arena *scratch);

/* What is asked of gcr_site_find(), and what it found. */
struct gcr_sitememo_query {
	const struct gcr_callsite_input *input;
	struct gcr_disasm *disasm;
	size_t index; /* of the frame */
	struct gcr_site *site;
	/* NULL: nothing is kept of this one. */
	struct gcr_site_runs *runs;
	struct gcr_arena *runs_arena;
};

/*
 * gcr_site_find() if `input` has no memo, or one that does not serve this frame;
 * then what is found lives in `arena`, else in the memo.
 */
GCR_MUST_CHECK int gcr_sitememo_find(struct gcr_sitememo_query *query,
				     struct gcr_arena *arena,
				     struct gcr_recovery *ret,
				     struct gcr_error *err);

#endif
