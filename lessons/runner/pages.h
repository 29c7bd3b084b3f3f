#ifndef RUNNER_PAGES_H
#define RUNNER_PAGES_H

/*
 * Output that may be longer than the screen: a page at a time, with a line
 * between that asks whether to go on. A word typed there goes on to the next line
 * that has it, which is how a frame is found among hundreds.
 */

#include <stdbool.h>

struct prompt;
struct screen;

/*
 * Show all of `text`, whose long lines go on in further rows. Returns false when
 * the learner had enough before its end.
 */
bool pages_show(const struct screen *screen, struct prompt *prompt,
		const char *text);

#endif
