/*
 * Registers are written by width as the machine does: eight bytes, four with
 * the rest zeroed, or one or two with the rest kept. An address of the stack
 * that goes into something not followed has escaped: what it points to may
 * change at any call or store through an unknown pointer.
 */

#include "access.h"

#include "arithmetic.h"

enum {
	WORD = 8
};

typedef const struct gcr_operand operand;
typedef const struct gcr_instruction instruction;

static struct gcr_fact unknown(void)
{
	return (struct gcr_fact){ .kind = GCR_FACT_UNKNOWN };
}

bool gcr_is_general(operand *op)
{
	return op->kind == GCR_OPERAND_REGISTER && op->reg < 16;
}

bool gcr_is_vector(operand *op)
{
	return op->kind == GCR_OPERAND_REGISTER && op->reg >= GCR_R_X0 &&
	       op->reg <= GCR_R_X15;
}

struct gcr_fact *gcr_lanes(struct gcr_execution *execution, unsigned reg)
{
	return execution->state->vectors[reg - GCR_R_X0];
}

// Addresses -------------------------------------------------------------------

static struct gcr_fact add(struct gcr_fact a, struct gcr_fact b)
{
	return gcr_fact_operate(GCR_OP_ADD, a, b, WORD);
}

static struct gcr_fact register_of(const struct gcr_execution *execution,
				   unsigned reg)
{
	if (reg == GCR_R_NONE)
		return gcr_fact_number(0);
	return reg < 16 ? execution->state->registers[reg] : unknown();
}

struct gcr_fact gcr_address(const struct gcr_execution *execution,
			    instruction *insn, operand *op)
{
	struct gcr_fact disp = gcr_fact_number((uint64_t)op->immediate);

	if (op->segment)
		return unknown();
	if (op->reg == GCR_R_PC) {
		struct gcr_fact pc =
			gcr_fact_number(insn->address + insn->size);
		pc.kind = GCR_FACT_IMAGE;
		return add(pc, disp);
	}
	struct gcr_fact base = register_of(execution, op->reg);
	struct gcr_fact index = register_of(execution, op->index);
	if (op->index != GCR_R_NONE && op->scale != 1)
		index = gcr_fact_operate(GCR_OP_MUL, index,
					 gcr_fact_number(op->scale), WORD);
	return add(add(base, index), disp);
}

// An address of the stack with an index nobody knows.
static bool is_somewhere_in_frame(const struct gcr_execution *execution,
				  operand *op)
{
	struct gcr_fact base = register_of(execution, op->reg);
	struct gcr_fact index = register_of(execution, op->index);

	return base.kind == GCR_FACT_STACK || index.kind == GCR_FACT_STACK;
}

void gcr_register_escape(struct gcr_execution *execution, unsigned reg)
{
	struct gcr_state *state = execution->state;

	if (reg < 16 && reg != GCR_R_SP)
		gcr_state_escape(state, &state->registers[reg]);
	if (reg >= GCR_R_X0 && reg <= GCR_R_X15) {
		gcr_state_escape(state, &state->vectors[reg - GCR_R_X0][0]);
		gcr_state_escape(state, &state->vectors[reg - GCR_R_X0][1]);
	}
}

// The operands go where they are not followed.
void gcr_operands_escape(struct gcr_execution *execution, instruction *insn)
{
	for (unsigned i = 0; i < insn->operand_count; i++) {
		operand *op = &insn->operands[i];
		if (op->kind == GCR_OPERAND_REGISTER)
			gcr_register_escape(execution, op->reg);
		// `lea` hands out what a load or a store only goes through.
		if (op->kind == GCR_OPERAND_MEMORY &&
		    insn->op == GCR_OP_ADDRESS) {
			gcr_register_escape(execution, op->reg);
			gcr_register_escape(execution, op->index);
		}
		if (op->kind == GCR_OPERAND_MEMORY &&
		    insn->op == GCR_OP_ADDRESS &&
		    is_somewhere_in_frame(execution, op))
			execution->state->escaped = INT64_MIN;
	}
}

// Loads and stores --------------------------------------------------------------

static struct gcr_fact load_image(const struct gcr_execution *execution,
				  uint64_t address, unsigned size)
{
	struct gcr_span bytes;
	uint64_t number = 0;
	enum gcr_memory_kind kind =
		gcr_image_read(execution->image, address, size, &bytes);

	if ((kind != GCR_MEMORY_READ_ONLY && kind != GCR_MEMORY_CODE) ||
	    bytes.size < size)
		return unknown();
	for (unsigned i = 0; i < size; i++)
		number |= (uint64_t)(unsigned char)bytes.data[i] << 8 * i;
	struct gcr_fact fact = gcr_fact_number(number);
	fact.bytes = (unsigned char)size;
	return fact;
}

struct gcr_fact gcr_load_at(const struct gcr_execution *execution,
			    struct gcr_fact address, unsigned size)
{
	struct gcr_fact fact = unknown();

	if (address.bytes != WORD || size == 0 || size > WORD)
		return fact;
	if (address.kind == GCR_FACT_STACK || address.kind == GCR_FACT_IMAGE)
		execution->state->depends |= address.symbol != 0;
	if (address.kind == GCR_FACT_STACK)
		return gcr_state_load(execution->state, (int64_t)address.number,
				      size);
	if (address.kind == GCR_FACT_IMAGE)
		fact = load_image(execution, address.number, size);
	fact.origin = execution->origin;
	return fact;
}

void gcr_store_at(struct gcr_execution *execution, struct gcr_fact address,
		  unsigned size, struct gcr_fact fact)
{
	struct gcr_state *state = execution->state;

	if (address.kind == GCR_FACT_STACK && address.bytes == WORD) {
		state->depends |= address.symbol != 0;
		gcr_state_store(state, (int64_t)address.number, size, fact);
		return;
	}
	gcr_state_escape(state, &fact);
	// The program's own variables are no part of a stack.
	if (address.kind != GCR_FACT_IMAGE)
		gcr_state_forget_escaped(state);
}

static struct gcr_fact load(const struct gcr_execution *execution,
			    instruction *insn, operand *op, unsigned size)
{
	return gcr_load_at(execution, gcr_address(execution, insn, op), size);
}

void gcr_forget_frame(struct gcr_execution *execution)
{
	execution->state->escaped = INT64_MIN;
	execution->state->escaped_argument = WORD;
	gcr_state_forget_escaped(execution->state);
}

void gcr_operand_store(struct gcr_execution *execution, instruction *insn,
		       operand *op, unsigned size, struct gcr_fact fact)
{
	struct gcr_fact address = gcr_address(execution, insn, op);

	if (address.kind == GCR_FACT_UNKNOWN &&
	    is_somewhere_in_frame(execution, op)) {
		gcr_state_escape(execution->state, &fact);
		gcr_forget_frame(execution);
		return;
	}
	gcr_store_at(execution, address, size, fact);
}

struct gcr_fact gcr_operand_read(const struct gcr_execution *execution,
				 instruction *insn, operand *op, unsigned size)
{
	struct gcr_fact fact;

	switch (op->kind) {
	case GCR_OPERAND_REGISTER:
		if (op->high)
			return unknown();
		if (gcr_is_vector(op))
			fact = execution->state->vectors[op->reg - GCR_R_X0][0];
		else
			fact = register_of(execution, op->reg);
		return gcr_fact_low(fact, size);
	case GCR_OPERAND_IMMEDIATE:
		fact = gcr_fact_number((uint64_t)op->immediate);
		fact.origin = execution->origin;
		return fact;
	case GCR_OPERAND_MEMORY:
		return load(execution, insn, op, size);
	case GCR_OPERAND_NONE:
		break;
	}
	return unknown();
}

static struct gcr_fact merge_low(struct gcr_fact old, struct gcr_fact fact,
				 unsigned size)
{
	uint64_t mask = (UINT64_C(1) << 8 * size) - 1;

	fact = gcr_fact_low(fact, size);
	if (!gcr_fact_is_number(&fact, size) || !gcr_fact_is_number(&old, size))
		return fact;
	fact.number = (old.number & ~mask) | (fact.number & mask);
	fact.symbol = gcr_fact_mixed(&fact, &old);
	fact.bytes = old.bytes;
	return fact;
}

static void write_general(struct gcr_execution *execution, operand *op,
			  struct gcr_fact fact)
{
	struct gcr_state *state = execution->state;
	struct gcr_fact *reg = &state->registers[op->reg];

	if (op->size < WORD) {
		gcr_state_escape(state, &fact);
		if (fact.kind == GCR_FACT_STACK || fact.kind == GCR_FACT_IMAGE)
			fact = unknown();
	}
	if (op->size < 4 && op->reg != GCR_R_SP)
		gcr_state_escape(state, reg);
	if (op->high)
		*reg = gcr_fact_low(*reg, 1);
	else if (op->size == 4)
		*reg = gcr_fact_widen(fact, 4, false);
	else if (op->size < 4)
		*reg = merge_low(*reg, fact, op->size);
	else
		*reg = fact;
	if (reg->kind == GCR_FACT_STACK && reg->bytes != WORD) {
		gcr_state_escape(state, reg);
		*reg = unknown();
	}
}

void gcr_operand_write(struct gcr_execution *execution, instruction *insn,
		       operand *op, struct gcr_fact fact)
{
	if (gcr_is_general(op)) {
		write_general(execution, op, fact);
	} else if (gcr_is_vector(op)) {
		struct gcr_fact *lanes =
			execution->state->vectors[op->reg - GCR_R_X0];
		lanes[0] = lanes[1] = unknown();
	} else if (op->kind == GCR_OPERAND_MEMORY) {
		gcr_operand_store(execution, insn, op, op->size, fact);
	}
}

struct gcr_fact gcr_address_moved(struct gcr_fact address, uint64_t bytes)
{
	return add(address, gcr_fact_number(bytes));
}
