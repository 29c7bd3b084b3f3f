#ifndef GCR_PACKING_H
#define GCR_PACKING_H

/* Compressed files, known by how they begin. */

#include "gocrash.h"

/* The tool that unpacks it with -dc; NULL when it is not compressed. */
const char *gcr_packing_tool(struct gcr_span file);

#endif
