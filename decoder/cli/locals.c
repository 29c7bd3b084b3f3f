/* gocrash core --locals, and --json: values of a core's frames. */

#include "cores.h"
#include "terminal.h"

/* What writing them needs; each may be NULL until it is made. */
struct witnesses {
	struct gcr_core_values *values;
	struct gcr_declarations *declarations;
	struct gcr_program *program;
};

static void witnesses_done(struct witnesses *witnesses)
{
	gcr_program_free(witnesses->program);
	gcr_declarations_free(witnesses->declarations);
	gcr_core_values_free(witnesses->values);
}

static int witnesses_make(struct gcr_core *core, const struct gcr_crash *crash,
			  struct witnesses *ret, struct gcr_error *err)
{
	struct gcr_image *image = gcr_core_image(core);
	struct gcr_image_match match = { .kind = GCR_MATCH_YES,
					 .bias = gcr_core_bias(core),
					 .bias_known = true };

	if (gcr_core_values_new(core, &ret->values, err) != 0 ||
	    gcr_declarations_new(&ret->declarations, err) != 0)
		return -1;
	gcr_declarations_use_image(ret->declarations, image, &match);
	if (gcr_program_new(image, crash, ret->declarations, &ret->program,
			    err) != 0)
		return -1;
	gcr_program_use_core(ret->program, ret->values);
	return 0;
}

static int write_with(const struct witnesses *witnesses,
		      const struct settings *settings, struct gcr_core *core,
		      struct gcr_error *err)
{
	struct gcr_stack_source source = gcr_core_source(core);
	struct gcr_output output = standard_output();
	struct gcr_view view = { .declarations = witnesses->declarations,
				 .program = witnesses->program,
				 .core_values = settings->locals
							? witnesses->values
							: NULL,
				 .color = use_color(settings->color),
				 .width = terminal_width() };

	view.given = gcr_image_target(gcr_core_image(core), view.given);
	return settings->json ? gcr_stream_json(&source, &view, &output, err)
			      : gcr_stream_stacks(&source, &view, &output, err);
}

int core_write_values(struct gcr_core *core, const struct settings *settings,
		      struct gcr_error *err)
{
	struct witnesses witnesses = { 0 };
	int result = -1;

	if (witnesses_make(core, gcr_core_source(core).crash, &witnesses,
			   err) == 0)
		result = write_with(&witnesses, settings, core, err);
	witnesses_done(&witnesses);
	return result;
}
