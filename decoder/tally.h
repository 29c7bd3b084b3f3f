#ifndef GCR_TALLY_H
#define GCR_TALLY_H

/* The text of a tally; the writer is gcr_write_tally() in gocrash.h. */

#include "gocrash.h"

#endif
