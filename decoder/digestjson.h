#ifndef GCR_DIGESTJSON_H
#define GCR_DIGESTJSON_H

/* A digest as a document: gcr_write_digest() in gocrash.h. */

#include "digest.h"
#include "jsonout.h"

/* The members that make two groups one. */
void gcr_digest_identity_json(struct gcr_json *json,
			      const struct gcr_digest_identity *is);

#endif
