/*
 * Typed lists, since go1.17: what the compiler wrote into the argument
 * information is followed step by step.
 *
 *	Go cmd/compile/internal/ssagen/ssa.go EmitArgInfo
 *	Go runtime/traceback.go printArgs
 *
 * A scalar is one component, an aggregate a group in braces. After ten
 * components `...` stands for what would come next, on every level; the fifth
 * level of braces prints `{...}`; a component 240 bytes or more into the frame
 * prints `_`.
 */

#include "reading.h"

#include "arena.h"
#include "span.h"

enum {
	MOST_COMPONENTS = 10,
	MOST_DEPTH = 5
};

enum step {
	STEP_NEXT,   // go on with what follows on this level
	STEP_CUT,    // `...` was here: nothing follows on this level
	STEP_MISFIT, // the list is not of these parameters
	STEP_FAILED, // out of memory
};

struct cursor {
	struct gcr_reading *reading;
	size_t at;
	unsigned components;
	enum gcr_certainty plain;
};

static const struct gcr_word *peek(const struct cursor *cursor)
{
	const struct gcr_words *words = cursor->reading->words;

	return cursor->at < words->count ? &words->items[cursor->at] : NULL;
}

static bool take(struct cursor *cursor, enum gcr_word_kind kind)
{
	const struct gcr_word *word = peek(cursor);

	if (word == NULL || word->kind != kind)
		return false;
	cursor->at++;
	return true;
}

static enum step misfit(struct cursor *cursor, const char *why)
{
	cursor->reading->misfit = why;
	return STEP_MISFIT;
}

// True at the limit, when `...` must stand here.
static bool at_limit(const struct cursor *cursor)
{
	return cursor->components >= MOST_COMPONENTS;
}

// One component of `size` bytes.
static enum step read_component(struct cursor *cursor, unsigned size,
				uint64_t *part, enum gcr_certainty *certainty)
{
	const struct gcr_word *word = peek(cursor);

	*certainty = GCR_ELIDED;
	if (word == NULL)
		return misfit(cursor, "it has too few values");
	if (at_limit(cursor))
		return take(cursor, GCR_WORD_MORE)
			       ? STEP_CUT
			       : misfit(cursor, "it goes on behind ten values");
	if (word->kind != GCR_WORD_VALUE && word->kind != GCR_WORD_GAP)
		return misfit(cursor, "a brace or '...' stands where a single "
				      "value should");
	cursor->at++;
	cursor->components++;
	if (word->kind == GCR_WORD_GAP)
		return STEP_NEXT;
	if (size < 8 && word->value >> (size * 8) != 0)
		return misfit(cursor, "a value is wider than its type");
	*part = word->value;
	*certainty =
		word->certainty == GCR_EXACT ? cursor->plain : word->certainty;
	return STEP_NEXT;
}

// `{`, or `...` at the limit.
static enum step open_group(struct cursor *cursor)
{
	if (at_limit(cursor))
		return take(cursor, GCR_WORD_MORE)
			       ? STEP_CUT
			       : misfit(cursor, "it goes on behind ten values");
	if (!take(cursor, GCR_WORD_OPEN))
		return misfit(cursor,
			      peek(cursor) == NULL
				      ? "it has too few values"
				      : "a single value stands where a brace "
					"should");
	return STEP_NEXT;
}

// `{...}` on the fifth level.
static enum step skip_deep_group(struct cursor *cursor)
{
	if (!take(cursor, GCR_WORD_MORE) || !take(cursor, GCR_WORD_CLOSE))
		return misfit(cursor,
			      "'{...}' should stand on the fifth level");
	cursor->components++;
	return STEP_NEXT;
}

static enum step close_group(struct cursor *cursor)
{
	return take(cursor, GCR_WORD_CLOSE)
		       ? STEP_NEXT
		       : misfit(cursor, "a brace has too many values in it");
}

static enum step read_value(struct cursor *cursor,
			    const struct gcr_layout *layout,
			    struct gcr_span name, unsigned depth,
			    struct gcr_value *ret);

// The parts of a scalar, or of a string, slice, … in their braces.
static enum step read_parts(struct cursor *cursor, unsigned size,
			    struct gcr_value *value)
{
	enum step step = STEP_NEXT;

	for (size_t i = 0; i < value->part_count; i++) {
		value->part_certainty[i] = GCR_ELIDED;
		if (step == STEP_NEXT)
			step = read_component(cursor, size, &value->part[i],
					      &value->part_certainty[i]);
		if (step > STEP_CUT)
			return step;
	}
	return step;
}

static enum step read_leaf(struct cursor *cursor,
			   const struct gcr_layout *layout, unsigned depth,
			   struct gcr_value *value)
{
	struct gcr_reading *reading = cursor->reading;
	unsigned size = gcr_layout_part_size(layout, reading->word_size);
	unsigned count = gcr_kind_parts(layout->kind);
	enum step step = STEP_NEXT;

	if (count > 1) {
		step = open_group(cursor);
		if (step == STEP_NEXT && depth + 1 >= MOST_DEPTH) {
			value->certainty = GCR_ELIDED;
			return skip_deep_group(cursor);
		}
	}
	if (step == STEP_NEXT) {
		value->part_count = count;
		step = read_parts(cursor, size, value);
		if (count == 1 && step == STEP_CUT)
			value->part_count = 0;
		if (count > 1 && step <= STEP_CUT)
			step = close_group(cursor);
	}
	if (step > STEP_CUT)
		return step;
	if (value->part_count == 0) {
		value->certainty = GCR_ELIDED;
		return step;
	}
	return gcr_value_finish_leaf(reading, layout, value) == 0 ? step
								  : STEP_FAILED;
}

static enum step elide(struct cursor *cursor, const struct gcr_layout *layout,
		       struct gcr_span name, struct gcr_value *ret)
{
	return gcr_value_missing(cursor->reading, layout, name, GCR_ELIDED,
				 ret) == 0
		       ? STEP_NEXT
		       : STEP_FAILED;
}

// What a blank field holds is nobody's business, not even the compiler's.
static void forget_blank(struct gcr_value *value)
{
	if (!gcr_span_is(value->name, "_"))
		return;
	value->certainty = GCR_UNKNOWN;
	value->text = value->content = (struct gcr_span){ 0 };
}

static enum step read_children(struct cursor *cursor,
			       const struct gcr_layout *layout, unsigned depth,
			       struct gcr_value *value, uint64_t total)
{
	enum step step = STEP_NEXT;

	for (uint64_t i = 0; i < total; i++) {
		struct gcr_value spare, *child = &spare;
		struct gcr_span name;
		const struct gcr_layout *inner;
		bool cut = step == STEP_CUT;

		if (i < value->child_count)
			child = &value->children[i];
		else if (cut)
			break;
		inner = gcr_layout_child(layout, (size_t)i, &name);
		enum step next =
			cut ? elide(cursor, inner, name, child)
			    : read_value(cursor, inner, name, depth, child);
		if (next > STEP_CUT)
			return next;
		if (!cut)
			step = next;
		if (name.data != NULL)
			forget_blank(child);
	}
	return step;
}

// Fields of a struct, elements of an array.
static enum step read_group(struct cursor *cursor,
			    const struct gcr_layout *layout, unsigned depth,
			    struct gcr_value *value)
{
	uint64_t total = layout->kind == GCR_ARRAY ? layout->length
						   : layout->field_count;
	enum step step = open_group(cursor);

	if (step > STEP_CUT)
		return step;
	if (step == STEP_CUT || depth + 1 >= MOST_DEPTH) {
		if (elide(cursor, layout, value->name, value) == STEP_FAILED)
			return STEP_FAILED;
		return step == STEP_CUT ? step : skip_deep_group(cursor);
	}
	if (gcr_value_children(cursor->reading, layout, value) != 0)
		return STEP_FAILED;
	if (total == 0)
		cursor->components++;
	step = read_children(cursor, layout, depth + 1, value, total);
	if (step <= STEP_CUT)
		step = close_group(cursor);
	if (step == STEP_NEXT &&
	    gcr_value_finish_group(cursor->reading, layout, value) != 0)
		return STEP_FAILED;
	return step;
}

// Is this element of a list a component? `{}` and `{...}` are one each.
static bool counts(const struct cursor *cursor, const struct gcr_word *word)
{
	bool first = word > cursor->reading->words->items &&
		     word[-1].kind == GCR_WORD_OPEN;

	return word->kind == GCR_WORD_VALUE || word->kind == GCR_WORD_GAP ||
	       (first &&
		(word->kind == GCR_WORD_CLOSE || word->kind == GCR_WORD_MORE));
}

// A type nobody defined: one component, or one group whatever is in it.
static enum step read_opaque(struct cursor *cursor, struct gcr_value *value)
{
	unsigned open = 0;

	value->certainty = GCR_UNKNOWN;
	if (peek(cursor) == NULL)
		return misfit(cursor, "it has too few values");
	if (at_limit(cursor)) {
		value->certainty = GCR_ELIDED;
		return take(cursor, GCR_WORD_MORE)
			       ? STEP_CUT
			       : misfit(cursor, "it goes on behind ten values");
	}
	do {
		const struct gcr_word *word = peek(cursor);
		if (word == NULL)
			return misfit(cursor, "a brace is not closed");
		if (open == 0 && (word->kind == GCR_WORD_CLOSE ||
				  word->kind == GCR_WORD_MORE))
			return misfit(cursor, "it has too few values");
		cursor->components += counts(cursor, word);
		open += word->kind == GCR_WORD_OPEN;
		open -= word->kind == GCR_WORD_CLOSE;
		cursor->at++;
	} while (open > 0);
	return STEP_NEXT;
}

static enum step read_value(struct cursor *cursor,
			    const struct gcr_layout *layout,
			    struct gcr_span name, unsigned depth,
			    struct gcr_value *ret)
{
	gcr_value_start(layout, name, ret);
	if (layout->kind == GCR_OPAQUE)
		return read_opaque(cursor, ret);
	if (layout->kind == GCR_ARRAY || layout->kind == GCR_STRUCT)
		return read_group(cursor, layout, depth, ret);
	return read_leaf(cursor, layout, depth, ret);
}

// Since go1.20 a generic method's dictionary is printed for its receiver.
static enum step read_dictionary(struct cursor *cursor,
				 const struct gcr_layout *layout,
				 struct gcr_span name, struct gcr_value *ret)
{
	enum gcr_certainty certainty;
	uint64_t part;

	if (gcr_value_missing(cursor->reading, layout, name, GCR_UNKNOWN,
			      ret) != 0)
		return STEP_FAILED;
	return read_component(cursor, cursor->reading->word_size, &part,
			      &certainty);
}

static enum step read_parameter(struct cursor *cursor,
				const struct gcr_reading_parameter *parameter,
				bool cut, struct gcr_value *ret)
{
	cursor->plain = parameter->plain;
	if (cut || parameter->dropped)
		return elide(cursor, parameter->layout, parameter->name, ret);
	if (parameter->dictionary)
		return read_dictionary(cursor, parameter->layout,
				       parameter->name, ret);
	return read_value(cursor, parameter->layout, parameter->name, 0, ret);
}

int gcr_read_typed(struct gcr_reading *reading)
{
	struct cursor cursor = { .reading = reading };
	bool cut = false;

	reading->arguments =
		gcr_arena_array(reading->arena, reading->parameter_count,
				sizeof(*reading->arguments), reading->err);
	if (reading->arguments == NULL)
		return -1;
	for (size_t i = 0; i < reading->parameter_count; i++) {
		enum step step =
			read_parameter(&cursor, &reading->parameters[i], cut,
				       &reading->arguments[i]);
		if (step == STEP_FAILED)
			return -1;
		if (step == STEP_MISFIT)
			return 0;
		cut = cut || step == STEP_CUT;
	}
	if (cursor.at < reading->words->count)
		reading->misfit = "it has too many values";
	reading->result_word = reading->words->count;
	return 0;
}
