#ifndef GCR_VALUEROWS_H
#define GCR_VALUEROWS_H

/*
 * Values in rows: name, type, value, certainty.
 *
 *	slice  []string     []string(len 2, cap 4, 0xc000042748)  exact
 *	str    string       string(len 5, 0x106abae)              stale (len exact)
 *	cache  *main.cache  &{…}                                  exact
 *	  open   bool            true                       exact
 *	  order  map[int]string  map[int]string(len 0){}    exact
 *
 * A value whose text has no room in its row, or whose parts are not equally
 * sure, is followed by rows of its parts; its own text is then no more than
 * how it begins. Nothing is told twice.
 */

#include "page.h"

struct gcr_rows {
	size_t indent;
	size_t limit;	/* of rows at the top, then how many more; 0: all */
	unsigned depth; /* of parts below their values; further ones are cut */
};

/* Depth of rows without a limit: it ends where a value does. */
enum {
	GCR_ROWS_DEEP = 64
};

void gcr_value_rows(struct gcr_page *page, const struct gcr_value *values,
		    size_t count, const struct gcr_rows *rows);

#endif
