#ifndef GCR_FOLLOW_H
#define GCR_FOLLOW_H

/*
 * Where the addresses in decoded values lead in the program's file.
 *
 * What stands in read-only data stands there for good, so a string whose words
 * are exact has its content exactly. A stale address shows what it points to and
 * stays stale. What stands in writable data is what the program began with:
 * elements found there are stale.
 */

#include "declaration.h"

/* Fill in contents, and elements of slices of strings. */
GCR_MUST_CHECK int
gcr_values_follow(const struct gcr_declarations *declarations,
		  struct gcr_decoding *decoding, struct gcr_arena *arena,
		  struct gcr_error *err);

#endif
