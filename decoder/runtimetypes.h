#ifndef GCR_RUNTIMETYPES_H
#define GCR_RUNTIMETYPES_H

/*
 * Types as the running program describes them to itself: kind, size, name,
 * fields with their offsets. They are in every binary, stripped or not, and tell
 * what the runtime's own structures look like in this release.
 * Go internal/abi/type.go, before runtime/type.go.
 *
 * Addresses are those of the process. What cannot be read is false.
 */

#include "coremem.h"

/* Go's reflect.Kind. */
enum gcr_runtype_kind {
	GCR_RUNTYPE_BOOL = 1,
	GCR_RUNTYPE_INT,
	GCR_RUNTYPE_INT8,
	GCR_RUNTYPE_INT16,
	GCR_RUNTYPE_INT32,
	GCR_RUNTYPE_INT64,
	GCR_RUNTYPE_UINT,
	GCR_RUNTYPE_UINT8,
	GCR_RUNTYPE_UINT16,
	GCR_RUNTYPE_UINT32,
	GCR_RUNTYPE_UINT64,
	GCR_RUNTYPE_UINTPTR,
	GCR_RUNTYPE_FLOAT32,
	GCR_RUNTYPE_FLOAT64,
	GCR_RUNTYPE_COMPLEX64,
	GCR_RUNTYPE_COMPLEX128,
	GCR_RUNTYPE_ARRAY,
	GCR_RUNTYPE_CHAN,
	GCR_RUNTYPE_FUNC,
	GCR_RUNTYPE_INTERFACE,
	GCR_RUNTYPE_MAP,
	GCR_RUNTYPE_POINTER,
	GCR_RUNTYPE_SLICE,
	GCR_RUNTYPE_STRING,
	GCR_RUNTYPE_STRUCT,
	GCR_RUNTYPE_UNSAFE_POINTER,
};

struct gcr_runtype {
	uint64_t address;
	uint64_t size, align;
	enum gcr_runtype_kind kind;
	bool named;
	bool direct; /* an interface holds the value itself, not its address */
	struct gcr_span name; /* `main.T`, `[]int`: the package's last name */
	uint64_t key;	      /* of a map */
	uint64_t element;     /* of array, chan, map, pointer, slice */
	uint64_t length;      /* of an array */
	uint64_t fields, field_count; /* of a struct */
};

struct gcr_runfield {
	struct gcr_span name;
	uint64_t type; /* address */
	uint64_t offset;
	bool embedded;
};

/* Where descriptors are, and how this release writes them. */
struct gcr_runtypes {
	struct gcr_coremem *memory;
	uint64_t start, end;
	bool long_lengths;    /* of names: two bytes, to go1.16 */
	bool shifted_offsets; /* of fields: by the embedded bit, to go1.18 */
	uint64_t at;	      /* where gcr_runtypes_next() goes on */
};

/* Names are borrowed from the core and its program. */
bool gcr_runtype_read(const struct gcr_runtypes *types, uint64_t address,
		      struct gcr_runtype *ret);

/* The field at `index`. */
bool gcr_runtype_field(const struct gcr_runtypes *types,
		       const struct gcr_runtype *type, uint64_t index,
		       struct gcr_runfield *ret);

/* The field of a name, of the first 1000. */
bool gcr_runtype_field_named(const struct gcr_runtypes *types,
			     const struct gcr_runtype *type, const char *name,
			     struct gcr_runfield *ret);

/*
 * The next named struct type in order of addresses whose name starts with
 * `prefix`, from `types->at` on, which is 0 at first.
 */
bool gcr_runtypes_next(struct gcr_runtypes *types, const char *prefix,
		       struct gcr_runtype *ret);

#endif
