/*
 * Stacks of a core: see coreunwind.h.
 *
 *	sp   locals, saved frame pointer   frame size by the table
 *	     return address                8 bytes
 *	fp   arguments of the call; the caller's sp
 */

#include "coreunwind.h"

#include "arena.h"
#include "bytes.h"

#include <string.h>

enum {
	MOST_KEPT =
		1024, /* frames of a stack; then half of them from each end */
	/* In struct ucontext of amd64, and of the siginfo behind it. */
	CONTEXT_SP = 160,
	CONTEXT_PC = 168,
	CONTEXT_CS = 184,
	CONTEXT_FLOATS = 224,
	CONTEXT_SIGNAL = 304,
	CONTEXT_CODE = 312,
	CONTEXT_FAULT = 320,
	USER_CS = 0x33, /* of all 64-bit programs; Linux asm/segment.h */
	MOST_SIGNAL = 64,
	HANDLERS = 64 << 10, /* frames of other handlers are no larger */
};

/* A stack while it is walked. */
struct walk {
	const struct gcr_core_unwinder *unwinder;
	uint64_t pc, sp, high;
	struct gcr_span bytes; /* of the stack, from `base` on */
	uint64_t base;
	bool trap, syscall;
};

// Most reads are of one stack, so of one piece of memory.
static bool load(struct walk *walk, uint64_t address, uint64_t *ret)
{
	uint64_t at = address - walk->base;
	unsigned char bytes[8];

	if (at >= walk->bytes.size || walk->bytes.size - at < 8)
		return gcr_coremem_word(walk->unwinder->memory, address, ret);
	memcpy(bytes, walk->bytes.data + at, 8);
	*ret = gcr_little_u64(bytes);
	return true;
}

static int stop(const struct walk *walk, struct gcr_core_stack *stack,
		enum gcr_core_end end)
{
	stack->end = end;
	stack->end_pc = walk->pc;
	stack->end_sp = walk->sp;
	return 0;
}

// What is in the middle of a stack that overflowed is more of the same.
static void leave_out(struct gcr_core_stack *stack)
{
	size_t half = MOST_KEPT / 2, quarter = MOST_KEPT / 4;

	for (size_t i = half; i < half + quarter; i++)
		stack->left_out += stack->frames[i].at->line_count;
	memmove(&stack->frames[half], &stack->frames[half + quarter],
		quarter * sizeof(stack->frames[0]));
	stack->left_out_at = half;
	stack->count -= quarter;
}

static int add_frame(const struct walk *walk, struct gcr_core_stack *stack,
		     struct gcr_core_frame frame, struct gcr_error *err)
{
	if (stack->count == MOST_KEPT)
		leave_out(stack);
	stack->walked++;
	--*walk->unwinder->frames_left;
	if (gcr_arena_grow(walk->unwinder->arena, &stack->frames, stack->count,
			   &stack->room, sizeof(frame), err) != 0)
		return -1;
	stack->frames[stack->count++] = frame;
	return 0;
}

static bool is_context(struct walk *walk, uint64_t address, bool *has_floats)
{
	uint64_t segments, signal, floats;

	if (!load(walk, address + CONTEXT_CS, &segments) ||
	    !load(walk, address + CONTEXT_SIGNAL, &signal) ||
	    !load(walk, address + CONTEXT_FLOATS, &floats))
		return false;
	signal &= UINT32_MAX;
	*has_floats = floats > address && floats - address < HANDLERS;
	return (segments & UINT16_MAX) == USER_CS && signal > 0 &&
	       signal <= MOST_SIGNAL;
}

// The handler's frame ends where the kernel put the registers; further up when
// another handler, of C or of a sanitizer, has called it.
static bool find_context(struct walk *walk, uint64_t *address)
{
	bool has_floats;

	if (is_context(walk, *address, &has_floats))
		return true;
	for (uint64_t more = 8; more < HANDLERS; more += 8)
		if (is_context(walk, *address + more, &has_floats) &&
		    has_floats) {
			*address += more;
			return true;
		}
	return false;
}

static void read_context(struct walk *walk, uint64_t address,
			 struct gcr_core_context *ret)
{
	struct gcr_core_context context = { 0 };

	if (!find_context(walk, &address) ||
	    !load(walk, address + CONTEXT_SP, &context.sp) ||
	    !load(walk, address + CONTEXT_PC, &context.pc))
		return;
	context.address = address;
	if (load(walk, address + CONTEXT_SIGNAL, &context.signal) &&
	    load(walk, address + CONTEXT_CODE, &context.code) &&
	    load(walk, address + CONTEXT_FAULT, &context.fault)) {
		context.signal &= UINT32_MAX;
		context.code &= UINT32_MAX;
	}
	*ret = context;
}

// Is the pc of the frame below that of an instruction that was executing?
static bool is_injected(const struct walk *walk, const struct gcr_core_pc *at)
{
	return at->special == GCR_SPECIAL_SIGPANIC ||
	       (at->special == GCR_SPECIAL_ASYNC_PREEMPT &&
		walk->unwinder->exact_below_preempt);
}

// One frame; 1 when the stack goes on, else 0, or -1.
static int step(struct walk *walk, struct gcr_core_stack *stack,
		struct gcr_error *err)
{
	const struct gcr_core_pc *at =
		gcr_core_pc(walk->unwinder->pcs, walk->pc, walk->trap, err);
	struct gcr_core_frame frame = { .at = at, .sp = walk->sp };

	if (at == NULL)
		return -1;
	if (!at->known)
		return stop(walk, stack, GCR_END_NOT_GO);
	if (at->frame_size < 0)
		return stop(walk, stack, GCR_END_CORRUPT);
	if (!gcr_add_u64(walk->sp, (uint64_t)at->frame_size + 8, &frame.fp) ||
	    frame.fp > walk->high)
		return stop(walk, stack, GCR_END_CORRUPT);
	if (add_frame(walk, stack, frame, err) != 0)
		return -1;
	if (at->special == GCR_SPECIAL_SIGTRAMP) {
		read_context(walk, frame.fp, &stack->context);
		return stop(walk, stack, GCR_END_SIGNAL);
	}
	if (at->ends)
		return stop(walk, stack, GCR_END_COMPLETE);
	if (at->writes_sp && !walk->syscall)
		return stop(walk, stack, GCR_END_SP_WRITTEN);
	walk->sp = frame.fp;
	if (!load(walk, frame.fp - 8, &walk->pc))
		return stop(walk, stack, GCR_END_NOT_SAVED);
	// Nobody called: the first frame of a thread.
	if (walk->pc == 0)
		return stop(walk, stack, GCR_END_COMPLETE);
	walk->trap = is_injected(walk, at);
	walk->syscall = false;
	return 1;
}

int gcr_core_unwind(const struct gcr_core_unwinder *unwinder,
		    const struct gcr_core_start *start,
		    struct gcr_core_stack *stack, struct gcr_error *err)
{
	struct walk walk = { .unwinder = unwinder,
			     .pc = start->pc,
			     .sp = start->sp,
			     .high = start->high != 0 ? start->high
						      : UINT64_MAX,
			     .base = start->sp,
			     .trap = start->trap,
			     .syscall = start->syscall };
	int more = 1;

	if (start->sp < start->low || start->sp >= walk.high)
		return stop(&walk, stack, GCR_END_CORRUPT);
	gcr_coremem_bytes(unwinder->memory, start->sp, &walk.bytes);
	// A call of nothing: what called it is on the stack.
	if (walk.pc == 0) {
		if (!load(&walk, walk.sp, &walk.pc))
			return stop(&walk, stack, GCR_END_NOT_SAVED);
		walk.sp += 8;
	}
	while (more > 0) {
		if (stack->walked >= unwinder->most_frames ||
		    *unwinder->frames_left == 0)
			return stop(&walk, stack, GCR_END_LIMIT);
		more = step(&walk, stack, err);
	}
	return more;
}

const char *gcr_core_end_text(enum gcr_core_end end)
{
	static const char *const texts[] = {
		[GCR_END_COMPLETE] = NULL,
		[GCR_END_SIGNAL] = "it ends at a signal whose registers were "
				   "not saved",
		[GCR_END_SP_WRITTEN] = "the last function moves the stack "
				       "pointer: what called it cannot be told",
		[GCR_END_NOT_GO] = "a return address is in no Go function",
		[GCR_END_NOT_SAVED] = "the core does not have the rest of the "
				      "stack",
		[GCR_END_CORRUPT] = "the stack pointer leaves the stack",
		[GCR_END_LIMIT] = "there are more frames than the limit, or "
				  "than the core has room for",
	};

	return texts[end];
}
