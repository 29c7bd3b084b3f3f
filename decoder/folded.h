#ifndef GCR_FOLDED_H
#define GCR_FOLDED_H

/*
 * Groups as the lines that flame graphs are drawn from (flamegraph.pl, inferno,
 * speedscope): frames joined by `;`, the outermost first, then the count.
 *
 *	created by main.main;main.worker;runtime.gopark;[chan receive] 120
 *
 * The creator is the ground a tower stands on and the state its tip, so that
 * goroutines in the same code share a tower whatever they wait for. Lines of
 * the source do not count here: groups that differ in nothing else are one line.
 * The lines are sorted, each path stands there once.
 */

#include "groups.h"

GCR_MUST_CHECK int gcr_folded_write(const struct gcr_groups *groups,
				    const struct gcr_output *output,
				    struct gcr_error *err);

#endif
