/* Pieces and witnesses: see corelocals.h. */

#include "corelocals.h"

#include "arena.h"
#include "span.h"

unsigned char gcr_corelocals_state(const struct gcr_core_maps *maps,
				   uint64_t address)
{
	bool alive = false;

	address &= ~UINT64_C(7);
	if (maps->all || address < maps->low || address >= maps->high)
		alive = true;
	else if (address >= maps->arguments_at)
		alive = gcr_pointer_map_has(&maps->arguments,
					    (address - maps->arguments_at) / 8);
	else if (address >= maps->locals_at)
		alive = gcr_pointer_map_has(&maps->locals,
					    (address - maps->locals_at) / 8);
	return alive ? GCR_BYTE_KNOWN | GCR_BYTE_ALIVE : GCR_BYTE_KNOWN;
}

void gcr_corelocals_piece(struct gcr_corereader *reader,
			  const struct gcr_location_piece *piece,
			  const struct gcr_core_maps *maps,
			  struct gcr_corebytes *to)
{
	uint64_t at = piece->offset, size = piece->size;
	size_t got;

	if (at > to->size)
		return;
	if (size == 0 || size > to->size - at)
		size = to->size - at;

	if (piece->kind == GCR_LOCATION_MEMORY) {
		got = gcr_core_read(reader->core, piece->value, to->data + at,
				    (size_t)size);
		for (size_t i = 0; i < got; i++)
			to->known[at + i] =
				gcr_corelocals_state(maps, piece->value + i);
	} else if (piece->kind == GCR_LOCATION_VALUE && size <= 8) {
		for (uint64_t i = 0; i < size; i++) {
			to->data[at + i] =
				(unsigned char)(piece->value >> 8 * i & 0xff);
			to->known[at + i] = GCR_BYTE_KNOWN | GCR_BYTE_ALIVE;
		}
	}
}

static bool share_place(const struct gcr_location *one,
			const struct gcr_location *other)
{
	for (size_t i = 0; i < one->count; i++)
		for (size_t j = 0; j < other->listed_count; j++)
			if (one->pieces[i].kind == GCR_LOCATION_MEMORY &&
			    other->pieces[j].kind == GCR_LOCATION_MEMORY &&
			    one->pieces[i].value == other->pieces[j].value)
				return true;
	return false;
}

bool gcr_corelocals_shared(const struct gcr_variables *all,
			   const struct gcr_variable *variable)
{
	if (!variable->location.listed)
		return false;
	for (size_t i = 0; i < all->count; i++) {
		const struct gcr_variable *other = &all->items[i];

		// A parameter keeps its place when it is copied.
		if (other != variable && other->location.listed &&
		    (other->parameter || !variable->parameter) &&
		    share_place(&variable->location, &other->location))
			return true;
	}
	return false;
}

void gcr_corelocals_late(struct gcr_value *value)
{
	bool told = value->certainty != GCR_UNKNOWN;

	gcr_value_weaken(value, GCR_STALE);
	if (told)
		value->from = GCR_SPAN("by DWARF, which may be before or "
				       "behind an assignment here");
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

static bool has_recovered(const struct gcr_value *value)
{
	for (size_t i = 0; i < value->part_count; i++)
		if (value->part_certainty[i] == GCR_RECOVERED)
			return true;
	return false;
}

// Parts that the core knows for sure, in a value that is otherwise the words'.
// What a call site tells is what was passed: where the core has another value, or
// where nothing shows that it has not, the two are not to be mixed.
static void merge_parts(struct gcr_value *to, const struct gcr_value *from)
{
	struct gcr_value merged = *to;
	bool recovered = has_recovered(to);

	if (to->kind != from->kind || to->part_count != from->part_count)
		return;
	for (size_t i = 0; i < to->part_count; i++) {
		bool told = is_told(to->part_certainty[i]);

		if (from->part_certainty[i] != GCR_EXACT ||
		    to->part_certainty[i] == GCR_EXACT)
			continue;
		if (told ? to->part[i] != from->part[i] : recovered) {
			*to = *from;
			return;
		}
		merged.part[i] = from->part[i];
		merged.part_certainty[i] = GCR_EXACT;
	}
	*to = merged;
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
	bool exact = true;

	if (!is_told(value->certainty) || value->part_count == 0 ||
	    value->child_count > 0 ||
	    (value->text.data == NULL && value->kind != GCR_INTERFACE) ||
	    value->part_count != gcr_kind_parts(layout->kind))
		return 0;
	for (size_t i = 0; i < value->part_count; i++) {
		if (!is_told(value->part_certainty[i]))
			return 0;
		exact = exact && value->part_certainty[i] == GCR_EXACT;
	}
	// What a slot that was never stored points to is nobody's business.
	if (value->certainty == GCR_STALE && value->kind != GCR_STRING &&
	    !exact)
		return 0;
	// Nobody keeps what a printed word pointed to, unless a slot still does.
	followed.certainty = GCR_EXACT;
	reader->alive = value->kept;
	if (gcr_corefollow(reader, layout, &followed) != 0)
		return -1;
	followed.certainty =
		gcr_certainty_weaker(followed.certainty, value->certainty);
	if (value->from.size > 0)
		followed.from = value->from;
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

		if (to == NULL || gcr_span_is(from->value.name, "_"))
			continue;
		if (merge_one(reader, from, to) != 0)
			return -1;
		if (from->torn)
			gcr_corelocals_late(to);
	}
	return 0;
}
