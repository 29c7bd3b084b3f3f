/*
 * A core in the shared model: goroutines as a text would have given them, with
 * what a text cannot have left out.
 */

#include "core.h"

#include "arena.h"
#include "coreargs.h"
#include "corelabels.h"
#include "span.h"

/* Where a goroutine's frames go. */
struct maker {
	struct gcr_core *core;
	struct gcr_arena *arena;
	struct gcr_error *err;
};

static int make_arguments(const struct maker *maker,
			  const struct gcr_core_frame *frame,
			  struct gcr_span *ret)
{
	struct gcr_core *core = maker->core;
	char text[GCR_COREARGS_SIZE];
	bool lost = false;
	size_t size = gcr_coreargs_print(frame->at, &core->memory, frame->fp,
					 gcr_core_typed(core), text, &lost);

	core->losses.lost_words += lost;
	return gcr_arena_copy(maker->arena, (struct gcr_span){ text, size },
			      ret, maker->err);
}

static int make_frame(const struct maker *maker,
		      const struct gcr_core_frame *from, size_t index,
		      struct gcr_frame *ret)
{
	const struct gcr_core_line *line = &from->at->lines[index];
	struct gcr_frame frame = { .function = line->function,
				   .file = line->file,
				   .line = line->line };

	if (index + 1 < from->at->line_count) {
		frame.flags = GCR_FRAME_INLINED;
		frame.arguments = GCR_SPAN("...");
		*ret = frame;
		return 0;
	}
	frame.flags = GCR_FRAME_PC | GCR_FRAME_FP_SP;
	if (from->at->offset > 0)
		frame.flags |= GCR_FRAME_OFFSET;
	if (from->at->trap)
		frame.flags |= GCR_FRAME_EXACT_PC;
	frame.offset = from->at->offset;
	frame.pc = from->at->pc;
	frame.fp = from->fp;
	frame.sp = from->sp;
	if (make_arguments(maker, from, &frame.arguments) != 0)
		return -1;
	*ret = frame;
	return 0;
}

static struct gcr_frame make_c_frame(const struct gcr_native_frame *from)
{
	struct gcr_frame frame = { .function = from->function,
				   .file = from->file,
				   .line = from->line,
				   .pc = from->pc,
				   .flags = GCR_FRAME_CGO | GCR_FRAME_PC };

	if (from->function.data == NULL)
		frame.function = GCR_SPAN("non-Go function");
	return frame;
}

static int make_frames(const struct maker *maker, struct gcr_goroutine *ret)
{
	const struct gcr_core_stack *stack = &maker->core->stack;
	struct gcr_core_shown shown = gcr_core_shown(maker->core);
	size_t number = 0, count = shown.inner + shown.outer;
	size_t c_count = maker->core->c_count;

	ret->frames = gcr_arena_array(maker->arena, c_count + count,
				      sizeof(*ret->frames), maker->err);
	if (ret->frames == NULL)
		return -1;
	while (ret->frame_count < c_count) {
		ret->frames[ret->frame_count] =
			make_c_frame(&maker->core->c_stack[ret->frame_count]);
		ret->frame_count++;
	}
	for (size_t i = 0; i < shown.physical_most; i++) {
		const struct gcr_core_frame *frame = &stack->frames[i];

		for (size_t j = 0; j < frame->at->line_count; j++, number++)
			if ((number < shown.inner ||
			     number >= shown.total - shown.outer) &&
			    make_frame(maker, frame, j,
				       &ret->frames[ret->frame_count++]) != 0)
				return -1;
	}
	if (shown.elided > 0 || shown.cut) {
		ret->flags |= GCR_G_ELIDED;
		ret->elided = shown.elided;
		ret->elided_at = c_count + shown.inner;
	}
	return 0;
}

static int make_creator(const struct maker *maker,
			const struct gcr_core_goroutine *g,
			struct gcr_goroutine *ret)
{
	const struct gcr_core_pc *at;
	struct gcr_frame *frame;

	if (g->id == 1 || g->gopc == 0)
		return 0;
	at = gcr_core_pc(&maker->core->pcs, g->gopc, false, maker->err);
	frame = gcr_arena_alloc(maker->arena, sizeof(*frame), maker->err);
	if (at == NULL || frame == NULL)
		return -1;
	if (!at->known)
		return 0;
	*frame = (struct gcr_frame){
		.function = at->lines[at->line_count - 1].function,
		.file = at->lines[0].file,
		.line = at->lines[0].line,
		.offset = at->offset,
		.flags = at->offset > 0 ? GCR_FRAME_OFFSET : 0,
	};
	ret->created_by = frame;
	if (g->parent != 0) {
		ret->creator = g->parent;
		ret->flags |= GCR_G_CREATOR_ID;
	}
	return 0;
}

static unsigned flags_of(const struct gcr_core_goroutine *g)
{
	unsigned flags = GCR_G_GP;

	if (g->m != 0)
		flags |= GCR_G_M;
	if (g->locked)
		flags |= GCR_G_LOCKED;
	if (g->scan)
		flags |= GCR_G_SCAN;
	if (g->status == GCR_STATUS_LEAKED)
		flags |= GCR_G_LEAKED;
	if (g->durable)
		flags |= GCR_G_DURABLE;
	if (g->bubble != 0)
		flags |= GCR_G_SYNCTEST;
	if (g->unavailable)
		flags |= GCR_G_OTHER_THREAD;
	return flags;
}

static int make_goroutine(const struct maker *maker,
			  const struct gcr_core_goroutine *g,
			  struct gcr_goroutine *ret)
{
	struct gcr_goroutine goroutine = {
		.kind = GCR_STACK_GOROUTINE,
		.flags = flags_of(g),
		.id = g->id,
		.gp = g->address,
		.mp = g->m,
		.m = g->m_id,
		.minutes = gcr_core_minutes(maker->core, g),
		.synctest = g->bubble,
		.count = 1,
		.state = g->state,
	};

	if (make_frames(maker, &goroutine) != 0 ||
	    make_creator(maker, g, &goroutine) != 0 ||
	    gcr_core_labels(maker->core, g->address, maker->arena,
			    &goroutine.labels, maker->err) != 0)
		return -1;
	*ret = goroutine;
	return 0;
}

int gcr_core_next(void *from, struct gcr_goroutine *ret, struct gcr_error *err)
{
	struct gcr_core *core = from;
	struct maker maker = { core, core->scratch, err };
	struct gcr_core_goroutine g;
	int more = gcr_core_advance(core, &g, err);

	if (more < 0)
		return -1;
	if (more == 0) {
		if (gcr_core_note_losses(core, err) != 0)
			return -1;
		core->crash.notes = core->notes;
		core->crash.note_count = core->note_count;
		return 0;
	}
	gcr_arena_rewind(core->scratch, core->scratch_start);
	return make_goroutine(&maker, &g, ret) != 0 ? -1 : 1;
}

static int make_crash(struct gcr_core *core, struct gcr_crash *crash,
		      struct gcr_error *err)
{
	struct maker maker = { core, core->arena, err };
	struct gcr_core_goroutine g;
	size_t room = 0;
	int more;

	gcr_core_restart(core);
	while ((more = gcr_core_advance(core, &g, err)) > 0) {
		if (gcr_arena_grow(core->arena, &crash->goroutines,
				   crash->goroutine_count, &room,
				   sizeof(*crash->goroutines), err) != 0 ||
		    make_goroutine(
			    &maker, &g,
			    &crash->goroutines[crash->goroutine_count]) != 0)
			return -1;
		crash->goroutine_count++;
	}
	return more;
}

int gcr_core_crash(struct gcr_core *core, const struct gcr_crash **ret,
		   struct gcr_error *err)
{
	struct gcr_crash *crash =
		gcr_arena_alloc(core->arena, sizeof(*crash), err);

	if (crash == NULL)
		return -1;
	*crash = core->crash;
	if (make_crash(core, crash, err) != 0 ||
	    gcr_core_note_losses(core, err) != 0)
		return -1;
	crash->notes = core->notes;
	crash->note_count = core->note_count;
	*ret = crash;
	return 0;
}
