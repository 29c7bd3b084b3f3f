/* gocrash core: what the runtime would have printed of a core. */

#include "input.h"
#include "terminal.h"
#include "verbs.h"

static void print_notes(const struct gcr_core *core, const char *name)
{
	size_t count;
	const struct gcr_note *notes = gcr_core_notes(core, &count);

	for (size_t i = 0; i < count; i++)
		complain("%s: %.*s", name, (int)notes[i].text.size,
			 notes[i].text.data);
}

static int write_core(struct gcr_core *core, const struct settings *settings)
{
	struct gcr_output output = standard_output();
	struct gcr_error err;

	(void)settings;
	if (gcr_write_runtime(core, &output, &err) == 0)
		return DONE;
	if (!output_failed())
		complain_of(&err);
	return FAILED;
}

static int read_core(struct gcr_image *image, const struct input *input,
		     const struct settings *settings)
{
	struct gcr_core_options options = { .force = settings->force };
	struct gcr_core *core;
	struct gcr_error err;
	int status;

	if (gcr_core_open(image, input->text, &options, &core, &err) != 0) {
		complain("%s: %s", input->name, err.text);
		return FAILED;
	}
	status = write_core(core, settings);
	print_notes(core, input->name);
	gcr_core_free(core);
	return status;
}

static int read_both(const struct input *binary,
		     const struct settings *settings)
{
	struct gcr_image *image;
	struct input input;
	struct gcr_error err;
	int status = FAILED;

	if (gcr_image_open(binary->text, NULL, &image, &err) != 0) {
		complain("%s: %s", binary->name, err.text);
		return FAILED;
	}
	if (input_open(settings->operands[1], &input) == 0) {
		status = read_core(image, &input, settings);
		input_done(&input);
	}
	gcr_image_free(image);
	return status;
}

int run_core(const struct settings *settings)
{
	struct input binary;
	int status;

	if (settings->operand_count != 2) {
		complain("core takes the program and its core");
		return USAGE;
	}
	if (input_open(settings->operands[0], &binary) != 0)
		return FAILED;
	status = read_both(&binary, settings);
	input_done(&binary);
	return status;
}
