/*
 * Values and parts of a list of parameters stand in the same order, so one walk
 * through the types serves both.
 */

#include "binding.h"

#include "arena.h"
#include "span.h"

enum {
	ARGUMENTS = 8 /* from sp at entry: behind the return address */
};

struct binder {
	const struct gcr_recovery *caller;
	struct gcr_state at_call;
	struct gcr_bound *bound;
	size_t part; // of the caller's abi
};

/*
 * The callee has every register and what stands for it on the stack; what is in
 * other memory has escaped when it was stored.
 */
static void escape_all(struct gcr_state *state)
{
	for (unsigned i = 0; i < 16; i++) {
		if (i != GCR_R_SP && i != GCR_R_BP)
			gcr_state_escape(state, &state->registers[i]);
		gcr_state_escape(state, &state->vectors[i][0]);
		gcr_state_escape(state, &state->vectors[i][1]);
	}
}

static void bind_part(struct binder *binder, const struct gcr_value *value,
		      size_t index)
{
	const struct gcr_abi *abi = &binder->caller->abi;

	if (binder->part >= abi->part_count)
		return;
	const struct gcr_abi_part *part = &abi->parts[binder->part++];
	int64_t slot = (int64_t)(ARGUMENTS + part->stack);
	if (value == NULL || index >= value->part_count ||
	    value->part_certainty[index] != GCR_EXACT ||
	    slot + part->size > binder->at_call.escaped_argument)
		return;
	struct gcr_fact fact =
		gcr_state_load(&binder->at_call, slot, part->size);
	if (fact.kind != GCR_FACT_ENTRY || fact.bytes < part->size ||
	    abi->parts[fact.symbol].size > part->size)
		return;
	binder->bound[fact.symbol] =
		(struct gcr_bound){ true, value->part[index] };
}

static void bind_value(struct binder *binder, const struct gcr_layout *layout,
		       const struct gcr_value *value)
{
	unsigned parts = gcr_kind_parts(layout->kind);

	for (unsigned i = 0; i < parts; i++)
		bind_part(binder, value, i);
	for (size_t i = 0; i < layout->field_count; i++)
		bind_value(binder, layout->fields[i].layout,
			   value != NULL && i < value->child_count
				   ? &value->children[i]
				   : NULL);
	if (layout->kind != GCR_ARRAY || layout->element->size == 0)
		return;
	for (uint64_t i = 0; i < layout->length; i++)
		bind_value(binder, layout->element,
			   value != NULL && i < value->child_count
				   ? &value->children[i]
				   : NULL);
}

static bool same_parameters(const struct gcr_decoding *decoding,
			    const struct gcr_recovery *caller)
{
	if (decoding->flat ||
	    decoding->argument_count != caller->parameter_count)
		return false;
	for (size_t i = 0; i < caller->parameter_count; i++)
		if (decoding->arguments[i].kind !=
			    caller->parameters[i].layout->kind ||
		    !gcr_span_equal(decoding->arguments[i].name,
				    caller->parameters[i].name))
			return false;
	return true;
}

// A decoding and what it is held against: one step.
// NOLINTNEXTLINE(readability-function-size)
int gcr_binding_make(const struct gcr_recovery *caller,
		     const struct gcr_decoding *decoding,
		     const struct gcr_state *at_call, struct gcr_arena *arena,
		     struct gcr_bound **ret, struct gcr_error *err)
{
	struct binder binder = { .caller = caller, .at_call = *at_call };

	binder.bound = gcr_arena_array(arena, caller->abi.part_count,
				       sizeof(*binder.bound), err);
	if (binder.bound == NULL)
		return -1;
	*ret = binder.bound;
	// A dictionary shifts what is printed: left alone.
	if (decoding == NULL || caller->dictionary != SIZE_MAX ||
	    !same_parameters(decoding, caller))
		return 0;
	escape_all(&binder.at_call);
	for (size_t i = 0; i < caller->parameter_count; i++)
		bind_value(&binder, caller->parameters[i].layout,
			   &decoding->arguments[i]);
	return 0;
}
