#ifndef RUNNER_HAND_H
#define RUNNER_HAND_H

/*
 * Steps for the learner's own hand: commands such as a debugger, which are not
 * run with the others, but get the terminal when the learner asks for them.
 */

#include "session.h"

/* The `index`-th of the lesson's, from 0; NULL past the last. */
const struct step *hand_step(const struct lesson *lesson, size_t index);

/*
 * Give it the terminal, in the folder of the capture, until it ends. What stands
 * in the way is said.
 */
void hand_run(struct session *session, const struct step *step);

#endif
