#ifndef RUNNER_CHILD_H
#define RUNNER_CHILD_H

/*
 * Commands, run: `sh -eu` in a folder, in a process group of its own, standard
 * input empty, both outputs kept apart, with limits on time and output. When
 * child_run() returns, nothing of the group is left.
 */

#include <stdbool.h>

#include "text.h"

enum child_end {
	CHILD_ENDED,	 /* by itself: see `status` and `signal` */
	CHILD_TIMED_OUT, /* after `seconds` */
	CHILD_FLOODED,	 /* beyond the output limit */
	CHILD_STOPPED,	 /* the runner was told to stop: signals_caught() */
	CHILD_NOT_RUN,	 /* could not be started: see `error` */
};

struct child_request {
	const char *folder, *command;
	char *const *environment;
	unsigned seconds;
	size_t output_limit; /* bytes of both outputs; 0: 16 MiB */
	/* Called once when the command takes over a second; may be NULL. */
	void (*slow)(void *data);
	void *data;
};

struct child_result {
	enum child_end end;
	int status; /* as the shell shows it: 134 for SIGABRT */
	int signal; /* that ended it, or 0 */
	bool core;  /* the kernel says that it wrote one */
	int error;  /* errno of CHILD_NOT_RUN */
	double seconds;
	struct text out, err;
};

/* Run and wait. `ret` is always filled; free it with child_done(). */
void child_run(const struct child_request *request, struct child_result *ret);

void child_done(struct child_result *result);

#endif
