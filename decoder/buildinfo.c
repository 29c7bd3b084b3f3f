/*
 * Build information: see buildinfo.h.
 *
 *	"\xff Go buildinf:"  word size  flags
 *	flags & 2: since go1.18, two texts with varint lengths at 32
 *	else: at 16 the addresses of two string headers
 *
 * The second text stands between two 16-byte marks.
 * Go debug/buildinfo/buildinfo.go, cmd/link/internal/ld/data.go buildinfo.
 */

#include "buildinfo.h"

#include "arena.h"
#include "bytes.h"
#include "span.h"

#include <string.h>

enum {
	MAGIC_SIZE = 14,
	HEADER_SIZE = 32,
	ALIGN = 16,
	MARK_SIZE = 16,
	SEARCHED = 1 << 20, /* bytes of a segment without section names */
};

static const char magic[MAGIC_SIZE + 1] = "\xff Go buildinf:";

static bool find_header(struct gcr_span bytes, struct gcr_span *ret)
{
	if (bytes.size > SEARCHED)
		bytes.size = SEARCHED;
	for (size_t at = 0; at + HEADER_SIZE <= bytes.size; at += ALIGN)
		if (memcmp(bytes.data + at, magic, MAGIC_SIZE) == 0) {
			*ret = gcr_bytes_slice(bytes, at, UINT64_MAX);
			return true;
		}
	return false;
}

// Like Go's reader: the section, or else the start of writable data.
static bool locate(const struct gcr_memory *memory, struct gcr_span *ret)
{
	const struct gcr_section *section =
		gcr_memory_section(memory, ".go.buildinfo");

	if (section != NULL && find_header(section->bytes, ret))
		return true;
	for (size_t i = 0; i < memory->segment_count; i++)
		if (!memory->segments[i].code &&
		    find_header(memory->segments[i].bytes, ret))
			return true;
	return false;
}

static struct gcr_span string_at(const struct gcr_memory *memory,
				 uint64_t address)
{
	struct gcr_span text = { 0 };
	uint64_t data, size;

	if (gcr_memory_pointer(memory, address, &data) == GCR_MEMORY_NONE ||
	    gcr_memory_pointer(memory, address + memory->word_size, &size) ==
		    GCR_MEMORY_NONE ||
	    gcr_memory_read(memory, data, size, &text) == GCR_MEMORY_NONE ||
	    text.size < size)
		return (struct gcr_span){ 0 };
	return text;
}

static void read_texts(const struct gcr_memory *memory, struct gcr_span header,
		       struct gcr_span *version, struct gcr_span *modules)
{
	unsigned flags = (unsigned char)header.data[MAGIC_SIZE + 1];
	struct gcr_bytes reader = gcr_bytes_at(header, HEADER_SIZE);

	if ((flags & 2) != 0) {
		*version = gcr_bytes_take(&reader, gcr_bytes_varint(&reader));
		*modules = gcr_bytes_take(&reader, gcr_bytes_varint(&reader));
		return;
	}
	// The header's own words are relocated, so they are read by address.
	for (size_t i = 0; i < memory->segment_count; i++) {
		const struct gcr_segment *segment = &memory->segments[i];
		size_t at = (size_t)(header.data - segment->bytes.data);
		uint64_t where;

		if (header.data < segment->bytes.data ||
		    at >= segment->bytes.size)
			continue;
		if (gcr_memory_pointer(memory, segment->address + at + 16,
				       &where) != GCR_MEMORY_NONE)
			*version = string_at(memory, where);
		if (gcr_memory_pointer(memory,
				       segment->address + at + 16 +
					       memory->word_size,
				       &where) != GCR_MEMORY_NONE)
			*modules = string_at(memory, where);
	}
}

static struct gcr_module read_module(struct gcr_span line)
{
	struct gcr_module module = { 0 };

	module.path = gcr_span_until(&line, '\t');
	module.version = gcr_span_until(&line, '\t');
	if (line.size > 0)
		module.sum = line;
	return module;
}

// A key or value with odd characters is quoted; the quotes go, escapes stay.
static struct gcr_span unquote(struct gcr_span text)
{
	char mark = text.size >= 2 ? text.data[0] : '\0';

	if ((mark != '"' && mark != '`') || text.data[text.size - 1] != mark)
		return text;
	return (struct gcr_span){ text.data + 1, text.size - 2 };
}

static struct gcr_setting read_setting(struct gcr_span line)
{
	struct gcr_setting setting = { 0 };
	ptrdiff_t equals;

	if (line.size > 0 && line.data[0] == '"') {
		ptrdiff_t close = gcr_span_find_text(line, "\"=");
		equals = close == GCR_NOWHERE ? GCR_NOWHERE : close + 1;
	} else {
		equals = gcr_span_find(line, '=');
	}
	if (equals == GCR_NOWHERE)
		return setting;
	setting.key = unquote(gcr_span_head(line, (size_t)equals));
	setting.value = unquote(gcr_span_tail(line, (size_t)equals + 1));
	return setting;
}

/* Where the lines go while they are read. */
struct lines {
	struct gcr_image_info *info;
	struct gcr_arena *arena;
	struct gcr_error *err;
	size_t dependency_capacity, setting_capacity;
	struct gcr_module *last; /* what `=>` replaces */
};

static int add_dependency(struct lines *to, struct gcr_module module)
{
	struct gcr_image_info *info = to->info;

	if (gcr_arena_grow(to->arena, &info->dependencies,
			   info->dependency_count, &to->dependency_capacity,
			   sizeof(module), to->err) != 0)
		return -1;
	to->last = &info->dependencies[info->dependency_count++];
	*to->last = module;
	return 0;
}

static int add_setting(struct lines *to, struct gcr_setting setting)
{
	struct gcr_image_info *info = to->info;

	if (setting.key.size == 0)
		return 0;
	if (gcr_arena_grow(to->arena, &info->settings, info->setting_count,
			   &to->setting_capacity, sizeof(setting),
			   to->err) != 0)
		return -1;
	info->settings[info->setting_count++] = setting;
	return 0;
}

static int set_replacement(struct lines *to, struct gcr_module module)
{
	struct gcr_module *copy =
		gcr_arena_alloc(to->arena, sizeof(*copy), to->err);

	if (copy == NULL)
		return -1;
	*copy = module;
	if (to->last != NULL)
		to->last->replace = copy;
	return 0;
}

static int read_line(struct lines *to, struct gcr_span line)
{
	struct gcr_span word = gcr_span_until(&line, '\t');

	if (gcr_span_is(word, "path")) {
		to->info->path = line;
	} else if (gcr_span_is(word, "mod")) {
		to->info->main = read_module(line);
		to->last = &to->info->main;
	} else if (gcr_span_is(word, "dep")) {
		return add_dependency(to, read_module(line));
	} else if (gcr_span_is(word, "=>")) {
		return set_replacement(to, read_module(line));
	} else if (gcr_span_is(word, "build")) {
		return add_setting(to, read_setting(line));
	}
	return 0;
}

int gcr_buildinfo_modules(struct gcr_span text, struct gcr_arena *arena,
			  struct gcr_image_info *info, struct gcr_error *err)
{
	struct lines to = { .info = info, .arena = arena, .err = err };

	while (text.size > 0)
		if (read_line(&to, gcr_span_until(&text, '\n')) != 0)
			return -1;
	return 0;
}

int gcr_buildinfo_read(const struct gcr_memory *memory, struct gcr_arena *arena,
		       struct gcr_image_info *info, struct gcr_error *err)
{
	struct gcr_span header, version = { 0 }, modules = { 0 };
	unsigned minor;

	if (!locate(memory, &header))
		return 0;
	read_texts(memory, header, &version, &modules);
	if (version.size > 0)
		info->go_version = version;
	// Of a release that is being made: `devel go1.27-a1b2c3d Mon Jan …`.
	gcr_span_skip(&version, "devel ");
	minor = gcr_go_minor(gcr_span_until(&version, ' '));
	if (minor != 0)
		info->target.go_min = info->target.go_max = minor;
	if (modules.size < 2 * MARK_SIZE + 1)
		return 0;
	modules = gcr_span_tail(modules, MARK_SIZE);
	modules.size -= MARK_SIZE;
	return gcr_buildinfo_modules(modules, arena, info, err);
}
