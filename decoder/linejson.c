/*
 * Lines of JSON. The first goroutine of a shape (shape.h) is written member by
 * member; from what came out a form is made, and the others are written by
 * filling in their numbers:
 *
 *	{"id": 18 ,"state":"select",…"words":[{"word":" 0xc00001c0c0 ",…
 *	       ~~ blank 0                              ~~~~~~~~~~~~ blank 1
 *
 * To find the places of the numbers, a goroutine of the shape is written whose
 * numbers are marks. A form is only used if each mark is found as often as it
 * has to be: where the text itself has such a mark, there is no form.
 */

#include "linejson.h"

#include "arena.h"
#include "error.h"
#include "groups.h"
#include "likeness.h"
#include "span.h"
#include "stackjson.h"

#include <stdio.h>

/* Marks, each followed by digits that say which. */
#define HEX_MARK "0xfedcba9876"
#define DECIMAL_MARK "7654321098"
#define LINE_MARK "7654321099"

enum {
	HEX_DIGITS = 6, /* behind the mark */
	DECIMAL_DIGITS = 9,
	MARK_SIZE = 24
};

enum gap {
	NOTHING,
	HEX,
	DECIMAL,
	LINE
};

/* A text, and what comes behind it. */
struct piece {
	struct gcr_span text;
	enum gap gap;
	size_t which; /* blank, or lines from the header's */
};

/* What is the same in all goroutines of a shape, for one way of writing. */
struct form {
	struct gcr_target target;
	const struct gcr_group *group;
	size_t dump, report;
	struct piece *pieces; /* NULL: there is no form */
	size_t count, capacity;
};

struct gcr_lines_writer {
	struct gcr_arena *arena;
	struct gcr_output output;
	struct gcr_stack_json to;
	bool plain; /* words are shown as they are, nothing is decoded */
};

int gcr_lines_writer_new(const struct gcr_target *target,
			 const struct gcr_view *view,
			 const struct gcr_output *output,
			 struct gcr_lines_writer **ret, struct gcr_error *err)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_lines_writer *writer;

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	gcr_arena_fail_at(arena, view->fail_at);
	writer = gcr_arena_alloc(arena, sizeof(*writer), err);
	if (writer != NULL)
		writer->output = *output;
	if (writer == NULL || gcr_stack_json_init(&writer->to, target, view,
						  &writer->output, err) != 0) {
		gcr_arena_free(arena);
		return -1;
	}
	writer->arena = arena;
	writer->plain = view->declarations == NULL && view->program == NULL &&
			view->core_values == NULL &&
			SIZE_MAX == UINT64_MAX; // places have room for marks
	*ret = writer;
	return 0;
}

static int write_line(struct gcr_stack_json *to, size_t dump,
		      const struct gcr_group *group,
		      const struct gcr_goroutine *goroutine)
{
	struct gcr_json *json = &to->json;

	gcr_json_open(json, NULL, '{');
	if (gcr_stack_json(to, goroutine, group) != 0)
		return -1;
	gcr_json_number(json, "dump", dump);
	gcr_json_fingerprint(json, "fingerprint",
			     group != NULL ? group->fingerprint
					   : gcr_fingerprint(goroutine));
	gcr_json_close(json, '}');
	gcr_sink_char(&json->sink, '\n');
	json->comma = false;
	return 0;
}

/* Making a form ------------------------------------------------------------- */

/* What is written to find the places. */
struct draft {
	struct gcr_arena *arena;
	struct gcr_error err;
	char *text;
	size_t size, room;
};

static int keep_text(void *to, const char *data, size_t size)
{
	struct draft *draft = to;

	if (draft->room - draft->size < size) {
		size_t room = (draft->size + size) * 2;
		char *text = gcr_arena_alloc(draft->arena, room, &draft->err);

		if (text == NULL)
			return -1;
		if (draft->size > 0)
			memcpy(text, draft->text, draft->size);
		draft->text = text;
		draft->room = room;
	}
	memcpy(draft->text + draft->size, data, size);
	draft->size += size;
	return 0;
}

// A text of the shape with marks for numbers. `digits` are those in it.
static int write_marks(const struct gcr_shape *shape, struct draft *draft,
		       struct gcr_digits *digits)
{
	char mark[MARK_SIZE];

	for (size_t i = 0; i < shape->blank_count; i++) {
		const struct gcr_blank *blank = &shape->blanks[i];
		struct gcr_span before = blank->before;

		// `0x` stands before the blank.
		int size = blank->hex ? snprintf(mark, sizeof(mark),
						 HEX_MARK "%06zx", i)
				      : snprintf(mark, sizeof(mark),
						 DECIMAL_MARK "%09zu", i);
		int skip = blank->hex ? 2 : 0;
		digits[i].size = (size_t)(size - skip);
		if (keep_text(draft, before.data, before.size) != 0 ||
		    keep_text(draft, mark + skip, digits[i].size) != 0)
			return -1;
	}
	return keep_text(draft, shape->rest.data, shape->rest.size);
}

static void find_digits(const struct gcr_shape *shape, const char *text,
			struct gcr_digits *digits)
{
	for (size_t i = 0; i < shape->blank_count; i++) {
		text += shape->blanks[i].before.size;
		digits[i].data = text;
		text += digits[i].size;
	}
}

static int write_draft(struct gcr_lines_writer *writer, struct gcr_shape *shape,
		       const struct form *form, struct draft *ret)
{
	struct gcr_arena *arena = ret->arena;
	struct draft marks = { .arena = arena };
	struct gcr_output output = { keep_text, ret };
	struct gcr_place place = { .line = 0, .column = 1 };
	struct gcr_stack_json to;
	struct gcr_error *err = &ret->err;
	int result = -1;
	struct gcr_digits *digits = gcr_arena_array(arena, shape->blank_count,
						    sizeof(*digits), err);
	struct gcr_span first = GCR_LITERAL(LINE_MARK "000000000");
	uint64_t line = 0;

	if (digits == NULL || write_marks(shape, &marks, digits) != 0 ||
	    gcr_stack_json_init(&to, &writer->to.target, writer->to.view,
				&output, err) != 0)
		return -1;
	find_digits(shape, marks.text, digits);
	gcr_span_decimal(&first, &line);
	place.line = (size_t)line;
	gcr_shape_fill(shape, marks.text, place, digits);
	shape->stack.report = form->report;
	if (write_line(&to, form->dump, form->group, &shape->stack) == 0)
		result = gcr_sink_done(&to.json.sink, err);
	gcr_stack_json_done(&to);
	return result;
}

// The mark at the start of `text`, which moves behind it.
static enum gap read_mark(struct gcr_span *text, size_t *which)
{
	struct gcr_span rest = *text;
	size_t digits = DECIMAL_DIGITS, value = 0;
	enum gap gap = LINE;

	if (gcr_span_skip(&rest, HEX_MARK)) {
		gap = HEX;
		digits = HEX_DIGITS;
	} else if (gcr_span_skip(&rest, DECIMAL_MARK)) {
		gap = DECIMAL;
	} else if (!gcr_span_skip(&rest, LINE_MARK)) {
		return NOTHING;
	}
	for (size_t i = 0; i < digits; i++) {
		int digit = rest.size > i ? gcr_hex_digit(rest.data[i]) : -1;
		if (digit < 0)
			return NOTHING;
		value = value * (gap == HEX ? 16 : 10) + (size_t)digit;
	}
	*text = gcr_span_tail(rest, digits);
	*which = value;
	return gap;
}

static int add_piece(struct gcr_arena *arena, struct form *form,
		     const struct piece *piece, struct gcr_error *err)
{
	if (gcr_arena_grow(arena, &form->pieces, form->count, &form->capacity,
			   sizeof(*piece), err) != 0)
		return -1;
	form->pieces[form->count++] = *piece;
	return 0;
}

static int cut_draft(struct gcr_arena *arena, struct gcr_span text,
		     struct form *form, struct gcr_error *err)
{
	struct piece piece = { .text = text };
	struct gcr_span rest = text;

	while (rest.size > 0) {
		struct gcr_span behind = rest;

		piece.gap = read_mark(&behind, &piece.which);
		if (piece.gap == NOTHING) {
			rest = gcr_span_tail(rest, 1);
			continue;
		}
		piece.text.size = (size_t)(rest.data - piece.text.data);
		if (add_piece(arena, form, &piece, err) != 0)
			return -1;
		piece.text = rest = behind;
	}
	return add_piece(arena, form, &piece, err);
}

// Is each number there once, and each frame's place, and the goroutine's own?
static bool is_whole(const struct form *form, const struct gcr_shape *shape)
{
	bool seen[GCR_BLANKS_MAX] = { false };
	size_t places = 0, blanks = 0;

	for (size_t i = 0; i < form->count; i++) {
		const struct piece *piece = &form->pieces[i];

		places += piece->gap == LINE;
		if (piece->gap != HEX && piece->gap != DECIMAL)
			continue;
		if (piece->which >= shape->blank_count || seen[piece->which] ||
		    shape->blanks[piece->which].hex != (piece->gap == HEX))
			return false;
		seen[piece->which] = true;
		blanks++;
	}
	return blanks == shape->blank_count &&
	       places == shape->stack.frame_count + 1;
}

static int make_form(struct gcr_lines_writer *writer, struct gcr_shape *shape,
		     struct form *form, struct gcr_error *err)
{
	struct gcr_arena *scratch = writer->to.arena;
	struct gcr_arena_mark mark = gcr_arena_mark(scratch);
	struct draft draft = { .arena = scratch };
	struct gcr_span text;

	if (write_draft(writer, shape, form, &draft) != 0) {
		*err = draft.err;
		return -1;
	}
	text = (struct gcr_span){ draft.text, draft.size };
	if (gcr_arena_copy(shape->arena, text, &text, err) != 0 ||
	    cut_draft(shape->arena, text, form, err) != 0)
		return -1;
	gcr_arena_rewind(scratch, mark);
	if (!is_whole(form, shape))
		form->pieces = NULL;
	return 0;
}

static bool is_for(const struct form *form, const struct form *wanted)
{
	return form->group == wanted->group && form->dump == wanted->dump &&
	       form->report == wanted->report &&
	       form->target.arch == wanted->target.arch &&
	       form->target.go_min == wanted->target.go_min &&
	       form->target.go_max == wanted->target.go_max;
}

// The form of a goroutine's shape, made when it is first asked for.
static int find_form(struct gcr_lines_writer *writer, const struct form *wanted,
		     const struct gcr_goroutine *goroutine, struct form **ret,
		     struct gcr_error *err)
{
	const struct gcr_like *like = goroutine->like;
	struct gcr_shape *shape = like->shape;
	struct gcr_place place = goroutine->place;
	const char *text = like->digits[0].data - shape->blanks[0].before.size;
	struct form *form = shape->written;

	if (form == NULL || !is_for(form, wanted)) {
		form = gcr_arena_alloc(shape->arena, sizeof(*form), err);
		if (form == NULL)
			return -1;
		*form = *wanted;
		if (make_form(writer, shape, form, err) != 0)
			return -1;
		shape->written = form;
		// It was used for the draft.
		gcr_shape_fill(shape, text, place, like->digits);
	}
	*ret = form;
	return 0;
}

/* Writing ------------------------------------------------------------------- */

// As gcr_sink_hex() and gcr_sink_decimal() write it: without zeros before it.
static void put_digits(struct gcr_sink *sink, const struct gcr_digits *digits)
{
	const char *data = digits->data;
	size_t size = digits->size;

	for (; size > 1 && *data == '0'; size--)
		data++;
	gcr_sink_put(sink, data, size);
}

static void fill_form(struct gcr_lines_writer *writer, const struct form *form,
		      const struct gcr_goroutine *goroutine)
{
	struct gcr_sink *sink = &writer->to.json.sink;
	const struct gcr_digits *digits = goroutine->like->digits;

	for (size_t i = 0; i < form->count; i++) {
		const struct piece *piece = &form->pieces[i];

		gcr_sink_span(sink, piece->text);
		switch (piece->gap) {
		case HEX:
			gcr_sink_text(sink, "0x");
			put_digits(sink, &digits[piece->which]);
			break;
		case DECIMAL:
			put_digits(sink, &digits[piece->which]);
			break;
		case LINE:
			gcr_sink_decimal(sink,
					 goroutine->place.line + piece->which);
			break;
		case NOTHING:
			break;
		}
	}
}

int gcr_lines_writer_put(struct gcr_lines_writer *writer, size_t dump,
			 const struct gcr_group *group,
			 const struct gcr_goroutine *goroutine,
			 struct gcr_error *err)
{
	struct form wanted = {
		.target = writer->to.target,
		.group = group,
		.dump = dump,
		.report = goroutine->report,
	};
	struct form *form = NULL;

	writer->to.err = err;
	if (writer->plain && goroutine->like != NULL &&
	    find_form(writer, &wanted, goroutine, &form, err) != 0)
		return -1;
	if (form != NULL && form->pieces != NULL)
		fill_form(writer, form, goroutine);
	else if (write_line(&writer->to, dump, group, goroutine) != 0)
		return -1;
	if (writer->to.json.sink.failed)
		return gcr_fail(err, GCR_IO, "cannot write");
	return 0;
}

int gcr_lines_writer_flush(struct gcr_lines_writer *writer,
			   struct gcr_error *err)
{
	return gcr_sink_done(&writer->to.json.sink, err);
}

int gcr_lines_writer_done(struct gcr_lines_writer *writer,
			  struct gcr_error *err)
{
	int result = gcr_sink_done(&writer->to.json.sink, err);

	gcr_stack_json_done(&writer->to);
	gcr_arena_free(writer->arena);
	return result;
}
