#ifndef CLI_INPUT_H
#define CLI_INPUT_H

/*
 * Whole files in memory: regular ones are mapped, pipes are read, and what is
 * long in a pipe goes to a temporary file that is mapped.
 */

#include "../gocrash.h"

struct input {
	const char *name; /* for messages: `'x'`'s x, or `standard input` */
	struct gcr_span text;
	bool mapped;
	bool standard;	 /* it is standard input */
	int file;	 /* what is mapped; closed with the input */
	size_t released; /* bytes from the start */
};

/*
 * Open `path`; `-` is standard input. Returns 0, or -1 with the message
 * printed. An empty file gives an empty text.
 */
int input_open(const char *path, struct input *ret);

/* The same for a program, which is a regular file: nothing else is waited for. */
int input_open_program(const char *path, struct input *ret);

/*
 * What lies before `offset` is hardly needed any more: its pages need not stay
 * in memory. Reading it is as good as before.
 */
void input_release(struct input *input, uint64_t offset);

void input_done(struct input *input);

/* Why a text may have no dump in it, in a few words. */
const char *input_hint(struct gcr_span text);

/* spool.c: read `fd` to its end, at most `most` bytes; -1 with errno. */
int spool_read(int fd, uint64_t most, struct input *input);

/* input.c: map the first `size` bytes of `fd`, which is the input's then. */
int input_map(int fd, size_t size, struct input *input);

#endif
