#ifndef GCR_ADDRESSES_H
#define GCR_ADDRESSES_H

/* What the addresses in a list show of the machine that printed it. */

#include "reading.h"

/*
 * Readings for both word sizes fit: 8 or 4 where the pointers among the values
 * tell, else 0; also where all readings are of one size.
 */
unsigned gcr_word_size_shown(const struct gcr_reading *readings, size_t count);

#endif
