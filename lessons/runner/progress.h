#ifndef RUNNER_PROGRESS_H
#define RUNNER_PROGRESS_H

/*
 * How far the learner is: one text file, one line a question, written by way of
 * a temporary file after every answer.
 *
 *	gocrash-progress 1   written after every answer; do not edit
 *	last 1
 *	lesson 1 seed 8f31
 *	1 capacity solved hints 0 misses 1
 *
 * Beside it `lock`, held by the runner that may write, and `attempts.log`, one
 * line an attempt, for whoever wants to know which misreading is commonest.
 */

#include <stdbool.h>
#include <stddef.h>

#include "pool.h"

enum state {
	STATE_OPEN,
	STATE_SOLVED,
	STATE_REVEALED,
	STATE_SKIPPED,
	STATE_NOT_ASKABLE,
	STATE_COUNT
};

/* `solved`; `[x]`. */
const char *state_name(enum state state);
const char *state_sign(enum state state);

struct progress_row {
	int lesson;
	const char *question;
	enum state state;
	unsigned hints, misses;
};

struct progress_lesson {
	int number;
	unsigned long long seed;
};

struct progress {
	struct pool *pool;
	const char *folder;
	struct progress_row *rows;
	size_t row_count;
	struct progress_lesson *lessons;
	size_t lesson_count;
	int last;	/* lesson the learner was at, or -1 */
	bool read_only; /* another runner has the lock */
	int other;	/* its process id */
	int lock;	/* descriptor */
};

/*
 * Read what is kept in `folder` and take the lock. Returns 0; or -1 with a
 * sentence in `*why` when the file is of another format: it is left as it is.
 */
GCR_MUST_CHECK int progress_open(const char *folder, struct pool *pool,
				 struct progress *ret, const char **why);

/* Gives the lock back. */
void progress_close(struct progress *progress);

/* Write the file, unless read-only. Returns 0, or -1 with errno. */
GCR_MUST_CHECK int progress_save(const struct progress *progress);

/* The row of a question, made when there is none; valid until the next call. */
struct progress_row *progress_row(struct progress *progress, int lesson,
				  const char *question);

/* The kept seed of a lesson; false when it was never started. */
bool progress_seed(const struct progress *progress, int lesson,
		   unsigned long long *ret);
void progress_set_seed(struct progress *progress, int lesson,
		       unsigned long long seed);

/* Forget a lesson: its rows and its seed. */
void progress_forget(struct progress *progress, int lesson);

/* One answer, for attempts.log. `class` is one word or a misreading. */
struct attempt {
	int lesson;
	const char *question, *text, *class;
	unsigned hints;
	long milliseconds;
};

/* Append it, unless read-only; a log that cannot be written is no failure. */
void progress_log(const struct progress *progress,
		  const struct attempt *attempt);

#endif
