/*
 * Addition, multiplication and bit operations of the low bytes of numbers
 * depend on these bytes only; shifts to the right need all of them.
 */

#include "arithmetic.h"

enum {
	WORD = 8
};

static uint64_t mask(unsigned size)
{
	return size >= WORD ? UINT64_MAX : (UINT64_C(1) << 8 * size) - 1;
}

struct gcr_fact gcr_fact_number(uint64_t number)
{
	return (struct gcr_fact){
		.kind = GCR_FACT_NUMBER,
		.bytes = WORD,
		.number = number,
	};
}

bool gcr_fact_is_number(const struct gcr_fact *fact, unsigned size)
{
	return fact->kind == GCR_FACT_NUMBER && fact->bytes >= size;
}

struct gcr_fact gcr_fact_widen(struct gcr_fact fact, unsigned size,
			       bool is_signed)
{
	fact = gcr_fact_low(fact, size);
	if (!gcr_fact_is_number(&fact, size))
		return fact;
	uint64_t sign = UINT64_C(1) << (8 * size - 1);
	fact.number &= mask(size);
	if (is_signed && (fact.number & sign) != 0)
		fact.number |= ~mask(size);
	fact.bytes = WORD;
	if (size < WORD)
		fact.symbol = gcr_fact_mixed(&fact, &fact);
	return fact;
}

static uint64_t shift_right(uint64_t a, unsigned by, unsigned size,
			    bool is_signed)
{
	uint64_t sign = UINT64_C(1) << (8 * size - 1);

	a &= mask(size);
	if (is_signed && (a & sign) != 0)
		return by == 0 ? a | ~mask(size) : ~(~(a | ~mask(size)) >> by);
	return a >> by;
}

static bool is_shift(enum gcr_op op)
{
	return op == GCR_OP_SHL || op == GCR_OP_SHR || op == GCR_OP_SAR;
}

// Of two numbers known in full, the operation being one of these.
static uint64_t compute(enum gcr_op op, uint64_t a, uint64_t b, unsigned size)
{
	unsigned by = (unsigned)(b & (size == WORD ? 63 : 31));

	// long: a flat table of operations
	switch ((unsigned)op) {
	case GCR_OP_ADD:
		return a + b;
	case GCR_OP_SUB:
		return a - b;
	case GCR_OP_AND:
		return a & b;
	case GCR_OP_OR:
		return a | b;
	case GCR_OP_XOR:
		return a ^ b;
	case GCR_OP_MUL:
		return a * b;
	case GCR_OP_SHL:
		return a << by;
	case GCR_OP_SHR:
	case GCR_OP_SAR:
		return shift_right(a, by, size, op == GCR_OP_SAR);
	case GCR_OP_NEG:
		return 0 - a;
	case GCR_OP_NOT:
		return ~a;
	case GCR_OP_INC:
		return a + 1;
	default:
		return a - 1; // GCR_OP_DEC
	}
}

static bool is_unary(enum gcr_op op)
{
	return op == GCR_OP_NEG || op == GCR_OP_NOT || op == GCR_OP_INC ||
	       op == GCR_OP_DEC;
}

// Addresses can be moved by a number.
static bool move_address(enum gcr_op op, struct gcr_fact *a,
			 const struct gcr_fact *b)
{
	if (op != GCR_OP_ADD && op != GCR_OP_SUB)
		return false;
	if (op == GCR_OP_ADD && gcr_fact_is_number(a, WORD)) {
		struct gcr_fact address = *b;
		address.number += a->number;
		address.symbol = gcr_fact_mixed(a, b);
		*a = address;
		return a->bytes == WORD &&
		       (a->kind == GCR_FACT_STACK || a->kind == GCR_FACT_IMAGE);
	}
	if ((a->kind != GCR_FACT_STACK && a->kind != GCR_FACT_IMAGE) ||
	    a->bytes != WORD || !gcr_fact_is_number(b, WORD))
		return false;
	a->number += op == GCR_OP_ADD ? b->number : 0 - b->number;
	a->symbol = gcr_fact_mixed(a, b);
	return true;
}

// Of the result of two numbers.
static unsigned short symbol_of(enum gcr_op op, const struct gcr_fact *a,
				const struct gcr_fact *b, unsigned size)
{
	bool adds = op == GCR_OP_ADD || op == GCR_OP_INC || op == GCR_OP_DEC;

	if (size == WORD && b->symbol == 0 && (adds || op == GCR_OP_SUB))
		return a->symbol;
	if (size == WORD && a->symbol == 0 && adds)
		return b->symbol;
	return gcr_fact_mixed(a, b);
}

struct gcr_fact gcr_fact_operate(enum gcr_op op, struct gcr_fact a,
				 struct gcr_fact b, unsigned size)
{
	struct gcr_fact none = { .kind = GCR_FACT_UNKNOWN };

	if (is_unary(op))
		b = gcr_fact_number(0);
	if (gcr_fact_is_number(&a, size) && gcr_fact_is_number(&b, size)) {
		// A shift by more than the width of a narrow operand.
		if (is_shift(op) && size < 4 && (b.number & 31) >= 8 * size)
			return none;
		uint64_t result = compute(op, a.number, b.number, size);
		struct gcr_fact fact = gcr_fact_number(result & mask(size));
		fact.bytes = (unsigned char)size;
		fact.symbol = symbol_of(op, &a, &b, size);
		return fact;
	}
	if (size == WORD && move_address(op, &a, &b))
		return a;
	return none;
}
