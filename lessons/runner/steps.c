/*
 * Steps, one after the other: each is a shell in the run's folder, and what it
 * printed becomes a record.
 */

#include "steps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cores.h"
#include "draw.h"
#include "fetch.h"
#include "paths.h"
#include "record.h"
#include "serving.h"
#include "text.h"

enum {
	SOURCE_MOST = 1 << 20,
	BY_SIGNAL = 128, /* from here on: the status of what a signal ended */
};

// Copies a program's source; the values that were drawn go into the first one's.
static int place_source(struct run *run, const char *name, bool first)
{
	const struct lesson *lesson = run->request->lesson;
	const char *path = pool_format(&run->pool, "%s/go-examples/%s/%s.go",
				       run->request->here->root, name, name);
	struct text source = { 0 }, filled = { 0 };
	int ret = text_read(&source, path, SOURCE_MOST);

	if (ret != 0)
		text_format(run->errors, "cannot read '%s': %s", path,
			    strerror(errno));
	else if (first && lesson->call)
		ret = draw_source(lesson, jv_copy(run->values),
				  text_string(&source), &filled, run->errors);
	else
		text_add(&filled, text_string(&source), source.size);
	path = pool_format(&run->pool, "%s/%s.go", run->request->folder, name);
	if (ret == 0 && (ret = text_write(&filled, path)) != 0)
		text_format(run->errors, "cannot write '%s': %s", path,
			    strerror(errno));
	text_done(&source);
	text_done(&filled);
	return ret;
}

// go.mod and the programs, `example1, godebug`.
static int place_programs(struct run *run)
{
	const char *at = run->request->lesson->program;
	int ret = 0;

	for (bool first = true; *at && ret == 0; first = false) {
		size_t size = strcspn(at, ", ");

		ret = place_source(run, pool_copy(&run->pool, at, size), first);
		at += size;
		at += strspn(at, ", ");
	}
	if (ret == 0 &&
	    copy_file(pool_format(&run->pool, "%s/go-examples/go.mod",
				  run->request->here->root),
		      pool_format(&run->pool, "%s/go.mod",
				  run->request->folder)) != 0) {
		text_format(run->errors, "cannot write to '%s': %s",
			    run->request->folder, strerror(errno));
		ret = -1;
	}
	return ret;
}

// The first thing in `needs` that is not here; NULL when all is.
static const char *missing(struct run *run, const char *needs)
{
	while (needs && *needs) {
		size_t size = strcspn(needs, ",");
		const char *name = pool_copy(&run->pool, needs, size);
		const char *path;

		needs += size + (needs[size] == ',');
		if (strcmp(name, "core") == 0) {
			if (run->core)
				continue;
			return "there is no core here";
		}
		path = surroundings_program(run->request->here, name,
					    &run->pool);
		if (!path)
			return pool_format(&run->pool, "%s is not here", name);
		run->tools = jv_object_set(
			run->tools, jv_string(name),
			jv_string(run->request->trimmed ? name : path));
	}
	return NULL;
}

// clang-format off
static const enum outcome ends[] = {
	[CHILD_ENDED]     = OUTCOME_EXPECTED,
	[CHILD_TIMED_OUT] = OUTCOME_TIMED_OUT,
	[CHILD_FLOODED]   = OUTCOME_FLOODED,
	[CHILD_STOPPED]   = OUTCOME_STOPPED,
	[CHILD_NOT_RUN]   = OUTCOME_CANNOT_RUN,
};
// clang-format on

enum outcome stage_end(enum child_end end)
{
	return ends[end];
}

static enum outcome judge(struct run *run, const struct stage *stage,
			  const struct child_result *result, jv *trace)
{
	const struct surroundings *here = run->request->here;
	const struct step *step = &stage->step;
	enum outcome outcome = ends[result->end];

	// What we stopped ended as we chose.
	if (outcome == OUTCOME_EXPECTED && !stage->stopped &&
	    step->status != STATUS_ANY && step->status != result->status)
		outcome = step->flags & STEP_BUILD ? OUTCOME_BUILD_FAILED
						   : OUTCOME_STATUS;
	if (trace_read(
		    &(struct trace_source){ .lesson = run->request->lesson,
					    .data = text_string(&result->err),
					    .size = result->err.size,
					    .go_minor = here->go_minor,
					    .arch = here->arch },
		    trace, run->errors) != 0) {
		*trace = jv_array();
		return OUTCOME_DUMP_UNREADABLE;
	}
	if (outcome == OUTCOME_EXPECTED && (step->flags & STEP_DUMP) &&
	    jv_array_length(jv_copy(*trace)) == 0)
		return OUTCOME_NO_DUMP;
	return outcome;
}

// NAME.out and NAME.err, for later steps and for the learner.
static void keep_output(struct run *run, const struct step *step,
			const struct child_result *result)
{
	const char *path = pool_format(&run->pool, "%s/%s",
				       run->request->folder, step->name);

	if (text_write(&result->out, pool_format(&run->pool, "%s.out", path)) ||
	    text_write(&result->err, pool_format(&run->pool, "%s.err", path)))
		text_format(run->errors, "cannot write '%s.err': %s\n", path,
			    strerror(errno));
}

void stage_fill(struct run *run, struct stage *stage)
{
	size_t index = (size_t)(stage - run->stages);
	struct text command = { 0 };

	draw_fill(run->request->lesson->steps[index].command, run->values,
		  &command);
	stage->step.command = pool_string(&run->pool, text_string(&command));
	text_done(&command);
}

static jv set_number(jv record, const char *key, double value)
{
	return jv_object_set(record, jv_string(key), jv_number(value));
}

// What only some steps have.
static jv add_details(jv record, const struct stage *stage)
{
	if (stage->step.flags & STEP_SERVE) {
		record = set_number(record, "pid", stage->pid);
		record = set_number(record, "port", stage->port);
	}
	if (stage->step.flags & (STEP_SERVE | STEP_LOAD))
		record = jv_object_set(record, jv_string("stopped"),
				       jv_bool(stage->stopped));
	if (stage->sockets >= 0)
		record = set_number(record, "sockets", stage->sockets);
	if (stage->fetched)
		record = jv_object_set(record, jv_string("fetched"),
				       jv_string(stage->fetched));
	if (stage->cut)
		record = set_number(record, "cut", (double)stage->cut);
	return record;
}

enum outcome stage_close(struct run *run, struct stage *stage,
			 struct child_result *result, const char *lack,
			 enum outcome outcome)
{
	const struct capture_request *request = run->request;
	const struct capture_watcher *watcher = &request->watcher;
	jv trace = jv_array(), record;

	if (!lack) {
		enum outcome judged;

		jv_free(trace);
		judged = judge(run, stage, result, &trace);

		if (outcome == OUTCOME_EXPECTED)
			outcome = judged;
	}
	record = record_step(&stage->step, result, lack, outcome_name(outcome),
			     request->folder, trace);
	record = add_details(record, stage);
	if (record_has_core(jv_copy(record)))
		run->core = true;
	// One that is stopped beside others has nothing to show for it.
	if (watcher->after &&
	    !(outcome == OUTCOME_STOPPED && stage->child.request.command))
		watcher->after(watcher->data, &stage->step, jv_copy(record));
	if (request->trimmed)
		record = record_trim(record_trim(record, request->folder),
				     request->here->state);
	jv_free(stage->record);
	stage->record = record;
	return outcome;
}

// Is there room on the disk for the core that the step takes?
static const char *no_room(struct run *run, const struct step *step)
{
	unsigned megabytes;
	pid_t pid = 0;

	if (!step->room)
		return NULL;
	megabytes = (unsigned)strtoull(step->room, NULL, 10);
	for (size_t i = 0; i < run->stage_count; i++)
		if (strcmp(run->stages[i].step.name, step->room) == 0)
			pid = run->stages[i].pid;
	return cores_no_room(run->request->folder, pid, megabytes, &run->pool);
}

// A step for a server that was left out is left out, too.
static const char *lack_of(struct run *run, const struct stage *stage)
{
	const char *lack = missing(run, stage->step.needs);

	if (!lack)
		lack = no_room(run, &stage->step);

	for (size_t i = 0; !lack && i < run->stage_count; i++)
		if (stage->step.server && !run->stages[i].pid &&
		    strcmp(run->stages[i].step.name, stage->step.server) == 0)
			lack = pool_format(&run->pool, "`%s` was left out",
					   stage->step.server);
	return lack;
}

static void tell_slow(void *data)
{
	const struct run *run = data;
	const struct capture_watcher *watcher = &run->request->watcher;

	if (watcher->slow)
		watcher->slow(watcher->data, run->allowed);
}

// The core of a step that died may have gone elsewhere.
static void fetch_core(struct run *run, struct stage *stage,
		       const struct child_result *result, time_t since)
{
	const char *folder = run->request->folder;

	if ((stage->step.flags & STEP_CORE) && result->status >= BY_SIGNAL &&
	    !core_in(folder, &run->pool))
		stage->fetched = core_fetch(
			&(struct hunt){ .folder = folder,
					.pattern = core_pattern(&run->pool),
					.apport = "/var/lib/apport/coredump",
					.since = since,
					.group = result->group,
					.environment = run->environment },
			&run->pool);
}

static enum outcome run_command(struct run *run, struct stage *stage)
{
	const struct capture_request *request = run->request;
	const struct step *step = &stage->step;
	struct child_result result;
	time_t since = time(NULL);
	enum outcome outcome;

	run->allowed = step->seconds * run->patience;
	child_run(&(struct child_request){ .folder = request->folder,
					   .command = step->command,
					   .environment = run->environment,
					   .seconds = run->allowed,
					   .slow = tell_slow,
					   .idle = serving_look,
					   .data = run },
		  &result);
	keep_output(run, step, &result);
	fetch_core(run, stage, &result, since);
	outcome = stage_close(run, stage, &result, NULL, OUTCOME_EXPECTED);
	child_done(&result);
	return outcome;
}

// It is shown with the others, and run when the learner says so.
static enum outcome leave_to_hand(struct run *run, struct stage *stage)
{
	const struct capture_watcher *watcher = &run->request->watcher;

	if (watcher->before)
		watcher->before(watcher->data, &stage->step);
	return stage_close(run, stage, &(struct child_result){ 0 },
			   capture_by_hand, OUTCOME_SKIPPED);
}

static enum outcome run_step(struct run *run, struct stage *stage)
{
	const struct capture_watcher *watcher = &run->request->watcher;
	unsigned flags = stage->step.flags;
	const char *lack = lack_of(run, stage);
	enum outcome outcome = OUTCOME_EXPECTED;

	if (lack)
		return stage_close(run, stage, &(struct child_result){ 0 },
				   lack, OUTCOME_SKIPPED);
	if (flags & STEP_SERVE)
		return serving_start(run, stage);
	stage_fill(run, stage);
	if (flags & STEP_HAND)
		return leave_to_hand(run, stage);
	if (flags & STEP_SIGNAL)
		outcome = serving_wait(run, stage);
	if (outcome != OUTCOME_EXPECTED)
		return outcome;
	if (watcher->before)
		watcher->before(watcher->data, &stage->step);
	if (flags & STEP_LOAD)
		return serving_load(run, stage);
	if (flags & STEP_SIGNAL)
		serving_count(run, stage);
	outcome = run_command(run, stage);
	if (outcome == OUTCOME_EXPECTED && (flags & STEP_SIGNAL))
		outcome = serving_await(run, stage);
	return outcome;
}

enum outcome steps_run(struct run *run)
{
	const struct lesson *lesson = run->request->lesson;
	enum outcome outcome = OUTCOME_EXPECTED;

	run->stages = pool_alloc(&run->pool, (lesson->step_count + 1) *
						     sizeof(*run->stages));
	run->stage_count = lesson->step_count;
	for (size_t i = 0; i < run->stage_count; i++)
		run->stages[i] = (struct stage){ .step = lesson->steps[i],
						 .sockets = -1,
						 .record = jv_invalid() };
	if (lesson->program && place_programs(run) != 0)
		outcome = OUTCOME_LESSON;
	for (size_t i = 0; i < run->stage_count; i++) {
		if (outcome != OUTCOME_EXPECTED && outcome != OUTCOME_SKIPPED)
			break;
		outcome = run_step(run, &run->stages[i]);
	}
	serving_stop(run);
	return outcome == OUTCOME_SKIPPED ? OUTCOME_EXPECTED : outcome;
}

jv steps_records(struct run *run)
{
	jv ret = jv_array();

	for (size_t i = 0; i < run->stage_count; i++) {
		if (jv_is_valid(run->stages[i].record))
			ret = jv_array_append(ret, run->stages[i].record);
		else
			jv_free(run->stages[i].record);
		run->stages[i].record = jv_invalid();
	}
	return ret;
}
