/*
 * A core of any bytes beside a program of any bytes: what is before the core's
 * ELF magic is the program. Both opened, everything printed and every byte of
 * the model read. Whatever is claimed, the work is bounded by the bytes there
 * are.
 */

#include "core.h"

#include <stdint.h>
#include <string.h>

enum {
	MOST_MEMORY = 64 << 20,
	HEADER = 64,
};

static volatile unsigned sum;

static void touch(struct gcr_span span)
{
	for (size_t i = 0; i < span.size; i++)
		sum += (unsigned char)span.data[i];
}

static int swallow(void *to, const char *data, size_t size)
{
	(void)to;
	touch((struct gcr_span){ data, size });
	return 0;
}

static void touch_goroutine(const struct gcr_goroutine *g)
{
	touch(g->state);
	for (size_t i = 0; i < g->frame_count; i++) {
		touch(g->frames[i].function);
		touch(g->frames[i].arguments);
		touch(g->frames[i].file);
	}
	if (g->created_by != NULL)
		touch(g->created_by->function);
}

static void read_core(struct gcr_core *core)
{
	struct gcr_output output = { swallow, NULL };
	struct gcr_stack_source source;
	struct gcr_goroutine g;
	struct gcr_error err;
	const struct gcr_note *notes;
	size_t count;

	if (gcr_write_runtime(core, &output, &err) != 0)
		touch((struct gcr_span){ err.text, strlen(err.text) });
	source = gcr_core_source(core);
	while (source.next(source.from, &g, &err) > 0)
		touch_goroutine(&g);
	notes = gcr_core_notes(core, &count);
	for (size_t i = 0; i < count; i++)
		touch(notes[i].text);
	touch(core->crash.cause.text);
}

// The core begins with the last ELF header that says it is one.
static size_t find_core(struct gcr_span all)
{
	for (size_t at = all.size; at-- > 0;)
		if (gcr_is_core(
			    (struct gcr_span){ all.data + at, all.size - at }))
			return at;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gcr_span all = { (const char *)data, size };
	size_t at = find_core(all);
	struct gcr_core_options options = { .limits = { .memory = MOST_MEMORY },
					    .force = true };
	struct gcr_image *image;
	struct gcr_core *core;
	struct gcr_error err;

	if (gcr_image_open((struct gcr_span){ all.data, at }, &options.limits,
			   &image, &err) != 0)
		return 0;
	if (gcr_core_open(image,
			  (struct gcr_span){ all.data + at, all.size - at },
			  &options, &core, &err) == 0) {
		read_core(core);
		gcr_core_free(core);
	}
	gcr_image_free(image);
	return 0;
}
