#ifndef GCR_SITERUN_H
#define GCR_SITERUN_H

/*
 * The abstract machine run through a caller up to one of its calls. Of a core,
 * whose goroutines stand at the same calls by the thousand, what a run found is
 * kept for all of them: where what holds at the call does not depend on the
 * numbers that the caller was given, one run tells for all numbers.
 */

#include "flow.h"
#include "sites.h"

/* Who made a fact: `MOVL $0x2, BX at main.main+0x4b, line 8`. */
struct gcr_site_origin {
	unsigned origin; /* as in a fact */
	struct gcr_span text;
};

struct gcr_site_run {
	struct gcr_instruction call;
	struct gcr_state at_call;
	/* Slots while the call is under way; none without `after`. */
	struct gcr_state after;
	/* For gcr_site_made(). */
	struct gcr_flow flow; /* count 0: all are in `origins` */
	const struct gcr_site_origin *origins;
	size_t origin_count;
};

struct gcr_site_request {
	struct gcr_image *image;
	struct gcr_disasm *disasm;
	const struct gcr_site *site;
	const struct gcr_recovery *caller; /* of its own parameters */
	struct gcr_span name;		   /* the caller's, as it is printed */
	bool after;			   /* is `after` asked for? */
	struct gcr_arena *scratch;	   /* where the run lives */
};

/*
 * Runs through one caller up to one call; and, where one does not serve for all,
 * the caller's code.
 */
struct gcr_site_runs {
	struct gcr_site_kept *first;
	size_t count;
	struct gcr_flow *flow; /* or NULL */
};

/*
 * Run, or take what was found before: `runs` are of one call, and what is in them
 * lives in `arena`; NULL for both keeps nothing. GCR_UNSUPPORTED when what holds
 * at the call cannot be told.
 */
GCR_MUST_CHECK int gcr_site_run(const struct gcr_site_request *request,
				struct gcr_site_runs *runs,
				struct gcr_arena *arena,
				struct gcr_site_run *ret,
				struct gcr_error *err);

/* The instruction that made a fact, which is not of the entry or SEVERAL. */
GCR_MUST_CHECK int gcr_site_made(const struct gcr_site_request *request,
				 const struct gcr_site_run *run,
				 unsigned origin, struct gcr_arena *arena,
				 struct gcr_span *ret, struct gcr_error *err);

#endif
