/*
 * One offset as JSON. `offset` of a frame is a number, as everywhere; that of a
 * row is text as the listing has it, its `decimal` the second column.
 */

#include "offsetjson.h"

#include "pairs.h"
#include "span.h"

#include <stdio.h>

static void put_row(struct gcr_json *json, const char *key,
		    const struct gcr_row *row)
{
	char offset[24];

	if (row == NULL) {
		gcr_json_null(json, key);
		return;
	}
	snprintf(offset, sizeof(offset), "0x%04llx",
		 (unsigned long long)row->offset);
	gcr_json_open(json, key, '{');
	gcr_json_text(json, "offset", offset);
	gcr_json_number(json, "decimal", row->offset);
	gcr_json_number(json, "size", row->size);
	gcr_json_span(json, "file", row->file);
	gcr_json_number_if(json, "line", row->line > 0, row->line);
	gcr_json_span(json, "mnemonic", row->mnemonic);
	gcr_json_span(json, "operands", row->operands);
	gcr_json_span(json, "text", row->text);
	gcr_json_close(json, '}');
}

static void put_call(struct gcr_json *json, const struct gcr_offset *offset)
{
	if (offset->call == NULL) {
		gcr_json_null(json, "call");
		return;
	}
	gcr_json_open(json, "call", '{');
	put_row(json, "row", offset->call);
	gcr_json_span(json, "target", offset->target);
	gcr_json_close(json, '}');
}

static void put_code(struct gcr_json *json, const struct gcr_offset *offset)
{
	const struct gcr_routine *routine = &offset->routine;
	bool size = (routine->flags & GCR_ROUTINE_SIZE) != 0;
	bool frame = (routine->flags & GCR_ROUTINE_FRAME) != 0;

	if (!offset->found) {
		gcr_json_null(json, "code");
		return;
	}
	gcr_json_open(json, "code", '{');
	gcr_json_span(json, "name", routine->name);
	gcr_json_span(json, "package", routine->package);
	gcr_json_span(json, "file", routine->file);
	gcr_json_number_if(json, "line", routine->line > 0, routine->line);
	gcr_json_number_if(json, "size", size, routine->size);
	gcr_json_number_if(json, "args", frame, routine->arguments);
	gcr_json_number_if(json, "locals", frame, routine->locals);
	gcr_json_hex_if(json, "entry",
			(routine->flags & GCR_ROUTINE_ENTRY) != 0,
			routine->entry);
	gcr_json_number(json, "candidates", offset->candidates);
	gcr_json_close(json, '}');
}

static void put_line(struct gcr_json *json, const char *key,
		     const struct gcr_row *row)
{
	gcr_json_number_if(json, key, row != NULL && row->line > 0,
			   row != NULL ? row->line : 0);
}

static void put_lines(struct gcr_json *json, const struct gcr_offset *offset)
{
	const struct gcr_frame *frame = offset->query->frame;

	gcr_json_open(json, "lines", '{');
	gcr_json_number_if(json, "trace", frame != NULL && frame->line > 0,
			   frame != NULL ? frame->line : 0);
	put_line(json, "at_pc", offset->at);
	put_line(json, "at_call", offset->call);
	gcr_json_close(json, '}');
}

static void put_chain(struct gcr_json *json, const struct gcr_offset *offset)
{
	gcr_json_open(json, "inlined", '[');
	for (size_t i = 0; i < offset->chain.count; i++) {
		const struct gcr_inlined *step = &offset->chain.items[i];

		gcr_json_open(json, NULL, '{');
		gcr_json_span(json, "function", step->function);
		gcr_json_span(json, "file", step->file);
		gcr_json_number_if(json, "line", step->line > 0, step->line);
		gcr_json_close(json, '}');
	}
	gcr_json_close(json, ']');
}

static void put_warnings(struct gcr_json *json, const struct gcr_offset *offset)
{
	gcr_json_open(json, "warnings", '[');
	for (size_t i = 0; i < offset->warning_count; i++) {
		const struct gcr_offset_warning *warning = &offset->warnings[i];

		gcr_json_open(json, NULL, '{');
		gcr_json_text(json, "problem",
			      gcr_offset_problem_name(warning->problem));
		gcr_json_span(json, "text", warning->text);
		gcr_json_close(json, '}');
	}
	gcr_json_close(json, ']');
}

static void put_frame(struct gcr_json *json, const struct gcr_offset *offset)
{
	const struct gcr_offset_query *query = offset->query;
	const struct gcr_frame *frame = query->frame;
	struct gcr_span none = { 0 };
	bool pc = frame != NULL && (frame->flags & GCR_FRAME_PC) != 0;
	bool entry = (offset->routine.flags & GCR_ROUTINE_ENTRY) != 0;

	gcr_json_number_if(json, "goroutine", query->goroutine != NULL,
			   query->goroutine != NULL ? query->goroutine->id : 0);
	gcr_json_span(json, "function", query->function);
	gcr_json_number(json, "offset", query->offset);
	gcr_json_text(json, "kind", gcr_offset_kind_name(offset->kind));
	gcr_json_bool(json, "created_by", query->creator);
	gcr_json_span(json, "file", frame != NULL ? frame->file : none);
	gcr_json_hex_if(json, "pc", pc || entry,
			pc ? frame->pc : offset->routine.entry + query->offset);
}

int gcr_offset_write_json(struct gcr_json *json,
			  const struct gcr_offset *offset,
			  const struct gcr_offset_request *request,
			  struct gcr_arena *arena, struct gcr_error *err)
{
	struct gcr_pairs pairs = { 0 };

	if (request->rows &&
	    (offset->at != NULL || offset->over != NULL ||
	     offset->call != NULL) &&
	    gcr_pairs_make(offset, request, arena, &pairs, err) != 0)
		return -1;
	gcr_json_open(json, NULL, '{');
	put_frame(json, offset);
	put_row(json, "row", offset->at);
	put_call(json, offset);
	put_code(json, offset);
	put_lines(json, offset);
	put_chain(json, offset);
	put_warnings(json, offset);
	if (request->rows) {
		gcr_json_open(json, "rows", '[');
		for (size_t i = 0; i < pairs.row_count; i++)
			put_row(json, NULL, pairs.rows[i].row);
		gcr_json_close(json, ']');
	}
	gcr_json_close(json, '}');
	return 0;
}
