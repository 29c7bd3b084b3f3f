/*
 * Variables in scope: see debugscope.h. Which there are, and what tells where each
 * is, depends on the pc alone and is kept by it; where it is then, on the frame.
 */

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
	BUCKETS = 1024,
	MOST_MEMORY = 8 << 20, /* of what is kept */
};

/* A variable, wherever it is. */
struct found {
	struct gcr_span name;
	const struct gcr_layout *layout;
	struct gcr_location_rule rule;
	uint64_t entry;
	unsigned depth, line;
	bool parameter, result, inner, hidden;
};

/* What is in scope at a pc. */
struct scope {
	struct scope *next;
	uint64_t function, pc;
	struct found *items;
	size_t count;
	struct gcr_span *calls;
	unsigned depths;
	bool optimized; /* or not known to be not */
};

struct gcr_debugscopes {
	struct scope *buckets[BUCKETS];
	size_t memory;
};

/* One function's scopes while they are walked. */
struct walk {
	struct gcr_debugtypes *types;
	struct gcr_arena *arena;
	struct gcr_error *err;
	struct scope *to;
	size_t capacity, call_capacity, entries;
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
static void hide_outer(struct scope *in, const struct found *by)
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
	struct found variable = {
		.name = name_of(die),
		.depth = depth,
		.line = line_of(die),
		.entry = dwarf_dieoffset(die),
		.inner = inner,
		.parameter = parameter,
		.result = parameter && flag_of(die, DW_AT_variable_parameter),
	};
	struct scope *to = walk->to;

	if (to->count >= MOST_VARIABLES || variable.name.size == 0)
		return 0;
	if (layout_of(walk, die, &variable.layout) != 0)
		return -1;
	gcr_dwarf_location_rule(die, to->pc, &variable.rule);
	hide_outer(to, &variable);
	if (gcr_arena_grow(walk->arena, &to->items, to->count, &walk->capacity,
			   sizeof(variable), walk->err) != 0)
		return -1;
	to->items[to->count++] = variable;
	return 0;
}

static int add_call(struct walk *walk, Dwarf_Die *die)
{
	struct scope *to = walk->to;

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
		    dwarf_haspc(&child, walk->to->pc) <= 0)
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

static int find_scope(struct gcr_image *image, struct gcr_arena *arena,
		      struct scope *ret, struct gcr_error *err)
{
	struct walk walk = { .arena = arena, .err = err, .to = ret };
	bool found = false;
	Dwarf_Die die;

	walk.types = gcr_debuginfo_types(image->debuginfo);
	ret->optimized = gcr_image_optimized(image, ret->function) != GCR_NO;
	if (gcr_debuginfo_find(image->debuginfo, ret->function, &die, &found,
			       err) != 0)
		return -1;
	return found ? walk_scope(&walk, &die, 0, 0) : 0;
}

// What has been found before, or is kept from now on; NULL: there is no room.
static const struct scope *recall(struct gcr_image *image, uint64_t function,
				  uint64_t pc)
{
	struct gcr_arena *arena = image->arena;
	size_t before = gcr_arena_used(arena);
	struct scope **bucket, *at;
	struct gcr_error lost;

	if (image->scopes == NULL)
		image->scopes =
			gcr_arena_alloc(arena, sizeof(*image->scopes), &lost);
	if (image->scopes == NULL)
		return NULL;
	bucket = &image->scopes
			  ->buckets[pc * UINT64_C(0x9e3779b97f4a7c15) >> 40 &
				    (BUCKETS - 1)];
	for (at = *bucket; at != NULL; at = at->next)
		if (at->pc == pc && at->function == function)
			return at;
	if (image->scopes->memory > MOST_MEMORY)
		return NULL;
	at = gcr_arena_alloc(arena, sizeof(*at), &lost);
	if (at == NULL)
		return NULL;
	*at = (struct scope){ .function = function, .pc = pc };
	if (find_scope(image, arena, at, &lost) != 0)
		return NULL;
	at->next = *bucket;
	*bucket = at;
	image->scopes->memory += gcr_arena_used(arena) - before;
	return at;
}

static void place(const struct found *from, const struct scope *scope,
		  unsigned word_size, const struct gcr_location_frame *frame,
		  struct gcr_variable *ret)
{
	ret->name = from->name;
	ret->layout = from->layout;
	ret->parameter = from->parameter;
	ret->result = from->result;
	ret->depth = from->depth;
	ret->line = from->line;
	ret->entry = from->entry;
	ret->inner = from->inner;
	ret->hidden = from->hidden;
	gcr_dwarf_location_of(&from->rule, frame, &ret->location);
	if (scope->optimized)
		gcr_location_fit(&ret->location, ret->layout, word_size);
}

int gcr_debugscope(struct gcr_image *image, uint64_t entry,
		   const struct gcr_location_frame *frame,
		   struct gcr_arena *arena, struct gcr_variables *ret,
		   struct gcr_error *err)
{
	struct scope anew = { .function = entry, .pc = frame->pc };
	const struct scope *scope;
	struct gcr_error lost;
	unsigned word_size;

	*ret = (struct gcr_variables){ 0 };
	if (gcr_debuginfo_need(image, &lost) != 0)
		return 0;
	word_size = gcr_debuginfo_types(image->debuginfo)->word_size;
	scope = recall(image, entry, frame->pc);
	if (scope == NULL) {
		if (find_scope(image, arena, &anew, err) != 0)
			return -1;
		scope = &anew;
	}
	ret->calls = scope->calls;
	ret->depths = scope->depths;
	ret->items =
		gcr_arena_array(arena, scope->count, sizeof(*ret->items), err);
	if (ret->items == NULL)
		return -1;
	for (size_t i = 0; i < scope->count; i++)
		place(&scope->items[i], scope, word_size, frame,
		      &ret->items[i]);
	ret->count = scope->count;
	return 0;
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
