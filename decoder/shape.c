/*
 * Taking a shape: a cursor goes through the text and expects, piece by piece,
 * what a goroutine with these frames looks like. At the first surprise there is
 * no shape.
 */

#include "shape.h"

#include "arena.h"
#include "span.h"

struct taking {
	const char *start, *at, *end;
	const char *piece; /* where the text before the next blank began */
	struct gcr_shape *shape;
	size_t capacity;
	size_t line;
	bool cr; /* lines end in CR LF */
	struct gcr_arena *arena;
	struct gcr_error *err;
	bool failed; /* out of memory */
};

static bool expect(struct taking *t, struct gcr_span text)
{
	if ((size_t)(t->end - t->at) < text.size ||
	    memcmp(t->at, text.data, text.size) != 0)
		return false;
	t->at += text.size;
	return true;
}

static bool expect_text(struct taking *t, const char *text)
{
	return expect(t, gcr_span_of(text));
}

// A text of the reader's that has to be the one right here.
static bool expect_here(struct taking *t, struct gcr_span text)
{
	return text.data == t->at && expect(t, text);
}

static bool expect_end(struct taking *t)
{
	if (t->cr && !expect_text(t, "\r"))
		return false;
	t->line++;
	return expect_text(t, "\n");
}

static bool is_lower_hex(char c)
{
	return gcr_is_digit(c) || (c >= 'a' && c <= 'f');
}

static size_t digit_run(const struct taking *t, bool hex)
{
	size_t size = 0;

	while (t->at + size < t->end &&
	       (hex ? is_lower_hex(t->at[size]) : gcr_is_digit(t->at[size])))
		size++;
	return size;
}

static bool take_blank(struct taking *t, enum gcr_blank_role role, bool hex,
		       size_t frame, size_t word)
{
	struct gcr_shape *shape = t->shape;
	size_t digits = digit_run(t, hex);

	if (digits == 0 || digits > (hex ? 16 : 19) ||
	    (!hex && *t->at == '0') || shape->blank_count == GCR_BLANKS_MAX)
		return false;
	if (gcr_arena_grow(t->arena, &shape->blanks, shape->blank_count,
			   &t->capacity, sizeof(*shape->blanks), t->err) != 0) {
		t->failed = true;
		return false;
	}
	shape->blanks[shape->blank_count++] = (struct gcr_blank){
		.before = { t->piece, (size_t)(t->at - t->piece) },
		.role = role,
		.hex = hex,
		.frame = frame,
		.word = word,
	};
	t->at += digits;
	t->piece = t->at;
	return true;
}

static struct gcr_spot spot(const struct taking *t)
{
	return (struct gcr_spot){
		.blank = t->shape->blank_count,
		.behind = (size_t)(t->at - t->piece),
	};
}

static struct gcr_spot spot_of(const struct taking *t, struct gcr_span text)
{
	return (struct gcr_spot){
		.blank = t->shape->blank_count,
		.behind = (size_t)(text.data - t->piece),
	};
}

/* The header --------------------------------------------------------------- */

// Digits that are part of the shape.
static bool expect_digits(struct taking *t, bool hex)
{
	size_t size = digit_run(t, hex);

	t->at += size;
	return size > 0 && size <= (hex ? 16 : 19);
}

// `, 5 minutes, locked to thread]:` up to the line end
static bool take_state_parts(struct taking *t, const struct gcr_goroutine *g)
{
	const char *newline = memchr(t->at, '\n', (size_t)(t->end - t->at));
	bool behind = (g->flags & GCR_G_LABELS_BEHIND) != 0;

	if (g->minutes > 0) {
		if (!expect_text(t, ", ") ||
		    !take_blank(t, GCR_BLANK_MINUTES, false, 0, 0) ||
		    !expect_text(t, " minutes"))
			return false;
	}
	if (expect_text(t, ", locked to thread") !=
	    ((g->flags & GCR_G_LOCKED) != 0))
		return false;
	if (g->labels.data == NULL)
		return newline != NULL && expect_text(t, "]:");
	if (!expect_text(t, behind ? "] {" : " labels:{"))
		return false;
	t->shape->labels = spot(t);
	return expect_here(t, g->labels) && newline != NULL &&
	       expect_text(t, behind ? "}:" : "}]:");
}

// goroutine 18 gp=0xc0000a3180 m=nil [chan receive, 5 minutes]:
static bool take_header(struct taking *t, const struct gcr_goroutine *g)
{
	const unsigned known = GCR_G_GP | GCR_G_LOCKED | GCR_G_ELIDED |
			       GCR_G_CREATOR_ID | GCR_G_LABELS_BEHIND;

	if (g->kind != GCR_STACK_GOROUTINE || (g->flags & ~known) != 0 ||
	    g->ancestor_count > 0 || !expect_text(t, "goroutine ") ||
	    !take_blank(t, GCR_BLANK_ID, false, 0, 0))
		return false;
	if ((g->flags & GCR_G_GP) != 0 &&
	    (!expect_text(t, " gp=0x") ||
	     !take_blank(t, GCR_BLANK_GP, true, 0, 0) ||
	     !expect_text(t, " m=nil")))
		return false;
	if (!expect_text(t, " ["))
		return false;
	t->shape->state = spot(t);
	if (g->state.size > 0 && gcr_is_digit(g->state.data[0]))
		return false;
	if (!expect_here(t, g->state) || !take_state_parts(t, g))
		return false;
	t->cr = t->at < t->end && *t->at == '\r';
	return expect_end(t);
}

/* Frames ------------------------------------------------------------------- */

// 0xc00001c0c0, {0x2a?, 0x3}, ...
static bool take_arguments(struct taking *t, const struct gcr_frame *frame,
			   size_t index)
{
	const char *end = frame->arguments.data + frame->arguments.size;
	size_t word = 0;

	while (t->at < end) {
		if (end - t->at < 2 || t->at[0] != '0' || t->at[1] != 'x') {
			t->at++;
			continue;
		}
		t->at += 2;
		if (!take_blank(t, GCR_BLANK_WORD, true, index, word++))
			return false;
	}
	return t->at == end;
}

// `/src/main.go:10 +0x45 fp=0xc00003e6d0 sp=0xc00003e6a0 pc=0x48f5c5`
static bool take_location(struct taking *t, const struct gcr_frame *frame,
			  size_t index, struct gcr_frame_spots *spots)
{
	const unsigned known = GCR_FRAME_OFFSET | GCR_FRAME_PC |
			       GCR_FRAME_FP_SP | GCR_FRAME_INLINED |
			       GCR_FRAME_EXACT_PC;

	t->shape->last_line = spot(t);
	if ((frame->flags & ~known) != 0 || !expect_text(t, "\t"))
		return false;
	spots->file = spot(t);
	if (!expect_here(t, frame->file) || !expect_text(t, ":") ||
	    !expect_digits(t, false))
		return false;
	if ((frame->flags & GCR_FRAME_OFFSET) != 0 &&
	    (!expect_text(t, " +0x") || !expect_digits(t, true)))
		return false;
	if ((frame->flags & GCR_FRAME_FP_SP) != 0 &&
	    (!expect_text(t, " fp=0x") ||
	     !take_blank(t, GCR_BLANK_FP, true, index, 0) ||
	     !expect_text(t, " sp=0x") ||
	     !take_blank(t, GCR_BLANK_SP, true, index, 0)))
		return false;
	if ((frame->flags & GCR_FRAME_PC) != 0 &&
	    (!expect_text(t, " pc=0x") || !expect_digits(t, true)))
		return false;
	return expect_end(t);
}

static bool take_frame(struct taking *t, const struct gcr_frame *frame,
		       size_t index)
{
	struct gcr_frame_spots *spots = &t->shape->frames[index];

	spots->line = t->line;
	spots->function = spot(t);
	if (!expect_here(t, frame->function) || !expect_text(t, "("))
		return false;
	spots->arguments = spot_of(t, frame->arguments);
	if (frame->arguments.data != t->at || !take_arguments(t, frame, index))
		return false;
	spots->arguments_end = spot(t);
	return expect_text(t, ")") && expect_end(t) &&
	       take_location(t, frame, index, spots);
}

// ...12 frames elided...
static bool take_elision(struct taking *t, const struct gcr_goroutine *g)
{
	if (g->elided == 0)
		return expect_text(t, "...additional frames elided...") &&
		       expect_end(t);
	return expect_text(t, "...") &&
	       take_blank(t, GCR_BLANK_ELIDED, false, 0, 0) &&
	       expect_text(t, " frames elided...") && expect_end(t);
}

static bool take_frames(struct taking *t, const struct gcr_goroutine *g)
{
	for (size_t i = 0; i <= g->frame_count; i++) {
		if ((g->flags & GCR_G_ELIDED) != 0 && g->elided_at == i &&
		    !take_elision(t, g))
			return false;
		if (i < g->frame_count && !take_frame(t, &g->frames[i], i))
			return false;
	}
	return true;
}

// created by main.main in goroutine 1
static bool take_creator(struct taking *t, const struct gcr_goroutine *g)
{
	struct gcr_frame_spots *spots = &t->shape->frames[g->frame_count];

	if (g->created_by == NULL)
		return true;
	spots->line = t->line;
	if (!expect_text(t, "created by "))
		return false;
	spots->function = spot(t);
	if (!expect_here(t, g->created_by->function))
		return false;
	if ((g->flags & GCR_G_CREATOR_ID) != 0 &&
	    (!expect_text(t, " in goroutine ") ||
	     !take_blank(t, GCR_BLANK_CREATOR, false, 0, 0)))
		return false;
	return expect_end(t) &&
	       take_location(t, g->created_by, g->frame_count, spots);
}

/* The shape ---------------------------------------------------------------- */

static bool has_plain_bytes(struct gcr_span text)
{
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c < 0x20 && c != '\n' && c != '\t' && c != '\r')
			return false;
	}
	return true;
}

// The texts of a shape outlive the input's pages: they are one copy.
static int copy_texts(struct taking *t)
{
	struct gcr_shape *shape = t->shape;
	struct gcr_span text = { t->start, (size_t)(t->end - t->start) }, copy;

	if (gcr_arena_copy(t->arena, text, &copy, t->err) != 0)
		return -1;
	for (size_t i = 0; i < shape->blank_count; i++)
		shape->blanks[i].before.data =
			copy.data + (shape->blanks[i].before.data - t->start);
	shape->rest.data = copy.data + (shape->rest.data - t->start);
	return 0;
}

static int copy_stack(struct taking *t, const struct gcr_goroutine *stack)
{
	size_t count = stack->frame_count;
	struct gcr_frame *frames =
		gcr_arena_array(t->arena, count + 1, sizeof(*frames), t->err);

	if (frames == NULL)
		return -1;
	t->shape->stack = *stack;
	if (count > 0)
		memcpy(frames, stack->frames, count * sizeof(*frames));
	t->shape->stack.frames = frames;
	if (stack->created_by != NULL) {
		frames[count] = *stack->created_by;
		t->shape->stack.created_by = &frames[count];
	}
	return 0;
}

static int make_shape(struct taking *t, const struct gcr_goroutine *stack)
{
	t->shape = gcr_arena_alloc(t->arena, sizeof(*t->shape), t->err);
	if (t->shape == NULL)
		return -1;
	t->shape->frames = gcr_arena_array(t->arena, stack->frame_count + 1,
					   sizeof(*t->shape->frames), t->err);
	if (t->shape->frames == NULL)
		return -1;
	if (!take_header(t, stack) || !take_frames(t, stack) ||
	    !take_creator(t, stack) || !expect_end(t) || t->at != t->end)
		return t->failed ? -1 : 0;
	t->shape->rest =
		(struct gcr_span){ t->piece, (size_t)(t->at - t->piece) };
	t->shape->lines = t->line;
	t->shape->arena = t->arena;
	t->shape->behind_last_line = t->cr ? 4 : 2;
	return copy_texts(t) != 0 || copy_stack(t, stack) != 0 ? -1 : 1;
}

int gcr_shape_take(struct gcr_span text, const struct gcr_goroutine *stack,
		   struct gcr_arena *arena, struct gcr_shape **ret,
		   struct gcr_error *err)
{
	struct taking t = {
		.start = text.data,
		.at = text.data,
		.piece = text.data,
		.end = text.data + text.size,
		.arena = arena,
		.err = err,
	};
	struct gcr_arena_mark mark = gcr_arena_mark(arena);
	int got = has_plain_bytes(text) ? make_shape(&t, stack) : 0;

	if (got == 1)
		*ret = t.shape;
	else
		gcr_arena_rewind(arena, mark);
	return got;
}
