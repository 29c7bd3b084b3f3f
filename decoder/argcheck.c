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
#include "imagefile.h"
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
// the dictionary; DWARF does not have the dictionary at all.
static const struct reading readings[] = {
	{ 0, false },
	{ 1, true },
	{ 1, false },
};

static void check_program(const struct gcr_image *image, struct gcr_span symbol,
			  struct gcr_span program,
			  struct gcr_image_signature *signature)
{
	bool generic = gcr_span_find(symbol, '[') != GCR_NOWHERE;
	size_t count = generic ? sizeof(readings) / sizeof(readings[0]) : 1;

	for (size_t i = 0; i < count; i++) {
		if (!agrees(image, program, signature, readings[i]))
			continue;
		signature->complete = true;
		signature->printed_from = readings[i].from;
		signature->dictionary_printed = readings[i].dictionary;
		return;
	}
}

// Parameters, then results from the next word on.
static bool flat_size(const struct gcr_image *image,
		      const struct gcr_image_signature *signature,
		      uint64_t *ret)
{
	uint64_t size = 0;

	for (size_t i = 0; i < signature->count; i++) {
		const struct gcr_layout *layout = signature->items[i].layout;

		if (!layout->sized || layout->align == 0)
			return false;
		if (i == signature->parameter_count)
			size = gcr_align_up(size, image->info.word_size);
		size = gcr_align_up(size, layout->align) + layout->size;
		if (size > GCR_LARGEST_TYPE)
			return false;
	}
	*ret = gcr_align_up(size, image->info.word_size);
	return true;
}

void gcr_signature_check(const struct gcr_image *image,
			 const struct gcr_image_function *function,
			 struct gcr_image_signature *signature)
{
	struct gcr_span program;
	uint64_t size;

	if (image->table.layout == GCR_PCLNTAB_1_2 ||
	    image->info.target.go_max == 16)
		signature->complete =
			flat_size(image, signature, &size) &&
			(function->arguments_size < 0 ||
			 (uint64_t)function->arguments_size == size);
	else if (gcr_image_argument_program(image, function, &program))
		check_program(image, function->symbol, program, signature);
	else
		signature->complete = signature->parameter_count == 0;
}
