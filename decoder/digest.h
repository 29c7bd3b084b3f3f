#ifndef GCR_DIGEST_H
#define GCR_DIGEST_H

/*
 * Groups of any number of dumps, folded. What it is for stands in gocrash.h;
 * this is what it is made of. Everything lives in the digest's arena.
 */

#include "hosts.h"

struct gcr_digest_frame {
	struct gcr_span function;
	struct gcr_span file; /* its last path element */
	uint64_t line;
};

/* What makes two groups one. Texts are UTF-8. */
struct gcr_digest_identity {
	uint64_t fingerprint;
	struct gcr_span kind; /* `goroutine`, `bare`, `profile` */
	struct gcr_span state;
	bool elided; /* frames were left out */
	struct gcr_digest_frame *frames;
	size_t frame_count;
	struct gcr_digest_frame *creator; /* or NULL */
};

struct gcr_digest_group {
	struct gcr_digest_identity is;
	size_t index; /* in order of first appearance */
	uint64_t count;
	uint64_t least, most; /* minutes */
	uint64_t dumps;	      /* in which it was seen */
	struct gcr_hosts hosts;
	/* One that waited `most`, of the first host. */
	struct gcr_span example_host; /* data NULL: not known */
	uint64_t example;
};

struct gcr_digest {
	struct gcr_arena *arena;
	struct gcr_hosts hosts;
	uint64_t dumps, goroutines;
	struct gcr_digest_group **groups;
	size_t group_count, group_capacity;
	uint32_t *slots; /* index of a group plus one; 0: free */
	size_t slot_count;
	uint64_t salt; /* 0: a group's slot is that of its fingerprint */
	bool sorted;
};

/* The order of their documents; 0 when the two are one. */
int gcr_digest_compare(const struct gcr_digest_identity *a,
		       const struct gcr_digest_identity *b);

/*
 * The group that is `identity`, a new one with nothing counted if there is none.
 * What it is gets copied.
 */
GCR_MUST_CHECK int gcr_digest_find(struct gcr_digest *digest,
				   const struct gcr_digest_identity *identity,
				   struct gcr_digest_group **ret,
				   struct gcr_error *err);

/* Count all of `more` into `group`; texts are copied. */
GCR_MUST_CHECK int gcr_digest_count(struct gcr_digest *digest,
				    struct gcr_digest_group *group,
				    const struct gcr_digest_group *more,
				    struct gcr_error *err);

/* The same for `hosts` of the whole. */
GCR_MUST_CHECK int gcr_digest_unite(struct gcr_digest *digest,
				    struct gcr_hosts *hosts,
				    const struct gcr_hosts *more,
				    struct gcr_error *err);

/* Into the order of gcr_digest_compare(). */
void gcr_digest_sort(struct gcr_digest *digest);

/* The sum, or UINT64_MAX where it has no room. */
uint64_t gcr_digest_sum(uint64_t a, uint64_t b);

#endif
