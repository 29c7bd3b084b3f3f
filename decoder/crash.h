#ifndef GCR_CRASH_H
#define GCR_CRASH_H

/*
 * The model's own functions: what can be said of a crash without its text.
 * The structures are in gocrash.h.
 */

#include "gocrash.h"

/*
 * Code that a Go release brings along rather than the program: the runtime and
 * the standard library. `function` is a name as printed.
 */
bool gcr_function_is_runtime(struct gcr_span function);
bool gcr_function_is_standard(struct gcr_span function);

/*
 * How many of its frames a goroutine has called: all but `runtime.goexit` at
 * the outermost, which the runtime puts there to be returned to, and which dumps
 * on a signal show and others do not.
 */
size_t gcr_called_frames(const struct gcr_goroutine *goroutine);

#endif
