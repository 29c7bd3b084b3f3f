#ifndef GCR_TRUST_H
#define GCR_TRUST_H

/*
 * How far the words of a typed list that carry no `?` can be trusted: by
 * release, by architecture, and by how each parameter was passed.
 */

#include "reading.h"

/*
 * Set `plain` of the reading's parameters. `generic`: the function's name has
 * type arguments.
 */
void gcr_trust(struct gcr_reading *reading, const struct gcr_target *target,
	       bool generic);

#endif
