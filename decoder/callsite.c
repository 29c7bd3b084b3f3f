/*
 * For one frame: which function it is, who called it from where, how its
 * parameters are passed (all of that in sites.c), then the abstract machine run
 * through the caller up to the CALL, and its registers and slots read off.
 *
 *	frame 0  main.example  <- parts of its parameters
 *	frame 1  main.main     return address: the CALL is just before it
 *
 * At its own entry the caller held what was recovered for it, or symbols for
 * what was not. Where one of its stack slots still holds such a symbol at the
 * call, and the trace printed that slot's content as exact, the symbol is that.
 */

#include "callsite.h"

#include "arena.h"
#include "binding.h"
#include "error.h"
#include "execute.h"
#include "flow.h"
#include "goasm.h"
#include "sites.h"
#include "span.h"
#include "witness.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	WORD = 8,
	DEFAULT_MEMORY = 256 << 20,
	MOST_FRAMES = 64, /* looked at outside of the one asked for */
	MOST_ELEMENTS = 16,
};

// From `arguments` on, offsets from sp at entry: behind the return address.
enum {
	ARGUMENTS = WORD
};

struct gcr_callsites {
	struct gcr_callsite_input input;
	struct gcr_arena *arena;
	struct gcr_disasm disasm;
	struct gcr_span unusable; /* why nothing can be told; data NULL: no */
	struct gcr_recovery **frames; /* NULL: not yet asked for */
	bool witnessed;
};

int gcr_callsites_new(const struct gcr_callsite_input *input,
		      struct gcr_arena *arena, struct gcr_callsites **ret,
		      struct gcr_error *err)
{
	const struct gcr_image_info *info = gcr_image_info(input->image);
	struct gcr_callsites *sites =
		gcr_arena_alloc(arena, sizeof(*sites), err);
	struct gcr_error error;

	if (sites == NULL)
		return -1;
	sites->input = *input;
	sites->arena = arena;
	sites->frames = gcr_arena_array(arena, input->goroutine->frame_count,
					sizeof(struct gcr_recovery *), err);
	if (sites->frames == NULL)
		return -1;
	if (info->target.arch != GCR_AMD64)
		sites->unusable = GCR_SPAN("call sites are read on amd64 only");
	else if (info->register_arguments != GCR_YES)
		sites->unusable =
			GCR_SPAN("arguments are not passed in registers");
	else if (gcr_disasm_init(&sites->disasm, GCR_AMD64, &error) != 0 &&
		 gcr_arena_copy(arena, gcr_span_of(error.text),
				&sites->unusable, err) != 0)
		return -1;
	*ret = sites;
	return 0;
}

void gcr_callsites_done(struct gcr_callsites *sites)
{
	if (sites != NULL)
		gcr_disasm_done(&sites->disasm);
}

// One frame being looked at.
struct look {
	struct gcr_callsites *sites;
	struct gcr_error *err;
	struct gcr_site site;
	const struct gcr_recovery *caller; // of its own parameters
	struct gcr_recovery *ret;
	struct gcr_arena *scratch; // thrown away behind it
	struct gcr_flow flow;
	struct gcr_state at_call;
	struct gcr_bound *bound; // of the caller's entry symbols
};

static const struct gcr_frame *caller_frame(const struct look *look)
{
	return &look->sites->input.goroutine->frames[look->site.caller];
}

// The caller's entry -----------------------------------------------------------

static struct gcr_fact entry_fact(const struct gcr_recovered_part *part,
				  size_t index, unsigned size)
{
	struct gcr_fact fact = {
		.kind = GCR_FACT_ENTRY,
		.bytes = (unsigned char)size,
		.symbol = (unsigned short)index,
		.origin = GCR_ORIGIN_ENTRY | (unsigned)index,
	};

	// An address of a stack stays a symbol: it is not to be reckoned with.
	if (part == NULL || part->in_stack)
		return fact;
	if (part->in_image && size == WORD) {
		fact.kind = GCR_FACT_IMAGE;
		fact.number = part->address;
		fact.symbol = 0;
	} else if (part->known) {
		fact.kind = GCR_FACT_NUMBER;
		fact.number = part->value;
		fact.symbol = 0;
		fact = gcr_fact_low(fact, size);
	}
	return fact;
}

static void set_entry(const struct look *look, struct gcr_state *entry)
{
	const struct gcr_recovery *caller = look->caller;
	struct gcr_fact zero = { .kind = GCR_FACT_NUMBER, .bytes = WORD };

	gcr_state_init(entry, look->scratch);
	// Go cmd/compile/abi-internal.md: X15 is zero in Go code.
	entry->vectors[15][0] = entry->vectors[15][1] = zero;
	for (size_t i = 0; i < caller->abi.part_count; i++) {
		const struct gcr_abi_part *part = &caller->abi.parts[i];
		struct gcr_fact fact =
			entry_fact(caller->parts ? &caller->parts[i] : NULL, i,
				   part->size);
		if (part->reg == GCR_R_NONE)
			gcr_state_store(entry,
					(int64_t)(ARGUMENTS + part->stack),
					part->size, fact);
		else if (part->reg >= GCR_R_X0)
			entry->vectors[part->reg - GCR_R_X0][0] = fact;
		else
			entry->registers[part->reg] = fact;
	}
}

// What the registers and slots held ------------------------------------------------

static struct gcr_span parameter_name(const struct gcr_recovery *recovery,
				      size_t part)
{
	size_t parameter = recovery->abi.parts[part].parameter;

	if (parameter == recovery->dictionary)
		return GCR_SPAN("the dictionary");
	if (recovery->dictionary != SIZE_MAX &&
	    parameter > recovery->dictionary)
		parameter--;
	return recovery->parameters[parameter].name;
}

// Of the caller itself, whatever was inlined there.
static int find_line(struct look *look, uint64_t address, unsigned *ret)
{
	struct gcr_arena *arena = look->sites->arena;
	struct gcr_arena_mark mark = gcr_arena_mark(arena);
	struct gcr_image_lines lines = { 0 };
	struct gcr_error why;

	if (gcr_image_lines_at(look->sites->input.image, address, arena, &lines,
			       &why) != 0 &&
	    (why.code == GCR_NOMEM || why.code == GCR_LIMIT)) {
		*look->err = why;
		return -1;
	}
	*ret = lines.count > 0 ? lines.items[lines.count - 1].line : 0;
	gcr_arena_rewind(arena, mark);
	return 0;
}

static int describe(struct look *look, const struct gcr_fact *fact,
		    struct gcr_recovered_part *part)
{
	const struct gcr_recovery *caller = look->caller;
	struct gcr_span name = gcr_span_head(caller_frame(look)->function, 200);
	char text[GCR_GOASM_SIZE];

	if (fact->origin & GCR_ORIGIN_ENTRY) {
		size_t index = fact->origin & ~(unsigned)GCR_ORIGIN_ENTRY;
		struct gcr_span from = { 0 };
		if (caller->parts != NULL)
			from = caller->parts[index].from;
		bool more = from.data != NULL;
		return gcr_arena_print(
			look->sites->arena, &part->from, look->err,
			"%.*s of %.*s%s%.*s",
			GCR_PRINT_SPAN(parameter_name(caller, index)),
			GCR_PRINT_SPAN(name), more ? ", " : "",
			GCR_PRINT_SPAN(gcr_span_head(from, 400)));
	}
	if (fact->origin == GCR_ORIGIN_SEVERAL)
		return gcr_arena_print(look->sites->arena, &part->from,
				       look->err,
				       "the same on every way through %.*s",
				       GCR_PRINT_SPAN(name));
	const struct gcr_instruction *insn =
		&look->flow.instructions[fact->origin - 1];
	unsigned line;
	if (find_line(look, insn->address, &line) != 0)
		return -1;
	gcr_goasm_print(insn, text, sizeof(text));
	struct gcr_image_function callee;
	if (insn->op == GCR_OP_CALL && insn->direct &&
	    gcr_image_function_at(look->sites->input.image, insn->target,
				  &callee))
		snprintf(text, sizeof(text), "CALL %.*s",
			 GCR_PRINT_SPAN(gcr_span_head(callee.symbol, 60)));
	return gcr_arena_print(look->sites->arena, &part->from, look->err,
			       "%s at %.*s+0x%" PRIx64 ", line %u", text,
			       GCR_PRINT_SPAN(name),
			       insn->address - look->flow.function.entry, line);
}

// What the caller was given: by its own caller, or printed as exact.
static bool resolve_entry(const struct look *look, const struct gcr_fact *fact,
			  const struct gcr_abi_part *place,
			  struct gcr_recovered_part *part)
{
	const struct gcr_recovered_part *given = look->caller->parts;

	if (given != NULL && given[fact->symbol].in_stack) {
		part->in_stack = place->pointer;
		part->known = place->pointer && given[fact->symbol].known;
		part->stack = given[fact->symbol].stack;
		part->owner = given[fact->symbol].owner;
		part->value = given[fact->symbol].value;
		return part->in_stack;
	}
	part->known = look->bound[fact->symbol].known;
	part->value = look->bound[fact->symbol].value;
	return part->known;
}

/*
 * A stack that grew was moved since, and pointers to it with it: an address of
 * the stack is told as it is now, and only where it is a pointer.
 */
static bool resolve(const struct look *look, const struct gcr_fact *fact,
		    const struct gcr_abi_part *place,
		    struct gcr_recovered_part *part)
{
	unsigned size = place->size;
	const struct gcr_callsite_input *input = &look->sites->input;
	const struct gcr_frame *frame = caller_frame(look);
	const struct gcr_fact *sp = &look->at_call.registers[GCR_R_SP];

	if (fact->kind == GCR_FACT_UNKNOWN || fact->bytes < size)
		return false;
	switch ((enum gcr_fact_kind)fact->kind) {
	case GCR_FACT_NUMBER:
		part->known = true;
		part->value = gcr_fact_low(*fact, size).number;
		return true;
	case GCR_FACT_IMAGE:
		part->in_image = size == WORD;
		part->known = size == WORD && input->bias_known;
		part->address = fact->number;
		part->value = fact->number + input->bias;
		return part->in_image;
	case GCR_FACT_STACK:
		part->in_stack = place->pointer && sp->kind == GCR_FACT_STACK;
		part->stack = (int64_t)(fact->number - sp->number);
		part->owner = frame->function;
		part->known = part->in_stack && frame->flags & GCR_FRAME_FP_SP;
		part->value = frame->fp - WORD + fact->number;
		return part->in_stack;
	case GCR_FACT_ENTRY:
		return resolve_entry(look, fact, place, part);
	case GCR_FACT_UNKNOWN:
		break;
	}
	return false;
}

static struct gcr_fact passed(const struct look *look,
			      const struct gcr_abi_part *part)
{
	const struct gcr_state *state = &look->at_call;
	const struct gcr_fact *sp = &state->registers[GCR_R_SP];

	if (part->reg >= GCR_R_X0 && part->reg <= GCR_R_X15)
		return state->vectors[part->reg - GCR_R_X0][0];
	if (part->reg < GCR_R_X0)
		return state->registers[part->reg];
	if (sp->kind != GCR_FACT_STACK)
		return (struct gcr_fact){ .kind = GCR_FACT_UNKNOWN };
	return gcr_state_load(state, (int64_t)sp->number + (int64_t)part->stack,
			      part->size);
}

static int describe_stack(struct look *look, struct gcr_recovered_part *part)
{
	struct gcr_span from = part->from;

	return gcr_arena_print(look->sites->arena, &part->from, look->err,
			       "%.*s: a local's address, sp+0x%" PRIx64 "%s",
			       GCR_PRINT_SPAN(from), (uint64_t)part->stack,
			       part->known ? ", where the stack now is" : "");
}

/*
 * What may be the array of a slice of strings: a local of the caller's, at the
 * call.
 */
static int read_array(struct look *look, const struct gcr_fact *address,
		      uint64_t length, struct gcr_recovered_part *part)
{
	struct gcr_abi_part place = { .size = WORD };
	size_t count =
		2 * (size_t)(length < MOST_ELEMENTS ? length : MOST_ELEMENTS);

	part->array = gcr_arena_array(look->sites->arena, count,
				      sizeof(*part->array), look->err);
	if (part->array == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct gcr_fact fact = gcr_state_load(
			&look->at_call, (int64_t)(address->number + i * WORD),
			WORD);
		place.pointer = i % 2 == 0;
		if (resolve(look, &fact, &place, &part->array[i]) &&
		    describe(look, &fact, &part->array[i]) != 0)
			return -1;
	}
	part->array_count = count;
	return 0;
}

static int read_arrays(struct look *look, struct gcr_recovered_part *parts)
{
	const struct gcr_abi *abi = &look->ret->abi;

	for (size_t i = 0; i + 1 < abi->part_count; i++) {
		struct gcr_fact fact = passed(look, &abi->parts[i]);
		if (parts[i].in_stack && fact.kind == GCR_FACT_STACK &&
		    abi->parts[i].parameter == abi->parts[i + 1].parameter &&
		    parts[i + 1].known && parts[i + 1].value > 0 &&
		    read_array(look, &fact, parts[i + 1].value, &parts[i]) != 0)
			return -1;
	}
	return 0;
}

static int read_off(struct look *look)
{
	struct gcr_recovery *ret = look->ret;
	struct gcr_recovered_part *parts =
		gcr_arena_array(look->sites->arena, ret->abi.part_count,
				sizeof(*parts), look->err);

	if (parts == NULL)
		return -1;
	if (look->sites->input.read != NULL) {
		ret->caller = look->site.caller;
		ret->handed =
			gcr_arena_array(look->sites->arena, ret->abi.part_count,
					sizeof(*ret->handed), look->err);
		if (ret->handed == NULL)
			return -1;
	}
	for (size_t i = 0; i < ret->abi.part_count; i++) {
		struct gcr_fact fact = passed(look, &ret->abi.parts[i]);
		unsigned size = ret->abi.parts[i].size;
		gcr_witness_handed(ret, i, look->caller, &fact);
		if (resolve(look, &fact, &ret->abi.parts[i], &parts[i]) &&
		    describe(look, &fact, &parts[i]) != 0)
			return -1;
		// Of a wider value the rest is not passed.
		if (size < WORD)
			parts[i].value &= (UINT64_C(1) << 8 * size) - 1;
		if (fact.kind == GCR_FACT_STACK && parts[i].in_stack &&
		    describe_stack(look, &parts[i]) != 0)
			return -1;
	}
	if (read_arrays(look, parts) != 0)
		return -1;
	ret->parts = parts;
	return 0;
}

// One frame --------------------------------------------------------------------------

/*
 * A CALL through a register: of the callee itself, or, in a function that defers,
 * of a hidden wrapper that the compiler made for a deferred call.
 */
static int check_target(const struct look *look, size_t call)
{
	struct gcr_state state = look->at_call;
	const struct gcr_instruction *insn = &look->flow.instructions[call];
	struct gcr_execution execution = {
		.image = look->sites->input.image,
		.state = &state,
	};

	if (insn->direct)
		return 0;
	struct gcr_fact to =
		gcr_operand_read(&execution, insn, &insn->operands[0], WORD);
	bool known =
		(to.kind == GCR_FACT_NUMBER || to.kind == GCR_FACT_IMAGE) &&
		to.bytes == WORD;
	if (known && to.number != look->site.callee)
		return gcr_fail(
			look->err, GCR_UNSUPPORTED,
			"the caller calls something else there: a frame in between is hidden");
	if (!known && look->site.doubt.data != NULL)
		return gcr_fail(look->err, GCR_UNSUPPORTED, "%.*s",
				GCR_PRINT_SPAN(look->site.doubt));
	if (!known && look->site.caller_function.deferreturn != 0)
		return gcr_fail(
			look->err, GCR_UNSUPPORTED,
			"called through a register by a function that defers: a wrapper may stand in between");
	return 0;
}

// What the caller's own slots hold while this call is under way.
static int keep_slots(struct look *look, size_t call)
{
	struct gcr_callsites *sites = look->sites;
	struct gcr_recovery *caller = sites->frames[look->site.caller];
	struct gcr_state state = { .arena = look->scratch };
	struct gcr_execution execution = {
		.image = sites->input.image,
		.disasm = &sites->disasm,
		.state = &state,
	};

	if (sites->input.read == NULL || caller == NULL)
		return 0;
	gcr_state_copy(&state, &look->at_call);
	gcr_execute(&execution, &look->flow.instructions[call],
		    &look->flow.callees[call]);
	if (state.failed)
		return gcr_fail(look->err, GCR_NOMEM, "out of memory");
	return gcr_witness_slots(&sites->input, caller_frame(look), &state,
				 sites->arena, caller, look->err);
}

static int run(struct look *look)
{
	struct gcr_callsites *sites = look->sites;
	struct gcr_state entry;
	size_t call;

	if (gcr_flow_make(sites->input.image, &sites->disasm,
			  &look->site.caller_function, look->scratch,
			  &look->flow, look->err) != 0)
		return -1;
	if (!gcr_flow_before(&look->flow, look->site.return_address, &call) ||
	    look->flow.instructions[call].op != GCR_OP_CALL ||
	    look->flow.instructions[call].address != look->site.call_address)
		return gcr_fail(look->err, GCR_UNSUPPORTED,
				"no call stands before the return address");
	set_entry(look, &entry);
	if (entry.failed)
		return gcr_fail(look->err, GCR_NOMEM, "out of memory");
	if (gcr_flow_run(&look->flow, &entry, call, &look->at_call,
			 look->err) != 0)
		return -1;
	if (check_target(look, call) != 0 || keep_slots(look, call) != 0)
		return -1;
	const struct gcr_decoding *all = sites->input.decodings;
	return gcr_binding_make(
		look->caller, all ? &all[look->site.caller] : NULL,
		&look->at_call, look->scratch, &look->bound, look->err);
}

// What is too much for the scratch arena is a reason, not a failure.
static int give_reason(struct look *look, const struct gcr_error *error)
{
	return gcr_arena_copy(look->sites->arena, gcr_span_of(error->text),
			      &look->ret->reason, look->err);
}

static int look_at(struct look *look)
{
	const struct gcr_callsite_input *input = &look->sites->input;
	struct gcr_error error, *err = look->err;
	size_t memory = input->memory ? input->memory : DEFAULT_MEMORY;

	look->scratch = gcr_arena_new(memory);
	if (look->scratch == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	gcr_arena_fail_at(look->scratch, input->fail_at);
	look->err = &error;
	int result = run(look);
	look->err = err;
	result = result == 0 ? read_off(look) : give_reason(look, &error);
	gcr_arena_free(look->scratch);
	return result;
}

static int recover_frame(struct gcr_callsites *sites, size_t index,
			 struct gcr_error *err)
{
	static const struct gcr_recovery nothing = { .dictionary = SIZE_MAX };
	struct look look = { .sites = sites, .err = err };

	look.ret = gcr_arena_alloc(sites->arena, sizeof(*look.ret), err);
	if (look.ret == NULL)
		return -1;
	*look.ret = nothing;
	sites->frames[index] = look.ret;
	if (sites->unusable.data != NULL) {
		look.ret->reason = sites->unusable;
		return 0;
	}
	if (gcr_site_find(&sites->input, &sites->disasm, index, sites->arena,
			  &look.site, look.ret, err) != 0)
		return -1;
	if (look.ret->reason.data != NULL)
		return 0;
	look.caller = sites->frames[look.site.caller];
	if (look.caller == NULL)
		look.caller = &nothing;
	return look_at(&look);
}

int gcr_callsite_frame(struct gcr_callsites *sites, size_t index,
		       const struct gcr_recovery **ret, struct gcr_error *err)
{
	size_t count = sites->input.goroutine->frame_count;
	size_t end = count - index > MOST_FRAMES ? index + MOST_FRAMES : count;

	for (size_t i = end; i-- > index;)
		if (sites->frames[i] == NULL &&
		    recover_frame(sites, i, err) != 0) {
			sites->frames[i] = NULL;
			return -1;
		}
	*ret = sites->frames[index];
	return 0;
}

int gcr_callsite_witnessed(struct gcr_callsites *sites, size_t index,
			   const struct gcr_recovery **ret,
			   struct gcr_error *err)
{
	size_t count = sites->input.goroutine->frame_count;
	const struct gcr_recovery *looked;

	if (sites->input.read != NULL && !sites->witnessed) {
		for (size_t i = count; i-- > 0;)
			if (gcr_callsite_frame(sites, i, &looked, err) != 0)
				return -1;
		if (gcr_witness_apply(&sites->input, sites->frames,
				      sites->arena, err) != 0)
			return -1;
		sites->witnessed = true;
	}
	return gcr_callsite_frame(sites, index, ret, err);
}
