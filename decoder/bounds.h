#ifndef GCR_BOUNDS_H
#define GCR_BOUNDS_H

/*
 * The numbers of bounds errors, in words: since go1.13 the texts have them.
 */

#include "gocrash.h"

struct gcr_bounds_text {
	char text[128];
};

/*
 * `runtime error: index out of range [5] with length 3` gives "index 5, but the
 * length is 3: 0 to 2 are valid". False for all other texts.
 */
bool gcr_bounds_explain(struct gcr_span text, struct gcr_bounds_text *ret);

#endif
