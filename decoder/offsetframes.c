/* Which offsets a goroutine's frames ask for: see gcr_offset_queries(). */

#include "arena.h"
#include "offset.h"
#include "span.h"

#include <string.h>

/* A goroutine on its way to queries. */
struct walk {
	const struct gcr_crash *crash;
	const struct gcr_goroutine *goroutine;
	struct gcr_offset_query *items;
	size_t count;
	const struct gcr_frame *above; /* the last physical frame */
};

// Signals that an instruction causes, rather than somebody outside.
static bool is_fault(struct gcr_span name)
{
	static const char *const names[] = { "SIGSEGV", "SIGBUS", "SIGFPE",
					     "SIGILL", "SIGTRAP" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (gcr_span_is(name, names[i]))
			return true;
	return false;
}

/*
 * With a wild pc (a jump to nowhere) the first frame is the one that jumped: the
 * signal's pc is not its. Functions begin at multiples of 16.
 */
static bool is_pc_elsewhere(const struct gcr_signal *signal,
			    const struct gcr_frame *frame)
{
	return signal->has_pc && (frame->flags & GCR_FRAME_PC) == 0 &&
	       ((signal->pc - frame->offset) & 15) != 0;
}

static enum gcr_offset_kind kind_of(const struct walk *walk,
				    const struct gcr_frame *frame)
{
	const struct gcr_signal *signal = walk->crash->cause.signal;
	struct gcr_span above = { 0 };

	if (walk->above != NULL)
		above = walk->above->function;
	if ((frame->flags & GCR_FRAME_EXACT_PC) == 0)
		return (frame->flags & GCR_FRAME_OFFSET) != 0
			       ? GCR_OFFSET_RETURN
			       : GCR_OFFSET_START;
	if (gcr_span_is(above, "runtime.asyncPreempt"))
		return GCR_OFFSET_INTERRUPTED;
	if (gcr_span_is(above, "runtime.sigpanic") || signal == NULL)
		return GCR_OFFSET_FAULT;
	if (is_pc_elsewhere(signal, frame))
		return GCR_OFFSET_RETURN;
	return is_fault(signal->name) ? GCR_OFFSET_FAULT
				      : GCR_OFFSET_INTERRUPTED;
}

/*
 * A frame without an offset stands at its entry: it has not begun, or faulted
 * there. Only the innermost can.
 */
static bool is_asked(const struct walk *walk, const struct gcr_frame *frame)
{
	if ((frame->flags & GCR_FRAME_CGO) != 0)
		return false;
	if ((frame->flags & GCR_FRAME_OFFSET) != 0)
		return true;
	return (frame->flags & GCR_FRAME_NO_FILE) == 0 &&
	       ((frame->flags & GCR_FRAME_EXACT_PC) != 0 ||
		walk->above == NULL);
}

static void ask(struct walk *walk, const struct gcr_frame *frame,
		const struct gcr_frame *first_inlined, bool creator)
{
	walk->items[walk->count++] = (struct gcr_offset_query){
		.function = frame->function,
		.offset = frame->offset,
		.kind = creator ? GCR_OFFSET_RETURN : kind_of(walk, frame),
		.frame = frame,
		.inlined = first_inlined,
		.inlined_count = (size_t)(frame - first_inlined),
		.callee = creator ? NULL : walk->above,
		.goroutine = walk->goroutine,
		.creator = creator,
	};
}

int gcr_offset_queries(const struct gcr_crash *crash,
		       const struct gcr_goroutine *goroutine,
		       struct gcr_arena *arena, struct gcr_offset_query **ret,
		       size_t *ret_count, struct gcr_error *err)
{
	struct walk walk = { .crash = crash, .goroutine = goroutine };
	const struct gcr_frame *inlined = goroutine->frames;

	walk.items = gcr_arena_array(arena, goroutine->frame_count + 1,
				     sizeof(*walk.items), err);
	if (walk.items == NULL)
		return -1;
	for (size_t i = 0; i < goroutine->frame_count; i++) {
		const struct gcr_frame *frame = &goroutine->frames[i];

		if ((goroutine->flags & GCR_G_ELIDED) != 0 &&
		    goroutine->elided_at == i) {
			walk.above = NULL;
			inlined = frame;
		}
		if ((frame->flags & GCR_FRAME_INLINED) != 0)
			continue;
		if (is_asked(&walk, frame))
			ask(&walk, frame, inlined, false);
		walk.above = frame;
		inlined = frame + 1;
	}
	if (goroutine->created_by != NULL &&
	    (goroutine->created_by->flags & GCR_FRAME_OFFSET) != 0)
		ask(&walk, goroutine->created_by, goroutine->created_by, true);
	*ret = walk.items;
	*ret_count = walk.count;
	return 0;
}
