/*
 * Panic values: see coreprint.h. Errors and Stringers have become strings by
 * then: the runtime asks them before it prints, and puts the answer in their
 * place (runtime/panic.go preprintpanics).
 */

#include "coreprint.h"

#include "arena.h"
#include "gofloat.h"
#include "runtimeways.h"
#include "span.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	LONGEST_STRING = 1 << 20,
	NUMBER = 2 * GCR_FLOAT_TEXT + 8,
};

/* Kinds by what is predeclared of them: other names are types of their own. */
static const struct kind_row {
	enum gcr_runtype_kind kind;
	const char *name;
	unsigned size;
	bool is_signed;
} kinds[] = {
	{ GCR_RUNTYPE_BOOL, "bool", 1, false },
	{ GCR_RUNTYPE_INT, "int", 8, true },
	{ GCR_RUNTYPE_INT8, "int8", 1, true },
	{ GCR_RUNTYPE_INT16, "int16", 2, true },
	{ GCR_RUNTYPE_INT32, "int32", 4, true },
	{ GCR_RUNTYPE_INT64, "int64", 8, true },
	{ GCR_RUNTYPE_UINT, "uint", 8, false },
	{ GCR_RUNTYPE_UINT8, "uint8", 1, false },
	{ GCR_RUNTYPE_UINT16, "uint16", 2, false },
	{ GCR_RUNTYPE_UINT32, "uint32", 4, false },
	{ GCR_RUNTYPE_UINT64, "uint64", 8, false },
	{ GCR_RUNTYPE_UINTPTR, "uintptr", 8, false },
	{ GCR_RUNTYPE_FLOAT32, "float32", 4, false },
	{ GCR_RUNTYPE_FLOAT64, "float64", 8, false },
	{ GCR_RUNTYPE_COMPLEX64, "complex64", 4, false },
	{ GCR_RUNTYPE_COMPLEX128, "complex128", 8, false },
	{ GCR_RUNTYPE_STRING, "string", 16, false },
};

static const struct kind_row *row_of(enum gcr_runtype_kind kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].kind == kind)
			return &kinds[i];
	return NULL;
}

static uint64_t extend(uint64_t value, unsigned size)
{
	unsigned shift = 64 - 8 * size;

	if (shift == 0 || (value >> (8 * size - 1) & 1) == 0)
		return value;
	return value | UINT64_MAX << (64 - shift);
}

// To go1.25 all floats have six digits behind the point and a long exponent.
static size_t print_float(uint64_t bits, unsigned size, unsigned go, bool plus,
			  char *to)
{
	double value;
	char digits[GCR_FLOAT_TEXT], *exponent;

	if (gcr_release_does(go, GCR_WAY_SHORT_FLOATS))
		return gcr_float_text(bits, size, plus, to);
	if (size == 4) {
		uint32_t low = (uint32_t)bits;
		float narrow;

		memcpy(&narrow, &low, sizeof(narrow));
		value = (double)narrow;
	} else {
		memcpy(&value, &bits, sizeof(value));
	}
	if (value != value || value - value != 0)
		return gcr_float_text(bits, size, true, to);
	snprintf(digits, sizeof(digits), "%+.6e", value);
	exponent = strchr(digits, 'e');
	if (exponent == NULL)
		return gcr_float_text(bits, size, true, to);
	// Three digits of exponent where C has two.
	return (size_t)snprintf(to, GCR_FLOAT_TEXT, "%.*s%s%s",
				(int)(exponent - digits) + 2, digits,
				strlen(exponent) == 4 ? "0" : "", exponent + 2);
}

static bool print_number(const struct gcr_runtypes *types,
			 const struct kind_row *row, uint64_t data, unsigned go,
			 char *to)
{
	bool is_complex = row->kind == GCR_RUNTYPE_COMPLEX64 ||
			  row->kind == GCR_RUNTYPE_COMPLEX128;
	uint64_t value, second = 0;
	size_t used;

	if (!gcr_coremem_number(types->memory, data, row->size, &value) ||
	    (is_complex && !gcr_coremem_number(types->memory, data + row->size,
					       row->size, &second)))
		return false;
	if (row->kind == GCR_RUNTYPE_BOOL) {
		snprintf(to, NUMBER, "%s", value != 0 ? "true" : "false");
	} else if (is_complex) {
		to[0] = '(';
		used = 1 + print_float(value, row->size, go, false, to + 1);
		used += print_float(second, row->size, go, true, to + used);
		snprintf(to + used, NUMBER - used, "i)");
	} else if (row->kind == GCR_RUNTYPE_FLOAT32 ||
		   row->kind == GCR_RUNTYPE_FLOAT64) {
		to[print_float(value, row->size, go, false, to)] = '\0';
	} else if (row->is_signed) {
		snprintf(to, NUMBER, "%" PRId64,
			 (int64_t)extend(value, row->size));
	} else {
		snprintf(to, NUMBER, "%" PRIu64, value);
	}
	return true;
}

// Lines behind the first begin with a tab.
static int indent(struct gcr_span text, unsigned go, struct gcr_arena *arena,
		  struct gcr_span *ret, struct gcr_error *err)
{
	size_t lines = 0, used = 0;
	char *to;

	for (size_t i = 0; i < text.size; i++)
		lines += text.data[i] == '\n';
	if (lines == 0 || !gcr_release_does(go, GCR_WAY_INDENTS_PANICS)) {
		*ret = text;
		return 0;
	}
	to = gcr_arena_alloc(arena, text.size + lines, err);
	if (to == NULL)
		return -1;
	for (size_t i = 0; i < text.size; i++) {
		to[used++] = text.data[i];
		if (text.data[i] == '\n')
			to[used++] = '\t';
	}
	*ret = (struct gcr_span){ to, used };
	return 0;
}

static bool read_string(const struct gcr_runtypes *types, uint64_t at,
			struct gcr_span *ret)
{
	uint64_t data, size;

	if (!gcr_coremem_word(types->memory, at, &data) ||
	    !gcr_coremem_word(types->memory, at + 8, &size) ||
	    size > LONGEST_STRING)
		return false;
	if (size == 0) {
		*ret = GCR_SPAN("");
		return true;
	}
	return gcr_coremem_span(types->memory, data, size, ret);
}

int gcr_core_print_value(const struct gcr_runtypes *types,
			 const uint64_t words[2], unsigned go,
			 struct gcr_arena *arena, struct gcr_span *ret,
			 struct gcr_error *err)
{
	uint64_t type = words[0], data = words[1];
	const struct kind_row *row;
	struct gcr_runtype what;
	struct gcr_span text;
	char number[NUMBER];
	bool plain;

	*ret = (struct gcr_span){ 0 };
	if (type == 0) {
		*ret = GCR_SPAN("nil");
		return 0;
	}
	if (!gcr_runtype_read(types, type, &what))
		return 0;
	row = row_of(what.kind);
	plain = row != NULL && gcr_span_is(what.name, row->name);
	if (row != NULL && row->kind == GCR_RUNTYPE_STRING) {
		if (!read_string(types, data, &text))
			return 0;
		if (indent(text, go, arena, &text, err) != 0)
			return -1;
		if (!plain)
			return gcr_arena_print(arena, ret, err,
					       "%.*s(\"%.*s\")",
					       GCR_PRINT_SPAN(what.name),
					       GCR_PRINT_SPAN(text));
		*ret = text;
		return 0;
	}
	if (row != NULL) {
		if (!print_number(types, row, data, go, number))
			return 0;
		return gcr_arena_print(arena, ret, err, "%.*s%s%s%s",
				       plain ? 0 : (int)what.name.size,
				       what.name.data, plain ? "" : "(", number,
				       plain ? "" : ")");
	}
	return gcr_arena_print(arena, ret, err, "(%.*s) %#" PRIx64,
			       GCR_PRINT_SPAN(what.name), data);
}
