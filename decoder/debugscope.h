#ifndef GCR_DEBUGSCOPE_H
#define GCR_DEBUGSCOPE_H

/*
 * The variables that DWARF has at one point of a function: parameters, results
 * and locals of the function itself and of the calls that were inlined there.
 */

#include "dwarfloc.h"
#include "imagefile.h"

struct gcr_variable {
	struct gcr_span name; /* `&x`: it escaped, this is its address */
	const struct gcr_layout *layout;
	/* What it tells of each part is made sure of: see gcr_location_fit(). */
	struct gcr_location location;
	bool parameter, result;
	unsigned depth; /* 0: of the function; n: of the n-th call inlined */
	unsigned line;	/* where it is declared; 0: not told */
	uint64_t entry; /* of DWARF */
	bool inner;	/* of a block inside the function's */
	/* A later one of the same name and depth, in an inner block, hides it. */
	bool hidden;
};

/* Is it the address of one that moved to the heap? That never changes. */
static inline bool gcr_variable_escaped(const struct gcr_variable *variable)
{
	return variable->name.size > 1 && variable->name.data[0] == '&';
}

struct gcr_variables {
	struct gcr_variable *items; /* in the order of DWARF */
	size_t count;
	/* Names of inlined calls by depth, from 1; see `depths`. */
	struct gcr_span *calls;
	unsigned depths; /* how many were inlined into each other */
};

/*
 * Of the function that starts at `entry`, where `frame` stands; `at` is the
 * instruction in question, for a caller its call: scopes hold by it. Lives in
 * `arena`; empty without DWARF. Fails with GCR_NOMEM and GCR_LIMIT.
 */
GCR_MUST_CHECK int gcr_debugscope(struct gcr_image *image, uint64_t entry,
				  const struct gcr_location_frame *frame,
				  struct gcr_arena *arena,
				  struct gcr_variables *ret,
				  struct gcr_error *err);

/* Where DWARF has it at another instruction, nothing made sure of. */
void gcr_debugscope_location(struct gcr_image *image,
			     const struct gcr_variable *variable,
			     const struct gcr_location_frame *frame,
			     struct gcr_location *ret);

#endif
