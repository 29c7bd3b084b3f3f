/*
 * A list is read in every way that the target leaves open (see listways.h). Ways
 * that do not fit the list drop out. What the remaining ones agree on is
 * known, with the certainty of the least certain; where they differ the value
 * is unknown, and a note says which option would settle it. So nothing about
 * the era or the machine is ever guessed: it is proved by the list, or it does
 * not matter, or it is said to be open.
 */

#include "values.h"

#include "agree.h"
#include "arena.h"
#include "declaration.h"
#include "error.h"
#include "follow.h"
#include "listways.h"
#include "span.h"
#include "target.h"
#include "words.h"

enum {
	MOST_NOTES = 8
};

static int add_note(struct gcr_decoder *decoder, struct gcr_span text)
{
	struct gcr_decoding *ret = decoder->ret;

	if (ret->notes == NULL)
		ret->notes = gcr_arena_array(decoder->arena, MOST_NOTES,
					     sizeof(*ret->notes), decoder->err);
	if (ret->notes == NULL)
		return -1;
	if (ret->note_count < MOST_NOTES)
		ret->notes[ret->note_count++] = (struct gcr_note){
			.place = decoder->frame->place,
			.text = text,
		};
	return 0;
}

static void merge_readings(struct gcr_decoder *decoder)
{
	struct gcr_reading *best = &decoder->readings[0];

	for (size_t i = 1; i < decoder->reading_count; i++) {
		const struct gcr_reading *other = &decoder->readings[i];
		bool lost = false;
		for (size_t j = 0; j < best->parameter_count; j++)
			if (gcr_value_agree(&best->arguments[j],
					    &other->arguments[j],
					    other->loose && !best->loose))
				lost = true;
		if (!lost)
			continue;
		if (other->word_size != best->word_size)
			decoder->arch_differs = true;
		else if (other->flat != best->flat)
			decoder->era_differs = true;
		else
			decoder->dictionary_differs = true;
	}
}

static int note_open_questions(struct gcr_decoder *decoder)
{
	if (decoder->era_differs &&
	    add_note(decoder, GCR_SPAN("the list means one thing to go1.16 and "
				       "another since go1.17: --go=1.N settles "
				       "it")) != 0)
		return -1;
	if (decoder->arch_differs &&
	    add_note(decoder, GCR_SPAN("the list means one thing on 64-bit "
				       "machines and another on 32-bit ones: "
				       "--arch settles it")) != 0)
		return -1;
	return 0;
}

// Since go1.20 the receiver of a generic method is never printed.
static int note_dictionary(struct gcr_decoder *decoder)
{
	const struct gcr_reading *best = &decoder->readings[0];

	if (best->parameter_count == 0 ||
	    (!best->parameters[0].dictionary && !decoder->dictionary_differs))
		return 0;
	return add_note(decoder,
			GCR_SPAN("since go1.20 the first value of a generic "
				 "method is its dictionary, not its receiver"));
}

static int accept_best(struct gcr_decoder *decoder)
{
	struct gcr_reading *best = &decoder->readings[0];
	struct gcr_decoding *ret = decoder->ret;

	merge_readings(decoder);
	ret->flat = best->flat;
	ret->arguments = best->arguments;
	ret->argument_count = best->parameter_count;
	ret->result_word = best->result_word;
	ret->results = best->result_values;
	ret->result_count = best->result_value_count;
	if (!decoder->era_differs && !decoder->arch_differs) {
		ret->parts = best->parts;
		ret->part_count = best->part_count;
	}
	if (note_open_questions(decoder) != 0)
		return -1;
	return note_dictionary(decoder);
}

// All arguments without a value.
static int leave_out(struct gcr_decoder *decoder, enum gcr_certainty certainty)
{
	struct gcr_reading reading;
	unsigned word_size = gcr_arch_word_size(decoder->target.arch);
	struct gcr_listway way = { .word_size =
					   word_size != 0 ? word_size : 8 };

	if (gcr_listway_prepare(decoder, way, &reading) != 0)
		return -1;
	reading.arguments =
		gcr_arena_array(decoder->arena, reading.parameter_count,
				sizeof(*reading.arguments), decoder->err);
	if (reading.arguments == NULL)
		return -1;
	for (size_t i = 0; i < reading.parameter_count; i++)
		if (gcr_value_missing(&reading, reading.parameters[i].layout,
				      reading.parameters[i].name, certainty,
				      &reading.arguments[i]) != 0)
			return -1;
	decoder->ret->arguments = reading.arguments;
	decoder->ret->argument_count = reading.parameter_count;
	decoder->ret->result_word = decoder->ret->words.count;
	return 0;
}

static int note_misfit(struct gcr_decoder *decoder, bool older)
{
	struct gcr_span text;
	const char *why = decoder->misfit != NULL ? decoder->misfit
						  : "it is of another release";

	if (gcr_arena_print(
		    decoder->arena, &text, decoder->err,
		    "the argument list is not one of '%.*s': %s%s",
		    GCR_PRINT_SPAN(
			    gcr_span_head(decoder->function->declaration, 200)),
		    why,
		    older ? "; go1.16 and older would print it so" : "") != 0)
		return -1;
	return add_note(decoder, text);
}

// What is not all described cannot be matched with words by position.
static bool use_described(struct gcr_decoder *decoder)
{
	const struct gcr_image_signature *signature =
		decoder->described.signature;

	if (signature == NULL || !signature->complete)
		return false;
	decoder->by_image = (struct gcr_function){
		.declaration = decoder->described.declaration,
		.parameters.count = signature->parameter_count,
		.results.count = signature->count - signature->parameter_count,
	};
	decoder->function = &decoder->by_image;
	decoder->ret->declaration = decoder->by_image.declaration;
	return true;
}

static int decode_words(struct gcr_decoder *decoder);

static int refuse(struct gcr_decoder *decoder)
{
	bool older;

	// `()`: a race report, or assembly that declares nothing.
	if (decoder->ret->words.count == 0)
		return leave_out(decoder, GCR_ELIDED);
	if (gcr_listways_try_older(decoder, &older) != 0 ||
	    note_misfit(decoder, older) != 0)
		return -1;
	// A declaration was wrong; the binary may know better.
	decoder->misfit = NULL;
	if (decoder->function != &decoder->by_image && use_described(decoder))
		return decode_words(decoder);
	return leave_out(decoder, GCR_UNKNOWN);
}

// Braces and marks prove a release, whatever was said of it.
static int correct_target(struct gcr_decoder *decoder)
{
	const struct gcr_words *words = &decoder->ret->words;
	unsigned least = words->marked ? 18 : words->braced ? 17 : 0;
	struct gcr_span text;

	if (least == 0 || gcr_target_at_least(&decoder->target, least))
		return 0;
	unsigned said = decoder->target.go_max;
	decoder->target.go_min = least;
	decoder->target.go_max = 0;
	if (gcr_arena_print(decoder->arena, &text, decoder->err,
			    "the argument list is of go1.%u or later, not of "
			    "go1.%u",
			    least, said) != 0)
		return -1;
	return add_note(decoder, text);
}

static int decode_words(struct gcr_decoder *decoder)
{
	if (decoder->ret->words.elided)
		return leave_out(decoder, GCR_ELIDED);
	if (correct_target(decoder) != 0 || gcr_listways_try(decoder) != 0)
		return -1;
	return decoder->reading_count > 0 ? accept_best(decoder)
					  : refuse(decoder);
}

static void set_scope(struct gcr_decoder *decoder,
		      const struct gcr_declarations *declarations)
{
	struct gcr_span path = decoder->name.package;
	ptrdiff_t slash = gcr_span_find_last(path, '/');

	decoder->scope = (struct gcr_scope){ .set = declarations };
	if (decoder->function->file != NULL) {
		decoder->scope.file = decoder->function->file;
		decoder->scope.package = decoder->function->file->package;
		return;
	}
	decoder->scope.package_name = gcr_span_tail(path, (size_t)(slash + 1));
	decoder->scope.near = decoder->frame->file;
}

// An odd list: what was read before the odd place is kept, nothing decoded.
static int note_odd_list(struct gcr_decoder *decoder, size_t odd)
{
	struct gcr_span text;
	struct gcr_span rest = gcr_span_head(
		gcr_span_tail(decoder->frame->arguments, odd), 40);

	if (gcr_arena_print(decoder->arena, &text, decoder->err,
			    rest.size == 0 ? "the argument list ends early%.*s"
					   : "not an argument list at '%.*s'",
			    GCR_PRINT_SPAN(rest)) != 0)
		return -1;
	return add_note(decoder, text);
}

static int describe(struct gcr_decoder *decoder,
		    const struct gcr_decode_request *request)
{
	struct gcr_described_query query = {
		.image = request->declarations->image,
		.frame = request->frame,
		.entry = request->entry,
		.by_name = request->declarations->forced,
	};
	bool found;

	if (query.image == NULL)
		return 0;
	if (gcr_described_find(&query, decoder->arena, &decoder->described,
			       &found, decoder->err) != 0)
		return -1;
	if (query.by_name)
		decoder->described.optimized = GCR_NOT_KNOWN;
	decoder->ret->unoptimized = decoder->described.optimized == GCR_NO;
	return 0;
}

// Names and types of a program that does not fit the trace.
static int distrust_forced(struct gcr_decoder *decoder,
			   const struct gcr_declarations *declarations)
{
	struct gcr_decoding *ret = decoder->ret;

	if (!declarations->forced || decoder->function != &decoder->by_image ||
	    ret->argument_count + ret->result_count == 0)
		return 0;
	for (size_t i = 0; i < ret->argument_count; i++)
		gcr_value_weaken(&ret->arguments[i], GCR_UNMARKED);
	for (size_t i = 0; i < ret->result_count; i++)
		gcr_value_weaken(&ret->results[i], GCR_UNMARKED);
	return add_note(decoder,
			GCR_SPAN("names and types are of a program that does "
				 "not match this trace"));
}

static int decode(struct gcr_decoder *decoder,
		  const struct gcr_decode_request *request)
{
	const struct gcr_declarations *declarations = request->declarations;
	size_t odd;

	if (gcr_words_read_some(decoder->frame->arguments, decoder->arena,
				&decoder->ret->words, &odd, decoder->err) != 0)
		return -1;
	decoder->ret->result_word = decoder->ret->words.count;
	if (odd != SIZE_MAX && note_odd_list(decoder, odd) != 0)
		return -1;
	if (declarations == NULL)
		return 0;
	if (describe(decoder, request) != 0 ||
	    gcr_function_name_read(decoder->frame->function, decoder->arena,
				   &decoder->name, decoder->err) != 0)
		return -1;
	decoder->function = gcr_declarations_find(declarations, &decoder->name,
						  decoder->frame);
	if (decoder->function == NULL && decoder->described.ambiguous &&
	    add_note(decoder, GCR_SPAN("instances of generic code have this "
				       "name, and nothing tells which it is: "
				       "types that differ are left out")) != 0)
		return -1;
	if (decoder->function == NULL && !use_described(decoder))
		return 0;
	set_scope(decoder, declarations);
	decoder->ret->declaration = decoder->function->declaration;
	if (odd != SIZE_MAX)
		return leave_out(decoder, GCR_UNKNOWN);
	if (decode_words(decoder) != 0 ||
	    distrust_forced(decoder, declarations) != 0)
		return -1;
	return gcr_values_follow(declarations, decoder->ret, decoder->arena,
				 decoder->err);
}

int gcr_frame_decode_as(const struct gcr_decode_request *request,
			struct gcr_arena *arena, struct gcr_decoding *ret,
			struct gcr_error *err)
{
	struct gcr_decoding decoding = { 0 };
	struct gcr_decoder decoder = {
		.frame = request->frame,
		.arena = arena,
		.err = err,
		.ret = &decoding,
	};

	if (request->target != NULL)
		decoder.target = *request->target;
	if (decode(&decoder, request) != 0)
		return -1;
	*ret = decoding;
	return 0;
}

int gcr_frame_decode(const struct gcr_frame *frame,
		     const struct gcr_declarations *declarations,
		     const struct gcr_target *target, struct gcr_arena *arena,
		     struct gcr_decoding *ret, struct gcr_error *err)
{
	struct gcr_decode_request request = { .frame = frame,
					      .declarations = declarations,
					      .target = target };

	return gcr_frame_decode_as(&request, arena, ret, err);
}
