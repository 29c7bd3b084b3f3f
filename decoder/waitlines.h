#ifndef GCR_WAITLINES_H
#define GCR_WAITLINES_H

/* What a goroutine of a core waits on, as lines below its header and as JSON. */

#include "corewaits.h"
#include "jsonout.h"
#include "page.h"

/* `waits to receive from channel 0xc000…: empty, 12 receive`. */
void gcr_wait_lines(struct gcr_page *page, const struct gcr_core_waits *waits,
		    size_t indent);

/* Member `waits_on`. */
void gcr_wait_json(struct gcr_json *json, const struct gcr_core_waits *waits);

#endif
