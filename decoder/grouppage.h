#ifndef GCR_GROUPPAGE_H
#define GCR_GROUPPAGE_H

/*
 * One group as text: how many, in which state, for how long, some ids; the
 * frames of your code with the words they share, and of Go's own those that
 * stand beside it; who started them.
 *
 *	60  chan send, up to 12 min  #675, 1576, 5711, …
 *	    main.check(...)  godebug.go:91
 *	    started by main.(*service).audit  godebug.go:87, in 41 goroutines
 */

#include "page.h"

/* `main.check godebug.go:91`: where a group's goroutines are, in few words. */
void gcr_group_place_write(struct gcr_page *page,
			   const struct gcr_group *group);

/* `up to 12 min`, `for 12 min`, `3 to 12 min`; nothing for no minutes. */
void gcr_group_age_write(struct gcr_page *page, const struct gcr_group *group);

/* `view->all` of the page: every frame, not only those that say something. */
void gcr_group_write(struct gcr_page *page, const struct gcr_group *group);

/* The same of those that belong to the runtime, on one line. */
void gcr_runtime_groups_write(struct gcr_page *page,
			      const struct gcr_group *const *groups,
			      size_t count);

#endif
