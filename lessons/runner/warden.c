/*
 * Linux could tell a child of its parent's death (PR_SET_PDEATHSIG), but only the
 * child itself and not what it started; a group is ended whole.
 */

#include "warden.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int spawn(pid_t group, int pipe_end, pid_t *ret)
{
	static char shell[] = "sh", option[] = "-c",
		    script[] = "trap '' HUP INT QUIT TERM; read -r end; "
			       "kill -KILL \"-$1\"";
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char number[32];
	int error;

	snprintf(number, sizeof(number), "%ld", (long)group);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_adddup2(&actions, pipe_end, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, 1, 2);
	// A group of its own: what ends the runner's does not end it.
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	error = posix_spawn(
		ret, "/bin/sh", &actions, &attributes,
		(char *[]){ shell, option, script, shell, number, NULL },
		(char *[]){ NULL });
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

void warden_start(pid_t group, struct warden *ret)
{
	int ends[2];

	*ret = (struct warden){ .hold = -1 };
	if (pipe(ends) != 0)
		return;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	if (spawn(group, ends[0], &ret->pid) == 0) {
		ret->hold = ends[1];
	} else {
		ret->pid = 0;
		close(ends[1]);
	}
	close(ends[0]);
}

void warden_dismiss(struct warden *warden)
{
	if (warden->pid > 0) {
		kill(warden->pid, SIGKILL);
		while (waitpid(warden->pid, NULL, 0) < 0 && errno == EINTR)
			;
		close(warden->hold);
	}
	*warden = (struct warden){ .hold = -1 };
}
