/*
 * Cores: see corefile.h.
 *
 *	ELF header  program headers  notes  memory
 *
 *	PT_LOAD  an address range; p_filesz of its p_memsz bytes were saved
 *	PT_NOTE  PRSTATUS for each thread (first the one that died), PRPSINFO,
 *	         AUXV, FILE, SIGINFO
 *
 * Linux fs/binfmt_elf.c elf_core_dump, include/linux/elfcore.h.
 */

#include "corefile.h"

#include "arena.h"
#include "bytes.h"
#include "error.h"
#include "packing.h"
#include "span.h"

#include <inttypes.h>

enum {
	ORDER_AT = 5, /* of bytes; 1: little-endian */
	BIG_ENDIAN_ORDER = 2,
	TYPE_AT = 16,
	MACHINE_AT = 18,
	ELF_HEADER = 64,
	PROGRAM_HEADER = 56,
	SECTION_INFO = 44, /* of section 0: the count when it is too large */
	TYPE_CORE = 4,
	MACHINE_AMD64 = 62,
	COUNT_ELSEWHERE = 0xffff,
	SEGMENT_LOAD = 1,
	SEGMENT_NOTE = 4,
};

enum {
	NOTE_PRSTATUS = 1,
	NOTE_PRPSINFO = 3,
	NOTE_AUXV = 6,
	NOTE_FILE = 0x46494c45,
	NOTE_SIGINFO = 0x53494749,
	NOTE_OF_GDB = (int)0xff000000,
	/* Places in them. */
	STATUS_SIGNAL = 12,
	STATUS_ID = 32,
	STATUS_REGISTERS = 112,
	INFO_NAME = 40,
	INFO_NAME_SIZE = 16,
	INFO_ARGUMENTS_SIZE = 80,
	AUXV_PROGRAM_HEADERS = 3,
	AUXV_ENTRY = 9,
};

// What it is instead of a core, said so that one knows what to do.
static int refuse(struct gcr_span file, struct gcr_error *err)
{
	const char *tool = gcr_packing_tool(file);

	if (file.size == 0)
		return gcr_fail(err, GCR_FORMAT, "not a core: it is empty");
	if (tool != NULL)
		return gcr_fail(err, GCR_FORMAT,
				"it is compressed: '%s -dc' unpacks it", tool);
	return gcr_fail(err, GCR_FORMAT, "not a core: not an ELF file");
}

// Of the header, in the file's own order of bytes.
static unsigned read_half(struct gcr_span file, uint64_t at)
{
	struct gcr_bytes reader = gcr_bytes_at(file, at);
	unsigned value = gcr_bytes_u16(&reader);

	if (!reader.short_read && file.data[ORDER_AT] == BIG_ENDIAN_ORDER)
		value = (value & 0xff) << 8 | value >> 8;
	return value;
}

bool gcr_is_core(struct gcr_span file)
{
	return gcr_span_starts(file, "\177ELF") &&
	       read_half(file, TYPE_AT) == TYPE_CORE;
}

/* A core while it is read. */
struct reading {
	struct gcr_span file;
	struct gcr_arena *arena;
	struct gcr_corefile *core;
	size_t thread_room;
	/* Bytes of the file nobody has claimed: none has two owners. */
	uint64_t memory_left, notes_left;
	struct gcr_error *err;
};

// Linux elf-em.h; what Go runs on.
static const struct {
	unsigned machine;
	const char *name;
} machines[] = {
	{ 3, "386" },	  { 8, "mips" },      { 21, "ppc64" },
	{ 22, "s390x" },  { 40, "arm" },      { 62, "another form of amd64" },
	{ 183, "arm64" }, { 243, "riscv64" }, { 258, "loong64" },
};

static const char *name_machine(unsigned machine)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i].machine == machine)
			return machines[i].name;
	return "an unknown machine";
}

static int check_header(struct gcr_span file, struct gcr_error *err)
{
	unsigned type = read_half(file, TYPE_AT);
	unsigned machine = read_half(file, MACHINE_AT);

	if (!gcr_span_starts(file, "\177ELF"))
		return refuse(file, err);
	if (file.size < ELF_HEADER)
		return gcr_fail(err, GCR_FORMAT,
				"the core is cut inside its header");
	if (type != TYPE_CORE)
		return gcr_fail(err, GCR_FORMAT,
				"not a core: it is a program or a library");
	if (file.data[4] != 2 || file.data[ORDER_AT] != 1 ||
	    machine != MACHINE_AMD64)
		return gcr_fail(err, GCR_UNSUPPORTED,
				"a core of %s: only those of linux/amd64 are "
				"read",
				name_machine(machine));
	return 0;
}

static uint64_t read_count(struct gcr_span file)
{
	struct gcr_bytes reader = gcr_bytes_at(file, 56);
	uint64_t count = gcr_bytes_u16(&reader);

	if (count != COUNT_ELSEWHERE)
		return count;
	reader = gcr_bytes_at(file, 40);
	reader = gcr_bytes_at(file, gcr_bytes_word(&reader, 8));
	gcr_bytes_take(&reader, SECTION_INFO);
	count = gcr_bytes_u32(&reader);
	return reader.short_read ? 0 : count;
}

/* One program header. */
struct header {
	unsigned type, flags;
	uint64_t offset, address, saved, size;
};

static struct header read_header(struct gcr_bytes *reader)
{
	struct header header = { 0 };

	header.type = gcr_bytes_u32(reader);
	header.flags = gcr_bytes_u32(reader);
	header.offset = gcr_bytes_word(reader, 8);
	header.address = gcr_bytes_word(reader, 8);
	gcr_bytes_word(reader, 8);
	header.saved = gcr_bytes_word(reader, 8);
	header.size = gcr_bytes_word(reader, 8);
	gcr_bytes_word(reader, 8);
	return header;
}

static void add_segment(struct reading *reading, const struct header *header)
{
	struct gcr_corefile *core = reading->core;
	struct gcr_core_segment segment = {
		.address = header->address,
		.size = header->size,
		.bytes = gcr_bytes_slice(reading->file, header->offset,
					 header->saved),
		.wanted = header->saved,
		.flags = header->flags,
	};
	uint64_t end;

	if (segment.wanted > segment.size)
		segment.wanted = segment.size;
	if (segment.bytes.size > segment.wanted)
		segment.bytes.size = (size_t)segment.wanted;
	if (segment.bytes.size > reading->memory_left) {
		core->shared = true;
		segment.bytes.size = (size_t)reading->memory_left;
	}
	reading->memory_left -= segment.bytes.size;
	// One that wraps around is nobody's memory.
	if (segment.size == 0 ||
	    !gcr_add_u64(segment.address, segment.size, &end))
		return;
	if (segment.wanted > 0 &&
	    gcr_add_u64(header->offset, segment.wanted, &end) &&
	    end > core->wanted_size)
		core->wanted_size = end;
	core->segments[core->segment_count++] = segment;
}

static int read_status(struct reading *reading, struct gcr_span text)
{
	struct gcr_corefile *core = reading->core;
	struct gcr_bytes reader = gcr_bytes_at(text, STATUS_SIGNAL);
	struct gcr_core_thread thread = { .signal = gcr_bytes_u16(&reader) };

	reader = gcr_bytes_at(text, STATUS_ID);
	thread.id = gcr_bytes_u32(&reader);
	reader = gcr_bytes_at(text, STATUS_REGISTERS);
	for (size_t i = 0; i < GCR_REGISTERS; i++)
		thread.registers[i] = gcr_bytes_word(&reader, 8);
	if (reader.short_read) {
		core->odd_notes = true;
		return 0;
	}
	if (gcr_arena_grow(reading->arena, &core->threads, core->thread_count,
			   &reading->thread_room, sizeof(thread),
			   reading->err) != 0)
		return -1;
	core->threads[core->thread_count++] = thread;
	return 0;
}

static struct gcr_span read_name(struct gcr_bytes *reader, size_t size)
{
	struct gcr_span name = gcr_bytes_take(reader, size);

	return gcr_span_until(&name, '\0');
}

static void read_info(struct gcr_corefile *core, struct gcr_span text)
{
	struct gcr_bytes reader = gcr_bytes_at(text, INFO_NAME);

	core->program = read_name(&reader, INFO_NAME_SIZE);
	core->arguments = read_name(&reader, INFO_ARGUMENTS_SIZE);
}

static void read_auxv(struct gcr_corefile *core, struct gcr_span text)
{
	struct gcr_bytes reader = gcr_bytes_at(text, 0);

	while (!reader.short_read) {
		uint64_t key = gcr_bytes_word(&reader, 8);
		uint64_t value = gcr_bytes_word(&reader, 8);

		if (key == AUXV_PROGRAM_HEADERS)
			core->program_headers = value;
		if (key == AUXV_ENTRY)
			core->entry = value;
	}
}

static void read_siginfo(struct gcr_corefile *core, struct gcr_span text)
{
	struct gcr_bytes reader = gcr_bytes_at(text, 0);
	struct gcr_core_siginfo info = { .known = true };

	info.signal = (int32_t)gcr_bytes_u32(&reader);
	gcr_bytes_u32(&reader);
	info.code = (int32_t)gcr_bytes_u32(&reader);
	gcr_bytes_u32(&reader);
	info.address = gcr_bytes_word(&reader, 8);
	// gdb writes one for each thread; the first is the one that counts.
	if (!reader.short_read && !core->siginfo.known)
		core->siginfo = info;
}

// count, page size, (start, end, page)..., names
static int read_files(struct reading *reading, struct gcr_span text)
{
	struct gcr_corefile *core = reading->core;
	struct gcr_bytes reader = gcr_bytes_at(text, 0);
	uint64_t count = gcr_bytes_word(&reader, 8);
	uint64_t page = gcr_bytes_word(&reader, 8);
	struct gcr_span names;

	if (core->mappings != NULL || count > text.size / 24) {
		core->odd_notes = true;
		return 0;
	}
	core->mappings = gcr_arena_array(reading->arena, (size_t)count,
					 sizeof(*core->mappings), reading->err);
	if (core->mappings == NULL)
		return -1;
	names = gcr_bytes_slice(text, reader.at + 24 * count, UINT64_MAX);
	for (uint64_t i = 0; i < count; i++) {
		struct gcr_core_mapping *mapping = &core->mappings[i];

		mapping->start = gcr_bytes_word(&reader, 8);
		mapping->end = gcr_bytes_word(&reader, 8);
		mapping->offset = gcr_bytes_word(&reader, 8) * page;
		mapping->path = gcr_span_until(&names, '\0');
	}
	core->mapping_count = (size_t)count;
	return 0;
}

static int read_note(struct reading *reading, uint32_t type,
		     struct gcr_span owner, struct gcr_span text)
{
	struct gcr_corefile *core = reading->core;

	if (gcr_span_starts(owner, "GDB"))
		core->by_gdb = true;
	if (!gcr_span_starts(owner, "CORE"))
		return 0;
	switch (type) {
	case NOTE_PRSTATUS:
		return read_status(reading, text);
	case NOTE_FILE:
		return read_files(reading, text);
	case NOTE_PRPSINFO:
		read_info(core, text);
		break;
	case NOTE_AUXV:
		read_auxv(core, text);
		break;
	case NOTE_SIGINFO:
		read_siginfo(core, text);
		break;
	default:
		break;
	}
	return 0;
}

static uint64_t align_note(uint64_t size)
{
	return (size + 3) & ~(uint64_t)3;
}

// Notes: size of owner, size of text, type, owner, text; each aligned to 4.
static int read_notes(struct reading *reading, const struct header *header)
{
	struct gcr_span bytes =
		gcr_bytes_slice(reading->file, header->offset, header->saved);
	struct gcr_bytes reader = gcr_bytes_at(bytes, 0);
	uint64_t end;

	if (gcr_add_u64(header->offset, header->saved, &end) &&
	    end > reading->core->wanted_size)
		reading->core->wanted_size = end;
	if (bytes.size > reading->notes_left) {
		reading->core->odd_notes = true;
		return 0;
	}
	reading->notes_left -= bytes.size;
	while (reader.at < bytes.size) {
		uint32_t owner_size = gcr_bytes_u32(&reader);
		uint32_t text_size = gcr_bytes_u32(&reader);
		uint32_t type = gcr_bytes_u32(&reader);
		struct gcr_span owner =
			gcr_bytes_take(&reader, align_note(owner_size));
		struct gcr_span text = gcr_bytes_take(&reader, text_size);

		if (reader.short_read) {
			reading->core->odd_notes = true;
			return 0;
		}
		if (read_note(reading, type, owner, text) != 0)
			return -1;
		// The last one may lack its padding.
		reader.at += align_note(text_size) - text_size;
	}
	return 0;
}

static int read_headers(struct reading *reading)
{
	struct gcr_bytes where = gcr_bytes_at(reading->file, 32);
	uint64_t start = gcr_bytes_word(&where, 8), end;
	uint64_t count = read_count(reading->file);
	struct gcr_bytes reader = gcr_bytes_at(reading->file, start);
	struct gcr_corefile *core = reading->core;

	if (!gcr_add_u64(start, count * PROGRAM_HEADER, &end) ||
	    end > reading->file.size)
		return gcr_fail(reading->err, GCR_FORMAT,
				"the core is cut inside its program headers");
	core->segments = gcr_arena_array(reading->arena, (size_t)count,
					 sizeof(*core->segments), reading->err);
	if (core->segments == NULL)
		return -1;
	for (uint64_t i = 0; i < count; i++) {
		struct header header = read_header(&reader);

		if (header.type == SEGMENT_LOAD)
			add_segment(reading, &header);
		else if (header.type == SEGMENT_NOTE &&
			 read_notes(reading, &header) != 0)
			return -1;
	}
	return 0;
}

int gcr_corefile_read(struct gcr_span file, struct gcr_arena *arena,
		      struct gcr_corefile *ret, struct gcr_error *err)
{
	struct gcr_corefile core = { .size = file.size };
	struct reading reading = {
		.file = file,
		.arena = arena,
		.core = &core,
		.memory_left = file.size,
		.notes_left = file.size,
		.err = err,
	};

	if (check_header(file, err) != 0 || read_headers(&reading) != 0)
		return -1;
	if (core.segment_count == 0)
		return gcr_fail(err, GCR_FORMAT,
				"the core has no memory in it");
	*ret = core;
	return 0;
}
