#ifndef GCR_TEST_SUPPORT_WRITERS_H
#define GCR_TEST_SUPPORT_WRITERS_H

/* Texts counted, and what writers made of them, for the tests of writers. */

#include "support.h"

/* Fails the test on an error. */
struct gcr_census *count_text(struct gcr_span text);

/* Goroutines of all dumps. */
uint64_t count_goroutines(const struct gcr_census *census);

/* Appends to a `struct text`. */
struct gcr_output text_output(struct text *text);

/* Takes `left` bytes, then fails. */
struct short_output {
	size_t left;
};
struct gcr_output output_of(struct short_output *to);

#endif
