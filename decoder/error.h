#ifndef GCR_ERROR_H
#define GCR_ERROR_H

/* Fill a caller's `struct gcr_error` and return -1, in one statement. */

#include "gocrash.h"

/* `return gcr_fail(err, GCR_FORMAT, "no '%s' here", name);` */
GCR_PRINTF(3, 4)
int gcr_fail(struct gcr_error *err, enum gcr_code code, const char *format,
	     ...);

/* The same, with the place in the text that it is about. */
GCR_PRINTF(4, 5)
int gcr_fail_at(struct gcr_error *err, enum gcr_code code,
		struct gcr_place place, const char *format, ...);

#endif
