#ifndef RUNNER_TRACE_H
#define RUNNER_TRACE_H

/*
 * What gocrash makes of a step's standard error: an array of gocrash/1
 * documents, one a crash. The only module of the runner that calls the library.
 */

#include <jq.h>

#include "lesson.h"

struct text;

/*
 * Decode `data` with the lesson's declarations for a program built by go1.MINOR
 * for `arch`.
 * Returns 0; or -1 with the library's message appended to `errors`.
 */
GCR_MUST_CHECK int trace_read(const struct lesson *lesson, const char *data,
			      size_t size, unsigned go_minor, const char *arch,
			      jv *ret, struct text *errors);

#endif
