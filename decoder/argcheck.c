/*
 * Does a signature agree with the runtime? Since go1.17 the compiler leaves the
 * runtime a program for printing a function's arguments, with each component's
 * size; what DWARF says must come to the same. Before, the size of parameters
 * and results is all there is.
 *
 * Go cmd/compile/internal/ssagen/ssa.go EmitArgInfo.
 */

#include "bytes.h"
#include "image.h"
#include "signature.h"
#include "span.h"

enum {
	MOST_COMPONENTS = 10, /* Go internal/abi TraceArgsLimit */
	MOST_DEPTH = 5,	      /* TraceArgsMaxDepth */
	ARGS_END = 0xff,
	ARGS_OPEN = 0xfe,
	ARGS_CLOSE = 0xfd,
	ARGS_MORE = 0xfc,
	ARGS_GAP = 0xfb,
	ARGS_SPECIAL = 0xf0,
};

struct check {
	struct gcr_bytes program;
	unsigned word_size;
	unsigned components;
	bool differs;
};

static void expect(struct check *check, unsigned byte)
{
	if (gcr_bytes_u8(&check->program) != byte || check->program.short_read)
		check->differs = true;
}

static void expect_component(struct check *check, uint64_t size)
{
	unsigned offset = gcr_bytes_u8(&check->program);

	check->components++;
	if (offset == ARGS_GAP)
		return;
	if (offset >= ARGS_SPECIAL || gcr_bytes_u8(&check->program) != size)
		check->differs = true;
}

static bool expect_layout(struct check *check, const struct gcr_layout *layout,
			  unsigned depth);

// Pointer, length, ...; real, imaginary.
static bool expect_parts(struct check *check, const struct gcr_layout *layout)
{
	unsigned parts = gcr_kind_parts(layout->kind);
	unsigned size = gcr_layout_part_size(layout, check->word_size);

	for (unsigned i = 0; i < parts; i++) {
		if (check->components >= MOST_COMPONENTS) {
			expect(check, ARGS_MORE);
			return false;
		}
		expect_component(check, size);
	}
	return true;
}

static void expect_members(struct check *check, const struct gcr_layout *layout,
			   unsigned depth)
{
	bool is_array = layout->kind == GCR_ARRAY;
	uint64_t count = is_array ? layout->length : layout->field_count;
	bool more = true;

	if (count == 0)
		check->components++;
	for (uint64_t i = 0; i < count && more && !check->differs; i++)
		more = expect_layout(check,
				     is_array ? layout->element
					      : layout->fields[i].layout,
				     depth);
}

// False when the program ends here: ten are enough.
static bool expect_layout(struct check *check, const struct gcr_layout *layout,
			  unsigned depth)
{
	unsigned parts = gcr_kind_parts(layout->kind);

	if (!layout->sized)
		check->differs = true;
	if (check->differs)
		return false;
	if (check->components >= MOST_COMPONENTS) {
		expect(check, ARGS_MORE);
		return false;
	}
	if (parts == 1) {
		expect_component(check, layout->size);
		return true;
	}
	expect(check, ARGS_OPEN);
	if (depth + 1 >= MOST_DEPTH) {
		expect(check, ARGS_MORE);
		check->components++;
	} else if (parts > 1) {
		expect_parts(check, layout);
	} else {
		expect_members(check, layout, depth + 1);
	}
	expect(check, ARGS_CLOSE);
	return true;
}

/* A way to read the program: what stands in it first. */
struct reading {
	size_t from;
	bool dictionary;
};

static bool agrees(const struct gcr_image *image, struct gcr_span program,
		   const struct gcr_image_signature *signature,
		   struct reading reading)
{
	struct check check = { .program = gcr_bytes_at(program, 0),
			       .word_size = image->info.word_size };
	bool more = true;

	if (reading.from > signature->parameter_count)
		return false;
	if (reading.dictionary)
		expect_component(&check, check.word_size);
	for (size_t i = reading.from; i < signature->parameter_count && more;
	     i++)
		more = expect_layout(&check, signature->items[i].layout, 0);
	expect(&check, ARGS_END);
	return !check.differs && !check.program.short_read;
}

// In generic code the runtime passes over the first parameter, taking it for
// the dictionary; DWARF has the dictionary only of code that is not optimised.
static const struct reading readings[] = {
	{ 0, false }, /* the dictionary is the first: of functions */
	{ 1, true },  /* it is the second: of methods, since go1.20 */
	{ 1, false }, /* there is none, or DWARF has it */
};

enum {
	DICTIONARY_FIRST = 1u << 0,
	DICTIONARY_SECOND = 1u << 1,
	AS_DESCRIBED = 1u << 2,
	ANY_READING = DICTIONARY_FIRST | DICTIONARY_SECOND | AS_DESCRIBED,
};

// `].func1`, `].M.func2.1`, `-range1`: its captured variables may be parameters.
static bool is_literal(struct gcr_span tail)
{
	ptrdiff_t at;

	if (gcr_span_find_text(tail, "-range") != GCR_NOWHERE)
		return true;
	while ((at = gcr_span_find_text(tail, ".func")) != GCR_NOWHERE) {
		tail = gcr_span_tail(tail, (size_t)at + 5);
		if (tail.size > 0 && gcr_is_digit(tail.data[0]))
			return true;
	}
	return false;
}

/*
 * Which readings there may be for `symbol`. To go1.20 it has `[...]` where later
 * ones have the types that show whether it takes a dictionary.
 * Go cmd/compile/internal/noder/reader.go shapedFuncBody.
 */
static unsigned possible_readings(const struct gcr_image *image,
				  struct gcr_span symbol, bool described)
{
	ptrdiff_t last = gcr_span_find_last(symbol, ']');
	struct gcr_span tail = gcr_span_tail(symbol, (size_t)(last + 1));
	bool told = gcr_span_find_text(symbol, "[...]") == GCR_NOWHERE;
	unsigned method = image->info.target.go_min >= 20 ? DICTIONARY_SECOND
							  : DICTIONARY_FIRST;

	if (last == GCR_NOWHERE)
		return DICTIONARY_FIRST;
	if (described)
		return AS_DESCRIBED;
	if (is_literal(tail))
		return ANY_READING;
	if (told && gcr_span_find_text(symbol, "[go.shape.") == GCR_NOWHERE)
		return AS_DESCRIBED;
	if (tail.size == 0)
		return DICTIONARY_FIRST;
	return told ? method : method | AS_DESCRIBED;
}

// Where DWARF has it, SIZE_MAX where it has not.
static size_t find_dictionary(const struct gcr_image_signature *signature)
{
	for (size_t i = 0; i < signature->parameter_count; i++)
		if (gcr_span_is(signature->items[i].name, ".dict"))
			return i;
	return SIZE_MAX;
}

// It is no parameter of anybody's.
static void take_dictionary_out(struct gcr_image_signature *signature,
				size_t dictionary)
{
	signature->count--;
	signature->parameter_count--;
	for (size_t i = dictionary; i < signature->count; i++)
		signature->items[i] = signature->items[i + 1];
	signature->dictionary = dictionary;
	signature->printed_from = dictionary;
	signature->dictionary_printed = dictionary == 1;
}

static void check_program(const struct gcr_image *image, struct gcr_span symbol,
			  struct gcr_span program,
			  struct gcr_image_signature *signature)
{
	size_t described = find_dictionary(signature), fitting = 0;
	bool generic = gcr_span_find(symbol, ']') != GCR_NOWHERE;
	unsigned possible =
		possible_readings(image, symbol, described != SIZE_MAX);

	for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
		if (!(possible & 1u << i) ||
		    !agrees(image, program, signature, readings[i]))
			continue;
		fitting++;
		signature->printed_from = readings[i].from;
		signature->dictionary_printed = readings[i].dictionary;
		if (generic && i < 2 && possible != ANY_READING)
			signature->dictionary = i;
	}
	// Where there are two ways, neither is taken.
	signature->complete = fitting == 1;
	if (described < 2)
		take_dictionary_out(signature, described);
}

bool gcr_image_agrees(const struct gcr_image *image,
		      const struct gcr_image_function *function,
		      const struct gcr_image_signature *signature)
{
	struct gcr_span program;

	if (!gcr_image_argument_program(image, function, &program))
		return signature->parameter_count == 0;
	return agrees(image, program, signature, readings[0]);
}

/* Flat arguments ------------------------------------------------------------- */

/* Parameters or results, being put in order of their places on the stack. */
struct order {
	struct gcr_image_parameter *items;
	int64_t *homes;
	size_t count;
	uint64_t start; /* where the first one may be */
};

static void sort_homes(struct order *order)
{
	for (size_t i = 1; i < order->count; i++)
		for (size_t j = i;
		     j > 0 && order->homes[j - 1] > order->homes[j]; j--) {
			struct gcr_image_parameter item = order->items[j];
			int64_t home = order->homes[j];

			order->items[j] = order->items[j - 1];
			order->homes[j] = order->homes[j - 1];
			order->items[j - 1] = item;
			order->homes[j - 1] = home;
		}
}

static uint64_t place_at(uint64_t at, const struct gcr_layout *layout)
{
	return gcr_align_up(at, layout->align);
}

/*
 * Sorted, those without a home come first, in their own order, then those with
 * one. Walk both: a homeless one goes where the next home cannot be yet; with
 * `early`, wherever it fits before it. `places` gets where each item begins.
 */
static bool place_items(const struct order *order, size_t homeless, bool early,
			uint64_t *places, uint64_t *end)
{
	size_t free_one = 0, next = homeless;
	uint64_t at = order->start;

	while (free_one < homeless || next < order->count) {
		bool home = next < order->count;
		uint64_t there = home ? (uint64_t)order->homes[next] : 0;
		size_t item = next;

		if (free_one < homeless) {
			const struct gcr_layout *free_layout =
				order->items[free_one].layout;
			uint64_t behind =
				place_at(at, free_layout) + free_layout->size;
			bool fits =
				!home ||
				place_at(behind, order->items[next].layout) <=
					there;
			bool must = !home ||
				    place_at(at, order->items[next].layout) !=
					    there;

			if (must || (early && fits))
				item = free_one;
		}
		places[item] = place_at(at, order->items[item].layout);
		if (item == next && places[item] != there)
			return false;
		at = places[item] + order->items[item].layout->size;
		if (item == next)
			next++;
		else
			free_one++;
	}
	*end = at;
	return true;
}

static void sort_places(struct order *order, const uint64_t *places)
{
	for (size_t i = 0; i < order->count; i++)
		order->homes[i] = (int64_t)places[i];
	sort_homes(order);
}

enum {
	MOST_FLAT = 64
};

// Where there are two ways, neither is taken.
static bool put_in_order(struct order *order, uint64_t *end)
{
	uint64_t early[MOST_FLAT], late[MOST_FLAT];
	size_t homeless = 0;

	if (order->count > MOST_FLAT)
		return false;
	for (size_t i = 0; i < order->count; i++)
		if (!order->items[i].layout->sized ||
		    order->items[i].layout->align == 0)
			return false;
	sort_homes(order);
	while (homeless < order->count && order->homes[homeless] < 0)
		homeless++;
	if (!place_items(order, homeless, true, early, end) ||
	    !place_items(order, homeless, false, late, end))
		return false;
	for (size_t i = 0; i < order->count; i++)
		if (early[i] != late[i])
			return false;
	sort_places(order, late);
	return true;
}

// Parameters, then results from the next word on, together of the size that
// the runtime knows.
static bool check_flat(const struct gcr_image *image,
		       const struct gcr_image_function *function,
		       struct gcr_image_signature *signature, int64_t *homes)
{
	size_t count = signature->parameter_count;
	unsigned word_size = image->info.word_size;
	struct order parameters = { signature->items, homes, count, 0 };
	struct order results = { signature->items + count, homes + count,
				 signature->count - count, 0 };
	uint64_t end;

	if (!put_in_order(&parameters, &end))
		return false;
	results.start = gcr_align_up(end, word_size);
	if (!put_in_order(&results, &end))
		return false;
	return function->arguments_size < 0 ||
	       (uint64_t)function->arguments_size ==
		       gcr_align_up(end, word_size);
}

void gcr_signature_check(const struct gcr_image *image,
			 const struct gcr_image_function *function,
			 struct gcr_image_signature *signature, int64_t *homes)
{
	struct gcr_span program;

	signature->dictionary = SIZE_MAX;
	if (image->table.layout == GCR_PCLNTAB_1_2 ||
	    image->info.target.go_max == 16)
		// On arm64 places were seen that are none of arguments.
		signature->complete =
			check_flat(image, function, signature, homes) &&
			(image->memory.arch != GCR_ARM64 ||
			 signature->count <= 1);
	else if (gcr_image_argument_program(image, function, &program))
		check_program(image, function->symbol, program, signature);
	else
		signature->complete = signature->parameter_count == 0;
}
