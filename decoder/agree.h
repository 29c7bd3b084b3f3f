#ifndef GCR_AGREE_H
#define GCR_AGREE_H

/* What two readings of one list agree on. */

#include "gocrash.h"

/*
 * Keep of `value` what `other` says too, with the lesser certainty; what they
 * differ in becomes unknown. Returns true if something did. Of a loose reading
 * (one with results that were not declared) a difference only takes away the
 * certainty.
 */
bool gcr_value_agree(struct gcr_value *value, const struct gcr_value *other,
		     bool other_is_loose);

#endif
