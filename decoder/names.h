#ifndef GCR_NAMES_H
#define GCR_NAMES_H

/*
 * A table from names to things; a name may stand for several. Entries live in
 * the arena they are added with, names are not copied.
 */

#include "gocrash.h"

struct gcr_named {
	struct gcr_span name;
	void *item;
	struct gcr_named *next; /* any name of the same bucket */
};

struct gcr_names {
	struct gcr_named **buckets;
	size_t bucket_count, count;
	uint64_t salt; /* of its hashes, from the first name on */
};

GCR_MUST_CHECK int gcr_names_add(struct gcr_names *names,
				 struct gcr_arena *arena, struct gcr_span name,
				 void *item, struct gcr_error *err);

/* The newest entry of that name, or NULL. */
const struct gcr_named *gcr_names_find(const struct gcr_names *names,
				       struct gcr_span name);

/* The next older entry of the same name, or NULL. */
const struct gcr_named *gcr_named_next(const struct gcr_named *named);

#endif
