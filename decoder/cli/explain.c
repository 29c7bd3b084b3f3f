/* gocrash explain: every crash of every input, as text or as JSON. */

#include "cores.h"
#include "sources.h"
#include "terminal.h"
#include "verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(const char *text)
{
	struct gcr_output output = standard_output();

	// A failure is remembered and told at the end.
	if (output.write(output.to, text, strlen(text)) != 0)
		return;
}

// Where one explanation ends and the next begins.
static void print_number(size_t number, size_t count, size_t line, bool color)
{
	char text[160];

	if (count < 2)
		return;
	snprintf(text, sizeof(text), "%s%s== Crash %zu of %zu, line %zu%s\n\n",
		 number > 1 ? "\n\n" : "", color ? "\033[1m" : "", number,
		 count, line, color ? "\033[0m" : "");
	say(text);
}

static void print_leftover(const struct gcr_dump *dump)
{
	size_t count = gcr_dump_other_count(dump), lines = 0;
	char text[160];

	for (size_t i = 0; i < count; i++) {
		const struct gcr_other *other = gcr_dump_other(dump, i);

		for (size_t j = 0; j < other->text.size; j++)
			if (other->text.data[j] == '\n' ||
			    j + 1 == other->text.size)
				lines++;
	}
	if (lines == 0)
		return;
	snprintf(text, sizeof(text),
		 "\nBehind it, from line %zu on: %zu %s of other output\n",
		 gcr_dump_other(dump, 0)->place.line, lines,
		 lines == 1 ? "line" : "lines");
	say(text);
}

/* The program of --binary, and what is decoded with it. */
struct subject {
	const char *path; /* NULL: there is none */
	struct gcr_image *image;
	struct gcr_declarations *declarations;
	bool fits;     /* the crash at hand */
	bool asked;    /* some crash was there */
	bool *fitting; /* of the --decl */
};

// With another program's addresses and types, everything would be wrong.
static int match_program(const struct gcr_crash *crash, struct gcr_dump *dump,
			 const struct settings *settings,
			 struct subject *subject)
{
	struct gcr_image_match match;
	struct gcr_error err;

	if (gcr_image_match(subject->image, crash, gcr_dump_arena(dump), &match,
			    &err) != 0) {
		complain_of(&err);
		return FAILED;
	}
	gcr_declarations_use_image(subject->declarations, subject->image,
				   &match);
	subject->fits = match.kind != GCR_MATCH_NO;
	if (subject->fits)
		return DONE;
	complain("'%s' is not the program that crashed here: %.*s%s",
		 subject->path, (int)match.reason.size, match.reason.data,
		 settings->force ? "" : " (--force uses it all the same)");
	return settings->force ? DONE : FAILED;
}

static int write_crash(const struct gcr_crash *crash,
		       const struct settings *settings,
		       const struct gcr_view *view,
		       const struct subject *subject, struct gcr_error *err)
{
	struct gcr_output output = standard_output();
	struct gcr_view with_program = *view;
	int result;

	if (subject->image != NULL && subject->fits) {
		with_program.given =
			gcr_image_target(subject->image, view->given);
		if (gcr_program_new(subject->image, crash, view->declarations,
				    &with_program.program, err) != 0)
			return -1;
		if (view->core_values != NULL)
			gcr_program_use_core(with_program.program,
					     view->core_values);
	}
	result = settings->json
			 ? gcr_write_json(crash, &with_program, &output, err)
			 : gcr_write_explanation(crash, &with_program, &output,
						 err);
	gcr_program_free(with_program.program);
	return result;
}

// Which of the --decl fit something: a word that is misspelt would fit nothing.
static void note_declarations(const struct gcr_crash *crash,
			      const struct settings *settings,
			      struct subject *subject)
{
	for (size_t i = 0; i < settings->declaration_count; i++) {
		struct gcr_declarations *one;
		struct gcr_error err;
		const char *text = settings->declarations[i];
		bool fits;

		if (subject->fitting[i] ||
		    gcr_declarations_new(&one, &err) != 0)
			continue;
		if (gcr_declarations_add(
			    one, (struct gcr_span){ text, strlen(text) },
			    &err) == 0 &&
		    gcr_declarations_fit(one, crash, &fits, &err) == 0)
			subject->fitting[i] = fits;
		gcr_declarations_free(one);
	}
	subject->asked = true;
}

static void tell_declarations(const struct settings *settings,
			      const struct subject *subject)
{
	for (size_t i = 0; i < settings->declaration_count && subject->asked;
	     i++)
		if (!subject->fitting[i])
			complain("--decl='%s' fits no frame",
				 settings->declarations[i]);
}

static int write_crashes(struct gcr_dump *dump, const struct settings *settings,
			 const struct gcr_view *view, struct subject *subject)
{
	size_t count = gcr_dump_crash_count(dump);
	int status = DONE;
	struct gcr_error err;

	for (size_t i = 0; i < count; i++) {
		const struct gcr_crash *crash = gcr_dump_crash(dump, i);

		note_declarations(crash, settings, subject);
		if (subject->image != NULL &&
		    match_program(crash, dump, settings, subject) != DONE) {
			status = FAILED;
			continue;
		}
		if (!settings->json)
			print_number(i + 1, count, crash->place.line,
				     view->color);
		if (write_crash(crash, settings, view, subject, &err) == 0)
			continue;
		if (!output_failed())
			complain_of(&err);
		return FAILED;
	}
	if (!settings->json)
		print_leftover(dump);
	return output_failed() ? FAILED : status;
}

// A core tells where its program ran, and that it is this one.
static int explain_core(const struct input *input,
			const struct settings *settings,
			const struct gcr_view *view, struct subject *subject)
{
	struct gcr_image_match match = { .kind = GCR_MATCH_YES,
					 .bias_known = true };
	struct gcr_view with_values = *view;
	const struct gcr_crash *crash;
	struct gcr_core *core;
	struct gcr_error err;
	int result;

	if (core_open(input, subject->image, settings, &core) != DONE)
		return FAILED;
	match.bias = gcr_core_bias(core);
	subject->fits = true;
	gcr_declarations_use_image(subject->declarations, subject->image,
				   &match);
	result = gcr_core_crash(core, &crash, &err);
	// In JSON they are for who asks: `gocrash core --locals --json`.
	if (result == 0 && !settings->json)
		result = gcr_core_values_new(core, &with_values.core_values,
					     &err);
	if (result == 0)
		result = write_crash(crash, settings, &with_values, subject,
				     &err);
	gcr_core_values_free(with_values.core_values);
	if (result != 0 && !output_failed())
		complain_of(&err);
	if (result == 0 && core_is_empty(core, input))
		result = -1;
	gcr_declarations_use_image(subject->declarations, NULL, NULL);
	gcr_core_free(core);
	return result != 0 || output_failed() ? FAILED : DONE;
}

static int explain_input(const struct input *input,
			 const struct settings *settings,
			 const struct gcr_view *view, struct subject *subject)
{
	struct gcr_dump *dump;
	struct gcr_error err;
	int status = FAILED;

	if (gcr_is_core(input->text))
		return explain_core(input, settings, view, subject);
	if (gcr_dump_parse(input->text, NULL, &dump, &err) != 0) {
		complain("%s: %s", input->name, err.text);
		return FAILED;
	}
	if (gcr_dump_crash_count(dump) == 0)
		complain("no Go crash in '%s': %s", input->name,
			 input_hint(input->text));
	else
		status = write_crashes(dump, settings, view, subject);
	gcr_dump_free(dump);
	return status;
}

static int explain_path(const char *path, const struct settings *settings,
			const struct gcr_view *view, struct subject *subject,
			bool titled)
{
	struct input input;
	int status;

	if (input_open(path, &input) != 0)
		return FAILED;
	if (titled && !settings->json) {
		say("==> ");
		say(input.name);
		say(" <==\n\n");
	}
	status = explain_input(&input, settings, view, subject);
	progress_done();
	input_done(&input);
	return status;
}

static int explain_all(const struct settings *settings,
		       const struct gcr_view *view, struct subject *subject)
{
	int status = DONE;

	if (settings->operand_count == 0)
		return explain_path("-", settings, view, subject, false);
	for (size_t i = 0; i < settings->operand_count && !output_failed(); i++)
		if (explain_path(settings->operands[i], settings, view, subject,
				 settings->operand_count > 1) != DONE)
			status = FAILED;
	return status;
}

// With the program of --binary.
static int explain_with(const struct settings *settings,
			const struct gcr_view *view, struct subject subject)
{
	struct input input;
	int status;

	if (core_open_program(subject.path, &input, &subject.image) != DONE)
		return FAILED;
	status = explain_all(settings, view, &subject);
	tell_declarations(settings, &subject);
	gcr_image_free(subject.image);
	input_done(&input);
	return status;
}

int run_explain(const struct settings *settings)
{
	struct module_path module = read_module_path(settings);
	struct gcr_declarations *declarations;
	int status = read_declarations(settings, &declarations);

	if (status != DONE)
		return status;
	struct gcr_view view = {
		.declarations = declarations,
		.given = given_target(settings),
		.main_module = { module.text, strlen(module.text) },
		.color = !settings->json && use_color(settings->color),
		.all = settings->all,
		.width = terminal_width(),
	};
	struct subject subject = {
		.path = settings->binary,
		.declarations = declarations,
		.fitting =
			calloc(settings->declaration_count + 1, sizeof(bool)),
	};
	if (subject.fitting == NULL) {
		complain("out of memory");
		gcr_declarations_free(declarations);
		return FAILED;
	}
	if (subject.path != NULL) {
		status = explain_with(settings, &view, subject);
	} else {
		status = explain_all(settings, &view, &subject);
		tell_declarations(settings, &subject);
	}
	free(subject.fitting);
	gcr_declarations_free(declarations);
	return status;
}
