/*
 * Blocks start at the entry, at targets of jumps and behind instructions that
 * control does not simply pass. A block that is reached anew with less known
 * than before waits for another run; since facts are only ever lost, this ends.
 *
 * Two ways that are not in the instructions: the stack is grown by a call at
 * the end that starts the function anew, with the registers and arguments it had
 * (Go runtime/asm_amd64.s morestack), so it changes nothing; and a recovered
 * panic goes on at the call of deferreturn, behind which nothing is called that
 * a trace shows (Go runtime/panic.go recovery).
 */

#include "flow.h"

#include "access.h"
#include "arena.h"
#include "error.h"
#include "execute.h"
#include "span.h"

enum {
	WORD = 8,
	TABLE_DISTANCE = 32
};

// Decode ----------------------------------------------------------------------

static int refuse(struct gcr_error *err, const struct gcr_flow *flow,
		  const char *why)
{
	return gcr_fail(
		err, GCR_UNSUPPORTED, "%.*s %s",
		GCR_PRINT_SPAN(gcr_span_head(flow->function.symbol, 100)), why);
}

static int decode(struct gcr_flow *flow, struct gcr_error *err)
{
	uint64_t address = flow->function.entry;
	struct gcr_instruction insn;
	size_t capacity = 0;
	struct gcr_span code;

	if (flow->function.flags & GCR_FUNCTION_ASSEMBLY)
		return refuse(err, flow, "is written in assembly");
	if (!gcr_image_code(flow->image, &flow->function, &code))
		return refuse(err, flow, "has no code in the file");
	while (gcr_disasm_next(flow->disasm, &code, &address, &insn)) {
		if (flow->count == GCR_FLOW_INSTRUCTIONS)
			return refuse(err, flow, "is too long");
		if (gcr_arena_grow(flow->arena, &flow->instructions,
				   flow->count, &capacity, sizeof(insn),
				   err) != 0)
			return -1;
		flow->instructions[flow->count++] = insn;
	}
	if (code.size > 0 || flow->count == 0)
		return refuse(err, flow, "holds what is no instruction");
	flow->callees = gcr_arena_array(flow->arena, flow->count,
					sizeof(*flow->callees), err);
	if (flow->callees == NULL)
		return -1;
	for (size_t i = 0; i < flow->count; i++)
		if (flow->instructions[i].op == GCR_OP_CALL)
			flow->callees[i] = gcr_callee_at(
				flow->image, flow->instructions[i].direct,
				flow->instructions[i].target);
	return 0;
}

// Index of the first instruction at `address` or behind it.
static size_t index_at(const struct gcr_flow *flow, uint64_t address)
{
	size_t low = 0, high = flow->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (flow->instructions[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool gcr_flow_before(const struct gcr_flow *flow, uint64_t address, size_t *ret)
{
	size_t index = index_at(flow, address);

	if (index == 0)
		return false;
	const struct gcr_instruction *insn = &flow->instructions[index - 1];
	*ret = index - 1;
	return insn->address + insn->size == address;
}

enum where {
	INSIDE,
	OUTSIDE, // another function: control leaves this one
	BETWEEN, // in the middle of an instruction
};

static enum where locate(const struct gcr_flow *flow, uint64_t target,
			 size_t *ret)
{
	const struct gcr_instruction *last =
		&flow->instructions[flow->count - 1];

	if (target < flow->function.entry ||
	    target >= last->address + last->size)
		return OUTSIDE;
	*ret = index_at(flow, target);
	return *ret < flow->count && flow->instructions[*ret].address == target
		       ? INSIDE
		       : BETWEEN;
}

// Jumps through tables ------------------------------------------------------------

// The table whose address is put into the jump's base register before it.
static bool find_table(const struct gcr_flow *flow, size_t jump, uint64_t *ret)
{
	const struct gcr_operand *to = &flow->instructions[jump].operands[0];

	if (to->kind != GCR_OPERAND_MEMORY || to->reg >= 16 ||
	    to->index >= 16 || to->scale != WORD || to->immediate != 0)
		return false;
	for (size_t i = jump; i > 0 && jump - i < TABLE_DISTANCE; i--) {
		const struct gcr_instruction *insn = &flow->instructions[i - 1];
		const struct gcr_operand *from = &insn->operands[1];
		if (insn->op != GCR_OP_ADDRESS ||
		    insn->operands[0].reg != to->reg)
			continue;
		*ret = insn->address + insn->size + (uint64_t)from->immediate;
		return from->reg == GCR_R_PC && from->index == GCR_R_NONE;
	}
	return false;
}

// All words from `table` on that are addresses of this function's
// instructions: those of the table, and maybe some of the next.
static int read_table(struct gcr_flow *flow, struct gcr_jump *jump,
		      struct gcr_error *err)
{
	size_t capacity = 0, target;
	uint64_t word;

	for (uint64_t at = jump->table;; at += WORD) {
		enum gcr_memory_kind kind =
			gcr_image_pointer(flow->image, at, &word);
		if ((kind != GCR_MEMORY_READ_ONLY &&
		     kind != GCR_MEMORY_RELOCATED) ||
		    locate(flow, word, &target) != INSIDE)
			break;
		if (jump->target_count == GCR_FLOW_INSTRUCTIONS)
			return refuse(err, flow, "has an endless jump table");
		if (gcr_arena_grow(flow->arena, &jump->targets,
				   jump->target_count, &capacity,
				   sizeof(*jump->targets), err) != 0)
			return -1;
		jump->targets[jump->target_count++] = target;
	}
	if (jump->target_count == 0)
		return refuse(err, flow, "jumps to where nobody can tell");
	return 0;
}

static int add_jump(struct gcr_flow *flow, size_t instruction,
		    struct gcr_error *err)
{
	struct gcr_jump jump = { .instruction = instruction };

	if (!find_table(flow, instruction, &jump.table))
		return refuse(err, flow, "jumps to where nobody can tell");
	if (read_table(flow, &jump, err) != 0 ||
	    gcr_arena_grow(flow->arena, &flow->jumps, flow->jump_count,
			   &flow->jump_capacity, sizeof(jump), err) != 0)
		return -1;
	flow->jumps[flow->jump_count++] = jump;
	return 0;
}

// Blocks -----------------------------------------------------------------------------

static bool ends_block(const struct gcr_flow *flow, size_t index)
{
	enum gcr_op op = flow->instructions[index].op;

	return op == GCR_OP_JUMP || op == GCR_OP_BRANCH ||
	       op == GCR_OP_RETURN || op == GCR_OP_TRAP ||
	       (op == GCR_OP_CALL &&
		flow->callees[index].kind == GCR_CALLEE_ENDS);
}

static int mark_starts(struct gcr_flow *flow, bool *starts,
		       struct gcr_error *err)
{
	size_t target;

	starts[0] = true;
	for (size_t i = 0; i < flow->count; i++) {
		const struct gcr_instruction *insn = &flow->instructions[i];
		if (ends_block(flow, i) && i + 1 < flow->count)
			starts[i + 1] = true;
		if (insn->op == GCR_OP_JUMP && !insn->direct &&
		    add_jump(flow, i, err) != 0)
			return -1;
		if ((insn->op != GCR_OP_JUMP && insn->op != GCR_OP_BRANCH) ||
		    !insn->direct)
			continue;
		enum where where = locate(flow, insn->target, &target);
		if (where == BETWEEN)
			return refuse(err, flow, "jumps into an instruction");
		if (where == INSIDE)
			starts[target] = true;
	}
	for (size_t i = 0; i < flow->jump_count; i++)
		for (size_t j = 0; j < flow->jumps[i].target_count; j++)
			starts[flow->jumps[i].targets[j]] = true;
	return 0;
}

static int make_blocks(struct gcr_flow *flow, struct gcr_error *err)
{
	bool *starts =
		gcr_arena_array(flow->arena, flow->count, sizeof(*starts), err);
	size_t count = 0;

	if (starts == NULL || mark_starts(flow, starts, err) != 0)
		return -1;
	for (size_t i = 0; i < flow->count; i++)
		count += starts[i];
	flow->blocks =
		gcr_arena_array(flow->arena, count, sizeof(*flow->blocks), err);
	if (flow->blocks == NULL)
		return -1;
	for (size_t i = 0; i < flow->count; i++) {
		if (starts[i])
			flow->blocks[flow->block_count++].first = i;
		flow->blocks[flow->block_count - 1].count++;
	}
	return 0;
}

int gcr_flow_make(struct gcr_image *image, struct gcr_disasm *disasm,
		  const struct gcr_image_function *function,
		  struct gcr_arena *arena, struct gcr_flow *ret,
		  struct gcr_error *err)
{
	struct gcr_flow flow = {
		.image = image,
		.disasm = disasm,
		.function = *function,
		.arena = arena,
	};

	if (decode(&flow, err) != 0 || make_blocks(&flow, err) != 0)
		return -1;
	*ret = flow;
	return 0;
}

int gcr_flow_again(const struct gcr_flow *made, struct gcr_arena *arena,
		   struct gcr_flow *ret, struct gcr_error *err)
{
	struct gcr_block *blocks =
		gcr_arena_array(arena, made->block_count, sizeof(*blocks), err);

	if (blocks == NULL)
		return -1;
	for (size_t i = 0; i < made->block_count; i++) {
		blocks[i].first = made->blocks[i].first;
		blocks[i].count = made->blocks[i].count;
	}
	*ret = *made;
	ret->blocks = blocks;
	ret->arena = arena;
	return 0;
}

// Run ----------------------------------------------------------------------------------

struct run {
	struct gcr_flow *flow;
	struct gcr_error *err;
	struct gcr_execution execution;
	struct gcr_state state; // while a block is executed
	size_t steps;
	size_t lowest; // no block before it waits
};

static struct gcr_block *block_of(struct gcr_flow *flow, size_t instruction)
{
	size_t low = 0, high = flow->block_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (flow->blocks[middle].first <= instruction)
			low = middle;
		else
			high = middle;
	}
	return &flow->blocks[low];
}

static void reach(struct run *run, size_t instruction)
{
	struct gcr_block *block = block_of(run->flow, instruction);
	size_t index = (size_t)(block - run->flow->blocks);

	if (!block->reached) {
		block->in.arena = run->flow->arena;
		gcr_state_copy(&block->in, &run->state);
		block->reached = true;
		block->waiting = true;
	} else if (gcr_state_join(&block->in, &run->state)) {
		block->waiting = true;
	}
	run->state.failed |= block->in.failed;
	run->state.depends |= block->in.depends;
	if (block->waiting && index < run->lowest)
		run->lowest = index;
}

static int reach_table(struct run *run, size_t instruction)
{
	const struct gcr_flow *flow = run->flow;
	const struct gcr_instruction *insn = &flow->instructions[instruction];
	struct gcr_fact base = run->state.registers[insn->operands[0].reg & 15];

	for (size_t i = 0; i < flow->jump_count; i++) {
		const struct gcr_jump *jump = &flow->jumps[i];
		if (jump->instruction != instruction)
			continue;
		run->state.depends |= base.symbol != 0;
		if (base.kind != GCR_FACT_IMAGE || base.bytes != WORD ||
		    base.number != jump->table)
			break;
		for (size_t j = 0; j < jump->target_count; j++)
			reach(run, jump->targets[j]);
		return 0;
	}
	return refuse(run->err, flow, "jumps to where nobody can tell");
}

// Where control goes from the last instruction of a block.
static int leave_block(struct run *run, size_t last)
{
	const struct gcr_flow *flow = run->flow;
	const struct gcr_instruction *insn = &flow->instructions[last];
	size_t target;

	if (insn->op == GCR_OP_JUMP && !insn->direct)
		return reach_table(run, last);
	if ((insn->op == GCR_OP_JUMP || insn->op == GCR_OP_BRANCH) &&
	    locate(flow, insn->target, &target) == INSIDE)
		reach(run, target);
	if ((insn->op == GCR_OP_BRANCH || !ends_block(flow, last)) &&
	    last + 1 < flow->count)
		reach(run, last + 1);
	return 0;
}

static void step(struct run *run, size_t index)
{
	run->execution.origin = (unsigned)index + 1;
	gcr_execute(&run->execution, &run->flow->instructions[index],
		    &run->flow->callees[index]);
}

/*
 * The counter of a block that runs until it is zero: `DECL R10; JNE` to its own
 * start. So does Go copy and zero since go1.25 (cmd/compile/internal/amd64/
 * ssa.go, LoweredMoveLoop, LoweredZeroLoop). NULL for other blocks.
 */
static const struct gcr_operand *find_counter(const struct gcr_flow *flow,
					      const struct gcr_block *block)
{
	size_t last = block->first + block->count - 1, at = last;
	const struct gcr_instruction *insn = &flow->instructions[last];

	if (insn->op != GCR_OP_BRANCH ||
	    !gcr_span_is(gcr_span_of(insn->mnemonic), "jne") ||
	    insn->target != flow->instructions[block->first].address)
		return NULL;
	while (at > block->first &&
	       flow->instructions[at - 1].op == GCR_OP_NOTHING)
		at--;
	if (at == block->first || flow->instructions[at - 1].op != GCR_OP_DEC ||
	    !gcr_is_general(&flow->instructions[at - 1].operands[0]))
		return NULL;
	return &flow->instructions[at - 1].operands[0];
}

// Will the block run again, for sure (1), or not (0)? -1: not known.
static int runs_again(struct run *run, const struct gcr_operand *counter)
{
	struct gcr_fact fact =
		gcr_fact_low(run->state.registers[counter->reg], counter->size);

	if (fact.kind != GCR_FACT_NUMBER || fact.bytes < counter->size)
		return -1;
	run->state.depends |= fact.symbol != 0;
	return fact.number != 0;
}

static int run_block(struct run *run, struct gcr_block *block)
{
	size_t end = block->first + block->count;
	const struct gcr_operand *counter = find_counter(run->flow, block);
	int again;

	block->waiting = false;
	gcr_state_copy(&run->state, &block->in);
	do {
		for (size_t i = block->first; i < end; i++)
			step(run, i);
		run->steps += block->count;
		again = counter ? runs_again(run, counter) : -1;
	} while (again == 1 && run->steps <= GCR_FLOW_STEPS);
	if (run->steps > GCR_FLOW_STEPS)
		return refuse(run->err, run->flow, "is too intricate");
	if (again == 0 && end < run->flow->count)
		reach(run, end);
	else if (again != 0 && leave_block(run, end - 1) != 0)
		return -1;
	if (run->state.failed)
		return gcr_fail(run->err, GCR_NOMEM, "out of memory");
	return 0;
}

static int run_all(struct run *run)
{
	struct gcr_flow *flow = run->flow;

	for (size_t i = 0; i < flow->block_count; i++) {
		if (!flow->blocks[i].waiting)
			continue;
		run->lowest = i + 1;
		if (run_block(run, &flow->blocks[i]) != 0)
			return -1;
		if (run->lowest <= i)
			i = run->lowest - 1;
	}
	return 0;
}

int gcr_flow_run(struct gcr_flow *flow, const struct gcr_state *entry,
		 size_t instruction, struct gcr_state *ret,
		 struct gcr_error *err)
{
	struct run run = {
		.flow = flow,
		.err = err,
		.state = { .arena = flow->arena },
	};

	run.execution = (struct gcr_execution){
		.image = flow->image,
		.disasm = flow->disasm,
		.state = &run.state,
	};
	for (size_t i = 0; i < flow->block_count; i++)
		flow->blocks[i].reached = flow->blocks[i].waiting = false;
	gcr_state_copy(&run.state, entry);
	reach(&run, 0);
	if (run_all(&run) != 0)
		return -1;
	struct gcr_block *block = block_of(flow, instruction);
	if (!block->reached)
		return refuse(err, flow, "has no way to this call");
	gcr_state_copy(&run.state, &block->in);
	for (size_t i = block->first; i < instruction; i++)
		step(&run, i);
	if (run.state.failed)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	*ret = run.state;
	return 0;
}
