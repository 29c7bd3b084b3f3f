#ifndef GCR_DESCRIBED_H
#define GCR_DESCRIBED_H

/*
 * The function of a frame as its binary describes it, for a frame that no
 * declaration fits.
 */

#include "declaration.h"
#include "image.h"

struct gcr_described {
	struct gcr_image_function function;
	const struct gcr_image_signature *signature;
	struct gcr_span declaration; /* `func (p *main.T) M(x int) error` */
	bool unoptimized;	     /* built with -N */
};

/*
 * Which physical function a frame means: of several with its name, the first
 * whose offset and line fit. False when there is none.
 */
bool gcr_image_function_of(struct gcr_image *image,
			   const struct gcr_frame *frame,
			   struct gcr_arena *arena,
			   struct gcr_image_function *ret);

/* `*found` false when the image does not know it. */
GCR_MUST_CHECK int gcr_described_find(struct gcr_image *image,
				      const struct gcr_frame *frame,
				      struct gcr_arena *arena,
				      struct gcr_described *ret, bool *found,
				      struct gcr_error *err);

#endif
