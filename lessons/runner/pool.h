#ifndef RUNNER_POOL_H
#define RUNNER_POOL_H

/*
 * Memory of one lesson, one capture, one command: everything taken from a pool
 * lives until pool_done() and nothing in it is freed on its own.
 *
 * The runner is a program and not a library: when memory runs out it says so
 * and ends with status 2, so no function here returns NULL.
 */

#include <stdarg.h>
#include <stddef.h>

#include "gocrash.h"

struct pool_block;

/* Zeroed is empty: `struct pool pool = { 0 };`. */
struct pool {
	struct pool_block *blocks;
};

/* `size` zeroed bytes, aligned for any type. */
void *pool_alloc(struct pool *pool, size_t size);

/* A NUL-terminated copy of `size` bytes. */
char *pool_copy(struct pool *pool, const char *data, size_t size);
char *pool_string(struct pool *pool, const char *string);

char *pool_format(struct pool *pool, const char *format, ...) GCR_PRINTF(2, 3);
char *pool_vformat(struct pool *pool, const char *format, va_list list)
	GCR_PRINTF(2, 0);

/*
 * Room for one more item: returns an array that holds the `count` items of
 * `items` and at least one further, zeroed one. Grows by doubling.
 */
void *pool_more(struct pool *pool, void *items, size_t count, size_t size);

/* Frees everything and leaves the pool empty. */
void pool_done(struct pool *pool);

/* Ends the program with status 2 for want of memory. */
GCR_NORETURN void out_of_memory(void);

#endif
