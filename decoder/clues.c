/*
 * An array of clues, and a hash table over it by word, group and the thing that
 * is waited for. A list of arguments is not parsed, its words are picked out:
 *
 *	{0x530f11, 0x1}, 0xc000012000, 0x7?, ...
 */

#include "clues.h"

#include "arena.h"
#include "span.h"

enum {
	FIRST_SLOTS = 256,
	MOST_FRAMES = 128,  /* of a stack */
	FIRST_LIMIT = 4096, /* goroutines of a group, while there are few */
	LAST_LIMIT = 256,   /* and when there are many */
	WORDS_BETWEEN = 1 << 17,
	LEAST_ADDRESS = 1 << 20 /* below it nothing is mapped, but sizes are */
};

struct gcr_clues {
	struct gcr_arena *arena;
	struct gcr_clue *items;
	size_t count, capacity;
	uint32_t *slots; /* index of a clue plus one; 0: free */
	size_t slot_count;
	uint64_t limit; /* goroutines of a group */
	uint64_t words; /* looked at since it was lowered */
	bool limited;
	/* How many of each group were looked at. */
	uint64_t *looked;
	size_t looked_capacity;
};

bool gcr_plain_words_next(struct gcr_plain_words *words)
{
	for (;;) {
		ptrdiff_t at = gcr_span_find(words->rest, '0');

		if (at == GCR_NOWHERE)
			return false;
		words->rest = gcr_span_tail(words->rest, (size_t)at);
		if (gcr_span_hex(&words->rest, &words->value) == GCR_NUMBER_OK)
			break;
		words->rest = gcr_span_tail(words->rest, 1);
	}
	words->element = words->next++;
	words->stale = gcr_span_skip_char(&words->rest, '?');
	return true;
}

int gcr_clues_new(struct gcr_arena *arena, struct gcr_clues **ret,
		  struct gcr_error *err)
{
	struct gcr_clues *clues = gcr_arena_alloc(arena, sizeof(*clues), err);

	if (clues == NULL)
		return -1;
	clues->arena = arena;
	clues->limit = FIRST_LIMIT;
	clues->slot_count = FIRST_SLOTS;
	clues->slots =
		gcr_arena_array(arena, FIRST_SLOTS, sizeof(*clues->slots), err);
	if (clues->slots == NULL)
		return -1;
	*ret = clues;
	return 0;
}

const struct gcr_clue *gcr_clues_all(const struct gcr_clues *clues,
				     size_t *ret_count)
{
	*ret_count = clues->count;
	return clues->items;
}

bool gcr_clues_limited(const struct gcr_clues *clues, uint64_t *ret)
{
	*ret = clues->limit;
	return clues->limited;
}

static size_t hash_clue(const struct gcr_clue *clue)
{
	uint64_t hash = clue->word * UINT64_C(0x9e3779b97f4a7c15);

	hash = (hash ^ clue->wants) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ clue->group->index) * UINT64_C(0xc4ceb9fe1a85ec53);
	return (size_t)(hash ^ hash >> 32);
}

static uint32_t *find_slot(const struct gcr_clues *clues,
			   const struct gcr_clue *clue)
{
	size_t mask = clues->slot_count - 1;
	size_t at = hash_clue(clue) & mask;

	for (; clues->slots[at] != 0; at = (at + 1) & mask) {
		const struct gcr_clue *other =
			&clues->items[clues->slots[at] - 1];

		if (other->word == clue->word && other->wants == clue->wants &&
		    other->group == clue->group && other->outer == clue->outer)
			break;
	}
	return &clues->slots[at];
}

static void fill_slots(struct gcr_clues *clues)
{
	memset(clues->slots, 0, clues->slot_count * sizeof(*clues->slots));
	for (size_t i = 0; i < clues->count; i++)
		*find_slot(clues, &clues->items[i]) = (uint32_t)(i + 1);
}

static int grow_slots(struct gcr_clues *clues, struct gcr_error *err)
{
	size_t count = clues->slot_count * 2;
	uint32_t *slots =
		gcr_arena_array(clues->arena, count, sizeof(*slots), err);

	if (slots == NULL)
		return -1;
	clues->slots = slots;
	clues->slot_count = count;
	fill_slots(clues);
	return 0;
}

// Full: what the later half of each group said is forgotten. When only one of
// each is left, no other is taken in.
static void halve(struct gcr_clues *clues)
{
	clues->limited = true;
	while (clues->count >= GCR_MOST_CLUES && clues->limit > 0) {
		size_t kept = 0;

		clues->limit /= 2;
		if (clues->limit == 0)
			return;
		for (size_t i = 0; i < clues->count; i++)
			if (clues->items[i].ordinal < clues->limit)
				clues->items[kept++] = clues->items[i];
		clues->count = kept;
	}
	fill_slots(clues);
}

static int put(struct gcr_clues *clues, const struct gcr_clue *clue,
	       struct gcr_error *err)
{
	uint32_t *slot = find_slot(clues, clue);

	if (*slot != 0) {
		struct gcr_clue *known = &clues->items[*slot - 1];

		known->count += known->latest != clue->goroutine;
		known->latest = clue->goroutine;
		return 0;
	}
	if (gcr_arena_grow(clues->arena, &clues->items, clues->count,
			   &clues->capacity, sizeof(*clues->items), err) != 0)
		return -1;
	clues->items[clues->count++] = *clue;
	*slot = (uint32_t)clues->count;
	if (clues->count >= GCR_MOST_CLUES)
		halve(clues);
	return clues->count * 2 > clues->slot_count ? grow_slots(clues, err)
						    : 0;
}

static int add_frame(struct gcr_clues *clues, struct gcr_clue clue,
		     struct gcr_span arguments, struct gcr_error *err)
{
	struct gcr_plain_words words = { .rest = arguments };

	while (gcr_plain_words_next(&words)) {
		clues->words++;
		if (words.stale || words.value < LEAST_ADDRESS ||
		    words.element > UINT16_MAX || clue.ordinal >= clues->limit)
			continue;
		clue.word = words.value;
		clue.element = (uint16_t)words.element;
		if (put(clues, &clue, err) != 0)
			return -1;
	}
	return 0;
}

bool gcr_clues_full(const struct gcr_clues *clues,
		    const struct gcr_group *group)
{
	return group->index < clues->looked_capacity &&
	       clues->looked[group->index] >= clues->limit;
}

// How many goroutines of the group came before.
static int next_ordinal(struct gcr_clues *clues, const struct gcr_group *group,
			uint64_t *ret, struct gcr_error *err)
{
	while (group->index >= clues->looked_capacity) {
		size_t before = clues->looked_capacity;

		if (gcr_arena_grow(clues->arena, &clues->looked, before,
				   &clues->looked_capacity,
				   sizeof(*clues->looked), err) != 0)
			return -1;
		for (size_t i = before; i < clues->looked_capacity; i++)
			clues->looked[i] = 0;
	}
	*ret = clues->looked[group->index];
	if (*ret < clues->limit)
		clues->looked[group->index]++;
	return 0;
}

// The frame that called Lock may be inlined into the one that has the words.
static size_t waiting_frame(const struct gcr_goroutine *stack,
			    const struct gcr_wait *wait)
{
	size_t i = wait->caller;

	while (i < stack->frame_count &&
	       (stack->frames[i].flags & GCR_FRAME_INLINED) != 0)
		i++;
	return i;
}

// What these have is what is waited for, and nothing that lies around it.
static bool is_machinery(struct gcr_span function)
{
	return gcr_span_starts(function, "runtime.") ||
	       gcr_span_starts(function, "sync.") ||
	       gcr_span_starts(function, "internal/sync.");
}

int gcr_clues_add(struct gcr_clues *clues, const struct gcr_group *group,
		  const struct gcr_goroutine *stack,
		  const struct gcr_wait *wait, struct gcr_error *err)
{
	size_t waiting = waiting_frame(stack, wait), count = stack->frame_count;
	uint64_t ordinal;

	if (clues->words > WORDS_BETWEEN && clues->limit > LAST_LIMIT) {
		clues->limit /= 2;
		clues->words = 0;
	}
	if (next_ordinal(clues, group, &ordinal, err) != 0)
		return -1;
	if (ordinal >= clues->limit) {
		clues->limited = true;
		return 0;
	}
	if (count > MOST_FRAMES)
		count = MOST_FRAMES;
	for (size_t i = 0; i < count; i++) {
		const struct gcr_clue clue = {
			.goroutine = stack->id,
			.latest = stack->id,
			.wants = wait->address,
			.wants_kind = wait->kind,
			.group = group,
			.count = 1,
			.ordinal = (uint16_t)ordinal,
			.frame = (uint16_t)i,
			.outer = i > waiting,
		};
		if (is_machinery(stack->frames[i].function))
			continue;
		if (add_frame(clues, clue, stack->frames[i].arguments, err) !=
		    0)
			return -1;
	}
	return 0;
}
