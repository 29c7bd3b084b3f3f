/*
 * Any bytes as the code of a function that calls another: what was passed is
 * asked for, and every byte that comes back is read. The first byte is the frame's
 * kind, the next two the offset it returns to.
 */

#include "arena.h"
#include "callsite.h"
#include "gocrash.h"
#include "image.h"
#include "recovered.h"
#include "span.h"

#include "../support_program.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	HEAD = 3,
	MOST_MEMORY = 64 << 20
};

static volatile unsigned sum;

// What support_program.c needs; support.c speaks to Check.
void text_put(struct text *text, const char *data, size_t size)
{
	if (text->size + size > text->capacity) {
		size_t capacity = 2 * (text->size + size);
		char *larger = realloc(text->data, capacity);

		if (larger == NULL)
			abort();
		text->data = larger;
		text->capacity = capacity;
	}
	if (size > 0)
		memcpy(text->data + text->size, data, size);
	text->size += size;
}

void text_free(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}

static void touch(struct gcr_span span)
{
	for (size_t i = 0; i < span.size; i++)
		sum += (unsigned char)span.data[i];
}

static void touch_values(const struct gcr_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		touch(values[i].name);
		touch(values[i].text);
		touch(values[i].from);
		touch(values[i].content);
		touch_values(values[i].children, values[i].child_count);
	}
}

static void touch_parts(const struct gcr_recovered_part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		touch(parts[i].from);
		touch_parts(parts[i].array, parts[i].array_count);
	}
}

static void ask(const struct gcr_callsite_input *input, struct gcr_arena *arena)
{
	const struct gcr_recovery *recovery;
	struct gcr_callsites *sites;
	struct gcr_value *values;
	struct gcr_error err;
	size_t count;

	if (gcr_callsites_new(input, arena, &sites, &err) != 0)
		return;
	if (gcr_callsite_frame(sites, 0, &recovery, &err) == 0) {
		touch(recovery->reason);
		if (recovery->parts != NULL)
			touch_parts(recovery->parts, recovery->abi.part_count);
		if (gcr_recovered_values(input, recovery, arena, &values,
					 &count, &err) == 0)
			touch_values(values, count);
	}
	gcr_callsites_done(sites);
}

static void read_program(struct gcr_span file, unsigned kind, size_t offset)
{
	struct gcr_limits limits = { .memory = MOST_MEMORY };
	struct gcr_arena *arena = gcr_arena_new(MOST_MEMORY);
	struct gcr_frame frames[] = {
		{ .function = GCR_SPAN("main.callee"),
		  .arguments = GCR_SPAN("{0x1?, 0x2?}, 0x3?"),
		  .flags = GCR_FRAME_OFFSET,
		  .offset = 5 },
		{ .function = GCR_SPAN("main.caller"),
		  .flags = GCR_FRAME_OFFSET | (kind & 1 ? GCR_FRAME_FP_SP : 0),
		  .offset = offset,
		  .fp = 0xc000040080,
		  .sp = 0xc000040000 },
	};
	struct gcr_goroutine goroutine = { .frames = frames, .frame_count = 2 };
	struct gcr_image *image;
	struct gcr_error err;

	if (arena != NULL && gcr_image_open(file, &limits, &image, &err) == 0) {
		struct gcr_callsite_input input = { .image = image,
						    .bias_known = true,
						    .goroutine = &goroutine };
		ask(&input, arena);
		gcr_image_free(image);
	}
	gcr_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < HEAD + 5)
		return 0;
	struct gcr_span code = { (const char *)data + HEAD, size - HEAD };
	if (code.size > PROGRAM_LARGEST)
		code.size = PROGRAM_LARGEST;
	size_t offset = (data[1] | (size_t)data[2] << 8) % (code.size + 1);
	struct text program = compose_program_of(code);

	// Where a CALL is asked for, there is one, of the callee.
	if (data[0] & 2 && offset >= 5) {
		struct gcr_span text = { program.data, program.size };
		ptrdiff_t at = gcr_span_find_span(text, code);
		size_t distance = program_callee(code.size) - offset;

		if (at != GCR_NOWHERE) {
			program.data[at + (ptrdiff_t)offset - 5] = '\xe8';
			for (int i = 0; i < 4; i++)
				program.data[at + (ptrdiff_t)offset - 4 + i] =
					(char)(distance >> 8 * i & 0xff);
		}
	}
	read_program((struct gcr_span){ program.data, program.size }, data[0],
		     offset);
	text_free(&program);
	return 0;
}
