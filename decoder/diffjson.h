#ifndef GCR_DIFFJSON_H
#define GCR_DIFFJSON_H

/* What changed between dumps, as JSON: gcr_write_diff_json() in gocrash.h. */

#include "gocrash.h"

#endif
