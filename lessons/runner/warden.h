#ifndef RUNNER_WARDEN_H
#define RUNNER_WARDEN_H

/*
 * A warden ends a process group when the runner is gone, however it went: also
 * after SIGKILL, when nobody is left to tidy up. It is a shell that reads from a
 * pipe whose other end only the runner holds; it learns of the end of the runner
 * by the end of the pipe.
 */

#include <sys/types.h>

/* Zeroed is none. */
struct warden {
	pid_t pid;
	int hold; /* the end of the pipe that the runner keeps open */
};

/* Watch over `group`. Without the means to, there is no warden. */
void warden_start(pid_t group, struct warden *ret);

/* The group has ended: the warden goes, too. */
void warden_dismiss(struct warden *warden);

#endif
