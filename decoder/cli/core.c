/* gocrash core: what the runtime would have printed of a core. */

#include "cores.h"
#include "terminal.h"

#include <inttypes.h>
#include <stdio.h>

static int write_text(struct gcr_core *core, struct gcr_error *err)
{
	struct gcr_output output = tame_output();

	return gcr_write_runtime(core, &output, err);
}

static int write_core(struct gcr_core *core, const struct settings *settings,
		      struct gcr_error *err)
{
	if (!gcr_core_choose(core, settings->goroutine)) {
		*err = (struct gcr_error){ .code = GCR_NOT_FOUND };
		snprintf(err->text, sizeof(err->text),
			 "there is no goroutine %" PRIu64, settings->goroutine);
		return -1;
	}
	return settings->locals || settings->json
		       ? core_write_values(core, settings, err)
		       : write_text(core, err);
}

static int read_core(struct gcr_image *image, const struct input *program,
		     const struct input *input, const struct settings *settings)
{
	struct core_files files = { 0 };
	struct gcr_core *core;
	struct gcr_error err;
	int result;

	if (core_open(input, image, settings, &core) != DONE)
		return FAILED;
	gcr_core_c_frames(core, settings->c_frames);
	if (settings->c_frames || gcr_core_died_in_c(core))
		core_open_files(core, program, &files);
	result = write_core(core, settings, &err);
	progress_done();
	core_print_notes(core, input);
	if (result != 0 && !output_failed())
		complain_of(&err);
	if (result == 0 && core_is_empty(core, input))
		result = -1;
	gcr_core_free(core);
	core_close_files(&files);
	return result != 0 || output_failed() ? FAILED : DONE;
}

int run_core(const struct settings *settings)
{
	struct input binary, input;
	struct gcr_image *image;
	int status = FAILED;

	if (settings->operand_count != 2) {
		complain("two files are needed: the program and its core");
		complain("try 'gocrash core --help'");
		return USAGE;
	}
	if (core_open_program(settings->operands[0], &binary, &image) != DONE)
		return FAILED;
	if (input_open(settings->operands[1], &input) == 0) {
		status = read_core(image, &binary, &input, settings);
		input_done(&input);
	}
	gcr_image_free(image);
	input_done(&binary);
	return status;
}
