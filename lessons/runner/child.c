/*
 * The first shell changes to the folder and becomes the second, which runs the
 * commands. Before that it waits for a word from the runner, which is given when
 * the group has its warden: in no moment would something go on if the runner were
 * killed.
 */

#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "signals.h"

enum {
	OUTPUT_LIMIT = 16 << 20,
	FILE_LIMIT = 1 << 30,
	SLICE_MS = 100,
	AFTERLIFE_MS = 300, /* for output of what the command left behind */
	GRACE_MS = 500,	    /* between SIGTERM and SIGKILL */
	READ_SIZE = 65536,
	SIGNALED = 128, /* a shell adds this to the signal's number */
	SIGNALS = 64,
};

double child_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void child_pause(unsigned milliseconds)
{
	struct timespec t = { .tv_sec = milliseconds / 1000,
			      .tv_nsec =
				      (long)(milliseconds % 1000) * 1000000 };

	nanosleep(&t, NULL);
}

// Closed on exec, and above those that a child gets from us.
static int move_up(int fd)
{
	int moved, error;

	if (fd < 0)
		return -1;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	error = errno;
	close(fd);
	errno = error;
	return moved;
}

static int open_pipe(int ends[2], int reading)
{
	if (pipe(ends) != 0)
		return -1;
	ends[0] = move_up(ends[0]);
	ends[1] = move_up(ends[1]);
	if (ends[0] < 0 || ends[1] < 0)
		return -1;
	fcntl(ends[0], F_SETFL, reading);
	return 0;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

// Signals as a shell would start a program with: none blocked or ignored.
static void default_signals(void)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int i = 1; i <= SIGNALS; i++)
		sigaction(i, &usual, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/*
 * Where Yama lets nobody but a parent attach (ptrace_scope 1, as Ubuntu has it), a
 * program may say that others of its user may, too; that holds beyond exec. It is
 * what lets gcore and a debugger look at a lesson's server.
 */
static void allow_debuggers(void)
{
#if defined(__linux__) && defined(PR_SET_PTRACER)
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
#endif
}

// One output: a file, or the write end of a pipe.
static int place_output(int fd, const char *path, int pipe_end)
{
	int from = pipe_end;

	if (path)
		from = move_up(open(
			path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666));
	return from < 0 ? -1 : dup2(from, fd);
}

/* The pipes of a child: the ends that are its own. */
struct ends {
	int gate, out, err, failure;
};

// In the child; comes back only with an error, which is in errno.
static void become_shell(const struct child_request *request,
			 const struct ends *ends, char *const arguments[])
{
	setpgid(0, 0);
	default_signals();
	allow_debuggers();
	if (dup2(ends->gate, STDIN_FILENO) >= 0 &&
	    place_output(STDOUT_FILENO, request->out_path, ends->out) >= 0 &&
	    place_output(STDERR_FILENO, request->err_path, ends->err) >= 0)
		execve("/bin/sh", arguments, request->environment);
}

// What kept the child from becoming a shell; 0 when it has become one.
static int wait_for_shell(pid_t pid, int failure)
{
	int error = 0;
	ssize_t got;

	do
		got = read(failure, &error, sizeof(error));
	while (got < 0 && errno == EINTR);
	if (got != (ssize_t)sizeof(error))
		return 0;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return error;
}

static int spawn(struct child *child, struct ends *ends)
{
	static char shell[] = "sh", option[] = "-c",
		    script[] = "read -r word && cd \"$1\" && "
			       "exec sh -eu -c \"$2\" </dev/null";
	const struct child_request *request = &child->request;
	struct text folder = { 0 }, command = { 0 };
	int failure[2] = { -1, -1 }, error = 0;

	if (open_pipe(failure, 0) != 0) {
		error = errno;
		close_end(&failure[0]);
		close_end(&failure[1]);
		return error;
	}
	text_puts(&folder, request->folder);
	text_puts(&command, request->command);
	ends->failure = failure[1];
	child->pid = fork();
	if (child->pid == 0) {
		become_shell(request, ends,
			     (char *[]){ shell, option, script, shell,
					 folder.data, command.data, NULL });
		error = errno;
		(void)!write(ends->failure, &error, sizeof(error));
		_exit(127);
	}
	error = child->pid < 0 ? errno : 0;
	close_end(&failure[1]);
	if (!error)
		error = wait_for_shell(child->pid, failure[0]);
	close_end(&failure[0]);
	text_done(&folder);
	text_done(&command);
	return error;
}

static int start(struct child *child)
{
	const struct child_request *request = &child->request;
	int out[2] = { -1, -1 }, err[2] = { -1, -1 }, gate[2] = { -1, -1 };
	int error = 0;

	if (open_pipe(gate, 0) != 0 ||
	    (!request->out_path && open_pipe(out, O_NONBLOCK) != 0) ||
	    (!request->err_path && open_pipe(err, O_NONBLOCK) != 0))
		error = errno;
	else
		error = spawn(child, &(struct ends){ .gate = gate[0],
						     .out = out[1],
						     .err = err[1] });
	if (!error) {
		warden_start(child->pid, &child->warden);
		(void)!write(gate[1], "\n", 1);
	}
	// Only now, so that nobody is written to who is not there.
	close_end(&gate[0]);
	close_end(&gate[1]);
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
	child->reaped_at = child_now();
}

static void drain(struct child *child, int which)
{
	struct text *text = which ? &child->result.err : &child->result.out;
	char buffer[READ_SIZE];
	ssize_t got = read(child->pipes[which], buffer, sizeof(buffer));

	if (got > 0)
		text_add(text, buffer, (size_t)got);
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		close_end(&child->pipes[which]);
}

// Waits for output, for `ms` at most.
static void wait_output(struct child *child, int ms)
{
	struct pollfd fds[2] = {
		{ .fd = child->pipes[0], .events = POLLIN },
		{ .fd = child->pipes[1], .events = POLLIN },
	};

	if (poll(fds, 2, ms) <= 0)
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
	       child_now() - child->reaped_at > AFTERLIFE_MS / 1000.0;
}

static size_t file_size(const char *path)
{
	struct stat status;

	return path && stat(path, &status) == 0 ? (size_t)status.st_size : 0;
}

static bool flooded(const struct child *child)
{
	const struct child_request *request = &child->request;
	size_t limit = request->output_limit ? request->output_limit
					     : (size_t)OUTPUT_LIMIT;
	size_t file_limit = request->output_limit ? request->output_limit
						  : (size_t)FILE_LIMIT;

	return child->result.out.size + child->result.err.size > limit ||
	       file_size(request->out_path) + file_size(request->err_path) >
		       file_limit;
}

bool child_over(struct child *child)
{
	struct child_result *result = &child->result;
	unsigned seconds = child->request.seconds;

	if (result->end != CHILD_ENDED)
		return true;
	reap(child, WNOHANG);
	wait_output(child, 0);
	if (finished(child))
		return true;
	if (signals_caught())
		result->end = CHILD_STOPPED;
	else if (seconds && child_now() - child->started > seconds)
		result->end = CHILD_TIMED_OUT;
	else if (flooded(child))
		result->end = CHILD_FLOODED;
	return result->end != CHILD_ENDED;
}

static void watch(struct child *child)
{
	const struct child_request *request = &child->request;

	while (!child_over(child)) {
		if (request->idle)
			request->idle(request->data);
		if (child_now() - child->started > 1 && !child->told &&
		    request->slow) {
			child->told = true;
			request->slow(request->data);
		}
		// With both pipes closed this is a pause, until it is reaped.
		wait_output(child, child->pipes[0] < 0 && child->pipes[1] < 0
					   ? 5
					   : SLICE_MS);
	}
}

static void end_group(struct child *child)
{
	if (!child->reaped) {
		kill(-child->pid, SIGTERM);
		for (int i = 0; i < GRACE_MS / 10 && !child->reaped; i++) {
			reap(child, WNOHANG);
			if (!child->reaped)
				child_pause(10);
		}
	}
	kill(-child->pid, SIGKILL);
	reap(child, 0);
}

// A shell that ran more than one command shows a signal as 128 + number.
static void record_status(struct child *child)
{
	struct child_result *result = &child->result;
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

void child_start(const struct child_request *request, struct child *ret)
{
	*ret = (struct child){ .request = *request,
			       .pipes = { -1, -1 },
			       .warden = { .hold = -1 },
			       .started = child_now() };
	ret->result.error = start(ret);
	if (ret->result.error)
		ret->result.end = CHILD_NOT_RUN;
}

void child_end(struct child *child)
{
	if (child->result.end != CHILD_NOT_RUN) {
		end_group(child);
		warden_dismiss(&child->warden);
		record_status(child);
	}
	child->result.seconds =
		(child->reaped ? child->reaped_at : child_now()) -
		child->started;
	for (int i = 0; i < 2; i++)
		close_end(&child->pipes[i]);
}

void child_run(const struct child_request *request, struct child_result *ret)
{
	struct child child;

	child_start(request, &child);
	watch(&child);
	child_end(&child);
	*ret = child.result;
	ret->group = child.pid;
}

void child_done(struct child_result *result)
{
	text_done(&result->out);
	text_done(&result->err);
}
