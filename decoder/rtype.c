/*
 * Type descriptors: see rtype.h.
 *
 *	0 size | 16 hash | 20 tflag, align, fieldAlign, 23 kind | 40 name offset
 *	48 what the kind adds: element; key, element; fields; length
 *
 * Names are counted from moduledata.types, and are a flag byte, a length and
 * the text.
 */

#include "rtype.h"

#include "arena.h"
#include "moduledata.h"
#include "span.h"

enum {
	HEAD = 48, /* bytes that all kinds have */
	MOST_FIELDS = 4096,
	MOST_NAME = 4096,
	DEEPEST = 32,
	FIRST_ENTRIES = 64, /* a power of two */
	KIND_MASK = 0x1f,
	KIND_INTERFACE = 20,
	KIND_DIRECT = 1 << 5, /* of the kind, to go1.25 */
	FLAG_DIRECT = 1 << 5, /* of tflag, since go1.26 */
	FLAG_EXTRA_STAR = 1 << 1,
	NAME_LENGTH = 1, /* behind the flag byte */
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

struct entry {
	uint64_t address; /* 0: free */
	const struct gcr_layout *layout;
	unsigned weight; /* layouts that hang on it */
};

struct gcr_rtypes {
	struct gcr_core *core;
	struct gcr_arena *arena;
	uint64_t names, end; /* moduledata.types, etypes */
	unsigned go;	     /* minor release */
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

/* Reading ----------------------------------------------------------------- */

static bool number_at(const struct gcr_rtypes *types, uint64_t address,
		      unsigned size, uint64_t *ret)
{
	unsigned char bytes[8];
	uint64_t value = 0;

	if (gcr_core_read(types->core, address, bytes, size) != size)
		return false;
	for (unsigned i = 0; i < size; i++)
		value |= (uint64_t)bytes[i] << 8 * i;
	*ret = value;
	return true;
}

// Go reflect name: a flag byte, the length, the text; to go1.16 the length has
// two bytes, high byte first, since then it is a varint.
static bool name_length(const struct gcr_rtypes *types, uint64_t address,
			uint64_t *start, uint64_t *ret)
{
	uint64_t byte, length = 0;

	if (types->go <= 16) {
		if (!number_at(types, address + NAME_LENGTH, 2, &length))
			return false;
		*ret = (length & 0xff) << 8 | length >> 8;
		*start = address + NAME_LENGTH + 2;
		return true;
	}
	for (unsigned i = 0; i < 3; i++) {
		if (!number_at(types, address + NAME_LENGTH + i, 1, &byte))
			return false;
		length |= (byte & 0x7f) << 7 * i;
		if ((byte & 0x80) == 0) {
			*ret = length;
			*start = address + NAME_LENGTH + i + 1;
			return true;
		}
	}
	return false;
}

static int read_name(const struct gcr_rtypes *types, uint64_t address,
		     struct gcr_span *ret, struct gcr_error *err)
{
	uint64_t start, length;
	char *text;

	*ret = (struct gcr_span){ 0 };
	if (address == 0 || !name_length(types, address, &start, &length) ||
	    length > MOST_NAME)
		return 0;
	text = gcr_arena_alloc(types->arena, (size_t)length + 1, err);
	if (text == NULL)
		return -1;
	if (gcr_core_read(types->core, start, text, (size_t)length) == length)
		*ret = (struct gcr_span){ text, (size_t)length };
	return 0;
}

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
		     uint64_t at, unsigned *weight)
{
	struct gcr_rtypes *types = making->types;
	struct gcr_layout_field field = { .layout = gcr_debugtype_unknown() };
	uint64_t name, type;
	unsigned inner = 1;

	if (!number_at(types, at, 8, &name) ||
	    !number_at(types, at + 8, 8, &type) ||
	    !number_at(types, at + 16, 8, &field.offset)) {
		layout->sized = false;
		return 0;
	}
	// Go reflect structField.offsetEmbed, to go1.18.
	if (types->go <= 18)
		field.offset >>= 1;
	if (read_name(types, name, &field.name, making->err) != 0 ||
	    make_layout(making, type, &field.layout, &inner) != 0)
		return -1;
	*weight += inner;
	if (!field.layout->sized || field.offset > layout->size ||
	    field.layout->size > layout->size - field.offset)
		layout->sized = false;
	layout->fields[layout->field_count++] = field;
	return 0;
}

static int make_struct(struct making *making, uint64_t address,
		       struct gcr_layout *layout, unsigned *weight)
{
	uint64_t fields, count;

	if (!number_at(making->types, address + HEAD + 8, 8, &fields) ||
	    !number_at(making->types, address + HEAD + 16, 8, &count) ||
	    count > MOST_FIELDS) {
		layout->sized = false;
		return 0;
	}
	layout->fields = gcr_arena_array(making->types->arena, (size_t)count,
					 sizeof(*layout->fields), making->err);
	if (layout->fields == NULL)
		return -1;
	for (uint64_t i = 0; i < count && *weight <= GCR_LAYOUT_NODES; i++)
		if (add_field(making, layout, fields + 24 * i, weight) != 0)
			return -1;
	return 0;
}

static int make_array(struct making *making, uint64_t address,
		      struct gcr_layout *layout, unsigned *weight)
{
	uint64_t element;
	unsigned inner = 1;

	layout->element = gcr_debugtype_unknown();
	if (number_at(making->types, address + HEAD, 8, &element) &&
	    make_layout(making, element, &layout->element, &inner) != 0)
		return -1;
	*weight += inner;
	layout->sized =
		layout->element->sized &&
		number_at(making->types, address + HEAD + 16, 8,
			  &layout->length) &&
		layout->length < GCR_LARGEST_TYPE &&
		(layout->element->size == 0 ||
		 layout->length <= GCR_LARGEST_TYPE / layout->element->size) &&
		layout->size == layout->length * layout->element->size;
	return 0;
}

// The name that %T prints; some are kept with a star that is not theirs.
static int read_type_name(struct making *making, uint64_t address,
			  uint64_t flags, struct gcr_layout *layout)
{
	uint64_t offset;

	if (!number_at(making->types, address + 40, 4, &offset) ||
	    read_name(making->types, making->types->names + offset,
		      &layout->type, making->err) != 0)
		return -1;
	if ((flags & FLAG_EXTRA_STAR) != 0 && layout->type.size > 0) {
		layout->type.data++;
		layout->type.size--;
	}
	return 0;
}

static int fill_layout(struct making *making, uint64_t address,
		       struct gcr_layout *layout, unsigned *weight)
{
	struct gcr_rtypes *types = making->types;
	uint64_t kind, flags, align, size;

	*layout = *gcr_debugtype_unknown();
	if (!number_at(types, address, 8, &size) ||
	    !number_at(types, address + 20, 1, &flags) ||
	    !number_at(types, address + 21, 1, &align) ||
	    !number_at(types, address + 23, 1, &kind) ||
	    (kind &= KIND_MASK) == 0 || kind >= sizeof(kinds) ||
	    size >= GCR_LARGEST_TYPE || align == 0 || align > 64)
		return 0;
	*layout = (struct gcr_layout){ .kind = (enum gcr_kind)kinds[kind],
				       .type = GCR_LITERAL("?"),
				       .sized = true,
				       .size = size,
				       .align = align,
				       .descriptor = address };
	if (read_type_name(making, address, flags, layout) != 0)
		return -1;
	if (layout->kind == GCR_STRUCT)
		return make_struct(making, address, layout, weight);
	if (layout->kind == GCR_ARRAY)
		return make_array(making, address, layout, weight);
	layout->sized = size == (uint64_t)gcr_kind_parts(layout->kind) *
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
	bool map = whole->kind == GCR_MAP;
	unsigned at = map && part == GCR_TYPE_ELEMENT ? HEAD + 8 : HEAD;
	uint64_t address;

	*ret = gcr_debugtype_unknown();
	if (whole->descriptor == 0 || (part == GCR_TYPE_KEY && !map) ||
	    (!map && whole->kind != GCR_POINTER && whole->kind != GCR_SLICE &&
	     whole->kind != GCR_CHAN) ||
	    !number_at(types, whole->descriptor + at, 8, &address))
		return 0;
	return gcr_rtype_layout(types, address, ret, err);
}

bool gcr_rtype_direct(const struct gcr_rtypes *types, uint64_t address)
{
	uint64_t flags;

	if (types->go >= 26)
		return number_at(types, address + 20, 1, &flags) &&
		       (flags & FLAG_DIRECT) != 0;
	return number_at(types, address + 23, 1, &flags) &&
	       (flags & KIND_DIRECT) != 0;
}

static bool is_static(const struct gcr_rtypes *types, uint64_t address)
{
	return address >= types->names && address < types->end;
}

// A descriptor begins with a size, an itab with the type of the interface.
// Go internal/abi ITab: Inter, Type; runtime itab before.
uint64_t gcr_rtype_dynamic(struct gcr_rtypes *types, uint64_t word)
{
	uint64_t first, type, kind;

	if (!number_at(types, word, 8, &first) ||
	    !number_at(types, word + 8, 8, &type))
		return 0;
	if (!is_static(types, first))
		return is_static(types, word) ? word : 0;
	if (!number_at(types, first + 23, 1, &kind) ||
	    (kind & KIND_MASK) != KIND_INTERFACE)
		return 0;
	return type;
}

int gcr_rtypes_new(struct gcr_core *core, struct gcr_image *image,
		   struct gcr_arena *arena, struct gcr_rtypes **ret,
		   struct gcr_error *err)
{
	struct gcr_rtypes *types = gcr_arena_alloc(arena, sizeof(*types), err);
	struct gcr_moduledata module;

	if (types == NULL)
		return -1;
	types->core = core;
	types->arena = arena;
	types->go = gcr_image_info(image)->target.go_max;
	if (gcr_moduledata_find(&image->memory, &image->table, &module)) {
		uint64_t at = module.address + gcr_core_bias(core);

		if (!number_at(types, at + 8 * module.words.types, 8,
			       &types->names) ||
		    !number_at(types, at + 8 * module.words.types_end, 8,
			       &types->end))
			types->names = types->end = 0;
	}
	*ret = types;
	return 0;
}
