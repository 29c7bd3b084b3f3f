/* Layouts from DWARF types: see debugtype.h. */

#include "debugtype.h"

#include "arena.h"
#include "error.h"
#include "span.h"

#ifndef GCR_WITHOUT_ELFUTILS

#include <dwarf.h>
#include <elfutils/libdw.h>

enum {
	AT_GO_KIND = 0x2900, /* Go cmd/internal/dwarf, DW_AT_go_kind */
	GO_KIND_MASK = 0x1f,
	MOST_TYPEDEFS = 16,
	MOST_FIELDS = 4096,
};

static int make_layout(struct gcr_layout_making *making, Dwarf_Die *type,
		       const struct gcr_layout **ret, unsigned *weight)
{
	return gcr_layouts_make(making, dwarf_dieoffset(type) + 1, type, ret,
				weight);
}

static bool number_of(Dwarf_Die *die, unsigned name, uint64_t *ret)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	if (dwarf_attr(die, name, &attribute) == NULL ||
	    dwarf_formudata(&attribute, &value) != 0)
		return false;
	*ret = value;
	return true;
}

static bool type_of(Dwarf_Die *die, Dwarf_Die *ret)
{
	Dwarf_Attribute attribute;

	return dwarf_attr(die, DW_AT_type, &attribute) != NULL &&
	       dwarf_formref_die(&attribute, ret) != NULL;
}

static struct gcr_span name_of(Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);

	return name != NULL ? gcr_span_of(name) : (struct gcr_span){ 0 };
}

// Pointers that the linker made up have kind 0 or none, unsafe.Pointer too.
static bool kind_of(Dwarf_Die *die, enum gcr_kind *ret)
{
	uint64_t number;

	if (number_of(die, AT_GO_KIND, &number) &&
	    (number &= GO_KIND_MASK) != 0)
		return gcr_kind_of_reflect(number, ret);
	if (dwarf_tag(die) != DW_TAG_pointer_type)
		return false;
	*ret = gcr_span_is(name_of(die), "unsafe.Pointer") ? GCR_UNSAFE_POINTER
							   : GCR_POINTER;
	return true;
}

// Through typedefs to the entry that has a kind; `*name` is the outermost.
static bool resolve(Dwarf_Die *type, Dwarf_Die *ret, struct gcr_span *name,
		    enum gcr_kind *kind)
{
	Dwarf_Die at = *type;

	for (unsigned i = 0; i < MOST_TYPEDEFS; i++) {
		// `.param0` is a type parameter, what it stands for has the name.
		if (name->size == 0 || name->data[0] == '.')
			*name = name_of(&at);
		if (kind_of(&at, kind)) {
			*ret = at;
			return true;
		}
		if (dwarf_tag(&at) != DW_TAG_typedef || !type_of(&at, &at))
			return false;
	}
	return false;
}

static void make_leaf(struct gcr_layout *layout, unsigned word_size)
{
	unsigned parts = gcr_kind_parts(layout->kind);
	unsigned part = gcr_layout_part_size(layout, word_size);

	layout->size = (uint64_t)parts * part;
	layout->align = part < word_size ? part : word_size;
	if (layout->align == 0)
		layout->align = 1;
	layout->sized = true;
}

/* The fields of a struct while they are read. */
struct fields {
	struct gcr_layout *layout;
	size_t capacity;
	unsigned weight;
};

static int add_field(struct gcr_layout_making *making, struct fields *to,
		     Dwarf_Die *die)
{
	struct gcr_layout_field field = { .name = name_of(die),
					  .layout = gcr_layout_unknown() };
	struct gcr_layout *layout = to->layout;
	unsigned weight = 1;
	Dwarf_Die type;

	if (!number_of(die, DW_AT_data_member_location, &field.offset))
		layout->sized = false;
	if (type_of(die, &type) &&
	    make_layout(making, &type, &field.layout, &weight) != 0)
		return -1;
	to->weight += weight;
	if (!field.layout->sized ||
	    field.layout->size > GCR_LARGEST_TYPE - field.offset ||
	    field.offset + field.layout->size > layout->size)
		layout->sized = false;
	if (field.layout->align > layout->align)
		layout->align = field.layout->align;
	if (gcr_arena_grow(making->arena, &layout->fields, layout->field_count,
			   &to->capacity, sizeof(field), making->err) != 0)
		return -1;
	layout->fields[layout->field_count++] = field;
	return 0;
}

static int make_struct(struct gcr_layout_making *making, Dwarf_Die *die,
		       struct gcr_layout *layout, unsigned *weight)
{
	struct fields to = { .layout = layout };
	Dwarf_Die child, next;
	Dwarf_Off last = dwarf_dieoffset(die);
	int status;

	layout->sized = number_of(die, DW_AT_byte_size, &layout->size) &&
			layout->size < GCR_LARGEST_TYPE;
	layout->align = 1;
	for (status = dwarf_child(die, &child);
	     status == 0 && dwarf_dieoffset(&child) > last &&
	     layout->field_count < MOST_FIELDS && to.weight <= GCR_LAYOUT_NODES;
	     status = dwarf_siblingof(&child, &next), child = next) {
		last = dwarf_dieoffset(&child);
		next = child;
		if (dwarf_tag(&child) == DW_TAG_member &&
		    add_field(making, &to, &child) != 0)
			return -1;
	}
	*weight += to.weight;
	return 0;
}

static int make_array(struct gcr_layout_making *making, Dwarf_Die *die,
		      struct gcr_layout *layout, unsigned *weight)
{
	unsigned inner = 1;
	Dwarf_Die child, type;

	layout->element = gcr_layout_unknown();
	if (type_of(die, &type) &&
	    make_layout(making, &type, &layout->element, &inner) != 0)
		return -1;
	*weight += inner;
	layout->align = layout->element->align;
	layout->sized = layout->element->sized &&
			dwarf_child(die, &child) == 0 &&
			number_of(&child, DW_AT_count, &layout->length) &&
			layout->length < GCR_LARGEST_TYPE;
	if (!layout->sized)
		return 0;
	if (layout->element->size > 0 &&
	    layout->length > GCR_LARGEST_TYPE / layout->element->size) {
		layout->sized = false;
		return 0;
	}
	layout->size = layout->length * layout->element->size;
	return 0;
}

static int fill_layout(struct gcr_layout_making *making, void *type,
		       struct gcr_layout *layout, unsigned *weight)
{
	const struct gcr_debugtypes *types = making->types;
	struct gcr_span name = { 0 };
	int status = 0;
	Dwarf_Die die;

	if (!resolve(type, &die, &name, &layout->kind)) {
		*layout = *gcr_layout_unknown();
	} else if (layout->kind == GCR_STRUCT) {
		status = make_struct(making, &die, layout, weight);
	} else if (layout->kind == GCR_ARRAY) {
		status = make_array(making, &die, layout, weight);
	} else {
		layout->entry = dwarf_dieoffset(&die);
		make_leaf(layout, types->word_size);
	}
	if (status != 0 || name.size == 0)
		return status;
	return gcr_type_name_shorten(name, making->arena, &layout->type,
				     making->err);
}

int gcr_debugtype_layout(struct gcr_debugtypes *types, void *type,
			 const struct gcr_layout **ret, struct gcr_error *err)
{
	struct gcr_layout_making making = { .layouts = &types->made,
					    .arena = types->arena,
					    .err = err,
					    .types = types,
					    .fill = fill_layout };
	unsigned weight;

	return make_layout(&making, type, ret, &weight);
}

#endif

// What an import path and an identifier are made of.
static bool is_path_char(char c)
{
	return gcr_is_letter(c) || gcr_is_digit(c) ||
	       (unsigned char)c >= 0x80 || c == '.' || c == '-' || c == '/' ||
	       c == '~' || c == '%';
}

// The package in front of a field's or method's name, which a type or a `(`
// follows; an embedded type, which nothing but a tag follows, has it for good.
static size_t qualifier_size(struct gcr_span text)
{
	size_t end = 0, name = 0;

	for (; end < text.size && is_path_char(text.data[end]); end++)
		if (text.data[end] == '.')
			name = end + 1;
	text = gcr_span_tail(text, end);
	if (gcr_span_starts(text, "("))
		return name;
	return text.size >= 2 && text.data[0] == ' ' && text.data[1] != '}' &&
			       text.data[1] != '"'
		       ? name
		       : 0;
}

// `struct { main.a int; b.T }` as `struct { a int; b.T }`, in place.
static size_t drop_qualifiers(char *text, size_t size)
{
	bool quoted = false;
	size_t to = 0;

	for (size_t i = 0; i < size; i++) {
		char c = text[to++] = text[i];

		if (quoted && c == '\\' && i + 1 < size)
			text[to++] = text[++i];
		else if (c == '"')
			quoted = !quoted;
		if (quoted || (c != '{' && c != ';') || i + 1 >= size ||
		    text[i + 1] != ' ')
			continue;
		text[to++] = text[++i];
		i += qualifier_size(
			gcr_span_tail((struct gcr_span){ text, size }, i + 1));
	}
	return to;
}

int gcr_type_name_shorten(struct gcr_span name, struct gcr_arena *arena,
			  struct gcr_span *ret, struct gcr_error *err)
{
	size_t size = 0, word = 0;
	char *text;

	if (gcr_span_find(name, '/') == GCR_NOWHERE &&
	    gcr_span_find(name, '{') == GCR_NOWHERE) {
		*ret = name;
		return 0;
	}
	text = gcr_arena_alloc(arena, name.size, err);
	if (text == NULL)
		return -1;
	for (size_t i = 0; i < name.size; i++) {
		char c = name.data[i];

		// Back to where this path began.
		if (c == '/')
			size = word;
		else
			text[size++] = c;
		if (!is_path_char(c))
			word = size;
	}
	*ret = (struct gcr_span){ text, drop_qualifiers(text, size) };
	return 0;
}
