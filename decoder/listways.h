#ifndef GCR_LISTWAYS_H
#define GCR_LISTWAYS_H

/*
 * Ways to read a list of arguments, as far as the target leaves them open:
 *
 *	flat or typed  x  words of 8 or 4 bytes  x  (generic methods only)
 *	                                            dictionary or receiver
 */

#include "declaration.h"
#include "described.h"
#include "reading.h"

enum {
	GCR_MOST_WAYS = 8
};

struct gcr_listway {
	bool flat, dictionary;
	unsigned word_size;
};

/* A frame that is decoded. */
struct gcr_decoder {
	const struct gcr_frame *frame;
	struct gcr_target target;
	struct gcr_arena *arena;
	struct gcr_error *err;
	struct gcr_decoding *ret;
	const struct gcr_function *function;
	struct gcr_function by_image; /* `function`, without a declaration */
	struct gcr_described described;
	struct gcr_function_name name;
	struct gcr_scope scope;
	/* Those that fit, the best first. */
	struct gcr_reading readings[GCR_MOST_WAYS];
	size_t reading_count;
	const char *misfit; /* of the likeliest way */
	bool era_differs, arch_differs;
	bool dictionary_differs;
};

/* The parameters as `way` has them, nothing read yet. */
GCR_MUST_CHECK int gcr_listway_prepare(struct gcr_decoder *decoder,
				       struct gcr_listway way,
				       struct gcr_reading *reading);

/* Fill in `readings` with those that fit, or `misfit` where none does. */
GCR_MUST_CHECK int gcr_listways_try(struct gcr_decoder *decoder);

/* Would the era fit that the target rules out? Leaves no readings. */
GCR_MUST_CHECK int gcr_listways_try_older(struct gcr_decoder *decoder,
					  bool *ret);

#endif
