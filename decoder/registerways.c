/* Registers that nothing writes to: see registerways.h. */

#include "registerways.h"

#include "callee.h"
#include "disasm.h"

enum {
	LONGEST_CODE = 1 << 16,
};

static bool is_register(const struct gcr_operand *operand, unsigned reg)
{
	return operand->kind == GCR_OPERAND_REGISTER && operand->reg == reg;
}

// May it write to the register? What is not known may.
static bool writes(const struct gcr_instruction *at, unsigned reg)
{
	switch (at->op) {
	case GCR_OP_COMPARE:
	case GCR_OP_NOTHING:
	case GCR_OP_PUSH:
	case GCR_OP_JUMP:
	case GCR_OP_BRANCH:
	case GCR_OP_RETURN:
	case GCR_OP_TRAP:
		return false;
	case GCR_OP_MOVE:
	case GCR_OP_MOVE_ZERO:
	case GCR_OP_MOVE_SIGN:
	case GCR_OP_ADDRESS:
	case GCR_OP_ADD:
	case GCR_OP_SUB:
	case GCR_OP_AND:
	case GCR_OP_OR:
	case GCR_OP_XOR:
	case GCR_OP_SHL:
	case GCR_OP_SHR:
	case GCR_OP_SAR:
	case GCR_OP_MUL:
	case GCR_OP_NEG:
	case GCR_OP_NOT:
	case GCR_OP_INC:
	case GCR_OP_DEC:
	case GCR_OP_BSWAP:
	case GCR_OP_SETS:
	case GCR_OP_POP:
	case GCR_OP_VECTOR_MOVE:
	case GCR_OP_SCALAR_MOVE:
	case GCR_OP_VECTOR_XOR:
		return is_register(&at->operands[0], reg);
	case GCR_OP_OTHER:
	case GCR_OP_SETS_WIDE:
	case GCR_OP_SETS_MANY:
	case GCR_OP_EXCHANGE:
	case GCR_OP_CALL:
	case GCR_OP_REP_STORE:
	case GCR_OP_REP_MOVE:
		break;
	}
	return true;
}

// Behind this the registers get back what they had, and the function is entered
// anew; it is the last that there is.
static bool grows_stack(const struct gcr_image *image,
			const struct gcr_instruction *at)
{
	return at->op == GCR_OP_CALL &&
	       gcr_callee_at(image, at->direct, at->target).kind ==
		       GCR_CALLEE_ENDS &&
	       gcr_callee_grows(image, at->target);
}

bool gcr_register_kept(const struct gcr_image *image,
		       const struct gcr_image_function *function,
		       const struct gcr_stores *stores, unsigned reg,
		       uint64_t at)
{
	// Nothing writes all of this: a way is a way.
	const struct gcr_stores_query any = { .size = UINT32_MAX, .at = at };
	uint64_t address = function->entry;
	struct gcr_instruction instruction;
	struct gcr_disasm disasm = { 0 };
	struct gcr_error lost;
	struct gcr_span code;
	bool kept = true, ends = false;

	if (!stores->known || function->size > LONGEST_CODE ||
	    !gcr_image_code(image, function, &code) ||
	    gcr_disasm_init(&disasm, GCR_AMD64, &lost) != 0)
		return false;
	while (kept && !ends &&
	       gcr_disasm_next(&disasm, &code, &address, &instruction)) {
		ends = grows_stack(image, &instruction);
		kept = ends || !writes(&instruction, reg) ||
		       !gcr_stores_reach(stores, &any,
					 instruction.address +
						 instruction.size);
	}
	gcr_disasm_done(&disasm);
	return kept && (ends || code.size == 0);
}
