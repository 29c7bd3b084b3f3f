/*
 * A pool is a list of blocks, newest first. Lessons are small (some kilobytes of
 * text), so every request is a block of its own.
 */

#include "pool.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pool_block {
	struct pool_block *next;
	max_align_t data[];
};

void out_of_memory(void)
{
	fputs("lesson: out of memory\n", stderr);
	exit(2);
}

void *pool_alloc(struct pool *pool, size_t size)
{
	struct pool_block *block;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	block = calloc(1, sizeof(*block) + size);
	if (!block)
		out_of_memory();
	block->next = pool->blocks;
	pool->blocks = block;
	return block->data;
}

char *pool_copy(struct pool *pool, const char *data, size_t size)
{
	char *copy = pool_alloc(pool, size + 1);

	if (size)
		memcpy(copy, data, size);
	return copy;
}

char *pool_string(struct pool *pool, const char *string)
{
	return pool_copy(pool, string, strlen(string));
}

char *pool_vformat(struct pool *pool, const char *format, va_list list)
{
	va_list again;
	int size;
	char *ret;

	va_copy(again, list);
	size = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (size < 0)
		out_of_memory();
	ret = pool_alloc(pool, (size_t)size + 1);
	vsnprintf(ret, (size_t)size + 1, format, list);
	return ret;
}

char *pool_format(struct pool *pool, const char *format, ...)
{
	va_list list;
	char *ret;

	va_start(list, format);
	ret = pool_vformat(pool, format, list);
	va_end(list);
	return ret;
}

void *pool_more(struct pool *pool, void *items, size_t count, size_t size)
{
	void *more;

	// An array is full whenever its count is a power of two, or 0.
	if (count & (count - 1))
		return items;
	if (size && count > SIZE_MAX / 4 / size)
		out_of_memory();
	more = pool_alloc(pool, (count ? 2 * count : 1) * size);
	if (count)
		memcpy(more, items, count * size);
	return more;
}

void pool_done(struct pool *pool)
{
	while (pool->blocks) {
		struct pool_block *next = pool->blocks->next;

		free(pool->blocks);
		pool->blocks = next;
	}
}
