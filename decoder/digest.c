/*
 * Each part of a digest is a sum that stops at its largest value, a least or
 * greatest of something, or a union of sets: whatever the order, and however the
 * parts were folded before, the result is the same.
 */

#include "digest.h"

#include "arena.h"
#include "error.h"
#include "span.h"

#include <stdlib.h>

enum {
	FIRST_SLOTS = 256,
	MOST_PASSED = 64 /* on the way to a slot: by accident it is some few */
};

int gcr_digest_new(const struct gcr_limits *limits, struct gcr_digest **ret,
		   struct gcr_error *err)
{
	struct gcr_arena *arena =
		gcr_arena_new(limits != NULL ? limits->memory : 0);
	struct gcr_digest *digest = NULL;

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	gcr_arena_fail_at(arena, limits != NULL ? limits->fail_at : 0);
	digest = gcr_arena_alloc(arena, sizeof(*digest), err);
	if (digest != NULL)
		digest->slots = gcr_arena_array(arena, FIRST_SLOTS,
						sizeof(*digest->slots), err);
	if (digest == NULL || digest->slots == NULL) {
		gcr_arena_free(arena);
		return -1;
	}
	digest->arena = arena;
	digest->slot_count = FIRST_SLOTS;
	*ret = digest;
	return 0;
}

void gcr_digest_free(struct gcr_digest *digest)
{
	if (digest != NULL)
		gcr_arena_free(digest->arena);
}

uint64_t gcr_digest_dumps(const struct gcr_digest *digest)
{
	return digest->dumps;
}

uint64_t gcr_digest_sum(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Order -------------------------------------------------------------------- */

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_texts(struct gcr_span a, struct gcr_span b)
{
	size_t size = a.size < b.size ? a.size : b.size;
	int order = size > 0 ? memcmp(a.data, b.data, size) : 0;

	return order != 0 ? order : compare_numbers(a.size, b.size);
}

static int compare_frames(const struct gcr_digest_frame *a,
			  const struct gcr_digest_frame *b)
{
	int order = compare_texts(a->function, b->function);

	if (order == 0)
		order = compare_texts(a->file, b->file);
	return order != 0 ? order : compare_numbers(a->line, b->line);
}

static int compare_creators(const struct gcr_digest_frame *a,
			    const struct gcr_digest_frame *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return compare_frames(a, b);
}

int gcr_digest_compare(const struct gcr_digest_identity *a,
		       const struct gcr_digest_identity *b)
{
	int order = compare_numbers(a->fingerprint, b->fingerprint);

	if (order == 0)
		order = compare_texts(a->kind, b->kind);
	if (order == 0)
		order = compare_texts(a->state, b->state);
	if (order == 0)
		order = a->elided - b->elided;
	if (order == 0)
		order = compare_numbers(a->frame_count, b->frame_count);
	for (size_t i = 0; order == 0 && i < a->frame_count; i++)
		order = compare_frames(&a->frames[i], &b->frames[i]);
	return order != 0 ? order : compare_creators(a->creator, b->creator);
}

static int compare_groups(const void *left, const void *right)
{
	const struct gcr_digest_group *const *a = left, *const *b = right;

	return gcr_digest_compare(&(*a)->is, &(*b)->is);
}

void gcr_digest_sort(struct gcr_digest *digest)
{
	// Slots are indexes: nothing is found any more until they are filled.
	if (digest->group_count == 0)
		return;
	qsort(digest->groups, digest->group_count,
	      sizeof(struct gcr_digest_group *), compare_groups);
	digest->sorted = true;
}

/* The table ---------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t piece)
{
	hash = (hash ^ piece) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static uint64_t hash_text(uint64_t hash, struct gcr_span text)
{
	for (size_t i = 0; i < text.size; i++)
		hash = mix(hash, (unsigned char)text.data[i]);
	return mix(hash, text.size);
}

static uint64_t hash_frame(uint64_t hash, const struct gcr_digest_frame *frame)
{
	hash = hash_text(hash, frame->function);
	hash = hash_text(hash, frame->file);
	return mix(hash, frame->line);
}

static uint64_t hash_identity(uint64_t hash,
			      const struct gcr_digest_identity *identity)
{
	hash = mix(hash, identity->fingerprint);
	hash = hash_text(hash_text(hash, identity->kind), identity->state);
	hash = mix(hash, identity->elided);
	for (size_t i = 0; i < identity->frame_count; i++)
		hash = hash_frame(hash, &identity->frames[i]);
	return identity->creator == NULL ? hash
					 : hash_frame(hash, identity->creator);
}

/*
 * Documents can be made whose groups share a fingerprint. Where that happens,
 * slots are those of a hash that nobody outside can know the start of.
 */
static size_t first_slot(const struct gcr_digest *digest,
			 const struct gcr_digest_identity *identity)
{
	uint64_t hash = digest->salt == 0
				? identity->fingerprint
				: hash_identity(digest->salt, identity);

	return (size_t)hash & (digest->slot_count - 1);
}

// The slot of the group, or a free one; how many others were passed.
static uint32_t *look_for_slot(const struct gcr_digest *digest,
			       const struct gcr_digest_identity *identity,
			       size_t *ret_passed)
{
	size_t mask = digest->slot_count - 1;
	size_t at = first_slot(digest, identity);

	for (*ret_passed = 0; digest->slots[at] != 0; at = (at + 1) & mask) {
		const struct gcr_digest_group *group =
			digest->groups[digest->slots[at] - 1];

		if (gcr_digest_compare(&group->is, identity) == 0)
			break;
		(*ret_passed)++;
	}
	return &digest->slots[at];
}

// With groups that all differ, they need not be compared again.
static void fill_slots(struct gcr_digest *digest)
{
	size_t mask = digest->slot_count - 1;

	memset(digest->slots, 0, digest->slot_count * sizeof(*digest->slots));
	for (size_t i = 0; i < digest->group_count; i++) {
		size_t at = first_slot(digest, &digest->groups[i]->is);

		while (digest->slots[at] != 0)
			at = (at + 1) & mask;
		digest->slots[at] = (uint32_t)(i + 1);
	}
	digest->sorted = false;
}

static uint32_t *find_slot(struct gcr_digest *digest,
			   const struct gcr_digest_identity *identity)
{
	size_t passed;
	uint32_t *slot = look_for_slot(digest, identity, &passed);

	if (passed < MOST_PASSED || digest->salt != 0)
		return slot;
	digest->salt = mix(1, (uint64_t)(uintptr_t)digest) | 1;
	fill_slots(digest);
	return look_for_slot(digest, identity, &passed);
}

static int grow_slots(struct gcr_digest *digest, struct gcr_error *err)
{
	size_t count = digest->slot_count * 2;
	uint32_t *slots =
		gcr_arena_array(digest->arena, count, sizeof(*slots), err);

	if (slots == NULL)
		return -1;
	digest->slots = slots;
	digest->slot_count = count;
	fill_slots(digest);
	return 0;
}

static int copy_text(struct gcr_digest *digest, struct gcr_span *text,
		     struct gcr_error *err)
{
	if (text->data == NULL)
		return 0;
	return gcr_arena_copy(digest->arena, *text, text, err);
}

static int copy_frames(struct gcr_digest *digest,
		       struct gcr_digest_frame **frames, size_t count,
		       struct gcr_error *err)
{
	struct gcr_digest_frame *copy =
		gcr_arena_array(digest->arena, count, sizeof(*copy), err);

	if (copy == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		copy[i] = (*frames)[i];
		if (copy_text(digest, &copy[i].function, err) != 0 ||
		    copy_text(digest, &copy[i].file, err) != 0)
			return -1;
	}
	*frames = copy;
	return 0;
}

static int copy_identity(struct gcr_digest *digest,
			 struct gcr_digest_identity *is, struct gcr_error *err)
{
	if (copy_text(digest, &is->kind, err) != 0 ||
	    copy_text(digest, &is->state, err) != 0 ||
	    copy_frames(digest, &is->frames, is->frame_count, err) != 0)
		return -1;
	return is->creator == NULL ? 0
				   : copy_frames(digest, &is->creator, 1, err);
}

static int add_group(struct gcr_digest *digest,
		     const struct gcr_digest_identity *identity,
		     struct gcr_digest_group **ret, struct gcr_error *err)
{
	struct gcr_digest_group *group =
		gcr_arena_alloc(digest->arena, sizeof(*group), err);

	if (group == NULL)
		return -1;
	if (digest->group_count == UINT32_MAX - 1)
		return gcr_fail(err, GCR_LIMIT, "too many groups");
	group->is = *identity;
	group->index = digest->group_count;
	group->least = UINT64_MAX;
	if (copy_identity(digest, &group->is, err) != 0 ||
	    gcr_arena_grow(digest->arena, &digest->groups, digest->group_count,
			   &digest->group_capacity,
			   sizeof(struct gcr_digest_group *), err) != 0)
		return -1;
	digest->groups[digest->group_count++] = group;
	*ret = group;
	return 0;
}

int gcr_digest_find(struct gcr_digest *digest,
		    const struct gcr_digest_identity *identity,
		    struct gcr_digest_group **ret, struct gcr_error *err)
{
	uint32_t *slot;

	if (digest->sorted)
		fill_slots(digest);
	slot = find_slot(digest, identity);
	if (*slot != 0) {
		*ret = digest->groups[*slot - 1];
		return 0;
	}
	if (add_group(digest, identity, ret, err) != 0)
		return -1;
	*slot = (uint32_t)digest->group_count;
	return digest->group_count * 2 > digest->slot_count
		       ? grow_slots(digest, err)
		       : 0;
}

/* Folding ------------------------------------------------------------------ */

// Names that come to stay are copied; most are there already.
int gcr_digest_unite(struct gcr_digest *digest, struct gcr_hosts *hosts,
		     const struct gcr_hosts *more, struct gcr_error *err)
{
	struct gcr_hosts before = *hosts;

	if (gcr_hosts_unite(hosts, more, digest->arena, err) != 0)
		return -1;
	for (size_t i = 0; i < hosts->name_count; i++) {
		bool known = false;

		for (size_t j = 0; j < before.name_count && !known; j++)
			known = before.names[j].data == hosts->names[i].data;
		if (!known && copy_text(digest, &hosts->names[i], err) != 0)
			return -1;
	}
	return 0;
}

// Whether `more` has the better example: older, or the first of two as old.
static bool has_better_example(const struct gcr_digest_group *group,
			       const struct gcr_digest_group *more)
{
	int order;

	if (group->count == 0 || more->most != group->most)
		return group->count == 0 || more->most > group->most;
	order = (more->example_host.data != NULL) -
		(group->example_host.data != NULL);
	if (order == 0)
		order = compare_texts(more->example_host, group->example_host);
	if (order == 0)
		order = compare_numbers(more->example, group->example);
	return order < 0;
}

int gcr_digest_count(struct gcr_digest *digest, struct gcr_digest_group *group,
		     const struct gcr_digest_group *more, struct gcr_error *err)
{
	if (has_better_example(group, more)) {
		group->example = more->example;
		group->example_host = more->example_host;
		if (copy_text(digest, &group->example_host, err) != 0)
			return -1;
	}
	group->count = gcr_digest_sum(group->count, more->count);
	group->dumps = gcr_digest_sum(group->dumps, more->dumps);
	if (more->least < group->least)
		group->least = more->least;
	if (more->most > group->most)
		group->most = more->most;
	return gcr_digest_unite(digest, &group->hosts, &more->hosts, err);
}
