/*
 * The runtime's own text of a core: what GOTRACEBACK=crash prints, goroutine by
 * goroutine, in the form of the release. Go runtime/traceback.go.
 */

#include "core.h"

#include "arena.h"
#include "coreargs.h"
#include "corelabels.h"
#include "runtimeways.h"
#include "sink.h"
#include "span.h"

static void put_address(struct gcr_sink *sink, const char *before,
			uint64_t value)
{
	char digits[20];

	gcr_sink_text(sink, before);
	gcr_sink_put(sink, digits, gcr_put_hex(digits, value));
}

// `goroutine 7 gp=0xc000002380 m=nil [chan receive, 2 minutes]:`
static void put_header(const struct gcr_core *core,
		       const struct gcr_core_goroutine *g,
		       struct gcr_span labels, struct gcr_sink *sink)
{
	uint64_t minutes = gcr_core_minutes(core, g);
	unsigned go = core->runtime.go;
	bool behind = gcr_release_does(go, GCR_WAY_LABELS_BEHIND);

	gcr_sink_text(sink, "goroutine ");
	gcr_sink_decimal(sink, g->id);
	if (gcr_release_does(go, GCR_WAY_GP)) {
		put_address(sink, " gp=", g->address);
		if (g->m != 0) {
			gcr_sink_text(sink, " m=");
			gcr_sink_decimal(sink, g->m_id);
			put_address(sink, " mp=", g->m);
		} else {
			gcr_sink_text(sink, " m=nil");
		}
	}
	gcr_sink_text(sink, " [");
	gcr_sink_span(sink, g->state);
	if (g->status == GCR_STATUS_LEAKED)
		gcr_sink_text(sink, " (leaked)");
	if (g->scan)
		gcr_sink_text(sink, " (scan)");
	if (g->durable)
		gcr_sink_text(sink, " (durable)");
	if (minutes > 0) {
		gcr_sink_text(sink, ", ");
		gcr_sink_decimal(sink, minutes);
		gcr_sink_text(sink, " minutes");
	}
	if (g->locked)
		gcr_sink_text(sink, ", locked to thread");
	if (g->bubble != 0) {
		gcr_sink_text(sink, gcr_release_does(go, GCR_WAY_BUBBLES)
					    ? ", synctest bubble "
					    : ", synctest group ");
		gcr_sink_decimal(sink, g->bubble);
	}
	gcr_sink_text(sink, behind ? "]" : "");
	if (labels.size > 0) {
		gcr_sink_text(sink, behind ? " {" : " labels:{");
		gcr_sink_span(sink, labels);
		gcr_sink_char(sink, '}');
	}
	gcr_sink_text(sink, behind ? ":\n" : "]:\n");
}

bool gcr_core_typed(const struct gcr_core *core)
{
	return core->runtime.go == 0
		       ? core->image->table.layout != GCR_PCLNTAB_1_2
		       : gcr_release_does(core->runtime.go,
					  GCR_WAY_TYPED_ARGUMENTS);
}

static void put_arguments(struct gcr_core *core,
			  const struct gcr_core_frame *frame,
			  struct gcr_sink *sink)
{
	char text[GCR_COREARGS_SIZE];
	bool lost = false;

	gcr_sink_put(sink, text,
		     gcr_coreargs_print(frame->at, &core->memory, frame->fp,
					gcr_core_typed(core), text, &lost));
	core->losses.lost_words += lost;
}

static void put_physical(struct gcr_core *core,
			 const struct gcr_core_frame *frame,
			 struct gcr_sink *sink)
{
	put_arguments(core, frame, sink);
	gcr_sink_span(sink, frame->at->middle);
	put_address(sink, "", frame->fp);
	put_address(sink, " sp=", frame->sp);
	gcr_sink_span(sink, frame->at->tail);
}

static void put_frame(struct gcr_core *core, const struct gcr_core_frame *frame,
		      struct gcr_sink *sink)
{
	gcr_sink_span(sink, frame->at->head);
	put_physical(core, frame, sink);
}

// One logical frame, where not all of a pc are printed.
static void put_line(struct gcr_core *core, const struct gcr_core_frame *frame,
		     size_t index, struct gcr_sink *sink)
{
	const struct gcr_core_line *line = &frame->at->lines[index];

	gcr_sink_span(sink, line->function);
	gcr_sink_char(sink, '(');
	if (index + 1 == frame->at->line_count) {
		put_physical(core, frame, sink);
		return;
	}
	gcr_sink_text(sink, "...)\n\t");
	gcr_sink_span(sink,
		      line->file.data != NULL ? line->file : GCR_SPAN("?"));
	gcr_sink_char(sink, ':');
	gcr_sink_decimal(sink, line->line);
	gcr_sink_char(sink, '\n');
}

static void put_deep_stack(struct gcr_core *core,
			   const struct gcr_core_shown *shown,
			   struct gcr_sink *sink)
{
	size_t number = 0;

	for (size_t i = 0; i < shown->physical_most; i++) {
		const struct gcr_core_frame *frame = &core->stack.frames[i];

		for (size_t j = 0; j < frame->at->line_count; j++, number++) {
			if (number < shown->inner ||
			    number >= shown->total - shown->outer)
				put_line(core, frame, j, sink);
			if (number + 1 == shown->inner) {
				gcr_sink_text(sink, "...");
				gcr_sink_decimal(sink, shown->elided);
				gcr_sink_text(sink, " frames elided...\n");
			}
		}
	}
}

static void put_stack(struct gcr_core *core, struct gcr_sink *sink)
{
	struct gcr_core_shown shown = gcr_core_shown(core);

	if (shown.elided > 0) {
		put_deep_stack(core, &shown, sink);
		return;
	}
	for (size_t i = 0; i < shown.physical_most; i++)
		put_frame(core, &core->stack.frames[i], sink);
	if (shown.cut)
		gcr_sink_text(sink, "...additional frames elided...\n");
}

// `created by main.main in goroutine 1`, the id since go1.21.
static int put_creator(struct gcr_core *core,
		       const struct gcr_core_goroutine *g,
		       struct gcr_sink *sink, struct gcr_error *err)
{
	const struct gcr_core_pc *at;
	const struct gcr_core_line *line;

	if (g->id == 1 || g->gopc == 0)
		return 0;
	at = gcr_core_pc(&core->pcs, g->gopc, false, err);
	if (at == NULL)
		return -1;
	if (!at->known)
		return 0;
	// The name of the whole function, the line of what was inlined there.
	gcr_sink_text(sink, "created by ");
	gcr_sink_span(sink, at->lines[at->line_count - 1].function);
	if (g->parent != 0) {
		gcr_sink_text(sink, " in goroutine ");
		gcr_sink_decimal(sink, g->parent);
	}
	line = &at->lines[0];
	gcr_sink_text(sink, "\n\t");
	gcr_sink_span(sink,
		      line->file.data != NULL ? line->file : GCR_SPAN("?"));
	gcr_sink_char(sink, ':');
	gcr_sink_decimal(sink, line->line);
	if (at->offset > 0)
		put_address(sink, " +", at->offset);
	gcr_sink_char(sink, '\n');
	return 0;
}

// As the runtime prints C where the program gave it a symbolizer.
// Go runtime/traceback.go printOneCgoTraceback.
static void put_c_frame(const struct gcr_native_frame *frame,
			struct gcr_sink *sink)
{
	if (frame->function.data == NULL) {
		put_address(sink, "non-Go function at pc=", frame->pc);
		gcr_sink_char(sink, '\n');
		return;
	}
	gcr_sink_span(sink, frame->function);
	gcr_sink_text(sink, "\n\t");
	if (frame->file.data != NULL) {
		gcr_sink_span(sink, frame->file);
		gcr_sink_char(sink, ':');
		gcr_sink_decimal(sink, frame->line);
		gcr_sink_char(sink, ' ');
	}
	put_address(sink, "pc=", frame->pc);
	gcr_sink_char(sink, '\n');
}

static void put_c_frames(const struct gcr_core *core, struct gcr_sink *sink)
{
	for (size_t i = 0; i < core->c_count; i++)
		put_c_frame(&core->c_stack[i], sink);
}

static int put_goroutine(struct gcr_core *core,
			 const struct gcr_core_goroutine *g,
			 struct gcr_sink *sink, struct gcr_error *err)
{
	struct gcr_arena_mark mark = gcr_arena_mark(core->scratch);
	struct gcr_span labels = { 0 };

	if (core->runtime.prints_labels &&
	    gcr_core_labels(core, g->address, core->scratch, &labels, err) != 0)
		return -1;
	put_header(core, g, labels, sink);
	gcr_arena_rewind(core->scratch, mark);
	put_c_frames(core, sink);
	if (g->unavailable)
		gcr_sink_text(sink, "\tgoroutine running on other thread; "
				    "stack unavailable\n");
	else
		put_stack(core, sink);
	return put_creator(core, g, sink, err);
}

// `panic: first`, then each later one behind a tab.
static void put_panics(const struct gcr_cause *cause, struct gcr_sink *sink)
{
	for (size_t i = 0; i < cause->panic_count; i++) {
		const struct gcr_panic *panic = &cause->panics[i];

		if (i > 0 && cause->panics[i - 1].repanicked)
			continue;
		if (i > 0)
			gcr_sink_char(sink, '\t');
		gcr_sink_text(sink, "panic: ");
		gcr_sink_span(sink, panic->text);
		if (panic->recovered)
			gcr_sink_text(sink, panic->repanicked
						    ? " [recovered, repanicked]"
						    : " [recovered]");
		gcr_sink_char(sink, '\n');
	}
}

static void put_fault(const struct gcr_signal *signal, struct gcr_sink *sink)
{
	gcr_sink_text(sink, "[signal ");
	gcr_sink_span(sink, signal->name);
	gcr_sink_text(sink, ": ");
	gcr_sink_span(sink, signal->description);
	put_address(sink, " code=", signal->code);
	put_address(sink, " addr=", signal->addr);
	put_address(sink, " pc=", signal->pc);
	gcr_sink_text(sink, "]\n");
}

// `SIGQUIT: quit`, `PC=0x46a2e1 m=0 sigcode=0`
static void put_signal(const struct gcr_core *core,
		       const struct gcr_signal *signal, struct gcr_sink *sink)
{
	unsigned go = core->runtime.go;

	gcr_sink_span(sink, signal->name);
	gcr_sink_text(sink, ": ");
	gcr_sink_span(sink, signal->description);
	put_address(sink, "\nPC=", signal->pc);
	gcr_sink_text(sink, " m=");
	gcr_sink_decimal(sink, signal->m);
	gcr_sink_text(sink, " sigcode=");
	gcr_sink_decimal(sink, signal->code);
	if (signal->has_addr && (go == 0 || go >= 22))
		put_address(sink, " addr=", signal->addr);
	gcr_sink_char(sink, '\n');
	if (core->c_told)
		gcr_sink_text(sink, "signal arrived during cgo execution\n");
}

static void put_cause(const struct gcr_core *core, struct gcr_sink *sink)
{
	const struct gcr_cause *cause = &core->crash.cause;

	switch (cause->kind) {
	case GCR_CAUSE_PANIC:
		put_panics(cause, sink);
		if (cause->signal != NULL)
			put_fault(cause->signal, sink);
		break;
	case GCR_CAUSE_FATAL:
		gcr_sink_text(sink, "fatal error: ");
		gcr_sink_span(sink, cause->text);
		gcr_sink_char(sink, '\n');
		if (cause->signal != NULL)
			put_fault(cause->signal, sink);
		break;
	case GCR_CAUSE_SIGNAL:
		put_signal(core, cause->signal, sink);
		break;
	case GCR_CAUSE_NONE:
		break;
	}
}

// It died in the scheduler or while a stack grew.
static int put_system_stack(struct gcr_core *core, struct gcr_sink *sink,
			    struct gcr_error *err)
{
	struct gcr_core_goroutine g;

	if (!core->death_on_system)
		return 0;
	if (gcr_core_die(core, &g, err) != 0)
		return -1;
	// In two, lest our own program looks like a crash to who reads it.
	gcr_sink_text(sink, "\nruntime");
	gcr_sink_text(sink, " stack:\n");
	put_stack(core, sink);
	if (gcr_core_read_c_below(core, err) != 0)
		return -1;
	put_c_frames(core, sink);
	return 0;
}

int gcr_write_runtime(struct gcr_core *core, const struct gcr_output *output,
		      struct gcr_error *err)
{
	struct gcr_core_goroutine g;
	struct gcr_sink sink;
	int more;

	gcr_sink_init(&sink, output);
	if (core->chosen == 0) {
		put_cause(core, &sink);
		if (put_system_stack(core, &sink, err) != 0)
			return -1;
	}
	gcr_core_restart(core);
	while (!sink.failed && (more = gcr_core_advance(core, &g, err)) != 0) {
		if (more < 0)
			return -1;
		if (sink.total > 0)
			gcr_sink_char(&sink, '\n');
		if (put_goroutine(core, &g, &sink, err) != 0)
			return -1;
	}
	if (gcr_core_note_losses(core, err) != 0)
		return -1;
	return gcr_sink_done(&sink, err);
}
