/*
 * The parts of a recovery stand in the order in which a walk through the
 * parameters' types meets them, so one walk serves types, values and parts.
 */

#include "recovered.h"

#include "arena.h"
#include "reading.h"
#include "span.h"

#include <inttypes.h>

enum {
	WORD = 8,
	PAGE = 4096,
	LONGEST_CONTENT = 4096,
	MOST_TEXT = 200
};

struct walk {
	const struct gcr_callsite_input *input;
	const struct gcr_recovery *recovery;
	struct gcr_arena *arena;
	struct gcr_error *err;
	struct gcr_reading reading; // for the texts of leaves
	size_t part;
	// Of the group being walked: something of it was recovered; something
	// was printed as exact that may not be what was passed.
	bool took, may_be_later;
};

// Strings --------------------------------------------------------------------

// The bytes of a string in read-only data stay what they are.
static int read_content(struct walk *walk,
			const struct gcr_recovered_part *parts,
			struct gcr_value *value)
{
	const struct gcr_callsite_input *input = walk->input;
	uint64_t size = parts[1].value, address;
	struct gcr_span bytes;

	if (!parts[1].known || size > LONGEST_CONTENT)
		return 0;
	if (size == 0) {
		value->content = GCR_SPAN("");
	} else {
		if (parts[0].in_image)
			address = parts[0].address;
		else if (parts[0].known && input->bias_known)
			address = parts[0].value - input->bias;
		else
			return 0;
		if (gcr_image_read(input->image, address, size, &bytes) !=
			    GCR_MEMORY_READ_ONLY ||
		    bytes.size < size)
			return 0;
		value->content = gcr_span_head(bytes, (size_t)size);
	}
	value->certainty = GCR_RECOVERED;
	// What the trace printed for the address is not where these bytes are.
	if (value->part_certainty[0] != GCR_RECOVERED &&
	    value->part_certainty[0] != GCR_EXACT) {
		value->part_certainty[0] = GCR_UNKNOWN;
		value->part[0] = 0;
	}
	return gcr_quote(walk->arena, value->content, MOST_TEXT, &value->text,
			 walk->err);
}

/*
 * Of a program that was loaded nobody knows where, an exact string is still as
 * far from what the caller passed as whole pages: then it is that.
 */
static int read_unplaced(struct walk *walk,
			 const struct gcr_recovered_part *parts,
			 struct gcr_value *value)
{
	uint64_t distance = value->part[0] - parts[0].address;

	if (walk->input->bias_known || value->content.data != NULL ||
	    value->part_count < 2 || !parts[0].in_image || !parts[1].known ||
	    parts[1].value != value->part[1] || distance % PAGE != 0)
		return 0;
	if (read_content(walk, parts, value) != 0)
		return -1;
	if (value->content.data != NULL)
		value->from = parts[0].from;
	return 0;
}

// Leaves ---------------------------------------------------------------------

static int add_from(struct walk *walk, struct gcr_span from,
		    struct gcr_value *value)
{
	if (value->from.data == NULL) {
		value->from = from;
		return 0;
	}
	// One instruction may make several parts.
	if (gcr_span_ends(value->from, "...") || value->from.size > 400 ||
	    gcr_span_find_span(value->from, from) != GCR_NOWHERE)
		return 0;
	return gcr_arena_print(walk->arena, &value->from, walk->err,
			       "%.*s; %.*s", GCR_PRINT_SPAN(value->from),
			       GCR_PRINT_SPAN(gcr_span_head(from, 400)));
}

static void forget_part(struct gcr_value *value, unsigned part)
{
	value->part[part] = 0;
	value->part_certainty[part] = GCR_UNKNOWN;
}

// What it points to is told, though not where that was.
static int print_pointer(struct walk *walk,
			 const struct gcr_recovered_part *part,
			 struct gcr_value *value)
{
	value->certainty = GCR_RECOVERED;
	value->part_count = 1;
	forget_part(value, 0);
	if (part->in_image)
		return gcr_arena_print(walk->arena, &value->text, walk->err,
				       "&static(0x%" PRIx64 " of the file)",
				       part->address);
	return gcr_arena_print(walk->arena, &value->text, walk->err,
			       "&local(%.*s, sp+0x%" PRIx64 ")",
			       GCR_PRINT_SPAN(gcr_span_head(part->owner, 100)),
			       (uint64_t)part->stack);
}

/*
 * Of a slice or string whose address is nowhere to be told, the length and
 * capacity are. The content of a string is then unknown, and so is the string.
 */
static int print_rest(struct walk *walk, struct gcr_value *value)
{
	bool slice = value->kind == GCR_SLICE;

	value->text = (struct gcr_span){ 0 };
	if ((!slice && value->kind != GCR_STRING) ||
	    value->part_certainty[1] != GCR_RECOVERED)
		return 0;
	if (slice && (value->part_certainty[2] != GCR_RECOVERED ||
		      value->part[1] > value->part[2]))
		return 0;
	value->certainty = slice ? GCR_RECOVERED : GCR_UNKNOWN;
	forget_part(value, 0);
	if (!slice)
		return gcr_arena_print(walk->arena, &value->text, walk->err,
				       "%.*s(len %" PRIu64 ")",
				       GCR_PRINT_SPAN(value->type),
				       value->part[1]);
	return gcr_arena_print(walk->arena, &value->text, walk->err,
			       "%.*s(len %" PRIu64 ", cap %" PRIu64 ")",
			       GCR_PRINT_SPAN(value->type), value->part[1],
			       value->part[2]);
}

/*
 * What is exact is as it was when the program died, what is recovered as it was at
 * the call: in one value they agree only where the function has assigned nothing
 * to it in between, and that is so where both are known and the same.
 */
static bool is_still(const struct gcr_recovered_part *parts,
		     const struct gcr_value *value)
{
	for (size_t i = 0; i < value->part_count; i++)
		if (value->part_certainty[i] == GCR_EXACT &&
		    (!parts[i].known || parts[i].value != value->part[i]))
			return false;
	return true;
}

// Does the call site tell a part that the trace does not?
static bool is_filled(const struct gcr_recovered_part *parts, unsigned count,
		      const struct gcr_value *value)
{
	for (unsigned i = 0; i < count; i++)
		if (parts[i].known && (i >= value->part_count ||
				       value->part_certainty[i] != GCR_EXACT))
			return true;
	return false;
}

// All of the leaf is then as it was at the call.
static void forget_later(struct gcr_value *value)
{
	for (size_t i = 0; i < value->part_count; i++)
		if (value->part_certainty[i] == GCR_EXACT)
			value->part_certainty[i] = GCR_STALE;
}

static bool is_pointer(const struct gcr_value *value, unsigned part)
{
	return part == (value->kind == GCR_INTERFACE ? 1 : 0);
}

static int apply_parts(struct walk *walk, unsigned count,
		       struct gcr_value *value)
{
	const struct gcr_recovered_part *parts =
		&walk->recovery->parts[walk->part];
	unsigned recovered = 0;

	for (unsigned i = 0; i < count; i++) {
		if (i >= value->part_count)
			forget_part(value, i);
		if (value->part_certainty[i] == GCR_EXACT)
			continue;
		if (parts[i].from.data != NULL &&
		    add_from(walk, parts[i].from, value) != 0)
			return -1;
		if (!parts[i].known)
			continue;
		value->part[i] = parts[i].value;
		value->part_certainty[i] = GCR_RECOVERED;
		if (is_pointer(value, i))
			value->kept = parts[i].alive;
		recovered++;
	}
	if (recovered > 0)
		value->part_count = count;
	return (int)recovered;
}

static bool has_recovered(const struct walk *walk, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (walk->recovery->parts[walk->part + i].from.data != NULL)
			return true;
	return false;
}

static int read_elements(struct walk *walk,
			 const struct gcr_recovered_part *part,
			 struct gcr_value *value);

// A printed word that a slot has, too, which the collector follows.
static void note_kept(const struct gcr_recovered_part *parts,
		      struct gcr_value *value)
{
	for (unsigned i = 0; i < value->part_count; i++)
		if (is_pointer(value, i) && parts[i].known && parts[i].alive &&
		    value->part_certainty[i] == GCR_EXACT &&
		    value->part[i] == parts[i].value)
			value->kept = true;
}

static int apply_leaf(struct walk *walk, const struct gcr_layout *layout,
		      struct gcr_value *value)
{
	unsigned count = gcr_kind_parts(layout->kind);
	const struct gcr_recovered_part *parts =
		&walk->recovery->parts[walk->part];

	note_kept(parts, value);
	if (value->certainty == GCR_EXACT)
		walk->may_be_later |= !is_still(parts, value);
	if (value->certainty == GCR_EXACT && value->kind == GCR_STRING)
		return read_unplaced(walk, parts, value);
	if (value->certainty == GCR_EXACT || !has_recovered(walk, count))
		return 0;
	walk->took = true;
	if (!is_still(parts, value) && is_filled(parts, count, value))
		forget_later(value);
	int recovered = apply_parts(walk, count, value);
	if (recovered < 0)
		return -1;
	if (count == 1 && !parts[0].known)
		return print_pointer(walk, &parts[0], value);
	// That another part is a local's address tells no value.
	if (recovered == 0) {
		value->from = (struct gcr_span){ 0 };
		return 0;
	}
	// What the printed words led to is not what was passed.
	value->content = (struct gcr_span){ 0 };
	value->children = NULL;
	value->child_count = 0;
	enum gcr_certainty weakest = GCR_EXACT;
	for (unsigned i = 0; i < count; i++)
		weakest =
			gcr_certainty_weaker(weakest, value->part_certainty[i]);
	value->certainty = weakest;
	if (weakest != GCR_RECOVERED && weakest != GCR_EXACT) {
		if (print_rest(walk, value) != 0)
			return -1;
	} else if (gcr_value_finish_leaf(&walk->reading, layout, value) != 0) {
		return -1;
	}
	if (value->kind == GCR_STRING)
		return read_content(walk, parts, value);
	return gcr_span_is(layout->type, "[]string")
		       ? read_elements(walk, &parts[0], value)
		       : 0;
}

/*
 * The strings of a slice whose array is the caller's: `f("a", "b")` of
 * `f(s ...string)`.
 */
static int read_elements(struct walk *walk,
			 const struct gcr_recovered_part *part,
			 struct gcr_value *value)
{
	static const struct gcr_layout string = {
		.kind = GCR_STRING,
		.type = GCR_LITERAL("string"),
		.sized = true,
		.size = (uint64_t)2 * WORD,
		.align = WORD,
	};
	struct gcr_recovery words = { .parts = part->array };
	struct walk inner = *walk;
	size_t count = part->array_count / 2, empty = 0;

	if (value->certainty != GCR_RECOVERED || count == 0)
		return 0;
	value->children = gcr_arena_array(walk->arena, count,
					  sizeof(*value->children), walk->err);
	if (value->children == NULL)
		return -1;
	inner.recovery = &words;
	for (size_t i = 0; i < count; i++) {
		inner.part = 2 * i;
		gcr_value_start(&string, (struct gcr_span){ 0 },
				&value->children[i]);
		value->children[i].certainty = GCR_UNKNOWN;
		if (apply_leaf(&inner, &string, &value->children[i]) != 0)
			return -1;
		empty += value->children[i].content.data != NULL &&
			 value->children[i].content.size == 0;
	}
	// A slice just made: nothing in it is worth a row.
	value->child_count = empty < count ? count : 0;
	return 0;
}

// Types ------------------------------------------------------------------------

static uint64_t child_count(const struct gcr_layout *layout)
{
	if (layout->kind == GCR_ARRAY)
		return layout->element->size == 0 ? 0 : layout->length;
	return layout->field_count;
}

static bool is_exact(const struct gcr_value *value)
{
	for (size_t i = 0; i < value->child_count; i++)
		if (value->children[i].certainty != GCR_EXACT)
			return false;
	return value->certainty == GCR_EXACT;
}

static int finish_group(struct walk *walk, const struct gcr_layout *layout,
			struct gcr_value *value)
{
	value->text = (struct gcr_span){ 0 };
	if (walk->took && walk->may_be_later) {
		// Parts of two times are no value.
		value->certainty = GCR_UNKNOWN;
		value->from = (struct gcr_span){ 0 };
		return 0;
	}
	for (size_t i = 0; i < value->child_count; i++)
		if (value->children[i].from.data != NULL &&
		    add_from(walk, value->children[i].from, value) != 0)
			return -1;
	return gcr_value_finish_group(&walk->reading, layout, value);
}

static int apply(struct walk *walk, const struct gcr_layout *layout,
		 struct gcr_value *value)
{
	unsigned count = gcr_kind_parts(layout->kind);
	uint64_t children = child_count(layout);
	bool took = walk->took, may_be_later = walk->may_be_later;
	struct gcr_span name;

	if (count == 0)
		walk->took = walk->may_be_later = false;

	if (value != NULL && value->kind != layout->kind)
		value = NULL;
	if (count > 0 && value != NULL && apply_leaf(walk, layout, value) != 0)
		return -1;
	walk->part += count;
	for (uint64_t i = 0; i < children; i++)
		if (apply(walk, gcr_layout_child(layout, (size_t)i, &name),
			  value != NULL && i < value->child_count
				  ? &value->children[i]
				  : NULL) != 0)
			return -1;
	if (count == 0 && value != NULL && !is_exact(value) &&
	    finish_group(walk, layout, value) != 0)
		return -1;
	walk->took |= took;
	walk->may_be_later |= may_be_later;
	return 0;
}

static struct walk start(const struct gcr_callsite_input *input,
			 const struct gcr_recovery *recovery,
			 struct gcr_arena *arena, struct gcr_error *err)
{
	return (struct walk){
		.input = input,
		.recovery = recovery,
		.arena = arena,
		.err = err,
		.reading = {
			.arena = arena,
			.err = err,
			.word_size = WORD,
			.budget = GCR_READING_VALUES,
		},
	};
}

static int apply_all(struct walk *walk, struct gcr_value *arguments)
{
	const struct gcr_recovery *recovery = walk->recovery;

	for (size_t i = 0; i < recovery->parameter_count; i++) {
		// The dictionary's part, in front of a parameter.
		walk->part += i == recovery->dictionary;
		if (apply(walk, recovery->parameters[i].layout,
			  &arguments[i]) != 0)
			return -1;
	}
	return 0;
}

int gcr_recovered_apply(const struct gcr_callsite_input *input,
			const struct gcr_recovery *recovery,
			struct gcr_value *arguments, size_t argument_count,
			struct gcr_arena *arena, struct gcr_error *err)
{
	struct walk walk = start(input, recovery, arena, err);

	if (recovery->parts == NULL ||
	    argument_count != recovery->parameter_count)
		return 0;
	for (size_t i = 0; i < argument_count; i++)
		if (arguments[i].kind != recovery->parameters[i].layout->kind)
			return 0;
	return apply_all(&walk, arguments);
}

int gcr_recovered_values(const struct gcr_callsite_input *input,
			 const struct gcr_recovery *recovery,
			 struct gcr_arena *arena, struct gcr_value **ret,
			 size_t *ret_count, struct gcr_error *err)
{
	struct walk walk = start(input, recovery, arena, err);
	size_t count = recovery->parts == NULL ? 0 : recovery->parameter_count;
	struct gcr_value *values;

	*ret = NULL;
	*ret_count = 0;
	if (count == 0)
		return 0;
	values = gcr_arena_array(arena, count, sizeof(*values), err);
	if (values == NULL)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (gcr_value_missing(&walk.reading,
				      recovery->parameters[i].layout,
				      recovery->parameters[i].name, GCR_UNKNOWN,
				      &values[i]) != 0)
			return -1;
	if (apply_all(&walk, values) != 0)
		return -1;
	*ret = values;
	*ret_count = count;
	return 0;
}
