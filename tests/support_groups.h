#ifndef GCR_TEST_SUPPORT_GROUPS_H
#define GCR_TEST_SUPPORT_GROUPS_H

/* Texts grouped, and what writers made of the groups, for their tests. */

#include "support.h"

#include "groups.h"

/* All goroutines of a text. */
struct grouped {
	struct gcr_dump *dump;
	struct gcr_arena *arena;
	struct gcr_groups *groups;
	uint64_t goroutines;
};

struct grouped group_text(struct gcr_span text);
void group_free(struct grouped *grouped);

/* Appends to a `struct text`. */
struct gcr_output text_output(struct text *text);

/* Takes `left` bytes, then fails. */
struct short_output {
	size_t left;
};
struct gcr_output output_of(struct short_output *to);

#endif
