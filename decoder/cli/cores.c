/* Cores as inputs: see cores.h. */

#include "cores.h"

#include "terminal.h"

int core_open(const struct input *input, struct gcr_image *image,
	      const struct settings *settings, struct gcr_core **ret)
{
	struct gcr_core_options options = { .force = settings->force };
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
		 err.code == GCR_NOT_FOUND ? " (--force takes it all the same)"
					   : "");
	return FAILED;
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
	complain("%s: %s", input->name, err.text);
	input_done(input);
	return FAILED;
}
