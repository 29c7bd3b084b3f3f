#ifndef GCR_HTMLTOP_H
#define GCR_HTMLTOP_H

/*
 * The top of a dump on a page: what ended the program, how many goroutines there
 * are, what they wait for and since when.
 */

#include "htmlgroup.h"

/* The line a dump goes by: `fatal error: all goroutines are asleep …`. */
void gcr_html_title(struct gcr_sink *sink, const struct gcr_crash *crash);

/* -1 when out of memory. */
GCR_MUST_CHECK int gcr_html_top(struct gcr_html *html,
				const struct gcr_tally *tally);

#endif
