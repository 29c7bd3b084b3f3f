/*
 * A program of any bytes: opened, and everything asked of it that can be asked;
 * every byte that comes back is read.
 */

#include "arena.h"
#include "image.h"

#include <stdint.h>

enum {
	MOST_FUNCTIONS = 60,
	MOST_MEMORY = 64 << 20,
	DEEPEST = 80,
	STEP = 5,
};

static volatile unsigned sum;

static void touch(struct gcr_span span)
{
	for (size_t i = 0; i < span.size; i++)
		sum += (unsigned char)span.data[i];
}

static void touch_layout(const struct gcr_layout *layout, unsigned depth)
{
	// Deeper than the reader's own limit: a type that holds itself.
	if (depth > DEEPEST)
		__builtin_trap();
	touch(layout->type);
	if (layout->element != NULL)
		touch_layout(layout->element, depth + 1);
	for (size_t i = 0; i < layout->field_count; i++) {
		touch(layout->fields[i].name);
		touch_layout(layout->fields[i].layout, depth + 1);
	}
}

static void read_signature(struct gcr_image *image, uint64_t entry)
{
	const struct gcr_image_signature *signature;
	struct gcr_error err;

	if (gcr_image_signature(image, entry, &signature, &err) != 0)
		return;
	for (size_t i = 0; i < signature->count; i++) {
		touch(signature->items[i].name);
		touch_layout(signature->items[i].layout, 0);
	}
}

static void read_lines(struct gcr_image *image, uint64_t pc)
{
	struct gcr_arena *arena = gcr_arena_new(MOST_MEMORY);
	struct gcr_image_lines lines = { 0 };
	struct gcr_error err;
	int64_t size;

	if (arena != NULL &&
	    gcr_image_lines_at(image, pc, arena, &lines, &err) == 0)
		for (size_t i = 0; i < lines.count; i++) {
			touch(lines.items[i].symbol);
			touch(lines.items[i].file);
		}
	if (gcr_image_frame_size(image, pc, &size))
		sum += (unsigned)size;
	gcr_arena_free(arena);
}

static void read_function(struct gcr_image *image,
			  const struct gcr_image_function *function)
{
	struct gcr_image_function again;
	struct gcr_span bytes;
	uint64_t word;
	size_t after = 0;

	touch(function->symbol);
	touch(function->file);
	if (gcr_image_code(image, function, &bytes))
		touch(bytes);
	if (gcr_image_argument_program(image, function, &bytes))
		touch(bytes);
	for (unsigned i = 0;
	     i < 3 &&
	     gcr_image_function_named(image, function->symbol, &after, &again);
	     i++)
		touch(again.symbol);
	for (unsigned i = 0; i < STEP; i++) {
		read_lines(image, function->entry + i * function->size / STEP);
		gcr_image_pcdata(image, function, i, function->entry);
	}
	gcr_image_pointer(image, function->entry, &word);
	read_signature(image, function->entry);
}

static void read_info(struct gcr_image *image)
{
	const struct gcr_image_info *info = gcr_image_info(image);

	touch(info->go_version);
	touch(info->go_build_id);
	touch(info->gnu_build_id);
	for (size_t i = 0; i < info->setting_count; i++) {
		touch(info->settings[i].key);
		touch(info->settings[i].value);
	}
	for (size_t i = 0; i < info->dependency_count; i++) {
		touch(info->dependencies[i].path);
		touch(info->dependencies[i].version);
		touch(info->dependencies[i].sum);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gcr_span file = { (const char *)data, size };
	struct gcr_limits limits = { .memory = MOST_MEMORY };
	struct gcr_image_function function;
	struct gcr_image *image;
	struct gcr_error err;

	if (gcr_image_open(file, &limits, &image, &err) != 0)
		return 0;
	size_t count = gcr_image_function_count(image);
	size_t step = count / MOST_FUNCTIONS + 1;

	read_info(image);
	for (size_t i = 0; i < count; i += step)
		if (gcr_image_function(image, i, &function))
			read_function(image, &function);
	gcr_image_free(image);
	return 0;
}
