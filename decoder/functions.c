/*
 * Functions of a program by number, address and name: the part of image.h that
 * stands on the pc-line table alone.
 */

#include "image.h"

#include "arena.h"
#include "bytes.h"
#include "imagefile.h"
#include "span.h"

#include <string.h>

enum {
	SEARCHED = 128 << 20, /* bytes looked through for a table */
	TABLE_ALIGN = 4,
	HEADER_SIZE = 8,
	FIRST_TEXT = 8, /* where the text's word stands, less two words */
	MOST_NAMED = 1 << 24,
};

// The runtime's numbers for wrappers, each up to a release.
// Go internal/abi/symtab.go FuncIDWrapper, before runtime/symtab.go.
static const struct {
	unsigned newest, id;
} wrappers[] = {
	{ 13, 20 }, { 17, 22 }, { 21, 21 }, { 24, 22 }, { 999, 23 },
};

static unsigned wrapper_id(const struct gcr_target *target)
{
	size_t i = 0;

	if (target->go_min == 0 || target->go_min != target->go_max)
		return 0;
	while (wrappers[i].newest < target->go_min)
		i++;
	return wrappers[i].id;
}

/* What may be a table, and where it is. */
struct candidate {
	struct gcr_span bytes;
	uint64_t address;
};

// A table whose words are addresses waits for relocation like any data.
static int try_table(struct gcr_image *image, const struct candidate *at,
		     struct gcr_error *err)
{
	const struct gcr_memory *memory = &image->memory;
	struct gcr_span bytes = at->bytes;
	struct gcr_pclntab table;
	struct gcr_error odd;
	uint64_t place, text;

	if (gcr_pclntab_open(bytes, at->address, &table, &odd) != 0)
		return 0;
	if (memory->relocation_count > 0 && table.layout < GCR_PCLNTAB_1_18) {
		if (gcr_memory_relocated(memory, at->address, bytes,
					 image->arena, &bytes, err) != 0)
			return -1;
		if (gcr_pclntab_open(bytes, at->address, &table, &odd) != 0)
			return 0;
	}
	place = at->address + FIRST_TEXT + 2 * (uint64_t)table.word_size;
	if (table.layout >= GCR_PCLNTAB_1_18 &&
	    gcr_memory_pointer(memory, place, &text) != GCR_MEMORY_NONE)
		table.text = text;
	image->table = table;
	return 0;
}

static bool has_name_of_table(const struct gcr_section *section)
{
	return section->bytes.size > 0 &&
	       gcr_span_ends(section->name, "gopclntab");
}

static int try_sections(struct gcr_image *image, struct gcr_error *err)
{
	const struct gcr_memory *memory = &image->memory;

	for (size_t i = 0; i < memory->section_count; i++) {
		const struct gcr_section *section = &memory->sections[i];

		if (!has_name_of_table(section))
			continue;
		if (try_table(image,
			      &(struct candidate){ section->bytes,
						   section->address },
			      err) != 0)
			return -1;
		if (image->table.function_count > 0)
			return 0;
	}
	return 0;
}

// Does the table's first function lie in code? Since go1.18 that takes the
// text, which moduledata may have to tell; then the table's own shape decides.
static bool is_plausible(const struct gcr_image *image)
{
	uint64_t entry;

	if (image->table.function_count == 0)
		return false;
	if (image->table.layout >= GCR_PCLNTAB_1_18)
		return image->table.file_count > 0;
	return gcr_pclntab_entry(&image->table, 0, &entry) &&
	       gcr_memory_kind(&image->memory, entry) == GCR_MEMORY_CODE;
}

static int search_segment(struct gcr_image *image,
			  const struct gcr_segment *segment, size_t *left,
			  struct gcr_error *err)
{
	struct gcr_span bytes = segment->bytes;

	for (size_t at = 0; at + HEADER_SIZE<bytes.size && * left> 0;
	     at += TABLE_ALIGN, *left -= TABLE_ALIGN) {
		// All magics have these three bytes.
		if (memcmp(bytes.data + at + 1, "\xff\xff\xff", 3) != 0 ||
		    !gcr_pclntab_is(gcr_span_tail(bytes, at)))
			continue;
		if (try_table(image,
			      &(struct candidate){ gcr_span_tail(bytes, at),
						   segment->address + at },
			      err) != 0)
			return -1;
		if (is_plausible(image))
			return 0;
		image->table.function_count = 0;
	}
	return 0;
}

static int search_segments(struct gcr_image *image, struct gcr_error *err)
{
	size_t left = SEARCHED;

	for (size_t i = 0; i < image->memory.segment_count; i++) {
		if (search_segment(image, &image->memory.segments[i], &left,
				   err) != 0)
			return -1;
		if (image->table.function_count > 0)
			return 0;
	}
	return 0;
}

static void find_text(struct gcr_image *image)
{
	struct gcr_image_info *info = &image->info;
	const struct gcr_section *section =
		gcr_memory_section(&image->memory, ".text");
	struct gcr_moduledata module = { 0 };

	if (gcr_moduledata_find(&image->memory, &image->table, &module)) {
		image->table.text = module.text;
		image->funcdata = module.funcdata;
	} else if (image->table.text == 0 && section != NULL) {
		image->table.text = section->address;
	}
	if (gcr_pclntab_entry(&image->table, 0, &info->text) &&
	    !gcr_pclntab_entry(&image->table, image->table.function_count,
			       &info->text_end))
		info->text = 0;
}

static void narrow_release(struct gcr_image *image)
{
	struct gcr_target *target = &image->info.target;

	if (target->go_min == 0 && target->go_max == 0)
		gcr_pclntab_releases(&image->table, &target->go_min,
				     &target->go_max);
	image->wrapper_id = wrapper_id(target);
}

int gcr_image_find_functions(struct gcr_image *image, struct gcr_error *err)
{
	if (try_sections(image, err) != 0)
		return -1;
	if (image->table.function_count == 0 &&
	    search_segments(image, err) != 0)
		return -1;
	if (image->table.function_count == 0)
		return 0;
	image->info.has_functions = true;
	narrow_release(image);
	find_text(image);
	return 0;
}

static const struct {
	const char *symbol;
	unsigned flag;
} special[] = {
	{ "runtime.sigpanic", GCR_FUNCTION_SIGPANIC },
	{ "runtime.asyncPreempt", GCR_FUNCTION_ASYNC_PREEMPT },
	{ "runtime.goexit", GCR_FUNCTION_TOP_FRAME },
	{ "runtime.mstart", GCR_FUNCTION_TOP_FRAME },
	{ "runtime.rt0_go", GCR_FUNCTION_TOP_FRAME },
};

unsigned gcr_image_flags(const struct gcr_image *image, struct gcr_span symbol,
			 unsigned func_id)
{
	unsigned flags = 0;

	if (image->wrapper_id != 0 && func_id == image->wrapper_id)
		flags |= GCR_FUNCTION_WRAPPER;
	if (!gcr_span_starts(symbol, "runtime."))
		return flags;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (gcr_span_is(symbol, special[i].symbol))
			flags |= special[i].flag;
	return flags;
}

static unsigned flags_of(const struct gcr_image *image,
			 const struct gcr_pclntab_function *function)
{
	unsigned flags =
		gcr_image_flags(image, function->symbol, function->func_id);

	if ((function->flags & GCR_PCLNTAB_TOP_FRAME) != 0)
		flags |= GCR_FUNCTION_TOP_FRAME;
	if ((function->flags & GCR_PCLNTAB_SP_WRITE) != 0)
		flags |= GCR_FUNCTION_WRITES_SP;
	if ((function->flags & GCR_PCLNTAB_ASM) != 0)
		flags |= GCR_FUNCTION_ASSEMBLY;
	return flags;
}

static uint64_t size_of(const struct gcr_pclntab *table,
			const struct gcr_pclntab_function *function)
{
	uint64_t end;

	if ((gcr_pclntab_extent(table, function->frame_sizes, function->entry,
				&end) ||
	     gcr_pclntab_extent(table, function->lines, function->entry,
				&end)) &&
	    end <= function->end)
		return end - function->entry;
	return function->end - function->entry;
}

static void describe(const struct gcr_image *image,
		     const struct gcr_pclntab_function *from,
		     struct gcr_image_function *ret)
{
	const struct gcr_pclntab *table = &image->table;
	int32_t file;

	*ret = (struct gcr_image_function){
		.symbol = from->symbol,
		.entry = from->entry,
		.size = size_of(table, from),
		.extent = from->end - from->entry,
		.index = (size_t)from->index,
		.flags = flags_of(image, from),
		.func_id = from->func_id,
		.start_line = from->start_line,
		.arguments_size = from->arguments,
		.deferreturn = from->deferreturn,
	};
	if (gcr_pclntab_value(table, from->file_numbers, from->entry,
			      from->entry, &file))
		gcr_pclntab_file(table, from->unit, file, &ret->file);
}

size_t gcr_image_function_count(const struct gcr_image *image)
{
	return (size_t)image->table.function_count;
}

bool gcr_image_function(const struct gcr_image *image, size_t index,
			struct gcr_image_function *ret)
{
	struct gcr_pclntab_function function;

	if (!gcr_pclntab_function(&image->table, index, &function))
		return false;
	describe(image, &function, ret);
	return true;
}

bool gcr_image_function_at(const struct gcr_image *image, uint64_t pc,
			   struct gcr_image_function *ret)
{
	struct gcr_pclntab_function function;

	if (image->table.function_count == 0 ||
	    !gcr_pclntab_find(&image->table, pc, &function))
		return false;
	describe(image, &function, ret);
	return true;
}

bool gcr_image_code(const struct gcr_image *image,
		    const struct gcr_image_function *function,
		    struct gcr_span *ret)
{
	struct gcr_span code = { 0 };

	if (gcr_memory_read(&image->memory, function->entry, function->size,
			    &code) != GCR_MEMORY_CODE ||
	    code.size < function->size)
		return false;
	*ret = code;
	return true;
}

/* By name ---------------------------------------------------------------------- */

// Chains keep the order of entries, so they are made from the last one on.
static int index_names(struct gcr_image *image)
{
	uint64_t count = image->table.function_count;
	uint32_t *first, *next;
	struct gcr_error lost;
	struct gcr_span symbol;

	if (count == 0 || count > MOST_NAMED)
		return -1;
	first = gcr_arena_array(image->arena, (size_t)count, sizeof(*first),
				&lost);
	next = gcr_arena_array(image->arena, (size_t)count, sizeof(*next),
			       &lost);
	if (first == NULL || next == NULL)
		return -1;
	for (uint64_t i = count; i-- > 0;) {
		if (!gcr_pclntab_symbol(&image->table, i, &symbol))
			continue;
		uint64_t bucket = gcr_symbol_hash(symbol) % count;
		next[i] = first[bucket];
		first[bucket] = (uint32_t)(i + 1);
	}
	image->first_named = first;
	image->next_named = next;
	image->bucket_count = count;
	return 0;
}

bool gcr_image_function_named(struct gcr_image *image, struct gcr_span name,
			      size_t *after, struct gcr_image_function *ret)
{
	struct gcr_span symbol;
	uint32_t at;

	if (image->first_named == NULL && index_names(image) != 0)
		return false;
	at = *after == 0 || *after > image->bucket_count
		     ? image->first_named[gcr_symbol_hash(name) %
					  image->bucket_count]
		     : image->next_named[*after - 1];
	for (; at != 0; at = image->next_named[at - 1])
		if (gcr_pclntab_symbol(&image->table, at - 1, &symbol) &&
		    gcr_symbol_matches(symbol, name) &&
		    gcr_image_function(image, at - 1, ret)) {
			*after = at;
			return true;
		}
	return false;
}
