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
enum gcr_rtype_kind {
	GCR_RTYPE_BOOL = 1,
	GCR_RTYPE_INT,
	GCR_RTYPE_INT8,
	GCR_RTYPE_INT16,
	GCR_RTYPE_INT32,
	GCR_RTYPE_INT64,
	GCR_RTYPE_UINT,
	GCR_RTYPE_UINT8,
	GCR_RTYPE_UINT16,
	GCR_RTYPE_UINT32,
	GCR_RTYPE_UINT64,
	GCR_RTYPE_UINTPTR,
	GCR_RTYPE_FLOAT32,
	GCR_RTYPE_FLOAT64,
	GCR_RTYPE_COMPLEX64,
	GCR_RTYPE_COMPLEX128,
	GCR_RTYPE_ARRAY,
	GCR_RTYPE_CHAN,
	GCR_RTYPE_FUNC,
	GCR_RTYPE_INTERFACE,
	GCR_RTYPE_MAP,
	GCR_RTYPE_POINTER,
	GCR_RTYPE_SLICE,
	GCR_RTYPE_STRING,
	GCR_RTYPE_STRUCT,
	GCR_RTYPE_UNSAFE_POINTER,
};

struct gcr_rtype {
	uint64_t address;
	uint64_t size;
	enum gcr_rtype_kind kind;
	bool named;
	struct gcr_span name; /* `main.T`, `[]int`: the package's last name */
	uint64_t element;     /* of array, chan, pointer, slice; key of a map */
	uint64_t length;      /* of an array */
	uint64_t fields, field_count; /* of a struct */
};

struct gcr_rfield {
	struct gcr_span name;
	uint64_t type; /* address */
	uint64_t offset;
	bool embedded;
};

/* Where descriptors are, and how this release writes them. */
struct gcr_rtypes {
	struct gcr_coremem *memory;
	uint64_t start, end;
	bool long_lengths;    /* of names: two bytes, to go1.16 */
	bool shifted_offsets; /* of fields: by the embedded bit, to go1.18 */
	uint64_t at;	      /* where gcr_rtypes_next() goes on */
};

bool gcr_rtype_read(const struct gcr_rtypes *types, uint64_t address,
		    struct gcr_rtype *ret);

/* The field at `index`. */
bool gcr_rtype_field(const struct gcr_rtypes *types,
		     const struct gcr_rtype *type, uint64_t index,
		     struct gcr_rfield *ret);

/* The field of a name, of the first 1000. */
bool gcr_rtype_field_named(const struct gcr_rtypes *types,
			   const struct gcr_rtype *type, const char *name,
			   struct gcr_rfield *ret);

/*
 * The next named struct type in order of addresses whose name starts with
 * `prefix`, from `types->at` on, which is 0 at first.
 */
bool gcr_rtypes_next(struct gcr_rtypes *types, const char *prefix,
		     struct gcr_rtype *ret);

#endif
