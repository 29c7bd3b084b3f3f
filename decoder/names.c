/* Hashing with chains; the buckets double when there are as many names. */

#include "names.h"

#include "arena.h"
#include "span.h"

enum {
	FIRST_BUCKETS = 16
};

// FNV-1a, but for its start, which names made to meet cannot know: its high bits
// reach the low ones with each byte.
static uint64_t hash(const struct gcr_names *names, struct gcr_span name)
{
	uint64_t value = UINT64_C(0xcbf29ce484222325) ^ names->salt;

	for (size_t i = 0; i < name.size; i++) {
		value ^= (unsigned char)name.data[i];
		value *= UINT64_C(0x100000001b3);
		value ^= value >> 32;
	}
	return value;
}

static int grow(struct gcr_names *names, struct gcr_arena *arena,
		struct gcr_error *err)
{
	size_t count = names->bucket_count > 0 ? names->bucket_count * 2
					       : FIRST_BUCKETS;
	struct gcr_named **buckets =
		gcr_arena_array(arena, count, sizeof(*buckets), err);

	if (buckets == NULL)
		return -1;
	if (names->bucket_count == 0)
		names->salt = (uint64_t)(uintptr_t)buckets *
			      UINT64_C(0x9e3779b97f4a7c15);
	for (size_t i = 0; i < names->bucket_count; i++) {
		struct gcr_named *next, *oldest_first = NULL;
		// Chains are newest first, and stay so.
		for (struct gcr_named *n = names->buckets[i]; n; n = next) {
			next = n->next;
			n->next = oldest_first;
			oldest_first = n;
		}
		for (struct gcr_named *n = oldest_first; n; n = next) {
			size_t at = (size_t)(hash(names, n->name) % count);
			next = n->next;
			n->next = buckets[at];
			buckets[at] = n;
		}
	}
	names->buckets = buckets;
	names->bucket_count = count;
	return 0;
}

int gcr_names_add(struct gcr_names *names, struct gcr_arena *arena,
		  struct gcr_span name, void *item, struct gcr_error *err)
{
	struct gcr_named *named = gcr_arena_alloc(arena, sizeof(*named), err);

	if (named == NULL || (names->count >= names->bucket_count &&
			      grow(names, arena, err) != 0))
		return -1;
	size_t at = (size_t)(hash(names, name) % names->bucket_count);
	*named = (struct gcr_named){ name, item, names->buckets[at] };
	names->buckets[at] = named;
	names->count++;
	return 0;
}

static const struct gcr_named *same_name(const struct gcr_named *named,
					 struct gcr_span name)
{
	while (named != NULL && !gcr_span_equal(named->name, name))
		named = named->next;
	return named;
}

const struct gcr_named *gcr_names_find(const struct gcr_names *names,
				       struct gcr_span name)
{
	if (names->bucket_count == 0)
		return NULL;
	return same_name(
		names->buckets[hash(names, name) % names->bucket_count], name);
}

const struct gcr_named *gcr_named_next(const struct gcr_named *named)
{
	return same_name(named->next, named->name);
}
