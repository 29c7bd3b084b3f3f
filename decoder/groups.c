/*
 * A hash table of groups. The hash of a stack is its fingerprint: each text is
 * taken in pieces of eight bytes, little-endian, the last one filled up with
 * zeros, and its length after it:
 *
 *	hash = mix(hash ^ piece),  mix(x) = (x * K) ^ ((x * K) >> 32)
 *
 * This is part of the format: changing it changes every fingerprint.
 */

#include "groups.h"

#include "arena.h"
#include "span.h"

enum {
	FIRST_SLOTS = 16,
	MOST_ALIKE = 8 /* of one fingerprint: by accident there are not two */
};

struct gcr_groups {
	struct gcr_arena *arena;
	struct gcr_group **items;
	size_t count, capacity;
	struct gcr_group **slots;
	size_t slot_count; /* a power of two, at most half full */
	uint64_t salt;	   /* 0: a group's slot is that of its fingerprint */
	bool copy_texts;
};

static uint64_t mix(uint64_t hash, uint64_t piece)
{
	hash = (hash ^ piece) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static uint64_t piece_at(const char *data, size_t size)
{
	uint64_t piece = 0;

	for (size_t i = 0; i < size; i++)
		piece |= (uint64_t)(unsigned char)data[i] << 8 * i;
	return piece;
}

static uint64_t hash_text(uint64_t hash, struct gcr_span text)
{
	size_t at = 0;

	for (; text.size - at >= 8; at += 8)
		hash = mix(hash, piece_at(text.data + at, 8));
	if (at < text.size)
		hash = mix(hash, piece_at(text.data + at, text.size - at));
	return mix(hash, text.size);
}

// The folders of a build machine say nothing about the program.
static struct gcr_span base_name(struct gcr_span file)
{
	ptrdiff_t slash = gcr_span_find_last(file, '/');

	return gcr_span_tail(file, (size_t)(slash + 1));
}

static uint64_t hash_frame(uint64_t hash, const struct gcr_frame *frame)
{
	hash = hash_text(hash, frame->function);
	hash = hash_text(hash, base_name(frame->file));
	return mix(hash, frame->line);
}

// How a stack's left-out frames differ: in number, not whether it was said.
static uint64_t hash_stack(uint64_t start, const struct gcr_goroutine *stack)
{
	uint64_t hash = hash_text(mix(start, stack->kind), stack->state);

	hash = mix(hash, stack->frame_count);
	for (size_t i = 0; i < stack->frame_count; i++)
		hash = hash_frame(hash, &stack->frames[i]);
	hash = mix(hash, (stack->flags & GCR_G_ELIDED) != 0);
	if (stack->created_by != NULL)
		hash = hash_frame(mix(hash, 1), stack->created_by);
	return hash;
}

uint64_t gcr_fingerprint(const struct gcr_goroutine *stack)
{
	return hash_stack(0, stack);
}

static bool same_frame(const struct gcr_frame *a, const struct gcr_frame *b)
{
	return a->line == b->line && gcr_span_equal(a->function, b->function) &&
	       gcr_span_equal(base_name(a->file), base_name(b->file));
}

static bool same_stack(const struct gcr_goroutine *a,
		       const struct gcr_goroutine *b)
{
	if (a->kind != b->kind || a->frame_count != b->frame_count ||
	    ((a->flags ^ b->flags) & GCR_G_ELIDED) != 0 ||
	    (a->created_by == NULL) != (b->created_by == NULL) ||
	    !gcr_span_equal(a->state, b->state))
		return false;
	for (size_t i = 0; i < a->frame_count; i++)
		if (!same_frame(&a->frames[i], &b->frames[i]))
			return false;
	return a->created_by == NULL ||
	       same_frame(a->created_by, b->created_by);
}

/*
 * Texts can be made to share a fingerprint, any number of them. Where that
 * happens, slots are those of a hash that nobody outside can know the start of.
 */
static uint64_t slot_hash(const struct gcr_groups *groups, uint64_t fingerprint,
			  const struct gcr_goroutine *stack)
{
	return groups->salt == 0 ? fingerprint
				 : hash_stack(groups->salt, stack);
}

static int make_slots(struct gcr_groups *groups, size_t slot_count,
		      struct gcr_error *err)
{
	struct gcr_group **slots = gcr_arena_array(
		groups->arena, slot_count, sizeof(struct gcr_group *), err);

	if (slots == NULL)
		return -1;
	groups->slots = slots;
	groups->slot_count = slot_count;
	for (size_t i = 0; i < groups->count; i++) {
		struct gcr_group *group = groups->items[i];
		size_t at = (size_t)slot_hash(groups, group->fingerprint,
					      &group->example) &
			    (slot_count - 1);
		while (slots[at] != NULL)
			at = (at + 1) & (slot_count - 1);
		slots[at] = group;
	}
	return 0;
}

// The slot of the group, or a free one; how many of its fingerprint were passed.
static struct gcr_group **look_for_slot(const struct gcr_groups *groups,
					uint64_t fingerprint,
					const struct gcr_goroutine *stack,
					size_t *ret_alike)
{
	size_t mask = groups->slot_count - 1;
	size_t at = (size_t)slot_hash(groups, fingerprint, stack) & mask;

	for (*ret_alike = 0; groups->slots[at] != NULL; at = (at + 1) & mask) {
		if (groups->slots[at]->fingerprint != fingerprint)
			continue;
		if (same_stack(&groups->slots[at]->example, stack))
			break;
		(*ret_alike)++;
	}
	return &groups->slots[at];
}

static struct gcr_group **find_slot(struct gcr_groups *groups,
				    uint64_t fingerprint,
				    const struct gcr_goroutine *stack,
				    struct gcr_error *err)
{
	size_t alike;
	struct gcr_group **slot =
		look_for_slot(groups, fingerprint, stack, &alike);

	if (alike < MOST_ALIKE || groups->salt != 0)
		return slot;
	groups->salt = mix(1, (uint64_t)(uintptr_t)groups) | 1;
	if (make_slots(groups, groups->slot_count, err) != 0)
		return NULL;
	return look_for_slot(groups, fingerprint, stack, &alike);
}

int gcr_groups_new(struct gcr_arena *arena, struct gcr_groups **ret,
		   struct gcr_error *err)
{
	struct gcr_groups *groups =
		gcr_arena_alloc(arena, sizeof(*groups), err);

	if (groups == NULL)
		return -1;
	groups->arena = arena;
	if (make_slots(groups, FIRST_SLOTS, err) != 0)
		return -1;
	*ret = groups;
	return 0;
}

void gcr_groups_copy_texts(struct gcr_groups *groups)
{
	groups->copy_texts = true;
}

static int copy_text(struct gcr_groups *groups, struct gcr_span *text,
		     struct gcr_error *err)
{
	if (text->data == NULL)
		return 0;
	return gcr_arena_copy(groups->arena, *text, text, err);
}

static int copy_frame_texts(struct gcr_groups *groups, struct gcr_frame *frame,
			    struct gcr_error *err)
{
	return copy_text(groups, &frame->function, err) != 0 ||
			       copy_text(groups, &frame->arguments, err) != 0 ||
			       copy_text(groups, &frame->file, err) != 0
		       ? -1
		       : 0;
}

static int copy_texts(struct gcr_groups *groups, struct gcr_goroutine *stack,
		      struct gcr_error *err)
{
	if (copy_text(groups, &stack->state, err) != 0 ||
	    copy_text(groups, &stack->labels, err) != 0)
		return -1;
	for (size_t i = 0; i < stack->frame_count; i++)
		if (copy_frame_texts(groups, &stack->frames[i], err) != 0)
			return -1;
	return stack->created_by == NULL
		       ? 0
		       : copy_frame_texts(groups, stack->created_by, err);
}

static int copy_example(struct gcr_groups *groups,
			const struct gcr_goroutine *stack,
			struct gcr_goroutine *ret, struct gcr_error *err)
{
	struct gcr_frame *frames = gcr_arena_array(
		groups->arena, stack->frame_count + 1, sizeof(*frames), err);

	if (frames == NULL)
		return -1;
	*ret = *stack;
	if (stack->frame_count > 0)
		memcpy(frames, stack->frames,
		       stack->frame_count * sizeof(*frames));
	ret->frames = frames;
	if (stack->created_by != NULL) {
		frames[stack->frame_count] = *stack->created_by;
		ret->created_by = &frames[stack->frame_count];
	}
	ret->like = NULL;
	ret->ancestors = NULL;
	ret->ancestor_count = 0;
	return groups->copy_texts ? copy_texts(groups, ret, err) : 0;
}

static struct gcr_group *new_group(struct gcr_groups *groups, uint64_t hash,
				   const struct gcr_goroutine *stack,
				   struct gcr_error *err)
{
	struct gcr_group *group =
		gcr_arena_alloc(groups->arena, sizeof(*group), err);

	if (group == NULL ||
	    gcr_arena_grow(groups->arena, &groups->items, groups->count,
			   &groups->capacity, sizeof(struct gcr_group *),
			   err) != 0 ||
	    copy_example(groups, stack, &group->example, err) != 0)
		return NULL;
	group->fingerprint = hash;
	group->index = groups->count;
	group->minutes_least = group->minutes_most = stack->minutes;
	group->oldest = stack->id;
	return group;
}

// A few of the labels are kept, for a look at them.
static int keep_labels(struct gcr_groups *groups, struct gcr_group *group,
		       const struct gcr_goroutine *stack, struct gcr_error *err)
{
	struct gcr_span labels = stack->labels;

	if (labels.size == 0)
		return 0;
	for (size_t i = 0; i < group->label_count; i++)
		if (gcr_span_equal(group->labels[i], labels))
			return 0;
	if (group->label_count == GCR_GROUP_LABELS)
		return 0;
	if (groups->copy_texts && copy_text(groups, &labels, err) != 0)
		return -1;
	group->labels[group->label_count++] = labels;
	return 0;
}

void gcr_group_count_in(struct gcr_group *group,
			const struct gcr_goroutine *stack)
{
	group->count += stack->count;
	group->flags |= stack->flags;
	if (stack->labels.size > 0)
		group->labelled += stack->count;
	if ((stack->flags & GCR_G_LOCKED) != 0)
		group->locked += stack->count;
	if (stack->minutes < group->minutes_least)
		group->minutes_least = stack->minutes;
	if (stack->minutes > group->minutes_most) {
		group->minutes_most = stack->minutes;
		group->oldest = stack->id;
	}
	if (group->id_count < GCR_GROUP_IDS &&
	    stack->kind == GCR_STACK_GOROUTINE)
		group->ids[group->id_count++] = stack->id;
}

struct gcr_group *const *gcr_groups_all(const struct gcr_groups *groups)
{
	return groups->items;
}

int gcr_groups_add(struct gcr_groups *groups, const struct gcr_goroutine *stack,
		   struct gcr_group **ret, struct gcr_error *err)
{
	uint64_t hash = gcr_fingerprint(stack);
	struct gcr_group **slot = find_slot(groups, hash, stack, err);
	struct gcr_group *group;

	if (slot == NULL)
		return -1;
	group = *slot;
	if (group == NULL) {
		group = new_group(groups, hash, stack, err);
		if (group == NULL)
			return -1;
		*slot = group;
		groups->items[groups->count++] = group;
		if (groups->count * 2 > groups->slot_count &&
		    make_slots(groups, groups->slot_count * 2, err) != 0)
			return -1;
	}
	if (keep_labels(groups, group, stack, err) != 0)
		return -1;
	gcr_group_count_in(group, stack);
	*ret = group;
	return 0;
}

size_t gcr_groups_count(const struct gcr_groups *groups)
{
	return groups->count;
}

struct gcr_group *gcr_groups_get(const struct gcr_groups *groups, size_t index)
{
	return index < groups->count ? groups->items[index] : NULL;
}
