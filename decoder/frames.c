/*
 * Frames: a function line, its location line, and what stands in their place.
 *
 *	main.example(0x2a, ...)            C.fault
 *		/src/main.go:10 +0x45      	pc=0x4a3f10
 *	created by main.main               non-Go function at pc=0x4a3f10
 *		/src/main.go:28 +0x25
 *
 * The location is the line behind the function's. Where other output came
 * between the two, the frame waits for it; where it never comes, a note says so.
 */

#include "arena.h"
#include "assembly.h"
#include "grammar.h"
#include "span.h"

static int add_frame(struct gcr_traceback *tb, const struct gcr_line *line,
		     const struct gcr_frame *frame)
{
	struct gcr_goroutine *stack = &tb->stack;

	if (tb->frames.count < tb->limits.frames)
		return GCR_PUSH(tb, tb->frames, *frame);
	stack->flags |= GCR_G_ELIDED;
	stack->elided_at = tb->frames.count;
	if (stack->elided++ > 0)
		return 0;
	return gcr_add_note(tb, line,
			    "this stack's further frames are beyond "
			    "the limit and were left out");
}

// The frame just added, or NULL when it was left out.
static struct gcr_frame *last_frame(struct gcr_traceback *tb)
{
	if (tb->frames.count == 0 || tb->stack.elided_at == tb->frames.count)
		return NULL;
	return &tb->frames.items[tb->frames.count - 1];
}

int gcr_settle_location(struct gcr_traceback *tb,
			struct gcr_stack_reading *reading)
{
	if (reading->unlocated == NULL)
		return 0;
	reading->unlocated = NULL;
	return gcr_add_note(tb, &reading->unlocated_line,
			    "a frame without its location");
}

int gcr_go_on(struct gcr_traceback *tb, struct gcr_stack_reading *reading,
	      const struct gcr_line *line)
{
	gcr_belongs(tb, line);
	reading->has_possible = false;
	if (reading->odd == 0)
		return 0;
	reading->odd = 0;
	return gcr_add_note(tb, &reading->first_odd,
			    "not part of a traceback, in the middle of one");
}

static bool is_indented(struct gcr_span text)
{
	return text.size > 0 && gcr_is_space(text.data[0]);
}

// A location whose tab is lost must look like one all the more.
static bool is_plausible(struct gcr_span text, const struct gcr_frame *frame)
{
	return is_indented(text) ||
	       (frame->flags & (GCR_FRAME_OFFSET | GCR_FRAME_PC)) != 0 ||
	       gcr_span_ends(frame->file, ".go") ||
	       gcr_span_ends(frame->file, ".s");
}

static bool read_location(struct gcr_span text, struct gcr_frame *frame)
{
	struct gcr_frame located = *frame;

	if (!gcr_read_location(text, &located) || !is_plausible(text, &located))
		return false;
	if (located.flags == 0 && gcr_span_is(located.arguments, "..."))
		located.flags |= GCR_FRAME_INLINED;
	*frame = located;
	return true;
}

static bool at_end_of_input(const struct gcr_traceback *tb)
{
	const struct gcr_source *source = &tb->lines.source[0];

	return tb->lines.depth == 0 && source->at == source->end;
}

static int cut_here(struct gcr_traceback *tb, const struct gcr_line *line)
{
	tb->stack.flags |= GCR_G_CUT;
	return gcr_add_note(tb, line, "the input ends inside this frame");
}

// A name to believe in when no location confirms it.
static bool is_go_name(struct gcr_span name)
{
	return gcr_span_find(name, '.') != GCR_NOWHERE ||
	       gcr_span_is(name, "panic");
}

// The last line of a cut input is a piece of a location: what can be read.
static void read_cut_location(struct gcr_span text, struct gcr_frame *frame)
{
	text = gcr_span_trim(text);
	while (text.size > 0) {
		struct gcr_frame located = *frame;
		if (gcr_read_location(text, &located)) {
			located.flags |= frame->flags;
			located.flags &= ~(unsigned)GCR_FRAME_NO_FILE;
			*frame = located;
			return;
		}
		ptrdiff_t space = gcr_span_find_last(text, ' ');
		text = gcr_span_head(text, space > 0 ? (size_t)space : 0);
	}
}

/* What stands behind the first line of a frame. */
enum behind {
	LOCATION,
	NO_LOCATION, /* not yet: the frame waits for it */
	CUT,	     /* a piece of it, where the input ends */
	END,	     /* nothing: the input ends */
};

// Read the location behind a line into its frame, or what is left of it.
static enum behind read_behind(struct gcr_traceback *tb,
			       struct gcr_frame *frame)
{
	struct gcr_line next;
	bool more = gcr_next_line(tb, &next);

	if (more && read_location(next.text, frame)) {
		gcr_belongs(tb, &next);
		return LOCATION;
	}
	frame->flags |= GCR_FRAME_NO_FILE;
	if (!more)
		return END;
	if (at_end_of_input(tb) && is_indented(next.text)) {
		read_cut_location(next.text, frame);
		gcr_belongs(tb, &next);
		return CUT;
	}
	gcr_unread_line(tb, &next);
	return NO_LOCATION;
}

// What follows from it for `frame`, already where it stays; NULL: left out.
static int settle_behind(struct gcr_traceback *tb,
			 struct gcr_stack_reading *reading,
			 const struct gcr_line *line, struct gcr_frame *frame,
			 enum behind behind)
{
	if (behind == CUT || behind == END)
		return cut_here(tb, line);
	if (behind == NO_LOCATION && frame != NULL) {
		reading->unlocated = frame;
		reading->unlocated_line = *line;
	}
	return 0;
}

// main.example({0xc00003e6e8, 0x2, 0x4}, {0x48fc24, 0x5}, 0xa)
enum gcr_taken gcr_take_function(struct gcr_traceback *tb,
				 struct gcr_stack_reading *reading,
				 const struct gcr_line *line)
{
	struct gcr_frame frame = { .place = line->place };

	if (!gcr_read_function(line->text, &frame))
		return GCR_NOT_MINE;
	enum behind behind = read_behind(tb, &frame);
	if ((behind == NO_LOCATION || behind == END) &&
	    !is_go_name(frame.function)) {
		reading->possible = *line;
		reading->has_possible = true;
		return GCR_NOT_MINE;
	}
	if (gcr_settle_location(tb, reading) != 0 ||
	    gcr_go_on(tb, reading, line) != 0 ||
	    add_frame(tb, line, &frame) != 0 ||
	    settle_behind(tb, reading, line, last_frame(tb), behind) != 0)
		return GCR_FAILED;
	return GCR_TAKEN;
}

bool gcr_is_awaited(const struct gcr_stack_reading *reading,
		    const struct gcr_line *line)
{
	struct gcr_frame frame = { 0 };

	return reading->unlocated != NULL && read_location(line->text, &frame);
}

// A location behind other output, among which the frame's first line was: the
// name of an assembly function, that has no dot.
static enum gcr_taken take_possible(struct gcr_traceback *tb,
				    struct gcr_stack_reading *reading,
				    const struct gcr_line *line)
{
	struct gcr_frame frame = { .place = reading->possible.place };

	if (!reading->has_possible ||
	    !gcr_read_function(reading->possible.text, &frame) ||
	    !read_location(line->text, &frame) ||
	    (frame.flags & (GCR_FRAME_OFFSET | GCR_FRAME_PC)) == 0)
		return GCR_NOT_MINE;
	if (gcr_take_back(tb, &reading->possible) != 0 ||
	    gcr_go_on(tb, reading, line) != 0 ||
	    add_frame(tb, line, &frame) != 0)
		return GCR_FAILED;
	return GCR_TAKEN;
}

// The location of the frame that waits for one, behind other output.
enum gcr_taken gcr_take_location(struct gcr_traceback *tb,
				 struct gcr_stack_reading *reading,
				 const struct gcr_line *line)
{
	struct gcr_frame frame;

	if (reading->unlocated == NULL)
		return take_possible(tb, reading, line);
	frame = *reading->unlocated;
	frame.flags = 0;
	if (!read_location(line->text, &frame))
		return GCR_NOT_MINE;
	*reading->unlocated = frame;
	reading->unlocated = NULL;
	return gcr_go_on(tb, reading, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

// A C function: its name, then a location with nothing but a pc.
static bool read_foreign(struct gcr_traceback *tb, const struct gcr_line *line,
			 struct gcr_frame *frame)
{
	struct gcr_line next;

	if (line->text.size == 0 || is_indented(line->text) ||
	    !gcr_next_line(tb, &next))
		return false;
	if (is_indented(next.text) && gcr_read_location(next.text, frame) &&
	    (frame->flags & GCR_FRAME_CGO) != 0) {
		gcr_belongs(tb, &next);
		frame->function = gcr_span_trim(line->text);
		return true;
	}
	gcr_unread_line(tb, &next);
	return false;
}

enum gcr_taken gcr_take_foreign(struct gcr_traceback *tb,
				struct gcr_stack_reading *reading,
				const struct gcr_line *line)
{
	struct gcr_frame frame = { .place = line->place };

	if (!gcr_read_foreign(line->text, &frame) &&
	    !read_foreign(tb, line, &frame))
		return GCR_NOT_MINE;
	if (gcr_settle_location(tb, reading) != 0 ||
	    gcr_go_on(tb, reading, line) != 0 ||
	    add_frame(tb, line, &frame) != 0)
		return GCR_FAILED;
	return GCR_TAKEN;
}

// The creator of the goroutine, or of its last ancestor.
static struct gcr_frame **creator_of_section(struct gcr_traceback *tb)
{
	if (tb->ancestors.count == 0)
		return &tb->stack.created_by;
	return &tb->ancestors.items[tb->ancestors.count - 1].created_by;
}

// Without the beginning of `tail` that the text ends with.
static void strip_cut(struct gcr_span *text, const char *tail)
{
	for (size_t size = strlen(tail); size > 0; size--) {
		if (text->size < size ||
		    memcmp(text->data + text->size - size, tail, size) != 0)
			continue;
		text->size -= size;
		return;
	}
}

// created by main.main in goroutine 1
enum gcr_taken gcr_take_created(struct gcr_traceback *tb,
				struct gcr_stack_reading *reading,
				const struct gcr_line *line)
{
	struct gcr_frame frame = { .place = line->place };
	uint64_t creator = 0;
	bool has_creator;

	if (!gcr_read_created(line->text, &frame, &creator, &has_creator))
		return GCR_NOT_MINE;
	struct gcr_frame *kept =
		gcr_arena_alloc(tb->stacks, sizeof(*kept), tb->err);
	if (kept == NULL || gcr_settle_location(tb, reading) != 0)
		return GCR_FAILED;
	enum behind behind = read_behind(tb, &frame);
	if (behind == END && !has_creator)
		strip_cut(&frame.function, " in goroutine ");
	*kept = frame;
	*creator_of_section(tb) = kept;
	if (has_creator && tb->ancestors.count == 0) {
		tb->stack.creator = creator;
		tb->stack.flags |= GCR_G_CREATOR_ID;
		gcr_target_at_least(&tb->crash.target, 21);
	}
	if (gcr_go_on(tb, reading, line) != 0 ||
	    settle_behind(tb, reading, line, kept, behind) != 0)
		return GCR_FAILED;
	return GCR_TAKEN;
}

// The last line of a cut input: `main.example(0xc000`
enum gcr_taken gcr_take_cut_function(struct gcr_traceback *tb,
				     struct gcr_stack_reading *reading,
				     const struct gcr_line *line)
{
	struct gcr_frame frame = { .place = line->place,
				   .flags = GCR_FRAME_NO_FILE };
	ptrdiff_t open = gcr_span_find_last(line->text, '(');

	if (!at_end_of_input(tb) || open <= 0 || is_indented(line->text) ||
	    gcr_span_ends(line->raw, "\n") ||
	    gcr_span_find(gcr_span_head(line->text, (size_t)open), '.') ==
		    GCR_NOWHERE)
		return GCR_NOT_MINE;
	frame.function = gcr_span_head(line->text, (size_t)open);
	frame.arguments = gcr_span_tail(line->text, (size_t)open + 1);
	if (gcr_settle_location(tb, reading) != 0 ||
	    gcr_go_on(tb, reading, line) != 0 || cut_here(tb, line) != 0 ||
	    add_frame(tb, line, &frame) != 0)
		return GCR_FAILED;
	return GCR_TAKEN;
}

// #	0x4b4f84	main.park+0x24	/src/profile.go:9
enum gcr_taken gcr_take_profile_frame(struct gcr_traceback *tb,
				      struct gcr_stack_reading *reading,
				      const struct gcr_line *line)
{
	struct gcr_frame frame = { .place = line->place };

	if (!gcr_read_profile_frame(line->text, &frame))
		return GCR_NOT_MINE;
	if (gcr_go_on(tb, reading, line) != 0 ||
	    add_frame(tb, line, &frame) != 0)
		return GCR_FAILED;
	return GCR_TAKEN;
}

bool gcr_is_frame(struct gcr_traceback *tb, const struct gcr_line *line)
{
	struct gcr_frame frame = { 0 };
	struct gcr_line next;
	uint64_t creator;
	bool has_creator;

	if ((!gcr_read_function(line->text, &frame) &&
	     !gcr_read_created(line->text, &frame, &creator, &has_creator)) ||
	    gcr_span_find(frame.function, ' ') != GCR_NOWHERE ||
	    !gcr_next_line(tb, &next))
		return false;
	gcr_unread_line(tb, &next);
	return gcr_read_location(next.text, &frame) &&
	       ((frame.flags & GCR_FRAME_OFFSET) != 0 ||
		is_indented(next.text)) &&
	       frame.file.data != NULL;
}
