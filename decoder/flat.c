/*
 * Flat words, to go1.16: the memory of parameters and results, as it lies.
 *
 *	Go runtime/traceback.go gentraceback, to go1.16: at most ten words
 *	Go cmd/compile/internal/types/size.go widstruct: parameters follow each
 *	other at their own alignment, results start on a word
 *
 *	func example(b1, b2, b3 bool, i uint8) error
 *
 *	word 0                  word 1        word 2
 *	b1 b2 b3 i  ? ? ? ?     error, type   error, data
 *
 * Bytes between and behind values belong to nobody and hold anything.
 */

#include "reading.h"

#include "arena.h"
#include "span.h"

#include <inttypes.h>

struct area {
	struct gcr_reading *reading;
	size_t value_count; // words printed
	bool lost;	    // behind an opaque type: offsets mean nothing
};

// A value on its way: where it is and what it is called.
struct place {
	const struct gcr_layout *layout;
	uint64_t offset;
	struct gcr_span path; // data NULL: keep no record of its bits
};

// The bytes [offset, offset + size) of the area; false: not printed.
static bool fetch(const struct area *area, uint64_t offset, unsigned size,
		  uint64_t *ret)
{
	unsigned word_size = area->reading->word_size;
	uint64_t value = 0;

	for (unsigned i = 0; i < size; i++) {
		uint64_t word = (offset + i) / word_size;
		unsigned shift = (unsigned)((offset + i) % word_size) * 8;
		if (word >= area->value_count)
			return false;
		value |= (area->reading->words->items[word].value >> shift &
			  0xff)
			 << (i * 8);
	}
	*ret = value;
	return true;
}

// Record the bits of [offset, offset + size), word by word.
static int add_parts(struct area *area, uint64_t offset, uint64_t size,
		     struct gcr_span name, struct gcr_span text)
{
	struct gcr_reading *reading = area->reading;
	unsigned word_size = reading->word_size;
	uint64_t end = offset + size;

	while (offset < end && offset / word_size < area->value_count) {
		unsigned low = (unsigned)(offset % word_size);
		unsigned count = end - offset < word_size - low
					 ? (unsigned)(end - offset)
					 : word_size - low;
		struct gcr_part part = {
			.word = (size_t)(offset / word_size),
			.low = low * 8,
			.high = (low + count) * 8 - 1,
			.name = name,
			.text = text,
			.pointer_part = name.data != NULL && text.data == NULL,
		};
		fetch(area, offset, count, &part.bits);
		if (part.pointer_part &&
		    gcr_arena_print(reading->arena, &part.text, reading->err,
				    "0x%" PRIx64, part.bits) != 0)
			return -1;
		if (gcr_arena_grow(reading->arena, &reading->parts,
				   reading->part_count, &reading->part_capacity,
				   sizeof(part), reading->err) != 0)
			return -1;
		reading->parts[reading->part_count++] = part;
		offset += count;
	}
	return 0;
}

// The bits up to `offset` that no value took.
static int add_padding(struct area *area, uint64_t offset)
{
	struct gcr_span none = { 0 };
	uint64_t from = area->reading->covered;

	area->reading->covered = offset;
	return from < offset ? add_parts(area, from, offset - from, none, none)
			     : 0;
}

static int record_leaf(struct area *area, const struct place *place,
		       const struct gcr_value *value)
{
	uint64_t size = place->layout->size;
	unsigned word_size = area->reading->word_size;
	struct gcr_span text = value->text;
	bool split = size > 0 && place->offset / word_size !=
					 (place->offset + size - 1) / word_size;

	if (place->path.data == NULL || area->lost)
		return 0;
	if (add_padding(area, place->offset) != 0)
		return -1;
	area->reading->covered = place->offset + size;
	if (split || value->part_count > 1)
		text = (struct gcr_span){ 0 };
	else if (text.data == NULL)
		text = GCR_SPAN("?");
	return add_parts(area, place->offset, size, place->path, text);
}

static int read_leaf(struct area *area, const struct place *place,
		     struct gcr_value *value)
{
	struct gcr_reading *reading = area->reading;
	unsigned size = gcr_layout_part_size(place->layout, reading->word_size);

	value->part_count = gcr_kind_parts(place->layout->kind);
	for (size_t i = 0; i < value->part_count; i++) {
		bool printed = fetch(area, place->offset + i * size, size,
				     &value->part[i]);
		value->part_certainty[i] = printed ? GCR_EXACT : GCR_ELIDED;
		if (area->lost ||
		    (reading->any_order && size != reading->word_size))
			value->part_certainty[i] = GCR_UNKNOWN;
	}
	if (value->part_count > 0 && value->part_certainty[0] != GCR_EXACT)
		value->part_count = 0;
	if (value->part_count == 0)
		value->certainty =
			area->lost || value->part_certainty[0] == GCR_UNKNOWN
				? GCR_UNKNOWN
				: GCR_ELIDED;
	else if (gcr_value_finish_leaf(reading, place->layout, value) != 0)
		return -1;
	return record_leaf(area, place, value);
}

// `p.x`, `p[2]`
static int child_place(struct area *area, const struct place *place,
		       size_t index, struct gcr_span *name, struct place *ret)
{
	const struct gcr_layout *layout = place->layout;
	struct gcr_reading *reading = area->reading;

	ret->layout = gcr_layout_child(layout, index, name);
	ret->path = place->path;
	ret->offset = place->offset;
	if (layout->kind == GCR_ARRAY)
		ret->offset += index * layout->element->size;
	else
		ret->offset += layout->fields[index].offset;
	if (place->path.data == NULL || area->lost)
		return 0;
	if (layout->kind == GCR_ARRAY)
		return gcr_arena_print(reading->arena, &ret->path, reading->err,
				       "%.*s[%zu]", GCR_PRINT_SPAN(place->path),
				       index);
	return gcr_arena_print(reading->arena, &ret->path, reading->err,
			       "%.*s.%.*s", GCR_PRINT_SPAN(place->path),
			       GCR_PRINT_SPAN(*name));
}

static int read_value(struct area *area, const struct place *place,
		      struct gcr_span name, struct gcr_value *ret);

static int read_group(struct area *area, const struct place *place,
		      struct gcr_value *value)
{
	struct place child = { 0 };
	struct gcr_span name;

	if (gcr_value_children(area->reading, place->layout, value) != 0)
		return -1;
	for (size_t i = 0; i < value->child_count; i++) {
		struct gcr_value *ret = &value->children[i];
		if (child_place(area, place, i, &name, &child) != 0 ||
		    read_value(area, &child, name, ret) != 0)
			return -1;
		if (gcr_span_is(name, "_")) {
			ret->certainty = GCR_UNKNOWN;
			ret->text = ret->content = (struct gcr_span){ 0 };
		}
	}
	return gcr_value_finish_group(area->reading, place->layout, value);
}

static int read_value(struct area *area, const struct place *place,
		      struct gcr_span name, struct gcr_value *ret)
{
	gcr_value_start(place->layout, name, ret);
	if (place->layout->kind == GCR_OPAQUE) {
		ret->certainty = GCR_UNKNOWN;
		area->lost = true;
		return 0;
	}
	if (place->layout->kind == GCR_ARRAY ||
	    place->layout->kind == GCR_STRUCT)
		return read_group(area, place, ret);
	return read_leaf(area, place, ret);
}

// No list is that long, but a hostile declaration may be.
static void advance(struct area *area, uint64_t *offset, uint64_t size)
{
	*offset += size;
	if (*offset > GCR_LARGEST_TYPE) {
		*offset = GCR_LARGEST_TYPE;
		area->lost = true;
	}
}

static int read_parameters(struct area *area, uint64_t *offset)
{
	struct gcr_reading *reading = area->reading;

	for (size_t i = 0; i < reading->parameter_count; i++) {
		const struct gcr_reading_parameter *parameter =
			&reading->parameters[i];
		struct place place = { .layout = parameter->layout };
		*offset = gcr_align_up(*offset, parameter->layout->align);
		place.offset = *offset;
		place.path = parameter->name.data != NULL ? parameter->name
							  : GCR_SPAN("_");
		if (read_value(area, &place, parameter->name,
			       &reading->arguments[i]) != 0)
			return -1;
		advance(area, offset, parameter->layout->size);
	}
	*offset = gcr_align_up(*offset, reading->word_size);
	return area->lost ? 0 : add_padding(area, *offset);
}

// What a result's slot holds before the return is nobody's promise.
static void distrust(struct gcr_value *value)
{
	if (value->certainty != GCR_ELIDED)
		value->certainty = GCR_UNKNOWN;
	for (size_t i = 0; i < value->part_count; i++)
		value->part_certainty[i] = GCR_UNKNOWN;
	for (size_t i = 0; i < value->child_count; i++)
		distrust(&value->children[i]);
}

static int read_results(struct area *area, uint64_t *offset)
{
	struct gcr_reading *reading = area->reading;

	reading->result_values =
		gcr_arena_array(reading->arena, reading->result_count,
				sizeof(*reading->result_values), reading->err);
	if (reading->result_values == NULL)
		return -1;
	reading->result_value_count = reading->result_count;
	for (size_t i = 0; i < reading->result_count; i++) {
		const struct gcr_reading_parameter *result =
			&reading->results[i];
		struct place place = { .layout = result->layout };
		*offset = gcr_align_up(*offset, result->layout->align);
		place.offset = *offset;
		if (read_value(area, &place, result->name,
			       &reading->result_values[i]) != 0)
			return -1;
		distrust(&reading->result_values[i]);
		advance(area, offset, result->layout->size);
	}
	*offset = gcr_align_up(*offset, reading->word_size);
	return 0;
}

// Words behind the parameters of a function that declares no results.
static int read_undeclared(struct area *area)
{
	struct gcr_reading *reading = area->reading;
	size_t count = area->value_count - reading->result_word;
	struct gcr_value *values = gcr_arena_array(
		reading->arena, count, sizeof(*values), reading->err);

	if (values == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		uint64_t word =
			reading->words->items[reading->result_word + i].value;
		values[i] = (struct gcr_value){
			.kind = GCR_UINTPTR,
			.certainty = GCR_UNKNOWN,
			.part = { word },
			.part_certainty = { GCR_UNKNOWN },
			.part_count = 1,
		};
		if (gcr_arena_print(reading->arena, &values[i].text,
				    reading->err, "0x%" PRIx64, word) != 0)
			return -1;
	}
	reading->result_values = values;
	reading->result_value_count = count;
	return 0;
}

static size_t count_values(const struct gcr_words *words)
{
	size_t count = 0;

	while (count < words->count &&
	       words->items[count].kind == GCR_WORD_VALUE)
		count++;
	return count;
}

// Compare the size of the area with the number of words printed.
static void judge(struct area *area, uint64_t end)
{
	struct gcr_reading *reading = area->reading;
	uint64_t words = end / reading->word_size;
	bool cut = reading->words->cut;

	if (cut ? words > area->value_count : words == area->value_count)
		return;
	reading->loose = true;
	if (words > area->value_count)
		reading->misfit = "it has too few words";
	else if (reading->result_count > 0)
		reading->misfit = "it has too many words";
}

static void judge_lost(struct area *area, uint64_t known)
{
	struct gcr_reading *reading = area->reading;

	reading->loose = true;
	if (!reading->words->cut &&
	    known / reading->word_size > area->value_count)
		reading->misfit = "it has too few words";
}

int gcr_read_flat(struct gcr_reading *reading)
{
	struct area area = { .reading = reading,
			     .value_count = count_values(reading->words) };
	uint64_t end = 0, results;

	reading->arguments =
		gcr_arena_array(reading->arena, reading->parameter_count,
				sizeof(*reading->arguments), reading->err);
	if (reading->arguments == NULL || read_parameters(&area, &end) != 0)
		return -1;
	results = end;
	reading->result_word = area.value_count;
	if (area.lost) {
		judge_lost(&area, reading->covered);
	} else {
		if (results / reading->word_size < area.value_count)
			reading->result_word =
				(size_t)(results / reading->word_size);
		if (read_results(&area, &end) != 0)
			return -1;
		if (area.lost)
			judge_lost(&area, results);
		else
			judge(&area, end);
	}
	// Captured variables before the parameters move everything.
	if (reading->closure && reading->misfit == NULL &&
	    (reading->loose || reading->words->cut))
		reading->misfit = "captured variables may stand before the "
				  "parameters of a closure";
	if (reading->misfit == NULL && reading->result_count == 0 && !area.lost)
		return read_undeclared(&area);
	return 0;
}
