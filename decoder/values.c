/*
 * A list is read in every way that the target leaves open:
 *
 *	flat or typed  x  words of 8 or 4 bytes  x  (generic methods only)
 *	                                            dictionary or receiver
 *
 * Ways that do not fit the list drop out. What the remaining ones agree on is
 * known, with the certainty of the least certain; where they differ the value
 * is unknown, and a note says which option would settle it. So nothing about
 * the era or the machine is ever guessed: it is proved by the list, or it does
 * not matter, or it is said to be open.
 */

#include "values.h"

#include "addresses.h"
#include "agree.h"
#include "arena.h"
#include "declaration.h"
#include "described.h"
#include "error.h"
#include "follow.h"
#include "reading.h"
#include "span.h"
#include "target.h"
#include "trust.h"
#include "words.h"

enum {
	MOST_WAYS = 8,
	MOST_NOTES = 8
};

struct way {
	bool flat, dictionary;
	unsigned word_size;
};

struct decoder {
	const struct gcr_frame *frame;
	struct gcr_target target;
	struct gcr_arena *arena;
	struct gcr_error *err;
	struct gcr_decoding *ret;
	const struct gcr_function *function;
	struct gcr_function by_image; // `function`, without a declaration
	struct gcr_described described;
	struct gcr_function_name name;
	struct gcr_scope scope;
	struct gcr_reading readings[MOST_WAYS]; // that fit, the best first
	size_t reading_count;
	const char *misfit; // of the likeliest way
	bool era_differs, arch_differs;
	bool dictionary_differs;
};

static int add_note(struct decoder *decoder, struct gcr_span text)
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

static size_t parameter_total(const struct gcr_function *function)
{
	return function->receiver.count + function->parameters.count;
}

static int lay_out(struct decoder *decoder, unsigned word_size,
		   const struct gcr_gofields *fields,
		   struct gcr_reading_parameter *to)
{
	struct gcr_bindings opaque = {
		.names = decoder->function->type_parameters,
		.count = decoder->function->type_parameter_count,
	};

	for (size_t i = 0; i < fields->count; i++) {
		struct gcr_layouter layouter = {
			.arena = decoder->arena,
			.err = decoder->err,
			.word_size = word_size,
			.nodes = GCR_LAYOUT_NODES,
		};
		to[i].name = fields->items[i].name;
		if (gcr_layout_make(&layouter, fields->items[i].type,
				    &decoder->scope, &opaque,
				    &to[i].layout) != 0)
			return -1;
	}
	return 0;
}

// Laid out already: parameters, then results.
static void take_described(const struct decoder *decoder,
			   struct gcr_reading *reading)
{
	const struct gcr_image_signature *signature =
		decoder->described.signature;

	for (size_t i = 0; i < reading->parameter_count + reading->result_count;
	     i++) {
		reading->parameters[i].name = signature->items[i].name;
		reading->parameters[i].layout = signature->items[i].layout;
		// The compiler's name for what has none.
		if (gcr_span_starts(signature->items[i].name, "~"))
			reading->parameters[i].name = (struct gcr_span){ 0 };
	}
}

static int lay_out_all(struct decoder *decoder, struct gcr_reading *reading)
{
	const struct gcr_function *function = decoder->function;

	if (function == &decoder->by_image) {
		take_described(decoder, reading);
		return 0;
	}
	if (lay_out(decoder, reading->word_size, &function->receiver,
		    reading->parameters) != 0 ||
	    lay_out(decoder, reading->word_size, &function->parameters,
		    reading->parameters + function->receiver.count) != 0)
		return -1;
	return reading->flat ? lay_out(decoder, reading->word_size,
				       &function->results, reading->results)
			     : 0;
}

// In generic code the runtime does not print the first parameter.
static void mark_unprinted(struct decoder *decoder, struct way way,
			   struct gcr_reading *reading)
{
	const struct gcr_image_signature *signature =
		decoder->described.signature;

	if (reading->parameter_count == 0)
		return;
	if (decoder->function == &decoder->by_image) {
		reading->parameters[0].dictionary =
			signature->dictionary_printed;
		reading->parameters[0].dropped = signature->printed_from > 0 &&
						 !signature->dictionary_printed;
		return;
	}
	if (way.dictionary)
		reading->parameters[0].dictionary = true;
	if (!way.flat && decoder->name.generic && decoder->function->closure)
		reading->parameters[0].dropped = true;
}

static int prepare(struct decoder *decoder, struct way way,
		   struct gcr_reading *reading)
{
	const struct gcr_function *function = decoder->function;
	size_t total = parameter_total(function);

	*reading = (struct gcr_reading){
		.arena = decoder->arena,
		.err = decoder->err,
		.words = &decoder->ret->words,
		.word_size = way.word_size,
		.flat = way.flat,
		.any_order = decoder->target.arch == GCR_ARCH_OTHER_32 ||
			     decoder->target.arch == GCR_ARCH_OTHER_64,
		.closure = function->closure,
		.parameter_count = total,
		.result_count = way.flat ? function->results.count : 0,
		.budget = GCR_READING_VALUES,
	};
	reading->parameters =
		gcr_arena_array(decoder->arena, total + reading->result_count,
				sizeof(*reading->parameters), decoder->err);
	if (reading->parameters == NULL)
		return -1;
	reading->results = reading->parameters + total;
	if (lay_out_all(decoder, reading) != 0)
		return -1;
	gcr_trust(reading, &decoder->target, decoder->name.generic);
	if (decoder->described.optimized == GCR_NO)
		for (size_t i = 0; i < total; i++)
			reading->parameters[i].plain = GCR_EXACT;
	mark_unprinted(decoder, way, reading);
	return 0;
}

static int try_way(struct decoder *decoder, struct way way)
{
	struct gcr_reading reading;

	if (prepare(decoder, way, &reading) != 0)
		return -1;
	if ((way.flat ? gcr_read_flat : gcr_read_typed)(&reading) != 0)
		return -1;
	if (reading.misfit == NULL && !way.flat &&
	    decoder->described.optimized != GCR_NO)
		gcr_trust_memory(&reading, &decoder->target,
				 decoder->described.optimized == GCR_YES);
	if (reading.misfit == NULL)
		decoder->readings[decoder->reading_count++] = reading;
	else if (decoder->misfit == NULL)
		decoder->misfit = reading.misfit;
	return 0;
}

static bool flat_is_possible(const struct decoder *decoder)
{
	const struct gcr_words *words = &decoder->ret->words;

	return !words->braced && !words->marked && decoder->target.go_min <= 16;
}

static bool typed_is_possible(const struct decoder *decoder)
{
	return decoder->target.go_max == 0 || decoder->target.go_max >= 17;
}

// Generic methods: go1.18 and go1.19 print the receiver, later ones do not.
static int try_typed(struct decoder *decoder, struct way way)
{
	bool method = decoder->name.generic && !decoder->function->closure &&
		      decoder->function->receiver.count > 0;

	if ((!method || decoder->target.go_min < 20) &&
	    try_way(decoder, way) != 0)
		return -1;
	way.dictionary = true;
	if (method &&
	    (decoder->target.go_max == 0 || decoder->target.go_max >= 20))
		return try_way(decoder, way);
	return 0;
}

static int try_sizes(struct decoder *decoder,
		     int (*try)(struct decoder *decoder, struct way way),
		     bool flat)
{
	static const unsigned char sizes[] = { 8, 4 };
	unsigned known = gcr_arch_word_size(decoder->target.arch);

	for (size_t i = 0; i < sizeof(sizes); i++) {
		struct way way = { .flat = flat, .word_size = sizes[i] };
		// `?` is never seen where arguments are on the stack.
		if (known == 0 && sizes[i] == 4 && decoder->ret->words.marked)
			continue;
		if ((known == 0 || known == sizes[i]) && try(decoder, way) != 0)
			return -1;
	}
	return 0;
}

static bool has_wide_word(const struct gcr_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->items[i].value > UINT32_MAX)
			return true;
	return false;
}

static int try_flat(struct decoder *decoder, struct way way)
{
	if (way.word_size == 4 && has_wide_word(&decoder->ret->words))
		return 0;
	return try_way(decoder, way);
}

static void keep_size(struct decoder *decoder, unsigned word_size)
{
	size_t kept = 0;

	for (size_t i = 0; i < decoder->reading_count; i++)
		if (decoder->readings[i].word_size == word_size)
			decoder->readings[kept++] = decoder->readings[i];
	decoder->reading_count = kept;
}

// Where both sizes fit, addresses tell them apart.
static void settle_size(struct decoder *decoder)
{
	unsigned shown =
		gcr_word_size_shown(decoder->readings, decoder->reading_count);

	if (shown != 0)
		keep_size(decoder, shown);
}

// Complete declarations before those that miss results; the order stays.
static void put_strict_first(struct decoder *decoder)
{
	for (size_t i = 1; i < decoder->reading_count; i++) {
		struct gcr_reading reading = decoder->readings[i];
		size_t at = i;
		for (; at > 0 && !reading.loose &&
		       decoder->readings[at - 1].loose;
		     at--)
			decoder->readings[at] = decoder->readings[at - 1];
		decoder->readings[at] = reading;
	}
}

static int try_ways(struct decoder *decoder)
{
	if (typed_is_possible(decoder) &&
	    try_sizes(decoder, try_typed, false) != 0)
		return -1;
	if (flat_is_possible(decoder) &&
	    try_sizes(decoder, try_flat, true) != 0)
		return -1;
	put_strict_first(decoder);
	settle_size(decoder);
	return 0;
}

static void merge_readings(struct decoder *decoder)
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

static int note_open_questions(struct decoder *decoder)
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
static int note_dictionary(struct decoder *decoder)
{
	const struct gcr_reading *best = &decoder->readings[0];

	if (best->parameter_count == 0 ||
	    (!best->parameters[0].dictionary && !decoder->dictionary_differs))
		return 0;
	return add_note(decoder,
			GCR_SPAN("since go1.20 the first value of a generic "
				 "method is its dictionary, not its receiver"));
}

static int accept_best(struct decoder *decoder)
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
static int leave_out(struct decoder *decoder, enum gcr_certainty certainty)
{
	struct gcr_reading reading;
	unsigned word_size = gcr_arch_word_size(decoder->target.arch);
	struct way way = { .word_size = word_size != 0 ? word_size : 8 };

	if (prepare(decoder, way, &reading) != 0)
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

static int note_misfit(struct decoder *decoder, bool older)
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

// Would the era that the target rules out fit?
static int fits_other_era(struct decoder *decoder, bool *ret)
{
	const char *misfit = decoder->misfit;
	struct gcr_target target = decoder->target;

	decoder->target.go_min = 0;
	decoder->target.go_max = 16;
	*ret = false;
	if (!flat_is_possible(decoder) || target.go_min <= 16)
		decoder->reading_count = 0;
	else if (try_sizes(decoder, try_flat, true) != 0)
		return -1;
	*ret = decoder->reading_count > 0;
	decoder->reading_count = 0;
	decoder->target = target;
	decoder->misfit = misfit;
	return 0;
}

// What is not all described cannot be matched with words by position.
static bool use_described(struct decoder *decoder)
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

static int decode_words(struct decoder *decoder);

static int refuse(struct decoder *decoder)
{
	bool older;

	// `()`: a race report, or assembly that declares nothing.
	if (decoder->ret->words.count == 0)
		return leave_out(decoder, GCR_ELIDED);
	if (fits_other_era(decoder, &older) != 0 ||
	    note_misfit(decoder, older) != 0)
		return -1;
	// A declaration was wrong; the binary may know better.
	decoder->misfit = NULL;
	if (decoder->function != &decoder->by_image && use_described(decoder))
		return decode_words(decoder);
	return leave_out(decoder, GCR_UNKNOWN);
}

// Braces and marks prove a release, whatever was said of it.
static int correct_target(struct decoder *decoder)
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

static int decode_words(struct decoder *decoder)
{
	if (decoder->ret->words.elided)
		return leave_out(decoder, GCR_ELIDED);
	if (correct_target(decoder) != 0 || try_ways(decoder) != 0)
		return -1;
	return decoder->reading_count > 0 ? accept_best(decoder)
					  : refuse(decoder);
}

static void set_scope(struct decoder *decoder,
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
static int note_odd_list(struct decoder *decoder, size_t odd)
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

static int describe(struct decoder *decoder,
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
static int distrust_forced(struct decoder *decoder,
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

static int decode(struct decoder *decoder,
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
	struct decoder decoder = {
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
