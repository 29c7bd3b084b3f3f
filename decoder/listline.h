#ifndef GCR_LISTLINE_H
#define GCR_LISTLINE_H

/*
 * One line of a listing: what it is and what stands in it. Spans into the line.
 * Tabs may have become blanks, and something may stand before each line, as the
 * time of a build server's log.
 */

#include "gocrash.h"

enum gcr_listline_kind {
	GCR_LISTLINE_OTHER,    /* not of a listing */
	GCR_LISTLINE_PACKAGE,  /* `# example.com/app` */
	GCR_LISTLINE_FUNCTION, /* `main.f STEXT size=89 args=0x0 locals=0x78` */
	GCR_LISTLINE_DATA,     /* `main..inittask SNOPTRDATA size=8` */
	GCR_LISTLINE_ROW,      /* `	0x0007 00007 (f.go:4)	MOVQ	SP, BP` */
	GCR_LISTLINE_BYTES,    /* `	0x0000 49 3b 66 …`, `	rel 2+4 t=…` */
	GCR_LISTLINE_BAD,      /* begins as a row and is none */
};

struct gcr_listline {
	enum gcr_listline_kind kind;
	size_t prefix; /* bytes before the row's own blank; 0 for others */
	/* Of PACKAGE, FUNCTION and DATA. */
	struct gcr_span name;
	/* Of FUNCTION: size, arguments, locals, the flags of both. */
	struct gcr_routine code;
	/* Of ROW: all but its size and the flag of rows without bytes. */
	struct gcr_row row;
	const char *why; /* of BAD */
};

/* `line` without its end. Constant work a byte. */
void gcr_listline_read(struct gcr_span line, struct gcr_listline *ret);

#endif
