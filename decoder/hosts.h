#ifndef GCR_HOSTS_H
#define GCR_HOSTS_H

/*
 * A set of host names that stays small: of a fleet only the first few names in
 * alphabetical order are kept, and how many hosts there are. Union is
 * associative, commutative, and a host counts once however often it comes.
 *
 * The number is exact up to GCR_HOST_MARKS. Beyond that it is estimated from
 * the smallest hashes of all names: with 64 of them, it is within a quarter of
 * the truth nineteen times in twenty.
 */

#include "jsonread.h"

enum {
	GCR_HOST_NAMES = 8,
	GCR_HOST_MARKS = 64
};

/* All zero is the empty set. */
struct gcr_hosts {
	struct gcr_span names[GCR_HOST_NAMES]; /* the first ones, sorted */
	size_t name_count;
	uint64_t *marks; /* the smallest hashes, sorted */
	size_t mark_count;
};

/* Names are not copied; marks live in `arena`. */
GCR_MUST_CHECK int gcr_hosts_add(struct gcr_hosts *hosts, struct gcr_span name,
				 struct gcr_arena *arena,
				 struct gcr_error *err);

/* Add all of `more`. */
GCR_MUST_CHECK int gcr_hosts_unite(struct gcr_hosts *hosts,
				   const struct gcr_hosts *more,
				   struct gcr_arena *arena,
				   struct gcr_error *err);

uint64_t gcr_hosts_count(const struct gcr_hosts *hosts);
bool gcr_hosts_exact(const struct gcr_hosts *hosts);

/*
 * Read {"names": […], "marks": […]}: the marks are left out where the names are
 * all there is. The number follows from the two.
 */
void gcr_hosts_read(struct gcr_json_reader *reader, struct gcr_hosts *ret);

#endif
