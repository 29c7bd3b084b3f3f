#ifndef GCR_PAGE_H
#define GCR_PAGE_H

/*
 * What the text renderers write on: a sink with colour, labels in a margin,
 * prose that wraps, columns that line up. Input text always goes through
 * gcr_sink_safe(). A frame's values are decoded into the page's arena, one
 * frame at a time.
 */

#include "sink.h"

/* What a piece of text is to the reader; the colours are in page.c. */
enum gcr_style {
	GCR_PLAIN,
	GCR_TITLE, /* of a section */
	GCR_LABEL, /* in the margin */
	GCR_BAD,   /* what broke */
	GCR_OWN,   /* the user's own code */
	GCR_FAINT, /* the runtime's and the standard library's */
	GCR_SURE,  /* exact, recovered */
	GCR_DOUBT, /* stale, unmarked, elided, unknown */
	GCR_STYLE_COUNT
};

/* Columns: of the margin that holds labels, and of a line of prose. */
enum {
	GCR_MARGIN = 11,
	GCR_PROSE = 80,
	GCR_LONG_LINE = 400, /* bytes of a quoted line, where it is cut */
};

struct gcr_page {
	struct gcr_sink sink;
	const struct gcr_view *view;
	struct gcr_target target; /* given and shown, combined */
	struct gcr_arena *arena;
	struct gcr_error *err;
	size_t width; /* of prose */
	bool placed;  /* the cursor stands behind a label */
	/* The frame whose values are on the first screen, all of them. */
	const struct gcr_frame *told;
	bool brief; /* values without what they were recovered from */
};

/* `shown` is what the text tells of the target. Fails with GCR_NOMEM. */
GCR_MUST_CHECK int gcr_page_init(struct gcr_page *page,
				 const struct gcr_target *shown,
				 const struct gcr_view *view,
				 const struct gcr_output *output,
				 struct gcr_error *err);
void gcr_page_done(struct gcr_page *page);

/* Text of ours, or of the input (escaped), in one style. */
void gcr_page_text(struct gcr_page *page, enum gcr_style style,
		   const char *text);
void gcr_page_span(struct gcr_page *page, enum gcr_style style,
		   struct gcr_span span);

/* The same, filled with blanks to `width` columns. */
void gcr_page_cell(struct gcr_page *page, enum gcr_style style,
		   struct gcr_span span, size_t width);

/* Columns that a span of plain text takes. */
size_t gcr_page_columns(struct gcr_span span);

void gcr_page_line(struct gcr_page *page); /* end of line */
void gcr_page_indent(struct gcr_page *page, size_t columns);
void gcr_page_heading(struct gcr_page *page, const char *title);

/* A label in the margin; the cursor then stands behind the margin. */
void gcr_page_label(struct gcr_page *page, const char *label);

/* Begin a line at column `indent`, or go on behind a label. */
void gcr_page_begin(struct gcr_page *page, size_t indent);

/*
 * Prose, begun at column `indent` and wrapped there, newline at its end. Input
 * text in it is escaped. The formatted one takes at most 1023 bytes.
 */
void gcr_page_prose(struct gcr_page *page, size_t indent, const char *text);
GCR_PRINTF(3, 4)
void gcr_page_print(struct gcr_page *page, size_t indent, const char *format,
		    ...);

/*
 * Text of several lines from the cursor on, `indent` before all but the first;
 * at most `limit` of them, long ones cut, then how much more there is. With
 * SIZE_MAX for a limit, all of it.
 */
void gcr_page_lines(struct gcr_page *page, enum gcr_style style, size_t indent,
		    struct gcr_span text, size_t limit);

/* `go1.18 or later`, as far as it is known; empty when it is not. */
struct gcr_release_text {
	char text[48];
};
struct gcr_release_text gcr_release_text(const struct gcr_target *target);

#endif
