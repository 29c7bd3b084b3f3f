/*
 * A walk in depth over the locks: from one to those that its likely holders wait
 * for. One that is met while it is still being walked from closes a cycle.
 */

#include "lockorder.h"

#include "arena.h"

enum {
	MOST_CYCLES = 16
};

enum color {
	UNSEEN,
	OPEN, /* on the way that is being walked */
	CLOSED
};

/* A lock on the way, and the next of its holders to follow. */
struct step {
	size_t lock;
	size_t next;
	size_t told; /* locks up to this one that are in a cycle already */
};

struct walk {
	struct gcr_waits *waits;
	struct gcr_thing **locks; /* by address */
	size_t count;
	enum color *colors;
	size_t *positions; /* where on the way a lock stands */
	struct step *steps;
	size_t step_count;
	size_t cycle_capacity;
};

static size_t index_of(const struct walk *walk, uint64_t address)
{
	size_t low = 0, high = walk->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (walk->locks[middle]->address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < walk->count && walk->locks[low]->address == address
		       ? low
		       : walk->count;
}

static void open_lock(struct walk *walk, size_t lock)
{
	size_t at = walk->step_count++;

	walk->colors[lock] = OPEN;
	walk->positions[lock] = at;
	walk->steps[at] = (struct step){
		.lock = lock,
		.told = at > 0 ? walk->steps[at - 1].told : 0,
	};
}

static int make_cycle(struct walk *walk, size_t first,
		      struct gcr_lock_cycle *ret, struct gcr_error *err)
{
	struct gcr_arena *arena = walk->waits->arena;
	size_t count = walk->step_count - first;

	*ret = (struct gcr_lock_cycle){ .count = count, .sure = true };
	ret->locks =
		gcr_arena_array(arena, count, sizeof(struct gcr_thing *), err);
	ret->holders =
		gcr_arena_array(arena, count, sizeof(struct gcr_holder *), err);
	if (ret->locks == NULL || ret->holders == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct step *step = &walk->steps[first + i];
		const struct gcr_thing *lock = walk->locks[step->lock];

		ret->locks[i] = lock;
		ret->holders[i] = &lock->holders[step->next - 1];
		ret->sure &= gcr_holder_likely(lock, ret->holders[i]);
		walk->steps[first + i].told += i + 1;
	}
	return 0;
}

// Whether one of them is in a cycle that was told.
static bool is_told(const struct walk *walk, size_t first)
{
	size_t before = first > 0 ? walk->steps[first - 1].told : 0;

	return walk->steps[walk->step_count - 1].told > before;
}

static int close_cycle(struct walk *walk, size_t lock, struct gcr_error *err)
{
	struct gcr_waits *waits = walk->waits;
	size_t first = walk->positions[lock];
	struct gcr_lock_cycle cycle;

	if (is_told(walk, first) || waits->cycle_count == MOST_CYCLES)
		return 0;
	if (make_cycle(walk, first, &cycle, err) != 0 ||
	    gcr_arena_grow(waits->arena, &waits->cycles, waits->cycle_count,
			   &walk->cycle_capacity, sizeof(cycle), err) != 0)
		return -1;
	waits->cycles[waits->cycle_count++] = cycle;
	return 0;
}

// One step: down to what the next holder waits for, or back.
static int go_on(struct walk *walk, struct gcr_error *err)
{
	struct step *step = &walk->steps[walk->step_count - 1];
	const struct gcr_thing *lock = walk->locks[step->lock];

	if (step->next == lock->holder_count) {
		walk->colors[step->lock] = CLOSED;
		walk->step_count--;
		return 0;
	}
	const struct gcr_holder *holder = &lock->holders[step->next++];
	// Its word says no more than that it waits: nothing can rest on it.
	if (holder->itself || holder->own_wait ||
	    !gcr_wait_is_lock(holder->waits_kind))
		return 0;
	size_t next = index_of(walk, holder->waits_for);
	if (next == walk->count || walk->colors[next] == CLOSED)
		return 0;
	if (walk->colors[next] == OPEN)
		return close_cycle(walk, next, err);
	open_lock(walk, next);
	return 0;
}

int gcr_lock_cycles_find(struct gcr_waits *waits, struct gcr_thing **locks,
			 size_t count, struct gcr_error *err)
{
	struct gcr_arena *arena = waits->arena;
	struct walk walk = { .waits = waits, .locks = locks, .count = count };

	walk.colors = gcr_arena_array(arena, count, sizeof(*walk.colors), err);
	walk.positions =
		gcr_arena_array(arena, count, sizeof(*walk.positions), err);
	walk.steps = gcr_arena_array(arena, count, sizeof(*walk.steps), err);
	if (walk.colors == NULL || walk.positions == NULL || walk.steps == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (walk.colors[i] != UNSEEN)
			continue;
		walk.step_count = 0;
		open_lock(&walk, i);
		while (walk.step_count > 0)
			if (go_on(&walk, err) != 0)
				return -1;
	}
	return 0;
}
