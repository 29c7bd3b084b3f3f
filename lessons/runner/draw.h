#ifndef RUNNER_DRAW_H
#define RUNNER_DRAW_H

/*
 * The values a lesson draws for a learner. The same seed gives the same values
 * on every machine; seed 0 stands for the course's own numbers. A draw that the
 * lesson's `keep` refuses (two readings of the trace would give one number) is
 * drawn again.
 */

#include <jq.h>

#include "lesson.h"

struct text;

enum {
	DRAWS_MOST = 1000
};

/* `course` or up to 16 hexadecimal digits. Returns 0 or -1. */
GCR_MUST_CHECK int seed_read(const char *text, unsigned long long *ret);

/* `course` or the digits; the text is in `pool`. */
const char *seed_name(unsigned long long seed, struct pool *pool);

/* A seed nobody chose; never 0. */
unsigned long long seed_new(void);

/*
 * The values of `seed` as a JSON object, numbers and booleans as such. Returns
 * 0; or -1 with the reason appended to `errors` (`keep` fails, or refuses
 * everything).
 */
GCR_MUST_CHECK int draw_values(const struct lesson *lesson,
			       unsigned long long seed, jv *ret,
			       struct text *errors);

/*
 * Add `template` with the value of each `{name}` that `values` has; `${name}` is
 * left alone. `values` is not consumed.
 */
void draw_fill(const char *template, jv values, struct text *ret);

/*
 * The source of the lesson's program with the values in the place of the
 * course's. Returns 0; or -1 with the reason: the call does not stand in it
 * exactly once.
 */
GCR_MUST_CHECK int draw_source(const struct lesson *lesson, jv values,
			       const char *source, struct text *ret,
			       struct text *errors);

#endif
