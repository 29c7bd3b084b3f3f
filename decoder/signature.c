/*
 * Signatures: the formal parameters of a function's entry in DWARF, and of the
 * abstract one that inlined copies share. The instance may lack parameters it does
 * not use, the abstract one lacks unnamed results, so both are read.
 */

#include "signature.h"

#include "arena.h"
#include "debuginfo.h"
#include "error.h"
#include "image.h"
#include "span.h"

#ifdef GCR_WITHOUT_ELFUTILS

int gcr_image_signature(struct gcr_image *image, uint64_t entry,
			const struct gcr_image_signature **ret,
			struct gcr_error *err)
{
	(void)image, (void)entry, (void)ret;
	return gcr_fail(err, GCR_UNSUPPORTED,
			"this build reads no binaries (no elfutils)");
}

#else

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <string.h>

enum {
	MOST_PARAMETERS = 1024,
	MOST_LOCATIONS = 64, /* looked at for where a parameter lives */
};

// What is not there, kept like any other answer.
static const struct gcr_image_signature no_signature = { 0 };

/* The parameters of one function while they are read. */
struct collecting {
	struct gcr_debugtypes *types;
	struct gcr_error *err;
	struct gcr_image_parameter *items;
	size_t count, item_capacity, place_capacity, home_capacity;
	Dwarf_Off *places; /* of the entries that items are from */
	int64_t *homes;
};

// An operation that is an address in the caller's argument area: the frame base
// of a Go function is where that begins.
static bool argument_offset(const Dwarf_Op *operation, int64_t *ret)
{
	if (operation->atom == DW_OP_call_frame_cfa)
		*ret = 0;
	else if (operation->atom == DW_OP_fbreg)
		*ret = (int64_t)operation->number;
	else
		return false;
	return *ret >= 0;
}

// The first location that begins in the argument area: later ones may be copies.
static int64_t home_of(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Addr base, start, end;
	Dwarf_Op *operations;
	ptrdiff_t at = 0;
	int64_t home;
	size_t count;

	if (dwarf_attr(die, DW_AT_location, &attribute) == NULL)
		return GCR_NO_HOME;
	for (unsigned i = 0; i < MOST_LOCATIONS; i++) {
		at = dwarf_getlocations(&attribute, at, &base, &start, &end,
					&operations, &count);
		if (at <= 0)
			break;
		if (count == 0 || !argument_offset(&operations[0], &home))
			continue;
		// `cfa + n`, as it is written for some.
		if (count >= 3 && operations[1].atom == DW_OP_consts &&
		    operations[2].atom == DW_OP_plus)
			home = (int64_t)operations[1].number;
		return home >= 0 ? home : GCR_NO_HOME;
	}
	return GCR_NO_HOME;
}

static int add_item(struct collecting *to, Dwarf_Die *die)
{
	struct gcr_image_parameter item = { .layout = gcr_layout_unknown() };
	struct gcr_arena *arena = to->types->arena;
	const char *name = dwarf_diename(die);
	Dwarf_Attribute attribute;
	Dwarf_Die type;

	if (name != NULL)
		item.name = gcr_span_of(name);
	if (dwarf_attr_integrate(die, DW_AT_variable_parameter, &attribute) !=
		    NULL &&
	    dwarf_formflag(&attribute, &item.result) != 0)
		item.result = false;
	if (dwarf_attr_integrate(die, DW_AT_type, &attribute) != NULL &&
	    dwarf_formref_die(&attribute, &type) != NULL &&
	    gcr_debugtype_layout(to->types, &type, &item.layout, to->err) != 0)
		return -1;
	if (gcr_arena_grow(arena, &to->items, to->count, &to->item_capacity,
			   sizeof(item), to->err) != 0 ||
	    gcr_arena_grow(arena, &to->places, to->count, &to->place_capacity,
			   sizeof(*to->places), to->err) != 0 ||
	    gcr_arena_grow(arena, &to->homes, to->count, &to->home_capacity,
			   sizeof(*to->homes), to->err) != 0)
		return -1;
	to->items[to->count] = item;
	to->places[to->count] = dwarf_dieoffset(die);
	to->homes[to->count++] = GCR_NO_HOME;
	return 0;
}

// A result may be there twice in a function that defers: `~r0` when it has no name.
static bool is_again(const struct gcr_image_parameter *item, Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);

	return name != NULL && gcr_span_is(item->name, name) &&
	       (name[0] == '~' || gcr_is_letter(name[0])) &&
	       strcmp(name, "_") != 0;
}

// The item that is from the abstract entry of `die`; or a new one, the last.
static int find_item(struct collecting *to, Dwarf_Die *die, size_t *ret)
{
	Dwarf_Attribute origin;
	Dwarf_Die abstract;

	*ret = to->count;
	if (dwarf_attr(die, DW_AT_abstract_origin, &origin) != NULL &&
	    dwarf_formref_die(&origin, &abstract) != NULL)
		for (size_t i = 0; i < to->count; i++)
			if (to->places[i] == dwarf_dieoffset(&abstract))
				*ret = i;
	for (size_t i = 0; i < *ret; i++)
		if (*ret == to->count && is_again(&to->items[i], die))
			*ret = i;
	return *ret == to->count ? add_item(to, die) : 0;
}

static int collect(struct collecting *to, Dwarf_Die *function, bool homes)
{
	Dwarf_Die child;
	bool more = dwarf_child(function, &child) == 0;
	size_t item;

	for (; more && to->count < MOST_PARAMETERS;
	     more = gcr_debuginfo_next(&child)) {
		if (dwarf_tag(&child) != DW_TAG_formal_parameter)
			continue;
		if (find_item(to, &child, &item) != 0)
			return -1;
		if (homes)
			to->homes[item] = home_of(&child);
	}
	return 0;
}

static int collect_all(struct collecting *to, Dwarf_Die *instance, bool homes)
{
	Dwarf_Attribute origin;
	Dwarf_Die abstract;

	if (dwarf_attr(instance, DW_AT_abstract_origin, &origin) != NULL &&
	    dwarf_formref_die(&origin, &abstract) != NULL &&
	    dwarf_tag(&abstract) == DW_TAG_subprogram &&
	    collect(to, &abstract, false) != 0)
		return -1;
	return collect(to, instance, homes);
}

// Parameters before results, each in the order they stand in.
static int part_items(const struct collecting *from,
		      struct gcr_image_signature *to, int64_t **homes)
{
	struct gcr_arena *arena = from->types->arena;

	to->items = gcr_arena_array(arena, from->count, sizeof(*to->items),
				    from->err);
	*homes =
		gcr_arena_array(arena, from->count, sizeof(**homes), from->err);
	if (to->items == NULL || *homes == NULL)
		return -1;
	for (int results = 0; results < 2; results++) {
		for (size_t i = 0; i < from->count; i++)
			if (from->items[i].result == (results == 1)) {
				(*homes)[to->count] = from->homes[i];
				to->items[to->count++] = from->items[i];
			}
		if (results == 0)
			to->parameter_count = to->count;
	}
	return 0;
}

static int make_signature(struct gcr_image *image,
			  const struct gcr_image_function *function,
			  const struct gcr_image_signature **ret,
			  struct gcr_error *err)
{
	struct collecting collecting = {
		.types = gcr_debuginfo_types(image->debuginfo), .err = err
	};
	bool flat = image->table.layout < GCR_PCLNTAB_1_18, found;
	struct gcr_image_signature *signature;
	int64_t *homes;
	Dwarf_Die die;

	if (gcr_debuginfo_find(image->debuginfo, function->entry, &die, &found,
			       err) != 0)
		return -1;
	if (!found) {
		*ret = &no_signature;
		return 0;
	}
	signature = gcr_arena_alloc(image->arena, sizeof(*signature), err);
	if (signature == NULL || collect_all(&collecting, &die, flat) != 0 ||
	    part_items(&collecting, signature, &homes) != 0)
		return -1;
	signature->optimized = gcr_image_optimized(image, function->entry);
	gcr_signature_check(image, function, signature, homes);
	*ret = signature;
	return 0;
}

static int need_signatures(struct gcr_image *image, struct gcr_error *err)
{
	if (gcr_debuginfo_need(image, err) != 0)
		return -1;
	if (image->signatures == NULL)
		image->signatures = gcr_arena_array(
			image->arena, (size_t)image->table.function_count,
			sizeof(*image->signatures), err);
	return image->signatures != NULL ? 0 : -1;
}

int gcr_image_signature(struct gcr_image *image, uint64_t entry,
			const struct gcr_image_signature **ret,
			struct gcr_error *err)
{
	const struct gcr_image_signature **place;
	struct gcr_image_function function;

	if (!gcr_image_function_at(image, entry, &function) ||
	    function.entry != entry)
		return gcr_fail(err, GCR_NOT_FOUND,
				"no function begins at 0x%llx",
				(unsigned long long)entry);
	if (need_signatures(image, err) != 0)
		return -1;
	place = &image->signatures[function.index];
	if (*place == NULL && make_signature(image, &function, place, err) != 0)
		return -1;
	if (*place == &no_signature)
		return gcr_fail(err, GCR_NOT_FOUND, "'%.*s' is not described",
				GCR_PRINT_SPAN(function.symbol));
	*ret = *place;
	return 0;
}

#endif
