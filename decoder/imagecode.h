#ifndef GCR_IMAGECODE_H
#define GCR_IMAGECODE_H

/*
 * Instructions of a binary, disassembled: the other source of rows beside
 * listings. gcr_image_source() is in gocrash.h.
 */

#include "gocrash.h"

#endif
