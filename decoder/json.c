/*
 * gcr_write_json: every field of the contract stands in every document, null
 * where nothing is known. What the contract does not name comes after it:
 *
 *	{format, go, go_min, go_max, arch, cause, goroutines, registers, notes,
 *	 runtime_stack, races, profile, threads, remarks, other, notes_dropped,
 *	 line, column}
 */

#include "json.h"

#include "arena.h"
#include "error.h"
#include "framewords.h"
#include "groups.h"
#include "jsonout.h"
#include "quoted.h"
#include "span.h"
#include "target.h"

struct writer {
	struct gcr_json json;
	const struct gcr_view *view;
	struct gcr_target target;
	struct gcr_arena *arena; /* for one frame at a time */
	struct gcr_arena *group_arena;
	struct gcr_groups *groups;
	struct gcr_error *err;
};

static int write_frame(struct writer *to, const struct gcr_frame *frame)
{
	struct gcr_json *json = &to->json;
	struct gcr_arena_mark mark = gcr_arena_mark(to->arena);
	struct gcr_function_parts parts = gcr_function_split(frame->function);
	struct gcr_decoding decoding = { 0 };

	if (gcr_frame_words(frame, to->view->declarations, &to->target,
			    to->view->program, to->arena, &decoding,
			    to->err) != 0)
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

static int write_frames(struct writer *to, const struct gcr_frame *frames,
			size_t count)
{
	gcr_json_open(&to->json, "frames", '[');
	for (size_t i = 0; i < count; i++)
		if (write_frame(to, &frames[i]) != 0)
			return -1;
	gcr_json_close(&to->json, ']');
	return 0;
}

static void write_creator(struct writer *to, const struct gcr_frame *frame,
			  bool has_id, uint64_t id)
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

static int write_labels(struct writer *to, struct gcr_span labels)
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

static int write_ancestors(struct writer *to, const struct gcr_goroutine *g)
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

static int write_goroutine(struct writer *to, const struct gcr_goroutine *g)
{
	struct gcr_json *json = &to->json;
	bool numbered = g->kind == GCR_STACK_GOROUTINE ||
			(g->kind == GCR_STACK_RACE && g->id > 0);
	struct gcr_group *group;

	gcr_json_open(json, NULL, '{');
	gcr_json_number_if(json, "id", numbered, g->id);
	gcr_json_span(json, "state", g->state);
	gcr_json_number(json, "minutes", g->minutes);
	gcr_json_bool(json, "locked", g->flags & GCR_G_LOCKED);
	if (write_labels(to, g->labels) != 0)
		return -1;
	if (gcr_groups_add(to->groups, g, &group, to->err) != 0)
		return -1;
	gcr_json_number(json, "group", group->index);
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
	gcr_json_close(json, '}');
	return 0;
}

static int write_goroutines(struct writer *to, const struct gcr_crash *crash)
{
	gcr_json_open(&to->json, "goroutines", '[');
	for (size_t i = 0; i < crash->goroutine_count; i++)
		if (write_goroutine(to, &crash->goroutines[i]) != 0)
			return -1;
	gcr_json_close(&to->json, ']');
	return 0;
}

static const struct {
	const char *key;
	enum gcr_stack_kind kind;
} stack_members[] = {
	{ "runtime_stack", GCR_STACK_RUNTIME },
	{ "races", GCR_STACK_RACE },
	{ "profile", GCR_STACK_PROFILE },
};

static int write_stacks(struct writer *to, const struct gcr_crash *crash)
{
	size_t count = sizeof(stack_members) / sizeof(stack_members[0]);

	for (size_t i = 0; i < count; i++) {
		gcr_json_open(&to->json, stack_members[i].key, '[');
		for (size_t j = 0; j < crash->stack_count; j++)
			if (crash->stacks[j].kind == stack_members[i].kind &&
			    write_goroutine(to, &crash->stacks[j]) != 0)
				return -1;
		gcr_json_close(&to->json, ']');
	}
	return 0;
}

static void write_signal(struct gcr_json *json, const struct gcr_signal *signal)
{
	if (signal == NULL) {
		gcr_json_null(json, "signal");
		return;
	}
	gcr_json_open(json, "signal", '{');
	gcr_json_span(json, "name", signal->name);
	gcr_json_hex_if(json, "code", signal->has_code, signal->code);
	gcr_json_hex_if(json, "addr", signal->has_addr, signal->addr);
	gcr_json_hex_if(json, "pc", signal->has_pc, signal->pc);
	gcr_json_span(json, "description", signal->description);
	gcr_json_number_if(json, "m", signal->has_m, signal->m);
	gcr_json_close(json, '}');
}

static const char *const cause_names[] = {
	[GCR_CAUSE_NONE] = "none",
	[GCR_CAUSE_PANIC] = "panic",
	[GCR_CAUSE_FATAL] = "fatal",
	[GCR_CAUSE_SIGNAL] = "signal",
};
_Static_assert(sizeof(cause_names) / sizeof(cause_names[0]) ==
		       GCR_CAUSE_SIGNAL + 1,
	       "a name for every kind of cause");

static void write_cause(struct gcr_json *json, const struct gcr_cause *cause)
{
	gcr_json_open(json, "cause", '{');
	gcr_json_text(json, "kind", cause_names[cause->kind]);
	gcr_json_span(json, "text", cause->text);
	gcr_json_open(json, "panics", '[');
	for (size_t i = 0; i < cause->panic_count; i++) {
		const struct gcr_panic *panic = &cause->panics[i];

		gcr_json_open(json, NULL, '{');
		gcr_json_span(json, "text", panic->text);
		gcr_json_bool(json, "recovered", panic->recovered);
		gcr_json_bool(json, "repanicked", panic->repanicked);
		gcr_json_close(json, '}');
	}
	gcr_json_close(json, ']');
	write_signal(json, cause->signal);
	gcr_json_close(json, '}');
}

static void write_registers(struct gcr_json *json,
			    const struct gcr_crash *crash, size_t report)
{
	gcr_json_open(json, "registers", '{');
	if (report < crash->report_count) {
		const struct gcr_report *from = &crash->reports[report];

		for (size_t i = 0; i < from->register_count; i++) {
			gcr_json_name(json, from->registers[i].name);
			gcr_json_hex(json, NULL, from->registers[i].value);
		}
	}
	gcr_json_close(json, '}');
}

// The further threads' reports of GOTRACEBACK=crash.
static void write_threads(struct gcr_json *json, const struct gcr_crash *crash)
{
	gcr_json_open(json, "threads", '[');
	for (size_t i = 1; i < crash->report_count; i++) {
		gcr_json_open(json, NULL, '{');
		gcr_json_number(json, "thread", i);
		write_signal(json, crash->reports[i].signal);
		write_registers(json, crash, i);
		gcr_json_close(json, '}');
	}
	gcr_json_close(json, ']');
}

static void write_others(struct gcr_json *json, const char *key,
			 const struct gcr_other *others, size_t count)
{
	gcr_json_open(json, key, '[');
	for (size_t i = 0; i < count; i++) {
		gcr_json_open(json, NULL, '{');
		gcr_json_place(json, others[i].place);
		gcr_json_span(json, "text", others[i].text);
		gcr_json_close(json, '}');
	}
	gcr_json_close(json, ']');
}

static int write_document(struct writer *to, const struct gcr_crash *crash)
{
	struct gcr_json *json = &to->json;

	gcr_json_open(json, NULL, '{');
	gcr_json_text(json, "format", GCR_JSON_FORMAT);
	gcr_json_target(json, &to->target);
	write_cause(json, &crash->cause);
	if (write_goroutines(to, crash) != 0)
		return -1;
	write_registers(json, crash, 0);
	gcr_json_notes(json, "notes", crash->notes, crash->note_count);
	if (write_stacks(to, crash) != 0)
		return -1;
	write_threads(json, crash);
	write_others(json, "remarks", crash->remarks, crash->remark_count);
	write_others(json, "other", crash->others, crash->other_count);
	gcr_json_number(json, "notes_dropped", crash->notes_dropped);
	gcr_json_place(json, crash->place);
	gcr_json_close(json, '}');
	return gcr_json_done(json, to->err);
}

int gcr_write_json(const struct gcr_crash *crash, const struct gcr_view *view,
		   const struct gcr_output *output, struct gcr_error *err)
{
	struct writer to = {
		.view = view,
		.target = gcr_target_combine(&view->given, &crash->target),
		.arena = gcr_arena_new(0),
		.group_arena = gcr_arena_new(0),
		.err = err,
	};
	int result = -1;

	if (to.arena == NULL || to.group_arena == NULL) {
		gcr_fail(err, GCR_NOMEM, "out of memory");
	} else {
		gcr_arena_fail_at(to.arena, view->fail_at);
		gcr_json_init(&to.json, output);
		if (gcr_groups_new(to.group_arena, &to.groups, err) == 0)
			result = write_document(&to, crash);
	}
	gcr_arena_free(to.arena);
	gcr_arena_free(to.group_arena);
	return result;
}
