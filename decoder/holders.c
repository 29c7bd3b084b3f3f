/*
 * A lock in a struct, and the frames of two goroutines that use it:
 *
 *	waits   internal/sync.(*Mutex).lockSlow(0x393bb771afd8)    the lock
 *	        main.(*cache).get(0x393bb771afc0, …)               its struct
 *	holds   main.(*cache).refresh(0x393bb771afc0, …)
 *
 * Where the word of `get` is marked, as it is when the lock is given back by a
 * defer, the nearest receiver of the same type below the lock is taken for the
 * struct. Each clue is looked up among the locks, which are sorted by address.
 */

#include "holders.h"

#include "arena.h"
#include "clues.h"
#include "lockorder.h"
#include "span.h"

#include <stdlib.h>

enum {
	LARGEST_STRUCT = 1 << 16, /* that a lock is looked for in */
	NEAR = 1 << 10,		  /* where no waiter shows the struct */
	FRAMES_WITH_WORDS = 4,	  /* inlined ones have none */
	MOST_BESIDE = 16,	  /* locks that one word may lead to */
	MOST_LOOKS = 20000	  /* at the code of a frame, for one lock */
};

uint64_t gcr_lock_base(const struct gcr_wait *wait,
		       const struct gcr_goroutine *stack)
{
	uint64_t base = 0;

	if (wait->kind == GCR_WAIT_DESCRIPTOR_LOCK)
		return wait->address;
	for (size_t i = 0; i < FRAMES_WITH_WORDS && base == 0; i++) {
		if (wait->caller >= stack->frame_count ||
		    i >= stack->frame_count - wait->caller)
			break;
		const struct gcr_frame *frame =
			&stack->frames[wait->caller + i];
		struct gcr_plain_words words = { .rest = frame->arguments };

		while (gcr_plain_words_next(&words))
			if (!words.stale && words.value <= wait->address &&
			    wait->address - words.value < LARGEST_STRUCT &&
			    words.value > base)
				base = words.value;
		if ((frame->flags & GCR_FRAME_INLINED) == 0)
			break;
	}
	return base;
}

/* A lock, and what is known of it while the clues are gone through. */
struct wanted {
	struct gcr_thing *lock;
	struct gcr_function_parts type; /* whose methods wait for it */
	uint64_t nearest; /* word below it, where its struct is not known */
	/* Who waits for it and has its struct further down, too. */
	const struct gcr_clue *self;
	uint64_t selves;
};

static bool is_of_type(const struct gcr_clue *clue,
		       const struct gcr_function_parts *type)
{
	const struct gcr_frame *frame =
		&clue->group->example.frames[clue->frame];
	struct gcr_function_parts parts = gcr_function_split(frame->function);

	return clue->element == 0 && type->receiver.data != NULL &&
	       gcr_span_equal(parts.receiver, type->receiver) &&
	       gcr_span_equal(parts.package, type->package);
}

// Whether the word leads to the lock.
static bool leads_to(const struct gcr_clue *clue, struct wanted *wanted)
{
	const struct gcr_thing *lock = wanted->lock;

	if (lock->base != 0)
		return clue->word >= lock->base;
	if (clue->word < wanted->nearest)
		return false;
	return clue->word == lock->address ||
	       (lock->address - clue->word < NEAR &&
		is_of_type(clue, &wanted->type));
}

static struct gcr_holder holder_of(const struct gcr_clue *clue,
				   const struct gcr_thing *lock)
{
	return (struct gcr_holder){
		.group = clue->group,
		.goroutine = clue->goroutine,
		.word = clue->word,
		.frame = clue->frame,
		.element = clue->element,
		.waits_for = clue->wants,
		.waits_kind = clue->wants_kind,
		.by_code = clue->by_code,
		.same_struct = lock->base == 0 || clue->word == lock->base ||
			       clue->word == lock->address,
	};
}

// Those with the very struct come first, else the order is that of the text.
static void add_holder(struct gcr_thing *lock, struct gcr_holder holder)
{
	size_t at = lock->holder_count;

	while (at > 0 && holder.same_struct &&
	       !lock->holders[at - 1].same_struct)
		at--;
	if (at == GCR_THING_HOLDERS)
		return;
	if (lock->holder_count < GCR_THING_HOLDERS)
		lock->holder_count++;
	for (size_t i = lock->holder_count - 1; i > at; i--)
		lock->holders[i] = lock->holders[i - 1];
	lock->holders[at] = holder;
}

static struct gcr_holder *find_holder(struct gcr_thing *lock,
				      uint64_t goroutine)
{
	for (size_t i = 0; i < lock->holder_count; i++)
		if (lock->holders[i].goroutine == goroutine)
			return &lock->holders[i];
	return NULL;
}

// Nearer to the lock than what was found before: that was another of its type.
static void come_nearer(struct wanted *wanted, uint64_t word)
{
	if (wanted->lock->base != 0 || word <= wanted->nearest)
		return;
	wanted->nearest = word;
	wanted->lock->holder_count = 0;
	wanted->lock->candidates = 0;
	wanted->selves = 0;
}

/*
 * Two locks in one struct: who waits for one of them has the struct's address for
 * that, whether it holds the other or not.
 */
static bool is_for_own_wait(const struct gcr_waits *waits,
			    const struct gcr_clue *clue)
{
	const struct gcr_thing *own;

	if (!gcr_wait_is_lock(clue->wants_kind))
		return false;
	own = gcr_waits_find(waits, clue->wants_kind, clue->wants);
	return own != NULL &&
	       (clue->word == own->base || clue->word == own->address);
}

// A word that tells more of the same goroutine takes the place of the first.
static bool is_better(const struct gcr_holder *holder,
		      const struct gcr_holder *known)
{
	if (holder->own_wait != known->own_wait)
		return known->own_wait;
	return holder->same_struct && !known->same_struct;
}

static void add_candidate(const struct gcr_waits *waits, struct gcr_thing *lock,
			  const struct gcr_clue *clue)
{
	struct gcr_holder holder = holder_of(clue, lock);
	struct gcr_holder *known = find_holder(lock, clue->goroutine);

	holder.own_wait = is_for_own_wait(waits, clue);

	if (known == NULL) {
		lock->candidates += clue->count;
		add_holder(lock, holder);
	} else if (is_better(&holder, known)) {
		*known = holder;
	}
}

/* The locks, by address. */
struct search {
	const struct gcr_waits *waits;
	struct wanted *items;
	size_t count;
	unsigned looks; /* at code */
};

static size_t first_at_or_above(const struct search *search, uint64_t address)
{
	size_t low = 0, high = search->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (search->items[middle].lock->address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void look_up(const struct search *search, const struct gcr_clue *clue)
{
	size_t first = first_at_or_above(search, clue->word);

	for (size_t i = first; i < search->count && i - first < MOST_BESIDE;
	     i++) {
		struct wanted *wanted = &search->items[i];

		if (wanted->lock->address - clue->word >= LARGEST_STRUCT)
			break;
		if (!leads_to(clue, wanted))
			continue;
		come_nearer(wanted, clue->word);
		if (clue->wants != wanted->lock->address) {
			add_candidate(search->waits, wanted->lock, clue);
		} else if (clue->outer) {
			wanted->self = clue;
			wanted->selves += clue->count;
		}
	}
}

// A method that was called by another of the same struct is no sign by itself:
// only where nobody else can be it, and just one goroutine looks like that.
static void add_selves(const struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		const struct wanted *wanted = &search->items[i];

		if (wanted->lock->candidates > 0 || wanted->selves != 1)
			continue;
		struct gcr_holder holder =
			holder_of(wanted->self, wanted->lock);
		holder.itself = true;
		add_holder(wanted->lock, holder);
		wanted->lock->candidates = 1;
	}
}

static void count_mention(const struct gcr_waits *waits,
			  const struct gcr_clue *clue)
{
	static const enum gcr_wait_kind kinds[] = { GCR_WAIT_CHANNEL,
						    GCR_WAIT_COND,
						    GCR_WAIT_WAITGROUP };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct gcr_thing *thing =
			gcr_waits_find(waits, kinds[i], clue->word);

		if (thing != NULL && clue->wants != thing->address)
			thing->mentions += clue->count;
	}
}

static int compare_addresses(const void *left, const void *right)
{
	const struct wanted *a = left, *b = right;

	return a->lock->address < b->lock->address
		       ? -1
		       : a->lock->address > b->lock->address;
}

// Of the function that called Lock, by a goroutine that waits.
static struct gcr_function_parts type_of(const struct gcr_waits *waits,
					 const struct gcr_thing *lock)
{
	const struct gcr_group *group = lock->groups[0];
	size_t caller = waits->shapes[group->index].caller;

	if (caller >= group->example.frame_count)
		return (struct gcr_function_parts){ 0 };
	return gcr_function_split(group->example.frames[caller].function);
}

static int make_search(struct gcr_waits *waits, struct search *ret,
		       struct gcr_error *err)
{
	struct gcr_holder *holders;
	size_t count = 0;

	for (size_t i = 0; i < waits->thing_count; i++)
		count += gcr_wait_is_lock(waits->things[i]->kind);
	ret->items =
		gcr_arena_array(waits->arena, count, sizeof(*ret->items), err);
	holders = gcr_arena_array(waits->arena, count,
				  GCR_THING_HOLDERS * sizeof(*holders), err);
	if (ret->items == NULL || holders == NULL)
		return -1;
	for (size_t i = 0; i < waits->thing_count; i++) {
		struct gcr_thing *thing = waits->things[i];
		struct wanted *wanted = &ret->items[ret->count];

		if (!gcr_wait_is_lock(thing->kind))
			continue;
		thing->holders = holders + ret->count++ * GCR_THING_HOLDERS;
		wanted->lock = thing;
		wanted->type = type_of(waits, thing);
	}
	if (count > 0)
		qsort(ret->items, count, sizeof(*ret->items),
		      compare_addresses);
	return 0;
}

static int find_cycles(struct gcr_waits *waits, const struct search *search,
		       struct gcr_error *err)
{
	struct gcr_thing **locks = gcr_arena_array(
		waits->arena, search->count, sizeof(struct gcr_thing *), err);

	if (locks == NULL)
		return -1;
	for (size_t i = 0; i < search->count; i++)
		locks[i] = search->items[i].lock;
	return gcr_lock_cycles_find(waits, locks, search->count, err);
}

// The locks that the code of its frames has taken. Nothing but the lock's own
// address, and not what it waits for.
static void look_at_code(struct search *search, const struct gcr_group *group)
{
	const struct gcr_stack_source *source = search->waits->source;
	const struct gcr_goroutine *stack = &group->example;
	struct gcr_wait wait =
		gcr_wait_like(&search->waits->shapes[group->index], stack);

	if (wait.kind == GCR_WAIT_NOTHING)
		wait = gcr_wait_wanted(stack);
	for (size_t i = 0; i < stack->frame_count; i++)
		for (size_t j = 0; j < search->count; j++) {
			uint64_t lock = search->items[j].lock->address;
			struct gcr_clue clue = {
				.word = lock,
				.goroutine = stack->id,
				.wants = wait.address,
				.wants_kind = wait.kind,
				.group = group,
				.count = (uint32_t)group->count,
				.frame = (uint16_t)i,
				.by_code = true,
			};

			if (search->looks == MOST_LOOKS || i > UINT16_MAX)
				return;
			search->looks++;
			if (wait.address != lock &&
			    source->holds(source->from, &stack->frames[i],
					  lock))
				add_candidate(search->waits,
					      search->items[j].lock, &clue);
		}
}

// Groups, by their first goroutine.
static void look_at_all_code(struct search *search)
{
	const struct gcr_waits *waits = search->waits;

	if (waits->source == NULL || waits->source->holds == NULL)
		return;
	for (size_t i = 0; i < waits->group_count; i++)
		if (waits->groups[i]->index < waits->shape_count)
			look_at_code(search, waits->groups[i]);
}

int gcr_holders_find(struct gcr_waits *waits, struct gcr_error *err)
{
	struct search search = { .waits = waits };
	size_t count;
	const struct gcr_clue *clues = gcr_clues_all(waits->clues, &count);

	if (make_search(waits, &search, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		look_up(&search, &clues[i]);
		count_mention(waits, &clues[i]);
	}
	look_at_all_code(&search);
	add_selves(&search);
	return find_cycles(waits, &search, err);
}
