#ifndef GCR_SITES_H
#define GCR_SITES_H

/* Which call made a frame, and how that function's parameters are passed. */

#include "callsite.h"

struct gcr_site {
	size_t caller; /* frame */
	struct gcr_image_function caller_function;
	/* Addresses of the link, as all of the image's. */
	uint64_t call_address, return_address;
	uint64_t callee; /* entry of the function that is said to be called */
	/*
	 * Of a CALL through a register: why it may be of another one, unless
	 * what it calls can be told.
	 */
	struct gcr_span doubt;
};

/*
 * Fill in `ret`'s parameters and abi where the frame's function can be told,
 * and `site` where its call can; else `ret->reason`. `disasm` reads amd64.
 */
GCR_MUST_CHECK int gcr_site_find(const struct gcr_callsite_input *input,
				 struct gcr_disasm *disasm, size_t index,
				 struct gcr_arena *arena, struct gcr_site *site,
				 struct gcr_recovery *ret,
				 struct gcr_error *err);

/* Layouts of a function's parameters and results, from DWARF or declared. */
GCR_MUST_CHECK int gcr_parameters_find(
	const struct gcr_callsite_input *input, const struct gcr_frame *frame,
	const struct gcr_image_function *function, struct gcr_arena *arena,
	struct gcr_recovery *ret, struct gcr_error *err);

#endif
