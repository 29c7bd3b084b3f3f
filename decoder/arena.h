#ifndef GCR_ARENA_H
#define GCR_ARENA_H

/*
 * Memory of one dump: handed out in order, released all at once.
 *
 * The arena has a byte limit and counts its allocations, so that a test can
 * make the n-th one fail. Under AddressSanitizer what was not handed out is
 * poisoned, with a red zone behind each piece. The only user of malloc here.
 */

#include "gocrash.h"

/* `limit` in bytes; 0 means no limit. Returns NULL when out of memory. */
struct gcr_arena *gcr_arena_new(size_t limit);
void gcr_arena_free(struct gcr_arena *arena);

/*
 * `size` zeroed bytes, aligned for any type; never NULL for a size of 0.
 * NULL with `err` filled (GCR_NOMEM, GCR_LIMIT) when there are none.
 */
GCR_MUST_CHECK void *gcr_arena_alloc(struct gcr_arena *arena, size_t size,
				     struct gcr_error *err);

/* `count` elements of `size`, the multiplication checked. */
GCR_MUST_CHECK void *gcr_arena_array(struct gcr_arena *arena, size_t count,
				     size_t size, struct gcr_error *err);

/*
 * Make room for one more element in the growing array `*items` of `count`
 * elements of `size` bytes: doubles it where it is full. `*capacity` is the
 * caller's, 0 at first. Old storage stays in the arena until its end.
 */
GCR_MUST_CHECK int gcr_arena_grow(struct gcr_arena *arena, void *items,
				  size_t count, size_t *capacity, size_t size,
				  struct gcr_error *err);

/* A copy of `text` in the arena, with a NUL behind it. */
GCR_MUST_CHECK int gcr_arena_copy(struct gcr_arena *arena, struct gcr_span text,
				  struct gcr_span *ret, struct gcr_error *err);

/* Formatted text in the arena. */
GCR_MUST_CHECK GCR_PRINTF(4, 5) int gcr_arena_print(struct gcr_arena *arena,
						    struct gcr_span *ret,
						    struct gcr_error *err,
						    const char *format, ...);

/*
 * A place to come back to: everything handed out after it is released by
 * gcr_arena_rewind(), the chunks are kept for reuse.
 */
struct gcr_arena_mark {
	void *chunk;
	size_t used;
	size_t total;
};

struct gcr_arena_mark gcr_arena_mark(const struct gcr_arena *arena);
void gcr_arena_rewind(struct gcr_arena *arena, struct gcr_arena_mark mark);

/* Bytes handed out and not rewound. */
size_t gcr_arena_used(const struct gcr_arena *arena);

/* Give back what a library of others allocated and left to its caller. */
void gcr_foreign_free(void *memory);

/* For tests: the n-th allocation from now on fails (1 is the next); 0: none. */
void gcr_arena_fail_at(struct gcr_arena *arena, size_t n);

#endif
