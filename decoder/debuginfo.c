/*
 * Units and functions of DWARF: see debuginfo.h.
 *
 * Go's linker writes no .debug_aranges, so libdw's own search by address finds
 * nothing, or in a program with C in it, a wrong unit. The map from addresses to
 * units is made here, from the first entry of each.
 */

#include "debuginfo.h"

#include "arena.h"
#include "debugfile.h"
#include "error.h"
#include "span.h"

#ifdef GCR_WITHOUT_ELFUTILS

void gcr_debuginfo_free(struct gcr_debuginfo *debuginfo)
{
	(void)debuginfo;
}

enum gcr_answer gcr_image_optimized(struct gcr_image *image, uint64_t entry)
{
	(void)image, (void)entry;
	return GCR_NOT_KNOWN;
}

#else

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <libelf.h>

#include <stdlib.h>

enum {
	MOST_UNITS = 1 << 20,
	MOST_RANGES = 1 << 22,
};

struct range {
	uint64_t low, high;
	size_t unit;
};

struct function_entry {
	uint64_t low;
	Dwarf_Off die;
};

struct unit {
	Dwarf_Off die;
	struct function_entry *functions; /* by low, once read */
	size_t function_count;
	bool read;
	enum gcr_answer optimized;
};

struct gcr_debuginfo {
	Elf *elf; /* of debugfile.h */
	Dwarf *dwarf;
	struct gcr_arena *arena;
	struct unit *units;
	size_t unit_count, unit_capacity;
	struct range *ranges; /* by low */
	size_t range_count, range_capacity;
	struct gcr_debugtypes types;
};

/* Opening -------------------------------------------------------------------- */

// Go cmd/compile/internal/gc RecordFlags: "Go cmd/compile go1.22.6; -N -l".
static enum gcr_answer read_producer(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	const char *text = NULL;
	struct gcr_span producer;

	if (dwarf_attr(die, DW_AT_producer, &attribute) != NULL)
		text = dwarf_formstring(&attribute);
	if (text == NULL)
		return GCR_NOT_KNOWN;
	producer = gcr_span_of(text);
	if (!gcr_span_starts(producer, "Go cmd/compile"))
		return GCR_NOT_KNOWN;
	gcr_span_until(&producer, ';');
	while (producer.size > 0)
		if (gcr_span_is(gcr_span_until(&producer, ' '), "-N"))
			return GCR_NO;
	return GCR_YES;
}

static int add_ranges(struct gcr_debuginfo *to, Dwarf_Die *die,
		      struct gcr_error *err)
{
	struct range range = { .unit = to->unit_count };
	ptrdiff_t at = 0;
	Dwarf_Addr base, low, high;

	while (to->range_count < MOST_RANGES &&
	       (at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
		if (high <= low)
			continue;
		range.low = low;
		range.high = high;
		if (gcr_arena_grow(to->arena, &to->ranges, to->range_count,
				   &to->range_capacity, sizeof(range),
				   err) != 0)
			return -1;
		to->ranges[to->range_count++] = range;
	}
	return 0;
}

static int add_unit(struct gcr_debuginfo *to, Dwarf_Die *die,
		    struct gcr_error *err)
{
	struct unit unit = { .die = dwarf_dieoffset(die),
			     .optimized = read_producer(die) };

	if (dwarf_srclang(die) != DW_LANG_Go)
		return 0;
	if (add_ranges(to, die, err) != 0 ||
	    gcr_arena_grow(to->arena, &to->units, to->unit_count,
			   &to->unit_capacity, sizeof(unit), err) != 0)
		return -1;
	to->units[to->unit_count++] = unit;
	return 0;
}

static int by_low(const void *left, const void *right)
{
	const struct range *a = left, *b = right;

	return (a->low > b->low) - (a->low < b->low);
}

static int read_units(struct gcr_debuginfo *to, struct gcr_error *err)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;

	for (size_t i = 0; i < MOST_UNITS; i++) {
		if (dwarf_get_units(to->dwarf, unit, &unit, NULL, NULL, &die,
				    NULL) != 0)
			break;
		if (dwarf_tag(&die) == DW_TAG_compile_unit &&
		    add_unit(to, &die, err) != 0)
			return -1;
	}
	if (to->range_count > 0)
		qsort(to->ranges, to->range_count, sizeof(*to->ranges), by_low);
	return 0;
}

// The arena keeps what a failed attempt took; there is no second one.
static int open_dwarf(struct gcr_debuginfo *to, const struct gcr_image *image,
		      struct gcr_error *err)
{
	size_t size;
	char *file;

	if (gcr_debugfile_make(&image->memory, image->memory_limit, to->arena,
			       &file, &size, err) != 0)
		return -1;
	to->elf = elf_memory(file, size);
	if (to->elf != NULL)
		to->dwarf = dwarf_begin_elf(to->elf, DWARF_C_READ, NULL);
	if (to->dwarf == NULL)
		return gcr_fail(err, GCR_FORMAT,
				"the debug information cannot be read: %s",
				dwarf_errmsg(-1));
	return read_units(to, err);
}

int gcr_debuginfo_open(struct gcr_image *image, struct gcr_debuginfo **ret,
		       struct gcr_error *err)
{
	struct gcr_debuginfo *debuginfo =
		gcr_arena_alloc(image->arena, sizeof(*debuginfo), err);

	if (debuginfo == NULL)
		return -1;
	debuginfo->arena = image->arena;
	debuginfo->types =
		(struct gcr_debugtypes){ .arena = image->arena,
					 .word_size = image->memory.word_size };
	if (open_dwarf(debuginfo, image, err) != 0) {
		gcr_debuginfo_free(debuginfo);
		return -1;
	}
	*ret = debuginfo;
	return 0;
}

void gcr_debuginfo_free(struct gcr_debuginfo *debuginfo)
{
	if (debuginfo == NULL)
		return;
	dwarf_end(debuginfo->dwarf);
	elf_end(debuginfo->elf);
}

/* Functions ------------------------------------------------------------------- */

static struct unit *find_unit(struct gcr_debuginfo *in, uint64_t pc)
{
	size_t low = 0, high = in->range_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (in->ranges[middle].low <= pc)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || pc >= in->ranges[low - 1].high)
		return NULL;
	return &in->units[in->ranges[low - 1].unit];
}

static int by_entry(const void *left, const void *right)
{
	const struct function_entry *a = left, *b = right;

	return (a->low > b->low) - (a->low < b->low);
}

// libdw follows DW_AT_sibling wherever it points: only forward is believed.
bool gcr_debuginfo_next(void *die)
{
	Dwarf_Off from = dwarf_dieoffset(die);
	Dwarf_Die next;

	if (dwarf_siblingof(die, &next) != 0 || dwarf_dieoffset(&next) <= from)
		return false;
	*(Dwarf_Die *)die = next;
	return true;
}

static int read_unit(struct gcr_debuginfo *in, struct unit *unit,
		     struct gcr_error *err)
{
	size_t capacity = 0;
	Dwarf_Die die, child;
	bool more;

	unit->read = true;
	more = dwarf_offdie(in->dwarf, unit->die, &die) != NULL &&
	       dwarf_child(&die, &child) == 0;
	for (; more; more = gcr_debuginfo_next(&child)) {
		struct function_entry entry = { .die = dwarf_dieoffset(
							&child) };
		Dwarf_Addr low;

		if (dwarf_tag(&child) != DW_TAG_subprogram ||
		    dwarf_lowpc(&child, &low) != 0)
			continue;
		entry.low = low;
		if (gcr_arena_grow(in->arena, &unit->functions,
				   unit->function_count, &capacity,
				   sizeof(entry), err) != 0)
			return -1;
		unit->functions[unit->function_count++] = entry;
	}
	if (unit->function_count > 0)
		qsort(unit->functions, unit->function_count,
		      sizeof(*unit->functions), by_entry);
	return 0;
}

int gcr_debuginfo_find(struct gcr_debuginfo *in, uint64_t entry, void *ret,
		       bool *found, struct gcr_error *err)
{
	const struct function_entry key = { .low = entry }, *function = NULL;
	struct unit *unit = find_unit(in, entry);

	*found = false;
	if (unit == NULL)
		return 0;
	if (!unit->read && read_unit(in, unit, err) != 0)
		return -1;
	if (unit->function_count > 0)
		function = bsearch(&key, unit->functions, unit->function_count,
				   sizeof(key), by_entry);
	*found = function != NULL &&
		 dwarf_offdie(in->dwarf, function->die, ret) != NULL;
	return 0;
}

bool gcr_debuginfo_entry(struct gcr_debuginfo *in, uint64_t entry, void *ret)
{
	return dwarf_offdie(in->dwarf, entry, ret) != NULL;
}

struct gcr_debugtypes *gcr_debuginfo_types(struct gcr_debuginfo *debuginfo)
{
	return &debuginfo->types;
}

int gcr_debuginfo_need(struct gcr_image *image, struct gcr_error *err)
{
	int status;

	if (image->debuginfo != NULL)
		return 0;
	if (image->debuginfo_failed)
		return gcr_fail(err, GCR_NOT_FOUND, "no debug information");
	status = gcr_debuginfo_open(image, &image->debuginfo, err);
	image->debuginfo_failed = status != 0;
	return status;
}

enum gcr_answer gcr_image_optimized(struct gcr_image *image, uint64_t entry)
{
	struct gcr_error lost;
	const struct unit *unit;

	if (gcr_debuginfo_need(image, &lost) != 0)
		return image->info.optimized;
	unit = find_unit(image->debuginfo, entry);
	return unit != NULL && unit->optimized != GCR_NOT_KNOWN
		       ? unit->optimized
		       : image->info.optimized;
}

#endif
