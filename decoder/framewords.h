#ifndef GCR_FRAMEWORDS_H
#define GCR_FRAMEWORDS_H

/*
 * A frame decoded as the renderers want it: gcr_frame_decode(), and then the
 * words themselves no surer than the release allows.
 */

#include "gocrash.h"

/*
 * A word that has no mark is exact only where a stale one would have had it:
 * from go1.18 to go1.25, and later in a list without any mark; where arguments
 * are never in registers; as a flat word. Otherwise it is GCR_UNMARKED. Of a
 * `program` (or NULL) its call sites are asked for the values.
 */
GCR_MUST_CHECK int gcr_frame_words(const struct gcr_frame *frame,
				   const struct gcr_declarations *declarations,
				   const struct gcr_target *target,
				   struct gcr_program *program,
				   struct gcr_arena *arena,
				   struct gcr_decoding *ret,
				   struct gcr_error *err);

#endif
