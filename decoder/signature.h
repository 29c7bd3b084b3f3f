#ifndef GCR_SIGNATURE_H
#define GCR_SIGNATURE_H

/* Is what DWARF says of a function's parameters what they are? */

#include "imagefile.h"

/* Where on the stack a parameter is, from the first argument; see below. */
enum {
	GCR_NO_HOME = -1
};

/*
 * Hold a signature against what the runtime prints arguments by, and set what
 * follows from that: order, `complete`, what is printed. To go1.16 all arguments
 * are on the stack and DWARF may have them in another order: `homes` has where
 * each item is, or GCR_NO_HOME for one that is nowhere; it is put in order with
 * them.
 */
void gcr_signature_check(const struct gcr_image *image,
			 const struct gcr_image_function *function,
			 struct gcr_image_signature *signature, int64_t *homes);

#endif
