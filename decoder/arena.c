/*
 * A list of chunks, each filled from its start:
 *
 *	arena -> chunk -> chunk -> …	current is the one being filled;
 *	                                chunks behind it wait for reuse
 *
 * A piece larger than a quarter of a chunk gets a chunk of its own size.
 */

#include "arena.h"

#include "error.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GCR_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define GCR_ASAN 1
#endif

#ifdef GCR_ASAN
#include <sanitizer/asan_interface.h>
enum {
	RED_ZONE = 16
};
#else
enum {
	RED_ZONE = 0
};
#endif

static void poison(void *start, size_t size)
{
#ifdef GCR_ASAN
	__asan_poison_memory_region(start, size);
#else
	(void)start;
	(void)size;
#endif
}

static void unpoison(void *start, size_t size)
{
#ifdef GCR_ASAN
	__asan_unpoison_memory_region(start, size);
#else
	(void)start;
	(void)size;
#endif
}

enum {
	FIRST_CHUNK = 16 * 1024,
	LARGEST_CHUNK = 4 * 1024 * 1024
};

struct chunk {
	struct chunk *next;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
};

struct gcr_arena {
	struct chunk *first, *current;
	size_t limit, total;
	size_t fail_at;
};

struct gcr_arena *gcr_arena_new(size_t limit)
{
	struct gcr_arena *arena = calloc(1, sizeof(*arena));

	if (arena != NULL)
		arena->limit = limit;
	return arena;
}

void gcr_arena_free(struct gcr_arena *arena)
{
	struct chunk *next;

	if (arena == NULL)
		return;
	for (struct chunk *chunk = arena->first; chunk != NULL; chunk = next) {
		next = chunk->next;
		unpoison(chunk->bytes, chunk->size);
		free(chunk);
	}
	free(arena);
}

static size_t round_up(size_t size)
{
	return (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
}

// The chunk behind the current one if it is large enough, else a new one there.
static struct chunk *next_chunk(struct gcr_arena *arena, size_t need)
{
	struct chunk *current = arena->current;
	struct chunk *chunk = current ? current->next : arena->first;
	size_t size = FIRST_CHUNK;

	if (chunk != NULL && chunk->size >= need) {
		chunk->used = 0;
		arena->current = chunk;
		return chunk;
	}
	if (current != NULL && current->size < LARGEST_CHUNK)
		size = current->size > FIRST_CHUNK ? current->size * 2
						   : FIRST_CHUNK * 2;
	else if (current != NULL)
		size = LARGEST_CHUNK;
	if (size > LARGEST_CHUNK)
		size = LARGEST_CHUNK;
	if (size < need)
		size = need;
	struct chunk *fresh = malloc(sizeof(*fresh) + size);
	if (fresh == NULL)
		return NULL;
	*fresh = (struct chunk){ .next = chunk, .size = size };
	poison(fresh->bytes, size);
	if (current != NULL)
		current->next = fresh;
	else
		arena->first = fresh;
	arena->current = fresh;
	return fresh;
}

void *gcr_arena_alloc(struct gcr_arena *arena, size_t size,
		      struct gcr_error *err)
{
	struct chunk *chunk = arena->current;
	void *piece;

	if (arena->fail_at > 0 && --arena->fail_at == 0) {
		gcr_fail(err, GCR_NOMEM, "out of memory");
		return NULL;
	}
	if (size > SIZE_MAX / 2) {
		gcr_fail(err, GCR_NOMEM, "out of memory");
		return NULL;
	}
	size_t need = round_up((size > 0 ? size : 1) + RED_ZONE);
	if (arena->limit > 0 && need > arena->limit - arena->total) {
		gcr_fail(err, GCR_LIMIT, "more than %zu bytes are needed",
			 arena->limit);
		return NULL;
	}
	if (chunk == NULL || need > chunk->size - chunk->used)
		chunk = next_chunk(arena, need);
	if (chunk == NULL) {
		gcr_fail(err, GCR_NOMEM, "out of memory");
		return NULL;
	}
	piece = chunk->bytes + chunk->used;
	unpoison(piece, size > 0 ? size : 1);
	memset(piece, 0, size > 0 ? size : 1);
	chunk->used += need;
	arena->total += need;
	return piece;
}

void *gcr_arena_array(struct gcr_arena *arena, size_t count, size_t size,
		      struct gcr_error *err)
{
	if (size > 0 && count > SIZE_MAX / size) {
		gcr_fail(err, GCR_NOMEM, "out of memory");
		return NULL;
	}
	return gcr_arena_alloc(arena, count * size, err);
}

int gcr_arena_grow(struct gcr_arena *arena, void *items, size_t count,
		   size_t *capacity, size_t size, struct gcr_error *err)
{
	void *old, *fresh;

	if (count < *capacity)
		return 0;
	size_t larger = *capacity > 0 ? *capacity * 2 : 1;
	fresh = gcr_arena_array(arena, larger, size, err);
	if (fresh == NULL)
		return -1;
	// `items` is the address of a pointer to any object type.
	memcpy(&old, items, sizeof(old));
	if (count > 0)
		memcpy(fresh, old, count * size);
	memcpy(items, &fresh, sizeof(fresh));
	*capacity = larger;
	return 0;
}

int gcr_arena_copy(struct gcr_arena *arena, struct gcr_span text,
		   struct gcr_span *ret, struct gcr_error *err)
{
	if (text.size == SIZE_MAX)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	char *copy = gcr_arena_alloc(arena, text.size + 1, err);
	if (copy == NULL)
		return -1;
	if (text.size > 0)
		memcpy(copy, text.data, text.size);
	*ret = (struct gcr_span){ copy, text.size };
	return 0;
}

int gcr_arena_print(struct gcr_arena *arena, struct gcr_span *ret,
		    struct gcr_error *err, const char *format, ...)
{
	va_list arguments, again;
	char most[256];
	int size;
	char *text = NULL;

	va_start(arguments, format);
	va_copy(again, arguments);
	size = vsnprintf(most, sizeof(most), format, arguments);
	va_end(arguments);
	if (size < 0)
		gcr_fail(err, GCR_BUG, "bad format '%s'", format);
	else
		text = gcr_arena_alloc(arena, (size_t)size + 1, err);
	if (text != NULL) {
		if ((size_t)size < sizeof(most))
			memcpy(text, most, (size_t)size + 1);
		else
			vsnprintf(text, (size_t)size + 1, format, again);
		*ret = (struct gcr_span){ text, (size_t)size };
	}
	va_end(again);
	return text != NULL ? 0 : -1;
}

struct gcr_arena_mark gcr_arena_mark(const struct gcr_arena *arena)
{
	return (struct gcr_arena_mark){
		.chunk = arena->current,
		.used = arena->current ? arena->current->used : 0,
		.total = arena->total,
	};
}

void gcr_arena_rewind(struct gcr_arena *arena, struct gcr_arena_mark mark)
{
	struct chunk *chunk = mark.chunk ? mark.chunk : arena->first;

	for (struct chunk *c = chunk; c != NULL; c = c->next) {
		size_t used = c == mark.chunk ? mark.used : 0;
		if (used < c->size)
			poison(c->bytes + used, c->size - used);
		c->used = used;
		if (c == arena->current)
			break;
	}
	arena->current = mark.chunk;
	arena->total = mark.total;
}

size_t gcr_arena_used(const struct gcr_arena *arena)
{
	return arena->total;
}

void gcr_arena_fail_at(struct gcr_arena *arena, size_t n)
{
	arena->fail_at = n;
}

void gcr_foreign_free(void *memory)
{
	free(memory);
}
