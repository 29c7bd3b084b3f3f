#ifndef RUNNER_SIGNALS_H
#define RUNNER_SIGNALS_H

/*
 * The signals a person or a machine sends the runner. They end nothing by
 * themselves: the code that waits asks signals_caught(), ends its child, puts
 * the terminal right and returns.
 */

/* Catch SIGINT, SIGQUIT, SIGTERM and SIGHUP; ignore SIGPIPE. */
void signals_catch(void);

/* The last signal caught since signals_forget(), or 0. */
int signals_caught(void);
void signals_forget(void);

#endif
