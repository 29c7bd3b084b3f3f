#ifndef RUNNER_PROMPT_H
#define RUNNER_PROMPT_H

/*
 * One line from the learner. On a terminal that can do it, libedit reads it: with
 * editing and the lines of before. Ctrl-C, Ctrl-Z and Ctrl-\ are characters
 * there, so that a `make` around us is not hit by them. On a dumb terminal the
 * line is read as it comes.
 */

#include "gocrash.h"

struct prompt;
struct text;

enum prompt_end {
	PROMPT_LINE,
	PROMPT_CLOSED,	/* Ctrl-D, or the input ended */
	PROMPT_STOPPED, /* Ctrl-C, or a signal: signals_caught() */
};

struct prompt *prompt_open(void);

/* Puts the terminal back as it was. NULL is fine. */
void prompt_close(struct prompt *prompt);

/* Forget what was typed while nobody asked: it answers something else. */
void prompt_flush(void);

/* Ask after `sign`; the line without its newline replaces `ret`. */
enum prompt_end prompt_read(struct prompt *prompt, const char *sign,
			    struct text *ret);

#endif
