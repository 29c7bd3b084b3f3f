#ifndef GCR_COREPRINT_H
#define GCR_COREPRINT_H

/* Values of a core as the runtime prints them of a panic. */

#include "runtimetypes.h"

/*
 * The value of an interface of these words: its type's address and its data. In `arena`;
 * data NULL when the type cannot be read. `go` is the minor release.
 * Go runtime/error.go printpanicval, printanycustomtype.
 */
GCR_MUST_CHECK int gcr_core_print_value(const struct gcr_runtypes *types,
					const uint64_t words[2], unsigned go,
					struct gcr_arena *arena,
					struct gcr_span *ret,
					struct gcr_error *err);

#endif
