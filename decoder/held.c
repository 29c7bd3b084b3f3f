/* A list, and a hash table over it that begins with the first one kept. */

#include "held.h"

#include "arena.h"
#include "span.h"

enum {
	BUCKETS = 1024,
	/* Go stops a program at 10,000 threads, unless told otherwise. */
	MOST_KEPT = 1 << 14
};

bool gcr_held_state(struct gcr_span state)
{
	return gcr_span_is(state, "running") || gcr_span_is(state, "syscall");
}

static size_t bucket_of(const struct gcr_held *held, uint64_t id)
{
	uint64_t hash = (id ^ held->salt) * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(hash >> 48) % BUCKETS;
}

static int begin(struct gcr_held *held, struct gcr_arena *arena,
		 struct gcr_error *err)
{
	held->buckets = gcr_arena_array(arena, BUCKETS,
					sizeof(struct gcr_held_one *), err);
	if (held->buckets == NULL)
		return -1;
	// Numbers made to meet do not, since it is not known.
	held->salt = (uint64_t)(uintptr_t)held->buckets *
		     UINT64_C(0x9e3779b97f4a7c15);
	return 0;
}

static int keep(struct gcr_held *held, struct gcr_arena *arena,
		const struct gcr_goroutine *stack, bool over,
		struct gcr_error *err)
{
	struct gcr_held_one *one;

	if (held->buckets == NULL && begin(held, arena, err) != 0)
		return -1;
	one = gcr_arena_alloc(arena, sizeof(*one), err);
	if (one == NULL)
		return -1;
	one->stack = *stack;
	one->stack.frames = NULL;
	one->stack.frame_count = one->stack.ancestor_count = 0;
	one->stack.like = NULL;
	if (stack->created_by != NULL) {
		one->creator = *stack->created_by;
		one->stack.created_by = &one->creator;
	}
	one->from = stack;
	one->over = over;
	struct gcr_held_one **bucket =
		&held->buckets[bucket_of(held, stack->id)];
	one->chain = *bucket;
	*bucket = one;
	if (held->last != NULL)
		held->last->next = one;
	else
		held->first = one;
	held->last = one;
	held->count++;
	return 0;
}

static struct gcr_held_one *find(const struct gcr_held *held, uint64_t id)
{
	struct gcr_held_one *one = NULL;

	if (held->buckets != NULL)
		one = held->buckets[bucket_of(held, id)];
	while (one != NULL && one->stack.id != id)
		one = one->chain;
	return one;
}

// One of a number that is known: of that, nothing more needs to be kept.
static int take_known(struct gcr_held_one *one,
		      const struct gcr_goroutine *stack)
{
	if (one->over)
		return one->stack.report == stack->report;
	if (stack->frame_count > 0)
		one->over = true;
	return 1;
}

int gcr_held_take(struct gcr_held *held, struct gcr_arena *arena,
		  const struct gcr_goroutine *stack, struct gcr_error *err)
{
	bool bare = stack->frame_count == 0 && stack->ancestor_count == 0;
	struct gcr_held_one *one = find(held, stack->id);

	if (stack->kind != GCR_STACK_GOROUTINE)
		return 1;
	if (one != NULL)
		return take_known(one, stack);
	if (held->count >= MOST_KEPT)
		return 1;
	if (bare && (stack->flags & GCR_G_OTHER_THREAD) != 0)
		return keep(held, arena, stack, false, err);
	if (!bare && gcr_held_state(stack->state))
		return keep(held, arena, stack, true, err) != 0 ? -1 : 1;
	return 1;
}
