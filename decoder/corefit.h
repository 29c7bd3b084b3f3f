#ifndef GCR_COREFIT_H
#define GCR_COREFIT_H

/*
 * Does a core belong to a program, and how much higher did it run than it was
 * linked? Both are told by the first page, which every core has: ELF header,
 * program headers, build IDs.
 */

#include "corefile.h"
#include "imagefile.h"

enum gcr_fit {
	GCR_FIT_YES,
	GCR_FIT_NO,
	GCR_FIT_UNTOLD, /* the core does not have that page */
};

struct gcr_corefit {
	enum gcr_fit fit;
	uint64_t bias;
	uint64_t start;	    /* where the file begins in memory */
	const char *reason; /* for NO and UNTOLD */
};

struct gcr_corefit gcr_corefit_tell(const struct gcr_corefile *core,
				    const struct gcr_image *image);

#endif
