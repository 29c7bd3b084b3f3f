/* gocrash goroutines: what all of them were doing, in groups or one a line. */

#include "choose.h"
#include "cores.h"
#include "follow.h"
#include "formats.h"
#include "sources.h"
#include "terminal.h"
#include "verbs.h"

#include <stdio.h>
#include <string.h>

enum {
	GROUPS_SHOWN = 50 /* without --top */
};

/* One input, and how it is read. */
struct reading {
	const struct settings *settings;
	const struct gcr_view *view;
	struct input *input;
	struct gcr_image *image; /* of --binary; or NULL */
	struct gcr_core *core;	 /* when the input is one; else NULL */
	struct formats *formats;
	struct chooser *chooser;	 /* NULL: all are wanted */
	struct gcr_census *all;		 /* without the chooser; or NULL */
	struct gcr_census *census;	 /* of those that are wanted */
	struct gcr_lines_writer *writer; /* of the dump being written */
	size_t dump;			 /* its number */
	/* What is followed: its first line's number, dumps before it. */
	size_t first_line, dumps_before;
};

static void tell_progress(void *from, uint64_t offset)
{
	const struct reading *reading = from;

	progress("read", (unsigned long long)(offset >> 20), "MB");
	input_release(reading->input, offset);
}

static int put_one(void *from, const struct gcr_tally *tally,
		   const struct gcr_group *group,
		   const struct gcr_goroutine *goroutine, struct gcr_error *err)
{
	struct reading *reading = from;

	return formats_put_one(reading->formats, tally, group, goroutine, err);
}

// Of a text or a core, as often as it is asked for.
static int take_census(struct reading *reading,
		       const struct gcr_census_request *request,
		       struct gcr_census **ret, struct gcr_error *err)
{
	struct gcr_limits limits = { .first_line = reading->first_line };
	struct gcr_stack_source source;

	if (reading->core == NULL)
		return gcr_census_take(reading->input->text, &limits, request,
				       ret, err);
	source = gcr_core_source(reading->core);
	return gcr_census_stream(&source, request, ret, err);
}

static bool keep_one(void *from, const struct gcr_goroutine *goroutine)
{
	const struct reading *reading = from;

	return chooser_keep(reading->chooser, goroutine);
}

/*
 * Count, of all goroutines those that are wanted. What --where is asked about
 * depends on what the whole of a dump tells, so that has to be known first.
 */
static int count_wanted(struct reading *reading,
			struct gcr_census_request *request,
			struct gcr_census **ret, struct gcr_error *err)
{
	struct gcr_census_request nothing = { .from = reading,
					      .progress = tell_progress };

	if (reading->chooser == NULL)
		return take_census(reading, request, ret, err);
	if (reading->all == NULL &&
	    take_census(reading, &nothing, &reading->all, err) != 0)
		return -1;
	chooser_know(reading->chooser, reading->all);
	request->keep = keep_one;
	return take_census(reading, request, ret, err);
}

static int count_input(struct reading *reading)
{
	struct gcr_census_request request = {
		.from = reading,
		.each = formats_want_each(reading->formats) ? put_one : NULL,
		.progress = tell_progress,
		.columns = reading->settings->format == FORMAT_TEXT ||
			   reading->settings->format == FORMAT_HTML,
		.waits = reading->settings->format == FORMAT_TEXT ||
			 reading->settings->format == FORMAT_HTML ||
			 reading->settings->groups,
		.given = reading->view->given,
	};
	struct gcr_error err;

	if (count_wanted(reading, &request, &reading->census, &err) == 0)
		return reading->chooser != NULL &&
				       chooser_failed(reading->chooser)
			       ? FAILED
			       : DONE;
	complain("%s: %s", reading->input->name, err.text);
	return FAILED;
}

static int finish_writer(struct reading *reading, struct gcr_error *err)
{
	struct gcr_lines_writer *writer = reading->writer;

	reading->writer = NULL;
	return writer != NULL ? gcr_lines_writer_done(writer, err) : 0;
}

// What the whole dump told of its release and machine holds for its first line.
static int write_line(void *from, const struct gcr_tally *tally,
		      const struct gcr_group *group,
		      const struct gcr_goroutine *goroutine,
		      struct gcr_error *err)
{
	struct reading *reading = from;
	struct gcr_output output = standard_output();
	const struct gcr_tally *whole =
		gcr_census_dump(reading->census, tally->number);

	if (reading->writer == NULL || reading->dump != tally->number) {
		if (finish_writer(reading, err) != 0 ||
		    gcr_lines_writer_new(&whole->crash->target, reading->view,
					 &output, &reading->writer, err) != 0)
			return -1;
		reading->dump = tally->number;
	}
	return gcr_lines_writer_put(reading->writer,
				    reading->dumps_before + tally->number,
				    group, goroutine, err);
}

static int write_lines(struct reading *reading, struct gcr_error *err)
{
	struct gcr_census_request request = {
		.from = reading,
		.each = write_line,
		.progress = tell_progress,
	};
	struct gcr_census *again;

	if (count_wanted(reading, &request, &again, err) != 0) {
		struct gcr_error second;
		if (finish_writer(reading, &second) != 0)
			return -1;
		return -1;
	}
	gcr_census_free(again);
	return finish_writer(reading, err);
}

static void say(const char *text)
{
	struct gcr_output output = standard_output();

	// A failure is remembered and told at the end.
	if (output.write(output.to, text, strlen(text)) != 0)
		return;
}

// Where the text of one dump ends and that of the next begins.
static void print_title(const struct reading *reading, size_t dump)
{
	size_t count = gcr_census_dump_count(reading->census);
	const struct gcr_crash *crash =
		gcr_census_dump(reading->census, dump)->crash;
	size_t number = reading->dumps_before + dump + 1;
	bool color = reading->view->color;
	char text[160], of[32];

	if (dump == 0 && reading->settings->operand_count > 1) {
		say("==> ");
		say(reading->input->name);
		say(" <==\n\n");
	}
	if (count < 2 && !reading->settings->follow)
		return;
	snprintf(of, sizeof(of), " of %zu", count);
	snprintf(text, sizeof(text), "%s%s== Dump %zu%s, line %zu%s\n\n",
		 number > 1 ? "\n\n" : "", color ? "\033[1m" : "", number,
		 reading->settings->follow ? "" : of, crash->place.line,
		 color ? "\033[0m" : "");
	say(text);
}

static int write_tallies(struct reading *reading, struct gcr_error *err)
{
	struct gcr_output output = standard_output();
	size_t count = gcr_census_dump_count(reading->census);

	for (size_t i = 0; i < count; i++) {
		print_title(reading, i);
		if (gcr_write_tally(gcr_census_dump(reading->census, i),
				    reading->view, &output, err) != 0)
			return -1;
	}
	return 0;
}

// `dumps/web-1.txt` is from web-1, unless --host says otherwise.
static struct gcr_span host_of(const struct reading *reading)
{
	const char *name = reading->settings->host;
	struct gcr_span host = { name, name != NULL ? strlen(name) : 0 };
	const char *slash, *dot;

	if (name != NULL || reading->input->standard)
		return host;
	name = reading->input->name;
	slash = strrchr(name, '/');
	host.data = slash != NULL ? slash + 1 : name;
	dot = strrchr(host.data, '.');
	host.size = dot != NULL && dot != host.data ? (size_t)(dot - host.data)
						    : strlen(host.data);
	return host;
}

static int write_groups(struct reading *reading, struct gcr_error *err)
{
	struct gcr_output output = standard_output();
	size_t count = gcr_census_dump_count(reading->census);

	for (size_t i = 0; i < count; i++)
		if (gcr_write_groups(gcr_census_dump(reading->census, i),
				     host_of(reading), &output, err) != 0)
			return -1;
	return 0;
}

static int write_format(struct reading *reading, struct gcr_error *err)
{
	switch (reading->settings->format) {
	case FORMAT_JSON:
		return reading->settings->groups ? write_groups(reading, err)
						 : write_lines(reading, err);
	case FORMAT_TEXT:
		return write_tallies(reading, err);
	case FORMAT_FOLDED:
	case FORMAT_PPROF:
	case FORMAT_HTML:
		break;
	}
	return formats_put(reading->formats, reading->input->name,
			   reading->census, err);
}

static int write_input(struct reading *reading)
{
	struct gcr_error err;

	if (reading->core != NULL &&
	    core_is_empty(reading->core, reading->input))
		return FAILED;
	if (gcr_census_dump_count(reading->census) == 0) {
		complain("no goroutines in '%s': %s", reading->input->name,
			 input_hint(reading->input->text));
		return FAILED;
	}
	if (write_format(reading, &err) == 0)
		return output_failed() ? FAILED : DONE;
	if (!output_failed())
		complain_of(&err);
	return FAILED;
}

static int read_input(struct reading *reading)
{
	int status = DONE;

	if (gcr_is_core(reading->input->text))
		status = core_open(reading->input, reading->image,
				   reading->settings, &reading->core);
	if (status == DONE)
		status = count_input(reading);
	progress_done();
	if (status == DONE)
		status = write_input(reading);
	if (reading->census != NULL)
		reading->dumps_before += gcr_census_dump_count(reading->census);
	if (reading->core != NULL)
		core_print_notes(reading->core, reading->input);
	gcr_census_free(reading->census);
	gcr_census_free(reading->all);
	gcr_core_free(reading->core);
	return status;
}

static int read_path(const char *path, struct reading reading)
{
	struct input input;
	int status;

	if (input_open(path, &input) != 0)
		return FAILED;
	reading.input = &input;
	status = read_input(&reading);
	input_done(&input);
	return status;
}

// Some dumps of a log that is being followed.
static int report_part(void *from, struct input *text, size_t line)
{
	struct reading *all = from, one = *all;
	int status;

	one.input = text;
	one.first_line = line;
	status = read_input(&one);
	all->dumps_before = one.dumps_before;
	return status;
}

static int follow_path(const struct settings *settings,
		       const struct reading *reading)
{
	struct reading all = *reading;

	if (settings->operand_count > 1 || settings->binary != NULL) {
		complain("--follow takes one FILE, a text that grows");
		return USAGE;
	}
	return follow(settings->operand_count > 0 ? settings->operands[0] : "-",
		      report_part, &all);
}

static int read_paths(const struct settings *settings,
		      const struct reading *reading)
{
	int status = DONE;

	if (settings->operand_count == 0)
		return read_path("-", *reading);
	for (size_t i = 0; i < settings->operand_count && !output_failed(); i++)
		if (read_path(settings->operands[i], *reading) != DONE)
			status = FAILED;
	return status;
}

static int read_all(const struct settings *settings,
		    const struct gcr_view *view, struct gcr_image *image)
{
	struct formats formats;
	struct chooser chooser = { 0 };
	struct reading reading = {
		.settings = settings,
		.view = view,
		.formats = &formats,
		.image = image,
	};
	int status = formats_begin(&formats, settings, view);

	if (status != DONE)
		return status;
	if (chooser_asks(settings)) {
		reading.chooser = &chooser;
		status = chooser_init(&chooser, settings, view);
	}
	if (status == DONE)
		status = settings->follow ? follow_path(settings, &reading)
					  : read_paths(settings, &reading);
	chooser_done(&chooser);
	return formats_end(&formats) == DONE ? status : FAILED;
}

// With the program of --binary, if there is one.
static int read_with(const struct settings *settings,
		     const struct gcr_view *view)
{
	struct gcr_image *image;
	struct input binary;
	int status;

	if (settings->binary == NULL)
		return read_all(settings, view, NULL);
	if (core_open_program(settings->binary, &binary, &image) != DONE)
		return FAILED;
	status = read_all(settings, view, image);
	gcr_image_free(image);
	input_done(&binary);
	return status;
}

int run_goroutines(const struct settings *settings)
{
	struct module_path module = read_module_path(settings);
	struct gcr_declarations *declarations;
	int status = read_declarations(settings, &declarations);

	if (status != DONE)
		return status;
	bool declared =
		settings->declaration_count > 0 || settings->source_count > 0;
	struct gcr_view view = {
		.declarations = declared ? declarations : NULL,
		.given = given_target(settings),
		.main_module = { module.text, strlen(module.text) },
		.color = settings->format == FORMAT_TEXT &&
			 use_color(settings->color),
		.all = settings->all,
		.order = settings->order,
		.top = settings->has_top || settings->all ? settings->top
							  : GROUPS_SHOWN,
		.width = terminal_width(),
	};
	status = read_with(settings, &view);
	gcr_declarations_free(declarations);
	return status;
}
