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

/*
 * Behind the reading: large values that nothing shows to be stored. For a
 * program that is known to be of go1.26 or later, a small parameter that
 * optimised code would have to mark, had it not used it, is taken for a sign
 * that the code is not optimised; where the release is open nothing is, nor
 * where the code is known to be `optimized`.
 */
void gcr_trust_memory(struct gcr_reading *reading,
		      const struct gcr_target *target, bool optimized);

#endif
