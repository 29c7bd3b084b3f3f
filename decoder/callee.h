#ifndef GCR_CALLEE_H
#define GCR_CALLEE_H

/* What is called, and what it does to its caller's registers and frame. */

#include "image.h"

enum gcr_callee_kind {
	GCR_CALLEE_ORDINARY, /* by the ABI: may change all registers but SP, BP */
	GCR_CALLEE_BARRIER, /* a write barrier: keeps all but R11 */
	GCR_CALLEE_INLINE,  /* duffzero, duffcopy: straight code, executed */
	GCR_CALLEE_ENDS,    /* never returns, or grows the stack and restarts */
};

struct gcr_callee {
	enum gcr_callee_kind kind;
	/* Of stack arguments and results; negative: not known. */
	int64_t arguments_size;
};

/* What is called at `target`, or (not `direct`) through a register. */
struct gcr_callee gcr_callee_at(const struct gcr_image *image, bool direct,
				uint64_t target);

/* Is it what grows the stack? */
bool gcr_callee_grows(const struct gcr_image *image, uint64_t target);

#endif
