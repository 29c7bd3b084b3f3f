#ifndef GCR_DIGESTADD_H
#define GCR_DIGESTADD_H

/* A tally into a digest: gcr_digest_add() in gocrash.h. */

#include "gocrash.h"

#endif
