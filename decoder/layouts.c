/* Layouts while they are made: see layouts.h. */

#include "layouts.h"

#include "arena.h"
#include "span.h"

enum {
	FIRST_ENTRIES = 64, /* a power of two */
};

// Go reflect.Kind.
// clang-format off
static const signed char kinds[] = {
	-1, GCR_BOOL,
	GCR_INT, GCR_INT8, GCR_INT16, GCR_INT32, GCR_INT64,
	GCR_UINT, GCR_UINT8, GCR_UINT16, GCR_UINT32, GCR_UINT64, GCR_UINTPTR,
	GCR_FLOAT32, GCR_FLOAT64, GCR_COMPLEX64, GCR_COMPLEX128,
	GCR_ARRAY, GCR_CHAN, GCR_FUNC, GCR_INTERFACE, GCR_MAP, GCR_POINTER,
	GCR_SLICE, GCR_STRING, GCR_STRUCT, GCR_UNSAFE_POINTER,
};
// clang-format on

_Static_assert(sizeof(kinds) == 27, "reflect has 26 kinds");

bool gcr_kind_of_reflect(uint64_t number, enum gcr_kind *ret)
{
	if (number == 0 || number >= sizeof(kinds))
		return false;
	*ret = (enum gcr_kind)kinds[number];
	return true;
}

const struct gcr_layout *gcr_layout_unknown(void)
{
	static const struct gcr_layout unknown = { .kind = GCR_OPAQUE,
						   .type = GCR_LITERAL("?"),
						   .align = 1 };

	return &unknown;
}

/* One made, or being made (`layout` NULL). */
struct gcr_layouts_entry {
	uint64_t place; /* 0: free */
	const struct gcr_layout *layout;
	unsigned weight; /* layouts that hang on it */
};

static struct gcr_layouts_entry *find(const struct gcr_layouts *layouts,
				      uint64_t place)
{
	uint64_t hash = place * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 20) & (layouts->capacity - 1);

	while (layouts->entries[at].place != 0 &&
	       layouts->entries[at].place != place)
		at = (at + 1) & (layouts->capacity - 1);
	return &layouts->entries[at];
}

// Room for one more, half of the entries free.
static int reserve(struct gcr_layouts *layouts, struct gcr_arena *arena,
		   struct gcr_error *err)
{
	struct gcr_layouts larger = *layouts;

	if (2 * (layouts->count + 1) <= layouts->capacity)
		return 0;
	larger.capacity =
		layouts->capacity > 0 ? 2 * layouts->capacity : FIRST_ENTRIES;
	larger.entries = gcr_arena_array(arena, larger.capacity,
					 sizeof(*larger.entries), err);
	if (larger.entries == NULL)
		return -1;
	for (size_t i = 0; i < layouts->capacity; i++)
		if (layouts->entries[i].place != 0)
			*find(&larger, layouts->entries[i].place) =
				layouts->entries[i];
	*layouts = larger;
	return 0;
}

int gcr_layouts_make(struct gcr_layout_making *making, uint64_t place,
		     void *from, const struct gcr_layout **ret,
		     unsigned *weight)
{
	struct gcr_layouts *layouts = making->layouts;
	struct gcr_layouts_entry *entry;
	struct gcr_layout *layout;
	unsigned total = 1;

	*ret = gcr_layout_unknown();
	*weight = 1;
	if (place == 0 || making->depth >= GCR_LAYOUT_DEPTH)
		return 0;
	if (reserve(layouts, making->arena, making->err) != 0)
		return -1;
	entry = find(layouts, place);
	if (entry->place != 0) {
		// Being made: the type contains itself.
		if (entry->layout != NULL)
			*ret = entry->layout;
		*weight = entry->weight;
		return 0;
	}
	layout = gcr_arena_alloc(making->arena, sizeof(*layout), making->err);
	if (layout == NULL)
		return -1;
	*entry = (struct gcr_layouts_entry){ .place = place, .weight = 1 };
	layouts->count++;
	making->depth++;
	int status = making->fill(making, from, layout, &total);
	making->depth--;
	if (total > GCR_LAYOUT_NODES) {
		total = 1;
		*layout = *gcr_layout_unknown();
	}
	// The table may have moved. After a failure nothing is asked again.
	entry = find(layouts, place);
	entry->layout = layout;
	entry->weight = *weight = total;
	*ret = layout;
	return status;
}
