#ifndef CLI_INPUT_H
#define CLI_INPUT_H

/* Whole files in memory: regular ones are mapped, pipes are read. */

#include "../gocrash.h"

struct input {
	const char *name; /* for messages: `'x'`'s x, or `standard input` */
	struct gcr_span text;
	bool mapped;
	bool standard; /* it is standard input */
};

/*
 * Open `path`; `-` is standard input. Returns 0, or -1 with the message
 * printed. An empty file gives an empty text.
 */
int input_open(const char *path, struct input *ret);

/* The same for a program, which is a regular file: nothing else is waited for. */
int input_open_program(const char *path, struct input *ret);

void input_done(struct input *input);

#endif
