/* gocrash diff: two dumps of one program or more, and what changed. */

#include "cores.h"
#include "sources.h"
#include "terminal.h"
#include "verbs.h"

#include <stdio.h>
#include <string.h>

/* What is compared, and the input in hand. */
struct comparison {
	const struct settings *settings;
	struct gcr_diff *diff;
	struct gcr_image *image; /* of --binary; or NULL */
	struct input input;
	size_t before; /* dumps of the inputs before */
};

// Documents of `gocrash goroutines --groups`, and not a log in JSON.
static bool is_summaries(struct gcr_span text)
{
	static const char format[] = "\"gocrash-groups/";
	size_t size = sizeof(format) - 1;

	while (text.size > 0 && strchr(" \t\r\n", text.data[0]) != NULL &&
	       text.data[0] != '\0') {
		text.data++;
		text.size--;
	}
	if (text.size < size || text.data[0] != '{')
		return false;
	for (size_t i = 0; i + size <= text.size; i++) {
		const char *quote =
			memchr(text.data + i, '"', text.size - size + 1 - i);
		if (quote == NULL)
			return false;
		if (memcmp(quote, format, size) == 0)
			return true;
		i = (size_t)(quote - text.data);
	}
	return false;
}

// `old.txt`, or `old.txt #2` of several dumps in one.
static int add_digest(struct comparison *to, const struct gcr_digest *digest,
		      size_t number, struct gcr_error *err)
{
	char name[512];

	if (number == 0)
		snprintf(name, sizeof(name), "%s", to->input.name);
	else
		snprintf(name, sizeof(name), "%s #%zu", to->input.name, number);
	return gcr_diff_add(to->diff, digest,
			    (struct gcr_span){ name, strlen(name) }, err);
}

static int add_tally(struct comparison *to, const struct gcr_tally *tally,
		     size_t number, struct gcr_error *err)
{
	static const struct gcr_span nobody = { 0 };
	struct gcr_digest *digest;
	int result;

	if (gcr_digest_new(NULL, &digest, err) != 0)
		return -1;
	result = gcr_digest_add(digest, tally, nobody, err);
	if (result == 0)
		result = add_digest(to, digest, number, err);
	gcr_digest_free(digest);
	return result;
}

static int add_census(struct comparison *to, const struct gcr_census *census,
		      struct gcr_error *err)
{
	size_t count = gcr_census_dump_count(census);

	for (size_t i = 0; i < count; i++)
		if (add_tally(to, gcr_census_dump(census, i),
			      count > 1 ? i + 1 : 0, err) != 0)
			return -1;
	return 0;
}

// Each document is one dump, or one fold of dumps.
static int add_documents(struct comparison *to, struct gcr_error *err)
{
	struct gcr_span rest = to->input.text;
	int got = 1;

	for (size_t number = 1; got > 0; number++) {
		struct gcr_digest *digest;

		if (gcr_digest_new(NULL, &digest, err) != 0)
			return -1;
		got = gcr_digest_merge_one(digest, &rest, err);
		if (got > 0 && add_digest(to, digest, number, err) != 0)
			got = -1;
		gcr_digest_free(digest);
	}
	return got;
}

static int add_goroutines(struct comparison *to, struct gcr_core *core,
			  struct gcr_error *err)
{
	struct gcr_stack_source source = gcr_core_source(core);
	struct gcr_census *census;
	int result;

	if (gcr_census_stream(&source, NULL, &census, err) != 0)
		return -1;
	result = add_census(to, census, err);
	gcr_census_free(census);
	return result;
}

static int add_core(struct comparison *to)
{
	struct gcr_core *core;
	struct gcr_error err;
	int result;

	if (core_open(&to->input, to->image, to->settings, &core) != DONE)
		return FAILED;
	result = add_goroutines(to, core, &err);
	core_print_notes(core, &to->input);
	if (result != 0)
		complain("%s: %s", to->input.name, err.text);
	else if (core_is_empty(core, &to->input))
		result = -1;
	gcr_core_free(core);
	return result != 0 ? FAILED : DONE;
}

static int add_text(struct comparison *to, struct gcr_error *err)
{
	struct gcr_census *census;
	int result;

	if (gcr_census_take(to->input.text, NULL, NULL, &census, err) != 0)
		return -1;
	result = add_census(to, census, err);
	gcr_census_free(census);
	return result;
}

static int add_input(struct comparison *to)
{
	struct gcr_error err = { 0 };

	if (gcr_is_core(to->input.text))
		return add_core(to);
	if ((is_summaries(to->input.text) ? add_documents(to, &err)
					  : add_text(to, &err)) != 0) {
		complain("%s: %s", to->input.name, err.text);
		return FAILED;
	}
	if (gcr_diff_dump_count(to->diff) > to->before)
		return DONE;
	complain("no goroutines in '%s': %s", to->input.name,
		 input_hint(to->input.text));
	return FAILED;
}

static int add_path(struct comparison *to, const char *path)
{
	int status;

	if (input_open(path, &to->input) != 0)
		return FAILED;
	to->before = gcr_diff_dump_count(to->diff);
	status = add_input(to);
	input_done(&to->input);
	return status;
}

// One that is missing would make a change of what is none.
static int add_all(struct comparison *to)
{
	const struct settings *settings = to->settings;
	int status = DONE;

	if (settings->operand_count == 0)
		status = add_path(to, "-");
	for (size_t i = 0; i < settings->operand_count; i++)
		if (add_path(to, settings->operands[i]) != DONE)
			status = FAILED;
	if (status == DONE && gcr_diff_dump_count(to->diff) < 2) {
		complain("one dump has nothing to be compared with: give "
			 "another");
		return FAILED;
	}
	return status;
}

static int fail_on_growth(struct comparison *of, struct gcr_error *err)
{
	const struct settings *settings = of->settings;
	uint64_t growth;

	if (settings->growth == 0)
		return DONE;
	if (gcr_diff_growth(of->diff, &growth, err) != 0) {
		complain_of(err);
		return FAILED;
	}
	if (growth < settings->growth)
		return DONE;
	complain("a group grew by %llu (--fail-on-growth=%llu)",
		 (unsigned long long)growth,
		 (unsigned long long)settings->growth);
	return GREW;
}

static int write_comparison(struct comparison *of)
{
	struct module_path module = read_module_path(of->settings);
	struct gcr_output output = standard_output();
	struct gcr_view view = {
		.main_module = { module.text, strlen(module.text) },
		.color = !of->settings->json && use_color(of->settings->color),
		.all = of->settings->all,
		.width = terminal_width(),
	};
	struct gcr_error err;

	if ((of->settings->json
		     ? gcr_write_diff_json(of->diff, &output, &err)
		     : gcr_write_diff(of->diff, &view, &output, &err)) == 0)
		return output_failed() ? FAILED : fail_on_growth(of, &err);
	if (!output_failed())
		complain_of(&err);
	return FAILED;
}

static int compare(const struct settings *settings, struct gcr_image *image)
{
	struct comparison comparison = { .settings = settings, .image = image };
	struct gcr_error err;
	int status;

	if (gcr_diff_new(NULL, &comparison.diff, &err) != 0) {
		complain_of(&err);
		return FAILED;
	}
	status = add_all(&comparison);
	progress_done();
	if (status == DONE)
		status = write_comparison(&comparison);
	gcr_diff_free(comparison.diff);
	return status;
}

int run_diff(const struct settings *settings)
{
	struct gcr_image *image;
	struct input binary;
	int status;

	if (settings->binary == NULL)
		return compare(settings, NULL);
	if (core_open_program(settings->binary, &binary, &image) != DONE)
		return FAILED;
	status = compare(settings, image);
	gcr_image_free(image);
	input_done(&binary);
	return status;
}
