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
	enum gcr_answer optimized;   /* NO: built with -N */
};

/*
 * Which physical functions a frame may mean: those of its name, at most `most`,
 * that its offset and line fit, or all of them `by_name`. Returns how many.
 */
size_t gcr_image_functions_of(struct gcr_image *image,
			      const struct gcr_frame *frame, bool by_name,
			      struct gcr_arena *arena,
			      struct gcr_image_function *to, size_t most);

/*
 * `*found` false when the image does not know it. `entry` is the function's own,
 * 0 where only the frame tells: of several instances of generic code with one
 * name the signature then has what they agree on, other types are not known.
 */
struct gcr_described_query {
	struct gcr_image *image;
	const struct gcr_frame *frame;
	uint64_t entry;
	bool by_name; /* offset and line need not fit */
};

GCR_MUST_CHECK int gcr_described_find(const struct gcr_described_query *query,
				      struct gcr_arena *arena,
				      struct gcr_described *ret, bool *found,
				      struct gcr_error *err);

#endif
