#ifndef GCR_TEST_ACCOUNT_H
#define GCR_TEST_ACCOUNT_H

/*
 * Every line of an input is accounted for: it is part of a crash, or other
 * output, or blank; never none of these, never the first two at once.
 */

#include "gocrash.h"

/*
 * Fails the test, naming `what` and the line. For texts without unfolded
 * strings: lines are found by the spans and places of the model, and a few
 * that the model has nothing of, by their look. `prefix` is a pattern of what
 * stands before each line, or "".
 */
void assert_accounted(const struct gcr_dump *dump, struct gcr_span text,
		      const char *prefix, const char *what);

#endif
