/*
 * A frame that is not inlined was called by the next frame outside of it that
 * is not inlined either, unless the trace hides one in between: the runtime's
 * own, or a wrapper the compiler made. So the CALL before the return address
 * has to name this frame's function; where it calls through a register, only
 * functions are believed that no wrapper stands in front of.
 */

#include "sites.h"

#include "arena.h"
#include "error.h"
#include "span.h"

enum {
	MOST_CANDIDATES = 16,
	NOT_CALLED_AS_IS = GCR_FUNCTION_WRAPPER | GCR_FUNCTION_ASSEMBLY
};

struct search {
	const struct gcr_callsite_input *input;
	struct gcr_disasm *disasm;
	const struct gcr_frame *callee, *caller;
	struct gcr_site *site;
	struct gcr_recovery *ret;
	struct gcr_image_function found; // what was called
	struct gcr_instruction call;
};

static void set_reason(struct search *search, const char *why)
{
	search->ret->reason = gcr_span_of(why);
}

// The functions that a frame may be, by its pc or by its name.
static size_t find_candidates(const struct search *search,
			      const struct gcr_frame *frame,
			      struct gcr_image_function *to)
{
	const struct gcr_callsite_input *input = search->input;
	size_t count = 0, after = 0;

	if (frame->flags & GCR_FRAME_PC && input->bias_known) {
		uint64_t entry =
			frame->pc - input->bias -
			(frame->flags & GCR_FRAME_OFFSET ? frame->offset : 0);
		return gcr_image_function_at(input->image, entry, to) &&
		       to->entry == entry &&
		       gcr_symbol_matches(to->symbol, frame->function);
	}
	while (count < MOST_CANDIDATES &&
	       gcr_image_function_named(input->image, frame->function, &after,
					&to[count]))
		if (frame->offset <= to[count].size)
			count++;
	return count;
}

// The CALL that ends at `return_address`.
static bool find_call(struct search *search,
		      const struct gcr_image_function *function,
		      uint64_t return_address)
{
	uint64_t address = function->entry;
	struct gcr_span code;

	if (!gcr_image_code(search->input->image, function, &code))
		return false;
	while (address < return_address &&
	       gcr_disasm_next(search->disasm, &code, &address, &search->call))
		;
	return address == return_address && search->call.op == GCR_OP_CALL &&
	       search->call.address + search->call.size == return_address;
}

// Does the CALL name the callee's function?
static bool calls_callee(const struct search *search,
			 struct gcr_image_function *to)
{
	const struct gcr_callsite_input *input = search->input;
	const struct gcr_frame *callee = search->callee;

	if (!search->call.direct ||
	    !gcr_image_function_at(input->image, search->call.target, to) ||
	    to->entry != search->call.target ||
	    !gcr_symbol_matches(to->symbol, callee->function))
		return false;
	return !(callee->flags & GCR_FRAME_PC) || !input->bias_known ||
	       callee->pc - callee->offset - input->bias == to->entry;
}

// `f.func1`, `f.func2.3`, `f-range1`: a function literal's name.
static bool is_literal(struct gcr_span name)
{
	ptrdiff_t at = gcr_span_find_text(name, ".func");

	for (; at != GCR_NOWHERE; at = gcr_span_find_text(name, ".func")) {
		name = gcr_span_tail(name, (size_t)at + 5);
		if (name.size > 0 && gcr_is_digit(name.data[0]))
			return true;
	}
	return false;
}

// The frame pointers of both frames were printed and leave no room.
static bool are_apart(const struct search *search)
{
	return (search->callee->flags & GCR_FRAME_FP_SP) &&
	       (search->caller->flags & GCR_FRAME_FP_SP) &&
	       search->callee->fp != search->caller->sp;
}

/*
 * The frames printed as inlined between the two have to be inlined in the caller
 * at this call: those of a hidden wrapper look the same, and then the wrapper
 * made the call. The line has to be the one that the trace prints.
 */
static int check_chain(struct search *search, size_t index,
		       struct gcr_arena *arena, struct gcr_error *err)
{
	const struct gcr_frame *frames = search->input->goroutine->frames;
	struct gcr_image_lines lines;
	struct gcr_error error;
	size_t at = 0, next = index + 1;

	if (gcr_image_lines_at(search->input->image,
			       search->site->return_address - 1, arena, &lines,
			       &error) != 0) {
		if (error.code == GCR_NOMEM || error.code == GCR_LIMIT) {
			*err = error;
			return -1;
		}
		lines.count = 0;
	}
	for (; at + 1 < lines.count && next < search->site->caller; at++)
		if (gcr_symbol_matches(lines.items[at].symbol,
				       frames[next].function))
			next++;
	if (lines.count == 0 || next < search->site->caller)
		set_reason(search,
			   "the code inlined there is of a hidden wrapper");
	else if (search->caller->line != 0 &&
		 lines.items[lines.count - 1].line != 0 &&
		 lines.items[lines.count - 1].line != search->caller->line)
		set_reason(search, "the binary has another line there");
	return 0;
}

static void accept_indirect(struct search *search)
{
	struct gcr_image_function candidates[MOST_CANDIDATES];
	struct gcr_span name = search->callee->function;
	struct gcr_function_parts parts = gcr_function_split(name);
	struct gcr_span *doubt = &search->site->doubt;

	if (gcr_span_find(name, '[') != GCR_NOWHERE)
		*doubt = GCR_SPAN("generic code called through a register");
	else if (parts.receiver.data != NULL && !is_literal(name))
		*doubt = GCR_SPAN(
			"called through an interface or a method value: a wrapper may stand in between");
	// Deferred calls have hidden wrappers.
	if (gcr_span_starts(search->site->caller_function.symbol, "runtime."))
		*doubt = GCR_SPAN("the runtime called it, or a hidden wrapper");
	if (find_candidates(search, search->callee, candidates) != 1) {
		set_reason(search, "several functions have this name");
		return;
	}
	search->found = candidates[0];
	search->ret->indirect = true;
}

static void choose_call(struct search *search)
{
	struct gcr_image_function candidates[MOST_CANDIDATES], to;
	size_t count = find_candidates(search, search->caller, candidates);
	size_t direct = 0, calls = 0;
	struct gcr_instruction call = { 0 };

	for (size_t i = 0; i < count; i++) {
		uint64_t at = candidates[i].entry + search->caller->offset;
		if (!find_call(search, &candidates[i], at))
			continue;
		bool fits = calls_callee(search, &to);
		if ((fits && direct++ == 0) || (!fits && calls == 0)) {
			call = search->call;
			search->site->caller_function = candidates[i];
			search->site->call_address = call.address;
			search->site->return_address = at;
		}
		if (fits && direct == 1)
			search->found = to;
		calls++;
	}
	search->call = call;
	if (calls == 0)
		set_reason(search, "the caller's offset is behind no call");
	else if (direct > 1 || (direct == 0 && calls > 1))
		set_reason(search, "several functions have the caller's name");
	else if (are_apart(search))
		set_reason(search,
			   "a frame between it and its caller is hidden");
	else if (direct == 0 && call.direct)
		set_reason(
			search,
			"the caller calls something else there: a frame in between is hidden");
	else if (direct == 0)
		accept_indirect(search);
}

static void find_caller(struct search *search, size_t index)
{
	const struct gcr_goroutine *goroutine = search->input->goroutine;
	size_t caller = index + 1;

	while (caller < goroutine->frame_count &&
	       goroutine->frames[caller].flags & GCR_FRAME_INLINED)
		caller++;
	if (caller < goroutine->frame_count) {
		search->caller = &goroutine->frames[caller];
		search->site->caller = caller;
	}
	if (search->callee->flags & GCR_FRAME_INLINED)
		set_reason(search,
			   "inlined into its caller: there was no call");
	else if (search->callee->flags & GCR_FRAME_CGO)
		set_reason(search, "no Go function");
	else if ((goroutine->flags & GCR_G_ELIDED) &&
		 index < goroutine->elided_at && caller >= goroutine->elided_at)
		set_reason(search, "its caller was left out of the trace");
	else if (search->caller == NULL)
		set_reason(search, "no caller is in the trace");
	else if (search->caller->flags & GCR_FRAME_EXACT_PC)
		set_reason(search,
			   "its caller did not call it, it was interrupted");
	else if (!(search->caller->flags & GCR_FRAME_OFFSET))
		set_reason(search, "its caller's offset was not printed");
}

// A frame without a call still has parameters that its callees may be given.
static int find_own_parameters(struct search *search, struct gcr_arena *arena,
			       struct gcr_error *err)
{
	struct gcr_image_function candidates[MOST_CANDIDATES];
	struct gcr_span reason = search->ret->reason;

	if (search->callee->flags & (GCR_FRAME_INLINED | GCR_FRAME_CGO) ||
	    find_candidates(search, search->callee, candidates) != 1 ||
	    candidates[0].flags & NOT_CALLED_AS_IS)
		return 0;
	if (gcr_parameters_find(search->input, search->callee, &candidates[0],
				arena, search->ret, err) != 0)
		return -1;
	search->ret->reason = reason;
	return 0;
}

// What reflect.MakeFunc calls, its own frames hidden since go1.16.
// Go runtime/traceback.go elideWrapperCalling.
static bool may_be_made(const struct gcr_recovery *recovery)
{
	return recovery->parameter_count == 1 &&
	       gcr_span_ends(recovery->parameters[0].layout->type,
			     "reflect.Value");
}

// What is looked for, where, and with what.
// NOLINTNEXTLINE(readability-function-size)
int gcr_site_find(const struct gcr_callsite_input *input,
		  struct gcr_disasm *disasm, size_t index,
		  struct gcr_arena *arena, struct gcr_site *site,
		  struct gcr_recovery *ret, struct gcr_error *err)
{
	struct search search = {
		.input = input,
		.disasm = disasm,
		.callee = &input->goroutine->frames[index],
		.site = site,
		.ret = ret,
	};

	find_caller(&search, index);
	if (ret->reason.data == NULL)
		choose_call(&search);
	if (ret->reason.data == NULL &&
	    check_chain(&search, index, arena, err) != 0)
		return -1;
	if (ret->reason.data == NULL && search.found.flags & NOT_CALLED_AS_IS)
		set_reason(&search, "called through a wrapper");
	if (ret->reason.data != NULL)
		return find_own_parameters(&search, arena, err);
	site->callee = search.found.entry;
	ret->entry = ret->indirect ? 0 : search.found.entry;
	if (gcr_parameters_find(input, search.callee, &search.found, arena, ret,
				err) != 0)
		return -1;
	if (ret->indirect && may_be_made(ret))
		set_reason(&search, "it may have been called by reflect");
	return 0;
}
