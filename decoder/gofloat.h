#ifndef GCR_GOFLOAT_H
#define GCR_GOFLOAT_H

/*
 * Floating point numbers as Go prints them: the shortest digits that read back
 * as the same number, an exponent below 1e-4 and from 1e+06 on.
 * Needs no locale and no libm.
 */

#include "gocrash.h"

enum {
	GCR_FLOAT_TEXT = 32
};

/*
 * Write the number with these bits (of a float32 when `size` is 4) to `text`,
 * with a `+` before what is not negative if `plus`; returns its length.
 */
size_t gcr_float_text(uint64_t bits, unsigned size, bool plus,
		      char text[GCR_FLOAT_TEXT]);

#endif
