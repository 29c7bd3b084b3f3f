#ifndef GCR_OFFSETS_H
#define GCR_OFFSETS_H

/* All offsets of a crash, or one given by hand: gcr_write_offsets(). */

#include "gocrash.h"

#endif
