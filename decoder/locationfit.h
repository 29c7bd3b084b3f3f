#ifndef GCR_LOCATIONFIT_H
#define GCR_LOCATIONFIT_H

/* Do the pieces of a location list stand for the parts they seem to? */

#include "dwarfloc.h"
#include "gotype.h"

/* Is it in memory as a whole, whatever the optimiser does? */
bool gcr_location_whole(const struct gcr_layout *layout, unsigned word_size);

/*
 * The optimiser lists one piece for each part of a variable that it still knows,
 * in order, without padding, and none for a part that is gone: then the pieces
 * behind it are of other parts than their place says. Only a list with as many
 * pieces as the type has parts, each of its part's size, is believed; they are
 * given the room of their parts. What does not fit loses all its pieces.
 * Go cmd/compile/internal/ssa/debug.go, varSlots.
 */
void gcr_location_fit(struct gcr_location *location,
		      const struct gcr_layout *layout, unsigned word_size);

#endif
