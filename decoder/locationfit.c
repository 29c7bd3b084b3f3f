/* Pieces and parts: see locationfit.h. */

#include "locationfit.h"

enum {
	// Go cmd/compile/internal/ssa CanSSA: more words or fields than this, or
	// an array of more than one, and a variable is always in memory.
	MOST_SSA_WORDS = 4,
	MOST_SSA_FIELDS = 4,
	DEEPEST = 16,
};

/* The parts of a type while they are counted. */
struct parts {
	uint64_t offset[GCR_LOCATION_PIECES];
	unsigned size[GCR_LOCATION_PIECES];
	size_t count;
	bool too_many;
	unsigned word_size;
};

static void add_parts(struct parts *to, const struct gcr_layout *layout,
		      uint64_t offset, unsigned depth);

static void add_leaf(struct parts *to, const struct gcr_layout *layout,
		     uint64_t offset)
{
	unsigned count = gcr_kind_parts(layout->kind);
	unsigned size = gcr_layout_part_size(layout, to->word_size);

	for (unsigned i = 0; i < count; i++) {
		if (to->count == GCR_LOCATION_PIECES) {
			to->too_many = true;
			return;
		}
		to->offset[to->count] = offset + (uint64_t)i * size;
		to->size[to->count++] = size;
	}
}

static void add_parts(struct parts *to, const struct gcr_layout *layout,
		      uint64_t offset, unsigned depth)
{
	if (depth > DEEPEST || !layout->sized || to->too_many) {
		to->too_many = true;
		return;
	}
	if (layout->kind == GCR_STRUCT) {
		for (size_t i = 0; i < layout->field_count; i++)
			add_parts(to, layout->fields[i].layout,
				  offset + layout->fields[i].offset, depth + 1);
	} else if (layout->kind == GCR_ARRAY) {
		for (uint64_t i = 0; i < layout->length && !to->too_many; i++)
			add_parts(to, layout->element,
				  offset + i * layout->element->size,
				  depth + 1);
	} else {
		add_leaf(to, layout, offset);
	}
}

// In memory as a whole, whatever the optimiser does.
static bool always_whole(const struct gcr_layout *layout, unsigned word_size,
			 unsigned depth)
{
	if (depth > DEEPEST || layout->size > MOST_SSA_WORDS * word_size)
		return true;
	if (layout->kind == GCR_ARRAY)
		return layout->length > 1 ||
		       (layout->length == 1 &&
			always_whole(layout->element, word_size, depth + 1));
	if (layout->kind != GCR_STRUCT)
		return false;
	if (layout->field_count > MOST_SSA_FIELDS)
		return true;
	for (size_t i = 0; i < layout->field_count; i++)
		if (always_whole(layout->fields[i].layout, word_size,
				 depth + 1))
			return true;
	return false;
}

bool gcr_location_whole(const struct gcr_layout *layout, unsigned word_size)
{
	return layout->sized && always_whole(layout, word_size, 0);
}

static void spread(struct gcr_location *location, const struct parts *parts,
		   uint64_t size)
{
	for (size_t i = 0; i < parts->count; i++)
		location->pieces[i].offset = parts->offset[i];
	if (location->count == 1 && location->pieces[0].size == 0)
		location->pieces[0].size = size;
}

// One place for two parts: go1.16 does that to arguments.
static bool overlap(const struct gcr_location *location)
{
	for (size_t i = 0; i < location->count; i++)
		for (size_t j = i + 1; j < location->count; j++) {
			const struct gcr_location_piece *a =
				&location->pieces[i];
			const struct gcr_location_piece *b =
				&location->pieces[j];

			if (a->kind == GCR_LOCATION_MEMORY &&
			    b->kind == GCR_LOCATION_MEMORY &&
			    a->value < b->value + b->size &&
			    b->value < a->value + a->size)
				return true;
		}
	return false;
}

void gcr_location_fit(struct gcr_location *location,
		      const struct gcr_layout *layout, unsigned word_size)
{
	struct parts parts = { .word_size = word_size };
	bool whole = location->count == 1 && location->pieces[0].size == 0;

	if (!location->listed || location->count == 0)
		return;
	if (whole && layout->sized && always_whole(layout, word_size, 0))
		return;
	add_parts(&parts, layout, 0, 0);
	if (parts.too_many || parts.count != location->count ||
	    overlap(location)) {
		location->count = 0;
		return;
	}
	for (size_t i = 0; i < parts.count; i++)
		if (!(whole && parts.count == 1) &&
		    location->pieces[i].size != parts.size[i]) {
			location->count = 0;
			return;
		}
	spread(location, &parts, layout->size);
}
