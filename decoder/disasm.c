/*
 * Capstone's instructions in our words. A closed world: what the table does not
 * name is OTHER, which a reader has to take for anything at all.
 */

#include "disasm.h"

#include "error.h"

#include <string.h>

#ifdef GCR_WITHOUT_CAPSTONE

int gcr_disasm_init(struct gcr_disasm *disasm, enum gcr_arch arch,
		    struct gcr_error *err)
{
	*disasm = (struct gcr_disasm){ .arch = arch };
	return gcr_fail(err, GCR_UNSUPPORTED,
			"this build reads no machine code (no Capstone)");
}

void gcr_disasm_done(struct gcr_disasm *disasm)
{
	(void)disasm;
}

bool gcr_disasm_next(struct gcr_disasm *disasm, struct gcr_span *code,
		     uint64_t *address, struct gcr_instruction *ret)
{
	(void)disasm, (void)code, (void)address, (void)ret;
	return false;
}

#else

#include <capstone/capstone.h>

// clang-format off
static const unsigned char ops[X86_INS_ENDING] = {
	[X86_INS_MOV] = GCR_OP_MOVE,
	[X86_INS_MOVABS] = GCR_OP_MOVE,
	[X86_INS_MOVZX] = GCR_OP_MOVE_ZERO,
	[X86_INS_MOVSX] = GCR_OP_MOVE_SIGN,
	[X86_INS_MOVSXD] = GCR_OP_MOVE_SIGN,
	[X86_INS_LEA] = GCR_OP_ADDRESS,
	[X86_INS_ADD] = GCR_OP_ADD,
	[X86_INS_SUB] = GCR_OP_SUB,
	[X86_INS_AND] = GCR_OP_AND,
	[X86_INS_OR] = GCR_OP_OR,
	[X86_INS_XOR] = GCR_OP_XOR,
	[X86_INS_SHL] = GCR_OP_SHL,
	[X86_INS_SHR] = GCR_OP_SHR,
	[X86_INS_SAR] = GCR_OP_SAR,
	[X86_INS_IMUL] = GCR_OP_MUL,
	[X86_INS_NEG] = GCR_OP_NEG,
	[X86_INS_NOT] = GCR_OP_NOT,
	[X86_INS_INC] = GCR_OP_INC,
	[X86_INS_DEC] = GCR_OP_DEC,
	[X86_INS_BSWAP] = GCR_OP_BSWAP,
	[X86_INS_XCHG] = GCR_OP_EXCHANGE,
	[X86_INS_PUSH] = GCR_OP_PUSH,
	[X86_INS_POP] = GCR_OP_POP,
	[X86_INS_CALL] = GCR_OP_CALL,
	[X86_INS_RET] = GCR_OP_RETURN,
	[X86_INS_JMP] = GCR_OP_JUMP,
	[X86_INS_UD2] = GCR_OP_TRAP,
	[X86_INS_INT3] = GCR_OP_TRAP,

	[X86_INS_MOVUPS] = GCR_OP_VECTOR_MOVE,
	[X86_INS_MOVUPD] = GCR_OP_VECTOR_MOVE,
	[X86_INS_MOVAPS] = GCR_OP_VECTOR_MOVE,
	[X86_INS_MOVAPD] = GCR_OP_VECTOR_MOVE,
	[X86_INS_MOVDQU] = GCR_OP_VECTOR_MOVE,
	[X86_INS_MOVDQA] = GCR_OP_VECTOR_MOVE,
	[X86_INS_MOVSS] = GCR_OP_SCALAR_MOVE,
	[X86_INS_MOVSD] = GCR_OP_SCALAR_MOVE,
	[X86_INS_MOVD] = GCR_OP_SCALAR_MOVE,
	[X86_INS_MOVQ] = GCR_OP_SCALAR_MOVE,
	[X86_INS_XORPS] = GCR_OP_VECTOR_XOR,
	[X86_INS_XORPD] = GCR_OP_VECTOR_XOR,
	[X86_INS_PXOR] = GCR_OP_VECTOR_XOR,
	[X86_INS_STOSQ] = GCR_OP_REP_STORE,
	[X86_INS_MOVSQ] = GCR_OP_REP_MOVE,

	[X86_INS_NOP] = GCR_OP_NOTHING,
	[X86_INS_PAUSE] = GCR_OP_NOTHING,
	[X86_INS_PREFETCHT0] = GCR_OP_NOTHING,
	[X86_INS_PREFETCHNTA] = GCR_OP_NOTHING,

	[X86_INS_CMP] = GCR_OP_COMPARE,
	[X86_INS_TEST] = GCR_OP_COMPARE,
	[X86_INS_BT] = GCR_OP_COMPARE,
	[X86_INS_UCOMISD] = GCR_OP_COMPARE,
	[X86_INS_UCOMISS] = GCR_OP_COMPARE,
	[X86_INS_COMISD] = GCR_OP_COMPARE,
	[X86_INS_COMISS] = GCR_OP_COMPARE,

	[X86_INS_MUL] = GCR_OP_SETS_WIDE,
	[X86_INS_DIV] = GCR_OP_SETS_WIDE,
	[X86_INS_IDIV] = GCR_OP_SETS_WIDE,
	[X86_INS_CQO] = GCR_OP_SETS_WIDE,
	[X86_INS_CDQ] = GCR_OP_SETS_WIDE,
	[X86_INS_CWD] = GCR_OP_SETS_WIDE,
	[X86_INS_CDQE] = GCR_OP_SETS_WIDE,
	[X86_INS_CWDE] = GCR_OP_SETS_WIDE,
	[X86_INS_CBW] = GCR_OP_SETS_WIDE,

	[X86_INS_XADD] = GCR_OP_SETS_MANY,
	[X86_INS_CMPXCHG] = GCR_OP_SETS_MANY,
	[X86_INS_CPUID] = GCR_OP_SETS_MANY,
	[X86_INS_RDTSC] = GCR_OP_SETS_MANY,
	[X86_INS_MULX] = GCR_OP_SETS_MANY,
	[X86_INS_BTS] = GCR_OP_SETS_MANY,
	[X86_INS_BTR] = GCR_OP_SETS_MANY,
	[X86_INS_BTC] = GCR_OP_SETS_MANY,
};

// Those that write their first operand and nothing else (flags aside).
static const unsigned short setters[] = {
	X86_INS_ADC, X86_INS_SBB, X86_INS_ROL, X86_INS_ROR, X86_INS_RCL,
	X86_INS_RCR, X86_INS_SHLD, X86_INS_SHRD, X86_INS_BSF, X86_INS_BSR,
	X86_INS_LZCNT, X86_INS_TZCNT, X86_INS_POPCNT, X86_INS_ANDN,
	X86_INS_BEXTR, X86_INS_BLSI, X86_INS_BLSR, X86_INS_BLSMSK,
	X86_INS_SHLX, X86_INS_SHRX, X86_INS_SARX, X86_INS_RORX,
	X86_INS_MOVBE, X86_INS_CRC32,
	X86_INS_CMOVA, X86_INS_CMOVAE, X86_INS_CMOVB, X86_INS_CMOVBE,
	X86_INS_CMOVE, X86_INS_CMOVG, X86_INS_CMOVGE, X86_INS_CMOVL,
	X86_INS_CMOVLE, X86_INS_CMOVNE, X86_INS_CMOVNO, X86_INS_CMOVNP,
	X86_INS_CMOVNS, X86_INS_CMOVO, X86_INS_CMOVP, X86_INS_CMOVS,
	X86_INS_SETA, X86_INS_SETAE, X86_INS_SETB, X86_INS_SETBE,
	X86_INS_SETE, X86_INS_SETG, X86_INS_SETGE, X86_INS_SETL,
	X86_INS_SETLE, X86_INS_SETNE, X86_INS_SETNO, X86_INS_SETNP,
	X86_INS_SETNS, X86_INS_SETO, X86_INS_SETP, X86_INS_SETS,
	X86_INS_ADDSD, X86_INS_ADDSS, X86_INS_SUBSD, X86_INS_SUBSS,
	X86_INS_MULSD, X86_INS_MULSS, X86_INS_DIVSD, X86_INS_DIVSS,
	X86_INS_SQRTSD, X86_INS_SQRTSS, X86_INS_MINSD, X86_INS_MINSS,
	X86_INS_MAXSD, X86_INS_MAXSS, X86_INS_ROUNDSD, X86_INS_ROUNDSS,
	X86_INS_CVTSD2SI, X86_INS_CVTSD2SS, X86_INS_CVTSI2SD,
	X86_INS_CVTSI2SS, X86_INS_CVTSS2SD, X86_INS_CVTSS2SI,
	X86_INS_CVTTSD2SI, X86_INS_CVTTSS2SI,
	X86_INS_ANDPS, X86_INS_ANDPD, X86_INS_ANDNPS, X86_INS_ANDNPD,
	X86_INS_ORPS, X86_INS_ORPD, X86_INS_PAND, X86_INS_PANDN, X86_INS_POR,
	X86_INS_CMPSD, X86_INS_CMPSS, X86_INS_PCMPEQB, X86_INS_PCMPEQD,
	X86_INS_PSLLD, X86_INS_PSLLQ, X86_INS_PSRLD, X86_INS_PSRLQ,
	X86_INS_PSLLDQ, X86_INS_PSRLDQ, X86_INS_PSHUFD, X86_INS_PSHUFB,
	X86_INS_PMOVMSKB, X86_INS_MOVMSKPS, X86_INS_MOVMSKPD,
	X86_INS_PADDD, X86_INS_PADDQ, X86_INS_PSUBB, X86_INS_PSUBD,
	X86_INS_PUNPCKLBW, X86_INS_UNPCKLPS, X86_INS_UNPCKLPD,
	X86_INS_VFMADD231SD, X86_INS_VFMADD231SS,
};

// What the runtime of arm64 reads; the rest has its text.
static const struct {
	unsigned id;
	enum gcr_op op;
} arm64_ops[] = {
	{ ARM64_INS_BL, GCR_OP_CALL },
	{ ARM64_INS_BLR, GCR_OP_CALL },
	{ ARM64_INS_B, GCR_OP_JUMP },
	{ ARM64_INS_BR, GCR_OP_JUMP },
	{ ARM64_INS_CBZ, GCR_OP_BRANCH },
	{ ARM64_INS_CBNZ, GCR_OP_BRANCH },
	{ ARM64_INS_TBZ, GCR_OP_BRANCH },
	{ ARM64_INS_TBNZ, GCR_OP_BRANCH },
	{ ARM64_INS_RET, GCR_OP_RETURN },
	{ ARM64_INS_NOP, GCR_OP_NOTHING },
};

// By hardware number; of every width.
static const unsigned short registers[][5] = {
	{ X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL, X86_REG_AH },
	{ X86_REG_RCX, X86_REG_ECX, X86_REG_CX, X86_REG_CL, X86_REG_CH },
	{ X86_REG_RDX, X86_REG_EDX, X86_REG_DX, X86_REG_DL, X86_REG_DH },
	{ X86_REG_RBX, X86_REG_EBX, X86_REG_BX, X86_REG_BL, X86_REG_BH },
	{ X86_REG_RSP, X86_REG_ESP, X86_REG_SP, X86_REG_SPL },
	{ X86_REG_RBP, X86_REG_EBP, X86_REG_BP, X86_REG_BPL },
	{ X86_REG_RSI, X86_REG_ESI, X86_REG_SI, X86_REG_SIL },
	{ X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL },
	{ X86_REG_R8, X86_REG_R8D, X86_REG_R8W, X86_REG_R8B },
	{ X86_REG_R9, X86_REG_R9D, X86_REG_R9W, X86_REG_R9B },
	{ X86_REG_R10, X86_REG_R10D, X86_REG_R10W, X86_REG_R10B },
	{ X86_REG_R11, X86_REG_R11D, X86_REG_R11W, X86_REG_R11B },
	{ X86_REG_R12, X86_REG_R12D, X86_REG_R12W, X86_REG_R12B },
	{ X86_REG_R13, X86_REG_R13D, X86_REG_R13W, X86_REG_R13B },
	{ X86_REG_R14, X86_REG_R14D, X86_REG_R14W, X86_REG_R14B },
	{ X86_REG_R15, X86_REG_R15D, X86_REG_R15W, X86_REG_R15B },
};
// clang-format on

static unsigned register_of(x86_reg reg, bool *high)
{
	*high = false;
	if (reg == X86_REG_INVALID)
		return GCR_R_NONE;
	if (reg >= X86_REG_XMM0 && reg <= X86_REG_XMM15)
		return GCR_R_X0 + (unsigned)(reg - X86_REG_XMM0);
	if (reg == X86_REG_RIP)
		return GCR_R_PC;
	for (unsigned i = 0; i < 16; i++)
		for (unsigned j = 0; j < 5; j++)
			if (registers[i][j] == (unsigned)reg) {
				*high = j == 4;
				return i;
			}
	return GCR_R_OTHER;
}

static struct gcr_operand operand_of(const cs_x86_op *op)
{
	struct gcr_operand ret = { .size = op->size, .index = GCR_R_NONE };
	bool high;

	switch (op->type) {
	case X86_OP_REG:
		ret.kind = GCR_OPERAND_REGISTER;
		ret.reg = register_of(op->reg, &ret.high);
		break;
	case X86_OP_IMM:
		ret.kind = GCR_OPERAND_IMMEDIATE;
		ret.immediate = op->imm;
		break;
	case X86_OP_MEM:
		ret.kind = GCR_OPERAND_MEMORY;
		ret.reg = register_of(op->mem.base, &high);
		ret.index = register_of(op->mem.index, &high);
		ret.scale = (unsigned)op->mem.scale;
		ret.segment = op->mem.segment == X86_REG_FS ||
			      op->mem.segment == X86_REG_GS;
		ret.immediate = op->mem.disp;
		break;
	case X86_OP_INVALID:
		break;
	}
	return ret;
}

static bool is_vector(const struct gcr_operand *operand)
{
	return operand->kind == GCR_OPERAND_REGISTER &&
	       operand->reg >= GCR_R_X0 && operand->reg <= GCR_R_X15;
}

static enum gcr_op table_op(unsigned id)
{
	if (id >= X86_INS_ENDING)
		return GCR_OP_OTHER;
	for (size_t i = 0; i < sizeof(setters) / sizeof(setters[0]); i++)
		if (setters[i] == id)
			return GCR_OP_SETS;
	return (enum gcr_op)ops[id];
}

static bool in_group(const cs_insn *insn, uint8_t group)
{
	for (uint8_t i = 0; i < insn->detail->groups_count; i++)
		if (insn->detail->groups[i] == group)
			return true;
	return false;
}

// Names that stand for several things.
static enum gcr_op settle(enum gcr_op op, const cs_insn *insn,
			  const struct gcr_instruction *ret)
{
	bool rep = insn->detail->x86.prefix[0] == X86_PREFIX_REP;
	bool vector =
		is_vector(&ret->operands[0]) || is_vector(&ret->operands[1]);

	// `loop` and `xbegin` are jumps that write registers.
	if (op == GCR_OP_OTHER && insn->mnemonic[0] == 'j' &&
	    in_group(insn, CS_GRP_JUMP))
		return GCR_OP_BRANCH;
	if (op == GCR_OP_MUL && ret->operand_count == 1)
		return GCR_OP_SETS_WIDE;
	if ((op == GCR_OP_SCALAR_MOVE || op == GCR_OP_VECTOR_MOVE) && !vector)
		return GCR_OP_OTHER;
	if ((op == GCR_OP_REP_STORE || op == GCR_OP_REP_MOVE) && !rep)
		return GCR_OP_OTHER;
	// `cmpsd` is a string instruction, too.
	if (op == GCR_OP_SETS && insn->id == X86_INS_CMPSD && !vector)
		return GCR_OP_OTHER;
	return op;
}

static void read_x86(const cs_insn *insn, struct gcr_instruction *ret)
{
	const cs_x86 *x86 = &insn->detail->x86;

	for (uint8_t i = 0; i < x86->op_count && i < 4; i++)
		ret->operands[ret->operand_count++] =
			operand_of(&x86->operands[i]);
	ret->locked = x86->prefix[0] == X86_PREFIX_LOCK;
	ret->op = settle(table_op(insn->id), insn, ret);
	// 32-bit addresses: nothing we want to reason about.
	if (x86->prefix[3] == X86_PREFIX_ADDRSIZE)
		ret->op = GCR_OP_OTHER;
	if ((ret->op == GCR_OP_CALL || ret->op == GCR_OP_JUMP ||
	     ret->op == GCR_OP_BRANCH) &&
	    ret->operands[0].kind == GCR_OPERAND_IMMEDIATE) {
		ret->direct = true;
		ret->target = (uint64_t)ret->operands[0].immediate;
	}
}

static void read_arm64(const cs_insn *insn, struct gcr_instruction *ret)
{
	const cs_arm64 *arm64 = &insn->detail->arm64;

	for (size_t i = 0; i < sizeof(arm64_ops) / sizeof(arm64_ops[0]); i++)
		if (arm64_ops[i].id == insn->id)
			ret->op = arm64_ops[i].op;
	if (ret->op == GCR_OP_JUMP && arm64->cc != ARM64_CC_INVALID &&
	    arm64->cc != ARM64_CC_AL)
		ret->op = GCR_OP_BRANCH;
	if (ret->op != GCR_OP_CALL && ret->op != GCR_OP_JUMP &&
	    ret->op != GCR_OP_BRANCH)
		return;
	for (uint8_t i = 0; i < arm64->op_count; i++)
		if (arm64->operands[i].type == ARM64_OP_IMM) {
			ret->direct = true;
			ret->target = (uint64_t)arm64->operands[i].imm;
		}
}

int gcr_disasm_init(struct gcr_disasm *disasm, enum gcr_arch arch,
		    struct gcr_error *err)
{
	cs_arch machine = arch == GCR_ARM64 ? CS_ARCH_ARM64 : CS_ARCH_X86;
	cs_mode mode = arch == GCR_ARM64 ? CS_MODE_ARM
		       : arch == GCR_386 ? CS_MODE_32
					 : CS_MODE_64;
	csh handle;

	*disasm = (struct gcr_disasm){ .arch = arch };
	if (arch != GCR_AMD64 && arch != GCR_386 && arch != GCR_ARM64)
		return gcr_fail(err, GCR_UNSUPPORTED,
				"no disassembler for '%s'",
				arch == GCR_ARCH_UNKNOWN ? "unknown"
							 : "other machines");
	if (cs_open(machine, mode, &handle) != CS_ERR_OK)
		return gcr_fail(err, GCR_NOMEM, "no disassembler");
	if (cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON) != CS_ERR_OK ||
	    (disasm->scratch = cs_malloc(handle)) == NULL) {
		cs_close(&handle);
		return gcr_fail(err, GCR_NOMEM, "no disassembler");
	}
	disasm->handle = handle;
	return 0;
}

void gcr_disasm_done(struct gcr_disasm *disasm)
{
	csh handle;

	if (disasm == NULL || disasm->scratch == NULL)
		return;
	handle = disasm->handle;
	cs_free(disasm->scratch, 1);
	cs_close(&handle);
	*disasm = (struct gcr_disasm){ 0 };
}

static void copy_text(char *to, size_t room, const char *from)
{
	size_t size = strlen(from);

	if (size >= room)
		size = room - 1;
	memcpy(to, from, size);
	to[size] = '\0';
}

bool gcr_disasm_next(struct gcr_disasm *disasm, struct gcr_span *code,
		     uint64_t *address, struct gcr_instruction *ret)
{
	const uint8_t *at = (const uint8_t *)code->data;
	size_t left = code->size;
	cs_insn *insn = disasm->scratch;

	if (insn == NULL || left == 0 ||
	    !cs_disasm_iter(disasm->handle, &at, &left, address, insn))
		return false;
	*ret = (struct gcr_instruction){
		.address = insn->address,
		.size = insn->size,
	};
	copy_text(ret->mnemonic, sizeof(ret->mnemonic), insn->mnemonic);
	copy_text(ret->text, sizeof(ret->text), insn->op_str);
	if (disasm->arch == GCR_ARM64)
		read_arm64(insn, ret);
	else
		read_x86(insn, ret);
	code->data += code->size - left;
	code->size = left;
	return true;
}

#endif
