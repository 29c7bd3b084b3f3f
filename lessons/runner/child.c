/*
 * posix_spawn has no portable way to name a folder, so the first shell changes
 * to it and becomes the second, which runs the commands.
 */

#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "signals.h"

enum {
	OUTPUT_LIMIT = 16 << 20,
	SLICE_MS = 100,
	AFTERLIFE_MS = 300, /* for output of what the command left behind */
	GRACE_MS = 500,	    /* between SIGTERM and SIGKILL */
	READ_SIZE = 65536,
	SIGNALED = 128, /* a shell adds this to the signal's number */
	SIGNALS = 64,
};

struct child {
	const struct child_request *request;
	struct child_result *result;
	pid_t pid;
	int pipes[2]; /* read ends of stdout and stderr; -1 when closed */
	bool reaped;
	int wait_status;
	double started, reaped_at;
	bool told;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void pause_ms(long ms)
{
	struct timespec t = { .tv_sec = ms / 1000,
			      .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static int open_pipe(int ends[2])
{
	if (pipe(ends) != 0)
		return -1;
	for (int i = 0; i < 2; i++)
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	return 0;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

// Signals as a shell would start a program with: none blocked or ignored.
static void default_signals(posix_spawnattr_t *attributes)
{
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_setsigdefault(attributes, &all);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setpgroup(attributes, 0);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP |
						     POSIX_SPAWN_SETSIGDEF |
						     POSIX_SPAWN_SETSIGMASK);
}

static int spawn(struct child *child, const int out[2], const int err[2])
{
	static char shell[] = "sh", option[] = "-c",
		    script[] = "cd \"$1\" && exec sh -eu -c \"$2\"";
	const struct child_request *request = child->request;
	struct text folder = { 0 }, command = { 0 };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error;

	text_puts(&folder, request->folder);
	text_puts(&command, request->command);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	posix_spawn_file_actions_adddup2(&actions, err[1], 2);
	default_signals(&attributes);
	error = posix_spawn(&child->pid, "/bin/sh", &actions, &attributes,
			    (char *[]){ shell, option, script, shell,
					folder.data, command.data, NULL },
			    request->environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	text_done(&folder);
	text_done(&command);
	return error;
}

static int start(struct child *child)
{
	int out[2] = { -1, -1 }, err[2] = { -1, -1 };
	int error = 0;

	if (open_pipe(out) != 0 || open_pipe(err) != 0)
		error = errno;
	else
		error = spawn(child, out, err);
	close_end(&out[1]);
	close_end(&err[1]);
	child->pipes[0] = out[0];
	child->pipes[1] = err[0];
	return error;
}

static void reap(struct child *child, int options)
{
	if (child->reaped ||
	    waitpid(child->pid, &child->wait_status, options) != child->pid)
		return;
	child->reaped = true;
	child->reaped_at = now();
}

static void drain(struct child *child, int which)
{
	struct text *text = which ? &child->result->err : &child->result->out;
	char buffer[READ_SIZE];
	ssize_t got = read(child->pipes[which], buffer, sizeof(buffer));

	if (got > 0)
		text_add(text, buffer, (size_t)got);
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		close_end(&child->pipes[which]);
}

static void wait_output(struct child *child)
{
	struct pollfd fds[2] = {
		{ .fd = child->pipes[0], .events = POLLIN },
		{ .fd = child->pipes[1], .events = POLLIN },
	};

	// With both pipes closed this is a pause, until the child is reaped.
	if (poll(fds, 2,
		 child->pipes[0] < 0 && child->pipes[1] < 0 ? 5 : SLICE_MS) <=
	    0)
		return;
	for (int i = 0; i < 2; i++)
		if (fds[i].fd >= 0 && fds[i].revents)
			drain(child, i);
}

static bool finished(const struct child *child)
{
	if (!child->reaped)
		return false;
	// A background process may hold the pipes open; it has a moment.
	return (child->pipes[0] < 0 && child->pipes[1] < 0) ||
	       now() - child->reaped_at > AFTERLIFE_MS / 1000.0;
}

static void watch(struct child *child)
{
	const struct child_request *request = child->request;
	struct child_result *result = child->result;
	size_t limit = request->output_limit ? request->output_limit
					     : (size_t)OUTPUT_LIMIT;

	while (!finished(child)) {
		double spent = now() - child->started;

		if (signals_caught())
			result->end = CHILD_STOPPED;
		else if (spent > request->seconds)
			result->end = CHILD_TIMED_OUT;
		else if (result->out.size + result->err.size > limit)
			result->end = CHILD_FLOODED;
		if (result->end != CHILD_ENDED)
			return;
		if (spent > 1 && !child->told && request->slow) {
			child->told = true;
			request->slow(request->data);
		}
		wait_output(child);
		reap(child, WNOHANG);
	}
}

static void end_group(struct child *child)
{
	if (!child->reaped) {
		kill(-child->pid, SIGTERM);
		for (int i = 0; i < GRACE_MS / 10 && !child->reaped; i++) {
			reap(child, WNOHANG);
			if (!child->reaped)
				pause_ms(10);
		}
	}
	kill(-child->pid, SIGKILL);
	reap(child, 0);
}

// A shell that ran more than one command shows a signal as 128 + number.
static void record_status(const struct child *child)
{
	struct child_result *result = child->result;
	int status = child->wait_status;

	if (WIFSIGNALED(status)) {
		result->signal = WTERMSIG(status);
		result->status = SIGNALED + result->signal;
	} else if (WIFEXITED(status)) {
		result->status = WEXITSTATUS(status);
		if (result->status > SIGNALED &&
		    result->status <= SIGNALED + SIGNALS)
			result->signal = result->status - SIGNALED;
	}
#ifdef WCOREDUMP
	result->core = WIFSIGNALED(status) && WCOREDUMP(status);
#endif
}

void child_run(const struct child_request *request, struct child_result *ret)
{
	struct child child = { .request = request,
			       .result = ret,
			       .pipes = { -1, -1 },
			       .started = now() };

	*ret = (struct child_result){ 0 };
	ret->error = start(&child);
	if (ret->error) {
		ret->end = CHILD_NOT_RUN;
	} else {
		watch(&child);
		end_group(&child);
		record_status(&child);
	}
	ret->seconds = now() - child.started;
	for (int i = 0; i < 2; i++)
		close_end(&child.pipes[i]);
}

void child_done(struct child_result *result)
{
	text_done(&result->out);
	text_done(&result->err);
}
