#ifndef RUNNER_WALK_H
#define RUNNER_WALK_H

/*
 * A lesson without a terminal: nobody is waited for. The capture is made, each
 * question is shown with its answer, its evidence and its witness.
 */

#include "session.h"

/*
 * Walk through the loaded lesson. Returns EXIT_DONE when every answer agreed with
 * its witness, EXIT_FAILED when one did not, EXIT_CANNOT when there was no capture
 * to ask about.
 */
int walk_lesson(struct session *session);

/* Shows steps as they run; for any verb that captures. `data` is the session. */
struct capture_watcher walk_watcher(struct session *session);

/* Is this lesson a doctor's: a report of needs instead of questions? */
bool walk_is_report(const struct lesson *lesson);

/* Print the report; for a terminal too. Returns EXIT_DONE or EXIT_CANNOT. */
int walk_report(struct session *session);

#endif
