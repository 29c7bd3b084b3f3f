/*
 * Sources first, destination last; the width is a letter behind the name, and
 * registers have one name for all widths.
 */

#include "goasm.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

// clang-format off
static const char *const registers[] = {
	"AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI",
	"R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15",
	"X0", "X1", "X2", "X3", "X4", "X5", "X6", "X7",
	"X8", "X9", "X10", "X11", "X12", "X13", "X14", "X15",
	"PC", "?", "",
};

// Names that take a letter for the width; the others are upper case.
static const struct {
	unsigned char op;
	const char *name;
} names[] = {
	{ GCR_OP_MOVE, "MOV" }, { GCR_OP_ADDRESS, "LEA" },
	{ GCR_OP_ADD, "ADD" }, { GCR_OP_SUB, "SUB" }, { GCR_OP_AND, "AND" },
	{ GCR_OP_OR, "OR" }, { GCR_OP_XOR, "XOR" }, { GCR_OP_SHL, "SHL" },
	{ GCR_OP_SHR, "SHR" }, { GCR_OP_SAR, "SAR" }, { GCR_OP_MUL, "IMUL" },
	{ GCR_OP_NEG, "NEG" }, { GCR_OP_NOT, "NOT" }, { GCR_OP_INC, "INC" },
	{ GCR_OP_DEC, "DEC" }, { GCR_OP_EXCHANGE, "XCHG" },
	{ GCR_OP_PUSH, "PUSH" }, { GCR_OP_POP, "POP" },
};
// clang-format on

_Static_assert(sizeof(registers) / sizeof(registers[0]) == GCR_R_NONE + 1,
	       "one name a register");

// What is left to write into, kept NUL-terminated.
struct room {
	char *at;
	size_t left;
};

GCR_PRINTF(2, 3)
static void put(struct room *room, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int size = vsnprintf(room->at, room->left, format, arguments);
	va_end(arguments);
	if (size < 0)
		return;
	size_t used = (size_t)size < room->left ? (size_t)size : room->left - 1;
	room->at += used;
	room->left -= used;
}

static char width_letter(unsigned size)
{
	return size == 1 ? 'B' : size == 2 ? 'W' : size == 4 ? 'L' : 'Q';
}

// MOVBLZX, MOVLQSX: from and to.
static void put_extension(struct room *room, const struct gcr_instruction *insn)
{
	put(room, "MOV%c%c%s", width_letter(insn->operands[1].size),
	    width_letter(insn->operands[0].size),
	    insn->op == GCR_OP_MOVE_ZERO ? "ZX" : "SX");
}

static void put_name(struct room *room, const struct gcr_instruction *insn)
{
	if (insn->op == GCR_OP_MOVE_ZERO || insn->op == GCR_OP_MOVE_SIGN) {
		put_extension(room, insn);
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].op == insn->op) {
			put(room, "%s%c", names[i].name,
			    width_letter(insn->operands[0].size));
			return;
		}
	for (const char *c = insn->mnemonic; *c != '\0'; c++)
		put(room, "%c", *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
}

static const char *register_name(unsigned reg)
{
	return registers[reg <= GCR_R_NONE ? reg : GCR_R_OTHER];
}

static void put_hex(struct room *room, int64_t number)
{
	if (number < 0)
		put(room, "-0x%" PRIx64, 0 - (uint64_t)number);
	else
		put(room, "0x%" PRIx64, (uint64_t)number);
}

static void put_operand(struct room *room, const struct gcr_operand *operand)
{
	switch (operand->kind) {
	case GCR_OPERAND_REGISTER:
		put(room, "%s", register_name(operand->reg));
		break;
	case GCR_OPERAND_IMMEDIATE:
		put(room, "$");
		put_hex(room, operand->immediate);
		break;
	case GCR_OPERAND_MEMORY:
		if (operand->immediate != 0)
			put_hex(room, operand->immediate);
		put(room, "(%s)", register_name(operand->reg));
		if (operand->index != GCR_R_NONE)
			put(room, "(%s*%u)", register_name(operand->index),
			    operand->scale);
		break;
	case GCR_OPERAND_NONE:
		break;
	}
}

void gcr_goasm_print(const struct gcr_instruction *insn, char *to, size_t size)
{
	struct room room = { to, size };

	if (size == 0)
		return;
	*to = '\0';
	put_name(&room, insn);
	for (unsigned i = insn->operand_count; i > 0; i--) {
		put(&room, i == insn->operand_count ? " " : ", ");
		put_operand(&room, &insn->operands[i - 1]);
	}
}
