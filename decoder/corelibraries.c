/*
 * The files of a core: what the process had mapped, each once, and the C frames
 * that they allow to tell.
 */

#include "core.h"

#include "error.h"
#include "span.h"

enum {
	PAGE = 4096,
	SAVED_RBP = 16,
};

// Mappings of one file are neighbours.
static void add_mapping(struct gcr_core *core,
			const struct gcr_core_mapping *mapping)
{
	struct gcr_core_library *last =
		core->library_count > 0
			? &core->libraries[core->library_count - 1]
			: NULL;

	if (last == NULL || !gcr_span_equal(last->path, mapping->path) ||
	    mapping->start < last->end) {
		last = &core->libraries[core->library_count++];
		last->path = mapping->path;
		last->start = mapping->start;
		last->first = mapping->start - mapping->offset;
	}
	last->end = mapping->end;
	if (core->start >= mapping->start && core->start < mapping->end)
		last->program = true;
}

int gcr_core_find_libraries(struct gcr_core *core, struct gcr_error *err)
{
	core->libraries = gcr_arena_array(core->arena, core->file.mapping_count,
					  sizeof(*core->libraries), err);
	if (core->libraries == NULL)
		return -1;
	for (size_t i = 0; i < core->file.mapping_count; i++)
		add_mapping(core, &core->file.mappings[i]);
	core->native = (struct gcr_native){
		.core = &core->file,
		.memory = &core->memory,
		.arena = core->arena,
		.program = &core->image->memory,
		.go_start = core->runtime.text,
		.go_end = core->runtime.text_end,
	};
	return 0;
}

size_t gcr_core_library_count(const struct gcr_core *core)
{
	return core->library_count;
}

const struct gcr_core_library *gcr_core_library(const struct gcr_core *core,
						size_t index)
{
	return index < core->library_count ? &core->libraries[index] : NULL;
}

// The core has the first page of whatever is a program or a library.
static bool is_same(struct gcr_core *core,
		    const struct gcr_core_library *library,
		    struct gcr_span file)
{
	struct gcr_span there = { 0 };

	if (gcr_core_bytes(core, library->first, &there) != GCR_IN_CORE)
		return true;
	there = gcr_span_head(there, PAGE);
	return gcr_span_equal(gcr_span_head(file, there.size), there);
}

int gcr_core_add_library(struct gcr_core *core, size_t index,
			 struct gcr_span file, struct gcr_error *err)
{
	const struct gcr_core_library *library = gcr_core_library(core, index);

	if (library == NULL)
		return gcr_fail(err, GCR_NOT_FOUND, "no such library");
	if (!library->program && !is_same(core, library, file))
		return gcr_fail(err, GCR_NOT_FOUND,
				"'%.*s' is another file than was mapped",
				GCR_PRINT_SPAN(library->path));
	return gcr_native_add(&core->native, file, library, err);
}

void gcr_core_c_frames(struct gcr_core *core, bool all)
{
	core->c_frames = all;
}

bool gcr_core_died_in_c(const struct gcr_core *core)
{
	return core->c_failed || core->death_below_c;
}

int gcr_core_read_c_below(struct gcr_core *core, struct gcr_error *err)
{
	const struct gcr_core_stack *stack = &core->stack;
	struct gcr_native_registers start = { 0 };
	uint64_t rbp;

	core->c_count = 0;
	if (stack->end != GCR_END_NOT_GO || core->native.files == NULL)
		return 0;
	start.value[GCR_NATIVE_RIP] = stack->end_pc;
	start.value[GCR_NATIVE_RSP] = stack->end_sp;
	start.known[GCR_NATIVE_RIP] = start.known[GCR_NATIVE_RSP] = true;
	// The Go function saved it before its return address.
	if (gcr_coremem_word(&core->memory, stack->end_sp - SAVED_RBP, &rbp)) {
		start.value[GCR_NATIVE_RBP] = rbp;
		start.known[GCR_NATIVE_RBP] = true;
	}
	return gcr_native_unwind(&core->native, &start, &core->c_stack,
				 &core->c_count, err);
}

int gcr_core_read_c(struct gcr_core *core, const uint64_t *registers,
		    uint64_t context, struct gcr_error *err)
{
	struct gcr_native_registers start;

	if (context == 0)
		start = gcr_native_of_thread(registers);
	else if (!gcr_native_of_context(&core->memory, context, &start))
		return 0;
	if (core->frames_left == 0)
		return 0;
	if (gcr_native_unwind(&core->native, &start, &core->c_stack,
			      &core->c_count, err) != 0)
		return -1;
	core->frames_left -= core->c_count < core->frames_left
				     ? core->c_count
				     : core->frames_left;
	return 0;
}
