/* A text that has a known shape, without reading it: see shape.h. */

#include "shape.h"

#include "span.h"

uint64_t gcr_digits_value(const struct gcr_digits *digits, bool hex)
{
	uint64_t value = 0;

	for (size_t i = 0; i < digits->size; i++) {
		unsigned char c = (unsigned char)digits->data[i];
		unsigned digit = c <= '9' ? c - 48u : c - 87u; // 'a' is 97

		value = hex ? value << 4 | digit : value * 10 + digit;
	}
	return value;
}

/* A text, cut by its blanks. */
struct filling {
	const char *text;
	const struct gcr_digits *digits;
	struct gcr_place place;
};

static const char *find(const struct filling *f, struct gcr_spot at)
{
	const struct gcr_digits *digits;

	if (at.blank == 0)
		return f->text + at.behind;
	digits = &f->digits[at.blank - 1];
	return digits->data + digits->size + at.behind;
}

static void move_frame(const struct filling *f,
		       const struct gcr_frame_spots *spots,
		       struct gcr_frame *frame)
{
	frame->function.data = find(f, spots->function);
	frame->file.data = find(f, spots->file);
}

static struct gcr_place line_place(const struct filling *f, const char *at,
				   size_t line)
{
	return (struct gcr_place){
		.offset = f->place.offset + (uint64_t)(at - f->text),
		.line = f->place.line + line,
		.column = 1,
	};
}

static void fill_frames(const struct gcr_shape *shape, const struct filling *f,
			struct gcr_goroutine *g)
{
	for (size_t i = 0; i < g->frame_count; i++) {
		const struct gcr_frame_spots *spots = &shape->frames[i];
		struct gcr_frame *frame = &g->frames[i];
		const char *list = find(f, spots->arguments);

		move_frame(f, spots, frame);
		frame->arguments.data = list;
		frame->arguments.size =
			(size_t)(find(f, spots->arguments_end) - list);
		frame->place = line_place(f, frame->function.data, spots->line);
	}
	if (g->created_by != NULL) {
		const struct gcr_frame_spots *spots =
			&shape->frames[g->frame_count];

		move_frame(f, spots, g->created_by);
		g->created_by->place = line_place(
			f, g->created_by->function.data - strlen("created by "),
			spots->line);
	}
}

static void fill_blank(const struct gcr_blank *blank, uint64_t value,
		       struct gcr_goroutine *g)
{
	switch (blank->role) {
	case GCR_BLANK_ID:
		g->id = value;
		break;
	case GCR_BLANK_GP:
		g->gp = value;
		break;
	case GCR_BLANK_MINUTES:
		g->minutes = value;
		break;
	case GCR_BLANK_WORD: // its list is
		break;
	case GCR_BLANK_FP:
		g->frames[blank->frame].fp = value;
		break;
	case GCR_BLANK_SP:
		g->frames[blank->frame].sp = value;
		break;
	case GCR_BLANK_ELIDED:
		g->elided = value;
		break;
	case GCR_BLANK_CREATOR:
		g->creator = value;
		break;
	}
}

void gcr_shape_fill(struct gcr_shape *shape, const char *text,
		    struct gcr_place place, const struct gcr_digits *digits)
{
	struct filling f = { text, digits, place };
	struct gcr_goroutine *g = &shape->stack;

	g->place = place;
	g->state.data = find(&f, shape->state);
	if (g->labels.data != NULL)
		g->labels.data = find(&f, shape->labels);
	fill_frames(shape, &f, g);
	for (size_t i = 0; i < shape->blank_count; i++)
		if (shape->blanks[i].role != GCR_BLANK_WORD)
			fill_blank(&shape->blanks[i],
				   gcr_digits_value(&digits[i],
						    shape->blanks[i].hex),
				   g);
}

struct gcr_passed gcr_shape_passed(const struct gcr_shape *shape,
				   const char *text,
				   const struct gcr_digits *digits, size_t size)
{
	struct filling f = { .text = text, .digits = digits };
	const char *last = find(&f, shape->last_line);

	return (struct gcr_passed){
		.size = size,
		.lines = shape->lines,
		.last_line = (size_t)(last - text),
		.last_size =
			size - (size_t)(last - text) - shape->behind_last_line,
	};
}
