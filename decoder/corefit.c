/*
 * Program and core held against one another: see corefit.h.
 *
 * The bias of a position-independent program is where the kernel says its
 * program headers are (AT_PHDR), less where they are in the file.
 */

#include "corefit.h"

#include "bytes.h"
#include "span.h"

enum {
	PAGE = 4096,
	HEADER = 64,
	AT_ENTRY_POINT = 24, /* in the ELF header */
	AT_PROGRAM_HEADERS = 32,
	/* Stripping changes where the section headers are and how many. */
	SECTIONS_START = 40,
	SECTIONS_END = 48,
	SECTION_COUNTS = 58,
};

// The program's segment that starts with the file.
static const struct gcr_segment *first_segment(const struct gcr_memory *memory)
{
	for (size_t i = 0; i < memory->segment_count; i++)
		if (memory->segments[i].bytes.size >= HEADER &&
		    gcr_span_starts(memory->segments[i].bytes, "\177ELF"))
			return &memory->segments[i];
	return NULL;
}

static bool core_bytes(const struct gcr_corefile *core, uint64_t address,
		       struct gcr_span *ret)
{
	for (size_t i = 0; i < core->segment_count; i++) {
		const struct gcr_core_segment *segment = &core->segments[i];

		if (address >= segment->address &&
		    address - segment->address < segment->bytes.size) {
			*ret = gcr_span_tail(
				segment->bytes,
				(size_t)(address - segment->address));
			return true;
		}
	}
	return false;
}

// Without the kernel's word: the mapping whose first bytes are the program's.
static bool find_page(const struct gcr_corefile *core, struct gcr_span page,
		      uint64_t *ret)
{
	for (size_t i = 0; i < core->segment_count; i++) {
		const struct gcr_core_segment *segment = &core->segments[i];

		if (gcr_span_equal(gcr_span_head(segment->bytes, page.size),
				   page)) {
			*ret = segment->address;
			return true;
		}
	}
	return false;
}

static uint64_t word_at(struct gcr_span bytes, uint64_t at)
{
	struct gcr_bytes reader = gcr_bytes_at(bytes, at);

	return gcr_bytes_word(&reader, 8);
}

static uint64_t find_bias(const struct gcr_corefile *core,
			  const struct gcr_memory *memory,
			  const struct gcr_segment *first)
{
	uint64_t start;

	if (!memory->position_independent)
		return 0;
	if (core->program_headers != 0)
		return core->program_headers - first->address -
		       word_at(first->bytes, AT_PROGRAM_HEADERS);
	if (core->entry != 0)
		return core->entry - word_at(first->bytes, AT_ENTRY_POINT);
	if (find_page(core, gcr_span_head(first->bytes, PAGE), &start))
		return start - first->address;
	return 0;
}

// Where in the first page a build ID stands; it is where it is in the core.
static struct gcr_span same_place(struct gcr_span there, struct gcr_span here,
				  struct gcr_span id)
{
	size_t at;

	if (id.data == NULL || id.data < here.data ||
	    id.data > here.data + here.size)
		return (struct gcr_span){ 0 };
	at = (size_t)(id.data - here.data);
	return gcr_span_head(gcr_span_tail(there, at), id.size);
}

static bool same_id(struct gcr_span there, struct gcr_span here,
		    struct gcr_span id)
{
	return id.size > 0 && gcr_span_equal(same_place(there, here, id), id);
}

// The page is the same but for what stripping changes.
static bool same_page(struct gcr_span there, struct gcr_span here)
{
	size_t size = there.size < here.size ? there.size : here.size;

	for (size_t i = 0; i < size; i++) {
		if (i >= SECTIONS_START && i < SECTIONS_END)
			continue;
		if (i >= SECTION_COUNTS && i < HEADER)
			continue;
		if (there.data[i] != here.data[i])
			return false;
	}
	return true;
}

// In a core that lists what was mapped, what is not there was not.
static bool is_absent(const struct gcr_corefile *core, uint64_t address)
{
	for (size_t i = 0; i < core->segment_count; i++)
		if (address - core->segments[i].address <
		    core->segments[i].size)
			return false;
	for (size_t i = 0; i < core->mapping_count; i++)
		if (address >= core->mappings[i].start &&
		    address < core->mappings[i].end)
			return false;
	return core->mapping_count > 0;
}

// Held against what the core has at `address`, where the file would begin.
static struct gcr_corefit tell_at(const struct gcr_corefile *core,
				  const struct gcr_image *image,
				  struct gcr_span here, uint64_t address)
{
	struct gcr_corefit ret = { .fit = GCR_FIT_UNTOLD, .start = address };
	struct gcr_span there;

	if (!core_bytes(core, address, &there)) {
		ret.reason = "the core has no page of the program's headers";
		if (!is_absent(core, address))
			return ret;
		ret.fit = GCR_FIT_NO;
		ret.reason = "nothing was mapped where the program should be";
		return ret;
	}
	there = gcr_span_head(there, PAGE);
	if (same_page(there, here)) {
		// Less of it than its header would be the same of many.
		ret.reason = "the core is cut inside the program's ELF header";
		if (there.size >= HEADER) {
			ret.fit = GCR_FIT_YES;
			ret.reason = NULL;
		}
		return ret;
	}
	ret.fit = GCR_FIT_NO;
	ret.reason = "the first page of the program in the core is another's";
	if (!gcr_span_starts(there, "\177ELF"))
		ret.reason = "the core has something else where the program "
			     "should be";
	else if (same_id(there, here, image->info.go_build_id) ||
		 same_id(there, here, image->info.gnu_build_id))
		ret.fit = GCR_FIT_YES;
	else if (image->info.go_build_id.size > 0)
		ret.reason = "the build ID in the core is another";
	return ret;
}

// A library of Go (-buildmode=c-shared) is where the program of another put it.
static struct gcr_corefit find_library(const struct gcr_corefile *core,
				       const struct gcr_image *image,
				       struct gcr_span here)
{
	struct gcr_corefit found = { .fit = GCR_FIT_NO };

	for (size_t i = 0; i < core->segment_count; i++) {
		const struct gcr_core_segment *segment = &core->segments[i];

		if (!gcr_span_starts(segment->bytes, "\177ELF"))
			continue;
		found = tell_at(core, image, here, segment->address);
		if (found.fit == GCR_FIT_YES)
			break;
	}
	return found;
}

struct gcr_corefit gcr_corefit_tell(const struct gcr_corefile *core,
				    const struct gcr_image *image)
{
	const struct gcr_segment *first = first_segment(&image->memory);
	struct gcr_corefit ret, library;
	struct gcr_span here;

	if (first == NULL)
		return (struct gcr_corefit){
			.fit = GCR_FIT_UNTOLD,
			.reason = "the program's first page is in no segment",
		};
	here = gcr_span_head(first->bytes, PAGE);
	ret = tell_at(core, image, here,
		      first->address + find_bias(core, &image->memory, first));
	if (ret.fit == GCR_FIT_NO && image->memory.position_independent) {
		library = find_library(core, image, here);
		if (library.fit == GCR_FIT_YES)
			ret = library;
	}
	ret.bias = ret.start - first->address;
	return ret;
}
