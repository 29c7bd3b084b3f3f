#ifndef GCR_CENSUS_H
#define GCR_CENSUS_H

/*
 * The goroutines of a dump, counted and grouped one at a time. What it is for
 * stands in gocrash.h.
 */

#include "gocrash.h"

#endif
