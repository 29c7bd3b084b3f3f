#ifndef RUNNER_ANSWER_H
#define RUNNER_ANSWER_H

/*
 * Answers as values. What a learner types, what the lesson's jq computes and
 * what a misreading would give are all read by answer_read() and compared as
 * values, never as text: `4`, `0x4`, `0b100`, `cap 4` and ` 4 ` are one answer.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lesson.h"

/* One answer, read. Texts live in the pool given to answer_read(). */
struct answer {
	enum answer_kind kind;
	bool negative;
	uint64_t number;    /* INT and HEX: the magnitude; CHOICE: from 1 */
	double real;	    /* RANGE */
	const char **words; /* NAME: its dotted parts; SET: sorted members */
	size_t word_count;
};

/*
 * Read `text` as an answer to `question` (its kind, choices and `decimal` are
 * looked at). Returns 0; or -1 when it cannot be read as one, with the reason in
 * `*why`, a sentence for the learner: that is not a wrong answer.
 */
GCR_MUST_CHECK int answer_read(const struct question *question,
			       const char *text, struct pool *pool,
			       struct answer *ret, const char **why);

/*
 * Is `got` the value `right`? Both are answers to `question`; a RANGE agrees
 * within its tolerance. A NAME may lack its package.
 */
bool answer_equal(const struct question *question, const struct answer *right,
		  const struct answer *got);

#endif
