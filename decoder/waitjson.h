#ifndef GCR_WAITJSON_H
#define GCR_WAITJSON_H

/* Who waits on the same thing, as JSON. */

#include "jsonout.h"

struct gcr_waits;

/*
 * Member `waits`. Of the things those with many waiters come first, and
 * `left_out` says how many are not there: mostly descriptors of one reader each.
 */
void gcr_waits_json(struct gcr_json *json, const struct gcr_waits *waits);

#endif
