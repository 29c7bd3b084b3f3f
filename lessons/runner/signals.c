/* One flag, set by the handler; nothing restarts, so that poll() returns. */

#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

static volatile sig_atomic_t caught;

static void remember(int number)
{
	caught = number;
}

void signals_catch(void)
{
	static const int numbers[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	sigemptyset(&action.sa_mask);
	action.sa_handler = remember;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		sigaction(numbers[i], &action, NULL);
	// A reader that has seen enough is no failure of ours.
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

int signals_caught(void)
{
	return caught;
}

void signals_forget(void)
{
	caught = 0;
}
