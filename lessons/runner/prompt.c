/* libedit, or plain reading; see prompt.h. */

#include "prompt.h"

#include <errno.h>
#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "pool.h"
#include "signals.h"
#include "text.h"

enum {
	SLICE_MS = 200,
	HISTORY = 200,
	CTRL_C = 0x03,
	CTRL_R = 0x12, /* in libedit: draw the line again */
	CTRL_Z = 0x1a,
	CTRL_BACKSLASH = 0x1c,
};

struct prompt {
	EditLine *edit; /* NULL on a dumb terminal */
	History *history;
	const char *sign;
	bool stopped;
	mbstate_t state; /* of a character that came in part */
	bool saved;
	struct termios before;
};

// Waits for a byte; 0 at the end of the input, -1 when told to stop.
static ssize_t read_byte(char *ret)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	for (;;) {
		ssize_t got;

		if (signals_caught())
			return -1;
		if (poll(&fd, 1, SLICE_MS) <= 0)
			continue;
		got = read(STDIN_FILENO, ret, 1);
		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
	}
}

static struct prompt *prompt_of(EditLine *edit)
{
	struct prompt *prompt = NULL;

	el_get(edit, EL_CLIENTDATA, &prompt);
	return prompt;
}

static void explain_quit(void)
{
	fputs("\r\n Ctrl-\\ sends SIGQUIT: a Go program would print all its "
	      "goroutines and end\r\n with status 2. That is lesson 4; here "
	      "`q` leaves.\r\n",
	      stdout);
	fflush(stdout);
}

static void suspend(EditLine *edit)
{
	el_set(edit, EL_PREP_TERM, 0);
	kill(0, SIGTSTP);
	el_set(edit, EL_PREP_TERM, 1);
}

// Keys that would be signals; the result is whether `byte` was one.
static bool handle_signal_key(EditLine *edit, char byte)
{
	switch (byte) {
	case CTRL_C:
		prompt_of(edit)->stopped = true;
		return true;
	case CTRL_BACKSLASH:
		explain_quit();
		return true;
	case CTRL_Z:
		suspend(edit);
		return true;
	default:
		return false;
	}
}

static int read_character(EditLine *edit, wchar_t *ret)
{
	struct prompt *prompt = prompt_of(edit);
	char byte;

	for (;;) {
		ssize_t got = read_byte(&byte);
		size_t used;

		if (got <= 0) {
			prompt->stopped = got < 0;
			return (int)got;
		}
		if (handle_signal_key(edit, byte)) {
			*ret = CTRL_R;
			return prompt->stopped ? 0 : 1;
		}
		used = mbrtowc(ret, &byte, 1, &prompt->state);
		if (used == (size_t)-2)
			continue;
		if (used == (size_t)-1) {
			memset(&prompt->state, 0, sizeof(prompt->state));
			*ret = L'?';
		}
		return 1;
	}
}

static char *show_sign(EditLine *edit)
{
	static char sign[32];

	snprintf(sign, sizeof(sign), "%s", prompt_of(edit)->sign);
	return sign;
}

static void open_edit(struct prompt *prompt)
{
	HistEvent event;

	prompt->edit = el_init("lesson", stdin, stdout, stderr);
	prompt->history = history_init();
	if (!prompt->edit || !prompt->history)
		return;
	history(prompt->history, &event, H_SETSIZE, HISTORY);
	el_set(prompt->edit, EL_CLIENTDATA, prompt);
	el_set(prompt->edit, EL_EDITOR, "emacs");
	// Newer releases of libedit search backwards with it.
	el_set(prompt->edit, EL_BIND, "^R", "ed-redisplay", NULL);
	el_set(prompt->edit, EL_PROMPT, show_sign);
	el_set(prompt->edit, EL_HIST, history, prompt->history);
	el_set(prompt->edit, EL_GETCFN, read_character);
	el_set(prompt->edit, EL_SETTY, "-d", "-isig", NULL);
}

struct prompt *prompt_open(void)
{
	struct prompt *prompt = calloc(1, sizeof(*prompt));
	const char *term = getenv("TERM");

	if (!prompt) {
		out_of_memory();
		return NULL;
	}
	prompt->saved = tcgetattr(STDIN_FILENO, &prompt->before) == 0;
	if (term && *term && strcmp(term, "dumb") != 0)
		open_edit(prompt);
	return prompt;
}

void prompt_close(struct prompt *prompt)
{
	if (!prompt)
		return;
	if (prompt->edit)
		el_end(prompt->edit);
	if (prompt->history)
		history_end(prompt->history);
	if (prompt->saved)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &prompt->before);
	free(prompt);
}

void prompt_flush(void)
{
	tcflush(STDIN_FILENO, TCIFLUSH);
}

static enum prompt_end read_plain(struct prompt *prompt, struct text *ret)
{
	char byte;

	fputs(prompt->sign, stdout);
	fflush(stdout);
	for (;;) {
		ssize_t got = read_byte(&byte);

		// Here the terminal makes Ctrl-\ a signal.
		if (got < 0 && signals_caught() == SIGQUIT) {
			signals_forget();
			explain_quit();
			fputs(prompt->sign, stdout);
			fflush(stdout);
			continue;
		}
		if (got < 0)
			return PROMPT_STOPPED;
		if (got == 0)
			return ret->size ? PROMPT_LINE : PROMPT_CLOSED;
		if (byte == '\n')
			return PROMPT_LINE;
		text_char(ret, byte);
	}
}

static enum prompt_end read_edited(struct prompt *prompt, struct text *ret)
{
	HistEvent event;
	const char *line;
	int count = 0;

	el_resize(prompt->edit);
	line = el_gets(prompt->edit, &count);
	if (!line || count <= 0) {
		fputs("\n", stdout);
		return prompt->stopped ? PROMPT_STOPPED : PROMPT_CLOSED;
	}
	text_add(ret, line, strcspn(line, "\n"));
	if (ret->size)
		history(prompt->history, &event, H_ENTER, text_string(ret));
	return PROMPT_LINE;
}

enum prompt_end prompt_read(struct prompt *prompt, const char *sign,
			    struct text *ret)
{
	text_done(ret);
	prompt->sign = sign;
	prompt->stopped = false;
	fflush(stdout);
	return prompt->edit && prompt->history ? read_edited(prompt, ret)
					       : read_plain(prompt, ret);
}
