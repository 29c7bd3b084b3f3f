/* A command in the foreground. */

#include "hand.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "cores.h"
#include "signals.h"

const struct step *hand_step(const struct lesson *lesson, size_t index)
{
	for (size_t i = 0; i < lesson->step_count; i++)
		if ((lesson->steps[i].flags & STEP_HAND) && index-- == 0)
			return &lesson->steps[i];
	return NULL;
}

// The clean environment of all steps, but with the terminal there really is, and
// without a pager in front of what the learner came to read.
static char **environment(struct session *session)
{
	static char pager[] = "PAGER=cat";
	struct pool *pool = &session->pool;
	char **ret = surroundings_environment(&session->here, false, pool);
	const char *term = getenv("TERM");
	size_t count = 0;

	for (; ret[count]; count++)
		if (starts_with(ret[count], "TERM="))
			ret[count] = pool_format(pool, "TERM=%s",
						 term ? term : "dumb");
	ret[count++] = pager;
	ret = pool_more(pool, ret, count, sizeof(*ret));
	ret[count] = NULL;
	return ret;
}

// It stays in our process group, which has the terminal.
static int spawn(struct session *session, const char *command, pid_t *ret)
{
	static char shell[] = "sh", option[] = "-c",
		    script[] = "cd \"$1\" && exec sh -c \"$2\"";
	posix_spawnattr_t attributes;
	sigset_t all;
	int error;

	sigfillset(&all);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	error = posix_spawn(
		ret, "/bin/sh", NULL, &attributes,
		(char *[]){ shell, option, script, shell,
			    pool_string(&session->pool, session->folder),
			    pool_string(&session->pool, command), NULL },
		environment(session));
	posix_spawnattr_destroy(&attributes);
	return error;
}

// Ctrl-C and Ctrl-\ were meant for the command.
static void wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		if (signals_caught() == SIGINT || signals_caught() == SIGQUIT)
			signals_forget();
	if (signals_caught() == SIGINT || signals_caught() == SIGQUIT)
		signals_forget();
}

void hand_run(struct session *session, const struct step *step)
{
	struct pool *pool = &session->pool;
	jv record = capture_step(session->capture, step->name);
	struct step shown = *step;
	const char *needs = step->needs ? step->needs : "", *why = "";
	pid_t pid;

	if (jv_is_valid(record)) {
		const char *command =
			capture_text(record, "command", NULL, pool);

		why = capture_text(record, "skipped", NULL, pool);
		if (*command)
			shown.command = command;
	}
	jv_free(record);
	if (strstr(needs, "core") && !core_in(session->folder, pool)) {
		if (*why && strcmp(why, capture_by_hand) != 0) {
			putf(" It cannot be done here: %s.\n", why);
			return;
		}
		putf(" The core is not there any more: make lesson%d NEW=1 "
		     "makes another.\n",
		     session->lesson.number);
		return;
	}
	if (strstr(needs, "dlv") &&
	    !surroundings_program(&session->here, "dlv", pool)) {
		put(" dlv is not here; `make doctor` tells how to get it.\n");
		return;
	}
	put_command(&session->screen, &shown);
	fflush(stdout);
	if (spawn(session, shown.command, &pid) != 0)
		put(" It could not be started.\n");
	else
		wait_for(pid);
}
