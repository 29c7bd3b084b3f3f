/*
 * Locations: see dwarfloc.h.
 *
 *	DW_OP_fbreg -16, DW_OP_piece 8, DW_OP_piece 8
 *
 * is a string whose pointer is in the frame and whose length is nowhere. Of the
 * operations only those are known that Go writes; any other makes the whole
 * unavailable. Go cmd/compile/internal/ssa/debug.go and dwarfgen.
 */

#include "dwarfloc.h"

#ifdef GCR_WITHOUT_ELFUTILS

void gcr_dwarf_location(void *die, const struct gcr_location_frame *frame,
			struct gcr_location *ret)
{
	(void)die, (void)frame;
	*ret = (struct gcr_location){ 0 };
}

#else

#include <dwarf.h>
#include <elfutils/libdw.h>

enum {
	MOST_ENTRIES = 4096, /* of one list */
	SHORT_BLOCK = 0x80,  /* that has the same length byte as an exprloc */
	MOST_OPERATIONS = 128,
	STACK = 8,
	LARGEST_PIECE = 1 << 20,
};

/* The machine that runs an expression. */
struct machine {
	const struct gcr_location_frame *frame;
	struct gcr_location *to;
	uint64_t stack[STACK];
	unsigned depth;
	struct gcr_location_piece next; /* what a piece would be of */
	uint64_t offset;		/* of it */
	bool made;			/* `next` is set, or the stack is */
	bool failed;
};

static void push(struct machine *machine, uint64_t value)
{
	if (machine->depth == STACK) {
		machine->failed = true;
		return;
	}
	machine->stack[machine->depth++] = value;
	machine->next.kind = GCR_LOCATION_MEMORY;
	machine->made = true;
}

static uint64_t pop(struct machine *machine)
{
	if (machine->depth == 0) {
		machine->failed = true;
		return 0;
	}
	return machine->stack[--machine->depth];
}

static void in_register(struct machine *machine, uint64_t number)
{
	const struct gcr_location_frame *frame = machine->frame;

	machine->made = true;
	machine->next.kind = GCR_LOCATION_UNAVAILABLE;
	machine->next.reg = (unsigned)number + 1;
	if (number < GCR_LOCATION_REGISTERS &&
	    (frame->saved >> number & 1) != 0) {
		machine->next.kind = GCR_LOCATION_VALUE;
		machine->next.value = frame->registers[number];
	}
}

static void end_piece(struct machine *machine, uint64_t size)
{
	struct gcr_location_piece piece = machine->next;
	struct gcr_location *to = machine->to;

	if (machine->depth > 0)
		piece.value = pop(machine);
	if (!machine->made)
		piece.kind = GCR_LOCATION_UNAVAILABLE;
	piece.size = size;
	piece.offset = machine->offset;
	machine->offset += size;
	machine->depth = 0;
	machine->made = false;
	machine->next = (struct gcr_location_piece){ 0 };
	if (to->count == GCR_LOCATION_PIECES || size > LARGEST_PIECE) {
		machine->failed = true;
		return;
	}
	to->pieces[to->count++] = piece;
}

// Expressions end with a piece, or stand for the whole variable.
static bool run_stack(struct machine *machine, const Dwarf_Op *operation)
{
	switch (operation->atom) {
	case DW_OP_call_frame_cfa:
		push(machine, machine->frame->cfa);
		return true;
	case DW_OP_fbreg:
		push(machine, machine->frame->cfa + operation->number);
		return true;
	case DW_OP_addr:
		push(machine, operation->number + machine->frame->bias);
		return true;
	case DW_OP_consts:
	case DW_OP_constu:
	case DW_OP_const1u:
	case DW_OP_const2u:
	case DW_OP_const4u:
	case DW_OP_const8u:
	case DW_OP_const1s:
	case DW_OP_const2s:
	case DW_OP_const4s:
	case DW_OP_const8s:
		push(machine, operation->number);
		return true;
	case DW_OP_plus:
		push(machine, pop(machine) + pop(machine));
		return true;
	case DW_OP_plus_uconst:
		push(machine, pop(machine) + operation->number);
		return true;
	case DW_OP_stack_value:
		machine->next.kind = GCR_LOCATION_VALUE;
		machine->next.value = pop(machine);
		return true;
	default:
		return false;
	}
}

static void run_one(struct machine *machine, const Dwarf_Op *operation)
{
	unsigned atom = operation->atom;

	if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31)
		in_register(machine, atom - DW_OP_reg0);
	else if (atom == DW_OP_regx)
		in_register(machine, operation->number);
	else if (atom == DW_OP_piece)
		end_piece(machine, operation->number);
	else if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
		push(machine, atom - DW_OP_lit0);
	else if (!run_stack(machine, operation))
		machine->failed = true;
}

static void run(const struct gcr_location_frame *frame,
		const Dwarf_Op *operations, size_t count,
		struct gcr_location *to)
{
	struct machine machine = { .frame = frame, .to = to };

	if (count > MOST_OPERATIONS)
		return;
	for (size_t i = 0; i < count && !machine.failed; i++)
		run_one(&machine, &operations[i]);
	if (!machine.failed && machine.made && to->count == 0)
		end_piece(&machine, 0);
	// What is behind the last piece belongs to nothing.
	if (machine.failed || machine.made)
		to->count = 0;
	to->listed_count = to->count;
}

void gcr_dwarf_location_rule(void *die, uint64_t pc,
			     struct gcr_location_rule *ret)
{
	Dwarf_Attribute attribute;
	Dwarf_Addr base, start, end;
	Dwarf_Op *operations;
	ptrdiff_t at = 0;
	size_t count;

	*ret = (struct gcr_location_rule){ 0 };
	if (dwarf_attr(die, DW_AT_location, &attribute) == NULL)
		return;
	// Go writes expressions as blocks, which libdw takes in old DWARF alone.
	if (attribute.form == DW_FORM_block1 && attribute.valp[0] < SHORT_BLOCK)
		attribute.form = DW_FORM_exprloc;
	ret->listed = attribute.form != DW_FORM_exprloc;
	for (unsigned i = 0; i < MOST_ENTRIES; i++) {
		at = dwarf_getlocations(&attribute, at, &base, &start, &end,
					&operations, &count);
		if (at <= 0)
			return;
		if (!ret->listed || (pc >= start && pc < end)) {
			ret->operations = operations;
			ret->count = count;
			return;
		}
	}
}

void gcr_dwarf_location_of(const struct gcr_location_rule *rule,
			   const struct gcr_location_frame *frame,
			   struct gcr_location *ret)
{
	*ret = (struct gcr_location){ .listed = rule->listed };
	if (rule->operations != NULL)
		run(frame, rule->operations, rule->count, ret);
}

void gcr_dwarf_location(void *die, const struct gcr_location_frame *frame,
			struct gcr_location *ret)
{
	struct gcr_location_rule rule;

	gcr_dwarf_location_rule(die, frame->pc, &rule);
	gcr_dwarf_location_of(&rule, frame, ret);
}

#endif
