/*
 * Opening a program: ELF headers by libelf, what follows from them by the
 * modules that read bytes and addresses. See image.h.
 */

#include "image.h"

#include "arena.h"
#include "buildinfo.h"
#include "bytes.h"
#include "error.h"
#include "imagefile.h"
#include "packing.h"
#include "span.h"

#ifdef GCR_WITHOUT_ELFUTILS

int gcr_image_open(struct gcr_span file, const struct gcr_limits *limits,
		   struct gcr_image **ret, struct gcr_error *err)
{
	(void)file, (void)limits, (void)ret;
	return gcr_fail(err, GCR_UNSUPPORTED,
			"this build reads no binaries (no elfutils)");
}

void gcr_image_free(struct gcr_image *image)
{
	(void)image;
}

#else

#include <gelf.h>
#include <inttypes.h>
#include <libelf.h>

enum {
	MOST_SEGMENTS = 4096,
	MOST_SECTIONS = 65536,
	LONGEST_NAME = 64, /* of a section */
	NOTE_GNU_BUILD_ID = 3,
	NOTE_GO_BUILD_ID = 4,
};

static const struct {
	unsigned machine;
	enum gcr_arch arch;
} machines[] = {
	{ EM_X86_64, GCR_AMD64 },
	{ EM_386, GCR_386 },
	{ EM_AARCH64, GCR_ARM64 },
};

static enum gcr_arch arch_of(const GElf_Ehdr *header)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i].machine == header->e_machine)
			return machines[i].arch;
	return header->e_ident[EI_CLASS] == ELFCLASS32 ? GCR_ARCH_OTHER_32
						       : GCR_ARCH_OTHER_64;
}

// The file goes at least so far. What wraps around is a forged header's.
static void want(struct gcr_image *image, uint64_t offset, uint64_t size)
{
	uint64_t end;

	if (gcr_add_u64(offset, size, &end) && end > image->wanted_size)
		image->wanted_size = end;
}

static int refuse(struct gcr_span file, struct gcr_error *err)
{
	const char *tool = gcr_packing_tool(file);

	if (tool != NULL)
		return gcr_fail(err, GCR_FORMAT,
				"it is compressed: '%s -dc' unpacks it", tool);
	return gcr_fail(err, GCR_FORMAT,
			file.size == 0 ? "not an ELF file: it is empty"
				       : "not an ELF file");
}

static int read_header(struct gcr_image *image, Elf *elf, struct gcr_error *err)
{
	GElf_Ehdr header;

	if (gelf_getehdr(elf, &header) == NULL)
		return gcr_fail(err, GCR_FORMAT, "not an ELF file");
	if (header.e_ident[EI_DATA] != ELFDATA2LSB)
		return gcr_fail(err, GCR_UNSUPPORTED,
				"a program for a big-endian machine");
	if (header.e_type == ET_CORE)
		return gcr_fail(err, GCR_FORMAT, "it is a core, not a program");
	if (header.e_type != ET_EXEC && header.e_type != ET_DYN)
		return gcr_fail(err, GCR_FORMAT, "not an ELF executable");
	want(image, header.e_phoff,
	     (uint64_t)header.e_phnum * header.e_phentsize);
	want(image, header.e_shoff,
	     (uint64_t)header.e_shnum * header.e_shentsize);
	image->memory.arch = arch_of(&header);
	image->memory.word_size =
		header.e_ident[EI_CLASS] == ELFCLASS32 ? 4 : 8;
	image->memory.position_independent = header.e_type == ET_DYN;
	image->info.target.arch = image->memory.arch;
	image->info.word_size = image->memory.word_size;
	image->info.position_independent = image->memory.position_independent;
	return 0;
}

static size_t align_note(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

// Notes: size of owner, size of text, type, owner, text; each aligned to 4.
static void read_notes(struct gcr_image_info *info, struct gcr_span bytes)
{
	struct gcr_bytes reader = gcr_bytes_at(bytes, 0);

	for (;;) {
		uint32_t owner_size = gcr_bytes_u32(&reader);
		uint32_t text_size = gcr_bytes_u32(&reader);
		uint32_t type = gcr_bytes_u32(&reader);
		struct gcr_span owner =
			gcr_bytes_take(&reader, align_note(owner_size));
		struct gcr_span text = gcr_bytes_take(&reader, text_size);

		if (reader.short_read)
			return;
		if (type == NOTE_GO_BUILD_ID && gcr_span_starts(owner, "Go"))
			info->go_build_id = text;
		if (type == NOTE_GNU_BUILD_ID && gcr_span_starts(owner, "GNU"))
			info->gnu_build_id = text;
		gcr_bytes_take(&reader, align_note(text_size) - text_size);
	}
}

static int add_segment(struct gcr_image *image, struct gcr_span file,
		       const GElf_Phdr *header, size_t *capacity,
		       struct gcr_error *err)
{
	struct gcr_memory *memory = &image->memory;
	uint64_t end;
	struct gcr_segment segment = {
		.address = header->p_vaddr,
		.size = header->p_memsz,
		.bytes = gcr_bytes_slice(file, header->p_offset,
					 header->p_filesz),
		.code = (header->p_flags & PF_X) != 0,
		.writable = (header->p_flags & PF_W) != 0,
	};

	if (header->p_type == PT_NOTE)
		read_notes(&image->info, segment.bytes);
	if (header->p_type == PT_DYNAMIC)
		memory->dynamic = segment;
	if (header->p_type == PT_GNU_RELRO)
		memory->relro = segment;
	if (header->p_type != PT_LOAD || segment.size == 0 ||
	    !gcr_add_u64(segment.address, segment.size, &end))
		return 0;
	if (segment.bytes.size > segment.size)
		segment.bytes.size = (size_t)segment.size;
	if (gcr_arena_grow(image->arena, &memory->segments,
			   memory->segment_count, capacity, sizeof(segment),
			   err) != 0)
		return -1;
	memory->segments[memory->segment_count++] = segment;
	return 0;
}

static int read_segments(struct gcr_image *image, Elf *elf,
			 struct gcr_span file, struct gcr_error *err)
{
	size_t count = 0, capacity = 0;
	GElf_Phdr header;

	if (elf_getphdrnum(elf, &count) != 0)
		return 0;
	for (size_t i = 0; i < count && i < MOST_SEGMENTS; i++) {
		if (gelf_getphdr(elf, (int)i, &header) == NULL)
			continue;
		want(image, header.p_offset, header.p_filesz);
		if (add_segment(image, file, &header, &capacity, err) != 0)
			return -1;
	}
	return 0;
}

static int add_section(struct gcr_image *image, struct gcr_span file,
		       const GElf_Shdr *header, const char *name,
		       size_t *capacity, struct gcr_error *err)
{
	struct gcr_memory *memory = &image->memory;
	struct gcr_section section = {
		.address = header->sh_addr,
		.size = header->sh_size,
		.loaded = (header->sh_flags & SHF_ALLOC) != 0,
		.code = (header->sh_flags & SHF_EXECINSTR) != 0,
		.writable = (header->sh_flags & SHF_WRITE) != 0,
		.compressed = (header->sh_flags & SHF_COMPRESSED) != 0,
	};

	// libelf's, and no longer there when it is done.
	if (name != NULL &&
	    gcr_arena_copy(image->arena,
			   gcr_span_head(gcr_span_of(name), LONGEST_NAME),
			   &section.name, err) != 0)
		return -1;
	// Thread-local ones have no place of their own in memory.
	if ((header->sh_flags & SHF_TLS) != 0)
		return 0;
	if (header->sh_type != SHT_NOBITS)
		section.bytes = gcr_bytes_slice(file, header->sh_offset,
						header->sh_size);
	if (header->sh_type == SHT_NOTE)
		read_notes(&image->info, section.bytes);
	if (gcr_span_is(section.name, ".debug_info") ||
	    gcr_span_is(section.name, ".zdebug_info"))
		image->info.has_debug = section.bytes.size > 0;
	if (gcr_arena_grow(image->arena, &memory->sections,
			   memory->section_count, capacity, sizeof(section),
			   err) != 0)
		return -1;
	memory->sections[memory->section_count++] = section;
	return 0;
}

static int read_sections(struct gcr_image *image, Elf *elf,
			 struct gcr_span file, struct gcr_error *err)
{
	size_t count = 0, names = 0, capacity = 0;
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return 0;
	while (count++ < MOST_SECTIONS &&
	       (section = elf_nextscn(elf, section)) != NULL) {
		if (gelf_getshdr(section, &header) == NULL)
			continue;
		if (header.sh_type != SHT_NOBITS)
			want(image, header.sh_offset, header.sh_size);
		const char *name = elf_strptr(elf, names, header.sh_name);
		if (add_section(image, file, &header, name, &capacity, err) !=
		    0)
			return -1;
	}
	return 0;
}

// All that is kept are offsets in the file.
static int read_headers(struct gcr_image *image, struct gcr_span file,
			struct gcr_error *err)
{
	int status = -1;
	Elf *elf;

	elf_version(EV_CURRENT);
	// libelf does not write to it here, though its prototype would let it.
	elf = elf_memory((char *)(uintptr_t)file.data, file.size);
	if (elf == NULL || elf_kind(elf) != ELF_K_ELF) {
		elf_end(elf);
		return refuse(file, err);
	}
	if (read_header(image, elf, err) == 0 &&
	    read_segments(image, elf, file, err) == 0 &&
	    read_sections(image, elf, file, err) == 0)
		status = 0;
	elf_end(elf);
	return status;
}

static int read_file(struct gcr_image *image, struct gcr_span file,
		     struct gcr_error *err)
{
	struct gcr_image_info *info = &image->info;

	if (read_headers(image, file, err) != 0)
		return -1;
	gcr_memory_sort(&image->memory);
	if (gcr_memory_relocate(&image->memory, image->arena, err) != 0 ||
	    gcr_buildinfo_read(&image->memory, image->arena, info, err) != 0 ||
	    gcr_image_find_functions(image, err) != 0)
		return -1;
	gcr_image_settle(info);
	if (info->has_functions || info->go_version.data != NULL)
		return 0;
	if (image->wanted_size > file.size)
		return gcr_fail(err, GCR_FORMAT,
				"the program is cut: %zu of at least %" PRIu64
				" bytes are there, and no Go is in them",
				file.size, image->wanted_size);
	return gcr_fail(err, GCR_FORMAT, "no Go program");
}

int gcr_image_open(struct gcr_span file, const struct gcr_limits *limits,
		   struct gcr_image **ret, struct gcr_error *err)
{
	size_t memory = limits != NULL ? limits->memory : 0;
	struct gcr_arena *arena = gcr_arena_new(memory);
	struct gcr_image *image;

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	if (limits != NULL)
		gcr_arena_fail_at(arena, limits->fail_at);
	image = gcr_arena_alloc(arena, sizeof(*image), err);
	if (image == NULL) {
		gcr_arena_free(arena);
		return -1;
	}
	image->arena = arena;
	image->memory_limit = memory;
	image->file_size = file.size;
	if (read_file(image, file, err) != 0) {
		gcr_image_free(image);
		return -1;
	}
	*ret = image;
	return 0;
}

void gcr_image_free(struct gcr_image *image)
{
	if (image == NULL)
		return;
	gcr_debuginfo_free(image->debuginfo);
	gcr_arena_free(image->arena);
}

#endif
