#ifndef GCR_FOLDED_H
#define GCR_FOLDED_H

/* Folded stacks; the writer is gcr_write_folded() in gocrash.h. */

#include "gocrash.h"

#endif
