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
#include "sitememo.h"
#include "span.h"
#include "witness.h"

#include <inttypes.h>

enum {
	WORD = 8,
	DEFAULT_MEMORY = 256 << 20,
	MOST_FRAMES = 64, /* looked at outside of the one asked for */
	MOST_ELEMENTS = 16,
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
	struct gcr_site_request request;
	struct gcr_site_runs *runs; // or NULL
	struct gcr_arena *runs_arena;
	struct gcr_site_run run;
	struct gcr_bound *bound; // of the caller's entry symbols
};

static const struct gcr_frame *caller_frame(const struct look *look)
{
	return &look->sites->input.goroutine->frames[look->site.caller];
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

static int describe(struct look *look, const struct gcr_fact *fact,
		    struct gcr_recovered_part *part)
{
	const struct gcr_recovery *caller = look->caller;
	struct gcr_span name = look->request.name;

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
	return gcr_site_made(&look->request, &look->run, fact->origin,
			     look->sites->arena, &part->from, look->err);
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
	const struct gcr_fact *sp = &look->run.at_call.registers[GCR_R_SP];

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
	const struct gcr_state *state = &look->run.at_call;
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
			&look->run.at_call,
			(int64_t)(address->number + i * WORD), WORD);
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
static int check_target(const struct look *look)
{
	struct gcr_state state = look->run.at_call;
	const struct gcr_instruction *insn = &look->run.call;
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
static int keep_slots(struct look *look)
{
	struct gcr_callsites *sites = look->sites;
	struct gcr_recovery *caller = sites->frames[look->site.caller];

	if (sites->input.read == NULL || caller == NULL)
		return 0;
	return gcr_witness_slots(&sites->input, caller_frame(look),
				 &look->run.after, sites->arena, caller,
				 look->err);
}

static int run(struct look *look)
{
	struct gcr_callsites *sites = look->sites;
	const struct gcr_decoding *all = sites->input.decodings;

	look->request = (struct gcr_site_request){
		.image = sites->input.image,
		.disasm = &sites->disasm,
		.site = &look->site,
		.caller = look->caller,
		.name = gcr_span_head(caller_frame(look)->function, 200),
		.after = sites->input.read != NULL,
		.scratch = look->scratch,
	};
	if (gcr_site_run(&look->request, look->runs, look->runs_arena,
			 &look->run, look->err) != 0)
		return -1;
	if (check_target(look) != 0 || keep_slots(look) != 0)
		return -1;
	return gcr_binding_make(
		look->caller, all ? &all[look->site.caller] : NULL,
		&look->run.at_call, look->scratch, &look->bound, look->err);
}

// What is too much for the scratch arena is a reason, not a failure.
static int give_reason(struct look *look, const struct gcr_error *error)
{
	return gcr_arena_copy(look->sites->arena, gcr_span_of(error->text),
			      &look->ret->reason, look->err);
}

static struct gcr_arena *need_scratch(const struct gcr_callsite_input *input)
{
	struct gcr_arena *arena;

	if (input->memo != NULL)
		return gcr_sitememo_scratch(input->memo);
	arena = gcr_arena_new(input->memory ? input->memory : DEFAULT_MEMORY);
	if (arena != NULL)
		gcr_arena_fail_at(arena, input->fail_at);
	return arena;
}

static int look_at(struct look *look)
{
	const struct gcr_callsite_input *input = &look->sites->input;
	struct gcr_error error, *err = look->err;

	look->scratch = need_scratch(input);
	if (look->scratch == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	look->err = &error;
	int result = run(look);
	look->err = err;
	result = result == 0 ? read_off(look) : give_reason(look, &error);
	gcr_sitememo_done(input->memo, look->scratch);
	return result;
}

static int recover_frame(struct gcr_callsites *sites, size_t index,
			 struct gcr_error *err)
{
	static const struct gcr_recovery nothing = { .dictionary = SIZE_MAX };
	struct look look = { .sites = sites, .err = err };
	struct gcr_sitememo_query query = { .input = &sites->input,
					    .disasm = &sites->disasm,
					    .index = index,
					    .site = &look.site };

	look.ret = gcr_arena_alloc(sites->arena, sizeof(*look.ret), err);
	if (look.ret == NULL)
		return -1;
	*look.ret = nothing;
	sites->frames[index] = look.ret;
	if (sites->unusable.data != NULL) {
		look.ret->reason = sites->unusable;
		return 0;
	}
	if (gcr_sitememo_find(&query, sites->arena, look.ret, err) != 0)
		return -1;
	if (look.ret->reason.data != NULL)
		return 0;
	look.runs = query.runs;
	look.runs_arena = query.runs_arena;
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
