#ifndef GCR_WORDS_H
#define GCR_WORDS_H

/*
 * The argument list of a frame, read element by element; see gcr_words_read()
 * in gocrash.h. What is not an element of a list is GCR_FORMAT with its column
 * in the list; the elements before it are in the result of
 * gcr_words_read_some().
 */

#include "gocrash.h"

/*
 * The same, but an odd element does not fail: `*odd` is where it starts (or
 * SIZE_MAX) and the rest of the list is not read.
 */
GCR_MUST_CHECK int gcr_words_read_some(struct gcr_span arguments,
				       struct gcr_arena *arena,
				       struct gcr_words *ret, size_t *odd,
				       struct gcr_error *err);

#endif
