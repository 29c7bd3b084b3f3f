/*
 * What a value is called: Go literals for what is known whole, and for what
 * points elsewhere its words, `[]string(len 2, cap 4, 0xc000042748)`.
 */

#include "reading.h"

#include "arena.h"
#include "gofloat.h"
#include "span.h"

#include <inttypes.h>

enum {
	LONGEST_GROUP = 4096,
	SHORT_TYPE = 64
};

enum gcr_certainty gcr_certainty_weaker(enum gcr_certainty a,
					enum gcr_certainty b)
{
	// From `the runtime vouches for it` to `cannot be told`.
	static const unsigned char rank[] = {
		[GCR_EXACT] = 0, [GCR_RECOVERED] = 1, [GCR_UNMARKED] = 2,
		[GCR_STALE] = 3, [GCR_ELIDED] = 4,    [GCR_UNKNOWN] = 5,
	};

	return rank[b] > rank[a] ? b : a;
}

void gcr_value_weaken(struct gcr_value *value, enum gcr_certainty certainty)
{
	value->certainty = gcr_certainty_weaker(value->certainty, certainty);
	for (size_t i = 0; i < value->part_count; i++)
		value->part_certainty[i] = gcr_certainty_weaker(
			value->part_certainty[i], certainty);
	for (size_t i = 0; i < value->child_count; i++)
		gcr_value_weaken(&value->children[i], certainty);
}

void gcr_value_start(const struct gcr_layout *layout, struct gcr_span name,
		     struct gcr_value *ret)
{
	*ret = (struct gcr_value){
		.name = name,
		.type = layout->type,
		.kind = layout->kind,
	};
}

static int64_t signed_part(uint64_t part, unsigned size)
{
	uint64_t sign = UINT64_C(1) << (size * 8 - 1);

	if ((part & sign) == 0)
		return (int64_t)part;
	// The two's complement of a negative number of `size` bytes.
	uint64_t distance = (sign << 1) - part; // 0 - part for 8 bytes
	return -(int64_t)(distance - 1) - 1;
}

// False for what no Go program holds: then the words are something else.
static bool is_possible(const struct gcr_value *value, unsigned size)
{
	uint64_t most = UINT64_MAX >> (65 - size * 8);
	const uint64_t *part = value->part;

	for (size_t i = 0; size < 8 && i < value->part_count; i++)
		if (part[i] >> size * 8 != 0)
			return false;
	if (value->kind == GCR_BOOL)
		return part[0] <= 1;
	if (value->kind == GCR_STRING)
		return part[1] <= most && (part[0] != 0 || part[1] == 0);
	if (value->kind == GCR_SLICE)
		return part[1] <= part[2] && part[2] <= most &&
		       (part[0] != 0 || part[2] == 0);
	if (value->kind == GCR_INTERFACE)
		return part[0] != 0 || part[1] == 0;
	return true;
}

static int print_complex(struct gcr_reading *reading, struct gcr_value *value,
			 unsigned size)
{
	char real[GCR_FLOAT_TEXT], imaginary[GCR_FLOAT_TEXT];
	size_t real_size = gcr_float_text(value->part[0], size, false, real);
	size_t imaginary_size =
		gcr_float_text(value->part[1], size, true, imaginary);

	return gcr_arena_print(reading->arena, &value->text, reading->err,
			       "(%.*s%.*si)", (int)real_size, real,
			       (int)imaginary_size, imaginary);
}

static int print_float(struct gcr_reading *reading, struct gcr_value *value,
		       unsigned size)
{
	char text[GCR_FLOAT_TEXT];
	struct gcr_span span = { text, 0 };

	span.size = gcr_float_text(value->part[0], size, false, text);
	return gcr_arena_copy(reading->arena, span, &value->text, reading->err);
}

static int print_string(struct gcr_reading *reading, struct gcr_value *value)
{
	if (value->part[1] == 0) {
		value->content = GCR_SPAN("");
		value->text = GCR_SPAN("\"\"");
		return 0;
	}
	return gcr_arena_print(reading->arena, &value->text, reading->err,
			       "%.*s(len %" PRIu64 ", 0x%" PRIx64 ")",
			       GCR_PRINT_SPAN(value->type), value->part[1],
			       value->part[0]);
}

static int print_slice(struct gcr_reading *reading, struct gcr_value *value)
{
	return gcr_arena_print(reading->arena, &value->text, reading->err,
			       "%.*s(len %" PRIu64 ", cap %" PRIu64
			       ", 0x%" PRIx64 ")",
			       GCR_PRINT_SPAN(value->type), value->part[1],
			       value->part[2], value->part[0]);
}

static int print_interface(struct gcr_reading *reading, struct gcr_value *value)
{
	if (value->part[0] == 0) {
		value->text = GCR_SPAN("nil");
		return 0;
	}
	struct gcr_span type = value->type;
	if (type.size > SHORT_TYPE)
		type = GCR_SPAN("interface");
	return gcr_arena_print(reading->arena, &value->text, reading->err,
			       "%.*s(0x%" PRIx64 ", 0x%" PRIx64 ")",
			       GCR_PRINT_SPAN(type), value->part[0],
			       value->part[1]);
}

static int print_pointer(struct gcr_reading *reading, struct gcr_value *value)
{
	if (value->part[0] == 0 && value->kind != GCR_UINTPTR) {
		value->text = GCR_SPAN("nil");
		return 0;
	}
	return gcr_arena_print(reading->arena, &value->text, reading->err,
			       "0x%" PRIx64, value->part[0]);
}

static int print_leaf(struct gcr_reading *reading, struct gcr_value *value,
		      unsigned size)
{
	switch (value->kind) {
	case GCR_BOOL:
		value->text =
			value->part[0] ? GCR_SPAN("true") : GCR_SPAN("false");
		return 0;
	case GCR_INT:
	case GCR_INT8:
	case GCR_INT16:
	case GCR_INT32:
	case GCR_INT64:
		return gcr_arena_print(reading->arena, &value->text,
				       reading->err, "%" PRId64,
				       signed_part(value->part[0], size));
	case GCR_UINT:
	case GCR_UINT8:
	case GCR_UINT16:
	case GCR_UINT32:
	case GCR_UINT64:
		return gcr_arena_print(reading->arena, &value->text,
				       reading->err, "%" PRIu64,
				       value->part[0]);
	case GCR_FLOAT32:
	case GCR_FLOAT64:
		return print_float(reading, value, size);
	case GCR_COMPLEX64:
	case GCR_COMPLEX128:
		return print_complex(reading, value, size);
	case GCR_STRING:
		return print_string(reading, value);
	case GCR_SLICE:
		return print_slice(reading, value);
	case GCR_INTERFACE:
		return print_interface(reading, value);
	case GCR_UINTPTR:
	case GCR_POINTER:
	case GCR_MAP:
	case GCR_CHAN:
	case GCR_FUNC:
	case GCR_UNSAFE_POINTER:
		return print_pointer(reading, value);
	case GCR_ARRAY:
	case GCR_STRUCT:
	case GCR_OPAQUE:
	case GCR_KIND_COUNT:
		break;
	}
	return 0;
}

static size_t put_escaped(char *to, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";

	if (c == '"' || c == '\\' || c == '\n' || c == '\t') {
		to[0] = '\\';
		to[1] = c == '\n' ? 'n' : c == '\t' ? 't' : (char)c;
		return 2;
	}
	if (c >= ' ' && c < 0x7f) {
		to[0] = (char)c;
		return 1;
	}
	to[0] = '\\';
	to[1] = 'x';
	to[2] = hex[c >> 4];
	to[3] = hex[c & 15];
	return 4;
}

int gcr_quote(struct gcr_arena *arena, struct gcr_span content, size_t most,
	      struct gcr_span *ret, struct gcr_error *err)
{
	size_t shown = content.size < most ? content.size : most, size = 0;
	char *text = gcr_arena_array(arena, shown + 2, 4, err);

	if (text == NULL)
		return -1;
	text[size++] = '"';
	for (size_t i = 0; i < shown; i++)
		size += put_escaped(text + size,
				    (unsigned char)content.data[i]);
	text[size++] = '"';
	for (size_t i = 0; shown < content.size && i < 3; i++)
		text[size++] = '.';
	*ret = (struct gcr_span){ text, size };
	return 0;
}

int gcr_value_finish_leaf(struct gcr_reading *reading,
			  const struct gcr_layout *layout,
			  struct gcr_value *value)
{
	unsigned size = gcr_layout_part_size(layout, reading->word_size);

	value->certainty = GCR_EXACT;
	for (size_t i = 0; i < value->part_count; i++)
		value->certainty = gcr_certainty_weaker(
			value->certainty, value->part_certainty[i]);
	if (value->certainty == GCR_ELIDED || value->certainty == GCR_UNKNOWN)
		return 0;
	if (!is_possible(value, size)) {
		if (value->certainty != GCR_STALE)
			value->certainty = GCR_UNKNOWN;
		return 0;
	}
	return print_leaf(reading, value, size);
}

const struct gcr_layout *gcr_layout_child(const struct gcr_layout *layout,
					  size_t index, struct gcr_span *name)
{
	*name = (struct gcr_span){ 0 };
	if (layout->kind == GCR_ARRAY)
		return layout->element;
	*name = layout->fields[index].name;
	return layout->fields[index].layout;
}

int gcr_value_children(struct gcr_reading *reading,
		       const struct gcr_layout *layout, struct gcr_value *value)
{
	size_t count = layout->field_count;

	if (layout->kind == GCR_ARRAY)
		count = layout->length < GCR_READING_ELEMENTS
				? (size_t)layout->length
				: GCR_READING_ELEMENTS;
	if (count > reading->budget)
		count = reading->budget;
	reading->budget -= (unsigned)count;
	value->children = gcr_arena_array(
		reading->arena, count, sizeof(*value->children), reading->err);
	if (value->children == NULL)
		return -1;
	value->child_count = count;
	return 0;
}

int gcr_value_missing(struct gcr_reading *reading,
		      const struct gcr_layout *layout, struct gcr_span name,
		      enum gcr_certainty certainty, struct gcr_value *ret)
{
	gcr_value_start(layout, name, ret);
	if (layout->kind == GCR_ARRAY || layout->kind == GCR_STRUCT) {
		if (gcr_value_children(reading, layout, ret) != 0)
			return -1;
		for (size_t i = 0; i < ret->child_count; i++) {
			const struct gcr_layout *child =
				gcr_layout_child(layout, i, &name);
			if (gcr_value_missing(reading, child, name, certainty,
					      &ret->children[i]) != 0)
				return -1;
		}
	}
	ret->certainty = certainty;
	return 0;
}

static size_t child_total(const struct gcr_layout *layout)
{
	if (layout->kind == GCR_STRUCT)
		return layout->field_count;
	return layout->length < SIZE_MAX ? (size_t)layout->length : SIZE_MAX;
}

static bool is_blank(const struct gcr_value *value)
{
	return gcr_span_is(value->name, "_");
}

// A growing text of limited size.
struct group {
	char *data;
	size_t size;
};

static bool put(struct group *group, struct gcr_span text)
{
	if (text.size > LONGEST_GROUP - group->size)
		return false;
	if (text.size > 0)
		memcpy(group->data + group->size, text.data, text.size);
	group->size += text.size;
	return true;
}

static bool put_child(struct group *group, const struct gcr_value *child)
{
	if (group->size > 1 && !put(group, GCR_SPAN(", ")))
		return false;
	if (child->name.data != NULL &&
	    (!put(group, child->name) || !put(group, GCR_SPAN(": "))))
		return false;
	return put(group, child->text);
}

// `{1, 2}`, `{x: 1, y: 2}`; `...` for the rest from the first not printed.
static bool put_group(struct group *group, const struct gcr_value *value,
		      size_t total)
{
	size_t i = 0;

	put(group, GCR_SPAN("{"));
	for (; i < value->child_count; i++) {
		const struct gcr_value *child = &value->children[i];
		if (is_blank(child))
			continue;
		if (child->text.data == NULL)
			break;
		if (!put_child(group, child))
			return false;
	}
	if (i < value->child_count &&
	    value->children[i].certainty != GCR_ELIDED)
		return false;
	if (i < total && !(put(group, group->size > 1 ? GCR_SPAN(", ...")
						      : GCR_SPAN("..."))))
		return false;
	return put(group, GCR_SPAN("}"));
}

static size_t group_room(const struct gcr_value *value)
{
	size_t room = 16;

	for (size_t i = 0; i < value->child_count && room < LONGEST_GROUP; i++)
		room += value->children[i].name.size +
			value->children[i].text.size + 4;
	return room < LONGEST_GROUP ? room : LONGEST_GROUP;
}

int gcr_value_finish_group(struct gcr_reading *reading,
			   const struct gcr_layout *layout,
			   struct gcr_value *value)
{
	size_t total = child_total(layout);
	struct group group = { 0 };

	value->certainty = GCR_EXACT;
	for (size_t i = 0; i < value->child_count; i++)
		if (!is_blank(&value->children[i]))
			value->certainty = gcr_certainty_weaker(
				value->certainty, value->children[i].certainty);
	if (value->child_count < total)
		value->certainty =
			gcr_certainty_weaker(value->certainty, GCR_ELIDED);
	group.data = gcr_arena_alloc(reading->arena, group_room(value),
				     reading->err);
	if (group.data == NULL)
		return -1;
	if (put_group(&group, value, total))
		value->text = (struct gcr_span){ group.data, group.size };
	return 0;
}

int gcr_value_regroup(struct gcr_arena *arena, struct gcr_value *value,
		      struct gcr_error *err)
{
	struct group group = { 0 };

	// Some of it was not printed.
	if (value->text.data == NULL || gcr_span_ends(value->text, "...}"))
		return 0;
	group.data = gcr_arena_alloc(arena, group_room(value), err);
	if (group.data == NULL)
		return -1;
	if (put_group(&group, value, value->child_count))
		value->text = (struct gcr_span){ group.data, group.size };
	return 0;
}
