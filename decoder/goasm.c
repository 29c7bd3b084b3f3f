/*
 * Sources first, destination last; the width is a letter behind the name, and
 * registers have one name for all widths.
 */

#include "goasm.h"

#include "span.h"

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

// Conditions: of jumps, SETcc, CMOVcc. Go cmd/internal/obj/x86/anames.go.
static const struct {
	const char *intel, *go;
} conditions[] = {
	{ "e", "EQ" }, { "ne", "NE" }, { "l", "LT" }, { "le", "LE" },
	{ "g", "GT" }, { "ge", "GE" }, { "b", "CS" }, { "be", "LS" },
	{ "a", "HI" }, { "ae", "CC" }, { "s", "MI" }, { "ns", "PL" },
	{ "p", "PS" }, { "np", "PC" }, { "o", "OS" }, { "no", "OC" },
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

// `jae`, `sete`, `cmovl`: JCC, SETEQ, CMOVQLT. False for anything else.
static bool put_conditional(struct room *room,
			    const struct gcr_instruction *insn)
{
	static const char *const starts[] = { "cmov", "set", "j" };
	static const char *const go_starts[] = { "CMOV", "SET", "J" };
	struct gcr_span name = gcr_span_of(insn->mnemonic);
	size_t which = 0;

	while (which < 3 && !gcr_span_skip(&name, starts[which]))
		which++;
	if (which == 3)
		return false;
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		if (gcr_span_is(name, conditions[i].intel)) {
			put(room, "%s", go_starts[which]);
			if (which == 0)
				put(room, "%c",
				    width_letter(insn->operands[0].size));
			put(room, "%s", conditions[i].go);
			return true;
		}
	return false;
}

static bool is_named(const struct gcr_instruction *insn, const char *name)
{
	return gcr_span_is(gcr_span_of(insn->mnemonic), name);
}

static void put_name(struct room *room, const struct gcr_instruction *insn)
{
	if (put_conditional(room, insn))
		return;
	if (is_named(insn, "cmp") || is_named(insn, "test")) {
		put(room, "%s%c", is_named(insn, "cmp") ? "CMP" : "TEST",
		    width_letter(insn->operands[0].size));
		return;
	}
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

// What lies at a distance from here is written as a symbol is, by its address.
static void put_memory(struct room *room, const struct gcr_instruction *insn,
		       const struct gcr_operand *operand)
{
	if (operand->reg == GCR_R_PC && operand->index == GCR_R_NONE) {
		put(room, "0x%" PRIx64 "(SB)",
		    insn->address + insn->size + (uint64_t)operand->immediate);
		return;
	}
	if (operand->immediate != 0)
		put_hex(room, operand->immediate);
	put(room, "(%s)", register_name(operand->reg));
	if (operand->index != GCR_R_NONE)
		put(room, "(%s*%u)", register_name(operand->index),
		    operand->scale);
}

static void put_operand(struct room *room, const struct gcr_instruction *insn,
			const struct gcr_operand *operand)
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
		put_memory(room, insn, operand);
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
	// CMP alone has its operands as the machine's own names do.
	bool kept = is_named(insn, "cmp");
	for (unsigned i = 0; i < insn->operand_count; i++) {
		unsigned at = kept ? i : insn->operand_count - 1 - i;
		put(&room, i == 0 ? " " : ", ");
		put_operand(&room, insn, &insn->operands[at]);
	}
}
