#ifndef GCR_PPROF_H
#define GCR_PPROF_H

/* Goroutines as a profile; the writer is gcr_profile_writer_new() in gocrash.h. */

#include "gocrash.h"

#endif
