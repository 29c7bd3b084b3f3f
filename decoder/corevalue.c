/* Values from bytes: see corevalue.h. */

#include "corevalue.h"

#include "arena.h"
#include "core.h"
#include "runtimeways.h"
#include "span.h"

#include <string.h>

enum {
	LAST_SLOTS = 27, /* what is an experiment there may be the rule later */
	DEEPEST = 12,
	BUDGET = 1024,
	MOST_BYTES = 1 << 20, /* that a variable and what it leads to have */
	/* All those of a frame: a damaged program's may be thousands. */
	FRAME_BYTES = 8 << 20,
	FRAME_VALUES = 1 << 16,
	MOST_STEPS = 1 << 16, /* through its maps */
};

// The one before has taken some of the frame's.
static void give_budget(struct gcr_corereader *reader)
{
	unsigned values = reader->values_given - reader->reading.budget;

	reader->frame_bytes -= reader->bytes_given - reader->bytes_left;
	reader->frame_values -= values;
	reader->bytes_given = reader->frame_bytes < MOST_BYTES
				      ? reader->frame_bytes
				      : MOST_BYTES;
	reader->values_given =
		reader->frame_values < BUDGET ? reader->frame_values : BUDGET;
	reader->bytes_left = reader->bytes_given;
	reader->reading.budget = reader->values_given;
}

// One of several, `arenas,mapsplitgroup`.
static bool has_word(struct gcr_span list, const char *word)
{
	while (list.size > 0)
		if (gcr_span_is(gcr_span_until(&list, ','), word))
			return true;
	return false;
}

// What no type of the program tells of its maps.
static void judge_maps(struct gcr_corereader *reader)
{
	struct gcr_span experiments = { 0 };

	gcr_image_setting(reader->image, "GOEXPERIMENT", &experiments);
	if (has_word(experiments, "noswissmap"))
		reader->maps = GCR_MAPS_BUCKETS;
	else if (reader->maps == GCR_MAPS_SWISS && reader->go > LAST_SLOTS)
		reader->maps = GCR_MAPS_UNTOLD;
	else if (reader->maps == GCR_MAPS_SWISS &&
		 has_word(experiments, "mapsplitgroup"))
		reader->maps = GCR_MAPS_SPLIT;
}

int gcr_corereader_init(struct gcr_corereader *reader, struct gcr_core *core,
			struct gcr_arena *arena, struct gcr_error *err)
{
	struct gcr_image *image = gcr_core_image(core);
	const struct gcr_image_info *info = gcr_image_info(image);

	*reader = (struct gcr_corereader){
		.core = core,
		.image = image,
		.arena = arena,
		.kept = arena,
		.err = err,
		.reading = { .arena = arena,
			     .err = err,
			     .word_size = info->word_size },
		.go = info->target.go_max,
		.maps = core->runtime.maps,
		.hops = 1,
		.errors = GCR_COREVALUE_ERRORS,
		.steps_left = MOST_STEPS,
		.all_steps_left = GCR_COREVALUE_STEPS,
	};
	judge_maps(reader);
	gcr_corereader_use(reader, arena, err);
	return gcr_rtypes_new(core, arena, &reader->types, err);
}

void gcr_corereader_use(struct gcr_corereader *reader, struct gcr_arena *arena,
			struct gcr_error *err)
{
	reader->arena = reader->reading.arena = arena;
	reader->err = reader->reading.err = err;
	reader->frame_bytes = FRAME_BYTES;
	reader->frame_values = FRAME_VALUES;
	reader->bytes_given = reader->bytes_left = 0;
	reader->values_given = reader->reading.budget = 0;
	give_budget(reader);
}

void gcr_corereader_begin(struct gcr_corereader *reader)
{
	give_budget(reader);
	reader->steps_left = MOST_STEPS;
	reader->hops = 1;
	reader->errors = GCR_COREVALUE_ERRORS;
	reader->depth = 0;
}

bool gcr_corenumber(struct gcr_corereader *reader, uint64_t address,
		    unsigned size, uint64_t *ret)
{
	return gcr_coremem_number(&reader->core->memory, address, size, ret);
}

int gcr_corebytes_fetch(struct gcr_corereader *reader, uint64_t address,
			uint64_t size, struct gcr_corebytes *ret)
{
	size_t wanted =
		size < GCR_COREVALUE_BYTES ? (size_t)size : GCR_COREVALUE_BYTES;
	struct gcr_corebytes bytes = { 0 };
	size_t got;

	if (wanted > reader->bytes_left)
		wanted = 0;
	reader->bytes_left -= wanted;
	bytes.size = wanted;
	bytes.data = gcr_arena_alloc(reader->arena, wanted, reader->err);
	bytes.known = gcr_arena_alloc(reader->arena, wanted, reader->err);
	if (bytes.data == NULL || bytes.known == NULL)
		return -1;
	got = gcr_core_read(reader->core, address, bytes.data, wanted);
	memset(bytes.known, GCR_BYTE_KNOWN | GCR_BYTE_ALIVE, got);
	*ret = bytes;
	return 0;
}

int gcr_corepart(struct gcr_corereader *reader, const struct gcr_layout *whole,
		 enum gcr_type_part part, const struct gcr_layout **ret)
{
	if (whole->descriptor != 0)
		return gcr_rtype_part(reader->types, whole, part, ret,
				      reader->err);
	return gcr_debugpart(reader->image, whole, part, ret, reader->err);
}

int gcr_corechildren(struct gcr_corereader *reader, struct gcr_value *value,
		     uint64_t count)
{
	if (count > reader->reading.budget)
		count = reader->reading.budget;
	value->children =
		gcr_arena_array(reader->arena, (size_t)count,
				sizeof(*value->children), reader->err);
	if (value->children == NULL)
		return -1;
	reader->reading.budget -= (unsigned)count;
	value->child_count = (size_t)count;
	return 0;
}

/* Leaves --------------------------------------------------------------------- */

static bool part_of(const struct gcr_corebytes *bytes, uint64_t offset,
		    unsigned size, uint64_t *ret)
{
	uint64_t value = 0;

	if (offset > bytes->size || size > bytes->size - offset)
		return false;
	for (unsigned i = 0; i < size; i++) {
		if (!bytes->known[offset + i])
			return false;
		value |= (uint64_t)bytes->data[offset + i] << 8 * i;
	}
	*ret = value;
	return true;
}

// The part of a leaf that points somewhere.
static unsigned pointer_part(enum gcr_kind kind)
{
	return kind == GCR_INTERFACE ? 1 : 0;
}

static int read_leaf(struct gcr_corereader *reader,
		     const struct gcr_layout *layout,
		     const struct gcr_corebytes *bytes, uint64_t offset,
		     struct gcr_value *ret)
{
	unsigned size = gcr_layout_part_size(layout, reader->reading.word_size);
	unsigned count = gcr_kind_parts(layout->kind);

	ret->part_count = count;
	for (unsigned i = 0; i < count; i++)
		ret->part_certainty[i] =
			part_of(bytes, offset + (uint64_t)i * size, size,
				&ret->part[i])
				? GCR_EXACT
				: GCR_UNKNOWN;
	if (gcr_value_finish_leaf(&reader->reading, layout, ret) != 0)
		return -1;
	if (ret->certainty != GCR_EXACT)
		return 0;
	reader->alive = (bytes->known[offset + pointer_part(layout->kind) *
						       (uint64_t)size] &
			 GCR_BYTE_ALIVE) != 0;
	return gcr_corefollow(reader, layout, ret);
}

/* Groups --------------------------------------------------------------------- */

static int read_group(struct gcr_corereader *reader,
		      const struct gcr_layout *layout,
		      const struct gcr_corebytes *bytes, uint64_t offset,
		      struct gcr_value *ret)
{
	struct gcr_span name;

	if (gcr_value_children(&reader->reading, layout, ret) != 0)
		return -1;
	for (size_t i = 0; i < ret->child_count; i++) {
		const struct gcr_layout *child =
			gcr_layout_child(layout, i, &name);
		uint64_t at = layout->kind == GCR_STRUCT
				      ? layout->fields[i].offset
				      : i * child->size;

		if (gcr_corevalue(reader, child, bytes, offset + at, name,
				  &ret->children[i]) != 0)
			return -1;
	}
	return gcr_value_finish_group(&reader->reading, layout, ret);
}

int gcr_corevalue(struct gcr_corereader *reader,
		  const struct gcr_layout *layout,
		  const struct gcr_corebytes *bytes, uint64_t offset,
		  struct gcr_span name, struct gcr_value *ret)
{
	bool group = layout->kind == GCR_STRUCT || layout->kind == GCR_ARRAY;
	int status;

	gcr_value_start(layout, name, ret);
	ret->certainty = GCR_UNKNOWN;
	if (!layout->sized || layout->kind == GCR_OPAQUE ||
	    reader->depth >= DEEPEST)
		return 0;
	reader->depth++;
	status = group ? read_group(reader, layout, bytes, offset, ret)
		       : read_leaf(reader, layout, bytes, offset, ret);
	reader->depth--;
	return status;
}

int gcr_corevalue_at(struct gcr_corereader *reader,
		     const struct gcr_layout *layout, uint64_t address,
		     struct gcr_span name, struct gcr_value *ret)
{
	struct gcr_corebytes bytes;

	if (gcr_corebytes_fetch(reader, address,
				layout->sized ? layout->size : 0, &bytes) != 0)
		return -1;
	return gcr_corevalue(reader, layout, &bytes, 0, name, ret);
}
