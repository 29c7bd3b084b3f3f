#ifndef GCR_DISASM_H
#define GCR_DISASM_H

/*
 * Machine code to instructions, without saying by whose help: disasm.c is the
 * only file that includes Capstone. An instruction is a plain value.
 */

#include "gocrash.h"

/*
 * What an instruction does, for those that somebody here reasons about; all
 * others are OTHER, which may do anything.
 */
enum gcr_op {
	GCR_OP_OTHER,
	GCR_OP_MOVE,	  /* mov, movabs */
	GCR_OP_MOVE_ZERO, /* movzx */
	GCR_OP_MOVE_SIGN, /* movsx, movsxd */
	GCR_OP_ADDRESS,	  /* lea */
	GCR_OP_ADD,
	GCR_OP_SUB,
	GCR_OP_AND,
	GCR_OP_OR,
	GCR_OP_XOR,
	GCR_OP_SHL,
	GCR_OP_SHR,
	GCR_OP_SAR,
	GCR_OP_MUL, /* imul with two or three operands */
	GCR_OP_NEG,
	GCR_OP_NOT,
	GCR_OP_INC,
	GCR_OP_DEC,
	GCR_OP_BSWAP,
	GCR_OP_SETS,	  /* writes only its first operand, how is not told */
	GCR_OP_SETS_WIDE, /* writes AX and DX */
	/* May write AX to DX and any of its operands: cmpxchg, cpuid, … */
	GCR_OP_SETS_MANY,
	GCR_OP_COMPARE, /* writes flags only */
	GCR_OP_EXCHANGE,
	GCR_OP_PUSH,
	GCR_OP_POP,
	GCR_OP_NOTHING, /* nop, prefetch */
	GCR_OP_CALL,
	GCR_OP_RETURN,
	GCR_OP_JUMP,
	GCR_OP_BRANCH,	    /* conditional jump */
	GCR_OP_TRAP,	    /* ud2, int3: control does not pass */
	GCR_OP_VECTOR_MOVE, /* movups, movaps, movdqu, …: 16 bytes as they are */
	GCR_OP_SCALAR_MOVE, /* movss, movsd, movd, movq; upper part zeroed */
	GCR_OP_VECTOR_XOR,  /* xorps, pxor, … */
	GCR_OP_REP_STORE,   /* rep stosq */
	GCR_OP_REP_MOVE,    /* rep movsq */
};

/* Registers of amd64 by their hardware numbers; others are OTHER. */
enum gcr_machine_register {
	GCR_R_AX,
	GCR_R_CX,
	GCR_R_DX,
	GCR_R_BX,
	GCR_R_SP,
	GCR_R_BP,
	GCR_R_SI,
	GCR_R_DI,
	GCR_R_8,
	GCR_R_14 = 14,
	GCR_R_15,
	GCR_R_X0, /* to X15 */
	GCR_R_X15 = 31,
	GCR_R_PC,
	GCR_R_OTHER,
	GCR_R_NONE,
};

enum gcr_operand_kind {
	GCR_OPERAND_NONE,
	GCR_OPERAND_REGISTER,
	GCR_OPERAND_IMMEDIATE,
	GCR_OPERAND_MEMORY,
};

struct gcr_operand {
	enum gcr_operand_kind kind;
	unsigned size; /* in bytes: of the part of a register, of the access */
	unsigned reg;  /* enum gcr_machine_register; base of a MEMORY */
	bool high;     /* AH, BH, CH, DH */
	unsigned index, scale;
	bool segment;	   /* FS or GS: no address of the data segment */
	int64_t immediate; /* sign-extended; displacement of a MEMORY */
};

struct gcr_instruction {
	uint64_t address;
	unsigned size; /* in bytes */
	enum gcr_op op;
	bool locked; /* lock prefix */
	/* CALL, JUMP, BRANCH: `target` is an address known from the code. */
	bool direct;
	uint64_t target;
	struct gcr_operand operands[4]; /* destination first */
	unsigned operand_count;
	char mnemonic[16]; /* as Intel writes it, lower case */
	char text[96];	   /* operands, the same */
};

/* The caller's; all zero is a closed one. */
struct gcr_disasm {
	size_t handle;
	void *scratch;
	enum gcr_arch arch;
};

/*
 * Instructions of `arch`: amd64, 386 and arm64 (there only CALL, JUMP, BRANCH,
 * RETURN and the texts are told). GCR_UNSUPPORTED for others, and in a build
 * without Capstone; GCR_NOMEM.
 */
GCR_MUST_CHECK int gcr_disasm_init(struct gcr_disasm *disasm,
				   enum gcr_arch arch, struct gcr_error *err);
void gcr_disasm_done(struct gcr_disasm *disasm);

/*
 * Take the instruction at the start of `*code`, which stands at `*address`, and
 * move both behind it. False, moving nothing, when there is none.
 */
bool gcr_disasm_next(struct gcr_disasm *disasm, struct gcr_span *code,
		     uint64_t *address, struct gcr_instruction *ret);

#endif
