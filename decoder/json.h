#ifndef GCR_JSON_H
#define GCR_JSON_H

/*
 * A crash as one JSON document, `format: "gocrash/1"`. The writer is
 * gcr_write_json() in gocrash.h.
 */

#include "gocrash.h"

/* The value of `format` in every document of this release. */
#define GCR_JSON_FORMAT "gocrash/1"

#endif
