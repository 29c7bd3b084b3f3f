#ifndef GCR_LAYOUTS_H
#define GCR_LAYOUTS_H

/*
 * Layouts while they are made from what describes them, DWARF or the runtime's
 * own descriptors. Each is made once and shared by all that hold it, so what
 * hangs on one is counted: one that would unfold to more than GCR_LAYOUT_NODES is
 * opaque, and so is a type inside itself, and one deeper than GCR_LAYOUT_DEPTH.
 */

#include "gotype.h"

struct gcr_layouts_entry;

/* Those made so far, by place: of a DIE, of a descriptor. */
struct gcr_layouts {
	struct gcr_layouts_entry *entries;
	size_t capacity, count;
};

/* One making; `weight` is of the layouts that hang on another. */
struct gcr_layout_making {
	struct gcr_layouts *layouts;
	struct gcr_arena *arena;
	struct gcr_error *err;
	void *types; /* `fill`'s own */
	/* Fill in `layout`, which is all 0, from what describes it. */
	int (*fill)(struct gcr_layout_making *making, void *from,
		    struct gcr_layout *layout, unsigned *weight);
	unsigned depth;
};

/*
 * The layout of `from`, which is at `place`; opaque for 0. Fails with GCR_NOMEM
 * and GCR_LIMIT only, after which nothing may be made with these `layouts`.
 */
GCR_MUST_CHECK int gcr_layouts_make(struct gcr_layout_making *making,
				    uint64_t place, void *from,
				    const struct gcr_layout **ret,
				    unsigned *weight);

/* A layout for what is not described. */
const struct gcr_layout *gcr_layout_unknown(void);

/* The kind that Go's reflect.Kind of this number is; false for none. */
bool gcr_kind_of_reflect(uint64_t number, enum gcr_kind *ret);

#endif
