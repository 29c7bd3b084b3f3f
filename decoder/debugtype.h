#ifndef GCR_DEBUGTYPE_H
#define GCR_DEBUGTYPE_H

/* Layouts from DWARF types. */

#include "layouts.h"

struct gcr_debugtypes {
	struct gcr_arena *arena;
	unsigned word_size;
	struct gcr_layouts made; /* by place of the entry in the file, plus 1 */
};

/*
 * The layout of `type`, a libdw `Dwarf_Die *`. Fails with GCR_NOMEM and GCR_LIMIT
 * only; what cannot be read is opaque.
 */
GCR_MUST_CHECK int gcr_debugtype_layout(struct gcr_debugtypes *types,
					void *type,
					const struct gcr_layout **ret,
					struct gcr_error *err);

/*
 * `*example.com/a/b.T` as `*b.T`, the way Go's %T writes it; fields and methods
 * without the package that the compiler puts in front of them; in `arena`.
 */
GCR_MUST_CHECK int gcr_type_name_shorten(struct gcr_span name,
					 struct gcr_arena *arena,
					 struct gcr_span *ret,
					 struct gcr_error *err);

#endif
