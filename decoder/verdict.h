#ifndef GCR_VERDICT_H
#define GCR_VERDICT_H

/*
 * The first screen of a tally: what ended the program or asked for the dump, how
 * many goroutines there are and what they were doing, the oldest wait, and the
 * groups that deserve a look.
 */

#include "page.h"

GCR_MUST_CHECK int gcr_verdict_write(struct gcr_page *page,
				     const struct gcr_tally *tally);

#endif
