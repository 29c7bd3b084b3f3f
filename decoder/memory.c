/*
 * Address space of a program: see memory.h.
 *
 * Which memory stays as the file has it is told by segments: not writable. Two
 * linkers blur that: some put read-only data into the code's segment (then
 * sections tell), and in position-independent programs tables with addresses
 * are writable until relocated (PT_GNU_RELRO, `.data.rel.ro`).
 */

#include "memory.h"

#include "arena.h"
#include "bytes.h"
#include "span.h"

#include <stdlib.h>
#include <string.h>

enum {
	MOST_RELOCATIONS = 1 << 24,
	/* Dynamic tags, System V ABI. */
	DT_NONE = 0,
	DT_RELOCATIONS_A = 7,
	DT_RELOCATIONS_A_SIZE = 8,
	DT_RELOCATIONS = 17,
	DT_RELOCATIONS_SIZE = 18,
	DT_PACKED = 36,
};

static int by_address(const void *left, const void *right)
{
	const struct gcr_segment *a = left, *b = right;

	return (a->address > b->address) - (a->address < b->address);
}

static int by_section(const void *left, const void *right)
{
	const struct gcr_section *a = left, *b = right;

	if (a->loaded != b->loaded)
		return a->loaded ? -1 : 1;
	return (a->address > b->address) - (a->address < b->address);
}

static int by_relocation(const void *left, const void *right)
{
	const struct gcr_relocation *a = left, *b = right;

	return (a->address > b->address) - (a->address < b->address);
}

void gcr_memory_sort(struct gcr_memory *memory)
{
	if (memory->segment_count > 0)
		qsort(memory->segments, memory->segment_count,
		      sizeof(*memory->segments), by_address);
	if (memory->section_count > 0)
		qsort(memory->sections, memory->section_count,
		      sizeof(*memory->sections), by_section);
	while (memory->loaded_count < memory->section_count &&
	       memory->sections[memory->loaded_count].loaded)
		memory->loaded_count++;
}

static bool covers(uint64_t start, uint64_t size, uint64_t address)
{
	return address >= start && address - start < size;
}

static const struct gcr_segment *find_segment(const struct gcr_memory *memory,
					      uint64_t address)
{
	size_t low = 0, high = memory->segment_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memory->segments[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || !covers(memory->segments[low - 1].address,
				memory->segments[low - 1].size, address))
		return NULL;
	return &memory->segments[low - 1];
}

static const struct gcr_section *find_section(const struct gcr_memory *memory,
					      uint64_t address)
{
	size_t low = 0, high = memory->loaded_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memory->sections[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || !covers(memory->sections[low - 1].address,
				memory->sections[low - 1].size, address))
		return NULL;
	return &memory->sections[low - 1];
}

static bool is_relocated(const struct gcr_memory *memory, uint64_t address)
{
	const struct gcr_section *section = find_section(memory, address);

	return covers(memory->relro.address, memory->relro.size, address) ||
	       (section != NULL &&
		gcr_span_starts(section->name, ".data.rel.ro"));
}

static enum gcr_memory_kind kind_in(const struct gcr_memory *memory,
				    const struct gcr_segment *segment,
				    uint64_t address)
{
	const struct gcr_section *section;

	if (segment == NULL)
		return GCR_MEMORY_NONE;
	if (segment->writable) {
		if (address - segment->address >= segment->bytes.size)
			return GCR_MEMORY_ZERO;
		return is_relocated(memory, address) ? GCR_MEMORY_RELOCATED
						     : GCR_MEMORY_INITIAL;
	}
	if (!segment->code)
		return GCR_MEMORY_READ_ONLY;
	section = find_section(memory, address);
	return section != NULL && !section->code ? GCR_MEMORY_READ_ONLY
						 : GCR_MEMORY_CODE;
}

enum gcr_memory_kind gcr_memory_kind(const struct gcr_memory *memory,
				     uint64_t address)
{
	return kind_in(memory, find_segment(memory, address), address);
}

enum gcr_memory_kind gcr_memory_read(const struct gcr_memory *memory,
				     uint64_t address, uint64_t size,
				     struct gcr_span *ret)
{
	const struct gcr_segment *segment = find_segment(memory, address);
	enum gcr_memory_kind kind = kind_in(memory, segment, address);
	struct gcr_span bytes;

	if (kind == GCR_MEMORY_NONE || kind == GCR_MEMORY_ZERO)
		return kind;
	bytes = gcr_bytes_slice(segment->bytes, address - segment->address,
				size);
	// Missing from a file that was cut.
	if (bytes.size == 0 && size > 0)
		return GCR_MEMORY_NONE;
	*ret = bytes;
	return kind;
}

/* The first relocation at or behind `address`. */
static size_t relocation_from(const struct gcr_memory *memory, uint64_t address)
{
	size_t low = 0, high = memory->relocation_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memory->relocations[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum gcr_memory_kind gcr_memory_pointer(const struct gcr_memory *memory,
					uint64_t address, uint64_t *ret)
{
	struct gcr_span bytes = { 0 };
	enum gcr_memory_kind kind =
		gcr_memory_read(memory, address, memory->word_size, &bytes);
	size_t at = relocation_from(memory, address);
	struct gcr_bytes reader = gcr_bytes_at(bytes, 0);
	uint64_t word = gcr_bytes_word(&reader, memory->word_size);

	if (kind == GCR_MEMORY_ZERO) {
		reader.short_read = false;
		word = 0;
	}
	if (kind == GCR_MEMORY_NONE || reader.short_read)
		return GCR_MEMORY_NONE;
	if (at < memory->relocation_count &&
	    memory->relocations[at].address == address) {
		if (!memory->relocations[at].known)
			return GCR_MEMORY_NONE;
		word = memory->relocations[at].value;
	} else if (memory->relocations_lost && kind != GCR_MEMORY_READ_ONLY) {
		return GCR_MEMORY_NONE;
	}
	*ret = word;
	return kind;
}

const struct gcr_section *gcr_memory_section(const struct gcr_memory *memory,
					     const char *name)
{
	for (size_t i = 0; i < memory->section_count; i++)
		if (gcr_span_is(memory->sections[i].name, name))
			return &memory->sections[i];
	return NULL;
}

// Relocations whose word is the bias and the addend, by machine.
static uint64_t relative_type(enum gcr_arch arch)
{
	return arch == GCR_ARM64 ? 1027 : 8;
}

static struct gcr_relocation read_relocation(const struct gcr_memory *memory,
					     struct gcr_bytes *reader,
					     bool with_addend)
{
	unsigned word_size = memory->word_size;
	struct gcr_relocation relocation = { 0 };
	uint64_t about;

	relocation.address = gcr_bytes_word(reader, word_size);
	about = gcr_bytes_word(reader, word_size);
	if (with_addend) {
		relocation.value = gcr_bytes_word(reader, word_size);
	} else {
		struct gcr_span bytes = { 0 };
		struct gcr_bytes word;

		gcr_memory_read(memory, relocation.address, word_size, &bytes);
		word = gcr_bytes_at(bytes, 0);
		relocation.value = gcr_bytes_word(&word, word_size);
	}
	about &= word_size == 4 ? 0xff : UINT32_MAX;
	relocation.known = about == relative_type(memory->arch);
	return relocation;
}

/* What the dynamic section says of one table. */
struct table {
	uint64_t address, size;
};

static void read_dynamic(struct gcr_memory *memory, struct table *with_addend,
			 struct table *without)
{
	struct gcr_bytes reader = gcr_bytes_at(memory->dynamic.bytes, 0);
	uint64_t tag;

	do {
		tag = gcr_bytes_word(&reader, memory->word_size);
		uint64_t value = gcr_bytes_word(&reader, memory->word_size);

		if (tag == DT_RELOCATIONS_A)
			with_addend->address = value;
		else if (tag == DT_RELOCATIONS_A_SIZE)
			with_addend->size = value;
		else if (tag == DT_RELOCATIONS)
			without->address = value;
		else if (tag == DT_RELOCATIONS_SIZE)
			without->size = value;
		else if (tag == DT_PACKED)
			memory->relocations_lost = true;
	} while (tag != DT_NONE && !reader.short_read);
}

static int read_table(struct gcr_memory *memory, struct gcr_arena *arena,
		      const struct table *table, bool with_addend,
		      struct gcr_error *err)
{
	unsigned each = memory->word_size * (with_addend ? 3 : 2);
	struct gcr_span bytes = { 0 };
	struct gcr_bytes reader;
	size_t count;

	if (table->size == 0)
		return 0;
	gcr_memory_read(memory, table->address, table->size, &bytes);
	count = bytes.size / each;
	if (bytes.size < table->size || count > MOST_RELOCATIONS) {
		memory->relocations_lost = true;
		return 0;
	}
	memory->relocations = gcr_arena_array(
		arena, count, sizeof(*memory->relocations), err);
	if (memory->relocations == NULL)
		return -1;
	reader = gcr_bytes_at(bytes, 0);
	for (size_t i = 0; i < count; i++)
		memory->relocations[i] =
			read_relocation(memory, &reader, with_addend);
	memory->relocation_count = count;
	return 0;
}

static bool is_sorted(const struct gcr_memory *memory)
{
	for (size_t i = 1; i < memory->relocation_count; i++)
		if (memory->relocations[i].address <
		    memory->relocations[i - 1].address)
			return false;
	return true;
}

int gcr_memory_relocate(struct gcr_memory *memory, struct gcr_arena *arena,
			struct gcr_error *err)
{
	struct table with_addend = { 0 }, without = { 0 };

	if (!memory->position_independent)
		return 0;
	read_dynamic(memory, &with_addend, &without);
	if (with_addend.size > 0
		    ? read_table(memory, arena, &with_addend, true, err) != 0
		    : read_table(memory, arena, &without, false, err) != 0)
		return -1;
	if (!is_sorted(memory))
		qsort(memory->relocations, memory->relocation_count,
		      sizeof(*memory->relocations), by_relocation);
	return 0;
}

static void put_word(char *to, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		to[i] = (char)(value >> 8 * i & 0xff);
}

int gcr_memory_relocated(const struct gcr_memory *memory, uint64_t address,
			 struct gcr_span bytes, struct gcr_arena *arena,
			 struct gcr_span *ret, struct gcr_error *err)
{
	char *copy = gcr_arena_alloc(arena, bytes.size, err);

	if (copy == NULL)
		return -1;
	if (bytes.size > 0)
		memcpy(copy, bytes.data, bytes.size);
	for (size_t i = relocation_from(memory, address);
	     i < memory->relocation_count; i++) {
		const struct gcr_relocation *at = &memory->relocations[i];
		uint64_t offset = at->address - address;

		if (offset >= bytes.size)
			break;
		if (at->known && bytes.size - offset >= memory->word_size)
			put_word(copy + offset, at->value, memory->word_size);
	}
	*ret = (struct gcr_span){ copy, bytes.size };
	return 0;
}
