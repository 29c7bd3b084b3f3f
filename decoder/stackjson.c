/* Goroutines as JSON, in a document or one a line: see stackjson.h. */

#include "stackjson.h"

#include "arena.h"
#include "corelocals.h"
#include "error.h"
#include "framewords.h"
#include "program.h"
#include "quoted.h"
#include "span.h"
#include "target.h"
#include "waitlines.h"

int gcr_stack_json_init(struct gcr_stack_json *to,
			const struct gcr_target *shown,
			const struct gcr_view *view,
			const struct gcr_output *output, struct gcr_error *err)
{
	struct gcr_arena *arena = gcr_arena_new(0);

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	gcr_arena_fail_at(arena, view->fail_at);
	to->view = view;
	to->target = gcr_target_combine(&view->given, shown);
	to->arena = arena;
	to->err = err;
	gcr_json_init(&to->json, output);
	return 0;
}

void gcr_stack_json_done(struct gcr_stack_json *to)
{
	gcr_arena_free(to->arena);
	to->arena = NULL;
}

static int decode(struct gcr_stack_json *to, const struct gcr_frame *frame,
		  struct gcr_span package, struct gcr_decoding *decoding)
{
	bool core = gcr_program_has_core(to->view->program);
	struct gcr_program *program = to->view->program;

	// Of a core's frames, values outside of the runtime, as in the text.
	if (core && gcr_span_is(package, "runtime"))
		program = NULL;
	if (gcr_frame_words(frame, to->view->declarations, &to->target, program,
			    to->arena, decoding, to->err) != 0)
		return -1;
	if (!core || program != NULL)
		return gcr_core_values_apply(to->view->core_values, frame,
					     to->arena, decoding, to->err);
	decoding->argument_count = decoding->result_count = 0;
	return 0;
}

static int write_frame(struct gcr_stack_json *to, const struct gcr_frame *frame)
{
	struct gcr_json *json = &to->json;
	struct gcr_arena_mark mark = gcr_arena_mark(to->arena);
	struct gcr_function_parts parts = gcr_function_split(frame->function);
	struct gcr_decoding decoding = { 0 };

	if (decode(to, frame, parts.package, &decoding) != 0)
		return -1;
	gcr_json_open(json, NULL, '{');
	gcr_json_span(json, "function", frame->function);
	gcr_json_span(json, "package", parts.package);
	gcr_json_span(json, "receiver", parts.receiver);
	gcr_json_span(json, "name", parts.name);
	gcr_json_span(json, "file", frame->file);
	gcr_json_number_if(json, "line", frame->line > 0, frame->line);
	gcr_json_number_if(json, "offset", frame->flags & GCR_FRAME_OFFSET,
			   frame->offset);
	gcr_json_hex_if(json, "pc", frame->flags & GCR_FRAME_PC, frame->pc);
	gcr_json_hex_if(json, "fp", frame->flags & GCR_FRAME_FP_SP, frame->fp);
	gcr_json_hex_if(json, "sp", frame->flags & GCR_FRAME_FP_SP, frame->sp);
	gcr_json_bool(json, "inlined", frame->flags & GCR_FRAME_INLINED);
	gcr_json_decoding(json, &decoding);
	if (to->view->core_values != NULL)
		gcr_json_locals(json, &decoding);
	gcr_json_bool(json, "exact_pc", frame->flags & GCR_FRAME_EXACT_PC);
	gcr_json_bool(json, "cgo", frame->flags & GCR_FRAME_CGO);
	gcr_json_notes(json, "notes", decoding.notes, decoding.note_count);
	gcr_json_open(json, "place", '{');
	gcr_json_place(json, frame->place);
	gcr_json_close(json, '}');
	gcr_json_close(json, '}');
	gcr_arena_rewind(to->arena, mark);
	return 0;
}

static int write_frames(struct gcr_stack_json *to,
			const struct gcr_frame *frames, size_t count)
{
	gcr_json_open(&to->json, "frames", '[');
	for (size_t i = 0; i < count; i++)
		if (write_frame(to, &frames[i]) != 0)
			return -1;
	gcr_json_close(&to->json, ']');
	return 0;
}

static void write_creator(struct gcr_stack_json *to,
			  const struct gcr_frame *frame, bool has_id,
			  uint64_t id)
{
	struct gcr_json *json = &to->json;

	if (frame == NULL) {
		gcr_json_null(json, "created_by");
		return;
	}
	gcr_json_open(json, "created_by", '{');
	gcr_json_span(json, "function", frame->function);
	gcr_json_span(json, "file", frame->file);
	gcr_json_number_if(json, "line", frame->line > 0, frame->line);
	gcr_json_number_if(json, "offset", frame->flags & GCR_FRAME_OFFSET,
			   frame->offset);
	gcr_json_number_if(json, "goroutine", has_id, id);
	gcr_json_close(json, '}');
}

static int write_labels(struct gcr_stack_json *to, struct gcr_span labels)
{
	struct gcr_arena_mark mark = gcr_arena_mark(to->arena);
	struct gcr_span key, value;
	int got;

	gcr_json_open(&to->json, "labels", '{');
	while ((got = gcr_label_next(&labels, to->arena, &key, &value,
				     to->err)) > 0) {
		gcr_json_name(&to->json, key);
		gcr_json_span(&to->json, NULL, value);
	}
	// What is not in pairs is kept as it stands, under no name.
	if (got == 0 && labels.size > 0)
		gcr_json_span(&to->json, "", labels);
	gcr_json_close(&to->json, '}');
	gcr_arena_rewind(to->arena, mark);
	return got;
}

static int write_waits(struct gcr_stack_json *to)
{
	struct gcr_arena_mark mark = gcr_arena_mark(to->arena);
	struct gcr_core_waits waits;

	if (gcr_core_values_waits(to->view->core_values, to->arena, &waits,
				  to->err) != 0)
		return -1;
	gcr_wait_json(&to->json, &waits);
	gcr_arena_rewind(to->arena, mark);
	return 0;
}

static int write_ancestors(struct gcr_stack_json *to,
			   const struct gcr_goroutine *g)
{
	gcr_json_open(&to->json, "ancestors", '[');
	for (size_t i = 0; i < g->ancestor_count; i++) {
		const struct gcr_ancestor *from = &g->ancestors[i];

		gcr_json_open(&to->json, NULL, '{');
		gcr_json_number(&to->json, "goroutine", from->goroutine);
		if (write_frames(to, from->frames, from->frame_count) != 0)
			return -1;
		write_creator(to, from->created_by, false, 0);
		gcr_json_bool(&to->json, "elided", from->elided);
		gcr_json_close(&to->json, '}');
	}
	gcr_json_close(&to->json, ']');
	return 0;
}

static const struct {
	const char *name;
	unsigned flag;
} goroutine_flags[] = {
	{ "scan", GCR_G_SCAN },	      { "leaked", GCR_G_LEAKED },
	{ "durable", GCR_G_DURABLE }, { "other_thread", GCR_G_OTHER_THREAD },
	{ "cut", GCR_G_CUT },
};

// Beyond the contract: what else the header says.
static void write_header_rest(struct gcr_json *json,
			      const struct gcr_goroutine *g)
{
	for (size_t i = 0;
	     i < sizeof(goroutine_flags) / sizeof(goroutine_flags[0]); i++)
		gcr_json_bool(json, goroutine_flags[i].name,
			      g->flags & goroutine_flags[i].flag);
	gcr_json_number_if(json, "synctest", g->flags & GCR_G_SYNCTEST,
			   g->synctest);
	gcr_json_hex_if(json, "gp", g->flags & GCR_G_GP, g->gp);
	gcr_json_number_if(json, "m", g->flags & GCR_G_M, g->m);
	gcr_json_hex_if(json, "mp", g->flags & GCR_G_M, g->mp);
	gcr_json_number_if(json, "elided_at", g->flags & GCR_G_ELIDED,
			   g->elided_at);
	gcr_json_number(json, "thread", g->report);
	gcr_json_number(json, "count", g->count);
	gcr_json_open(json, "place", '{');
	gcr_json_place(json, g->place);
	gcr_json_close(json, '}');
}

int gcr_stack_json(struct gcr_stack_json *to, const struct gcr_goroutine *g,
		   const struct gcr_group *group)
{
	struct gcr_json *json = &to->json;
	bool numbered = g->kind == GCR_STACK_GOROUTINE ||
			(g->kind == GCR_STACK_RACE && g->id > 0);

	gcr_core_values_turn(to->view->core_values, g);
	gcr_program_turn(to->view->program, g);
	gcr_json_number_if(json, "id", numbered, g->id);
	gcr_json_span(json, "state", g->state);
	gcr_json_number(json, "minutes", g->minutes);
	gcr_json_bool(json, "locked", g->flags & GCR_G_LOCKED);
	if (write_labels(to, g->labels) != 0)
		return -1;
	if (to->view->core_values != NULL && write_waits(to) != 0)
		return -1;
	gcr_json_number_if(json, "group", group != NULL,
			   group != NULL ? group->index : 0);
	if (write_frames(to, g->frames, g->frame_count) != 0)
		return -1;
	gcr_json_number_if(json, "elided",
			   !(g->flags & GCR_G_ELIDED) || g->elided > 0,
			   g->elided);
	write_creator(to, g->created_by, g->flags & GCR_G_CREATOR_ID,
		      g->creator);
	if (write_ancestors(to, g) != 0)
		return -1;
	if (g->kind == GCR_STACK_RACE)
		gcr_json_hex_if(json, "address", g->address != 0, g->address);
	write_header_rest(json, g);
	return 0;
}
