#ifndef GCR_BYHAND_H
#define GCR_BYHAND_H

/*
 * Words given by hand, as text or JSON: gcr_write_words() in gocrash.h. They
 * are decoded as those of a frame of that function would be.
 */

#include "gocrash.h"

#endif
