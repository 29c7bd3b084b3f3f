/*
 * Where arguments are passed in registers, a traceback prints the slots that
 * the callee may spill them to, stored or not. Releases differ in what they
 * say about it:
 *
 *	go1.17           nothing is marked
 *	since go1.18     `?` where the slot is not known to be stored, but:
 *	to go1.21        parameters without a name have no mark, and shift the
 *	                 marks of those behind them
 *	all              the hidden dictionary of generic code shifts the marks
 *	all              a `{...}` of the fifth level shifts them as well
 *	since go1.26     a store nobody reads is left out, yet variables that
 *	                 live in memory (large structs, address taken) count as
 *	                 stored: their slots are unmarked junk in optimised code
 *
 * Go cmd/compile/internal/liveness/arg.go; the rest measured on go1.18 to
 * go1.26. Arguments on the stack are always good.
 */

#include "trust.h"

#include "span.h"

struct registers {
	unsigned ints, floats;
};

enum passing {
	IN_REGISTERS,
	ON_STACK,
	UNSURE
};

// Is it an aggregate that is never passed in registers, on any machine?
static bool never_in_registers(const struct gcr_layout *layout)
{
	if (layout->kind == GCR_ARRAY)
		return layout->length > 1 ||
		       (layout->length == 1 &&
			never_in_registers(layout->element));
	for (size_t i = 0; i < layout->field_count; i++)
		if (never_in_registers(layout->fields[i].layout))
			return true;
	return false;
}

static bool take(unsigned *from, unsigned count)
{
	if (count > *from)
		return false;
	*from -= count;
	return true;
}

// Go src/cmd/compile/abi-internal.md, "Function call argument and result".
static bool assign(const struct gcr_layout *layout, struct registers *free)
{
	enum gcr_kind kind = layout->kind;

	if (kind == GCR_FLOAT32 || kind == GCR_FLOAT64)
		return take(&free->floats, 1);
	if (kind == GCR_COMPLEX64 || kind == GCR_COMPLEX128)
		return take(&free->floats, 2);
	if (kind == GCR_ARRAY)
		return layout->length == 0 ||
		       (layout->length == 1 && assign(layout->element, free));
	for (size_t i = 0; i < layout->field_count; i++)
		if (!assign(layout->fields[i].layout, free))
			return false;
	// Every other kind takes one integer register a word, structs none.
	return take(&free->ints, gcr_kind_parts(kind));
}

static enum passing passing_of(const struct gcr_layout *layout,
			       enum gcr_arch arch, struct registers *free)
{
	struct registers left = *free;

	if (never_in_registers(layout))
		return ON_STACK;
	if (arch != GCR_AMD64 && arch != GCR_ARM64)
		return UNSURE;
	if (!assign(layout, &left))
		return ON_STACK;
	*free = left;
	return IN_REGISTERS;
}

// Go cmd/compile/internal/ssa/value.go CanSSA: not kept in memory.
static bool is_small(const struct gcr_layout *layout, unsigned word_size)
{
	if (layout->size > 4 * word_size || layout->field_count > 4)
		return false;
	if (layout->kind == GCR_ARRAY)
		return layout->length == 0 ||
		       (layout->length == 1 &&
			is_small(layout->element, word_size));
	for (size_t i = 0; i < layout->field_count; i++)
		if (!is_small(layout->fields[i].layout, word_size))
			return false;
	return true;
}

// Levels of braces.
static unsigned depth_of(const struct gcr_layout *layout)
{
	unsigned deepest = 0;

	if (gcr_kind_parts(layout->kind) > 0)
		return gcr_kind_parts(layout->kind) > 1;
	if (layout->kind == GCR_ARRAY && layout->length > 0)
		deepest = depth_of(layout->element);
	for (size_t i = 0; i < layout->field_count; i++) {
		unsigned depth = depth_of(layout->fields[i].layout);
		if (depth > deepest)
			deepest = depth;
	}
	return deepest + 1;
}

// What holds for the list as a whole.
struct doubts {
	bool stack;   // nothing at all is certain: it may be go1.17
	bool all;     // nothing that was passed in registers is certain
	bool unnamed; // nothing from the first parameter without a name on
};

static bool has_registers(const struct gcr_reading *reading,
			  const struct gcr_target *target)
{
	// Go internal/buildcfg/exp.go: in go1.17 on amd64 only.
	bool old = target->go_min == 17 && target->go_max == 17;
	bool amd64 =
		target->arch == GCR_AMD64 || target->arch == GCR_ARCH_UNKNOWN;

	return !reading->flat && reading->word_size == 8 && (amd64 || !old);
}

static bool is_unnamed(struct gcr_span name)
{
	return name.data == NULL || gcr_span_is(name, "_");
}

static bool drops_stores(const struct gcr_target *target)
{
	return target->go_max == 0 || target->go_max >= 26;
}

static struct doubts doubts_of(const struct gcr_reading *reading,
			       const struct gcr_target *target)
{
	bool marked = reading->words->marked;
	unsigned least = marked && target->go_min < 18 ? 18 : target->go_min;
	bool amd64 =
		target->arch == GCR_AMD64 || target->arch == GCR_ARCH_UNKNOWN;

	return (struct doubts){
		.stack = amd64 && least < 18,
		.all = drops_stores(target) && marked,
		.unnamed = least < 22,
	};
}

// More parameters than this are never printed.
enum {
	MOST_TRUSTED = 64
};

static void place_parameters(struct gcr_reading *reading, enum gcr_arch arch)
{
	struct registers free = { 9, 15 };
	bool sized = true;

	if (arch == GCR_ARM64)
		free = (struct registers){ 16, 16 };
	for (size_t i = 0; i < reading->parameter_count; i++) {
		const struct gcr_layout *layout = reading->parameters[i].layout;
		sized = sized && layout->sized;
		reading->parameters[i].on_stack =
			passing_of(layout, sized ? arch : GCR_ARCH_UNKNOWN,
				   &free) == ON_STACK;
	}
}

static void set_all(struct gcr_reading *reading, enum gcr_certainty plain)
{
	for (size_t i = 0; i < reading->parameter_count; i++)
		reading->parameters[i].plain = plain;
}

void gcr_trust(struct gcr_reading *reading, const struct gcr_target *target,
	       bool generic)
{
	struct doubts doubts = doubts_of(reading, target);
	bool unnamed = false, deep = false;

	set_all(reading, GCR_EXACT);
	if (!has_registers(reading, target))
		return;
	set_all(reading, GCR_UNMARKED);
	if (reading->parameter_count > MOST_TRUSTED || doubts.stack)
		return;
	place_parameters(reading, target->arch);
	for (size_t i = 0; i < reading->parameter_count; i++) {
		struct gcr_reading_parameter *parameter =
			&reading->parameters[i];
		unnamed = unnamed || is_unnamed(parameter->name);
		deep = deep || depth_of(parameter->layout) >= 5;
		bool doubtful = doubts.all || generic || deep ||
				(doubts.unnamed && unnamed);
		if (parameter->on_stack || !doubtful)
			parameter->plain = GCR_EXACT;
	}
}

static bool is_printed(const struct gcr_value *value)
{
	for (size_t i = 0; i < value->part_count; i++)
		if (value->part_certainty[i] != GCR_ELIDED)
			return true;
	for (size_t i = 0; i < value->child_count; i++)
		if (is_printed(&value->children[i]))
			return true;
	return false;
}

// In optimised code a parameter that lives in registers would show a mark.
static bool has_witness(const struct gcr_reading *reading)
{
	for (size_t i = 0; i < reading->parameter_count; i++) {
		const struct gcr_reading_parameter *parameter =
			&reading->parameters[i];
		if (!parameter->on_stack && parameter->layout->size > 0 &&
		    is_small(parameter->layout, reading->word_size) &&
		    is_printed(&reading->arguments[i]))
			return true;
	}
	return false;
}

void gcr_trust_memory(struct gcr_reading *reading,
		      const struct gcr_target *target, bool optimized)
{
	if (!has_registers(reading, target) || !drops_stores(target))
		return;
	// TODO(no list can tell): in optimised code whose small parameters are
	// all in use, a large one that is not is junk, and nothing shows it.
	if (target->go_max != 0 && !optimized && has_witness(reading))
		return;
	for (size_t i = 0; i < reading->parameter_count; i++) {
		const struct gcr_reading_parameter *parameter =
			&reading->parameters[i];
		if (!parameter->on_stack &&
		    !is_small(parameter->layout, reading->word_size))
			gcr_value_weaken(&reading->arguments[i], GCR_UNMARKED);
	}
}
