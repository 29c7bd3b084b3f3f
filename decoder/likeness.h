#ifndef GCR_LIKENESS_H
#define GCR_LIKENESS_H

/*
 * Which of the shapes known has the text that comes next? In a dump of a
 * million goroutines there are some dozens, and to tell which is five times as
 * fast as to read.
 *
 * The shapes are a tree of texts: those that begin alike share the beginning.
 */

#include "shape.h"

struct gcr_likeness;

enum {
	GCR_SHAPES_MEMORY = 24 << 20 /* bytes of the arena; then no more */
};

/* Everything lives in `arena`. */
GCR_MUST_CHECK int gcr_likeness_new(struct gcr_arena *arena,
				    struct gcr_likeness **ret,
				    struct gcr_error *err);

/*
 * Add a shape, with what the caller knows of it. Nothing happens when it is
 * there, when there are too many, or when a text could not be told from one of
 * another shape.
 */
GCR_MUST_CHECK int gcr_likeness_add(struct gcr_likeness *likeness,
				    struct gcr_shape *shape, void *knows,
				    struct gcr_error *err);

/* Are there too many to add another? */
bool gcr_likeness_full(const struct gcr_likeness *likeness);

/* What was found. */
struct gcr_like {
	struct gcr_shape *shape;
	void *knows;
	size_t size; /* of the text */
	struct gcr_digits digits[GCR_BLANKS_MAX];
};

/* What has to stand behind a text for it to be sure that it ends there. */
#define GCR_NEXT_GOROUTINE "goroutine "

/*
 * A shape that `text` begins with, another goroutine behind it. False when there
 * is none; then what is in `ret` means nothing.
 */
bool gcr_likeness_find(const struct gcr_likeness *likeness,
		       struct gcr_span text, struct gcr_like *ret);

#endif
