#ifndef GCR_DIFFTEXT_H
#define GCR_DIFFTEXT_H

/* What changed between dumps, as text: gcr_write_diff() in gocrash.h. */

#include "gocrash.h"

#endif
