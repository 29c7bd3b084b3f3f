#ifndef GCR_DEBUGTYPE_H
#define GCR_DEBUGTYPE_H

/*
 * Layouts from DWARF types. Each type is made once and shared by all that hold
 * it, so what hangs on one layout is counted: one that would unfold to more than
 * GCR_LAYOUT_NODES is opaque, and so is a type that contains itself.
 */

#include "gotype.h"

struct gcr_debugtype_entry;

struct gcr_debugtypes {
	struct gcr_arena *arena;
	unsigned word_size;
	/* Made so far, by place of the entry in the file. */
	struct gcr_debugtype_entry *entries;
	size_t capacity, count;
};

/*
 * The layout of `type`, a libdw `Dwarf_Die *`. Fails with GCR_NOMEM and GCR_LIMIT
 * only; what cannot be read is opaque.
 */
GCR_MUST_CHECK int gcr_debugtype_layout(struct gcr_debugtypes *types,
					void *type,
					const struct gcr_layout **ret,
					struct gcr_error *err);

/* A layout for what is not described. */
const struct gcr_layout *gcr_debugtype_unknown(void);

/*
 * `*example.com/a/b.T` as `*b.T`, the way Go's %T writes it; fields and methods
 * without the package that the compiler puts in front of them; in `arena`.
 */
GCR_MUST_CHECK int gcr_type_name_shorten(struct gcr_span name,
					 struct gcr_arena *arena,
					 struct gcr_span *ret,
					 struct gcr_error *err);

#endif
