#ifndef GCR_OFFSETJSON_H
#define GCR_OFFSETJSON_H

/* One mapped offset as an object of the JSON document. */

#include "jsonout.h"
#include "offset.h"

GCR_MUST_CHECK int
gcr_offset_write_json(struct gcr_json *json, const struct gcr_offset *offset,
		      const struct gcr_offset_request *request,
		      struct gcr_arena *arena, struct gcr_error *err);

#endif
