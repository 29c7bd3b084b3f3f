#ifndef GCR_HEADLINE_H
#define GCR_HEADLINE_H

/*
 * The head of an explanation: the line that the program ended on, and in plain
 * language what it means and whether recover() could have stopped it.
 */

#include "page.h"
#include "scene.h"

/* So many lines of a panic's text are the headline; more are below. */
enum {
	GCR_HEADLINE_LINES = 4
};

void gcr_headline_write(struct gcr_page *page, const struct gcr_crash *crash,
			const struct gcr_scene *scene);

/* The rows `What` and `Kind`. */
void gcr_what_write(struct gcr_page *page, const struct gcr_crash *crash,
		    const struct gcr_scene *scene);

#endif
