/*
 * Slots and what was handed on: see witness.h.
 *
 *	frame 0  main.leaf     keeps its second part in a slot of its own
 *	frame 1  main.middle   handed its first part on as that
 *	frame 2  main.main
 */

#include "witness.h"

#include "arena.h"
#include "span.h"

#include <inttypes.h>

enum {
	WORD = 8
};

static uint64_t low_bytes(uint64_t value, unsigned size)
{
	return size < WORD ? value & ((UINT64_C(1) << 8 * size) - 1) : value;
}

static int keep_slot(const struct gcr_callsite_input *input,
		     const struct gcr_frame *frame, const struct gcr_slot *slot,
		     struct gcr_arena *arena, struct gcr_recovery *own,
		     struct gcr_error *err)
{
	unsigned size = own->abi.parts[slot->fact.symbol].size;
	struct gcr_kept *kept = &own->kept[slot->fact.symbol];
	struct gcr_slot_query query = {
		.goroutine = input->goroutine,
		.frame = frame,
		.address = frame->fp - WORD + (uint64_t)slot->offset,
		.size = size,
	};

	if (slot->size < size || slot->fact.bytes < size ||
	    !input->read(input->from, &query))
		return 0;
	query.value = low_bytes(query.value, size);
	if (kept->known) {
		kept->differs |= kept->value != query.value;
		kept->alive |= query.alive;
		return 0;
	}
	kept->known = true;
	kept->alive = query.alive;
	kept->value = query.value;
	return gcr_arena_print(
		arena, &kept->from, err, "kept by %.*s at sp+0x%" PRIx64,
		GCR_PRINT_SPAN(gcr_span_head(frame->function, 200)),
		query.address - frame->sp);
}

// What is said of a frame, where it stands and where that goes: one step.
// NOLINTNEXTLINE(readability-function-size)
int gcr_witness_slots(const struct gcr_callsite_input *input,
		      const struct gcr_frame *frame,
		      const struct gcr_state *at_call, struct gcr_arena *arena,
		      struct gcr_recovery *own, struct gcr_error *err)
{
	if (own->abi.part_count == 0 || !(frame->flags & GCR_FRAME_FP_SP))
		return 0;
	own->kept = gcr_arena_array(arena, own->abi.part_count,
				    sizeof(*own->kept), err);
	if (own->kept == NULL)
		return -1;
	for (size_t i = 0; i < at_call->slot_count; i++) {
		const struct gcr_slot *slot = &at_call->slots[i];

		if (slot->fact.kind != GCR_FACT_ENTRY ||
		    slot->fact.symbol >= own->abi.part_count)
			continue;
		if (keep_slot(input, frame, slot, arena, own, err) != 0)
			return -1;
	}
	return 0;
}

void gcr_witness_handed(struct gcr_recovery *callee, size_t index,
			const struct gcr_recovery *caller,
			const struct gcr_fact *fact)
{
	unsigned size = callee->abi.parts[index].size;

	if (callee->handed != NULL && fact->kind == GCR_FACT_ENTRY &&
	    fact->symbol < caller->abi.part_count && fact->bytes >= size &&
	    caller->abi.parts[fact->symbol].size == size)
		callee->handed[index] = (unsigned)fact->symbol + 1;
}

// One part of what a frame was given, for the frame that handed it on.
static int hand_back(const struct gcr_recovery *callee, size_t index,
		     const struct gcr_frame *frame, struct gcr_arena *arena,
		     struct gcr_recovery *caller, struct gcr_error *err)
{
	const struct gcr_kept *from = &callee->kept[index];
	struct gcr_kept *to = &caller->kept[callee->handed[index] - 1];

	if (!from->known || from->differs)
		return 0;
	if (to->known) {
		to->differs |= to->value != from->value;
		to->alive |= from->alive;
		return 0;
	}
	*to = *from;
	return gcr_arena_print(
		arena, &to->from, err, "handed on to %.*s, %.*s",
		GCR_PRINT_SPAN(gcr_span_head(frame->function, 200)),
		GCR_PRINT_SPAN(gcr_span_head(from->from, 400)));
}

static int need_kept(struct gcr_recovery *recovery, struct gcr_arena *arena,
		     struct gcr_error *err)
{
	if (recovery->kept == NULL)
		recovery->kept =
			gcr_arena_array(arena, recovery->abi.part_count,
					sizeof(*recovery->kept), err);
	return recovery->kept == NULL ? -1 : 0;
}

static int hand_all_back(const struct gcr_callsite_input *input, size_t index,
			 struct gcr_recovery **frames, struct gcr_arena *arena,
			 struct gcr_error *err)
{
	const struct gcr_recovery *callee = frames[index];
	const struct gcr_frame *frame = &input->goroutine->frames[index];
	struct gcr_recovery *caller;

	if (callee->handed == NULL || callee->kept == NULL)
		return 0;
	caller = frames[callee->caller];
	if (caller == NULL || caller->abi.part_count == 0)
		return 0;
	if (need_kept(caller, arena, err) != 0)
		return -1;
	for (size_t i = 0; i < callee->abi.part_count; i++)
		if (callee->handed[i] > 0 &&
		    hand_back(callee, i, frame, arena, caller, err) != 0)
			return -1;
	return 0;
}

// Two witnesses that differ are none.
static bool recover(const struct gcr_kept *kept,
		    struct gcr_recovered_part *part)
{
	if (!kept->known)
		return false;
	if (part->known && !part->in_stack &&
	    (kept->differs || part->value != kept->value)) {
		*part = (struct gcr_recovered_part){ 0 };
		return false;
	}
	if (kept->differs)
		return false;
	part->alive = kept->alive;
	if (part->known || part->in_image || part->in_stack)
		return true;
	part->known = true;
	part->value = kept->value;
	part->from = kept->from;
	return true;
}

static int recover_all(struct gcr_recovery *recovery, struct gcr_arena *arena,
		       struct gcr_error *err)
{
	bool any = false;

	if (recovery->kept == NULL)
		return 0;
	if (recovery->parts == NULL)
		recovery->parts =
			gcr_arena_array(arena, recovery->abi.part_count,
					sizeof(*recovery->parts), err);
	if (recovery->parts == NULL)
		return -1;
	for (size_t i = 0; i < recovery->abi.part_count; i++)
		any |= recover(&recovery->kept[i], &recovery->parts[i]);
	// Then something can be told all the same.
	if (any)
		recovery->reason = (struct gcr_span){ 0 };
	return 0;
}

// What a frame was handed on is what its caller was given.
static int take_over(const struct gcr_recovery *caller,
		     const struct gcr_frame *frame, unsigned from,
		     struct gcr_arena *arena, struct gcr_recovered_part *to,
		     struct gcr_error *err)
{
	const struct gcr_recovered_part *part = &caller->parts[from];

	if (to->known || to->in_image || to->in_stack || !part->known ||
	    part->in_image || part->in_stack || part->from.data == NULL)
		return 0;
	to->known = true;
	to->value = part->value;
	to->alive = part->alive;
	return gcr_arena_print(
		arena, &to->from, err, "handed on by %.*s, %.*s",
		GCR_PRINT_SPAN(gcr_span_head(frame->function, 200)),
		GCR_PRINT_SPAN(gcr_span_head(part->from, 400)));
}

static int take_all_over(const struct gcr_callsite_input *input,
			 struct gcr_recovery *callee,
			 struct gcr_recovery **frames, struct gcr_arena *arena,
			 struct gcr_error *err)
{
	const struct gcr_recovery *caller;

	if (callee == NULL || callee->handed == NULL || callee->parts == NULL)
		return 0;
	caller = frames[callee->caller];
	if (caller == NULL || caller->parts == NULL)
		return 0;
	for (size_t i = 0; i < callee->abi.part_count; i++)
		if (callee->handed[i] > 0 &&
		    (callee->kept == NULL || !callee->kept[i].known) &&
		    take_over(caller, &input->goroutine->frames[callee->caller],
			      callee->handed[i] - 1, arena, &callee->parts[i],
			      err) != 0)
			return -1;
	return 0;
}

int gcr_witness_apply(const struct gcr_callsite_input *input,
		      struct gcr_recovery **frames, struct gcr_arena *arena,
		      struct gcr_error *err)
{
	size_t count = input->goroutine->frame_count;

	for (size_t i = 0; i < count; i++)
		if (frames[i] != NULL &&
		    (hand_all_back(input, i, frames, arena, err) != 0 ||
		     recover_all(frames[i], arena, err) != 0))
			return -1;
	for (size_t i = count; i-- > 0;)
		if (take_all_over(input, frames[i], frames, arena, err) != 0)
			return -1;
	return 0;
}
