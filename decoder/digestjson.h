#ifndef GCR_DIGESTJSON_H
#define GCR_DIGESTJSON_H

/* A digest as a document: gcr_write_digest() in gocrash.h. */

#include "gocrash.h"

#endif
