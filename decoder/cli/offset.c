/* gocrash offset: from `+0x39` to an instruction, of a listing or a binary. */

#include "cores.h"
#include "terminal.h"
#include "texts.h"
#include "verbs.h"

#include <string.h>
#include <unistd.h>

enum {
	DEFAULT_CONTEXT = 4
};

/* `main.example+0x39` taken apart. */
struct location {
	struct gcr_span function;
	uint64_t offset;
};

static int digit_of(char c, unsigned base)
{
	int digit = c >= '0' && c <= '9'   ? c - '0'
		    : c >= 'a' && c <= 'f' ? c - 'a' + 10
		    : c >= 'A' && c <= 'F' ? c - 'A' + 10
					   : -1;

	return digit >= 0 && (unsigned)digit < base ? digit : -1;
}

enum reading {
	NO_LOCATION, // a file, then
	NO_OFFSET,   // what is behind the `+` is no number
	LOCATION,
};

// FUNCTION+0x39 or FUNCTION+57.
static enum reading read_location(const char *text, struct location *ret)
{
	const char *plus = strrchr(text, '+');
	unsigned base = 10;
	uint64_t value = 0;

	if (plus == NULL)
		return NO_LOCATION;
	ret->function = (struct gcr_span){ text, (size_t)(plus - text) };
	plus++;
	if (plus[0] == '0' && (plus[1] == 'x' || plus[1] == 'X')) {
		base = 16;
		plus += 2;
	}
	if (ret->function.size == 0 || *plus == '\0')
		return NO_OFFSET;
	for (; *plus != '\0'; plus++) {
		int digit = digit_of(*plus, base);

		if (digit < 0 || value > (UINT64_MAX - (unsigned)digit) / base)
			return NO_OFFSET;
		value = value * base + (unsigned)digit;
	}
	ret->offset = value;
	return LOCATION;
}

/* What all operands share. */
struct asking {
	const struct settings *settings;
	struct gcr_offset_request request;
	struct gcr_view view;
	struct gcr_image *image; /* of --binary; or NULL */
	size_t answered;
};

static int write_request(struct asking *asking, const char *name)
{
	struct gcr_output output = standard_output();
	struct gcr_error err;

	if (asking->answered++ > 0 && !asking->settings->json)
		output.write(output.to, "\n", 1);
	if (gcr_write_offsets(&asking->request, &asking->view,
			      asking->settings->json, &output, &err) == 0)
		return output_failed() ? FAILED : DONE;
	if (output_failed())
		return FAILED;
	if (name != NULL)
		complain("%s: %s", name, err.text);
	else
		complain_of(&err);
	return FAILED;
}

static int ask_text(struct asking *asking, const struct input *input)
{
	struct gcr_dump *dump;
	struct gcr_error err;
	int status = DONE;

	if (gcr_dump_parse(input->text, NULL, &dump, &err) != 0) {
		complain("%s: %s", input->name, err.text);
		return FAILED;
	}
	if (gcr_dump_crash_count(dump) == 0) {
		complain("no Go crash in '%s', and it is not FUNCTION+OFFSET",
			 input->name);
		status = FAILED;
	}
	for (size_t i = 0; i < gcr_dump_crash_count(dump); i++) {
		asking->request.crash = gcr_dump_crash(dump, i);
		if (write_request(asking, input->name) != DONE)
			status = FAILED;
	}
	gcr_dump_free(dump);
	return status;
}

static int ask_core(struct asking *asking, const struct input *input)
{
	struct gcr_core *core;
	struct gcr_error err;
	int status = FAILED;

	if (core_open(input, asking->image, asking->settings, &core) != DONE)
		return FAILED;
	if (gcr_core_crash(core, &asking->request.crash, &err) != 0)
		complain("%s: %s", input->name, err.text);
	else if (!core_is_empty(core, input))
		status = write_request(asking, input->name);
	core_print_notes(core, input);
	gcr_core_free(core);
	return status;
}

static int ask_path(struct asking *asking, const char *path)
{
	struct input input;
	int status;

	if (input_open(path, &input) != 0)
		return FAILED;
	status = gcr_is_core(input.text) ? ask_core(asking, &input)
					 : ask_text(asking, &input);
	input_done(&input);
	return status;
}

static int ask_operand(struct asking *asking, const char *operand)
{
	struct location location;
	enum reading reading = read_location(operand, &location);

	if (reading == NO_OFFSET && access(operand, F_OK) != 0) {
		complain("'%s' is not FUNCTION+OFFSET, the offset a number of "
			 "at most 64 bits, and not a file",
			 operand);
		return FAILED;
	}
	if (reading != LOCATION)
		return ask_path(asking, operand);
	asking->request.crash = NULL;
	asking->request.function = location.function;
	asking->request.offset = location.offset;
	return write_request(asking, NULL);
}

static int ask_all(struct asking *asking)
{
	const struct settings *settings = asking->settings;
	int status = DONE;

	if (settings->operand_count == 0)
		return ask_path(asking, "-");
	for (size_t i = 0; i < settings->operand_count && !output_failed(); i++)
		if (ask_operand(asking, settings->operands[i]) != DONE)
			status = FAILED;
	return status;
}

static void tell_notes(const struct gcr_listing *listing, const char *name)
{
	enum {
		MOST_TOLD = 3
	};
	size_t count;
	const struct gcr_note *notes = gcr_listing_notes(listing, &count);

	for (size_t i = 0; i < count && i < MOST_TOLD; i++)
		complain("%s:%zu: %.*s", name, notes[i].place.line,
			 (int)notes[i].text.size, notes[i].text.data);
	if (count > MOST_TOLD)
		complain("%s: %zu more lines look odd", name,
			 count - MOST_TOLD);
}

static int ask_rows(struct asking *asking, const struct input *input)
{
	struct gcr_listing *listing;
	struct gcr_error err;
	int status = FAILED;

	if (gcr_listing_parse(input->text, NULL, &listing, &err) != 0) {
		complain("%s: %s", input->name, err.text);
		return FAILED;
	}
	tell_notes(listing, input->name);
	if (gcr_listing_function_count(listing) == 0) {
		complain(
			"no function in '%s': is it what 'go build -gcflags=-S'"
			" writes to standard error?",
			input->name);
	} else {
		asking->request.code = gcr_listing_source(listing);
		status = ask_all(asking);
	}
	gcr_listing_free(listing);
	return status;
}

static int ask_listing(struct asking *asking)
{
	struct input input;
	int status;

	if (input_open(asking->settings->listing, &input) != 0)
		return FAILED;
	status = ask_rows(asking, &input);
	input_done(&input);
	return status;
}

static int ask_binary(struct asking *asking)
{
	struct input input;
	int status;

	if (core_open_program(asking->settings->binary, &input,
			      &asking->image) != DONE)
		return FAILED;
	asking->request.code = gcr_image_source(asking->image);
	status = ask_all(asking);
	gcr_image_free(asking->image);
	input_done(&input);
	return status;
}

static bool reads_standard_input(const struct settings *settings)
{
	for (size_t i = 0; i < settings->operand_count; i++)
		if (strcmp(settings->operands[i], "-") == 0)
			return true;
	return settings->operand_count == 0;
}

static int check_usage(const struct settings *settings)
{
	const char *wrong = NULL;

	if ((settings->listing == NULL) == (settings->binary == NULL))
		wrong = "either --listing=FILE, what go build -gcflags=-S "
			"writes to standard error, or --binary=FILE is needed";
	else if (settings->listing != NULL &&
		 strcmp(settings->listing, "-") == 0 &&
		 reads_standard_input(settings))
		wrong = "standard input is the listing: name the trace, or "
			"FUNCTION+OFFSET";
	if (wrong == NULL)
		return DONE;
	complain("%s", wrong);
	complain("try 'gocrash offset --help'");
	return USAGE;
}

int run_offset(const struct settings *settings)
{
	struct texts *texts;
	int status = check_usage(settings);

	if (status != DONE)
		return status;
	texts = texts_new(settings);
	struct asking asking = {
		.settings = settings,
		.request = {
			.source = texts != NULL ? texts_find : NULL,
			.source_from = texts,
			.context = settings->has_context ? settings->context :
							   DEFAULT_CONTEXT,
			.rows = settings->has_context,
		},
		.view = {
			.color = !settings->json && use_color(settings->color),
			.width = terminal_width(),
		},
	};
	status = settings->listing != NULL ? ask_listing(&asking)
					   : ask_binary(&asking);
	texts_free(texts);
	return status;
}
