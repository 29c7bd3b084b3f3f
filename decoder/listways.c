/* Ways to read a list: see listways.h. */

#include "listways.h"

#include "addresses.h"
#include "arena.h"
#include "span.h"
#include "trust.h"
#include "words.h"

static size_t parameter_total(const struct gcr_function *function)
{
	return function->receiver.count + function->parameters.count;
}

static int lay_out(struct gcr_decoder *decoder, unsigned word_size,
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
static void take_described(const struct gcr_decoder *decoder,
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

static int lay_out_all(struct gcr_decoder *decoder, struct gcr_reading *reading)
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
static void mark_unprinted(struct gcr_decoder *decoder, struct gcr_listway way,
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

int gcr_listway_prepare(struct gcr_decoder *decoder, struct gcr_listway way,
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

static int try_way(struct gcr_decoder *decoder, struct gcr_listway way)
{
	struct gcr_reading reading;

	if (gcr_listway_prepare(decoder, way, &reading) != 0)
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

static bool flat_is_possible(const struct gcr_decoder *decoder)
{
	const struct gcr_words *words = &decoder->ret->words;

	return !words->braced && !words->marked && decoder->target.go_min <= 16;
}

static bool typed_is_possible(const struct gcr_decoder *decoder)
{
	return decoder->target.go_max == 0 || decoder->target.go_max >= 17;
}

// Generic methods: go1.18 and go1.19 print the receiver, later ones do not.
static int try_typed(struct gcr_decoder *decoder, struct gcr_listway way)
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

static int try_sizes(struct gcr_decoder *decoder,
		     int (*try)(struct gcr_decoder *decoder,
				struct gcr_listway way),
		     bool flat)
{
	static const unsigned char sizes[] = { 8, 4 };
	unsigned known = gcr_arch_word_size(decoder->target.arch);

	for (size_t i = 0; i < sizeof(sizes); i++) {
		struct gcr_listway way = { .flat = flat,
					   .word_size = sizes[i] };
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

static int try_flat(struct gcr_decoder *decoder, struct gcr_listway way)
{
	if (way.word_size == 4 && has_wide_word(&decoder->ret->words))
		return 0;
	return try_way(decoder, way);
}

static void keep_size(struct gcr_decoder *decoder, unsigned word_size)
{
	size_t kept = 0;

	for (size_t i = 0; i < decoder->reading_count; i++)
		if (decoder->readings[i].word_size == word_size)
			decoder->readings[kept++] = decoder->readings[i];
	decoder->reading_count = kept;
}

// Where both sizes fit, addresses tell them apart.
static void settle_size(struct gcr_decoder *decoder)
{
	unsigned shown =
		gcr_word_size_shown(decoder->readings, decoder->reading_count);

	if (shown != 0)
		keep_size(decoder, shown);
}

// Complete declarations before those that miss results; the order stays.
static void put_strict_first(struct gcr_decoder *decoder)
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

int gcr_listways_try(struct gcr_decoder *decoder)
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

int gcr_listways_try_older(struct gcr_decoder *decoder, bool *ret)
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
