#ifndef GCR_WAITPAGE_H
#define GCR_WAITPAGE_H

/* Who waits on the same thing, as text: the section `Waits` of a tally. */

#include "page.h"

struct gcr_waits;

/*
 * Nothing is written when nobody waits for anything that has a name. Of the
 * things of one kind the first few are shown, with `page->view->all` more.
 */
void gcr_waits_write(struct gcr_page *page, const struct gcr_waits *waits);

#endif
