#ifndef RUNNER_SURROUNDINGS_H
#define RUNNER_SURROUNDINGS_H

/*
 * Where the runner is and what it has: the tree it belongs to, the folder it
 * may write to, the Go it uses, and the environment its commands get.
 */

#include <stdbool.h>

#include "pool.h"

enum {
	GO_OLDEST = 19, /* what the lessons were seen with */
};

struct surroundings {
	const char *root;    /* has lessons/ and go-examples/ */
	const char *state;   /* progress and captures; ours to write */
	const char *own;     /* the folder of this program, and of gocrash */
	const char *go;	     /* the go command, or NULL */
	const char *go_line; /* `go version go1.26.0 linux/amd64`; "" if none */
	const char *go_version; /* `1.26.0` or "" */
	const char *arch;	/* `amd64` or "" */
	unsigned go_minor;	/* 26; 0 if none */
	bool state_elsewhere;	/* the tree cannot be written to */
};

/* What the user said about it; any may be NULL. */
struct wishes {
	const char *go, *root, *state;
};

/*
 * Find everything but Go. Returns 0; or -1 with a sentence in `*why` when there
 * is no tree or no folder to write to.
 */
GCR_MUST_CHECK int surroundings_find(const struct wishes *wishes,
				     struct pool *pool,
				     struct surroundings *ret,
				     const char **why);

/* Find Go and ask it for its version. Without one, `go_minor` stays 0. */
void surroundings_find_go(const struct wishes *wishes, struct pool *pool,
			  struct surroundings *ret);

/*
 * The environment of a command: a clean one. PATH starts with our own folder and
 * the chosen Go's; Go's settings of the user are left out, the network is off.
 * `trimmed` makes builds the same in every folder (recorded captures).
 */
char **surroundings_environment(const struct surroundings *here, bool trimmed,
				struct pool *pool);

/* A program the commands would find, or NULL. */
const char *surroundings_program(const struct surroundings *here,
				 const char *name, struct pool *pool);

#endif
