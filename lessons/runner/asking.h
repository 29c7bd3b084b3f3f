#ifndef RUNNER_ASKING_H
#define RUNNER_ASKING_H

/*
 * A lesson being asked on a terminal. asking.c has the loop of one question,
 * ask.c what comes before the first and after the last.
 */

#include <time.h>

#include "session.h"

/* What a line of the learner's leads to. */
enum move {
	MOVE_STAY,  /* the prompt again */
	MOVE_NEXT,  /* the question is closed */
	MOVE_LEAVE, /* the lesson is left */
};

struct prompt;

struct asking {
	struct session *session;
	struct prompt *prompt;
	size_t index; /* of the question at hand */
	struct timespec shown;
	size_t printed; /* lines since the last pause, about */
};

/* Ask from `index` on until nothing is open or the learner leaves. */
enum move asking_all(struct asking *asking);

/* Wait for Enter after `what`; anything but leaving goes on. */
enum move asking_pause(struct asking *asking, const char *what);

/* The first open question from `from` on; past the end when there is none. */
size_t asking_first_open(const struct session *session, size_t from);

/* Write the progress; says so when it cannot. */
void asking_save(struct session *session);

/* What the keys h and s do. */
enum move asking_hint(struct asking *asking);
enum move asking_reveal(struct asking *asking);

#endif
