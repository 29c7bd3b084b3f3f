/*
 * One function an operation, in a table. What is not told in full by the
 * machine's manual for the operands at hand makes its results unknown.
 */

#include "execute.h"

#include "arithmetic.h"
#include "span.h"

enum {
	WORD = 8,
	MOST_COPIED = 4096,
	LONGEST_INLINE = 400
};

typedef const struct gcr_operand operand;
typedef const struct gcr_instruction instruction;

static struct gcr_fact unknown(void)
{
	return (struct gcr_fact){ .kind = GCR_FACT_UNKNOWN };
}

// Instructions --------------------------------------------------------------------

static void move(struct gcr_execution *execution, instruction *insn)
{
	operand *to = &insn->operands[0], *from = &insn->operands[1];
	struct gcr_fact fact =
		gcr_operand_read(execution, insn, from, to->size);

	gcr_operand_write(execution, insn, to, fact);
}

static void widen(struct gcr_execution *execution, instruction *insn)
{
	operand *to = &insn->operands[0], *from = &insn->operands[1];
	struct gcr_fact fact =
		gcr_operand_read(execution, insn, from, from->size);

	if (from->kind == GCR_OPERAND_REGISTER && fact.kind == GCR_FACT_STACK)
		gcr_register_escape(execution, from->reg);
	if (fact.kind == GCR_FACT_STACK)
		fact = unknown();
	gcr_operand_write(
		execution, insn, to,
		gcr_fact_widen(fact, from->size, insn->op == GCR_OP_MOVE_SIGN));
}

static void take_address(struct gcr_execution *execution, instruction *insn)
{
	struct gcr_fact fact = gcr_address(execution, insn, &insn->operands[1]);

	fact.origin = execution->origin;
	if (fact.kind == GCR_FACT_UNKNOWN)
		gcr_operands_escape(execution, insn);
	gcr_operand_write(execution, insn, &insn->operands[0], fact);
}

static void operate(struct gcr_execution *execution, instruction *insn)
{
	operand *to = &insn->operands[0];
	// `imul a, b, 3` is the only one with three.
	operand *a = &insn->operands[insn->operand_count == 3 ? 1 : 0];
	operand *b = &insn->operands[insn->operand_count == 3 ? 2 : 1];
	struct gcr_fact fact, with, by;

	if (insn->op == GCR_OP_XOR || insn->op == GCR_OP_SUB)
		if (gcr_is_general(a) && gcr_is_general(b) &&
		    a->reg == b->reg && !a->high && !b->high) {
			fact = gcr_fact_number(0);
			fact.origin = execution->origin;
			gcr_operand_write(execution, insn, to, fact);
			return;
		}
	with = gcr_operand_read(execution, insn, a, to->size);
	by = gcr_operand_read(execution, insn, b, to->size);
	fact = gcr_fact_operate(insn->op, with, by, to->size);
	// How far is shifted may be too far to be told.
	execution->state->depends |=
		fact.kind == GCR_FACT_UNKNOWN && with.kind == GCR_FACT_NUMBER &&
		by.kind == GCR_FACT_NUMBER && by.symbol != 0;
	fact.origin = execution->origin;
	if (fact.kind == GCR_FACT_UNKNOWN)
		gcr_operands_escape(execution, insn);
	gcr_operand_write(execution, insn, to, fact);
}

static void set(struct gcr_execution *execution, instruction *insn)
{
	gcr_operands_escape(execution, insn);
	gcr_operand_write(execution, insn, &insn->operands[0], unknown());
	// Whatever the width was: nothing of the register is told.
	if (gcr_is_general(&insn->operands[0]))
		execution->state->registers[insn->operands[0].reg] = unknown();
}

static void set_registers(struct gcr_execution *execution, instruction *insn,
			  unsigned last)
{
	gcr_operands_escape(execution, insn);
	for (unsigned i = GCR_R_AX; i <= last; i++) {
		gcr_register_escape(execution, i);
		execution->state->registers[i] = unknown();
	}
}

static void set_wide(struct gcr_execution *execution, instruction *insn)
{
	struct gcr_fact count = execution->state->registers[GCR_R_CX];

	set_registers(execution, insn, GCR_R_DX);
	execution->state->registers[GCR_R_CX] = count;
}

static void set_many(struct gcr_execution *execution, instruction *insn)
{
	set_registers(execution, insn, GCR_R_BX);
	for (unsigned i = 0; i < insn->operand_count; i++) {
		operand *op = &insn->operands[i];
		gcr_operand_write(execution, insn, op, unknown());
		if (gcr_is_general(op))
			execution->state->registers[op->reg] = unknown();
	}
}

static void exchange(struct gcr_execution *execution, instruction *insn)
{
	operand *a = &insn->operands[0], *b = &insn->operands[1];

	if (gcr_is_general(a) && gcr_is_general(b) && a->reg == b->reg)
		return;
	if (gcr_is_general(a) && gcr_is_general(b) && a->size == WORD) {
		struct gcr_fact fact = execution->state->registers[a->reg];
		gcr_operand_write(execution, insn, a,
				  execution->state->registers[b->reg]);
		gcr_operand_write(execution, insn, b, fact);
		return;
	}
	gcr_operands_escape(execution, insn);
	gcr_operand_write(execution, insn, a, unknown());
	gcr_operand_write(execution, insn, b, unknown());
}

static void push(struct gcr_execution *execution, instruction *insn)
{
	struct gcr_fact *sp = &execution->state->registers[GCR_R_SP];
	struct gcr_fact fact =
		gcr_operand_read(execution, insn, &insn->operands[0], WORD);

	*sp = gcr_fact_operate(GCR_OP_SUB, *sp, gcr_fact_number(WORD), WORD);
	gcr_store_at(execution, *sp, WORD, fact);
}

static void pop(struct gcr_execution *execution, instruction *insn)
{
	struct gcr_fact *sp = &execution->state->registers[GCR_R_SP];
	struct gcr_fact fact = gcr_load_at(execution, *sp, WORD);

	*sp = gcr_address_moved(*sp, WORD);
	gcr_operand_write(execution, insn, &insn->operands[0], fact);
}

static void move_vector(struct gcr_execution *execution, instruction *insn)
{
	operand *to = &insn->operands[0], *from = &insn->operands[1];
	struct gcr_fact lanes[2] = { unknown(), unknown() };
	struct gcr_fact address;

	if (gcr_is_vector(from)) {
		for (unsigned i = 0; i < 2; i++) {
			lanes[i] = gcr_lanes(execution, from->reg)[i];
			// X15 is zero by itself: it is this that makes use.
			if (lanes[i].origin == GCR_ORIGIN_SEVERAL)
				lanes[i].origin = execution->origin;
		}
	} else {
		address = gcr_address(execution, insn, from);
		lanes[0] = gcr_load_at(execution, address, WORD);
		lanes[1] = gcr_load_at(execution,
				       gcr_address_moved(address, WORD), WORD);
	}
	if (gcr_is_vector(to)) {
		gcr_lanes(execution, to->reg)[0] = lanes[0];
		gcr_lanes(execution, to->reg)[1] = lanes[1];
		return;
	}
	address = gcr_address(execution, insn, to);
	gcr_operand_store(execution, insn, to, WORD, lanes[0]);
	if (address.kind != GCR_FACT_UNKNOWN)
		gcr_store_at(execution, gcr_address_moved(address, WORD), WORD,
			     lanes[1]);
	else
		gcr_state_escape(execution->state, &lanes[1]);
}

static void move_scalar(struct gcr_execution *execution, instruction *insn)
{
	operand *to = &insn->operands[0], *from = &insn->operands[1];
	unsigned size = gcr_is_vector(from) ? to->size : from->size;
	struct gcr_fact fact;

	if (!gcr_is_vector(to)) {
		gcr_operand_write(
			execution, insn, to,
			gcr_operand_read(execution, insn, from, size));
		return;
	}
	struct gcr_fact *lanes = gcr_lanes(execution, to->reg);
	if (gcr_is_vector(from)) {
		// `movss` and `movsd` leave what is above; `movq` does not.
		bool whole = insn->mnemonic[3] != 's';
		size = insn->mnemonic[3] == 's' && insn->mnemonic[4] == 's'
			       ? 4
			       : WORD;
		fact = gcr_fact_low(gcr_lanes(execution, from->reg)[0], size);
		lanes[0] = fact;
		if (whole)
			lanes[1] = gcr_fact_number(0);
		return;
	}
	fact = gcr_operand_read(execution, insn, from, size);
	lanes[0] = gcr_fact_widen(fact, size, false);
	lanes[1] = gcr_fact_number(0);
}

static void xor_vector(struct gcr_execution *execution, instruction *insn)
{
	operand *to = &insn->operands[0], *with = &insn->operands[1];
	bool zero = gcr_is_vector(to) && gcr_is_vector(with) &&
		    to->reg == with->reg;
	struct gcr_fact fact = zero ? gcr_fact_number(0) : unknown();

	if (!gcr_is_vector(to))
		return;
	fact.origin = execution->origin;
	if (!zero)
		gcr_operands_escape(execution, insn);
	gcr_lanes(execution, to->reg)[0] = fact;
	gcr_lanes(execution, to->reg)[1] = fact;
}

// Strings ---------------------------------------------------------------------------

static void move_words(struct gcr_execution *execution, struct gcr_fact to,
		       struct gcr_fact from, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		gcr_store_at(execution, gcr_address_moved(to, i * WORD), WORD,
			     gcr_load_at(execution,
					 gcr_address_moved(from, i * WORD),
					 WORD));
}

// `rep stosq`, `rep movsq`; DF is clear, by the ABI.
static void repeat(struct gcr_execution *execution, instruction *insn)
{
	struct gcr_state *state = execution->state;
	struct gcr_fact *to = &state->registers[GCR_R_DI];
	struct gcr_fact *from = &state->registers[GCR_R_SI];
	struct gcr_fact *count = &state->registers[GCR_R_CX];
	bool copies = insn->op == GCR_OP_REP_MOVE;
	bool known = gcr_fact_is_number(count, WORD);

	state->depends |= known && count->symbol != 0;
	if (to->kind == GCR_FACT_STACK && known && copies &&
	    count->number <= MOST_COPIED)
		move_words(execution, *to, *from, count->number);
	else if (to->kind == GCR_FACT_STACK && known && !copies &&
		 count->number <= INT32_MAX / WORD)
		gcr_state_store(state, (int64_t)to->number,
				count->number * WORD,
				state->registers[GCR_R_AX]);
	else if (to->kind == GCR_FACT_STACK)
		gcr_forget_frame(execution);
	else if (to->kind != GCR_FACT_IMAGE)
		gcr_state_forget_escaped(state);
	// Words that were copied to where they are not followed.
	if (copies && to->kind != GCR_FACT_STACK &&
	    from->kind == GCR_FACT_STACK)
		gcr_state_escape(state, from);
	if (!known) {
		gcr_register_escape(execution, GCR_R_DI);
		gcr_register_escape(execution, GCR_R_SI);
	}
	uint64_t bytes = known ? count->number * WORD : 0;
	*to = known ? gcr_address_moved(*to, bytes) : unknown();
	if (copies)
		*from = known ? gcr_address_moved(*from, bytes) : unknown();
	*count = gcr_fact_number(0);
	count->origin = execution->origin;
}

// Calls -------------------------------------------------------------------------------

static void clobber_vectors(struct gcr_state *state)
{
	for (unsigned i = 0; i < 15; i++)
		state->vectors[i][0] = state->vectors[i][1] = unknown();
	// Go code finds X15 zero. Go cmd/compile/abi-internal.md.
	state->vectors[15][0] = state->vectors[15][1] = gcr_fact_number(0);
}

// What is below sp, and the arguments and results of the call, is the callee's.
static void clobber_frame(struct gcr_state *state,
			  const struct gcr_callee *callee)
{
	const struct gcr_fact *sp = &state->registers[GCR_R_SP];
	int64_t end = 0;

	if (sp->kind == GCR_FACT_STACK && callee->arguments_size >= 0 &&
	    callee->arguments_size <= INT32_MAX)
		end = (int64_t)sp->number + callee->arguments_size;
	gcr_state_forget(state, INT32_MIN, end);
	gcr_state_forget_escaped(state);
}

static void call_ordinary(struct gcr_execution *execution,
			  const struct gcr_callee *callee)
{
	struct gcr_state *state = execution->state;

	for (unsigned i = 0; i < 16; i++) {
		if (i != GCR_R_SP && i != GCR_R_BP)
			gcr_register_escape(execution, i);
		gcr_register_escape(execution, GCR_R_X0 + i);
	}
	for (unsigned i = 0; i < 16; i++)
		if (i != GCR_R_SP && i != GCR_R_BP)
			state->registers[i] = unknown();
	clobber_vectors(state);
	clobber_frame(state, callee);
}

// duffzero and duffcopy: from where they are entered to their return.
static void call_inline(struct gcr_execution *execution, instruction *insn)
{
	struct gcr_image_function function;
	struct gcr_instruction inner;
	struct gcr_callee none = { GCR_CALLEE_ORDINARY, -1 };
	struct gcr_span code;
	uint64_t at = insn->target;

	if (!gcr_image_function_at(execution->image, at, &function) ||
	    !gcr_image_code(execution->image, &function, &code)) {
		gcr_state_forget_all(execution->state);
		return;
	}
	code = gcr_span_tail(code, (size_t)(at - function.entry));
	for (unsigned i = 0; i < LONGEST_INLINE; i++) {
		if (!gcr_disasm_next(execution->disasm, &code, &at, &inner))
			break;
		if (inner.op == GCR_OP_RETURN)
			return;
		if (inner.op == GCR_OP_CALL || inner.op == GCR_OP_JUMP ||
		    inner.op == GCR_OP_BRANCH)
			break;
		gcr_execute(execution, &inner, &none);
	}
	gcr_state_forget_all(execution->state);
}

static void call(struct gcr_execution *execution, instruction *insn,
		 const struct gcr_callee *callee)
{
	struct gcr_state *state = execution->state;

	switch (callee->kind) {
	case GCR_CALLEE_INLINE:
		call_inline(execution, insn);
		return;
	case GCR_CALLEE_BARRIER:
		// Go runtime/asm_amd64.s gcWriteBarrier.
		state->registers[11] = unknown();
		clobber_vectors(state);
		return;
	case GCR_CALLEE_ORDINARY:
	case GCR_CALLEE_ENDS:
		call_ordinary(execution, callee);
		return;
	}
}

// Anything at all.
static void other(struct gcr_execution *execution, instruction *insn)
{
	(void)insn;
	gcr_state_forget_all(execution->state);
}

static void nothing(struct gcr_execution *execution, instruction *insn)
{
	(void)execution;
	(void)insn;
}

// clang-format off
static void (*const handlers[])(struct gcr_execution *, instruction *) = {
	[GCR_OP_OTHER] = other,
	[GCR_OP_MOVE] = move,
	[GCR_OP_MOVE_ZERO] = widen,
	[GCR_OP_MOVE_SIGN] = widen,
	[GCR_OP_ADDRESS] = take_address,
	[GCR_OP_ADD] = operate,
	[GCR_OP_SUB] = operate,
	[GCR_OP_AND] = operate,
	[GCR_OP_OR] = operate,
	[GCR_OP_XOR] = operate,
	[GCR_OP_SHL] = operate,
	[GCR_OP_SHR] = operate,
	[GCR_OP_SAR] = operate,
	[GCR_OP_MUL] = operate,
	[GCR_OP_NEG] = operate,
	[GCR_OP_NOT] = operate,
	[GCR_OP_INC] = operate,
	[GCR_OP_DEC] = operate,
	[GCR_OP_BSWAP] = set,
	[GCR_OP_SETS] = set,
	[GCR_OP_SETS_WIDE] = set_wide,
	[GCR_OP_SETS_MANY] = set_many,
	[GCR_OP_COMPARE] = nothing,
	[GCR_OP_EXCHANGE] = exchange,
	[GCR_OP_PUSH] = push,
	[GCR_OP_POP] = pop,
	[GCR_OP_NOTHING] = nothing,
	[GCR_OP_CALL] = NULL,
	[GCR_OP_RETURN] = nothing,
	[GCR_OP_JUMP] = nothing,
	[GCR_OP_BRANCH] = nothing,
	[GCR_OP_TRAP] = nothing,
	[GCR_OP_VECTOR_MOVE] = move_vector,
	[GCR_OP_SCALAR_MOVE] = move_scalar,
	[GCR_OP_VECTOR_XOR] = xor_vector,
	[GCR_OP_REP_STORE] = repeat,
	[GCR_OP_REP_MOVE] = repeat,
};
// clang-format on

_Static_assert(sizeof(handlers) / sizeof(handlers[0]) == GCR_OP_REP_MOVE + 1,
	       "one handler an operation");

void gcr_execute(struct gcr_execution *execution, instruction *insn,
		 const struct gcr_callee *callee)
{
	if (insn->op == GCR_OP_CALL)
		call(execution, insn, callee);
	else
		handlers[insn->op](execution, insn);
}
