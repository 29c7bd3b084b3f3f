#ifndef RUNNER_VERBS_H
#define RUNNER_VERBS_H

/*
 * The verbs of the command. Each is given an open session and the options, and
 * returns the program's exit status.
 */

#include "session.h"

int verb_run(struct session *session);
int verb_hint(struct session *session);
int verb_show(struct session *session);
int verb_progress(struct session *session);
int verb_reset(struct session *session);
int verb_check(struct session *session);
int verb_grade(struct session *session);
int verb_lint(struct session *session);
int verb_record(struct session *session);

/* The number of a lesson as a person writes it, `3` or `lesson3`; or -1. */
int verb_lesson_number(const char *operand);

#endif
