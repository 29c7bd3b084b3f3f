/*
 * A listing of any bytes: read, every function found by its own name, every row
 * read to the last byte, and offsets of it written as text and as JSON.
 */

#include "arena.h"
#include "listing.h"
#include "span.h"

#include <stdint.h>
#include <stdlib.h>

enum {
	MOST_FUNCTIONS = 40,
	MOST_OFFSETS = 3
};

static volatile unsigned sum;

static int swallow(void *to, const char *data, size_t size)
{
	(void)to;
	for (size_t i = 0; i < size; i++)
		sum += (unsigned char)data[i];
	return 0;
}

static void touch(struct gcr_span span)
{
	for (size_t i = 0; i < span.size; i++)
		sum += (unsigned char)span.data[i];
}

static void read_rows(struct gcr_code_source *source, struct gcr_routine *code,
		      struct gcr_arena *arena)
{
	struct gcr_error err;

	if (source->read(source->from, code, arena, &err) != 0)
		return;
	for (size_t i = 0; i < code->row_count; i++) {
		const struct gcr_row *row = &code->rows[i];

		if (i > 0 && row->offset < row[-1].offset)
			abort();
		touch(row->file);
		touch(row->mnemonic);
		touch(row->operands);
		touch(row->target);
		touch(row->text);
	}
}

static struct gcr_span no_source(void *from, struct gcr_span file)
{
	(void)file;
	return *(struct gcr_span *)from;
}

static void write_offsets(struct gcr_code_source *source,
			  const struct gcr_routine *code, struct gcr_span text)
{
	struct gcr_output output = { .write = swallow };
	struct gcr_view view = { .width = 80 };
	struct gcr_offset_request request = {
		.code = *source,
		.function = code->name,
		.source = no_source,
		.source_from = &text,
		.context = 5,
		.rows = true,
	};
	struct gcr_error err;

	for (size_t i = 0; i < code->row_count && i < MOST_OFFSETS; i++) {
		request.offset =
			code->rows[code->row_count - 1 - i].offset + i % 2;
		for (int json = 0; json < 2; json++)
			if (gcr_write_offsets(&request, &view, json, &output,
					      &err) != 0 &&
			    err.code != GCR_NOT_FOUND)
				abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gcr_span text = { (const char *)data, size };
	struct gcr_limits limits = { .memory = 64 << 20 };
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_listing *listing;
	struct gcr_error err;
	size_t count, notes;

	if (gcr_listing_parse(text, &limits, &listing, &err) == 0) {
		struct gcr_code_source source = gcr_listing_source(listing);
		const struct gcr_note *note =
			gcr_listing_notes(listing, &notes);

		for (size_t i = 0; i < notes; i++)
			touch(note[i].line);
		count = gcr_listing_function_count(listing);
		for (size_t i = 0; i < count && i < MOST_FUNCTIONS; i++) {
			struct gcr_routine code =
				gcr_listing_function(listing, i);

			read_rows(&source, &code, arena);
			write_offsets(&source, &code, text);
		}
		gcr_listing_free(listing);
	}
	gcr_arena_free(arena);
	return 0;
}
