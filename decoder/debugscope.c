/* Variables in scope: see debugscope.h. */

#include "debugscope.h"

#include "arena.h"
#include "debuginfo.h"
#include "locationfit.h"
#include "span.h"

#ifdef GCR_WITHOUT_ELFUTILS

int gcr_debugscope(struct gcr_image *image, uint64_t entry,
		   const struct gcr_location_frame *frame,
		   struct gcr_arena *arena, struct gcr_variables *ret,
		   struct gcr_error *err)
{
	(void)image, (void)entry, (void)frame, (void)arena, (void)err;
	*ret = (struct gcr_variables){ 0 };
	return 0;
}

void gcr_debugscope_location(struct gcr_image *image,
			     const struct gcr_variable *variable,
			     const struct gcr_location_frame *frame,
			     struct gcr_location *ret)
{
	(void)image, (void)variable, (void)frame;
	*ret = (struct gcr_location){ 0 };
}

#else

#include <dwarf.h>
#include <elfutils/libdw.h>

enum {
	MOST_VARIABLES = 4096,
	MOST_ENTRIES = 1 << 16, /* of one function */
	DEEPEST = 64,
};

/* One function's scopes while they are walked. */
struct walk {
	struct gcr_debugtypes *types;
	const struct gcr_location_frame *frame;
	struct gcr_arena *arena;
	struct gcr_error *err;
	struct gcr_variables *to;
	size_t capacity, call_capacity, entries;
	bool optimized; /* or not known to be not */
};

static struct gcr_span name_of(Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);

	return name != NULL ? gcr_span_of(name) : (struct gcr_span){ 0 };
}

static unsigned line_of(Dwarf_Die *die)
{
	int line;

	return dwarf_decl_line(die, &line) == 0 && line > 0 ? (unsigned)line
							    : 0;
}

static bool flag_of(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attribute;
	bool flag;

	return dwarf_attr_integrate(die, name, &attribute) != NULL &&
	       dwarf_formflag(&attribute, &flag) == 0 && flag;
}

static int layout_of(struct walk *walk, Dwarf_Die *die,
		     const struct gcr_layout **ret)
{
	Dwarf_Attribute attribute;
	Dwarf_Die type;

	*ret = gcr_layout_unknown();
	if (dwarf_attr_integrate(die, DW_AT_type, &attribute) == NULL ||
	    dwarf_formref_die(&attribute, &type) == NULL)
		return 0;
	return gcr_debugtype_layout(walk->types, &type, ret, walk->err);
}

// What escaped has its address's name.
static struct gcr_span plain_name(struct gcr_span name)
{
	gcr_span_skip(&name, "&");
	return name;
}

// An inner declaration stands behind what it hides.
static void hide_outer(struct gcr_variables *in, const struct gcr_variable *by)
{
	for (size_t i = 0; i < in->count; i++)
		if (in->items[i].depth == by->depth && by->inner &&
		    gcr_span_equal(plain_name(in->items[i].name),
				   plain_name(by->name)))
			in->items[i].hidden = true;
}

static int add_variable(struct walk *walk, Dwarf_Die *die, unsigned depth,
			bool inner)
{
	bool parameter = dwarf_tag(die) == DW_TAG_formal_parameter;
	struct gcr_variable variable = {
		.name = name_of(die),
		.depth = depth,
		.line = line_of(die),
		.entry = dwarf_dieoffset(die),
		.inner = inner,
		.parameter = parameter,
		.result = parameter && flag_of(die, DW_AT_variable_parameter),
	};
	struct gcr_variables *to = walk->to;

	if (to->count >= MOST_VARIABLES || variable.name.size == 0)
		return 0;
	if (layout_of(walk, die, &variable.layout) != 0)
		return -1;
	gcr_dwarf_location(die, walk->frame, &variable.location);
	if (walk->optimized)
		gcr_location_fit(&variable.location, variable.layout,
				 walk->types->word_size);
	hide_outer(to, &variable);
	if (gcr_arena_grow(walk->arena, &to->items, to->count, &walk->capacity,
			   sizeof(variable), walk->err) != 0)
		return -1;
	to->items[to->count++] = variable;
	return 0;
}

static int add_call(struct walk *walk, Dwarf_Die *die)
{
	struct gcr_variables *to = walk->to;

	if (gcr_arena_grow(walk->arena, &to->calls, to->depths,
			   &walk->call_capacity, sizeof(*to->calls),
			   walk->err) != 0)
		return -1;
	to->calls[to->depths++] = name_of(die);
	return 0;
}

// Go's compiler declares a thing per entry: the recursion is as deep as blocks.
static int walk_scope(struct walk *walk, Dwarf_Die *scope, unsigned depth,
		      unsigned level)
{
	Dwarf_Die child;
	bool more = dwarf_child(scope, &child) == 0;
	int status = 0;

	if (level > DEEPEST)
		return 0;
	for (; more && status == 0 && walk->entries++ < MOST_ENTRIES;
	     more = gcr_debuginfo_next(&child)) {
		int tag = dwarf_tag(&child);
		bool inlined = tag == DW_TAG_inlined_subroutine;

		if (tag == DW_TAG_formal_parameter || tag == DW_TAG_variable) {
			status = add_variable(walk, &child, depth, level > 0);
			continue;
		}
		if ((!inlined && tag != DW_TAG_lexical_block) ||
		    dwarf_haspc(&child, walk->frame->pc) <= 0)
			continue;
		// Two here that are not inside each other: no telling which.
		if (inlined && depth < walk->to->depths)
			continue;
		if (inlined && add_call(walk, &child) != 0)
			return -1;
		status = walk_scope(walk, &child, depth + inlined, level + 1);
	}
	return status;
}

int gcr_debugscope(struct gcr_image *image, uint64_t entry,
		   const struct gcr_location_frame *frame,
		   struct gcr_arena *arena, struct gcr_variables *ret,
		   struct gcr_error *err)
{
	struct walk walk = {
		.frame = frame, .arena = arena, .err = err, .to = ret
	};
	struct gcr_error lost;
	bool found = false;
	Dwarf_Die die;

	*ret = (struct gcr_variables){ 0 };
	if (gcr_debuginfo_need(image, &lost) != 0)
		return 0;
	walk.types = gcr_debuginfo_types(image->debuginfo);
	walk.optimized = gcr_image_optimized(image, entry) != GCR_NO;
	if (gcr_debuginfo_find(image->debuginfo, entry, &die, &found, err) != 0)
		return -1;
	return found ? walk_scope(&walk, &die, 0, 0) : 0;
}

void gcr_debugscope_location(struct gcr_image *image,
			     const struct gcr_variable *variable,
			     const struct gcr_location_frame *frame,
			     struct gcr_location *ret)
{
	Dwarf_Die die;

	*ret = (struct gcr_location){ 0 };
	if (image->debuginfo != NULL &&
	    gcr_debuginfo_entry(image->debuginfo, variable->entry, &die))
		gcr_dwarf_location(&die, frame, ret);
}

#endif
