#ifndef GCR_CORELOCALS_H
#define GCR_CORELOCALS_H

/* Pieces of variables put together, and put beside what was known before. */

#include "corevalue.h"
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
	const struct gcr_layout *layout;
};

struct gcr_core_list {
	struct gcr_core_argument *items;
	size_t count, capacity;
};

/* Put `size` bytes of a piece into `to` from `at` on. */
void gcr_corelocals_piece(struct gcr_corereader *reader,
			  const struct gcr_location_piece *piece,
			  struct gcr_corebytes *to, uint64_t at, uint64_t size);

/*
 * Arguments of a core beside those that a decoding has from the printed words:
 * what the core has whole stands; of the rest the words', which may be stale or
 * recovered. Without words all are the core's.
 */
GCR_MUST_CHECK int gcr_corelocals_merge(struct gcr_corereader *reader,
					const struct gcr_core_list *arguments,
					struct gcr_decoding *decoding);

#endif
