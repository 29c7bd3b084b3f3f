/*
 * One stack: a header, frames of two lines each, `created by`, ancestors.
 *
 *	goroutine 19 [running]:
 *	main.lvl3(0x0?)
 *		/src/d.go:28 +0x25
 *	created by main.lvl2 in goroutine 4
 *		/src/d.go:26 +0x37
 *	[originating from goroutine 4]:
 *	main.lvl2(...)
 *		/src/d.go:26 +0x37
 *
 * A stack ends at a blank line, at a line that starts something else, or with
 * the input. Lines that make no sense inside are other output; when frames go
 * on behind them, a note says so.
 */

#include "arena.h"
#include "assembly.h"
#include "grammar.h"
#include "span.h"

/* More lines of other output in a row than this, and the stack is over. */
enum {
	ODD_LINES = 64
};

/* So many stacks of a crash are searched for its release and architecture. */
enum {
	EVIDENCE_STACKS = 100
};

/* What the stack being read knows beside `tb->stack`. */
struct reading {
	struct gcr_line first_odd;
	size_t odd; /* lines in a row that made no sense */
	bool over;
};

static int copy_frames(struct gcr_traceback *tb, struct gcr_frame **ret)
{
	size_t count = tb->frames.count;
	struct gcr_frame *copy = NULL;

	if (count > 0) {
		copy = gcr_arena_array(tb->stacks, count, sizeof(*copy),
				       tb->err);
		if (copy == NULL)
			return -1;
		memcpy(copy, tb->frames.items, count * sizeof(*copy));
	}
	tb->frames.count = 0;
	*ret = copy;
	return 0;
}

// The frames read so far belong to the goroutine, or to its last ancestor.
static int end_section(struct gcr_traceback *tb)
{
	struct gcr_ancestor *ancestor;

	if (tb->ancestors.count == 0) {
		tb->stack.frame_count = tb->frames.count;
		return copy_frames(tb, &tb->stack.frames);
	}
	ancestor = &tb->ancestors.items[tb->ancestors.count - 1];
	ancestor->frame_count = tb->frames.count;
	return copy_frames(tb, &ancestor->frames);
}

static int add_frame(struct gcr_traceback *tb, const struct gcr_frame *frame)
{
	if (tb->frames.count >= tb->limits.frames) {
		tb->stack.flags |= GCR_G_ELIDED;
		tb->stack.elided++;
		tb->stack.elided_at = tb->frames.count;
		return 0;
	}
	return GCR_PUSH(tb, tb->frames, *frame);
}

// Frames go on behind lines that made no sense: those deserve a note.
static int settle_odd(struct gcr_traceback *tb, struct reading *reading)
{
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

// A function line, and its location if that follows.
static enum gcr_taken take_frame(struct gcr_traceback *tb,
				 struct reading *reading,
				 const struct gcr_line *line,
				 struct gcr_frame *frame)
{
	struct gcr_line next;
	bool more = gcr_next_line(tb, &next);
	bool located = more && read_location(next.text, frame);

	frame->place = line->place;
	if (more && !located)
		gcr_lines_push_back(&tb->lines, &next);
	if (!located && !is_go_name(frame->function))
		return GCR_NOT_MINE;
	if (settle_odd(tb, reading) != 0 || gcr_belongs(tb, line) != 0)
		return GCR_FAILED;
	if (!located) {
		frame->flags |= GCR_FRAME_NO_FILE;
		bool cut = !more ||
			   (at_end_of_input(tb) && is_indented(next.text));
		int failed = cut ? cut_here(tb, line)
				 : gcr_add_note(tb, line,
						"a frame without its location");
		if (failed != 0)
			return GCR_FAILED;
		if (cut && more) {
			gcr_next_line(tb, &next);
			read_cut_location(next.text, frame);
		}
	}
	return add_frame(tb, frame) == 0 ? GCR_TAKEN : GCR_FAILED;
}

static enum gcr_taken take_function(struct gcr_traceback *tb,
				    struct reading *reading,
				    const struct gcr_line *line)
{
	struct gcr_frame frame = { 0 };

	if (!gcr_read_function(line->text, &frame))
		return GCR_NOT_MINE;
	return take_frame(tb, reading, line, &frame);
}

// A C function: its name, then a location with nothing but a pc.
static enum gcr_taken take_foreign(struct gcr_traceback *tb,
				   struct reading *reading,
				   const struct gcr_line *line)
{
	struct gcr_frame frame = { .place = line->place };
	struct gcr_line next;

	if (!gcr_read_foreign(line->text, &frame)) {
		if (line->text.size == 0 || is_indented(line->text) ||
		    !gcr_next_line(tb, &next))
			return GCR_NOT_MINE;
		if (!is_indented(next.text) ||
		    !gcr_read_location(next.text, &frame) ||
		    (frame.flags & GCR_FRAME_CGO) == 0) {
			gcr_lines_push_back(&tb->lines, &next);
			return GCR_NOT_MINE;
		}
		frame.function = gcr_span_trim(line->text);
	}
	if (settle_odd(tb, reading) != 0 || gcr_belongs(tb, line) != 0)
		return GCR_FAILED;
	return add_frame(tb, &frame) == 0 ? GCR_TAKEN : GCR_FAILED;
}

// created by main.main in goroutine 1
static enum gcr_taken take_created(struct gcr_traceback *tb,
				   struct reading *reading,
				   const struct gcr_line *line)
{
	struct gcr_frame frame = { .place = line->place };
	struct gcr_line next;
	uint64_t creator = 0;
	bool has_creator;

	if (!gcr_read_created(line->text, &frame, &creator, &has_creator))
		return GCR_NOT_MINE;
	if (settle_odd(tb, reading) != 0 || gcr_belongs(tb, line) != 0)
		return GCR_FAILED;
	bool more = gcr_next_line(tb, &next);
	if (more && !read_location(next.text, &frame))
		gcr_lines_push_back(&tb->lines, &next);
	if (frame.file.data == NULL) {
		frame.flags |= GCR_FRAME_NO_FILE;
		if (!more && cut_here(tb, line) != 0)
			return GCR_FAILED;
	}
	struct gcr_frame *kept =
		gcr_arena_alloc(tb->stacks, sizeof(*kept), tb->err);
	if (kept == NULL)
		return GCR_FAILED;
	*kept = frame;
	if (tb->ancestors.count > 0) {
		tb->ancestors.items[tb->ancestors.count - 1].created_by = kept;
		return GCR_TAKEN;
	}
	tb->stack.created_by = kept;
	tb->stack.creator = creator;
	if (has_creator) {
		tb->stack.flags |= GCR_G_CREATOR_ID;
		gcr_target_at_least(&tb->crash.target, 21);
	}
	return GCR_TAKEN;
}

// ...12 frames elided...
static enum gcr_taken take_elision(struct gcr_traceback *tb,
				   struct reading *reading,
				   const struct gcr_line *line)
{
	uint64_t count;

	if (!gcr_read_elision(line->text, &count))
		return GCR_NOT_MINE;
	if (settle_odd(tb, reading) != 0 || gcr_belongs(tb, line) != 0)
		return GCR_FAILED;
	if (tb->ancestors.count > 0) {
		tb->ancestors.items[tb->ancestors.count - 1].elided = true;
		return GCR_TAKEN;
	}
	tb->stack.flags |= GCR_G_ELIDED;
	tb->stack.elided = count;
	tb->stack.elided_at = tb->frames.count;
	if (count > 0)
		gcr_target_at_least(&tb->crash.target, 21);
	else
		gcr_target_at_most(&tb->crash.target, 20);
	return GCR_TAKEN;
}

// [originating from goroutine 4]:
static enum gcr_taken take_origin(struct gcr_traceback *tb,
				  struct reading *reading,
				  const struct gcr_line *line)
{
	struct gcr_ancestor ancestor = { .place = line->place };

	if (!gcr_read_origin(line->text, &ancestor.goroutine))
		return GCR_NOT_MINE;
	if (settle_odd(tb, reading) != 0 || gcr_belongs(tb, line) != 0 ||
	    end_section(tb) != 0 || GCR_PUSH(tb, tb->ancestors, ancestor) != 0)
		return GCR_FAILED;
	return GCR_TAKEN;
}

static enum gcr_taken take_unavailable(struct gcr_traceback *tb,
				       struct reading *reading,
				       const struct gcr_line *line)
{
	(void)reading;
	if (gcr_span_find_text(line->text,
			       "goroutine running on other thread"
			       "; stack unavailable") == GCR_NOWHERE)
		return GCR_NOT_MINE;
	tb->stack.flags |= GCR_G_OTHER_THREAD;
	return gcr_belongs(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

static enum gcr_taken take_remark(struct gcr_traceback *tb,
				  struct reading *reading,
				  const struct gcr_line *line)
{
	(void)reading;
	if (!gcr_is_remark(line->text))
		return GCR_NOT_MINE;
	return gcr_add_remark(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

// What starts another part ends this one. Registers follow the last stack.
static enum gcr_taken take_end(struct gcr_traceback *tb,
			       struct reading *reading,
			       const struct gcr_line *line)
{
	struct gcr_register one;

	if (!gcr_starts_part(line->text) &&
	    (tb->crash.cause.kind != GCR_CAUSE_SIGNAL ||
	     !gcr_read_register(line->text, &one)))
		return GCR_NOT_MINE;
	gcr_lines_push_back(&tb->lines, line);
	reading->over = true;
	return GCR_TAKEN;
}

// The last line of a cut input: `main.example(0xc000`
static enum gcr_taken take_cut_function(struct gcr_traceback *tb,
					struct reading *reading,
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
	if (settle_odd(tb, reading) != 0 || gcr_belongs(tb, line) != 0 ||
	    cut_here(tb, line) != 0 || add_frame(tb, &frame) != 0)
		return GCR_FAILED;
	return GCR_TAKEN;
}

// A blank line ends the stack, unless frames go on behind it.
static enum gcr_taken take_blank(struct gcr_traceback *tb,
				 struct reading *reading,
				 const struct gcr_line *line)
{
	struct gcr_line next;
	struct gcr_frame frame = { 0 };

	if (gcr_span_trim(line->text).size > 0)
		return GCR_NOT_MINE;
	reading->over = true;
	if (!gcr_next_line(tb, &next))
		return GCR_TAKEN;
	if (gcr_read_function(next.text, &frame) &&
	    gcr_span_find(frame.function, '.') != GCR_NOWHERE &&
	    gcr_span_find(frame.function, ' ') == GCR_NOWHERE) {
		reading->over = false;
		return take_frame(tb, reading, &next, &frame);
	}
	gcr_lines_push_back(&tb->lines, &next);
	return GCR_TAKEN;
}

static enum gcr_taken take_odd(struct gcr_traceback *tb,
			       struct reading *reading,
			       const struct gcr_line *line)
{
	if (gcr_lines_learn(&tb->lines, line))
		return GCR_TAKEN;
	if (reading->odd == 0)
		reading->first_odd = *line;
	if (++reading->odd > ODD_LINES)
		reading->over = true;
	return gcr_add_other(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

static enum gcr_taken take_line(struct gcr_traceback *tb,
				struct reading *reading,
				const struct gcr_line *line)
{
	static enum gcr_taken (*const handlers[])(struct gcr_traceback *,
						  struct reading *,
						  const struct gcr_line *) = {
		take_function, take_created,	  take_blank, take_elision,
		take_origin,   take_unavailable,  take_end,   take_remark,
		take_foreign,  take_cut_function, take_odd,
	};

	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		enum gcr_taken taken = handlers[i](tb, reading, line);
		if (taken != GCR_NOT_MINE)
			return taken;
	}
	return GCR_FAILED;
}

// The first frame at or after `i` that has a pc of its own.
static void mark_exact(struct gcr_goroutine *stack, size_t i)
{
	while (i < stack->frame_count &&
	       (stack->frames[i].flags & GCR_FRAME_INLINED) != 0)
		i++;
	if (i < stack->frame_count)
		stack->frames[i].flags |= GCR_FRAME_EXACT_PC;
}

// Which frame's pc is no return address. See GCR_FRAME_EXACT_PC.
static void mark_exact_pcs(const struct gcr_traceback *tb,
			   struct gcr_goroutine *stack)
{
	const struct gcr_cause *cause = &tb->crash.cause;
	size_t below_panic = 0;
	bool marked = false;

	for (size_t i = 0; i < stack->frame_count; i++) {
		struct gcr_span function = stack->frames[i].function;
		if (gcr_span_is(function, "runtime.sigpanic") ||
		    gcr_span_is(function, "runtime.asyncPreempt")) {
			mark_exact(stack, i + 1);
			marked = true;
		}
		if (gcr_span_is(function, "panic"))
			below_panic = i + 1;
	}
	if (marked || cause->signal == NULL || tb->stack_count > 0 ||
	    (cause->signal->has_pc && cause->signal->pc == 0) ||
	    gcr_span_is(stack->state, "syscall"))
		return;
	mark_exact(stack, below_panic);
}

static enum gcr_taken finish_stack(struct gcr_traceback *tb)
{
	struct gcr_goroutine *stack = &tb->stack;

	if (end_section(tb) != 0)
		return GCR_FAILED;
	if (tb->ancestors.count > 0) {
		struct gcr_ancestor *copy =
			gcr_arena_array(tb->stacks, tb->ancestors.count,
					sizeof(*copy), tb->err);
		if (copy == NULL)
			return GCR_FAILED;
		memcpy(copy, tb->ancestors.items,
		       tb->ancestors.count * sizeof(*copy));
		stack->ancestors = copy;
		stack->ancestor_count = tb->ancestors.count;
		tb->ancestors.count = 0;
	}
	mark_exact_pcs(tb, stack);
	stack->report = tb->reports.count > 0 ? tb->reports.count - 1 : 0;
	if (!gcr_span_equal(stack->state, tb->last_state)) {
		tb->last_state = stack->state;
		gcr_evidence_of_state(&tb->crash.target, stack);
	}
	if (tb->stack_count < EVIDENCE_STACKS)
		gcr_evidence_of_stack(&tb->crash.target, stack);
	tb->stack_count++;
	return GCR_STACK_READY;
}

static enum gcr_taken read_stack(struct gcr_traceback *tb)
{
	struct reading reading = { 0 };
	struct gcr_line line;

	while (!reading.over && gcr_next_line(tb, &line))
		if (take_line(tb, &reading, &line) == GCR_FAILED)
			return GCR_FAILED;
	return finish_stack(tb);
}

// 2026/11/23 12:00:00 http: panic serving 127.0.0.1:1: boom
static int take_serving(struct gcr_traceback *tb, const struct gcr_line *header)
{
	struct gcr_span text = tb->last_other.text;
	struct gcr_panic panic = { .recovered = true,
				   .place = tb->last_other.place };
	ptrdiff_t at, colon;

	if (text.data == NULL || tb->others.count == 0 ||
	    tb->last_other.source != header->source ||
	    tb->last_other.raw.data + tb->last_other.raw.size !=
		    header->raw.data)
		return 0;
	at = gcr_span_find_text(text, "panic serving ");
	if (at == GCR_NOWHERE)
		return 0;
	text = gcr_span_tail(text, (size_t)at);
	colon = gcr_span_find_text(text, ": ");
	if (colon == GCR_NOWHERE)
		return 0;
	panic.text = gcr_span_tail(text, (size_t)colon + 2);
	// The line is the cause now, no other output.
	struct gcr_other *last = &tb->others.items[tb->others.count - 1];
	last->text.size -= tb->last_other.raw.size;
	if (last->text.size == 0)
		tb->others.count--;
	tb->crash.cause.kind = GCR_CAUSE_PANIC;
	tb->crash.cause.place = panic.place;
	return GCR_PUSH(tb, tb->panics, panic);
}

// Frames without a header: the top of the dump is missing.
static bool is_bare(struct gcr_traceback *tb, const struct gcr_line *line)
{
	struct gcr_frame frame = { 0 };
	struct gcr_line next;
	bool located;

	if (!gcr_read_function(line->text, &frame) ||
	    gcr_span_find(frame.function, ' ') != GCR_NOWHERE ||
	    !gcr_next_line(tb, &next))
		return false;
	located = gcr_read_location(next.text, &frame) &&
		  (frame.flags & GCR_FRAME_OFFSET || is_indented(next.text)) &&
		  frame.file.data != NULL;
	// Both lines are read again: the second first of all.
	gcr_lines_push_back(&tb->lines, &next);
	return located;
}

enum gcr_taken gcr_take_stack(struct gcr_traceback *tb,
			      const struct gcr_line *line)
{
	struct gcr_goroutine stack = { .count = 1 };
	bool runtime = gcr_span_is(gcr_span_trim(line->text), "runtime stack:");
	bool header = !runtime && gcr_read_header(line->text, &stack);
	bool bare = !runtime && !header && is_bare(tb, line);

	if (!runtime && !header && !bare)
		return GCR_NOT_MINE;
	bool another = tb->stack_count > 0 && tb->interrupted &&
		       gcr_span_is(stack.state, "running");
	if (tb->in_race || tb->in_profile || another)
		return GCR_NEW_CRASH;
	if (header && !tb->open && take_serving(tb, line) != 0)
		return GCR_FAILED;
	if (!header)
		stack.kind = runtime ? GCR_STACK_RUNTIME : GCR_STACK_BARE;
	stack.place = line->place;
	tb->stack = stack;
	tb->tentative = false;
	if (gcr_belongs(tb, line) != 0)
		return GCR_FAILED;
	if (bare) {
		// Its first frame's location waits in `lines`.
		struct reading reading = { 0 };
		if (take_line(tb, &reading, line) == GCR_FAILED)
			return GCR_FAILED;
	}
	return read_stack(tb);
}
