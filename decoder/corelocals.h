#ifndef GCR_CORELOCALS_H
#define GCR_CORELOCALS_H

/* Pieces of variables put together, and put beside what was known before. */

#include "callsite.h"
#include "corevalue.h"
#include "corewaits.h"
#include "debugscope.h"
#include "stores.h"

enum gcr_variable_role {
	GCR_ROLE_NONE,
	GCR_ROLE_ARGUMENT,
	GCR_ROLE_RESULT,
	GCR_ROLE_LOCAL,
};

struct gcr_core_argument {
	struct gcr_value value;
	bool torn; /* half of it is another value's, in the words as well */
	const struct gcr_layout *layout;
};

struct gcr_core_list {
	struct gcr_core_argument *items;
	size_t count, capacity;
};

/* What the goroutine of the last turn waits on; nothing if `values` is NULL. */
GCR_MUST_CHECK int gcr_core_values_waits(struct gcr_core_values *values,
					 struct gcr_arena *arena,
					 struct gcr_core_waits *ret,
					 struct gcr_error *err);

/* A word of a frame, for call sites: their `read`; `from` is the values. */
bool gcr_core_values_slot(void *from, struct gcr_slot_query *query);

/* Where a frame has pointers that are alive; addresses are those of the run. */
struct gcr_core_maps {
	bool all;	    /* nothing is known to be dead */
	uint64_t low, high; /* the frame with its arguments */
	struct gcr_pointer_map locals;
	uint64_t locals_at; /* the first word that `locals` tells of */
	struct gcr_pointer_map arguments;
	uint64_t arguments_at;
};

/* GCR_BYTE_KNOWN, and ALIVE if the word at `address` is. */
unsigned char gcr_corelocals_state(const struct gcr_core_maps *maps,
				   uint64_t address);

/* Put a piece into its place. */
void gcr_corelocals_piece(struct gcr_corereader *reader,
			  const struct gcr_location_piece *piece,
			  const struct gcr_core_maps *maps,
			  struct gcr_corebytes *to);

/*
 * Arguments of a core beside those that a decoding has from the printed words:
 * what the core has whole stands; of the rest the words', which may be stale or
 * recovered. Without words all are the core's.
 */
GCR_MUST_CHECK int gcr_corelocals_merge(struct gcr_corereader *reader,
					const struct gcr_core_list *arguments,
					struct gcr_decoding *decoding);

/*
 * Is it at the place of another variable, too? An assignment that only copies is
 * no instruction: then DWARF has one place for both all the time, and may have it
 * before the assignment, or after the next one.
 */
bool gcr_corelocals_shared(const struct gcr_variables *all,
			   const struct gcr_variable *variable);

/* It may have been given another value already, as far as the source tells. */
void gcr_corelocals_late(struct gcr_value *value);

#endif
