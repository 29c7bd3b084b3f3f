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

/* What a file of answers says. */
struct answers {
	const char **items;  /* by question; NULL where the file has none */
	const char *seed;    /* or as it was */
	const char *remarks; /* a line for each that answers nothing, or NULL */
};

/* Read such a file; `ret->items` has room for all questions. */
void grade_read(const struct lesson *lesson, const char *data,
		struct pool *pool, struct answers *ret);

#endif
