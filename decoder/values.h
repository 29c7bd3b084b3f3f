#ifndef GCR_VALUES_H
#define GCR_VALUES_H

/*
 * Words and a declaration become values: gcr_frame_decode() in gocrash.h.
 */

#include "gocrash.h"

/* A frame to decode; all but the frame may be left zero. */
struct gcr_decode_request {
	const struct gcr_frame *frame;
	const struct gcr_declarations *declarations;
	const struct gcr_target *target;
	uint64_t entry; /* of its function in the declarations' image */
};

/* gcr_frame_decode(), with more known of the frame. */
GCR_MUST_CHECK int gcr_frame_decode_as(const struct gcr_decode_request *request,
				       struct gcr_arena *arena,
				       struct gcr_decoding *ret,
				       struct gcr_error *err);

#endif
