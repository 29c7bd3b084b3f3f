/* Writes to a frame: see stores.h. */

#include "stores.h"

#include "arena.h"
#include "callee.h"
#include "disasm.h"
#include "span.h"

#include <string.h>

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
	*ret = (struct gcr_store){ .address = from->address,
				   .end = from->address + from->size,
				   .reg = GCR_R_NONE };
	if (from->op == GCR_OP_ADDRESS && from->operand_count >= 2 &&
	    in_frame(&from->operands[1]) &&
	    // The frame pointer, before go1.21.
	    from->operands[0].reg != GCR_R_BP) {
		ret->offset = from->operands[1].immediate;
		return true;
	}
	if (from->operand_count == 0 || !in_frame(&from->operands[0]) ||
	    !writes(from->op, &ret->sure))
		return false;
	ret->offset = from->operands[0].immediate;
	ret->size = from->operands[0].size;
	if (from->operand_count == 2 &&
	    from->operands[1].kind == GCR_OPERAND_REGISTER)
		ret->reg = from->operands[1].reg;
	// An element of an array, by an index that is not told.
	if (from->operands[0].index != GCR_R_NONE) {
		ret->size = 0;
		ret->sure = false;
	}
	return true;
}

enum {
	REGISTERS = 32
};

/* Where the value of a register comes from, and since when. */
struct origin {
	enum gcr_origin kind;
	uint64_t since;
};

/* What is read of a function. */
struct reading {
	const struct gcr_image *image;
	struct gcr_arena *arena;
	struct gcr_error *err;
	struct gcr_stores *to;
	struct gcr_span file; /* the function's */
	size_t room, read_room, turn_room;
	/* By register, from 1: the read whose value it has; 0: none. */
	size_t loaded[REGISTERS];
	struct origin origins[REGISTERS];
	struct origin results; /* of the last call, on the stack to go1.16 */
	int64_t results_end;
};

static bool is_register(const struct gcr_operand *operand)
{
	return operand->kind == GCR_OPERAND_REGISTER &&
	       operand->reg < REGISTERS;
}

static bool is_choice(const struct gcr_instruction *at)
{
	return strncmp(at->mnemonic, "cmov", 4) == 0;
}

static bool is_load(enum gcr_op op)
{
	return op == GCR_OP_MOVE || op == GCR_OP_MOVE_ZERO ||
	       op == GCR_OP_MOVE_SIGN || op == GCR_OP_SCALAR_MOVE;
}

// `if c { x++ }` is x + c, and the line is that of what follows.
static bool is_sum(const struct gcr_instruction *at)
{
	bool sum = at->op == GCR_OP_ADD || at->op == GCR_OP_SUB ||
		   at->op == GCR_OP_SHL || at->op == GCR_OP_SHR ||
		   at->op == GCR_OP_SAR || at->op == GCR_OP_SETS;

	if (at->op == GCR_OP_ADDRESS)
		return at->operand_count >= 2 &&
		       at->operands[1].index != GCR_R_NONE;
	return sum && at->operand_count >= 2 &&
	       at->operands[1].kind != GCR_OPERAND_IMMEDIATE;
}

static int add_read(struct reading *reading, const struct gcr_instruction *at,
		    const struct gcr_operand *from)
{
	struct gcr_stores *to = reading->to;
	struct gcr_store read = { .address = at->address,
				  .end = at->address + at->size,
				  .reg = GCR_R_NONE,
				  .offset = from->immediate,
				  .size = from->size,
				  .chosen = is_choice(at),
				  .summed = is_sum(at) };
	struct gcr_span file;

	if (!gcr_image_line_at(reading->image, at->address, &file, &read.line))
		return 0;
	read.foreign = !gcr_span_equal(file, reading->file);
	if (gcr_arena_grow(reading->arena, &to->reads, to->read_count,
			   &reading->read_room, sizeof(read),
			   reading->err) != 0)
		return -1;
	to->reads[to->read_count++] = read;
	return 0;
}

static void mark(struct reading *reading, unsigned reg,
		 const struct gcr_instruction *at)
{
	struct gcr_store *read;

	if (reg >= REGISTERS || reading->loaded[reg] == 0)
		return;
	read = &reading->to->reads[reading->loaded[reg] - 1];
	read->chosen |= is_choice(at);
	read->summed |= is_sum(at);
}

// Registers come with what they were loaded with, until something else writes.
static void follow_loads(struct reading *reading,
			 const struct gcr_instruction *at, bool has_read)
{
	struct gcr_stores *to = reading->to;
	const struct gcr_operand *first = &at->operands[0];
	size_t loaded = 0;
	bool sure;

	if (at->op == GCR_OP_CALL)
		memset(reading->loaded, 0, sizeof(reading->loaded));
	for (unsigned i = 0; i < at->operand_count; i++) {
		if (at->operands[i].kind == GCR_OPERAND_IMMEDIATE)
			continue;
		mark(reading, at->operands[i].reg, at);
		mark(reading, at->operands[i].index, at);
	}
	if (at->operand_count == 0 || !is_register(first) || is_choice(at))
		return;
	if (at->operand_count == 2 && is_load(at->op))
		loaded = has_read ? to->read_count
			 : is_register(&at->operands[1])
				 ? reading->loaded[at->operands[1].reg]
				 : 0;
	if (loaded > 0 || writes(at->op, &sure) || at->op == GCR_OP_ADDRESS)
		reading->loaded[first->reg] = loaded;
}

static void forget_origins(struct reading *reading, enum gcr_origin kind,
			   uint64_t since)
{
	for (size_t i = 0; i < REGISTERS; i++)
		reading->origins[i] = (struct origin){ kind, since };
}

static void call_origins(struct reading *reading,
			 const struct gcr_instruction *at)
{
	struct gcr_callee callee =
		gcr_callee_at(reading->image, at->direct, at->target);

	if (callee.kind == GCR_CALLEE_BARRIER)
		return;
	forget_origins(reading,
		       callee.kind == GCR_CALLEE_ORDINARY ? GCR_ORIGIN_CALL
							  : GCR_ORIGIN_UNKNOWN,
		       at->address + at->size);
	reading->results = reading->origins[0];
	reading->results_end = callee.arguments_size;
}

static struct origin loaded_origin(const struct reading *reading,
				   const struct gcr_instruction *at)
{
	const struct gcr_operand *from = &at->operands[1];

	if (is_register(from))
		return reading->origins[from->reg];
	if (from->kind != GCR_OPERAND_MEMORY || from->reg == GCR_R_BP)
		return (struct origin){ GCR_ORIGIN_UNKNOWN, 0 };
	if (!in_frame(from))
		return (struct origin){ GCR_ORIGIN_LOAD, at->address };
	return from->index == GCR_R_NONE && from->immediate >= 0 &&
			       from->immediate < reading->results_end
		       ? reading->results
		       : (struct origin){ GCR_ORIGIN_UNKNOWN, 0 };
}

static void follow_origins(struct reading *reading,
			   const struct gcr_instruction *at)
{
	const struct gcr_operand *first = &at->operands[0];
	struct origin origin = { GCR_ORIGIN_UNKNOWN, 0 };
	bool sure;

	if (at->op == GCR_OP_CALL) {
		call_origins(reading, at);
		return;
	}
	if (in_frame(first) && writes(at->op, &sure) &&
	    first->immediate < reading->results_end)
		reading->results_end = -1;
	if (at->op == GCR_OP_OTHER || at->op == GCR_OP_SETS_WIDE ||
	    at->op == GCR_OP_SETS_MANY || at->op == GCR_OP_EXCHANGE ||
	    at->op == GCR_OP_REP_STORE || at->op == GCR_OP_REP_MOVE) {
		forget_origins(reading, GCR_ORIGIN_UNKNOWN, 0);
		return;
	}
	if (at->operand_count == 0 || !is_register(first) ||
	    (!writes(at->op, &sure) && at->op != GCR_OP_ADDRESS))
		return;
	if (at->operand_count == 2 && is_load(at->op))
		origin = loaded_origin(reading, at);
	reading->origins[first->reg] = origin;
}

static int read_reads(struct reading *reading, const struct gcr_instruction *at)
{
	size_t before = reading->to->read_count;
	bool sure;

	for (unsigned i = 0; i < at->operand_count; i++) {
		bool written = i == 0 && writes(at->op, &sure) && sure;

		if (in_frame(&at->operands[i]) && at->op != GCR_OP_ADDRESS &&
		    !written && add_read(reading, at, &at->operands[i]) != 0)
			return -1;
	}
	follow_loads(reading, at, reading->to->read_count > before);
	follow_origins(reading, at);
	return 0;
}

static int read_store(struct reading *reading, const struct gcr_instruction *at)
{
	struct gcr_stores *to = reading->to;
	struct gcr_store store;
	struct gcr_span file;

	if (!store_of(at, &store) ||
	    !gcr_image_line_at(reading->image, store.address, &file,
			       &store.line))
		return 0;
	store.foreign = !gcr_span_equal(file, reading->file);
	if (store.reg < REGISTERS) {
		store.origin = reading->origins[store.reg].kind;
		store.since = reading->origins[store.reg].since;
	}
	if (gcr_arena_grow(reading->arena, &to->items, to->count,
			   &reading->room, sizeof(store), reading->err) != 0)
		return -1;
	to->items[to->count++] = store;
	return 0;
}

// Where control goes elsewhere; most instructions just go on to the next.
static int read_turn(struct reading *reading, const struct gcr_instruction *at)
{
	struct gcr_stores *to = reading->to;
	struct gcr_turn turn = { .address = at->address,
				 .end = at->address + at->size,
				 .target = at->target,
				 .kind = GCR_TURN_END };
	bool jumps = at->op == GCR_OP_JUMP || at->op == GCR_OP_BRANCH;
	bool ends =
		at->op == GCR_OP_RETURN || at->op == GCR_OP_TRAP ||
		(at->op == GCR_OP_CALL &&
		 gcr_callee_at(reading->image, at->direct, at->target).kind ==
			 GCR_CALLEE_ENDS);

	if (!jumps && !ends)
		return 0;
	if (jumps && !at->direct)
		turn.kind = GCR_TURN_LOST;
	else if (jumps)
		turn.kind =
			at->op == GCR_OP_JUMP ? GCR_TURN_JUMP : GCR_TURN_BRANCH;
	if (gcr_arena_grow(reading->arena, &to->turns, to->turn_count,
			   &reading->turn_room, sizeof(turn),
			   reading->err) != 0)
		return -1;
	to->turns[to->turn_count++] = turn;
	return 0;
}

int gcr_stores_read(const struct gcr_image *image,
		    const struct gcr_image_function *function,
		    struct gcr_arena *arena, struct gcr_stores *ret,
		    struct gcr_error *err)
{
	struct reading reading = {
		.image = image, .arena = arena, .err = err, .to = ret
	};
	uint64_t address = function->entry;
	struct gcr_instruction instruction;
	struct gcr_disasm disasm = { 0 };
	struct gcr_error lost;
	struct gcr_span code;
	unsigned line;
	int status = 0;

	*ret = (struct gcr_stores){ .entry = function->entry };
	(void)!gcr_image_line_at(image, address, &reading.file, &line);
	forget_origins(&reading, GCR_ORIGIN_CALL, function->entry);
	reading.results_end = -1;
	if (function->size > LONGEST_CODE ||
	    !gcr_image_code(image, function, &code) ||
	    gcr_disasm_init(&disasm, GCR_AMD64, &lost) != 0)
		return 0;
	while (status == 0 && ret->count < MOST_STORES &&
	       ret->read_count < MOST_STORES &&
	       gcr_disasm_next(&disasm, &code, &address, &instruction)) {
		status = read_store(&reading, &instruction);
		if (status == 0)
			status = read_reads(&reading, &instruction);
		if (status == 0)
			status = read_turn(&reading, &instruction);
	}
	gcr_disasm_done(&disasm);
	ret->known = code.size == 0;
	return status;
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

		if (!gcr_store_touches(store, query))
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

static bool is_late(const struct gcr_store *store,
		    const struct gcr_stores_query *query, bool reads)
{
	if (store->address <= query->at || !gcr_store_writes(store, query))
		return false;
	// A loop's variable goes on at the line of its declaration.
	return store->chosen ||
	       (!(reads && query->parameter) && store->line > query->declared &&
		store->line < query->line);
}

bool gcr_stores_late(const struct gcr_stores *stores,
		     const struct gcr_stores_query *query)
{
	if (!stores->known)
		return true;
	for (size_t i = 0; i < stores->count; i++)
		if (is_late(&stores->items[i], query, false))
			return true;
	for (size_t i = 0; i < stores->read_count; i++)
		if (is_late(&stores->reads[i], query, true))
			return true;
	return false;
}
