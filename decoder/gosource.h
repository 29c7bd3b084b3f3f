#ifndef GCR_GOSOURCE_H
#define GCR_GOSOURCE_H

/*
 * Reading a Go source file for its functions, types, constants and imports:
 * gcr_declarations_add_source() in gocrash.h.
 */

#include "declaration.h"

#endif
