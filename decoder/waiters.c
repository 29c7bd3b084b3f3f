/*
 * What a group waits for is found once, from its first goroutine; of each of the
 * others only the word with the address is read. Things are in an array, with a
 * hash table of their indexes over it.
 *
 * When the array is full the things with few waiters go, so many at once that
 * half of it is free: each goroutine pays for that once, and a thing with many
 * waiters stays whatever comes before or after it.
 */

#include "waiters.h"

#include "arena.h"
#include "clues.h"
#include "holders.h"
#include "span.h"

#include <stdlib.h>

enum {
	FIRST_SLOTS = 256,
	MOST_WAITERS = 256, /* told apart when choosing what to forget */
	MOST_ASKED = 64,    /* locks whose struct the frames do not show */
	LARGEST_STRUCT = 1 << 16
};

static uint64_t mix(uint64_t hash, uint64_t piece)
{
	hash = (hash ^ piece) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

int gcr_waits_new(struct gcr_arena *arena, struct gcr_waits **ret,
		  struct gcr_error *err)
{
	struct gcr_waits *waits = gcr_arena_alloc(arena, sizeof(*waits), err);

	if (waits == NULL)
		return -1;
	waits->arena = arena;
	waits->salt = mix(1, (uint64_t)(uintptr_t)waits);
	waits->slot_count = FIRST_SLOTS;
	waits->slots =
		gcr_arena_array(arena, FIRST_SLOTS, sizeof(*waits->slots), err);
	if (waits->slots == NULL ||
	    gcr_clues_new(arena, &waits->clues, err) != 0)
		return -1;
	*ret = waits;
	return 0;
}

/* The table ---------------------------------------------------------------- */

/*
 * A slot is the index of a thing plus one (0: free), and above it some bits of
 * the thing's hash: most others are told from it without being looked at.
 */
enum {
	INDEX_BITS = 17
};
_Static_assert(GCR_MOST_THINGS < 1 << INDEX_BITS, "an index has to fit");

// Addresses made to meet in one slot do not: their writer cannot know the salt.
static uint64_t hash_of(const struct gcr_waits *waits, enum gcr_wait_kind kind,
			uint64_t address)
{
	return mix(mix(waits->salt, address), kind);
}

static uint32_t slot_of(uint64_t hash, size_t index)
{
	return (uint32_t)(hash >> 32) << INDEX_BITS | (uint32_t)(index + 1);
}

static size_t index_of(uint32_t slot)
{
	return (slot & ((1u << INDEX_BITS) - 1)) - 1;
}

static uint32_t *find_slot(const struct gcr_waits *waits,
			   enum gcr_wait_kind kind, uint64_t address)
{
	uint64_t hash = hash_of(waits, kind, address);
	uint32_t above = slot_of(hash, 0) >> INDEX_BITS;
	size_t mask = waits->slot_count - 1;
	size_t at = (size_t)hash & mask;

	for (; waits->slots[at] != 0; at = (at + 1) & mask) {
		uint32_t slot = waits->slots[at];

		if (slot >> INDEX_BITS != above)
			continue;
		const struct gcr_thing *thing = waits->things[index_of(slot)];
		if (thing->address == address && thing->kind == kind)
			break;
	}
	return &waits->slots[at];
}

struct gcr_thing *gcr_waits_find(const struct gcr_waits *waits,
				 enum gcr_wait_kind kind, uint64_t address)
{
	uint32_t slot = *find_slot(waits, kind, address);

	return slot != 0 ? waits->things[index_of(slot)] : NULL;
}

static void put_slot(struct gcr_waits *waits, size_t index)
{
	const struct gcr_thing *thing = waits->things[index];

	*find_slot(waits, thing->kind, thing->address) =
		slot_of(hash_of(waits, thing->kind, thing->address), index);
}

static void fill_slots(struct gcr_waits *waits)
{
	memset(waits->slots, 0, waits->slot_count * sizeof(*waits->slots));
	for (size_t i = 0; i < waits->thing_count; i++)
		put_slot(waits, i);
}

static int grow_slots(struct gcr_waits *waits, struct gcr_error *err)
{
	size_t count = waits->slot_count * 2;
	uint32_t *slots =
		gcr_arena_array(waits->arena, count, sizeof(*slots), err);

	if (slots == NULL)
		return -1;
	waits->slots = slots;
	waits->slot_count = count;
	fill_slots(waits);
	return 0;
}

// How much a thing weighs when some have to go.
static size_t weight(const struct gcr_thing *thing)
{
	uint64_t weight = thing->count + gcr_wait_is_lock(thing->kind);

	return weight < MOST_WAITERS ? (size_t)weight : MOST_WAITERS - 1;
}

// The least weight at which at least half of the things are no heavier.
static size_t middle_weight(const struct gcr_waits *waits)
{
	size_t counts[MOST_WAITERS] = { 0 }, sum = 0, at = 0;

	for (size_t i = 0; i < waits->thing_count; i++)
		counts[weight(waits->things[i])]++;
	for (; at < MOST_WAITERS - 1; at++) {
		sum += counts[at];
		if (sum >= waits->thing_count / 2)
			break;
	}
	return at;
}

static void forget_some(struct gcr_waits *waits)
{
	size_t least = middle_weight(waits), kept = 0;

	for (size_t i = 0; i < waits->thing_count; i++) {
		struct gcr_thing *thing = waits->things[i];

		if (weight(thing) > least) {
			waits->things[kept++] = thing;
			continue;
		}
		thing->next = waits->unused;
		waits->unused = thing;
		waits->forgotten += thing->count;
		waits->kinds[thing->kind].kept--;
		waits->kinds[thing->kind].more = true;
	}
	waits->thing_count = kept;
	fill_slots(waits);
}

static struct gcr_thing *new_thing(struct gcr_waits *waits,
				   const struct gcr_wait *wait,
				   struct gcr_error *err)
{
	struct gcr_thing *thing = waits->unused;
	struct gcr_waiting *kind = &waits->kinds[wait->kind];

	if (thing != NULL)
		waits->unused = thing->next;
	else
		thing = gcr_arena_alloc(waits->arena, sizeof(*thing), err);
	if (thing == NULL ||
	    gcr_arena_grow(waits->arena, &waits->things, waits->thing_count,
			   &waits->thing_capacity, sizeof(struct gcr_thing *),
			   err) != 0)
		return NULL;
	*thing = (struct gcr_thing){
		.kind = wait->kind,
		.address = wait->address,
		.minus = { (unsigned char)wait->minus[0],
			   (unsigned char)wait->minus[1] },
		.at_least = waits->forgotten > 0,
	};
	if (++kind->kept > kind->things)
		kind->things = kind->kept;
	waits->things[waits->thing_count++] = thing;
	return thing;
}

static int find_thing(struct gcr_waits *waits, const struct gcr_wait *wait,
		      struct gcr_thing **ret, struct gcr_error *err)
{
	uint32_t *slot;

	if (waits->thing_count == GCR_MOST_THINGS)
		forget_some(waits);
	slot = find_slot(waits, wait->kind, wait->address);
	if (*slot == 0) {
		if (new_thing(waits, wait, err) == NULL)
			return -1;
		put_slot(waits, waits->thing_count - 1);
	}
	*ret = waits->things[index_of(*slot)];
	return waits->thing_count * 2 > waits->slot_count
		       ? grow_slots(waits, err)
		       : 0;
}

/* One goroutine ------------------------------------------------------------ */

// No kind of thing is waited for in more ways.
static const enum gcr_wait_role roles[][GCR_ROLES_OF_A_KIND] = {
	[GCR_WAIT_CHANNEL] = { GCR_WAITS, GCR_RECEIVES, GCR_SENDS },
	[GCR_WAIT_MUTEX] = { GCR_WAITS, GCR_LOCKS },
	[GCR_WAIT_RWMUTEX] = { GCR_WAITS, GCR_LOCKS, GCR_RLOCKS },
	[GCR_WAIT_DESCRIPTOR] = { GCR_WAITS, GCR_READS, GCR_WRITES },
	[GCR_WAIT_DESCRIPTOR_LOCK] = { GCR_WAITS, GCR_READS, GCR_WRITES },
	[GCR_WAIT_KIND_COUNT] = { GCR_WAITS },
};

// GCR_WAITS, the first of each, is all that there is of the other kinds.
static size_t role_index(enum gcr_wait_kind kind, enum gcr_wait_role role)
{
	size_t i = 0;

	while (i < GCR_ROLES_OF_A_KIND && roles[kind][i] != role)
		i++;
	return i;
}

uint64_t gcr_thing_role(const struct gcr_thing *thing, enum gcr_wait_role role)
{
	size_t i = role_index(thing->kind, role);

	return i < GCR_ROLES_OF_A_KIND ? thing->roles[i] : 0;
}

bool gcr_holder_likely(const struct gcr_thing *lock,
		       const struct gcr_holder *holder)
{
	return lock->candidates == 1 && holder->same_struct &&
	       !holder->own_wait;
}

static void add_group(struct gcr_thing *thing, const struct gcr_group *group)
{
	for (unsigned i = 0; i < thing->group_count; i++)
		if (thing->groups[i] == group)
			return;
	if (thing->group_count < GCR_THING_GROUPS)
		thing->groups[thing->group_count++] = group;
	else
		thing->more_groups = true;
}

static void count_in(struct gcr_thing *thing, const struct gcr_wait *wait,
		     const struct gcr_group *group,
		     const struct gcr_goroutine *stack)
{
	if (thing->count < GCR_THING_IDS)
		thing->ids[thing->count] = stack->id;
	if (thing->count == 0 || stack->minutes > thing->minutes) {
		thing->minutes = stack->minutes;
		thing->oldest = stack->id;
	}
	thing->count++;
	size_t role = role_index(wait->kind, wait->role);
	if (role < GCR_ROLES_OF_A_KIND)
		thing->roles[role]++;
	thing->unsure |= wait->unsure;
	add_group(thing, group);
}

static int count_thing(struct gcr_waits *waits, const struct gcr_wait *wait,
		       const struct gcr_group *group,
		       const struct gcr_goroutine *head, struct gcr_error *err)
{
	struct gcr_thing *thing;

	if (wait->certainty != GCR_EXACT)
		return 0;
	if (find_thing(waits, wait, &thing, err) != 0)
		return -1;
	count_in(thing, wait, group, head);
	return 0;
}

// The receiver of the function that called Lock, where its word is stale.
static uint64_t ask_base(struct gcr_waits *waits, const struct gcr_wait *wait,
			 const struct gcr_goroutine *stack)
{
	const struct gcr_stack_source *source = waits->source;
	size_t i = wait->caller;
	uint64_t word;

	while (i < stack->frame_count &&
	       (stack->frames[i].flags & GCR_FRAME_INLINED) != 0)
		i++;
	if (source == NULL || source->first_word == NULL ||
	    i >= stack->frame_count || waits->asked == MOST_ASKED)
		return 0;
	waits->asked++;
	word = source->first_word(source->from, stack, i);
	return word <= wait->address && wait->address - word < LARGEST_STRUCT
		       ? word
		       : 0;
}

static void find_base(struct gcr_waits *waits, const struct gcr_wait *wait,
		      const struct gcr_goroutine *stack)
{
	struct gcr_thing *thing;

	if (wait->certainty != GCR_EXACT || !gcr_wait_is_lock(wait->kind))
		return;
	thing = gcr_waits_find(waits, wait->kind, wait->address);
	if (thing == NULL || thing->base != 0)
		return;
	thing->base = gcr_lock_base(wait, stack);
	if (thing->base == 0)
		thing->base = ask_base(waits, wait, stack);
}

// The first goroutine of a group tells what all of it wait for.
static int find_shape(struct gcr_waits *waits, const struct gcr_group *group,
		      const struct gcr_goroutine *stack, struct gcr_error *err)
{
	while (waits->shape_count <= group->index) {
		if (gcr_arena_grow(waits->arena, &waits->shapes,
				   waits->shape_count, &waits->shape_capacity,
				   sizeof(*waits->shapes), err) != 0)
			return -1;
		waits->shapes[waits->shape_count++] = gcr_wait_of(stack);
	}
	return 0;
}

static void count_kind(struct gcr_waits *waits, const struct gcr_wait *wait,
		       const struct gcr_goroutine *stack)
{
	struct gcr_waiting *kind = &waits->kinds[wait->kind];

	kind->count++;
	kind->told += wait->certainty == GCR_EXACT;
	waits->roles[wait->kind][wait->role]++;
	if (stack->minutes > kind->minutes)
		kind->minutes = stack->minutes;
}

int gcr_waits_add(struct gcr_waits *waits, const struct gcr_group *group,
		  const struct gcr_goroutine *stack, struct gcr_error *err)
{
	struct gcr_wait wait;

	if (stack->kind != GCR_STACK_GOROUTINE)
		return 0;
	if (find_shape(waits, group, stack, err) != 0)
		return -1;
	wait = gcr_wait_like(&waits->shapes[group->index], stack);
	count_kind(waits, &wait, stack);
	if (count_thing(waits, &wait, group, stack, err) != 0)
		return -1;
	find_base(waits, &wait, stack);
	if (wait.kind == GCR_WAIT_NOTHING)
		wait = gcr_wait_wanted(stack);
	return gcr_clues_add(waits->clues, group, stack, &wait, err);
}

bool gcr_waits_full(const struct gcr_waits *waits,
		    const struct gcr_group *group, uint64_t word)
{
	const struct gcr_wait *shape;
	const struct gcr_thing *thing;

	if (group->index >= waits->shape_count ||
	    !gcr_clues_full(waits->clues, group))
		return false;
	shape = &waits->shapes[group->index];
	if (shape->certainty != GCR_EXACT || !gcr_wait_is_lock(shape->kind))
		return true;
	// The struct that a lock lies in is told by the caller's frame.
	thing = gcr_waits_find(waits, shape->kind,
			       gcr_wait_with(shape, word).address);
	return thing != NULL && thing->base != 0;
}

size_t gcr_waits_frame(const struct gcr_waits *waits,
		       const struct gcr_group *group)
{
	const struct gcr_wait *shape = &waits->shapes[group->index];

	return shape->certainty == GCR_EXACT ? shape->frame : SIZE_MAX;
}

int gcr_waits_pass(struct gcr_waits *waits, const struct gcr_group *group,
		   const struct gcr_goroutine *head, uint64_t word,
		   struct gcr_error *err)
{
	struct gcr_wait wait = waits->shapes[group->index];

	if (wait.certainty == GCR_EXACT)
		wait = gcr_wait_with(&wait, word);
	count_kind(waits, &wait, head);
	return count_thing(waits, &wait, group, head, err);
}

/* The end ------------------------------------------------------------------ */

static int compare_things(const void *left, const void *right)
{
	const struct gcr_thing *a = *(struct gcr_thing *const *)left;
	const struct gcr_thing *b = *(struct gcr_thing *const *)right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->address < b->address ? -1 : a->address > b->address;
}

static void settle_thing(struct gcr_thing *thing,
			 const struct gcr_target *target)
{
	struct gcr_wait wait = {
		.kind = thing->kind,
		.certainty = GCR_EXACT,
		.address = thing->address,
		.minus = { thing->minus[0], thing->minus[1] },
		.unsure = thing->unsure,
	};

	wait = gcr_wait_settle(wait, target);
	thing->certainty = wait.certainty;
	thing->address = wait.address;
}

int gcr_waits_settle(struct gcr_waits *waits, const struct gcr_target *target,
		     struct gcr_error *err)
{
	waits->limited = gcr_clues_limited(waits->clues, &waits->searched);
	if (waits->thing_count == 0)
		return 0;
	for (size_t i = 0; i < waits->thing_count; i++)
		settle_thing(waits->things[i], target);
	qsort(waits->things, waits->thing_count, sizeof(struct gcr_thing *),
	      compare_things);
	fill_slots(waits);
	return gcr_holders_find(waits, err);
}
