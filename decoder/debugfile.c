/*
 * The ELF file for libdw: see debugfile.h.
 *
 *	header | section | ... | names | section headers
 *
 * System V ABI, chapter 4; 32 and 64 bits differ in the size of some fields
 * alone.
 */

#include "debugfile.h"

#include "arena.h"
#include "bytes.h"
#include "error.h"
#include "span.h"

#include <string.h>

enum {
	ALIGN = 8,
	MOST_SECTIONS = 32,
	LONGEST_NAME = 32,
	/* What zlib may make of a byte before we call it a trap. */
	MOST_UNPACKED = 64,
	ALWAYS_UNPACKED = 1 << 20,
	TYPE_PROGBITS = 1,
	TYPE_STRTAB = 3,
	FLAG_COMPRESSED = 1 << 11,
	CLASS_32 = 1,
	CLASS_64 = 2,
	LITTLE_ENDIAN = 1,
	CURRENT = 1,
	EXECUTABLE = 2,
	MACHINE_AMD64 = 62,
	GNU_HEADER = 12, /* of .zdebug: "ZLIB", then the size, big-endian */
};

static const char *const wanted[] = {
	"debug_info", "debug_abbrev",	"debug_str",	  "debug_line_str",
	"debug_addr", "debug_ranges",	"debug_rnglists", "debug_str_offsets",
	"debug_loc",  "debug_loclists",
};

/* Where the file is written to; `size` is also what it needs. */
struct writer {
	char *to; /* NULL while it is measured */
	size_t size;
	unsigned word_size;
};

static void put(struct writer *writer, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++, writer->size++)
		if (writer->to != NULL)
			writer->to[writer->size] =
				(char)(value >> 8 * i & 0xff);
}

static void put_bytes(struct writer *writer, const char *data, size_t size)
{
	if (writer->to != NULL && size > 0)
		memcpy(writer->to + writer->size, data, size);
	writer->size += size;
}

static void put_alignment(struct writer *writer)
{
	while (writer->size % ALIGN != 0)
		put(writer, 0, 1);
}

struct contents {
	const struct gcr_section *sections[MOST_SECTIONS];
	uint64_t offsets[MOST_SECTIONS];
	size_t count;
	bool lines;		 /* those, too */
	uint64_t names, headers; /* offsets */
};

static bool is_wanted(struct gcr_span name, bool lines)
{
	if (!gcr_span_skip(&name, ".z"))
		gcr_span_skip(&name, ".");
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (gcr_span_is(name, wanted[i]))
			return true;
	return lines && gcr_span_is(name, "debug_line");
}

static uint64_t unpacked_size(const struct gcr_section *section,
			      unsigned word_size)
{
	struct gcr_bytes reader = gcr_bytes_at(section->bytes, 0);
	uint64_t size = 0;

	if (section->compressed) {
		// Type, since 64 bits a reserved word, size.
		gcr_bytes_take(&reader, word_size == 8 ? 8 : 4);
		size = gcr_bytes_word(&reader, word_size);
	} else if (gcr_span_starts(section->name, ".z")) {
		for (unsigned i = 0; i < GNU_HEADER; i++)
			size = size << 8 | gcr_bytes_u8(&reader);
	}
	return reader.short_read ? 0 : size;
}

static int choose(const struct gcr_memory *memory, size_t limit,
		  struct contents *to, struct gcr_error *err)
{
	uint64_t packed = 0, unpacked = 0;

	for (size_t i = 0; i < memory->section_count; i++) {
		const struct gcr_section *section = &memory->sections[i];

		if (to->count >= MOST_SECTIONS || section->loaded ||
		    section->bytes.size == 0 ||
		    !is_wanted(section->name, to->lines))
			continue;
		to->sections[to->count++] = section;
		packed += section->bytes.size;
		if (!gcr_add_u64(unpacked,
				 unpacked_size(section, memory->word_size),
				 &unpacked))
			unpacked = UINT64_MAX;
	}
	if (to->count == 0)
		return gcr_fail(err, GCR_NOT_FOUND, "no debug information");
	if (unpacked > ALWAYS_UNPACKED && unpacked / MOST_UNPACKED > packed)
		return gcr_fail(err, GCR_FORMAT,
				"the debug information claims to unpack to "
				"%llu bytes",
				(unsigned long long)unpacked);
	if (limit != 0 && (unpacked > limit || packed > limit - unpacked))
		return gcr_fail(err, GCR_LIMIT,
				"the debug information takes too much memory");
	return 0;
}

static void put_header(struct writer *writer, const struct contents *from)
{
	unsigned word = writer->word_size;

	put_bytes(writer, "\177ELF", 4);
	put(writer, word == 4 ? CLASS_32 : CLASS_64, 1);
	put(writer, LITTLE_ENDIAN, 1);
	put(writer, CURRENT, 1);
	put_bytes(writer, "\0\0\0\0\0\0\0\0\0", 9);
	put(writer, EXECUTABLE, 2);
	put(writer, MACHINE_AMD64, 2);
	put(writer, CURRENT, 4);
	put(writer, 0, word);		     // entry
	put(writer, 0, word);		     // program headers
	put(writer, from->headers, word);    // section headers
	put(writer, 0, 4);		     // flags
	put(writer, word == 4 ? 52 : 64, 2); // size of this
	put(writer, 0, 4);		     // size, number of program's
	put(writer, word == 4 ? 40 : 64, 2); // size of a section's
	put(writer, from->count + 2, 2);     // none, the chosen, names
	put(writer, from->count + 1, 2);     // which has the names
}

static void put_section(struct writer *writer, uint64_t name, unsigned type,
			unsigned flags, uint64_t offset, uint64_t size)
{
	unsigned word = writer->word_size;

	put(writer, name, 4);
	put(writer, type, 4);
	put(writer, flags, word);
	put(writer, 0, word); // address
	put(writer, offset, word);
	put(writer, size, word);
	put(writer, 0, 8); // link, info
	put(writer, 1, word);
	put(writer, 0, word);
}

// Each name has the same room.
static void put_name(struct writer *writer, struct gcr_span name)
{
	char text[LONGEST_NAME] = "";

	if (name.size < sizeof(text))
		memcpy(text, name.data, name.size);
	put_bytes(writer, text, sizeof(text));
}

static void put_file(struct writer *writer, struct contents *from)
{
	put_header(writer, from);
	for (size_t i = 0; i < from->count; i++) {
		struct gcr_span bytes = from->sections[i]->bytes;

		put_alignment(writer);
		from->offsets[i] = writer->size;
		put_bytes(writer, bytes.data, bytes.size);
	}
	from->names = writer->size;
	put_name(writer, GCR_SPAN(""));
	for (size_t i = 0; i < from->count; i++)
		put_name(writer, from->sections[i]->name);
	put_alignment(writer);
	from->headers = writer->size;
	put_section(writer, 0, 0, 0, 0, 0);
	for (size_t i = 0; i < from->count; i++)
		put_section(writer, (i + 1) * LONGEST_NAME, TYPE_PROGBITS,
			    from->sections[i]->compressed ? FLAG_COMPRESSED : 0,
			    from->offsets[i], from->sections[i]->bytes.size);
	put_section(writer, 0, TYPE_STRTAB, 0, from->names,
		    (from->count + 1) * LONGEST_NAME);
}

static int make(const struct gcr_memory *memory, struct contents contents,
		size_t limit, struct gcr_arena *arena, struct gcr_span *ret,
		struct gcr_error *err)
{
	struct writer writer = { .word_size = memory->word_size };

	if (choose(memory, limit, &contents, err) != 0)
		return -1;
	put_file(&writer, &contents);
	writer.to = gcr_arena_alloc(arena, writer.size, err);
	if (writer.to == NULL)
		return -1;
	// The header needs the offsets that the first round found.
	writer.size = 0;
	put_file(&writer, &contents);
	*ret = (struct gcr_span){ writer.to, writer.size };
	return 0;
}

int gcr_debugfile_make(const struct gcr_memory *memory, size_t limit,
		       struct gcr_arena *arena, char **ret, size_t *ret_size,
		       struct gcr_error *err)
{
	struct gcr_span file;

	if (make(memory, (struct contents){ .lines = false }, limit, arena,
		 &file, err) != 0)
		return -1;
	*ret = (char *)(uintptr_t)file.data;
	*ret_size = file.size;
	return 0;
}

int gcr_debugfile_make_lines(const struct gcr_memory *memory, size_t limit,
			     struct gcr_arena *arena, char **ret,
			     size_t *ret_size, struct gcr_error *err)
{
	struct gcr_span file;

	if (make(memory, (struct contents){ .lines = true }, limit, arena,
		 &file, err) != 0)
		return -1;
	*ret = (char *)(uintptr_t)file.data;
	*ret_size = file.size;
	return 0;
}
