/*
 * Maps: see corevalue.h. Two layouts.
 *
 * To go1.23, runtime/map.go:
 *	hmap: count, flags u8, B u8, ..., 16 buckets, 24 oldbuckets
 *	bucket: tophash[8], keys[8], elems[8], overflow
 *
 * Since go1.24, internal/runtime/maps:
 *	Map: used, seed, 16 dirPtr, 24 dirLen, ... 34 writing
 *	table: ..., 8 index, 16 groups, 24 lengthMask
 *	group: control[8], then 8 slots of key and elem; as an experiment of
 *	go1.27 keys[8], elems[8]
 *
 * Keys and elems of more than 128 bytes are behind pointers in both.
 */

#include "corevalue.h"

#include "arena.h"
#include "span.h"

#include <inttypes.h>

enum {
	SLOTS = 8,
	LARGEST_INLINE = 128,
	MOST_B = 40,
	WRITING = 4,	  /* of hmap.flags */
	FIRST_FILLED = 5, /* tophash of a cell that has an entry */
	EMPTY_ONE = 1,
};

struct walk {
	struct gcr_corereader *reader;
	const struct gcr_layout *key, *element;
	struct gcr_value *to;
	uint64_t key_size, element_size; /* in the slot */
	/* Since go1.24: from the first key to the first element, to the next. */
	uint64_t element_at, key_step, element_step, group;
	size_t used; /* children filled */
	uint64_t found;
	bool writing, lost;
};

static uint64_t in_slot(const struct gcr_layout *layout)
{
	return layout->size > LARGEST_INLINE ? 8 : layout->size;
}

static uint64_t align_in_slot(const struct gcr_layout *layout)
{
	return layout->size > LARGEST_INLINE ? 8 : layout->align;
}

static bool step(struct walk *walk)
{
	struct gcr_corereader *reader = walk->reader;

	walk->lost |= reader->steps_left == 0 || reader->all_steps_left == 0;
	if (walk->lost)
		return false;
	reader->steps_left--;
	reader->all_steps_left--;
	return true;
}

static bool number(struct walk *walk, uint64_t address, unsigned size,
		   uint64_t *ret)
{
	if (gcr_corenumber(walk->reader, address, size, ret))
		return true;
	walk->lost = true;
	return false;
}

static int read_half(struct walk *walk, const struct gcr_layout *layout,
		     uint64_t address, struct gcr_value *ret)
{
	if (layout->size > LARGEST_INLINE &&
	    !number(walk, address, 8, &address))
		return 0;
	return gcr_corevalue_at(walk->reader, layout, address,
				(struct gcr_span){ 0 }, ret);
}

static int add_entry(struct walk *walk, uint64_t key, uint64_t element)
{
	struct gcr_value *to = walk->to;

	walk->found++;
	if (walk->used + 2 > to->child_count)
		return 0;
	if (read_half(walk, walk->key, key, &to->children[walk->used]) != 0 ||
	    read_half(walk, walk->element, element,
		      &to->children[walk->used + 1]) != 0)
		return -1;
	walk->used += 2;
	return 0;
}

// All shown, and nothing to be counted any more.
static bool enough(const struct walk *walk)
{
	return walk->used + 2 > walk->to->child_count &&
	       walk->found > GCR_COREVALUE_SHOWN;
}

/* To go1.23 --------------------------------------------------------------------- */

static int walk_bucket(struct walk *walk, uint64_t bucket, bool old)
{
	uint64_t keys = SLOTS, elements = keys + SLOTS * walk->key_size;
	uint64_t next = elements + SLOTS * walk->element_size, top;

	next = (next + 7) & ~UINT64_C(7);
	while (bucket != 0 && step(walk) && !enough(walk)) {
		for (unsigned i = 0; i < SLOTS; i++) {
			if (!number(walk, bucket + i, 1, &top))
				return 0;
			// Its entries are in the new array already.
			if (i == 0 && old && top > EMPTY_ONE &&
			    top < FIRST_FILLED)
				return 0;
			if (top >= FIRST_FILLED &&
			    add_entry(walk, bucket + keys + i * walk->key_size,
				      bucket + elements +
					      i * walk->element_size) != 0)
				return -1;
		}
		if (!number(walk, bucket + next, 8, &bucket))
			return 0;
	}
	return 0;
}

static int walk_buckets(struct walk *walk, uint64_t buckets, uint64_t count,
			bool old)
{
	uint64_t size =
		SLOTS + SLOTS * walk->key_size + SLOTS * walk->element_size;

	size = ((size + 7) & ~UINT64_C(7)) + 8;
	for (uint64_t i = 0; i < count && !walk->lost && !enough(walk); i++)
		if (walk_bucket(walk, buckets + i * size, old) != 0)
			return -1;
	return 0;
}

// Go runtime/map.go hmap; while it grows, what is not yet moved is in the old
// array, which has half the buckets or (flag 8) as many.
static int walk_hmap(struct walk *walk, uint64_t map)
{
	uint64_t flags, b, buckets, old;

	if (!number(walk, map + 8, 1, &flags) ||
	    !number(walk, map + 9, 1, &b) ||
	    !number(walk, map + 16, 8, &buckets) ||
	    !number(walk, map + 24, 8, &old) || b > MOST_B) {
		walk->lost = true;
		return 0;
	}
	walk->writing = (flags & WRITING) != 0;
	if (old != 0 &&
	    walk_buckets(walk, old,
			 UINT64_C(1)
				 << ((flags & 8) != 0 || b == 0 ? b : b - 1),
			 true) != 0)
		return -1;
	return buckets != 0
		       ? walk_buckets(walk, buckets, UINT64_C(1) << b, false)
		       : 0;
}

/* Since go1.24 -------------------------------------------------------------------- */

static int walk_group(struct walk *walk, uint64_t group)
{
	uint64_t control;

	if (!step(walk) || !number(walk, group, 8, &control))
		return 0;
	for (unsigned i = 0; i < SLOTS; i++, control >>= 8) {
		uint64_t first = group + SLOTS;

		if ((control & 0x80) == 0 &&
		    add_entry(walk, first + i * walk->key_step,
			      first + walk->element_at +
				      i * walk->element_step) != 0)
			return -1;
	}
	return 0;
}

// One table may stand in the directory several times: it counts where it says.
static int walk_table(struct walk *walk, uint64_t table, uint64_t at)
{
	uint64_t index, groups, mask;

	if (!step(walk) || !number(walk, table + 8, 8, &index) || index != at ||
	    !number(walk, table + 16, 8, &groups) ||
	    !number(walk, table + 24, 8, &mask))
		return 0;
	for (uint64_t i = 0; i <= mask && !walk->lost && !enough(walk); i++)
		if (walk_group(walk, groups + i * walk->group) != 0)
			return -1;
	return 0;
}

static int walk_swiss(struct walk *walk, uint64_t map)
{
	uint64_t directory, count, writing, table;

	if (!number(walk, map + 16, 8, &directory) ||
	    !number(walk, map + 24, 8, &count) ||
	    !number(walk, map + 34, 1, &writing))
		return 0;
	walk->writing = writing != 0;
	if (count == 0)
		return directory != 0 ? walk_group(walk, directory) : 0;
	for (uint64_t i = 0; i < count && !walk->lost && !enough(walk); i++)
		if (number(walk, directory + 8 * i, 8, &table) &&
		    walk_table(walk, table, i) != 0)
			return -1;
	return 0;
}

/* Both ------------------------------------------------------------------------------ */

// As the compiler lays out a struct: one that ends in something of no size has a
// byte more, so that no pointer leads out of it.
static uint64_t whole(uint64_t size, uint64_t last, uint64_t align)
{
	if (last == 0 && size > 0)
		size++;
	return gcr_align_up(size, align);
}

// A group is slots of key and elem, or with GOEXPERIMENT=mapsplitgroup all keys,
// then all elems. Go cmd/compile/internal/reflectdata/map.go.
static void measure(struct walk *walk)
{
	uint64_t key_align = align_in_slot(walk->key);
	uint64_t align = align_in_slot(walk->element);

	walk->key_size = in_slot(walk->key);
	walk->element_size = in_slot(walk->element);
	if (walk->reader->maps == GCR_MAPS_SPLIT) {
		walk->key_step = walk->key_size;
		walk->element_step = walk->element_size;
		walk->element_at = gcr_align_up(SLOTS * walk->key_size, align);
		walk->group = whole(SLOTS + walk->element_at +
					    SLOTS * walk->element_size,
				    walk->element_size, 8);
		return;
	}
	walk->element_at = gcr_align_up(walk->key_size, align);
	walk->key_step = walk->element_step =
		whole(walk->element_at + walk->element_size, walk->element_size,
		      key_align > align ? key_align : align);
	walk->group = SLOTS + SLOTS * walk->key_step;
}

static int finish(struct walk *walk, uint64_t count)
{
	struct gcr_value *to = walk->to;
	bool odd = walk->writing || walk->lost ||
		   (!enough(walk) && walk->found != count);
	struct gcr_span head;

	to->child_count = walk->used;
	for (size_t i = 0; i < to->child_count && odd; i++)
		gcr_value_weaken(&to->children[i], GCR_UNMARKED);
	if (gcr_arena_print(walk->reader->arena, &head, walk->reader->err,
			    "%.*s(len %" PRIu64 ")", GCR_PRINT_SPAN(to->type),
			    count) != 0)
		return -1;
	return gcr_corelist(walk->reader, to, head, count, true);
}

int gcr_coremap(struct gcr_corereader *reader, const struct gcr_layout *layout,
		struct gcr_value *value)
{
	struct walk walk = { .reader = reader, .to = value };
	uint64_t map = value->part[0], count, shown;
	int status;

	if (map == 0 || reader->maps == GCR_MAPS_UNTOLD ||
	    !gcr_corenumber(reader, map, 8, &count))
		return 0;
	if (gcr_corepart(reader, layout, GCR_TYPE_KEY, &walk.key) != 0 ||
	    gcr_corepart(reader, layout, GCR_TYPE_ELEMENT, &walk.element) != 0)
		return -1;
	value->part[1] = count;
	value->part_certainty[1] = GCR_EXACT;
	value->part_count = 2;
	if (!walk.key->sized || !walk.element->sized)
		return 0;
	shown = count < GCR_COREVALUE_SHOWN ? count : GCR_COREVALUE_SHOWN;
	if (gcr_corechildren(reader, value, 2 * shown) != 0)
		return -1;
	measure(&walk);
	status = reader->maps != GCR_MAPS_BUCKETS ? walk_swiss(&walk, map)
						  : walk_hmap(&walk, map);
	return status != 0 ? -1 : finish(&walk, count);
}
