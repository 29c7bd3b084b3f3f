#ifndef RUNNER_CHILD_H
#define RUNNER_CHILD_H

/*
 * Commands, run: `sh -eu` in a folder, in a process group of its own, standard
 * input empty, both outputs kept apart, with limits on time and output. When
 * child_run() or child_end() returns, nothing of the group is left; a warden sees
 * to that if the runner itself is killed.
 */

#include <stdbool.h>

#include "text.h"
#include "warden.h"

enum child_end {
	CHILD_ENDED,	 /* by itself: see `status` and `signal` */
	CHILD_TIMED_OUT, /* after `seconds` */
	CHILD_FLOODED,	 /* beyond the output limit */
	CHILD_STOPPED,	 /* the runner was told to stop: signals_caught() */
	CHILD_NOT_RUN,	 /* could not be started: see `error` */
};

/* Texts must live as long as the child. */
struct child_request {
	const char *folder, *command;
	char *const *environment;
	unsigned seconds;    /* 0: no limit */
	size_t output_limit; /* bytes of both outputs; 0: the usual */
	/*
	 * Files for its outputs, or NULL to have them in the result. A file takes
	 * a gigabyte, memory 16 MiB.
	 */
	const char *out_path, *err_path;
	/* Called once when the command takes over a second; may be NULL. */
	void (*slow)(void *data);
	/* Called again and again while it runs; may be NULL. */
	void (*idle)(void *data);
	void *data;
};

struct child_result {
	enum child_end end;
	int status;  /* as the shell shows it: 134 for SIGABRT */
	int signal;  /* that ended it, or 0 */
	bool core;   /* the kernel says that it wrote one */
	int error;   /* errno of CHILD_NOT_RUN */
	pid_t group; /* of processes that it was; of child_run() */
	double seconds;
	struct text out, err;
};

/* Run and wait. `ret` is always filled; free it with child_done(). */
void child_run(const struct child_request *request, struct child_result *ret);

void child_done(struct child_result *result);

/* A command that runs beside the runner. */
struct child {
	struct child_request request;
	struct child_result result;
	pid_t pid;    /* and process group */
	int pipes[2]; /* read ends of stdout and stderr; -1 when closed */
	bool reaped;
	int wait_status;
	double started, reaped_at;
	bool told;
	struct warden warden;
};

/* Start it; when that fails it is over at once. Call child_end() in any case. */
void child_start(const struct child_request *request, struct child *ret);

/*
 * Is it over: ended, out of its limits, or the runner told to stop? Its outputs
 * are read, if they are not files. `child->result.end` tells the reason.
 */
bool child_over(struct child *child);

/* End what is left of it. The result is complete then; child_done() frees it. */
void child_end(struct child *child);

/* Give other processes a moment. */
void child_pause(unsigned milliseconds);

/* Seconds on a clock that is never set. */
double child_now(void);

#endif
