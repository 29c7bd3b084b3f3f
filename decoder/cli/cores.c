/* Cores as inputs: see cores.h. */

#include "cores.h"

#include "terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	MOST_FILES = 1000,
	LONGEST_PATH = 4096,
	FROM_DATA = 3, /* SEEK_DATA of Linux, which POSIX got but in 2024 */
};

static uint64_t next_data(void *from, uint64_t offset)
{
	const struct input *input = from;
	off_t next = lseek(input->file, (off_t)offset, FROM_DATA);

	if (next >= 0)
		return (uint64_t)next;
	return errno == ENXIO ? UINT64_MAX : offset;
}

int core_open(const struct input *input, struct gcr_image *image,
	      const struct settings *settings, struct gcr_core **ret)
{
	struct input copy = *input;
	struct gcr_core_options options = {
		.force = settings->force,
		.next_data = input->mapped ? next_data : NULL,
		.from = &copy,
	};
	struct gcr_error err;

	if (image == NULL) {
		complain("'%s' is a core: --binary=PROGRAM has to name the "
			 "program that left it",
			 input->name);
		return FAILED;
	}
	if (gcr_core_open(image, input->text, &options, ret, &err) == 0)
		return DONE;
	complain("%s: %s%s", input->name, err.text,
		 err.code == GCR_NOT_FOUND ? " (--force uses it all the same)"
					   : "");
	return FAILED;
}

bool core_is_empty(const struct gcr_core *core, const struct input *input)
{
	if (!gcr_core_is_empty(core))
		return false;
	complain("no goroutines in '%s': none of the core's could be read",
		 input->name);
	return true;
}

void core_print_notes(const struct gcr_core *core, const struct input *input)
{
	size_t count;
	const struct gcr_note *notes = gcr_core_notes(core, &count);

	for (size_t i = 0; i < count; i++)
		complain("%s: %.*s", input->name, (int)notes[i].text.size,
			 notes[i].text.data);
}

int core_open_program(const char *path, struct input *input,
		      struct gcr_image **ret)
{
	struct gcr_error err;

	if (input_open_program(path, input) != 0)
		return FAILED;
	if (gcr_image_open(input->text, NULL, ret, &err) == 0)
		return DONE;
	if (gcr_is_core(input->text))
		complain("'%s' is a core: its program is wanted there "
			 "(gocrash core PROGRAM CORE, or --binary=PROGRAM)",
			 input->name);
	else
		complain("%s: %s", input->name, err.text);
	input_done(input);
	return FAILED;
}

// Only a file that is there: the core may be from another machine.
static bool open_library(const struct gcr_core_library *library,
			 struct input *ret)
{
	char path[LONGEST_PATH];
	struct stat about;

	if (library->path.size >= sizeof(path) || library->path.size == 0 ||
	    library->path.data[0] != '/')
		return false;
	memcpy(path, library->path.data, library->path.size);
	path[library->path.size] = '\0';
	if (stat(path, &about) != 0 || !S_ISREG(about.st_mode))
		return false;
	return input_open_program(path, ret) == 0;
}

void core_open_files(struct gcr_core *core, const struct input *program,
		     struct core_files *ret)
{
	size_t count = gcr_core_library_count(core);
	struct gcr_error err;

	if (count > MOST_FILES)
		count = MOST_FILES;
	*ret = (struct core_files){ .inputs = calloc(count + 1,
						     sizeof(struct input)) };
	for (size_t i = 0; ret->inputs != NULL && i < count; i++) {
		const struct gcr_core_library *library =
			gcr_core_library(core, i);
		struct input *input = &ret->inputs[ret->count];
		struct gcr_span bytes = program->text;

		if (!library->program) {
			if (!open_library(library, input))
				continue;
			ret->count++;
			bytes = input->text;
		}
		// What is no library has no frames either.
		if (gcr_core_add_library(core, i, bytes, &err) != 0 &&
		    err.code == GCR_NOT_FOUND)
			complain("%s", err.text);
	}
}

void core_close_files(struct core_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		input_done(&files->inputs[i]);
	free(files->inputs);
	*files = (struct core_files){ 0 };
}
