#ifndef GCR_VALUES_H
#define GCR_VALUES_H

/*
 * Words and a declaration become values: gcr_frame_decode() in gocrash.h.
 */

#include "gocrash.h"

#endif
