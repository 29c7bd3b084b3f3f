/*
 * Argument lists under declarations: the first line of the input is a
 * declaration, the rest a list; or all of it is a list for a fixed one. Each is
 * decoded for every architecture and for releases of both eras.
 */

#include "gocrash.h"

#include "arena.h"
#include "span.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t touch(struct gcr_span span)
{
	size_t sum = 0;

	for (size_t i = 0; i < span.size; i++)
		sum += (unsigned char)span.data[i];
	return sum;
}

static size_t touch_value(const struct gcr_value *value)
{
	size_t sum = touch(value->name) + touch(value->type) +
		     touch(value->text) + touch(value->content);

	if (value->part_count > 3 ||
	    (value->certainty == GCR_EXACT && value->text.data == NULL &&
	     value->kind != GCR_ARRAY && value->kind != GCR_STRUCT))
		abort();
	for (size_t i = 0; i < value->child_count; i++)
		sum += touch_value(&value->children[i]);
	return sum;
}

static size_t touch_decoding(const struct gcr_decoding *decoding)
{
	size_t sum = touch(decoding->declaration);

	for (size_t i = 0; i < decoding->words.count; i++)
		sum += (size_t)decoding->words.items[i].value;
	for (size_t i = 0; i < decoding->argument_count; i++)
		sum += touch_value(&decoding->arguments[i]);
	for (size_t i = 0; i < decoding->result_count; i++)
		sum += touch_value(&decoding->results[i]);
	for (size_t i = 0; i < decoding->part_count; i++) {
		const struct gcr_part *part = &decoding->parts[i];
		if (part->word >= decoding->words.count || part->high > 63 ||
		    part->low > part->high)
			abort();
		sum += touch(part->name) + touch(part->text);
	}
	for (size_t i = 0; i < decoding->note_count; i++)
		sum += touch(decoding->notes[i].text);
	return sum;
}

static void decode(const struct gcr_declarations *set, struct gcr_span list)
{
	static const unsigned releases[] = { 0, 16, 17, 20, 26 };
	struct gcr_frame frame = { .function = GCR_SPAN("main.f"),
				   .arguments = list };
	struct gcr_decoding decoding;
	struct gcr_error err;

	for (unsigned i = 0; i < 5 * 6; i++) {
		struct gcr_target target = { (enum gcr_arch)(i / 5),
					     releases[i % 5], releases[i % 5] };
		struct gcr_arena *arena = gcr_arena_new(0);
		if (arena == NULL)
			return;
		if (gcr_frame_decode(&frame, set, &target, arena, &decoding,
				     &err) != 0)
			touch(gcr_span_of(err.text));
		else if (touch_decoding(&decoding) == SIZE_MAX)
			abort();
		gcr_arena_free(arena);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gcr_span text = { (const char *)data, size }, rest = text;
	struct gcr_span declaration = gcr_span_until(&rest, '\n');
	struct gcr_declarations *set;
	struct gcr_error err;

	if (gcr_declarations_new(&set, &err) != 0)
		return 0;
	if (gcr_declarations_add(set, declaration, &err) != 0) {
		rest = text;
		if (gcr_declarations_add(
			    set,
			    GCR_SPAN("main.f(a string, b []int, c struct{ x, y "
				     "int8; z [3]T }, d float32, e any) error"),
			    &err) != 0)
			abort();
	}
	decode(set, rest);
	gcr_declarations_free(set);
	return 0;
}
