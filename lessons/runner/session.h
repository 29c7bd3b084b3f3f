#ifndef RUNNER_SESSION_H
#define RUNNER_SESSION_H

/*
 * One lesson in hand: its text, the capture it is asked over, the sheet and the
 * learner's progress. The verbs share it.
 */

#include <jq.h>

#include "capture.h"
#include "progress.h"
#include "screen.h"
#include "sheet.h"
#include "surroundings.h"
#include "text.h"

/* What the command line said. */
struct options {
	bool new_capture, yes, verbose;
	const char *seed, *answers, *question, *go, *format, *root, *state;
	enum color color;
	const char *operands[2];
	size_t operand_count;
};

/* The runner's exit statuses. */
enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_CANNOT = 2, /* usage or environment */
	EXIT_UNSOLVED = 3,
};

struct session {
	const struct options *options;
	struct pool pool;
	struct screen screen;
	struct surroundings here;
	struct wishes wishes;
	struct progress progress;
	bool progress_open;
	struct lesson lesson;
	jv capture; /* invalid until there is one */
	struct sheet sheet;
	const char *folder; /* of the capture */
	unsigned long long seed;
	bool kept;	/* the capture is one of before */
	bool temporary; /* the folder goes when the session ends */
	bool keep_core; /* a learner is there to be asked about it */
};

/*
 * Find the tree and Go. Returns 0, or EXIT_CANNOT with the reason printed. Call
 * session_close() in any case.
 */
GCR_MUST_CHECK int session_open(const struct options *options,
				struct session *ret);
void session_close(struct session *session);

/* Open the progress file. Returns 0 or EXIT_CANNOT, printed. */
GCR_MUST_CHECK int session_open_progress(struct session *session);

/* Read lesson `number`. Returns 0 or EXIT_CANNOT, printed. */
GCR_MUST_CHECK int session_load(struct session *session, int number);

/* Is question `index` wanted? --question=Q wants no other. */
bool session_wants(const struct session *session, size_t index);

/* The numbers of the lessons there are, ascending. */
const int *session_lessons(struct session *session, size_t *count);

/* Why the lesson cannot run here: a thing of its `needs` is missing; or NULL. */
const char *session_lack(struct session *session);

/*
 * Use the kept capture if it fits the options, the lesson and the Go; else say
 * why not. Returns true when there is one.
 */
bool session_resume(struct session *session);

/*
 * Make a new capture and its sheet. `temporary`: in a folder of its own, removed
 * at the end. Prints what went wrong. Returns the outcome.
 */
enum outcome session_capture(struct session *session, bool temporary,
			     const struct capture_watcher *watcher);

/* Print `lesson: ` and a message on standard error. */
void complain(const char *format, ...) GCR_PRINTF(1, 2);

#endif
