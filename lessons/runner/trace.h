#ifndef RUNNER_TRACE_H
#define RUNNER_TRACE_H

/*
 * What gocrash makes of a step's standard error: an array of gocrash/1
 * documents, one a crash. The only module of the runner that calls the library.
 */

#include <jq.h>

#include "lesson.h"

struct text;

/* What is to be decoded, and what is known of it. */
struct trace_source {
	const struct lesson *lesson; /* for its declarations */
	const char *data;
	size_t size;
	unsigned go_minor; /* the program was built by go1.MINOR ... */
	const char *arch;  /* ... for this architecture */
};

/* Returns 0; or -1 with the library's message appended to `errors`. */
GCR_MUST_CHECK int trace_read(const struct trace_source *source, jv *ret,
			      struct text *errors);

#endif
