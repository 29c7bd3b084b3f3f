#ifndef GCR_STACKJSON_H
#define GCR_STACKJSON_H

/*
 * The JSON of one goroutine or other stack, for the document of a crash and for
 * lines of goroutines.
 */

#include "jsonout.h"

struct gcr_stack_json {
	struct gcr_json json;
	const struct gcr_view *view;
	struct gcr_target target; /* given and shown, combined */
	struct gcr_arena *arena;  /* for one frame at a time */
	struct gcr_error *err;
};

/* `shown` is what the text tells of the target. Fails with GCR_NOMEM. */
GCR_MUST_CHECK int gcr_stack_json_init(struct gcr_stack_json *to,
				       const struct gcr_target *shown,
				       const struct gcr_view *view,
				       const struct gcr_output *output,
				       struct gcr_error *err);
void gcr_stack_json_done(struct gcr_stack_json *to);

/* The members of one stack; its braces are the caller's. `group` may be NULL. */
GCR_MUST_CHECK int gcr_stack_json(struct gcr_stack_json *to,
				  const struct gcr_goroutine *g,
				  const struct gcr_group *group);

#endif
