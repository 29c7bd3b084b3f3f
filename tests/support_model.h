#ifndef GCR_TEST_MODEL_H
#define GCR_TEST_MODEL_H

/* The model as text, every field that is set, to compare with what it should be. */

#include "support.h"

void describe_dump(struct text *to, const struct gcr_dump *dump);

#endif
