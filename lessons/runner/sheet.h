#ifndef RUNNER_SHEET_H
#define RUNNER_SHEET_H

/*
 * A lesson's questions, computed over one capture: which can be asked, what the
 * answer is and what its witness says, the texts with the capture's numbers in
 * them, and what each misreading would have given.
 */

#include <jq.h>

#include "answer.h"
#include "lesson.h"

struct text;

enum standing {
	STANDING_ASKED,	  /* answer and witness agree */
	STANDING_UNLESS,  /* this capture has nothing to ask about ... */
	STANDING_UNEQUAL, /* answer and witness differ: not asked */
	STANDING_BROKEN,  /* answer, witness or a text cannot be computed */
};

/* A stretch of one line, to be underlined. */
struct mark {
	const char *step, *stream; /* NULL: `text` stands in no output */
	const char *text;	   /* the whole line */
	size_t line;		   /* from 1 */
	size_t from, length;	   /* characters, from 0 */
};

struct misread {
	const char *value, *sentence;
};

struct item {
	const struct question *question;
	enum standing standing;
	bool disturbed;		      /* ... but another one might have */
	const char *why;	      /* not asked: a sentence; else NULL */
	const char *answer, *witness; /* as text; NULL when not computed */
	const char *ask, *form, *place, *reason;
	const char *hints[HINT_COUNT];
	struct misread *misreads;
	size_t misread_count;
	struct mark *marks;
	size_t mark_count;
};

struct need_state {
	const struct need *need;
	bool ok;
	const char *found, *limits, *repair;
};

struct sheet {
	const char *refused; /* why the capture teaches nothing, or NULL */
	struct item *items;
	size_t count;
	struct need_state *needs;
	size_t need_count;
	size_t broken;	  /* questions that are UNEQUAL or BROKEN */
	size_t disturbed; /* questions for which to capture again */
};

/*
 * Compute the sheet; it lives in `pool`. Returns 0; or -1 when the lesson's jq
 * does not compile. What is wrong, also with single questions, is in `errors`, a
 * line each. `capture` is not consumed.
 */
GCR_MUST_CHECK int sheet_make(const struct lesson *lesson, jv capture,
			      struct pool *pool, struct sheet *ret,
			      struct text *errors);

/*
 * The sheets of several captures (an array, consumed) for the price of one; `ret`
 * has room for as many.
 */
GCR_MUST_CHECK int sheet_make_all(const struct lesson *lesson, jv captures,
				  struct pool *pool, struct sheet *ret,
				  struct text *errors);

/*
 * The misreading that gives `got`, or NULL. One that gives the answer itself is
 * none.
 */
const struct misread *sheet_misread(const struct item *item,
				    const struct answer *got,
				    struct pool *pool);

/* Is `text` the answer? -1 when it cannot be read; then `*why` says why. */
int sheet_judge(const struct item *item, const char *text, struct pool *pool,
		struct answer *got, const char **why);

#endif
