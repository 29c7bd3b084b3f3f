/* A whole input in memory: its crashes with all their stacks. */

#include "arena.h"
#include "error.h"
#include "traceback.h"

#include <string.h>

#define DEFAULT_MEMORY ((size_t)16 << 30)

enum {
	DEFAULT_GOROUTINES = 16 * 1024 * 1024
};

struct gcr_dump {
	struct gcr_arena *arena;
	struct gcr_crash *crashes;
	size_t crash_count, crash_capacity;
	struct gcr_other *others;
	size_t other_count;
};

/* The stacks of one kind of the crash being collected. */
struct stacks {
	struct gcr_goroutine *items;
	size_t count, capacity;
};

/* What is being put together. */
struct collection {
	struct gcr_dump *dump;
	struct stacks goroutines, others;
	size_t left;	/* so many more stacks may be kept */
	size_t dropped; /* of this crash */
	struct gcr_place first_dropped;
};

static int keep(struct gcr_arena *arena, struct stacks *stacks,
		const struct gcr_goroutine *stack, struct gcr_error *err)
{
	if (gcr_arena_grow(arena, &stacks->items, stacks->count,
			   &stacks->capacity, sizeof(*stack), err) != 0)
		return -1;
	stacks->items[stacks->count++] = *stack;
	return 0;
}

static int keep_stack(struct collection *all, const struct gcr_goroutine *stack,
		      struct gcr_error *err)
{
	bool goroutine = stack->kind == GCR_STACK_GOROUTINE ||
			 stack->kind == GCR_STACK_BARE;

	if (all->left == 0) {
		if (all->dropped++ == 0)
			all->first_dropped = stack->place;
		return 0;
	}
	all->left--;
	return keep(all->dump->arena,
		    goroutine ? &all->goroutines : &all->others, stack, err);
}

// A note on the stacks beyond the limit, behind those that the crash has.
static int note_dropped(struct collection *all, struct gcr_crash *crash,
			struct gcr_error *err)
{
	struct gcr_arena *arena = all->dump->arena;
	struct gcr_note note = { .place = all->first_dropped };
	struct gcr_note *notes = gcr_arena_array(arena, crash->note_count + 1,
						 sizeof(*notes), err);

	if (notes == NULL ||
	    gcr_arena_print(arena, &note.text, err,
			    "this goroutine and what follows, %zu in all, are "
			    "beyond the limit and were left out",
			    all->dropped) != 0)
		return -1;
	if (crash->note_count > 0)
		memcpy(notes, crash->notes, crash->note_count * sizeof(*notes));
	notes[crash->note_count++] = note;
	crash->notes = notes;
	all->dropped = 0;
	return 0;
}

static int keep_crash(struct collection *all, const struct gcr_crash *crash,
		      struct gcr_error *err)
{
	struct gcr_dump *dump = all->dump;

	if (gcr_arena_grow(dump->arena, &dump->crashes, dump->crash_count,
			   &dump->crash_capacity, sizeof(*crash), err) != 0)
		return -1;
	struct gcr_crash *kept = &dump->crashes[dump->crash_count++];
	*kept = *crash;
	kept->goroutines = all->goroutines.items;
	kept->goroutine_count = all->goroutines.count;
	kept->stacks = all->others.items;
	kept->stack_count = all->others.count;
	all->goroutines = all->others = (struct stacks){ 0 };
	return all->dropped > 0 ? note_dropped(all, kept, err) : 0;
}

static int collect(struct collection *all, struct gcr_traceback *tb,
		   struct gcr_error *err)
{
	struct gcr_goroutine stack;
	enum gcr_piece piece;
	int failed = 0;

	while (failed == 0) {
		if (gcr_traceback_next(tb, &piece, &stack, err) != 0)
			return -1;
		const struct gcr_crash *crash = gcr_traceback_crash(tb);
		switch (piece) {
		case GCR_PIECE_STACK:
			failed = keep_stack(all, &stack, err);
			break;
		case GCR_PIECE_CRASH:
			failed = keep_crash(all, crash, err);
			break;
		case GCR_PIECE_END:
			all->dump->others = crash->others;
			all->dump->other_count = crash->other_count;
			return 0;
		}
	}
	return -1;
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
	struct collection all = {
		.dump = dump,
		.left = limits->goroutines > 0 ? limits->goroutines
					       : DEFAULT_GOROUTINES,
	};
	if (dump == NULL ||
	    gcr_traceback_new(text, limits, arena, arena, &tb, err) != 0 ||
	    collect(&all, tb, err) != 0) {
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
