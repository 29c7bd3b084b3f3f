/*
 * Goroutines without the runtime's list of them, as in a core that was cut: each
 * one has its own address at a known place (g.sched.g), which next to nothing
 * else in memory has.
 */

#include "core.h"

#include "bytes.h"

enum {
	ALIGN = 8,
	LARGEST_ID_BITS = 48,
	MOST_FOUND = 1 << 26,
	PART = 1 << 20, /* bytes between two questions for holes */
};

static bool is_live(struct gcr_core *core, uint64_t address)
{
	struct gcr_core_goroutine g;

	return gcr_runtime_is_g(&core->runtime, &core->memory, address) &&
	       gcr_coregoroutine_read(&core->world, address, &g) && g.id > 0 &&
	       g.id >> LARGEST_ID_BITS == 0 && g.low < g.high;
}

static int add_found(struct gcr_core *core, uint64_t address, size_t *room,
		     struct gcr_error *err)
{
	if (core->found_count >= MOST_FOUND)
		return 0;
	if (gcr_arena_grow(core->arena, &core->found, core->found_count, room,
			   sizeof(*core->found), err) != 0)
		return -1;
	core->found[core->found_count++] = address;
	return 0;
}

// Where in the run the file goes on behind a hole, which is nothing but zeros.
static uint64_t behind_hole(const struct gcr_core *core,
			    const struct gcr_core_run *run, uint64_t at)
{
	uint64_t offset, next;

	if (core->options.next_data == NULL)
		return at;
	offset = (uint64_t)(run->bytes.data - core->whole.data) + at;
	next = core->options.next_data(core->options.from, offset);
	if (next <= offset)
		return at;
	return next - offset < run->bytes.size - at
		       ? at + ((next - offset) & ~(uint64_t)(ALIGN - 1))
		       : run->bytes.size;
}

static int search_part(struct gcr_core *core, const struct gcr_core_run *run,
		       uint64_t from, uint64_t to, size_t *room,
		       struct gcr_error *err)
{
	uint64_t self = (uint64_t)core->runtime.offset[GCR_G_SCHED] +
			(uint64_t)core->runtime.offset[GCR_GOBUF_G];
	struct gcr_bytes reader = gcr_bytes_at(run->bytes, from);

	for (uint64_t at = from; at < to; at += ALIGN) {
		uint64_t g = run->start + at - self;

		if (gcr_bytes_word(&reader, 8) == g && g % ALIGN == 0 &&
		    !reader.short_read && is_live(core, g) &&
		    add_found(core, g, room, err) != 0)
			return -1;
	}
	return 0;
}

static int search_run(struct gcr_core *core, const struct gcr_core_run *run,
		      size_t *room, struct gcr_error *err)
{
	uint64_t at = 0, size = run->bytes.size, end;

	while ((at = behind_hole(core, run, at)) < size) {
		end = size - at < PART ? size : at + PART;
		if (search_part(core, run, at, end, room, err) != 0)
			return -1;
		at = end;
	}
	return 0;
}

int gcr_core_search(struct gcr_core *core, struct gcr_error *err)
{
	size_t room = 0;

	if (core->runtime.offset[GCR_G_SCHED] == GCR_RT_ABSENT ||
	    core->runtime.offset[GCR_GOBUF_G] == GCR_RT_ABSENT)
		return 0;
	for (size_t i = 0; i < core->memory.count; i++) {
		const struct gcr_core_run *run = &core->memory.runs[i];

		if (run->saved == GCR_IN_CORE && run->writable &&
		    search_run(core, run, &room, err) != 0)
			return -1;
	}
	return 0;
}
