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

/* Numbers of words in the struct; 0: not there. */
static const struct {
	unsigned text, funcdata;
} words[] = {
	[GCR_PCLNTAB_1_2] = { 12, 0 },
	[GCR_PCLNTAB_1_16] = { 22, 0 },
	[GCR_PCLNTAB_1_18] = { 22, 38 },
	[GCR_PCLNTAB_1_20] = { 22, 40 },
};

static bool read_word(const struct gcr_memory *memory, uint64_t address,
		      unsigned word, uint64_t *ret)
{
	return gcr_memory_pointer(memory, address + word * memory->word_size,
				  ret) != GCR_MEMORY_NONE;
}

static bool read_at(const struct gcr_memory *memory,
		    const struct gcr_pclntab *table, uint64_t address,
		    struct gcr_moduledata *ret)
{
	struct gcr_moduledata found = { .address = address };
	unsigned text = words[table->layout].text;
	unsigned funcdata = words[table->layout].funcdata;
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
