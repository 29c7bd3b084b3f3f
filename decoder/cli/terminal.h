#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

/*
 * The two streams: results on standard output, everything else on standard
 * error, one line each, beginning with `gocrash: `.
 */

#include "verbs.h"

/* One line on standard error. Control characters in it are escaped. */
GCR_PRINTF(1, 2) void complain(const char *format, ...);

/* The error of a library call, the same way. */
void complain_of(const struct gcr_error *err);

/*
 * A text that could not be read, with a caret below `column` (0: none):
 *
 *	gocrash: --decl: expected a type, found ')'
 *	  f(a, b)
 *	        ^
 */
void complain_at(const char *what, const char *text,
		 const struct gcr_error *err);

/* Standard output, for the library's writers. */
struct gcr_output standard_output(void);

/* For text as it is: a terminal gets `?` for each control character in it. */
struct gcr_output tame_output(void);

/*
 * Whether a write to standard output has failed. Says so, once, except when the
 * reader has just gone away (`gocrash … | head`).
 */
bool output_failed(void);

/*
 * Tell how far some work is, on one line of standard error that is written
 * over; only when that is a terminal, and only once the command has run for a
 * second. progress_done() clears the line.
 */
void progress(const char *what, unsigned long long done, const char *unit);
void progress_done(void);

/* Whether to colour, and how wide standard output is (0: not a terminal). */
bool use_color(enum color_choice choice);
unsigned terminal_width(void);

#endif
