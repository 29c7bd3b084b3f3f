#ifndef GCR_DIGESTREAD_H
#define GCR_DIGESTREAD_H

/* Documents into a digest: gcr_digest_merge() in gocrash.h. */

#include "gocrash.h"

/* The value of `format` in every document of groups. */
#define GCR_DIGEST_FORMAT "gocrash-groups/1"

#endif
