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
	bool ambiguous; /* several instances; they differ in some type */
};

/*
 * `entry` is the function's own, 0 where only the frame tells: of several
 * instances of generic code with one name the signature then has what they agree
 * on, other types are not known.
 */
struct gcr_described_query {
	struct gcr_image *image;
	const struct gcr_frame *frame;
	uint64_t entry;
	bool by_name; /* offset and line need not fit */
};

/*
 * Which physical functions a frame may mean: those of its name that its offset
 * and line fit. `*count` is how many there is room for, then how many there are.
 */
GCR_MUST_CHECK int
gcr_image_functions_of(const struct gcr_described_query *query,
		       struct gcr_arena *arena, struct gcr_image_function *to,
		       size_t *count, struct gcr_error *err);

/* `*found` false when the image does not know it. */
GCR_MUST_CHECK int gcr_described_find(const struct gcr_described_query *query,
				      struct gcr_arena *arena,
				      struct gcr_described *ret, bool *found,
				      struct gcr_error *err);

#endif
