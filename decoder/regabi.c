/*
 * A parameter goes into registers if all of it fits into those that are left,
 * else on the stack; an array of more than one element never fits. Zero-size
 * parameters are on the stack and take no room there.
 */

#include "regabi.h"

#include "arena.h"
#include "error.h"
#include "span.h"

// clang-format off
static const unsigned char integers[] = {
	GCR_R_AX, GCR_R_BX, GCR_R_CX, GCR_R_DI, GCR_R_SI, GCR_R_8, 9, 10, 11,
};
// clang-format on

enum {
	INTEGERS = sizeof(integers),
	FLOATS = 15,
	WORD = 8,
	DEEPEST = 64
};

struct registers {
	unsigned integers, floats;
};

struct assigner {
	struct gcr_arena *arena;
	struct gcr_error *err;
	struct gcr_abi abi;
	size_t capacity;
	struct registers used;
	uint64_t stack, spill;
	bool results; // are not noted down
};

static bool is_float(enum gcr_kind kind)
{
	return kind == GCR_FLOAT32 || kind == GCR_FLOAT64 ||
	       kind == GCR_COMPLEX64 || kind == GCR_COMPLEX128;
}

static int refuse(struct assigner *assigner, const struct gcr_layout *layout)
{
	return gcr_fail(assigner->err, GCR_UNSUPPORTED,
			"cannot tell where a '%.*s' is passed",
			GCR_PRINT_SPAN(gcr_span_head(layout->type, 80)));
}

// Registers that all of `layout` needs; false: more than there are.
static bool count_registers(const struct gcr_layout *layout, unsigned depth,
			    struct registers *need)
{
	unsigned parts = gcr_kind_parts(layout->kind);

	if (depth > DEEPEST)
		return false;
	if (layout->kind == GCR_ARRAY) {
		if (layout->length == 0)
			return true;
		return layout->length == 1 &&
		       count_registers(layout->element, depth + 1, need);
	}
	for (size_t i = 0; i < layout->field_count; i++)
		if (!count_registers(layout->fields[i].layout, depth + 1, need))
			return false;
	if (is_float(layout->kind))
		need->floats += parts;
	else
		need->integers += parts;
	return need->integers <= INTEGERS && need->floats <= FLOATS;
}

// Vector types of GOEXPERIMENT=simd have registers of their own kind.
static bool is_vector(const struct gcr_layout *layout)
{
	return gcr_span_find_text(layout->type, "archsimd.") != GCR_NOWHERE;
}

// Go runtime/stack.go adjustframe: what is no pointer stays as it is.
static bool is_pointer(enum gcr_kind kind, unsigned part)
{
	switch ((unsigned)kind) {
	case GCR_STRING:
	case GCR_SLICE:
		return part == 0;
	case GCR_INTERFACE:
		return part == 1;
	case GCR_POINTER:
	case GCR_MAP:
	case GCR_CHAN:
	case GCR_FUNC:
	case GCR_UNSAFE_POINTER:
		return true;
	default:
		return false;
	}
}

// One part has that many sides.
// NOLINTNEXTLINE(readability-function-size)
static int add_part(struct assigner *assigner, size_t parameter,
		    const struct gcr_layout *layout, uint64_t offset,
		    unsigned part, uint64_t stack, bool in_registers)
{
	struct gcr_abi *abi = &assigner->abi;
	unsigned size = gcr_layout_part_size(layout, WORD);
	unsigned reg = GCR_R_NONE;

	if (in_registers && is_float(layout->kind))
		reg = GCR_R_X0 + assigner->used.floats++;
	else if (in_registers)
		reg = integers[assigner->used.integers++];
	if (assigner->results)
		return 0;
	if (abi->part_count == GCR_ABI_PARTS)
		return refuse(assigner, layout);
	if (gcr_arena_grow(assigner->arena, &abi->parts, abi->part_count,
			   &assigner->capacity, sizeof(*abi->parts),
			   assigner->err) != 0)
		return -1;
	offset += (uint64_t)part * size;
	abi->parts[abi->part_count++] = (struct gcr_abi_part){
		.parameter = parameter,
		.offset = offset,
		.size = size,
		.reg = reg,
		.pointer = is_pointer(layout->kind, part),
		.stack = stack + offset,
	};
	return 0;
}

static int add_parts(struct assigner *assigner, size_t parameter,
		     const struct gcr_layout *layout, uint64_t offset,
		     uint64_t stack, bool in_registers)
{
	unsigned parts = gcr_kind_parts(layout->kind);

	for (unsigned i = 0; i < parts; i++)
		if (add_part(assigner, parameter, layout, offset, i, stack,
			     in_registers) != 0)
			return -1;
	for (size_t i = 0; i < layout->field_count; i++)
		if (add_parts(assigner, parameter, layout->fields[i].layout,
			      offset + layout->fields[i].offset, stack,
			      in_registers) != 0)
			return -1;
	if (layout->kind != GCR_ARRAY || layout->element->size == 0)
		return 0;
	if (layout->length > GCR_ABI_PARTS && !assigner->results)
		return refuse(assigner, layout);
	for (uint64_t i = 0; i < layout->length && !assigner->results; i++)
		if (add_parts(assigner, parameter, layout->element,
			      offset + i * layout->element->size, stack,
			      in_registers) != 0)
			return -1;
	return 0;
}

static int assign(struct assigner *assigner, size_t parameter,
		  const struct gcr_layout *layout)
{
	struct registers need = { 0, 0 };

	if (!layout->sized || is_vector(layout))
		return refuse(assigner, layout);
	bool fits = layout->size != 0 && count_registers(layout, 0, &need) &&
		    assigner->used.integers + need.integers <= INTEGERS &&
		    assigner->used.floats + need.floats <= FLOATS;
	// Results in registers have no space on the stack.
	if (fits && assigner->results) {
		assigner->used.integers += need.integers;
		assigner->used.floats += need.floats;
		return 0;
	}
	uint64_t *next = fits ? &assigner->spill : &assigner->stack;
	uint64_t at = gcr_align_up(*next, layout->align);
	*next = at + layout->size;
	return add_parts(assigner, parameter, layout, 0, at, fits);
}

// The ABI asks for all of them.
// NOLINTNEXTLINE(readability-function-size)
int gcr_abi_assign(const struct gcr_layout *const *parameters, size_t count,
		   const struct gcr_layout *const *results, size_t result_count,
		   struct gcr_arena *arena, struct gcr_abi *ret,
		   struct gcr_error *err)
{
	struct assigner assigner = { .arena = arena, .err = err };

	for (size_t i = 0; i < count; i++)
		if (assign(&assigner, i, parameters[i]) != 0)
			return -1;
	assigner.stack = gcr_align_up(assigner.stack, WORD);
	assigner.used = (struct registers){ 0, 0 };
	assigner.results = true;
	for (size_t i = 0; i < result_count; i++)
		if (assign(&assigner, 0, results[i]) != 0)
			return -1;
	// The spill space of register arguments is behind all others.
	assigner.stack = gcr_align_up(assigner.stack, WORD);
	for (size_t i = 0; i < assigner.abi.part_count; i++)
		if (assigner.abi.parts[i].reg != GCR_R_NONE)
			assigner.abi.parts[i].stack += assigner.stack;
	*ret = assigner.abi;
	return 0;
}
