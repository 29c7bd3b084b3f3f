#ifndef GCR_HTMLGROUP_H
#define GCR_HTMLGROUP_H

/* One group on a page: a line that opens, below it the stack. */

#include "htmlout.h"

struct gcr_html {
	struct gcr_sink sink;
	const struct gcr_view *view;
	struct gcr_arena *arena; /* of one dump's lists */
	struct gcr_error *err;
	size_t dump;	  /* number on the page, from 1 */
	uint64_t runtime; /* goroutines of the runtime's own in this dump */
	size_t runtime_groups;
};

void gcr_html_group(struct gcr_html *html, const struct gcr_group *group);

/* `main.worker worker.go:7`, and a link to its group. */
void gcr_html_group_link(struct gcr_html *html, const struct gcr_group *group);

#endif
