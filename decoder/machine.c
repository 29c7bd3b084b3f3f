/*
 * The stack is a list of disjoint slots. What no slot covers is unknown.
 */

#include "machine.h"

#include "arena.h"

#include <string.h>

enum {
	WORD = 8
};

static struct gcr_fact unknown(void)
{
	return (struct gcr_fact){ .kind = GCR_FACT_UNKNOWN };
}

static uint64_t low_mask(unsigned bytes)
{
	return bytes >= WORD ? UINT64_MAX : (UINT64_C(1) << 8 * bytes) - 1;
}

bool gcr_fact_equal(const struct gcr_fact *a, const struct gcr_fact *b)
{
	return a->kind == b->kind && a->bytes == b->bytes &&
	       (a->kind != GCR_FACT_ENTRY || a->symbol == b->symbol) &&
	       a->number == b->number;
}

unsigned short gcr_fact_mixed(const struct gcr_fact *a,
			      const struct gcr_fact *b)
{
	return a->symbol == 0 && b->symbol == 0 ? 0 : GCR_SYMBOL_MIXED;
}

static bool is_given(const struct gcr_fact *fact)
{
	return fact->kind != GCR_FACT_ENTRY && fact->symbol != 0;
}

struct gcr_fact gcr_fact_low(struct gcr_fact fact, unsigned size)
{
	if (fact.kind == GCR_FACT_UNKNOWN || size >= fact.bytes)
		return fact;
	fact.bytes = (unsigned char)size;
	if (fact.kind == GCR_FACT_NUMBER)
		fact.number &= low_mask(size);
	return fact;
}

void gcr_state_init(struct gcr_state *state, struct gcr_arena *arena)
{
	*state = (struct gcr_state){
		.escaped = INT64_MAX,
		.escaped_argument = INT64_MAX,
		.arena = arena,
	};
	state->registers[GCR_R_SP] = (struct gcr_fact){
		.kind = GCR_FACT_STACK,
		.bytes = WORD,
	};
}

static bool reserve(struct gcr_state *state, size_t count)
{
	struct gcr_error error;
	struct gcr_slot *slots;
	size_t capacity = state->slot_capacity ? state->slot_capacity : 16;

	if (count <= state->slot_capacity)
		return true;
	while (capacity < count)
		capacity *= 2;
	slots = gcr_arena_array(state->arena, capacity, sizeof(*slots), &error);
	if (slots == NULL) {
		state->failed = true;
		return false;
	}
	if (state->slot_count > 0)
		memcpy(slots, state->slots, state->slot_count * sizeof(*slots));
	state->slots = slots;
	state->slot_capacity = capacity;
	return true;
}

void gcr_state_copy(struct gcr_state *to, const struct gcr_state *from)
{
	memcpy(to->registers, from->registers, sizeof(to->registers));
	memcpy(to->vectors, from->vectors, sizeof(to->vectors));
	to->escaped = from->escaped;
	to->escaped_argument = from->escaped_argument;
	to->slot_count = 0;
	if (!reserve(to, from->slot_count))
		return;
	if (from->slot_count > 0)
		memcpy(to->slots, from->slots,
		       from->slot_count * sizeof(*to->slots));
	to->slot_count = from->slot_count;
}

void gcr_state_escape(struct gcr_state *state, const struct gcr_fact *fact)
{
	if (fact->kind != GCR_FACT_STACK)
		return;
	state->depends |= fact->symbol != 0;
	int64_t offset = (int64_t)fact->number;
	// One beyond the end of a local is an address of that local.
	if (offset <= WORD && offset - 1 < state->escaped)
		state->escaped = offset < 0 ? offset : -1;
	if (offset >= WORD && offset < state->escaped_argument)
		state->escaped_argument = offset;
}

/*
 * Would other numbers at the entry agree where these do not, or the other way
 * round? Those that are the same part, each with a constant added, do as these.
 */
static bool may_differ(const struct gcr_fact *a, const struct gcr_fact *b)
{
	if (a->kind != b->kind || (!is_given(a) && !is_given(b)))
		return false;
	if (a->kind != GCR_FACT_NUMBER || a->symbol != b->symbol)
		return true;
	return a->symbol == GCR_SYMBOL_MIXED && !gcr_fact_equal(a, b);
}

// Both at once: what differs is lost on both sides.
static bool join_fact(struct gcr_state *state, struct gcr_fact *fact,
		      const struct gcr_fact *other, bool escapes)
{
	unsigned origin = fact->origin;
	unsigned bytes =
		other->bytes < fact->bytes ? other->bytes : fact->bytes;
	struct gcr_fact both = gcr_fact_low(*fact, bytes);
	struct gcr_fact theirs = gcr_fact_low(*other, bytes);

	if (fact->kind == GCR_FACT_UNKNOWN) {
		if (escapes)
			gcr_state_escape(state, other);
		return false;
	}
	state->depends |= may_differ(fact, other);
	if (bytes > 0 && gcr_fact_equal(&both, &theirs)) {
		if (both.origin != other->origin)
			both.origin = GCR_ORIGIN_SEVERAL;
		bool lost = both.bytes != fact->bytes || both.origin != origin;
		*fact = both;
		return lost;
	}
	if (escapes) {
		gcr_state_escape(state, fact);
		gcr_state_escape(state, other);
	}
	*fact = unknown();
	return true;
}

static bool join_slots(struct gcr_state *state, const struct gcr_state *other)
{
	size_t kept = 0;
	bool lost = false;

	for (size_t i = 0; i < state->slot_count; i++) {
		struct gcr_slot slot = state->slots[i];
		bool same = true;
		if (slot.size <= WORD) {
			struct gcr_fact theirs = gcr_state_load(
				other, slot.offset, (unsigned)slot.size);
			lost |= join_fact(state, &slot.fact, &theirs, true);
			same = slot.fact.kind != GCR_FACT_UNKNOWN;
		}
		// A run of zeros has to be one there, too.
		for (uint64_t at = 0;
		     slot.size > WORD && same && at < slot.size; at++) {
			struct gcr_fact byte = gcr_state_load(
				other, slot.offset + (int64_t)at, 1);
			same = byte.kind == GCR_FACT_NUMBER && byte.number == 0;
			state->depends |= is_given(&byte);
		}
		lost |= !same;
		if (same)
			state->slots[kept++] = slot;
	}
	state->slot_count = kept;
	return lost;
}

bool gcr_state_join(struct gcr_state *state, const struct gcr_state *other)
{
	bool lost = false;
	int64_t escaped = state->escaped;
	int64_t escaped_argument = state->escaped_argument;

	for (unsigned i = 0; i < 16; i++) {
		bool frame = i == GCR_R_BP || i == GCR_R_SP;
		lost |= join_fact(state, &state->registers[i],
				  &other->registers[i], !frame);
		for (unsigned j = 0; j < 2; j++)
			lost |= join_fact(state, &state->vectors[i][j],
					  &other->vectors[i][j], true);
	}
	lost |= join_slots(state, other);
	if (other->escaped < state->escaped)
		state->escaped = other->escaped;
	if (other->escaped_argument < state->escaped_argument)
		state->escaped_argument = other->escaped_argument;
	return lost || state->escaped != escaped ||
	       state->escaped_argument != escaped_argument;
}

static bool covers(const struct gcr_slot *slot, int64_t offset, uint64_t size)
{
	return slot->offset <= offset && offset - slot->offset >= 0 &&
	       (uint64_t)(offset - slot->offset) < slot->size &&
	       size <= slot->size - (uint64_t)(offset - slot->offset);
}

// `size` bytes of a slot, from `skip` on.
static struct gcr_fact slot_part(const struct gcr_slot *slot, uint64_t skip,
				 unsigned size)
{
	struct gcr_fact fact = slot->fact;

	if (slot->size > WORD) {
		fact.bytes = (unsigned char)size;
		return fact;
	}
	if (skip == 0)
		return gcr_fact_low(fact, size);
	if (fact.kind != GCR_FACT_NUMBER || skip >= fact.bytes)
		return unknown();
	fact.number >>= 8 * skip;
	fact.symbol = gcr_fact_mixed(&fact, &fact);
	fact.bytes = (unsigned char)(fact.bytes - skip);
	return gcr_fact_low(fact, size);
}

static const struct gcr_slot *slot_at(const struct gcr_state *state,
				      int64_t offset, uint64_t size)
{
	for (size_t i = 0; i < state->slot_count; i++)
		if (covers(&state->slots[i], offset, size))
			return &state->slots[i];
	return NULL;
}

// Put together from several stores of numbers, byte by byte.
static struct gcr_fact load_pieces(const struct gcr_state *state,
				   int64_t offset, unsigned size)
{
	struct gcr_fact fact = { .kind = GCR_FACT_NUMBER };

	for (unsigned i = 0; i < size; i++) {
		const struct gcr_slot *slot =
			slot_at(state, offset + (int64_t)i, 1);
		if (slot == NULL)
			break;
		struct gcr_fact byte = slot_part(
			slot, (uint64_t)(offset + (int64_t)i - slot->offset),
			1);
		if (byte.kind != GCR_FACT_NUMBER || byte.bytes == 0)
			break;
		fact.number |= (byte.number & 0xff) << 8 * i;
		fact.bytes++;
		fact.symbol = gcr_fact_mixed(&fact, &byte);
		fact.origin = i == 0 || fact.origin == byte.origin
				      ? byte.origin
				      : GCR_ORIGIN_SEVERAL;
	}
	return fact.bytes == 0 ? unknown() : fact;
}

struct gcr_fact gcr_state_load(const struct gcr_state *state, int64_t offset,
			       unsigned size)
{
	const struct gcr_slot *slot = slot_at(state, offset, size);

	if (size == 0 || size > WORD)
		return unknown();
	if (slot == NULL)
		return load_pieces(state, offset, size);
	return slot_part(slot, (uint64_t)(offset - slot->offset), size);
}

static void add_slot(struct gcr_state *state, struct gcr_slot slot)
{
	if (slot.size == 0 || slot.fact.kind == GCR_FACT_UNKNOWN ||
	    state->slot_count >= GCR_STATE_SLOTS ||
	    !reserve(state, state->slot_count + 1))
		return;
	state->slots[state->slot_count++] = slot;
}

// What of a slot lies before `to`.
static struct gcr_slot slot_head(struct gcr_slot slot, int64_t to)
{
	uint64_t size = (uint64_t)(to - slot.offset);

	if (slot.size <= WORD)
		slot.fact = gcr_fact_low(slot.fact, (unsigned)size);
	slot.size = size;
	if (size <= WORD && slot.fact.bytes > size)
		slot.fact.bytes = (unsigned char)size;
	return slot;
}

// What of a slot lies at `from` and behind it.
static struct gcr_slot slot_rest(struct gcr_slot slot, int64_t from)
{
	uint64_t skip = (uint64_t)(from - slot.offset);
	uint64_t size = slot.size - skip;

	if (slot.size <= WORD)
		slot.fact = slot_part(&slot, skip, (unsigned)size);
	else if (size <= WORD)
		slot.fact.bytes = (unsigned char)size;
	slot.offset = from;
	slot.size = size;
	return slot;
}

void gcr_state_forget(struct gcr_state *state, int64_t from, int64_t to)
{
	size_t count = state->slot_count, kept = 0;
	struct gcr_slot rest[2];
	size_t rest_count = 0;

	for (size_t i = 0; i < count; i++) {
		struct gcr_slot slot = state->slots[i];
		int64_t end = slot.offset + (int64_t)slot.size;
		if (slot.offset >= to || end <= from) {
			state->slots[kept++] = slot;
			continue;
		}
		// Slots are disjoint: at most one sticks out on each side.
		if (slot.offset < from)
			rest[rest_count++] = slot_head(slot, from);
		if (end > to)
			rest[rest_count++] = slot_rest(slot, to);
	}
	state->slot_count = kept;
	for (size_t i = 0; i < rest_count; i++)
		add_slot(state, rest[i]);
}

void gcr_state_store(struct gcr_state *state, int64_t offset, uint64_t size,
		     struct gcr_fact fact)
{
	gcr_state_escape(state, &fact);
	if (size == 0 || size > INT32_MAX || offset > INT32_MAX ||
	    offset < INT32_MIN) {
		gcr_state_forget_all(state);
		return;
	}
	gcr_state_forget(state, offset, offset + (int64_t)size);
	state->depends |= size > WORD && is_given(&fact);
	if (size <= WORD)
		fact = gcr_fact_low(fact, (unsigned)size);
	else if (fact.kind != GCR_FACT_NUMBER || fact.number != 0 ||
		 fact.bytes != WORD)
		return;
	add_slot(state, (struct gcr_slot){ offset, size, fact });
}

void gcr_state_forget_escaped(struct gcr_state *state)
{
	if (state->escaped < 0)
		gcr_state_forget(state, state->escaped, 0);
	if (state->escaped_argument < INT64_MAX)
		gcr_state_forget(state, state->escaped_argument, INT64_MAX);
}

void gcr_state_forget_all(struct gcr_state *state)
{
	memset(state->registers, 0, sizeof(state->registers));
	memset(state->vectors, 0, sizeof(state->vectors));
	state->slot_count = 0;
	state->escaped = INT64_MIN;
	state->escaped_argument = WORD;
}
