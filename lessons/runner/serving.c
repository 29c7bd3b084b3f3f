/* Steps that run beside the others. */

#include "serving.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "signals.h"
#include "sockets.h"
#include "text.h"

enum {
	PORT_TRIES = 3,
	LOOK_MS = 20,
	GRACE_SECONDS = 1,     /* for a load, after its server has ended */
	REPORT_SECONDS = 5,    /* for its report, once interrupted */
	OUTPUT_MOST = 4 << 20, /* of a file, in the record */
};

static struct stage *find_stage(struct run *run, const char *name)
{
	for (size_t i = 0; i < run->stage_count; i++)
		if (strcmp(run->stages[i].step.name, name) == 0)
			return &run->stages[i];
	return NULL;
}

static bool is_load_on(const struct stage *stage, const struct stage *server)
{
	return stage->running && (stage->step.flags & STEP_LOAD) &&
	       strcmp(stage->step.server, server->step.name) == 0;
}

static const char *output_path(struct run *run, const struct stage *stage,
			       const char *tail)
{
	return pool_format(&run->pool, "%s/%s%s", run->request->folder,
			   stage->step.name, tail);
}

/*
 * A program that a shell starts is its child, and not the process that allowed
 * debuggers to attach (see child.c): one that is named by its path takes the
 * shell's place.
 */
static const char *in_place_of_shell(struct run *run, const char *command)
{
	size_t line = strcspn(command, "\n"), word = strcspn(command, " \n");
	bool more = command[line] && command[line + 1];

	if (more || strpbrk(command, ";&|(){}") || memchr(command, '=', word) ||
	    !memchr(command, '/', word))
		return command;
	return pool_format(&run->pool, "exec %s", command);
}

static void start(struct run *run, struct stage *stage)
{
	child_start(
		&(struct child_request){
			.folder = run->request->folder,
			.command = in_place_of_shell(run, stage->step.command),
			.environment = run->environment,
			.out_path = output_path(run, stage, ".out"),
			.err_path = output_path(run, stage, ".err"),
		},
		&stage->child);
	stage->running = true;
}

// A file's head, whole lines; adds the file's size to `cut` if that is not all.
static void read_output(const char *path, struct text *ret, size_t *cut)
{
	struct stat status;

	if (text_read(ret, path, OUTPUT_MOST) == 0 || errno != EFBIG)
		return;
	while (ret->size > OUTPUT_MOST ||
	       (ret->size && ret->data[ret->size - 1] != '\n'))
		ret->size--;
	ret->data[ret->size] = '\0';
	if (stat(path, &status) == 0)
		*cut += (size_t)status.st_size;
}

static enum outcome close_stage(struct run *run, struct stage *stage,
				enum outcome outcome)
{
	struct child *child = &stage->child;

	child_end(child);
	stage->running = false;
	read_output(child->request.out_path, &child->result.out, &stage->cut);
	read_output(child->request.err_path, &child->result.err, &stage->cut);
	outcome = stage_close(run, stage, &child->result, NULL, outcome);
	child_done(&child->result);
	return outcome;
}

void serving_look(void *data)
{
	struct run *run = data;

	// What floods the disk is ended at once, and judged when its turn comes.
	for (size_t i = 0; i < run->stage_count; i++)
		if (run->stages[i].running &&
		    child_over(&run->stages[i].child) &&
		    run->stages[i].child.result.end == CHILD_FLOODED)
			child_end(&run->stages[i].child);
}

static void look_on(struct run *run)
{
	serving_look(run);
	child_pause(LOOK_MS);
}

// Waits for it to be over, but not beyond `seconds`, stretched for slow machines.
static bool wait_over(struct run *run, struct stage *stage, unsigned seconds)
{
	double since = child_now();
	bool told = false;

	while (!child_over(&stage->child)) {
		double spent = child_now() - since;

		if (spent > seconds * run->patience)
			return false;
		if (spent > 1 && !told && run->request->watcher.slow)
			run->request->watcher.slow(run->request->watcher.data,
						   seconds * run->patience);
		told = told || spent > 1;
		look_on(run);
	}
	return true;
}

static void set_value(struct run *run, const char *name, double value)
{
	run->values =
		jv_object_set(run->values, jv_string(name), jv_number(value));
}

static enum outcome wait_listening(struct run *run, struct stage *stage)
{
	double since = child_now();

	while (!child_over(&stage->child)) {
		if (sockets_listener(stage->child.pid, &stage->pid,
				     &stage->port))
			return OUTCOME_EXPECTED;
		if (child_now() - since > stage->step.seconds * run->patience)
			return OUTCOME_DEAF;
		look_on(run);
	}
	return stage->child.result.end == CHILD_ENDED
		       ? OUTCOME_NOT_SERVING
		       : stage_end(stage->child.result.end);
}

// Starts it on `run->port`; the caller sees to what comes of it.
static enum outcome try_start(struct run *run, struct stage *stage)
{
	const struct capture_watcher *watcher = &run->request->watcher;

	set_value(run, "port", run->port);
	stage_fill(run, stage);
	if (watcher->before)
		watcher->before(watcher->data, &stage->step);
	start(run, stage);
	return wait_listening(run, stage);
}

static void tell_started(struct run *run, struct stage *stage)
{
	const struct capture_watcher *watcher = &run->request->watcher;
	struct text out = { 0 };
	size_t cut = 0;

	read_output(stage->child.request.out_path, &out, &cut);
	if (watcher->started)
		watcher->started(watcher->data, &stage->step,
				 text_string(&out));
	text_done(&out);
}

enum outcome serving_start(struct run *run, struct stage *stage)
{
	enum outcome outcome;

	run->port = sockets_free_port(run->port ? run->port : PORT_USUAL);
	outcome = try_start(run, stage);
	for (int i = 1; i < PORT_TRIES && outcome == OUTCOME_NOT_SERVING &&
			sockets_taken(run->port);
	     i++) {
		child_end(&stage->child);
		child_done(&stage->child.result);
		stage->step.before = pool_format(
			&run->pool,
			"Port %u was taken by another program in this moment. "
			"Once more, on another.",
			run->port);
		run->port = sockets_free_port(0);
		outcome = try_start(run, stage);
	}
	if (outcome != OUTCOME_EXPECTED)
		return close_stage(run, stage, outcome);
	set_value(run, stage->step.name, stage->pid);
	tell_started(run, stage);
	return OUTCOME_EXPECTED;
}

enum outcome serving_load(struct run *run, struct stage *stage)
{
	const struct capture_watcher *watcher = &run->request->watcher;

	start(run, stage);
	if (stage->child.result.end == CHILD_NOT_RUN)
		return close_stage(run, stage, OUTCOME_CANNOT_RUN);
	if (watcher->started)
		watcher->started(watcher->data, &stage->step, "");
	return OUTCOME_EXPECTED;
}

// The first load on the server that is over already, or NULL.
static struct stage *ended_load(struct run *run, const struct stage *server)
{
	for (size_t i = 0; i < run->stage_count; i++)
		if (is_load_on(&run->stages[i], server) &&
		    child_over(&run->stages[i].child))
			return &run->stages[i];
	return NULL;
}

static bool has_load(struct run *run, const struct stage *server)
{
	for (size_t i = 0; i < run->stage_count; i++)
		if (is_load_on(&run->stages[i], server))
			return true;
	return false;
}

// While this is so there is something to wait for.
static bool all_goes_on(struct run *run, struct stage *server)
{
	return !child_over(&server->child) && !ended_load(run, server);
}

enum outcome serving_wait(struct run *run, struct stage *stage)
{
	struct stage *server = find_stage(run, stage->step.server), *load;
	double since = child_now();

	while (has_load(run, server) && all_goes_on(run, server) &&
	       sockets_established(server->port) == 0 &&
	       child_now() - since < stage->step.seconds * run->patience)
		look_on(run);
	since = child_now();
	while (all_goes_on(run, server) &&
	       child_now() - since < stage->step.after)
		look_on(run);
	if (child_over(&server->child))
		return close_stage(run, server,
				   server->child.result.end == CHILD_ENDED
					   ? OUTCOME_EARLY
					   : OUTCOME_EXPECTED);
	load = ended_load(run, server);
	if (load) {
		enum outcome outcome = close_stage(run, load, OUTCOME_EXPECTED);

		return outcome == OUTCOME_EXPECTED ? OUTCOME_NO_LOAD : outcome;
	}
	return OUTCOME_EXPECTED;
}

void serving_count(struct run *run, struct stage *stage)
{
	const struct stage *server = find_stage(run, stage->step.server);

	stage->sockets = (int)sockets_established(server->port);
}

// A load that goes on is interrupted, as by Ctrl-C, so that it reports.
static enum outcome stop_load(struct run *run, struct stage *load,
			      unsigned grace)
{
	if (!wait_over(run, load, grace)) {
		load->stopped = true;
		kill(-load->child.pid, SIGINT);
		(void)wait_over(run, load, REPORT_SECONDS);
	}
	return close_stage(run, load, OUTCOME_EXPECTED);
}

enum outcome serving_await(struct run *run, struct stage *stage)
{
	struct stage *server = find_stage(run, stage->step.server);
	enum outcome outcome;

	if (!server->running)
		return OUTCOME_EXPECTED;
	if (!wait_over(run, server, server->step.seconds))
		server->child.result.end = CHILD_TIMED_OUT;
	outcome = close_stage(run, server, OUTCOME_EXPECTED);
	for (size_t i = 0; i < run->stage_count; i++) {
		struct stage *load = &run->stages[i];
		enum outcome of_load;

		if (!is_load_on(load, server))
			continue;
		of_load = stop_load(run, load, GRACE_SECONDS);
		if (outcome == OUTCOME_EXPECTED)
			outcome = of_load;
	}
	return outcome;
}

void serving_stop(struct run *run)
{
	for (size_t i = 0; i < run->stage_count; i++)
		if (run->stages[i].running &&
		    (run->stages[i].step.flags & STEP_LOAD))
			(void)stop_load(run, &run->stages[i], 0);
	for (size_t i = 0; i < run->stage_count; i++) {
		if (!run->stages[i].running)
			continue;
		run->stages[i].stopped = true;
		(void)close_stage(run, &run->stages[i], OUTCOME_EXPECTED);
	}
}
