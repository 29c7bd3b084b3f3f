#ifndef GCR_BINDING_H
#define GCR_BINDING_H

/*
 * What a trace printed of a caller's own parameters as exact, for what the
 * caller hands on of them.
 */

#include "callsite.h"
#include "machine.h"

/* What one part of the caller's arguments held at its entry. */
struct gcr_bound {
	bool known;
	uint64_t value;
};

/*
 * For each part of `caller`'s arguments. `decoding` (or NULL) is what its frame
 * printed: slots as they were when the program died. A slot counts where at the
 * call, told by `at_call`, it still held what some part held at the entry, and
 * nobody could write to it since. In `arena`, for all of `caller->abi`.
 */
GCR_MUST_CHECK int gcr_binding_make(const struct gcr_recovery *caller,
				    const struct gcr_decoding *decoding,
				    const struct gcr_state *at_call,
				    struct gcr_arena *arena,
				    struct gcr_bound **ret,
				    struct gcr_error *err);

#endif
