#ifndef RUNNER_SERVING_H
#define RUNNER_SERVING_H

/*
 * Servers, the load on them, and the signal that ends them. Their outputs go to
 * files, NAME.out and NAME.err, so that nobody waits for a reader and a dump may
 * be of any size.
 */

#include "steps.h"

/*
 * Start a server and wait until it listens. When its port turns out to be taken
 * by then, it is started again on another.
 */
enum outcome serving_start(struct run *run, struct stage *stage);

/* Start a load. */
enum outcome serving_load(struct run *run, struct stage *stage);

/*
 * Before a signal: wait until the load has come and has lasted as long as the
 * step says.
 */
enum outcome serving_wait(struct run *run, struct stage *stage);

/* Count the established connections of the server that a step is for. */
void serving_count(struct run *run, struct stage *stage);

/*
 * After a signal: wait until the server has ended; then stop the load that goes on
 * against nobody.
 */
enum outcome serving_await(struct run *run, struct stage *stage);

/* Stop whatever runs. */
void serving_stop(struct run *run);

/* What is due while others are waited for; `data` is the run. */
void serving_look(void *data);

#endif
