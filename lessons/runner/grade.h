#ifndef RUNNER_GRADE_H
#define RUNNER_GRADE_H

/*
 * Answers from a file, graded over the learner's kept capture, or over a new one
 * where there is none.
 *
 *	# anything
 *	seed: 8f31
 *	1: 6
 *	capacity: 4
 *
 * A line without a colon answers the next question in order.
 */

#include "report.h"
#include "session.h"

/* Grade the loaded lesson; TAP on standard output. Returns an exit status. */
int grade_answers(struct session *session, const char *path);

/*
 * The answers of a file by question: `ret[i]` for question i, NULL where the
 * file has none. `*seed` is that of the file, or untouched.
 */
void grade_read(const struct lesson *lesson, const char *data,
		struct pool *pool, const char **ret, const char **seed);

#endif
