/*
 * Layouts from type descriptors: see rtype.h. What a descriptor looks like is in
 * runtimetypes.c.
 */

#include "rtype.h"

#include "arena.h"
#include "core.h"

enum {
	MOST_FIELDS = 4096,
	DEEPEST = 32,
	FIRST_ENTRIES = 64, /* a power of two */
};

// clang-format off
static const enum gcr_kind kinds[] = {
	[GCR_RUNTYPE_BOOL]           = GCR_BOOL,
	[GCR_RUNTYPE_INT]            = GCR_INT,
	[GCR_RUNTYPE_INT8]           = GCR_INT8,
	[GCR_RUNTYPE_INT16]          = GCR_INT16,
	[GCR_RUNTYPE_INT32]          = GCR_INT32,
	[GCR_RUNTYPE_INT64]          = GCR_INT64,
	[GCR_RUNTYPE_UINT]           = GCR_UINT,
	[GCR_RUNTYPE_UINT8]          = GCR_UINT8,
	[GCR_RUNTYPE_UINT16]         = GCR_UINT16,
	[GCR_RUNTYPE_UINT32]         = GCR_UINT32,
	[GCR_RUNTYPE_UINT64]         = GCR_UINT64,
	[GCR_RUNTYPE_UINTPTR]        = GCR_UINTPTR,
	[GCR_RUNTYPE_FLOAT32]        = GCR_FLOAT32,
	[GCR_RUNTYPE_FLOAT64]        = GCR_FLOAT64,
	[GCR_RUNTYPE_COMPLEX64]      = GCR_COMPLEX64,
	[GCR_RUNTYPE_COMPLEX128]     = GCR_COMPLEX128,
	[GCR_RUNTYPE_ARRAY]          = GCR_ARRAY,
	[GCR_RUNTYPE_CHAN]           = GCR_CHAN,
	[GCR_RUNTYPE_FUNC]           = GCR_FUNC,
	[GCR_RUNTYPE_INTERFACE]      = GCR_INTERFACE,
	[GCR_RUNTYPE_MAP]            = GCR_MAP,
	[GCR_RUNTYPE_POINTER]        = GCR_POINTER,
	[GCR_RUNTYPE_SLICE]          = GCR_SLICE,
	[GCR_RUNTYPE_STRING]         = GCR_STRING,
	[GCR_RUNTYPE_STRUCT]         = GCR_STRUCT,
	[GCR_RUNTYPE_UNSAFE_POINTER] = GCR_UNSAFE_POINTER,
};
// clang-format on

_Static_assert(sizeof(kinds) / sizeof(kinds[0]) ==
		       GCR_RUNTYPE_UNSAFE_POINTER + 1,
	       "a kind of value for each of reflect's");

struct entry {
	uint64_t address; /* 0: free */
	const struct gcr_layout *layout;
	unsigned weight; /* layouts that hang on it */
};

struct gcr_rtypes {
	const struct gcr_runtypes *descriptors; /* the core's */
	struct gcr_arena *arena;
	struct entry *entries;
	size_t count, capacity;
};

/* A layout while it is made. */
struct making {
	struct gcr_rtypes *types;
	struct gcr_error *err;
	unsigned depth;
};

static int make_layout(struct making *making, uint64_t address,
		       const struct gcr_layout **ret, unsigned *weight);

/* The table --------------------------------------------------------------- */

static struct entry *find_entry(const struct gcr_rtypes *types,
				uint64_t address)
{
	uint64_t hash = address * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 20) & (types->capacity - 1);

	while (types->entries[at].address != 0 &&
	       types->entries[at].address != address)
		at = (at + 1) & (types->capacity - 1);
	return &types->entries[at];
}

static int reserve_entry(struct gcr_rtypes *types, struct gcr_error *err)
{
	struct gcr_rtypes larger = *types;

	if (2 * (types->count + 1) <= types->capacity)
		return 0;
	larger.capacity =
		types->capacity > 0 ? 2 * types->capacity : FIRST_ENTRIES;
	larger.entries = gcr_arena_array(types->arena, larger.capacity,
					 sizeof(*larger.entries), err);
	if (larger.entries == NULL)
		return -1;
	for (size_t i = 0; i < types->capacity; i++)
		if (types->entries[i].address != 0)
			*find_entry(&larger, types->entries[i].address) =
				types->entries[i];
	*types = larger;
	return 0;
}

/* Layouts ----------------------------------------------------------------- */

static int add_field(struct making *making, struct gcr_layout *layout,
		     const struct gcr_runtype *type, uint64_t index,
		     unsigned *weight)
{
	struct gcr_layout_field field = { .layout = gcr_debugtype_unknown() };
	struct gcr_runfield from;
	unsigned inner = 1;

	if (!gcr_runtype_field(making->types->descriptors, type, index,
			       &from)) {
		layout->sized = false;
		return 0;
	}
	field.name = from.name;
	field.offset = from.offset;
	if (make_layout(making, from.type, &field.layout, &inner) != 0)
		return -1;
	*weight += inner;
	if (!field.layout->sized || field.offset > layout->size ||
	    field.layout->size > layout->size - field.offset)
		layout->sized = false;
	layout->fields[layout->field_count++] = field;
	return 0;
}

static int make_struct(struct making *making, const struct gcr_runtype *type,
		       struct gcr_layout *layout, unsigned *weight)
{
	uint64_t count = type->field_count;

	if (count > MOST_FIELDS) {
		layout->sized = false;
		return 0;
	}
	layout->fields = gcr_arena_array(making->types->arena, (size_t)count,
					 sizeof(*layout->fields), making->err);
	if (layout->fields == NULL)
		return -1;
	for (uint64_t i = 0; i < count && *weight <= GCR_LAYOUT_NODES; i++)
		if (add_field(making, layout, type, i, weight) != 0)
			return -1;
	return 0;
}

static int make_array(struct making *making, const struct gcr_runtype *type,
		      struct gcr_layout *layout, unsigned *weight)
{
	const struct gcr_layout *element;
	unsigned inner = 1;

	if (make_layout(making, type->element, &element, &inner) != 0)
		return -1;
	*weight += inner;
	layout->element = element;
	layout->length = type->length;
	layout->sized = element->sized && type->length < GCR_LARGEST_TYPE &&
			(element->size == 0 ||
			 type->length <= GCR_LARGEST_TYPE / element->size) &&
			layout->size == type->length * element->size;
	return 0;
}

static int fill_layout(struct making *making, uint64_t address,
		       struct gcr_layout *layout, unsigned *weight)
{
	struct gcr_runtype type;

	*layout = *gcr_debugtype_unknown();
	if (!gcr_runtype_read(making->types->descriptors, address, &type) ||
	    type.size >= GCR_LARGEST_TYPE || type.align == 0 || type.align > 64)
		return 0;
	*layout = (struct gcr_layout){ .kind = kinds[type.kind],
				       .type = type.name,
				       .sized = true,
				       .size = type.size,
				       .align = type.align,
				       .descriptor = address };
	if (layout->kind == GCR_STRUCT)
		return make_struct(making, &type, layout, weight);
	if (layout->kind == GCR_ARRAY)
		return make_array(making, &type, layout, weight);
	layout->sized = type.size == (uint64_t)gcr_kind_parts(layout->kind) *
					     gcr_layout_part_size(layout, 8);
	return 0;
}

static int make_layout(struct making *making, uint64_t address,
		       const struct gcr_layout **ret, unsigned *weight)
{
	struct gcr_rtypes *types = making->types;
	struct gcr_layout *layout;
	struct entry *entry;
	unsigned total = 1;

	*ret = gcr_debugtype_unknown();
	if (address == 0 || address % 4 != 0 || making->depth >= DEEPEST)
		return 0;
	if (reserve_entry(types, making->err) != 0)
		return -1;
	entry = find_entry(types, address);
	if (entry->address != 0) {
		// Being made: the type contains itself.
		if (entry->layout != NULL)
			*ret = entry->layout;
		*weight = entry->weight;
		return 0;
	}
	layout = gcr_arena_alloc(types->arena, sizeof(*layout), making->err);
	if (layout == NULL)
		return -1;
	*entry = (struct entry){ .address = address, .weight = 1 };
	types->count++;
	making->depth++;
	int status = fill_layout(making, address, layout, &total);
	making->depth--;
	if (total > GCR_LAYOUT_NODES) {
		total = 1;
		*layout = *gcr_debugtype_unknown();
	}
	// The table may have moved. After a failure nothing is asked again.
	entry = find_entry(types, address);
	entry->layout = layout;
	entry->weight = *weight = total;
	*ret = layout;
	return status;
}

int gcr_rtype_layout(struct gcr_rtypes *types, uint64_t address,
		     const struct gcr_layout **ret, struct gcr_error *err)
{
	struct making making = { .types = types, .err = err };
	unsigned weight;

	return make_layout(&making, address, ret, &weight);
}

int gcr_rtype_part(struct gcr_rtypes *types, const struct gcr_layout *whole,
		   enum gcr_type_part part, const struct gcr_layout **ret,
		   struct gcr_error *err)
{
	struct gcr_runtype type;
	uint64_t address;

	*ret = gcr_debugtype_unknown();
	if (whole->descriptor == 0 ||
	    !gcr_runtype_read(types->descriptors, whole->descriptor, &type))
		return 0;
	address = part == GCR_TYPE_KEY ? type.key : type.element;
	return gcr_rtype_layout(types, address, ret, err);
}

bool gcr_rtype_direct(const struct gcr_rtypes *types, uint64_t address)
{
	struct gcr_runtype type;

	return gcr_runtype_read(types->descriptors, address, &type) &&
	       type.direct;
}

static bool is_static(const struct gcr_rtypes *types, uint64_t address)
{
	return address >= types->descriptors->start &&
	       address < types->descriptors->end;
}

// A descriptor begins with a size, an itab with the type of the interface.
// Go internal/abi ITab: Inter, Type; runtime itab before.
uint64_t gcr_rtype_dynamic(struct gcr_rtypes *types, uint64_t word)
{
	struct gcr_coremem *memory = types->descriptors->memory;
	struct gcr_runtype interface;
	uint64_t first, dynamic;

	if (!gcr_coremem_word(memory, word, &first) ||
	    !gcr_coremem_word(memory, word + 8, &dynamic))
		return 0;
	if (!is_static(types, first))
		return is_static(types, word) ? word : 0;
	if (!gcr_runtype_read(types->descriptors, first, &interface) ||
	    interface.kind != GCR_RUNTYPE_INTERFACE)
		return 0;
	return dynamic;
}

int gcr_rtypes_new(struct gcr_core *core, struct gcr_arena *arena,
		   struct gcr_rtypes **ret, struct gcr_error *err)
{
	struct gcr_rtypes *types = gcr_arena_alloc(arena, sizeof(*types), err);

	if (types == NULL)
		return -1;
	types->descriptors = &core->runtime.types;
	types->arena = arena;
	*ret = types;
	return 0;
}
