/* A whole input in memory: its crashes with all their stacks. */

#include "arena.h"
#include "error.h"
#include "traceback.h"

#include <string.h>

#define DEFAULT_MEMORY ((size_t)16 << 30)

struct gcr_dump {
	struct gcr_arena *arena;
	struct gcr_crash *crashes;
	size_t crash_count, crash_capacity;
	struct gcr_other *others;
	size_t other_count;
};

/* The stacks of the crash being collected. */
struct stacks {
	struct gcr_goroutine *items;
	size_t count, capacity;
};

static int keep(struct gcr_dump *dump, struct stacks *stacks,
		const struct gcr_goroutine *stack, struct gcr_error *err)
{
	if (gcr_arena_grow(dump->arena, &stacks->items, stacks->count,
			   &stacks->capacity, sizeof(*stack), err) != 0)
		return -1;
	stacks->items[stacks->count++] = *stack;
	return 0;
}

static bool is_goroutine(enum gcr_stack_kind kind)
{
	return kind == GCR_STACK_GOROUTINE || kind == GCR_STACK_BARE;
}

static int keep_crash(struct gcr_dump *dump, const struct gcr_crash *crash,
		      struct stacks *goroutines, struct stacks *others,
		      struct gcr_error *err)
{
	if (gcr_arena_grow(dump->arena, &dump->crashes, dump->crash_count,
			   &dump->crash_capacity, sizeof(*crash), err) != 0)
		return -1;
	struct gcr_crash *kept = &dump->crashes[dump->crash_count++];
	*kept = *crash;
	kept->goroutines = goroutines->items;
	kept->goroutine_count = goroutines->count;
	kept->stacks = others->items;
	kept->stack_count = others->count;
	*goroutines = *others = (struct stacks){ 0 };
	return 0;
}

static int collect(struct gcr_dump *dump, struct gcr_traceback *tb, size_t most,
		   struct gcr_error *err)
{
	struct stacks goroutines = { 0 }, others = { 0 };
	struct gcr_goroutine stack;
	enum gcr_piece piece;
	size_t total = 0;

	for (;;) {
		if (gcr_traceback_next(tb, &piece, &stack, err) != 0)
			return -1;
		const struct gcr_crash *crash = gcr_traceback_crash(tb);
		if (piece == GCR_PIECE_END) {
			dump->others = crash->others;
			dump->other_count = crash->other_count;
			return 0;
		}
		if (piece == GCR_PIECE_CRASH) {
			if (keep_crash(dump, crash, &goroutines, &others,
				       err) != 0)
				return -1;
			continue;
		}
		if (++total > most)
			return gcr_fail(err, GCR_LIMIT,
					"more than %zu goroutines", most);
		if (keep(dump, is_goroutine(stack.kind) ? &goroutines : &others,
			 &stack, err) != 0)
			return -1;
	}
}

int gcr_dump_parse(struct gcr_span text, const struct gcr_limits *limits,
		   struct gcr_dump **ret, struct gcr_error *err)
{
	struct gcr_limits none = { 0 };
	struct gcr_traceback *tb;
	struct gcr_dump *dump;

	if (limits == NULL)
		limits = &none;
	struct gcr_arena *arena = gcr_arena_new(
		limits->memory > 0 ? limits->memory : DEFAULT_MEMORY);
	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	gcr_arena_fail_at(arena, limits->fail_at);
	dump = gcr_arena_alloc(arena, sizeof(*dump), err);
	if (dump != NULL)
		dump->arena = arena;
	if (dump == NULL ||
	    gcr_traceback_new(text, limits, arena, arena, &tb, err) != 0 ||
	    collect(dump, tb,
		    limits->goroutines > 0 ? limits->goroutines : SIZE_MAX,
		    err) != 0) {
		gcr_arena_free(arena);
		return -1;
	}
	*ret = dump;
	return 0;
}

void gcr_dump_free(struct gcr_dump *dump)
{
	if (dump != NULL)
		gcr_arena_free(dump->arena);
}

size_t gcr_dump_crash_count(const struct gcr_dump *dump)
{
	return dump->crash_count;
}

const struct gcr_crash *gcr_dump_crash(const struct gcr_dump *dump,
				       size_t index)
{
	return index < dump->crash_count ? &dump->crashes[index] : NULL;
}

size_t gcr_dump_other_count(const struct gcr_dump *dump)
{
	return dump->other_count;
}

const struct gcr_other *gcr_dump_other(const struct gcr_dump *dump,
				       size_t index)
{
	return index < dump->other_count ? &dump->others[index] : NULL;
}

struct gcr_arena *gcr_dump_arena(struct gcr_dump *dump)
{
	return dump->arena;
}
