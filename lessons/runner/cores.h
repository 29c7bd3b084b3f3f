#ifndef RUNNER_CORES_H
#define RUNNER_CORES_H

/*
 * The cores of a run: which files they are, whether there is room for one, and
 * their end. Cores of the kernel have holes and are small on disk; those that
 * gcore writes have as many bytes as the process has addresses.
 */

#include <stdbool.h>
#include <sys/types.h>

#include "pool.h"

/* `core`, `core.1234`: what the kernel and gcore call theirs, by default. */
bool core_is(const char *name);

/* The name of a core in `folder`; of several the last one. NULL if none. */
const char *core_in(const char *folder, struct pool *pool);

/* What all of `folder`'s cores take on disk, in bytes. */
unsigned long long cores_size(const char *folder);

/* Remove them. Returns 0, or -1 when one cannot be removed. */
int cores_remove(const char *folder);

/*
 * Is there room in `folder` for a core of process `pid`, or, when that is 0, for
 * `megabytes`? NULL, or a sentence that says what is lacking. A process is taken
 * to need all of its addresses, and there must be a margin.
 */
const char *cores_no_room(const char *folder, pid_t pid, unsigned megabytes,
			  struct pool *pool);

#endif
