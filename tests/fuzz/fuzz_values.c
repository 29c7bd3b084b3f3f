/*
 * Values out of a core of any bytes: what is before the core's ELF magic is the
 * program, and the last words are addresses of type descriptors and of values in
 * turn. Descriptors that go round in circles, lengths beyond all memory, maps and
 * channels that lie: the work is bounded, and every byte of it is read. With the
 * program's own DWARF, if it has any, variables of all frames are read as well.
 */

#include "core.h"
#include "corelocals.h"

#include <stdint.h>
#include <string.h>

enum {
	MOST_MEMORY = 64 << 20,
	PAIRS = 10,
	PAIR = 16,
	DEEPEST = 64,
	MOST_VALUES = 1 << 16,
};

static volatile unsigned sum;

static void touch(struct gcr_span span)
{
	for (size_t i = 0; i < span.size; i++)
		sum += (unsigned char)span.data[i];
}

static int swallow(void *to, const char *data, size_t size)
{
	(void)to;
	touch((struct gcr_span){ data, size });
	return 0;
}

static void touch_value(const struct gcr_value *value, unsigned depth,
			size_t *count)
{
	// Deeper or more than the reader's own limits.
	if (depth > DEEPEST || ++*count > MOST_VALUES)
		__builtin_trap();
	touch(value->name);
	touch(value->type);
	touch(value->text);
	touch(value->from);
	touch(value->content);
	if (value->certainty == GCR_EXACT)
		for (size_t i = 0; i < value->part_count; i++)
			if (value->part_certainty[i] != GCR_EXACT)
				__builtin_trap();
	for (size_t i = 0; i < value->child_count; i++)
		touch_value(&value->children[i], depth + 1, count);
}

static uint64_t word_at(struct gcr_span bytes, size_t at)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++)
		value |= (uint64_t)(unsigned char)bytes.data[at + i] << 8 * i;
	return value;
}

static void read_values(struct gcr_core *core, struct gcr_span table,
			unsigned go)
{
	struct gcr_arena *arena = gcr_arena_new(MOST_MEMORY);
	struct gcr_corereader reader;
	struct gcr_error err;

	if (arena == NULL ||
	    gcr_corereader_init(&reader, core, arena, &err) != 0) {
		gcr_arena_free(arena);
		return;
	}
	reader.go = go;
	reader.maps = go >= 24 ? GCR_MAPS_SWISS : GCR_MAPS_BUCKETS;
	for (size_t i = 0; i + PAIR <= table.size; i += PAIR) {
		const struct gcr_layout *layout;
		struct gcr_value value;
		size_t count = 0;

		gcr_corereader_begin(&reader);
		if (gcr_rtype_layout(reader.types, word_at(table, i), &layout,
				     &err) != 0 ||
		    gcr_corevalue_at(&reader, layout, word_at(table, i + 8),
				     (struct gcr_span){ 0 }, &value) != 0)
			break;
		touch_value(&value, 0, &count);
	}
	gcr_arena_free(arena);
}

static void write_all(struct gcr_core *core)
{
	struct gcr_output output = { swallow, NULL };
	const struct gcr_crash *crash;
	struct gcr_view view = { 0 };
	struct gcr_error err;

	if (gcr_core_crash(core, &crash, &err) != 0 ||
	    gcr_core_values_new(core, &view.core_values, &err) != 0)
		return;
	if (gcr_write_stacks(crash, &view, &output, &err) != 0 ||
	    gcr_write_json(crash, &view, &output, &err) != 0)
		touch((struct gcr_span){ err.text, strlen(err.text) });
	gcr_core_values_free(view.core_values);
}

// The core begins with the last ELF header that says it is one.
static size_t find_core(struct gcr_span all)
{
	for (size_t at = all.size; at-- > 0;)
		if (gcr_is_core(
			    (struct gcr_span){ all.data + at, all.size - at }))
			return at;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gcr_core_options options = { .limits = { .memory = MOST_MEMORY },
					    .force = true };
	struct gcr_span all = { (const char *)data, size };
	size_t at = find_core(all), tail = PAIRS * PAIR;
	struct gcr_image *image;
	struct gcr_core *core;
	struct gcr_error err;

	if (size < tail || gcr_image_open((struct gcr_span){ all.data, at },
					  &options.limits, &image, &err) != 0)
		return 0;
	if (gcr_core_open(image,
			  (struct gcr_span){ all.data + at, all.size - at },
			  &options, &core, &err) == 0) {
		struct gcr_span table = { all.data + size - tail, tail };

		read_values(core, table, 24);
		read_values(core, table, 19);
		read_values(core, table, 16);
		write_all(core);
		gcr_core_free(core);
	}
	gcr_image_free(image);
	return 0;
}
