#ifndef GCR_DEBUGPART_H
#define GCR_DEBUGPART_H

/*
 * What a type of DWARF points to or holds: layouts leave it out, since types
 * point to each other in circles, and it is made when it is asked for.
 */

#include "debuginfo.h"

enum gcr_type_part {
	GCR_TYPE_ELEMENT, /* of a pointer, slice, map, channel */
	GCR_TYPE_KEY,	  /* of a map */
};

/*
 * A part of `whole`, which is of this image; opaque when it has none or is not
 * of DWARF. Fails with GCR_NOMEM and GCR_LIMIT.
 */
GCR_MUST_CHECK int gcr_debugpart(struct gcr_image *image,
				 const struct gcr_layout *whole,
				 enum gcr_type_part part,
				 const struct gcr_layout **ret,
				 struct gcr_error *err);

#endif
