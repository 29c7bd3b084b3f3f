#ifndef GCR_QUOTED_H
#define GCR_QUOTED_H

/*
 * Labels of a goroutine: pairs of Go-quoted strings, `"k 1": "v\n\"1"`, as
 * tracebacks and profiles print them between braces; what has only letters,
 * digits, `.`, `/` and `_` may stand there without quotes.
 */

#include "gocrash.h"

/*
 * The next pair of `labels`, moving its start behind it. The texts live in
 * `arena`. Returns 1, 0 at the end, -1 with GCR_NOMEM or GCR_LIMIT; what is
 * not a pair ends the list, and stays in `labels`.
 */
GCR_MUST_CHECK int gcr_label_next(struct gcr_span *labels,
				  struct gcr_arena *arena,
				  struct gcr_span *ret_key,
				  struct gcr_span *ret_value,
				  struct gcr_error *err);

/* May it stand without quotes? Go runtime tracebackStringNeedsQuoting. */
bool gcr_label_is_bare(char c);

#endif
