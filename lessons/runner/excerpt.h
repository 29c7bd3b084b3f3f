#ifndef RUNNER_EXCERPT_H
#define RUNNER_EXCERPT_H

/* The part of a captured output that a screen has room for. */

#include <stdbool.h>
#include <stddef.h>

struct screen;

/* A captured output to show. */
struct excerpt {
	const char *text; /* whole output */
	const char *only; /* a regular expression: these lines alone; or NULL */
	const char *file; /* where all of it is, or NULL */
	const size_t *marked; /* line numbers for `>` in the margin */
	size_t marked_count;
	bool unmarked; /* without the `>`: to find them is the question */
	size_t most;   /* lines to print; 0: all */
	size_t shift;  /* columns that long lines lose in front */
	bool wrapped;  /* marked lines go on in further rows */
};

/* Prints whole lines around the marked ones, and how many were left out. */
void put_excerpt(const struct screen *screen, const struct excerpt *excerpt);

#endif
