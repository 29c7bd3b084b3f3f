#ifndef GCR_PPROF_H
#define GCR_PPROF_H

/*
 * Goroutines as a profile that `go tool pprof` opens. One sample for each
 * group, age and set of labels, of type goroutine/count, with the labels
 * `state`, `created_by`, `minutes` (a number) and the program's own; `dump`
 * (a number, from 1) when there are several. What was inlined is one location
 * with what it was inlined into; an address is that of the call, as Go's own
 * profiles have it.
 *
 * Text of the input is escaped as for a terminal: pprof prints names as they
 * are.
 */

#include "groups.h"

struct gcr_pprof;

GCR_MUST_CHECK int gcr_pprof_new(struct gcr_pprof **ret, struct gcr_error *err);
void gcr_pprof_free(struct gcr_pprof *pprof);

/*
 * Count one goroutine of `group` in, of the dump with that number. The group has
 * to stay until the profile is written.
 */
GCR_MUST_CHECK int gcr_pprof_add(struct gcr_pprof *pprof, size_t dump,
				 const struct gcr_group *group,
				 const struct gcr_goroutine *goroutine,
				 struct gcr_error *err);

/* Of no goroutine at all it is a profile without samples. */
GCR_MUST_CHECK int gcr_pprof_write(struct gcr_pprof *pprof,
				   const struct gcr_output *output,
				   struct gcr_error *err);

#endif
