#ifndef GCR_FILTER_H
#define GCR_FILTER_H

/* Goroutines chosen by simple terms; see gocrash.h. */

#include "gocrash.h"

#endif
