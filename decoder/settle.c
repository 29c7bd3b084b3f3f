/*
 * A stack that was read to its end becomes one of the model: frames copied out
 * of the reader's storage, exact pcs marked, evidence taken.
 */

#include "arena.h"
#include "assembly.h"
#include "span.h"

/* So many stacks of a crash are searched for its release and architecture. */
enum {
	EVIDENCE_STACKS = 100
};

static int copy_frames(struct gcr_traceback *tb, struct gcr_frame **ret)
{
	size_t count = tb->frames.count;
	struct gcr_frame *copy = NULL;

	if (count > 0) {
		copy = gcr_arena_array(tb->stacks, count, sizeof(*copy),
				       tb->err);
		if (copy == NULL)
			return -1;
		memcpy(copy, tb->frames.items, count * sizeof(*copy));
	}
	tb->frames.count = 0;
	*ret = copy;
	return 0;
}

int gcr_end_section(struct gcr_traceback *tb)
{
	struct gcr_ancestor *ancestor;

	if (tb->ancestors.count == 0) {
		tb->stack.frame_count = tb->frames.count;
		return copy_frames(tb, &tb->stack.frames);
	}
	ancestor = &tb->ancestors.items[tb->ancestors.count - 1];
	ancestor->frame_count = tb->frames.count;
	return copy_frames(tb, &ancestor->frames);
}

static int copy_ancestors(struct gcr_traceback *tb)
{
	size_t count = tb->ancestors.count;
	struct gcr_ancestor *copy;

	if (count == 0)
		return 0;
	copy = gcr_arena_array(tb->stacks, count, sizeof(*copy), tb->err);
	if (copy == NULL)
		return -1;
	memcpy(copy, tb->ancestors.items, count * sizeof(*copy));
	tb->stack.ancestors = copy;
	tb->stack.ancestor_count = count;
	tb->ancestors.count = 0;
	return 0;
}

// The first frame at or after `i` that has a pc of its own.
static void mark_exact(struct gcr_goroutine *stack, size_t i)
{
	while (i < stack->frame_count &&
	       (stack->frames[i].flags & GCR_FRAME_INLINED) != 0)
		i++;
	if (i < stack->frame_count)
		stack->frames[i].flags |= GCR_FRAME_EXACT_PC;
}

// Does the signal's pc belong to this stack, at the fault of the oldest panic?
static bool has_fault(const struct gcr_traceback *tb,
		      const struct gcr_goroutine *stack)
{
	const struct gcr_signal *signal = tb->fault;

	if (signal == NULL || (signal->has_pc && signal->pc == 0) ||
	    gcr_span_is(stack->state, "syscall"))
		return false;
	// The signal is that of any link of a chain: where it is not the
	// oldest's, it cannot be told which `panic` frame it belongs to.
	return tb->panics.count <= 1 ||
	       gcr_span_starts(tb->panics.items[0].text, "runtime error: ");
}

// Which frame's pc is no return address. See GCR_FRAME_EXACT_PC.
static void mark_exact_pcs(const struct gcr_traceback *tb,
			   struct gcr_goroutine *stack)
{
	size_t below_panic = 0;
	bool marked = false;

	for (size_t i = 0; i < stack->frame_count; i++) {
		struct gcr_span function = stack->frames[i].function;
		if (gcr_span_is(function, "runtime.sigpanic") ||
		    gcr_span_is(function, "runtime.asyncPreempt")) {
			mark_exact(stack, i + 1);
			marked = true;
		}
		if (gcr_span_is(function, "panic"))
			below_panic = i + 1;
	}
	if (!marked && has_fault(tb, stack))
		mark_exact(stack, below_panic);
}

static void take_evidence(struct gcr_traceback *tb,
			  const struct gcr_goroutine *stack)
{
	bool neighbour = stack->kind == GCR_STACK_PROFILE ||
			 stack->kind == GCR_STACK_RACE;
	bool same = stack->flags == tb->last_flags &&
		    stack->labels.data == NULL &&
		    gcr_span_equal(stack->state, tb->last_state);

	// Most goroutines of a large dump wait for what the one before does.
	if (!same && !neighbour) {
		tb->last_state = stack->state;
		tb->last_flags = stack->flags;
		gcr_evidence_of_state(&tb->crash.target, stack);
	}
	if (tb->stack_count < EVIDENCE_STACKS)
		gcr_evidence_of_stack(&tb->crash.target, stack);
}

enum gcr_taken gcr_finish_stack(struct gcr_traceback *tb)
{
	struct gcr_goroutine *stack = &tb->stack;

	if (gcr_end_section(tb) != 0 || copy_ancestors(tb) != 0)
		return GCR_FAILED;
	if (stack->kind != GCR_STACK_PROFILE && stack->kind != GCR_STACK_RACE)
		mark_exact_pcs(tb, stack);
	stack->report = tb->reports.count > 0 ? tb->reports.count - 1 : 0;
	take_evidence(tb, stack);
	tb->fault = NULL;
	tb->stack_count++;
	return GCR_STACK_READY;
}
