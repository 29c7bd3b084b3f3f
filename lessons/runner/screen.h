#ifndef RUNNER_SCREEN_H
#define RUNNER_SCREEN_H

/*
 * What the learner sees. Output scrolls: no cursor is moved, nothing is drawn
 * again. Captured text is shown as it is, cut at the right edge with `>`, with
 * control characters spelled out. Colour repeats what a sign already says.
 */

#include <jq.h>
#include <stdbool.h>
#include <stddef.h>

#include "lesson.h"
#include "sheet.h"

enum color {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER
};

/* A style, and its escape code on terminals that want colour. */
enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_FAINT,
	STYLE_GOOD,
	STYLE_MARK,
};

struct screen {
	bool terminal; /* standard input and output are one */
	bool color, utf8;
	size_t width, height;
	/* The lesson's own: its path is shown as `./` on a terminal. Or NULL. */
	const char *folder;
};

/* Look at the terminal, NO_COLOR, TERM and the locale. */
struct screen screen_find(enum color color);

/* Look again: the window may have changed. */
void screen_measure(struct screen *screen);

/* Print pieces; a piece is given as it is. */
void put(const char *text);
void putf(const char *format, ...) GCR_PRINTF(1, 2);
void put_styled(const struct screen *screen, enum style style,
		const char *text);

/* Prose, wrapped, each line after `margin` blanks. */
void put_prose(const struct screen *screen, size_t margin, const char *prose);

/* The same behind `first`, which takes the place of the first margin. */
void put_hanging(const struct screen *screen, const char *first,
		 const char *prose);

/* Something short at the right edge. */
void put_right(const struct screen *screen, const char *text);

/* `left` and `right` on one line, and a rule of dashes. */
void put_head(const struct screen *screen, const char *left, const char *right);
void put_rule(const struct screen *screen);

/*
 * One captured line after `sign`. On a terminal it is cut to the width, with `>`
 * at the end; a line that does not fit loses its first `shift` columns, too, and
 * begins with `<`.
 */
void put_line(const struct screen *screen, const char *sign, const char *line,
	      size_t size, size_t shift);

/* A captured line on as many rows as it takes; `carets` below, by columns. */
void put_wrapped(const struct screen *screen, const char *sign,
		 const char *line, size_t size, const char *carets);

/* The commands of a step, as one would type them. */
void put_command(const struct screen *screen, const struct step *step);

/* Columns to shift by so that the item's marks are to be seen; 0 mostly. */
size_t screen_shift(const struct screen *screen, const struct item *item);

/* Are some marks cut off all the same? Then their lines are wrapped. */
bool screen_wraps(const struct screen *screen, const struct item *item);

/* The line of each mark with carets below, at most `most` lines. */
void put_evidence(const struct screen *screen, const struct item *item,
		  size_t most);

#endif
