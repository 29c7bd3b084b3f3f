#ifndef GCR_REGABI_H
#define GCR_REGABI_H

/*
 * Where a caller puts a function's arguments on amd64 since go1.17: in
 * registers or, what does not fit, on the stack.
 * Go cmd/compile/abi-internal.md, and cmd/compile/internal/abi/abiutils.go.
 */

#include "disasm.h"
#include "gotype.h"

/* One machine word or float of a parameter. */
struct gcr_abi_part {
	size_t parameter;
	uint64_t offset; /* in the parameter's memory */
	unsigned size;
	unsigned reg; /* enum gcr_machine_register; GCR_R_NONE: on the stack */
	bool pointer; /* adjusted when a stack is moved */
	/*
	 * Offset from where the stack arguments start (sp before the call): of
	 * a stack argument itself, of a register argument its spill space.
	 */
	uint64_t stack;
};

/* Parts in order of declaration, then of memory. */
struct gcr_abi {
	struct gcr_abi_part *parts;
	size_t part_count;
};

enum {
	GCR_ABI_PARTS = 4096
};

/*
 * Assign `count` parameters, receiver first, then the results. A dictionary is
 * given as a parameter of its own. In `arena`. GCR_UNSUPPORTED when a layout is
 * not known in full, or there are more than GCR_ABI_PARTS.
 */
GCR_MUST_CHECK int gcr_abi_assign(const struct gcr_layout *const *parameters,
				  size_t count,
				  const struct gcr_layout *const *results,
				  size_t result_count, struct gcr_arena *arena,
				  struct gcr_abi *ret, struct gcr_error *err);

#endif
