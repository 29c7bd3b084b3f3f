#ifndef RUNNER_FIELDS_H
#define RUNNER_FIELDS_H

/*
 * The blocks in which a lesson says things to the runner:
 *
 *	kind: int
 *	answer: argument("noopt"; "main.example"; "slice")
 *	    | .cap
 *	# a remark
 *
 * One field a line; a line that starts with a blank or tab goes on with the
 * field above it; an empty line or one that starts with `#` says nothing.
 */

#include <stddef.h>

#include "pool.h"

struct field {
	const char *key, *value; /* trimmed; a continuation keeps its newline */
	size_t line;		 /* in lesson.md */
};

struct fields {
	struct field *items;
	size_t count;
};

/*
 * Read a block whose first line is `line` of its file. Everything is in `pool`.
 * Returns 0, or -1 when a line is no field: then `*bad_line` is its number and
 * `ret` holds what stands before it.
 */
GCR_MUST_CHECK int fields_read(const char *block, size_t line,
			       struct pool *pool, struct fields *ret,
			       size_t *bad_line);

/* The value of the first field `key`, or NULL. */
const char *fields_value(const struct fields *fields, const char *key);

#endif
