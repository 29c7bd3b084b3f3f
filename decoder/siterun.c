/*
 * What is kept of a run: see siterun.h. A run is for what the caller's arguments
 * were at its entry, part by part:
 *
 *	AX   NUMBER 0xc000012000, made of part 0
 *	BX   ENTRY, nothing known of part 1
 *
 * If nothing in its state depends on that number in another way than being it, with
 * a constant added, the run serves any other number in AX: then those that are
 * made of part 0 are that one instead. Else it serves the same number only.
 */

#include "siterun.h"

#include "arena.h"
#include "arithmetic.h"
#include "error.h"
#include "execute.h"
#include "goasm.h"
#include "span.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	WORD = 8,
	MOST_RUNS = 8, /* of one call */
	// From sp at entry: behind the return address.
	ARGUMENTS = WORD,
	LONGEST_KEPT = 16384, /* bytes of a function */
};

/* A part of the caller's arguments, and what is known of it. */
struct given {
	struct gcr_fact fact;
	unsigned size, reg;
	uint64_t stack;
};

struct gcr_site_kept {
	struct gcr_site_kept *next;
	struct given *given;
	size_t given_count;
	bool any;		 /* number in the place of another */
	struct gcr_span refused; /* data NULL: it was not */
	struct gcr_site_run run;
};

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
		fact.symbol = (unsigned short)(index + 1);
		fact = gcr_fact_low(fact, size);
	}
	return fact;
}

static int list_given(const struct gcr_site_request *request,
		      struct given **ret, struct gcr_error *err)
{
	const struct gcr_recovery *caller = request->caller;
	struct given *given = gcr_arena_array(
		request->scratch, caller->abi.part_count, sizeof(*given), err);

	if (given == NULL)
		return -1;
	for (size_t i = 0; i < caller->abi.part_count; i++) {
		const struct gcr_abi_part *part = &caller->abi.parts[i];

		given[i].fact =
			entry_fact(caller->parts ? &caller->parts[i] : NULL, i,
				   part->size);
		given[i].size = part->size;
		given[i].reg = part->reg;
		given[i].stack = part->stack;
	}
	*ret = given;
	return 0;
}

static void set_entry(const struct given *given, size_t count,
		      struct gcr_arena *arena, struct gcr_state *entry)
{
	struct gcr_fact zero = { .kind = GCR_FACT_NUMBER, .bytes = WORD };

	gcr_state_init(entry, arena);
	// Go cmd/compile/abi-internal.md: X15 is zero in Go code.
	entry->vectors[15][0] = entry->vectors[15][1] = zero;
	for (size_t i = 0; i < count; i++) {
		if (given[i].reg == GCR_R_NONE)
			gcr_state_store(entry,
					(int64_t)(ARGUMENTS + given[i].stack),
					given[i].size, given[i].fact);
		else if (given[i].reg >= GCR_R_X0)
			entry->vectors[given[i].reg - GCR_R_X0][0] =
				given[i].fact;
		else
			entry->registers[given[i].reg] = given[i].fact;
	}
}

// One run ------------------------------------------------------------------------

// What the caller's own slots hold while this call is under way.
static int run_call(const struct gcr_site_request *request, size_t call,
		    struct gcr_site_run *to, struct gcr_error *err)
{
	struct gcr_execution execution = {
		.image = request->image,
		.disasm = request->disasm,
		.state = &to->after,
	};

	to->after = (struct gcr_state){ .arena = request->scratch };
	if (!request->after)
		return 0;
	gcr_state_copy(&to->after, &to->at_call);
	to->after.depends = to->at_call.depends;
	gcr_execute(&execution, &to->flow.instructions[call],
		    &to->flow.callees[call]);
	if (to->after.failed)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	return 0;
}

// The code of a function that is run for the second time is kept.
static int make_flow(const struct gcr_site_request *request,
		     struct gcr_site_runs *runs, struct gcr_arena *arena,
		     struct gcr_flow *ret, struct gcr_error *err)
{
	const struct gcr_image_function *function =
		&request->site->caller_function;

	if (runs == NULL || runs->count == 0 || function->size > LONGEST_KEPT)
		return gcr_flow_make(request->image, request->disasm, function,
				     request->scratch, ret, err);
	if (runs->flow == NULL) {
		struct gcr_flow *flow =
			gcr_arena_alloc(arena, sizeof(*flow), err);

		if (flow == NULL ||
		    gcr_flow_make(request->image, request->disasm, function,
				  arena, flow, err) != 0)
			return -1;
		runs->flow = flow;
	}
	// Disassemblers are a goroutine's.
	runs->flow->disasm = request->disasm;
	return gcr_flow_again(runs->flow, request->scratch, ret, err);
}

static int run(const struct gcr_site_request *request,
	       const struct given *given, struct gcr_site_run *to,
	       struct gcr_error *err)
{
	const struct gcr_site *site = request->site;
	struct gcr_state entry;
	size_t call;

	if (!gcr_flow_before(&to->flow, site->return_address, &call) ||
	    to->flow.instructions[call].op != GCR_OP_CALL ||
	    to->flow.instructions[call].address != site->call_address)
		return gcr_fail(err, GCR_UNSUPPORTED,
				"no call stands before the return address");
	to->call = to->flow.instructions[call];
	set_entry(given, request->caller->abi.part_count, request->scratch,
		  &entry);
	if (entry.failed)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	if (gcr_flow_run(&to->flow, &entry, call, &to->at_call, err) != 0)
		return -1;
	return run_call(request, call, to, err);
}

// Origins ----------------------------------------------------------------------------

// Of the caller itself, whatever was inlined there.
static int find_line(const struct gcr_site_request *request, uint64_t address,
		     struct gcr_arena *arena, unsigned *ret,
		     struct gcr_error *err)
{
	struct gcr_arena_mark mark = gcr_arena_mark(arena);
	struct gcr_image_lines lines = { 0 };
	struct gcr_error why;

	if (gcr_image_lines_at(request->image, address, arena, &lines, &why) !=
		    0 &&
	    (why.code == GCR_NOMEM || why.code == GCR_LIMIT)) {
		*err = why;
		return -1;
	}
	*ret = lines.count > 0 ? lines.items[lines.count - 1].line : 0;
	gcr_arena_rewind(arena, mark);
	return 0;
}

// The run, and what of it is asked for.
// NOLINTNEXTLINE(readability-function-size)
int gcr_site_made(const struct gcr_site_request *request,
		  const struct gcr_site_run *from, unsigned origin,
		  struct gcr_arena *arena, struct gcr_span *ret,
		  struct gcr_error *err)
{
	const struct gcr_instruction *insn;
	struct gcr_image_function callee;
	char text[GCR_GOASM_SIZE];
	unsigned line;

	for (size_t i = 0; i < from->origin_count; i++)
		if (from->origins[i].origin == origin) {
			*ret = from->origins[i].text;
			return 0;
		}
	insn = &from->flow.instructions[origin - 1];
	if (find_line(request, insn->address, arena, &line, err) != 0)
		return -1;
	gcr_goasm_print(insn, text, sizeof(text));
	if (insn->op == GCR_OP_CALL && insn->direct &&
	    gcr_image_function_at(request->image, insn->target, &callee))
		snprintf(text, sizeof(text), "CALL %.*s",
			 GCR_PRINT_SPAN(gcr_span_head(callee.symbol, 60)));
	return gcr_arena_print(arena, ret, err,
			       "%s at %.*s+0x%" PRIx64 ", line %u", text,
			       GCR_PRINT_SPAN(request->name),
			       insn->address - from->flow.function.entry, line);
}

// All facts of a state, one after the other; NULL behind the last one.
static struct gcr_fact *fact_at(struct gcr_state *state, size_t index)
{
	if (index < 16)
		return &state->registers[index];
	index -= 16;
	if (index < 32)
		return &state->vectors[index / 2][index % 2];
	index -= 32;
	return index < state->slot_count ? &state->slots[index].fact : NULL;
}

static bool has_origin(const struct gcr_site_run *run, unsigned origin)
{
	for (size_t i = 0; i < run->origin_count; i++)
		if (run->origins[i].origin == origin)
			return true;
	return false;
}

static int keep_origins(const struct gcr_site_request *request,
			struct gcr_arena *arena, struct gcr_site_run *run,
			struct gcr_error *err)
{
	struct gcr_site_origin *origins = NULL;
	struct gcr_fact *fact;
	size_t room = 0;

	for (size_t i = 0; (fact = fact_at(&run->at_call, i)) != NULL; i++) {
		struct gcr_site_origin made = { .origin = fact->origin };

		if (fact->kind == GCR_FACT_UNKNOWN ||
		    made.origin == GCR_ORIGIN_SEVERAL ||
		    (made.origin & GCR_ORIGIN_ENTRY) != 0 ||
		    has_origin(run, made.origin))
			continue;
		if (gcr_site_made(request, run, made.origin, arena, &made.text,
				  err) != 0 ||
		    gcr_arena_grow(arena, &origins, run->origin_count, &room,
				   sizeof(made), err) != 0)
			return -1;
		origins[run->origin_count] = made;
		run->origins = origins;
		run->origin_count++;
	}
	return 0;
}

// What is kept -----------------------------------------------------------------------

static bool is_given(const struct gcr_fact *fact)
{
	return fact->kind == GCR_FACT_NUMBER && fact->symbol != 0;
}

static bool is_same(const struct given *a, const struct given *b, bool any)
{
	if (a->size != b->size || a->reg != b->reg || a->stack != b->stack ||
	    a->fact.origin != b->fact.origin)
		return false;
	if (any && is_given(&a->fact) && is_given(&b->fact))
		return true;
	return gcr_fact_equal(&a->fact, &b->fact);
}

static struct gcr_site_kept *find_kept(const struct gcr_site_runs *runs,
				       const struct given *given, size_t count)
{
	for (struct gcr_site_kept *at = runs->first; at; at = at->next) {
		size_t same = 0;

		while (same < count && at->given_count == count &&
		       is_same(&at->given[same], &given[same], at->any))
			same++;
		if (same == count && at->given_count == count)
			return at;
	}
	return NULL;
}

static bool serves_any(struct gcr_site_run *run)
{
	struct gcr_fact *fact;

	for (size_t i = 0; (fact = fact_at(&run->at_call, i)) != NULL; i++)
		if (fact->kind != GCR_FACT_ENTRY &&
		    fact->symbol == GCR_SYMBOL_MIXED)
			return false;
	return !run->at_call.depends && !run->after.depends;
}

static int keep_slots(struct gcr_state *state, bool entry,
		      struct gcr_arena *arena, struct gcr_error *err)
{
	struct gcr_slot *slots =
		gcr_arena_array(arena, state->slot_count, sizeof(*slots), err);
	size_t count = 0;

	if (slots == NULL)
		return -1;
	for (size_t i = 0; i < state->slot_count; i++)
		if (!entry || state->slots[i].fact.kind == GCR_FACT_ENTRY)
			slots[count++] = state->slots[i];
	state->slots = slots;
	state->slot_count = state->slot_capacity = count;
	state->arena = NULL;
	return 0;
}

static int keep_state(const struct gcr_site_request *request,
		      struct gcr_site_run *run, struct gcr_arena *arena,
		      struct gcr_error *err)
{
	if (keep_origins(request, arena, run, err) != 0 ||
	    keep_slots(&run->at_call, false, arena, err) != 0 ||
	    keep_slots(&run->after, true, arena, err) != 0)
		return -1;
	run->flow = (struct gcr_flow){ 0 };
	return 0;
}

/* A run that is to be kept. */
struct keeping {
	const struct gcr_site_request *request;
	const struct given *given;
	struct gcr_site_run *run;
	struct gcr_span refused;
};

// What does not fit is not kept.
static void keep(const struct keeping *from, struct gcr_site_runs *runs,
		 struct gcr_arena *arena)
{
	size_t count = from->request->caller->abi.part_count;
	struct gcr_error error;
	struct gcr_site_kept *kept;

	if (runs == NULL || runs->count == MOST_RUNS)
		return;
	kept = gcr_arena_alloc(arena, sizeof(*kept), &error);
	if (kept == NULL)
		return;
	kept->given =
		gcr_arena_array(arena, count, sizeof(*kept->given), &error);
	if (kept->given == NULL)
		return;
	if (count > 0)
		memcpy(kept->given, from->given, count * sizeof(*kept->given));
	kept->given_count = count;
	if (from->refused.data != NULL) {
		if (gcr_arena_copy(arena, from->refused, &kept->refused,
				   &error) != 0)
			return;
		// No number has a part in what the code is.
		kept->any = from->run->flow.count == 0;
	} else {
		kept->run = *from->run;
		kept->any = serves_any(&kept->run);
		if (keep_state(from->request, &kept->run, arena, &error) != 0)
			return;
	}
	kept->next = runs->first;
	runs->first = kept;
	runs->count++;
}

// The numbers of now in the place of those that it was run with.
static int take_kept(const struct gcr_site_kept *kept,
		     const struct given *given, struct gcr_arena *scratch,
		     struct gcr_site_run *ret, struct gcr_error *err)
{
	struct gcr_state *state = &ret->at_call;
	struct gcr_fact *fact;

	if (kept->refused.data != NULL)
		return gcr_fail(err, GCR_UNSUPPORTED, "%.*s",
				GCR_PRINT_SPAN(kept->refused));
	*ret = kept->run;
	ret->after.arena = state->arena = scratch;
	state->slots = NULL;
	state->slot_count = state->slot_capacity = 0;
	gcr_state_copy(state, &kept->run.at_call);
	if (state->failed)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	for (size_t i = 0; kept->any && (fact = fact_at(state, i)) != NULL;
	     i++) {
		unsigned from = fact->symbol - 1u;
		unsigned bytes = fact->bytes;

		if (!is_given(fact))
			continue;
		fact->number +=
			given[from].fact.number - kept->given[from].fact.number;
		if (bytes < WORD)
			fact->number &= (UINT64_C(1) << 8 * bytes) - 1;
	}
	return 0;
}

int gcr_site_run(const struct gcr_site_request *request,
		 struct gcr_site_runs *runs, struct gcr_arena *arena,
		 struct gcr_site_run *ret, struct gcr_error *err)
{
	struct keeping keeping = { .request = request, .run = ret };
	const struct gcr_site_kept *kept = NULL;
	struct given *given;

	*ret = (struct gcr_site_run){ 0 };
	if (list_given(request, &given, err) != 0)
		return -1;
	if (runs != NULL)
		kept = find_kept(runs, given, request->caller->abi.part_count);
	if (kept != NULL)
		return take_kept(kept, given, request->scratch, ret, err);
	keeping.given = given;
	if (make_flow(request, runs, arena, &ret->flow, err) != 0 ||
	    run(request, given, ret, err) != 0) {
		keeping.refused = gcr_span_of(err->text);
		if (err->code == GCR_UNSUPPORTED)
			keep(&keeping, runs, arena);
		return -1;
	}
	keep(&keeping, runs, arena);
	return 0;
}
