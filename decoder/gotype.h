#ifndef GCR_GOTYPE_H
#define GCR_GOTYPE_H

/*
 * Go types twice: as written (`struct gcr_gotype`, made by goparse.c, names
 * unresolved), and laid out for one word size (`struct gcr_layout`, names
 * looked up, sizes and offsets known).
 */

#include "gocrash.h"

enum gcr_form {
	GCR_FORM_NAME, /* `int`, `T`, `pkg.T`, `G[int]` */
	GCR_FORM_POINTER,
	GCR_FORM_SLICE,
	GCR_FORM_ARRAY,
	GCR_FORM_MAP,
	GCR_FORM_CHAN,
	GCR_FORM_FUNC,
	GCR_FORM_INTERFACE,
	GCR_FORM_STRUCT,
};

struct gcr_gotype;

/* A parameter, a result or a field. `name` has NULL data when there is none. */
struct gcr_gofield {
	struct gcr_span name;
	const struct gcr_gotype *type;
	bool variadic; /* `...T`; its type is the slice */
};

struct gcr_gofields {
	struct gcr_gofield *items;
	size_t count;
};

/* A type as written. Spans and parts live as long as the text it is from. */
struct gcr_gotype {
	enum gcr_form form;
	struct gcr_span text;	       /* as written, comments and all */
	struct gcr_span package, name; /* of a NAME; package may be absent */
	const struct gcr_gotype **arguments; /* of an instance */
	size_t argument_count;
	const struct gcr_gotype *element; /* of pointer, slice, array */
	struct gcr_span length;		  /* of an array: the expression */
	struct gcr_gofields fields;	  /* of a struct */
	uint64_t least; /* bytes it has at least, a name counted as one */
};

/* No Go type is larger. Go cmd/compile/internal/types/size.go, MaxWidth. */
#define GCR_LARGEST_TYPE (UINT64_C(1) << 50)

/* Read an integer literal in any of Go's spellings: `1_000`, `0x1f`, `0o17`. */
bool gcr_go_integer(struct gcr_span literal, uint64_t *ret);

/* A type laid out. */
struct gcr_layout {
	enum gcr_kind kind;
	struct gcr_span type; /* as written, on one line */
	bool sized; /* false: holds an OPAQUE, size and align mean nothing */
	uint64_t size;
	uint64_t align;
	const struct gcr_layout *element; /* of an array */
	uint64_t length;
	struct gcr_layout_field *fields; /* of a struct */
	size_t field_count;
	/*
	 * Where what it points to or holds is described: an entry of DWARF, or
	 * the address of a descriptor of the runtime's; 0: nowhere.
	 */
	uint64_t entry, descriptor;
};

struct gcr_layout_field {
	struct gcr_span name;
	uint64_t offset; /* meaningless behind a field that is not sized */
	const struct gcr_layout *layout;
};

/* Where names are looked up. */
struct gcr_scope;

/* What a name stands for; see gcr_scope_find_type(). */
struct gcr_gotypedef {
	struct gcr_span name;
	const struct gcr_gotype *type;
	struct gcr_span *parameters; /* of a generic type */
	size_t parameter_count;
	struct gcr_package *package;
	const struct gcr_sourcefile *file;
};

/* Type parameters and what they stand for; no types: opaque. */
struct gcr_bindings {
	const struct gcr_span *names;
	const struct gcr_gotype *const *types;
	size_t count;
	const struct gcr_scope *scope;	  /* that `types` are written in */
	const struct gcr_bindings *outer; /* that `types` are written in */
};

/*
 * Lays out types until it is thrown away; `nodes` is what is left of the
 * budget, so that doubling types (`struct{ a, b T1 }` twenty times over)
 * become opaque instead of eating the machine.
 */
struct gcr_layouter {
	struct gcr_arena *arena;
	struct gcr_error *err;
	unsigned word_size;
	unsigned nodes, depth;
};

enum {
	GCR_LAYOUT_NODES = 4096,
	GCR_LAYOUT_DEPTH = 64
};

/* Lay out `type`, written in `scope` where `bindings` (or NULL) hold. */
GCR_MUST_CHECK int gcr_layout_make(struct gcr_layouter *layouter,
				   const struct gcr_gotype *type,
				   const struct gcr_scope *scope,
				   const struct gcr_bindings *bindings,
				   const struct gcr_layout **ret);

/* How many words a kind has in parts (string 2, slice 3, ...; 0: not a leaf). */
unsigned gcr_kind_parts(enum gcr_kind kind);

/* Bytes of the n-th part of a leaf of this layout. */
unsigned gcr_layout_part_size(const struct gcr_layout *layout,
			      unsigned word_size);

uint64_t gcr_align_up(uint64_t offset, uint64_t align);

#endif
