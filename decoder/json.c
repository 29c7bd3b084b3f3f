/*
 * gcr_write_json: every field of the contract stands in every document, null
 * where nothing is known. What the contract does not name comes after it:
 *
 *	{format, go, go_min, go_max, arch, cause, goroutines, registers, notes,
 *	 runtime_stack, races, profile, threads, remarks, other, notes_dropped,
 *	 program, line, column}
 */

#include "json.h"

#include "arena.h"
#include "buildtext.h"
#include "declaration.h"
#include "error.h"
#include "groups.h"
#include "listed.h"
#include "span.h"
#include "stackjson.h"
#include "target.h"

struct writer {
	struct gcr_stack_json to;
	struct gcr_json *json; /* that of `to` */
	struct gcr_arena *group_arena;
	struct gcr_groups *groups;
};

static int write_goroutine(struct writer *all, const struct gcr_goroutine *g)
{
	struct gcr_stack_json *to = &all->to;
	struct gcr_group *group;

	if (gcr_groups_add(all->groups, g, &group, to->err) != 0)
		return -1;
	gcr_json_open(all->json, NULL, '{');
	if (gcr_stack_json(to, g, group) != 0)
		return -1;
	gcr_json_close(all->json, '}');
	return 0;
}

static int write_goroutines(struct writer *to,
			    const struct gcr_stack_source *source)
{
	struct gcr_goroutine goroutine;
	int more;

	gcr_json_open(to->json, "goroutines", '[');
	while ((more = source->next(source->from, &goroutine, to->to.err)) > 0)
		if (write_goroutine(to, &goroutine) != 0)
			return -1;
	gcr_json_close(to->json, ']');
	return more;
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
		gcr_json_open(to->json, stack_members[i].key, '[');
		for (size_t j = 0; j < crash->stack_count; j++)
			if (crash->stacks[j].kind == stack_members[i].kind &&
			    write_goroutine(to, &crash->stacks[j]) != 0)
				return -1;
		gcr_json_close(to->json, ']');
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

static int write_document(struct writer *to,
			  const struct gcr_stack_source *source)
{
	const struct gcr_crash *crash = source->crash;
	struct gcr_json *json = to->json;

	gcr_json_open(json, NULL, '{');
	gcr_json_text(json, "format", GCR_JSON_FORMAT);
	gcr_json_target(json, &to->to.target);
	write_cause(json, &crash->cause);
	if (write_goroutines(to, source) != 0)
		return -1;
	write_registers(json, crash, 0);
	gcr_json_notes(json, "notes", crash->notes, crash->note_count);
	if (write_stacks(to, crash) != 0)
		return -1;
	write_threads(json, crash);
	write_others(json, "remarks", crash->remarks, crash->remark_count);
	write_others(json, "other", crash->others, crash->other_count);
	gcr_json_number(json, "notes_dropped", crash->notes_dropped);
	gcr_build_json(json, gcr_declarations_image(to->to.view->declarations));
	gcr_json_place(json, crash->place);
	gcr_json_close(json, '}');
	return gcr_json_done(json, to->to.err);
}

int gcr_write_json(const struct gcr_crash *crash, const struct gcr_view *view,
		   const struct gcr_output *output, struct gcr_error *err)
{
	struct gcr_listed listed = { .crash = crash };
	struct gcr_stack_source source = gcr_listed_source(&listed);

	return gcr_stream_json(&source, view, output, err);
}

int gcr_stream_json(const struct gcr_stack_source *source,
		    const struct gcr_view *view,
		    const struct gcr_output *output, struct gcr_error *err)
{
	struct writer to = { .group_arena = gcr_arena_new(0) };
	int result = -1;

	to.json = &to.to.json;
	if (gcr_stack_json_init(&to.to, &source->crash->target, view, output,
				err) != 0) {
		gcr_arena_free(to.group_arena);
		return -1;
	}
	if (to.group_arena == NULL)
		gcr_fail(err, GCR_NOMEM, "out of memory");
	else if (gcr_groups_new(to.group_arena, &to.groups, err) == 0) {
		// Of a list the texts stay.
		if (source->crash->goroutine_count == 0)
			gcr_groups_copy_texts(to.groups);
		result = write_document(&to, source);
	}
	gcr_stack_json_done(&to.to);
	gcr_arena_free(to.group_arena);
	return result;
}
