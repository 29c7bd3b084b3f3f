/*
 * Layouts from type descriptors: see rtype.h. What a descriptor looks like is in
 * runtimetypes.c.
 */

#include "rtype.h"

#include "arena.h"
#include "core.h"

enum {
	MOST_FIELDS = 4096,
};

struct gcr_rtypes {
	const struct gcr_runtypes *descriptors; /* the core's */
	struct gcr_arena *arena;
	struct gcr_layouts made; /* by address */
};

static const struct gcr_runtypes *
descriptors_of(const struct gcr_layout_making *making)
{
	const struct gcr_rtypes *types = making->types;

	return types->descriptors;
}

static int make_layout(struct gcr_layout_making *making, uint64_t address,
		       const struct gcr_layout **ret, unsigned *weight)
{
	return gcr_layouts_make(making, address % 4 == 0 ? address : 0,
				&address, ret, weight);
}

static int add_field(struct gcr_layout_making *making,
		     struct gcr_layout *layout, const struct gcr_runtype *type,
		     uint64_t index, unsigned *weight)
{
	struct gcr_layout_field field = { .layout = gcr_layout_unknown() };
	struct gcr_runfield from;
	unsigned inner = 1;

	if (!gcr_runtype_field(descriptors_of(making), type, index, &from)) {
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

static int make_struct(struct gcr_layout_making *making,
		       const struct gcr_runtype *type,
		       struct gcr_layout *layout, unsigned *weight)
{
	uint64_t count = type->field_count;

	if (count > MOST_FIELDS) {
		layout->sized = false;
		return 0;
	}
	layout->fields = gcr_arena_array(making->arena, (size_t)count,
					 sizeof(*layout->fields), making->err);
	if (layout->fields == NULL)
		return -1;
	for (uint64_t i = 0; i < count && *weight <= GCR_LAYOUT_NODES; i++)
		if (add_field(making, layout, type, i, weight) != 0)
			return -1;
	return 0;
}

static int make_array(struct gcr_layout_making *making,
		      const struct gcr_runtype *type, struct gcr_layout *layout,
		      unsigned *weight)
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

static int fill_layout(struct gcr_layout_making *making, void *from,
		       struct gcr_layout *layout, unsigned *weight)
{
	const uint64_t *address = from;
	struct gcr_runtype type;
	enum gcr_kind kind;

	*layout = *gcr_layout_unknown();
	if (!gcr_runtype_read(descriptors_of(making), *address, &type) ||
	    !gcr_kind_of_reflect(type.kind, &kind) ||
	    type.size >= GCR_LARGEST_TYPE || type.align == 0 || type.align > 64)
		return 0;
	*layout = (struct gcr_layout){ .kind = kind,
				       .type = type.name,
				       .sized = true,
				       .size = type.size,
				       .align = type.align,
				       .descriptor = *address };
	if (layout->kind == GCR_STRUCT)
		return make_struct(making, &type, layout, weight);
	if (layout->kind == GCR_ARRAY)
		return make_array(making, &type, layout, weight);
	layout->sized = type.size == (uint64_t)gcr_kind_parts(layout->kind) *
					     gcr_layout_part_size(layout, 8);
	return 0;
}

int gcr_rtype_layout(struct gcr_rtypes *types, uint64_t address,
		     const struct gcr_layout **ret, struct gcr_error *err)
{
	struct gcr_layout_making making = { .layouts = &types->made,
					    .arena = types->arena,
					    .err = err,
					    .types = types,
					    .fill = fill_layout };
	unsigned weight;

	return make_layout(&making, address, ret, &weight);
}

int gcr_rtype_part(struct gcr_rtypes *types, const struct gcr_layout *whole,
		   enum gcr_type_part part, const struct gcr_layout **ret,
		   struct gcr_error *err)
{
	struct gcr_runtype type;
	uint64_t address;

	*ret = gcr_layout_unknown();
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
