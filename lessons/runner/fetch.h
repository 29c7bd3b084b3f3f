#ifndef RUNNER_FETCH_H
#define RUNNER_FETCH_H

/*
 * A core that the kernel sent elsewhere, brought to where the lesson looks for it.
 * /proc/sys/kernel/core_pattern says where it went: to a folder, to a file of
 * another name, to systemd-coredump (which gives it back by coredumpctl), or to
 * apport (which puts those of programs of no package into a folder of its own).
 */

#include <sys/types.h>
#include <time.h>

#include "pool.h"

struct hunt {
	const char *folder;  /* that has to have it, as `core` */
	const char *pattern; /* what core_pattern says */
	const char *apport;  /* the folder of apport's cores */
	time_t since;	     /* older ones are of something else */
	pid_t group;	     /* of processes: whose core it has to be */
	char *const *environment;
};

/* What the kernel is told now; empty where it cannot be read. */
const char *core_pattern(struct pool *pool);

/*
 * Look for it, and move it to `folder`. Only a core of this user's counts that
 * says itself that it is of a process of the group; others are left where they are.
 * Returns a sentence that says where it was, or NULL.
 */
const char *core_fetch(const struct hunt *hunt, struct pool *pool);

#endif
