/*
 * Finding moduledata: see moduledata.h. Its first word is the address of the
 * pc-line table; a position-independent program has a relocation there instead
 * of the word. What is found is believed if its text holds code and the words
 * for it are in order.
 */

#include "moduledata.h"

#include "bytes.h"

enum {
	SEARCHED = 64 << 20
};

// clang-format off
static const struct gcr_module_words words[] = {
	[GCR_PCLNTAB_1_2]  = { 12, 14, 25, 26, 0 },
	[GCR_PCLNTAB_1_16] = { 22, 24, 35, 36, 0 },
	[GCR_PCLNTAB_1_18] = { 22, 24, 35, 36, 38 },
	[GCR_PCLNTAB_1_20] = { 22, 24, 37, 38, 40 },
};
// clang-format on

/* types, typedesclen, etypes, itaboffset, itabsize, rodata, gofunc */
static const struct gcr_module_words words_since_1_27 = { 22, 24, 37, 39, 43 };

static bool read_word(const struct gcr_memory *memory, uint64_t address,
		      unsigned word, uint64_t *ret)
{
	return gcr_memory_pointer(memory, address + word * memory->word_size,
				  ret) != GCR_MEMORY_NONE;
}

// Go1.27 put three sizes among the addresses, and left the pc-line table's magic
// as it was: what would be a size has to be one.
static struct gcr_module_words words_of(const struct gcr_memory *memory,
					const struct gcr_pclntab *table,
					uint64_t address)
{
	struct gcr_module_words newer = words_since_1_27;
	uint64_t start, end, size;

	if (table->layout != GCR_PCLNTAB_1_20 ||
	    !read_word(memory, address, newer.types, &start) ||
	    !read_word(memory, address, newer.types_end, &end) || end < start)
		return words[table->layout];
	for (unsigned i = newer.types + 1; i < newer.funcdata - 1; i++)
		if (i != newer.types_end &&
		    (!read_word(memory, address, i, &size) ||
		     size > end - start))
			return words[table->layout];
	return newer;
}

static bool read_at(const struct gcr_memory *memory,
		    const struct gcr_pclntab *table, uint64_t address,
		    struct gcr_moduledata *ret)
{
	struct gcr_moduledata found = {
		.address = address, .words = words_of(memory, table, address)
	};
	unsigned text = found.words.text, funcdata = found.words.funcdata;
	uint64_t first, lowest;

	if (!read_word(memory, address, 0, &first) || first != table->address ||
	    !read_word(memory, address, text, &found.text) ||
	    !read_word(memory, address, text + 1, &found.text_end) ||
	    !read_word(memory, address, text - 2, &lowest))
		return false;
	if (found.text >= found.text_end || lowest < found.text ||
	    lowest >= found.text_end ||
	    gcr_memory_kind(memory, found.text) != GCR_MEMORY_CODE)
		return false;
	if (funcdata != 0 &&
	    !read_word(memory, address, funcdata, &found.funcdata))
		return false;
	*ret = found;
	return true;
}

static bool find_by_relocation(const struct gcr_memory *memory,
			       const struct gcr_pclntab *table,
			       struct gcr_moduledata *ret)
{
	for (size_t i = 0; i < memory->relocation_count; i++)
		if (memory->relocations[i].value == table->address &&
		    read_at(memory, table, memory->relocations[i].address, ret))
			return true;
	return false;
}

static bool find_in(const struct gcr_memory *memory,
		    const struct gcr_pclntab *table,
		    const struct gcr_segment *segment, size_t *left,
		    struct gcr_moduledata *ret)
{
	struct gcr_bytes reader = gcr_bytes_at(segment->bytes, 0);
	unsigned size = memory->word_size;

	for (; *left >= size; *left -= size) {
		uint64_t at = reader.at;
		uint64_t word = gcr_bytes_word(&reader, size);

		if (reader.short_read)
			return false;
		if (word == table->address &&
		    read_at(memory, table, segment->address + at, ret))
			return true;
	}
	return false;
}

bool gcr_moduledata_find(const struct gcr_memory *memory,
			 const struct gcr_pclntab *table,
			 struct gcr_moduledata *ret)
{
	const struct gcr_section *section =
		gcr_memory_section(memory, ".go.module");
	size_t left = SEARCHED;

	if (section != NULL && read_at(memory, table, section->address, ret))
		return true;
	if (find_by_relocation(memory, table, ret))
		return true;
	for (size_t i = 0; i < memory->segment_count; i++)
		if (memory->segments[i].writable &&
		    find_in(memory, table, &memory->segments[i], &left, ret))
			return true;
	return false;
}
