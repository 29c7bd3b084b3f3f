#ifndef CLI_CORES_H
#define CLI_CORES_H

/* Cores where a verb takes a dump: the program has to be there. */

#include "input.h"
#include "verbs.h"

/*
 * Open `input`, which is a core, beside the program of --binary (`image` NULL:
 * there was none). Returns DONE or FAILED, the message printed.
 */
int core_open(const struct input *input, struct gcr_image *image,
	      const struct settings *settings, struct gcr_core **ret);

/* Was no goroutine of it found? Says so; behind a walk through all of them. */
bool core_is_empty(const struct gcr_core *core, const struct input *input);

/* On standard error: what of it cannot be trusted. */
void core_print_notes(const struct gcr_core *core, const struct input *input);

/*
 * The files that C frames are told by: the program and, where they are still
 * there, the libraries. To be closed behind the core.
 */
struct core_files {
	struct input *inputs;
	size_t count;
};

void core_open_files(struct gcr_core *core, const struct input *program,
		     struct core_files *ret);
void core_close_files(struct core_files *files);

/* `path` as a program, with its file in `*input`, for input_done(). */
int core_open_program(const char *path, struct input *input,
		      struct gcr_image **ret);

/* gocrash core --locals: text or JSON, of all goroutines or one. */
int core_write_values(struct gcr_core *core, const struct settings *settings,
		      struct gcr_error *err);

#endif
