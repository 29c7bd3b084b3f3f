#ifndef GCR_TEXT_H
#define GCR_TEXT_H

/*
 * A crash as text for people: gcr_write_explanation() in gocrash.h. The first
 * screen is summary.c's, what follows is details.c's.
 */

#include "gocrash.h"

#endif
