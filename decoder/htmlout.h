#ifndef GCR_HTMLOUT_H
#define GCR_HTMLOUT_H

/*
 * Pieces of an HTML page on a sink. What comes from the input goes through here
 * and nowhere else: it is text or the value of a quoted attribute, never markup,
 * and its control characters are written as for a terminal.
 */

#include "sink.h"

/* `a < b` as `a &lt; b`; fit for text and inside double or single quotes. */
void gcr_html_text(struct gcr_sink *sink, struct gcr_span text);

/* Text of ours, of several lines, in which the input is escaped already. */
void gcr_html_lines(struct gcr_sink *sink, struct gcr_span text);

/* The same, cut to some hundreds of bytes with `…` behind. */
void gcr_html_short(struct gcr_sink *sink, struct gcr_span text);

/* `<TAG class="CLASS">TEXT</TAG>`; both names are ours. */
void gcr_html_element(struct gcr_sink *sink, const char *tag, const char *style,
		      struct gcr_span text);

/* 9,758 */
void gcr_html_number(struct gcr_sink *sink, uint64_t value);

/* `12 groups`, `1 group`. */
void gcr_html_count(struct gcr_sink *sink, uint64_t count, const char *what);

#endif
