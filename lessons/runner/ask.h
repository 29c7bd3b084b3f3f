#ifndef RUNNER_ASK_H
#define RUNNER_ASK_H

/* A lesson on a terminal: the questions, one after the other. */

#include "session.h"

/*
 * Run or resume the loaded lesson. Returns EXIT_DONE when no question is open,
 * EXIT_UNSOLVED when the learner left before, EXIT_CANNOT.
 */
int ask_lesson(struct session *session);

/*
 * For `lesson hint` and `lesson show`: the first open question of the lesson the
 * learner was at, without a prompt.
 */
int ask_hint(struct session *session);
int ask_show(struct session *session);

#endif
