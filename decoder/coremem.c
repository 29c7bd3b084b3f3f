/*
 * The address space of a core: see coremem.h.
 *
 * Three layers, each sorted and without overlap, laid over one another:
 *
 *	what the core has  over  the program's segments  over  what is unsaved
 *
 * Of the program only what cannot be written counts: the rest may have changed,
 * and in a position-independent program it was relocated.
 */

#include "coremem.h"

#include "arena.h"
#include "bytes.h"

#include <stdlib.h>
#include <string.h>

/* One layer, or several put together. */
struct layer {
	struct gcr_core_run *runs;
	size_t count;
};

static int by_start(const void *left, const void *right)
{
	const struct gcr_core_run *a = left, *b = right;

	return (a->start > b->start) - (a->start < b->start);
}

static struct gcr_core_run part_of(const struct gcr_core_run *run,
				   uint64_t start, uint64_t end)
{
	struct gcr_core_run part = *run;

	part.bytes =
		gcr_bytes_slice(run->bytes, start - run->start, end - start);
	part.start = start;
	part.end = end;
	return part;
}

// Whoever comes first has the bytes; a forged core gains nothing by a second.
static void sort_layer(struct layer *layer)
{
	uint64_t end = 0;
	size_t kept = 0;

	if (layer->count > 0)
		qsort(layer->runs, layer->count, sizeof(*layer->runs),
		      by_start);
	for (size_t i = 0; i < layer->count; i++) {
		struct gcr_core_run run = layer->runs[i];

		if (run.end <= end)
			continue;
		if (run.start < end)
			run = part_of(&run, end, run.end);
		layer->runs[kept++] = run;
		end = run.end;
	}
	layer->count = kept;
}

// One run goes on where the other ends, in memory and in the file.
static bool continues(const struct gcr_core_run *before,
		      const struct gcr_core_run *run)
{
	return before->end == run->start && before->saved == run->saved &&
	       before->writable == run->writable &&
	       before->bytes.size == before->end - before->start &&
	       before->bytes.data + before->bytes.size == run->bytes.data;
}

static void emit(struct layer *to, struct gcr_core_run run)
{
	struct gcr_core_run *last =
		to->count > 0 ? &to->runs[to->count - 1] : NULL;

	if (run.saved != GCR_UNSAVED && last != NULL && continues(last, &run)) {
		last->end = run.end;
		last->bytes.size += run.bytes.size;
		return;
	}
	to->runs[to->count++] = run;
}

static int overlay(const struct layer *top, const struct layer *bottom,
		   struct gcr_arena *arena, struct layer *ret,
		   struct gcr_error *err)
{
	struct layer all = { 0 };
	size_t next = 0;
	uint64_t at = 0;

	all.runs = gcr_arena_array(arena, 2 * top->count + bottom->count,
				   sizeof(*all.runs), err);
	if (all.runs == NULL)
		return -1;
	for (size_t i = 0; i < bottom->count; i++) {
		const struct gcr_core_run *under = &bottom->runs[i];

		for (; next < top->count && top->runs[next].start < under->end;
		     next++) {
			if (at < under->start)
				at = under->start;
			if (top->runs[next].start > at)
				emit(&all,
				     part_of(under, at, top->runs[next].start));
			emit(&all, top->runs[next]);
			at = top->runs[next].end;
		}
		if (at < under->start)
			at = under->start;
		if (at < under->end) {
			emit(&all, part_of(under, at, under->end));
			at = under->end;
		}
	}
	while (next < top->count)
		emit(&all, top->runs[next++]);
	*ret = all;
	return 0;
}

static int make_saved(const struct gcr_corefile *core, struct gcr_arena *arena,
		      struct layer *ret, struct gcr_error *err)
{
	struct layer layer = { 0 };

	layer.runs = gcr_arena_array(arena, core->segment_count,
				     sizeof(*layer.runs), err);
	if (layer.runs == NULL)
		return -1;
	for (size_t i = 0; i < core->segment_count; i++) {
		const struct gcr_core_segment *segment = &core->segments[i];

		if (segment->bytes.size > 0)
			layer.runs[layer.count++] = (struct gcr_core_run){
				.start = segment->address,
				.end = segment->address + segment->bytes.size,
				.bytes = segment->bytes,
				.saved = GCR_IN_CORE,
				.writable = (segment->flags & 2) != 0,
			};
	}
	sort_layer(&layer);
	*ret = layer;
	return 0;
}

static int make_mapped(const struct gcr_corefile *core, struct gcr_arena *arena,
		       struct layer *ret, struct gcr_error *err)
{
	struct layer layer = { 0 };

	layer.runs = gcr_arena_array(arena, core->segment_count,
				     sizeof(*layer.runs), err);
	if (layer.runs == NULL)
		return -1;
	for (size_t i = 0; i < core->segment_count; i++)
		layer.runs[layer.count++] = (struct gcr_core_run){
			.start = core->segments[i].address,
			.end = core->segments[i].address +
			       core->segments[i].size,
			.saved = GCR_UNSAVED,
		};
	sort_layer(&layer);
	*ret = layer;
	return 0;
}

static int make_program(const struct gcr_memory *program, uint64_t bias,
			struct gcr_arena *arena, struct layer *ret,
			struct gcr_error *err)
{
	size_t count = program != NULL ? program->segment_count : 0;
	struct layer layer = { 0 };
	uint64_t end;

	layer.runs = gcr_arena_array(arena, count, sizeof(*layer.runs), err);
	if (layer.runs == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct gcr_segment *segment = &program->segments[i];
		uint64_t start = segment->address + bias;

		if (!segment->writable && segment->bytes.size > 0 &&
		    gcr_add_u64(start, segment->bytes.size, &end))
			layer.runs[layer.count++] = (struct gcr_core_run){
				.start = start,
				.end = end,
				.bytes = segment->bytes,
				.saved = GCR_IN_PROGRAM,
			};
	}
	sort_layer(&layer);
	*ret = layer;
	return 0;
}

static void count_bytes(const struct gcr_corefile *core,
			struct gcr_coremem *ret)
{
	for (size_t i = 0; i < core->segment_count; i++) {
		const struct gcr_core_segment *segment = &core->segments[i];
		uint64_t from = segment->address + segment->bytes.size;

		if (segment->wanted == segment->bytes.size)
			continue;
		if (ret->lost == 0 || from < ret->lost_from)
			ret->lost_from = from;
		ret->lost += segment->wanted - segment->bytes.size;
	}
	for (size_t i = 0; i < ret->count; i++)
		if (ret->runs[i].saved == GCR_IN_CORE)
			ret->saved += ret->runs[i].bytes.size;
}

int gcr_coremem_make(const struct gcr_corefile *core,
		     const struct gcr_memory *program, uint64_t bias,
		     struct gcr_arena *arena, struct gcr_coremem *ret,
		     struct gcr_error *err)
{
	struct layer saved, under, mapped, both, all;
	struct gcr_coremem memory = { 0 };

	if (make_saved(core, arena, &saved, err) != 0 ||
	    make_program(program, bias, arena, &under, err) != 0 ||
	    make_mapped(core, arena, &mapped, err) != 0 ||
	    overlay(&saved, &under, arena, &both, err) != 0 ||
	    overlay(&both, &mapped, arena, &all, err) != 0)
		return -1;
	memory.runs = all.runs;
	memory.count = all.count;
	count_bytes(core, &memory);
	*ret = memory;
	return 0;
}

static bool holds(const struct gcr_core_run *run, uint64_t address)
{
	return address >= run->start && address < run->end;
}

static const struct gcr_core_run *find(struct gcr_coremem *memory,
				       uint64_t address)
{
	size_t low = 0, high = memory->count;

	if (memory->last < memory->count &&
	    holds(&memory->runs[memory->last], address))
		return &memory->runs[memory->last];
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memory->runs[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || !holds(&memory->runs[low - 1], address))
		return NULL;
	memory->last = low - 1;
	return &memory->runs[low - 1];
}

enum gcr_saved gcr_coremem_bytes(struct gcr_coremem *memory, uint64_t address,
				 struct gcr_span *ret)
{
	const struct gcr_core_run *run = find(memory, address);

	if (run == NULL)
		return GCR_NOT_MAPPED;
	if (address - run->start >= run->bytes.size)
		return GCR_UNSAVED;
	ret->data = run->bytes.data + (address - run->start);
	ret->size = run->bytes.size - (size_t)(address - run->start);
	return run->saved;
}

bool gcr_coremem_span(struct gcr_coremem *memory, uint64_t address,
		      uint64_t size, struct gcr_span *ret)
{
	struct gcr_span bytes = { 0 };

	gcr_coremem_bytes(memory, address, &bytes);
	if (bytes.data == NULL || bytes.size < size)
		return false;
	ret->data = bytes.data;
	ret->size = (size_t)size;
	return true;
}

size_t gcr_coremem_read(struct gcr_coremem *memory, uint64_t address, void *to,
			size_t size)
{
	size_t done = 0;

	while (done < size && address + done >= address) {
		struct gcr_span bytes = { 0 };

		gcr_coremem_bytes(memory, address + done, &bytes);
		if (bytes.size == 0)
			break;
		if (bytes.size > size - done)
			bytes.size = size - done;
		memcpy((char *)to + done, bytes.data, bytes.size);
		done += bytes.size;
	}
	return done;
}

bool gcr_coremem_number(struct gcr_coremem *memory, uint64_t address,
			unsigned size, uint64_t *ret)
{
	const struct gcr_core_run *run = find(memory, address);
	unsigned char bytes[8] = { 0 };

	if (run != NULL && address - run->start < run->bytes.size &&
	    run->bytes.size - (address - run->start) >= size)
		memcpy(bytes, run->bytes.data + (address - run->start), size);
	else if (gcr_coremem_read(memory, address, bytes, size) < size)
		return false;
	*ret = gcr_little_u64(bytes);
	return true;
}
