/* Writes to a frame: see stores.h. */

#include "stores.h"

#include "arena.h"
#include "disasm.h"

enum {
	LONGEST_CODE = 1 << 18,
	MOST_STORES = 1 << 14,
};

// Does the operation write its first operand?
static bool writes(enum gcr_op op, bool *sure)
{
	*sure = op == GCR_OP_MOVE || op == GCR_OP_VECTOR_MOVE ||
		op == GCR_OP_SCALAR_MOVE || op == GCR_OP_SETS ||
		op == GCR_OP_POP;
	return op != GCR_OP_COMPARE && op != GCR_OP_PUSH &&
	       op != GCR_OP_NOTHING && op != GCR_OP_CALL && op != GCR_OP_JUMP &&
	       op != GCR_OP_BRANCH && op != GCR_OP_ADDRESS;
}

static bool in_frame(const struct gcr_operand *operand)
{
	return operand->kind == GCR_OPERAND_MEMORY &&
	       operand->reg == GCR_R_SP && !operand->segment;
}

static bool store_of(const struct gcr_instruction *from, struct gcr_store *ret)
{
	*ret = (struct gcr_store){ .address = from->address };
	if (from->op == GCR_OP_ADDRESS && from->operand_count >= 2 &&
	    in_frame(&from->operands[1])) {
		ret->offset = from->operands[1].immediate;
		return true;
	}
	if (from->operand_count == 0 || !in_frame(&from->operands[0]) ||
	    !writes(from->op, &ret->sure))
		return false;
	ret->offset = from->operands[0].immediate;
	ret->size = from->operands[0].size;
	// An element of an array, by an index that is not told.
	if (from->operands[0].index != GCR_R_NONE) {
		ret->size = 0;
		ret->sure = false;
	}
	return true;
}

int gcr_stores_read(const struct gcr_image *image,
		    const struct gcr_image_function *function,
		    struct gcr_arena *arena, struct gcr_stores *ret,
		    struct gcr_error *err)
{
	uint64_t address = function->entry;
	struct gcr_instruction instruction;
	struct gcr_disasm disasm = { 0 };
	struct gcr_error lost;
	struct gcr_span code, file;
	struct gcr_store store;
	size_t capacity = 0;

	*ret = (struct gcr_stores){ 0 };
	if (function->size > LONGEST_CODE ||
	    !gcr_image_code(image, function, &code) ||
	    gcr_disasm_init(&disasm, GCR_AMD64, &lost) != 0)
		return 0;
	while (gcr_disasm_next(&disasm, &code, &address, &instruction)) {
		if (!store_of(&instruction, &store) ||
		    !gcr_image_line_at(image, store.address, &file,
				       &store.line))
			continue;
		if (ret->count == MOST_STORES ||
		    gcr_arena_grow(arena, &ret->items, ret->count, &capacity,
				   sizeof(store), err) != 0) {
			gcr_disasm_done(&disasm);
			return ret->count == MOST_STORES ? 0 : -1;
		}
		ret->items[ret->count++] = store;
	}
	gcr_disasm_done(&disasm);
	ret->known = code.size == 0;
	return 0;
}

static bool touches(const struct gcr_store *store,
		    const struct gcr_stores_query *query)
{
	int64_t end = query->offset + (int64_t)query->size;

	if (store->size == 0)
		return store->offset >= query->offset && store->offset < end;
	return store->offset < end &&
	       store->offset + (int64_t)store->size > query->offset;
}

/*
 *	10  x := T{
 *	11      a: f(),
 *
 * While f runs, x is under way: something in lines 10 to 11 will yet write to it.
 * A loop's variable is written again behind its body, though, at the line of its
 * declaration; one that is written at once has its value from the first time on.
 */
bool gcr_stores_assigned(const struct gcr_stores *stores,
			 const struct gcr_stores_query *query)
{
	bool before = false;

	if (!stores->known || query->size == 0 || query->size > INT32_MAX ||
	    query->declared == 0 || query->declared >= query->line)
		return false;
	for (size_t i = 0; i < stores->count; i++) {
		const struct gcr_store *store = &stores->items[i];

		if (!touches(store, query))
			continue;
		if (store->address < query->at &&
		    store->line == query->declared)
			before = true;
		if (store->address > query->at && !query->whole &&
		    store->line >= query->declared &&
		    store->line <= query->line)
			return false;
	}
	return before;
}
