#ifndef GCR_STACKS_H
#define GCR_STACKS_H

/*
 * One stack in full: header, frames with their location and decoded words,
 * what was elided, who started it, ancestors. Frames of Go itself are faint.
 */

#include "page.h"

/* How much of a stack is written. */
enum gcr_stack_form {
	GCR_STACK_FOLDED, /* long ones without their middle */
	GCR_STACK_FULL,
};

GCR_MUST_CHECK int gcr_stack_write(struct gcr_page *page,
				   const struct gcr_goroutine *g,
				   enum gcr_stack_form form);

/* `main.example`, then file, line and offset on the next line. */
void gcr_place_write(struct gcr_page *page, const struct gcr_frame *frame,
		     enum gcr_style style, size_t indent);

#endif
