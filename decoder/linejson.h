#ifndef GCR_LINEJSON_H
#define GCR_LINEJSON_H

/* Goroutines as JSON, one a line: `struct gcr_lines_writer` of gocrash.h. */

#include "gocrash.h"

#endif
