/*
 * Declarations and sources: the input is a declaration, a Go source and a
 * frame's name, divided by NUL bytes; what it declares is used to decode.
 */

#include "gocrash.h"

#include "arena.h"
#include "span.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Read every byte, so that a span that points nowhere is seen.
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

	for (size_t i = 0; i < value->child_count; i++)
		sum += touch_value(&value->children[i]);
	return sum;
}

static void decode(const struct gcr_declarations *set, struct gcr_span function,
		   struct gcr_span list, struct gcr_arena *arena)
{
	struct gcr_frame frame = { .function = function, .arguments = list };
	struct gcr_decoding decoding;
	struct gcr_error err;
	size_t sum = 0;

	if (gcr_frame_decode(&frame, set, NULL, arena, &decoding, &err) != 0)
		return;
	sum += touch(decoding.declaration);
	for (size_t i = 0; i < decoding.argument_count; i++)
		sum += touch_value(&decoding.arguments[i]);
	for (size_t i = 0; i < decoding.result_count; i++)
		sum += touch_value(&decoding.results[i]);
	for (size_t i = 0; i < decoding.part_count; i++)
		sum += touch(decoding.parts[i].name) +
		       touch(decoding.parts[i].text);
	for (size_t i = 0; i < decoding.note_count; i++)
		sum += touch(decoding.notes[i].text);
	if (sum == SIZE_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gcr_span rest = { (const char *)data, size };
	struct gcr_span declaration = gcr_span_until(&rest, '\0');
	struct gcr_span source = gcr_span_until(&rest, '\0');
	struct gcr_span function = gcr_span_until(&rest, '\0');
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_declarations *set;
	struct gcr_error err;

	if (arena == NULL || gcr_declarations_new(&set, &err) != 0) {
		gcr_arena_free(arena);
		return 0;
	}
	if (gcr_declarations_add(set, declaration, &err) != 0)
		touch(gcr_span_of(err.text));
	// A file of one piece is both.
	if (source.size == 0)
		source = declaration;
	if (gcr_declarations_add_source(set, GCR_SPAN("p/p.go"), source,
					&err) != 0)
		touch(gcr_span_of(err.text));
	decode(set, function, GCR_SPAN("0x1, 0x2, 0x3"), arena);
	decode(set, function, GCR_SPAN("{0x1, 0x2}, 0x3?"), arena);
	decode(set, GCR_SPAN("main.f"), rest, arena);
	gcr_declarations_free(set);
	gcr_arena_free(arena);
	return 0;
}
