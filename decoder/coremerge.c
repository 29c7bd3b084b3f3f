/* Pieces and witnesses: see corelocals.h. */

#include "corelocals.h"

#include "arena.h"
#include "span.h"

void gcr_corelocals_piece(struct gcr_corereader *reader,
			  const struct gcr_location_piece *piece,
			  struct gcr_corebytes *to, uint64_t at, uint64_t size)
{
	size_t got;

	if (piece->kind == GCR_LOCATION_MEMORY) {
		got = gcr_core_read(reader->core, piece->value, to->data + at,
				    (size_t)size);
		for (size_t i = 0; i < got; i++)
			to->known[at + i] = 1;
	} else if (piece->kind == GCR_LOCATION_VALUE && size <= 8) {
		for (uint64_t i = 0; i < size; i++) {
			to->data[at + i] =
				(unsigned char)(piece->value >> 8 * i & 0xff);
			to->known[at + i] = 1;
		}
	}
}

static struct gcr_value *find_value(struct gcr_value *values, size_t count,
				    struct gcr_span name)
{
	for (size_t i = 0; i < count; i++)
		if (gcr_span_equal(values[i].name, name))
			return &values[i];
	return NULL;
}

static bool is_told(enum gcr_certainty certainty)
{
	return certainty != GCR_UNKNOWN && certainty != GCR_ELIDED;
}

// Parts that the core knows for sure, in a value that is otherwise the words'.
static void merge_parts(struct gcr_value *to, const struct gcr_value *from)
{
	if (to->kind != from->kind || to->part_count != from->part_count)
		return;
	for (size_t i = 0; i < to->part_count; i++) {
		if (from->part_certainty[i] != GCR_EXACT ||
		    to->part_certainty[i] == GCR_EXACT)
			continue;
		// Another value than the words': then they tell nothing.
		if (is_told(to->part_certainty[i]) &&
		    to->part[i] != from->part[i]) {
			*to = *from;
			return;
		}
		to->part[i] = from->part[i];
		to->part_certainty[i] = GCR_EXACT;
	}
}

static int follow_told(struct gcr_corereader *reader,
		       const struct gcr_layout *layout,
		       struct gcr_value *value);

// Its parts may have been told by the words or a call site: what they lead to is
// in the core, and as sure as they are.
static int follow_leaf(struct gcr_corereader *reader,
		       const struct gcr_layout *layout, struct gcr_value *value)
{
	struct gcr_value followed = *value;

	if (!is_told(value->certainty) || value->part_count == 0 ||
	    value->text.data == NULL || value->child_count > 0 ||
	    value->part_count != gcr_kind_parts(layout->kind))
		return 0;
	for (size_t i = 0; i < value->part_count; i++)
		if (!is_told(value->part_certainty[i]))
			return 0;
	followed.certainty = GCR_EXACT;
	if (gcr_corefollow(reader, layout, &followed) != 0)
		return -1;
	followed.certainty = value->certainty;
	for (size_t i = 0; i < followed.child_count; i++)
		gcr_value_weaken(&followed.children[i], value->certainty);
	*value = followed;
	return 0;
}

static int follow_group(struct gcr_corereader *reader,
			const struct gcr_layout *layout,
			struct gcr_value *value)
{
	size_t count = layout->kind == GCR_STRUCT ? layout->field_count
						  : value->child_count;
	enum gcr_certainty certainty = value->certainty;
	struct gcr_span name;

	if (value->child_count == 0 || value->child_count > count)
		return 0;
	for (size_t i = 0; i < value->child_count; i++)
		if (follow_told(reader, gcr_layout_child(layout, i, &name),
				&value->children[i]) != 0)
			return -1;
	if (gcr_value_finish_group(&reader->reading, layout, value) != 0)
		return -1;
	value->certainty = gcr_certainty_weaker(value->certainty, certainty);
	return 0;
}

static int follow_told(struct gcr_corereader *reader,
		       const struct gcr_layout *layout, struct gcr_value *value)
{
	if (value->kind != layout->kind || !layout->sized)
		return 0;
	if (layout->kind == GCR_STRUCT || layout->kind == GCR_ARRAY)
		return follow_group(reader, layout, value);
	return follow_leaf(reader, layout, value);
}

static int merge_one(struct gcr_corereader *reader,
		     const struct gcr_core_argument *from, struct gcr_value *to)
{
	if (from->value.certainty == GCR_EXACT || !is_told(to->certainty)) {
		*to = from->value;
		return 0;
	}
	merge_parts(to, &from->value);
	gcr_corereader_begin(reader);
	return follow_told(reader, from->layout, to);
}

int gcr_corelocals_merge(struct gcr_corereader *reader,
			 const struct gcr_core_list *arguments,
			 struct gcr_decoding *decoding)
{
	struct gcr_value *all;

	if (decoding->argument_count == 0) {
		all = gcr_arena_array(reader->arena, arguments->count,
				      sizeof(*all), reader->err);
		if (all == NULL)
			return -1;
		for (size_t i = 0; i < arguments->count; i++)
			all[i] = arguments->items[i].value;
		decoding->arguments = all;
		decoding->argument_count = arguments->count;
		return 0;
	}
	for (size_t i = 0; i < arguments->count; i++) {
		const struct gcr_core_argument *from = &arguments->items[i];
		struct gcr_value *to =
			find_value(decoding->arguments,
				   decoding->argument_count, from->value.name);

		if (to != NULL && !gcr_span_is(from->value.name, "_") &&
		    merge_one(reader, from, to) != 0)
			return -1;
	}
	return 0;
}
