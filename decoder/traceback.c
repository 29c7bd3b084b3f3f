/*
 * What starts what. Between stacks each line is shown to a row of handlers;
 * the first that knows it takes it, and reads on as far as its part goes.
 *
 *	cause lines     ->  report.c
 *	stacks          ->  stack.c
 *	profile, race   ->  here: their entries are stacks with another head
 *	all else        ->  other output, unless a log prefix explains it
 */

#include "arena.h"
#include "assembly.h"
#include "grammar.h"
#include "span.h"

enum {
	DEFAULT_GOROUTINES = 16 * 1024 * 1024,
	DEFAULT_FRAMES = 1024 * 1024,
	DEFAULT_NOTES = 1000,
};

static size_t or_default(size_t given, size_t fallback)
{
	return given > 0 ? given : fallback;
}

int gcr_traceback_new(struct gcr_span text, const struct gcr_limits *limits,
		      struct gcr_arena *arena, struct gcr_arena *stacks,
		      struct gcr_traceback **ret, struct gcr_error *err)
{
	struct gcr_limits none = { 0 };
	struct gcr_traceback *tb = gcr_arena_alloc(arena, sizeof(*tb), err);

	if (tb == NULL)
		return -1;
	if (limits == NULL)
		limits = &none;
	tb->arena = arena;
	tb->stacks = stacks;
	tb->limits = (struct gcr_limits){
		.goroutines =
			or_default(limits->goroutines, DEFAULT_GOROUTINES),
		.frames = or_default(limits->frames, DEFAULT_FRAMES),
		.notes = or_default(limits->notes, DEFAULT_NOTES),
	};
	gcr_lines_init(&tb->lines, text, arena);
	*ret = tb;
	return 0;
}

const struct gcr_crash *
gcr_traceback_crash(const struct gcr_traceback *traceback)
{
	return &traceback->crash;
}

// Lines that one form of stack has below its head.
typedef bool (*frame_reader)(struct gcr_traceback *tb,
			     const struct gcr_line *line,
			     struct gcr_frame *frame);

static enum gcr_taken read_neighbour(struct gcr_traceback *tb,
				     frame_reader read)
{
	struct gcr_line line;
	struct gcr_frame *copy;

	while (gcr_next_line(tb, &line)) {
		struct gcr_frame frame = { .place = line.place };
		if (gcr_span_starts(line.text, "# labels: {") &&
		    tb->in_profile) {
			tb->stack.labels =
				gcr_span_tail(gcr_span_trim(line.text), 11);
			if (gcr_span_ends(tb->stack.labels, "}"))
				tb->stack.labels.size--;
			gcr_target_at_least(&tb->crash.target, 15);
		} else if (!read(tb, &line, &frame)) {
			gcr_lines_push_back(&tb->lines, &line);
			break;
		} else if (GCR_PUSH(tb, tb->frames, frame) != 0) {
			return GCR_FAILED;
		}
		if (gcr_belongs(tb, &line) != 0)
			return GCR_FAILED;
	}
	copy = gcr_arena_array(tb->stacks, tb->frames.count + 1, sizeof(*copy),
			       tb->err);
	if (copy == NULL)
		return GCR_FAILED;
	if (tb->frames.count > 0)
		memcpy(copy, tb->frames.items,
		       tb->frames.count * sizeof(*copy));
	tb->stack.frames = copy;
	tb->stack.frame_count = tb->frames.count;
	tb->frames.count = 0;
	tb->stack_count++;
	return GCR_STACK_READY;
}

static bool read_profile_frame(struct gcr_traceback *tb,
			       const struct gcr_line *line,
			       struct gcr_frame *frame)
{
	(void)tb;
	return gcr_read_profile_frame(line->text, frame);
}

//   main.(*counter).bump()
//       /src/race.go:9 +0x30
static bool read_race_frame(struct gcr_traceback *tb,
			    const struct gcr_line *line,
			    struct gcr_frame *frame)
{
	struct gcr_line next;

	if (gcr_span_is(gcr_span_trim(line->text),
			"[failed to restore the stack]")) {
		frame->function = gcr_span_trim(line->text);
		frame->flags = GCR_FRAME_NO_FILE;
		return true;
	}
	if (!gcr_span_starts(line->text, " ") ||
	    !gcr_read_function(line->text, frame))
		return false;
	if (gcr_next_line(tb, &next)) {
		if (gcr_read_location(next.text, frame))
			return true;
		gcr_lines_push_back(&tb->lines, &next);
	}
	frame->flags = GCR_FRAME_NO_FILE;
	return true;
}

// goroutine profile: total 6
static enum gcr_taken take_profile(struct gcr_traceback *tb,
				   const struct gcr_line *line)
{
	struct gcr_goroutine entry = { .kind = GCR_STACK_PROFILE,
				       .place = line->place };

	if (gcr_span_starts(line->text, "goroutine profile: total ") ||
	    gcr_span_starts(line->text, "goroutineleak profile: total ")) {
		if (tb->open)
			return GCR_NEW_CRASH;
		tb->in_profile = true;
		tb->crash.cause.text = gcr_span_trim(line->text);
		return gcr_belongs(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
	}
	if (!tb->in_profile ||
	    !gcr_read_profile_entry(line->text, &entry.count))
		return GCR_NOT_MINE;
	tb->stack = entry;
	if (gcr_belongs(tb, line) != 0)
		return GCR_FAILED;
	return read_neighbour(tb, read_profile_frame);
}

// WARNING: DATA RACE
static enum gcr_taken take_race(struct gcr_traceback *tb,
				const struct gcr_line *line)
{
	struct gcr_span text = gcr_span_trim(line->text);
	struct gcr_goroutine access;

	if (gcr_span_is(text, "==================") && tb->in_race &&
	    !tb->race_over) {
		tb->race_over = true;
		return gcr_belongs(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
	}
	if (gcr_span_is(text, "WARNING: DATA RACE")) {
		if (tb->open)
			return GCR_NEW_CRASH;
		tb->in_race = true;
		tb->crash.cause.text = text;
		return gcr_belongs(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
	}
	if (!tb->in_race || !gcr_read_race_stack(text, &access))
		return GCR_NOT_MINE;
	access.place = line->place;
	tb->stack = access;
	if (gcr_belongs(tb, line) != 0)
		return GCR_FAILED;
	return read_neighbour(tb, read_race_frame);
}

// The rule before a race's first line opens it; alone it is nobody's.
static enum gcr_taken take_rule(struct gcr_traceback *tb,
				const struct gcr_line *line)
{
	struct gcr_line next;
	bool race;

	if (!gcr_span_is(gcr_span_trim(line->text), "==================") ||
	    !gcr_next_line(tb, &next))
		return GCR_NOT_MINE;
	race = gcr_span_starts(next.text, "WARNING: DATA RACE");
	gcr_lines_push_back(&tb->lines, &next);
	if (!race)
		return GCR_NOT_MINE;
	return tb->open ? GCR_NEW_CRASH : GCR_TAKEN;
}

// -----
static enum gcr_taken take_dashes(struct gcr_traceback *tb,
				  const struct gcr_line *line)
{
	if (tb->crash.cause.kind != GCR_CAUSE_SIGNAL || tb->stack_count == 0 ||
	    !gcr_span_is(gcr_span_trim(line->text), "-----"))
		return GCR_NOT_MINE;
	tb->dashes = true;
	return gcr_belongs(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

static enum gcr_taken take_blank(struct gcr_traceback *tb,
				 const struct gcr_line *line)
{
	if (line->text.size > 0)
		return GCR_NOT_MINE;
	// Between others it is theirs, between the crash's lines its own.
	if (tb->open && !tb->interrupted)
		return GCR_TAKEN;
	return gcr_add_other(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

static enum gcr_taken take_remark(struct gcr_traceback *tb,
				  const struct gcr_line *line)
{
	if (!gcr_is_remark(line->text) || (tb->open && tb->interrupted))
		return GCR_NOT_MINE;
	return gcr_add_remark(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

// Remarks that no cause follows were other output after all.
static int demote(struct gcr_traceback *tb)
{
	for (size_t i = 0; i < tb->remarks.count; i++)
		if (GCR_PUSH(tb, tb->others, tb->remarks.items[i]) != 0)
			return -1;
	tb->remarks.count = 0;
	tb->open = tb->tentative = false;
	return 0;
}

static enum gcr_taken take_other(struct gcr_traceback *tb,
				 const struct gcr_line *line)
{
	if (gcr_lines_learn(&tb->lines, line))
		return GCR_TAKEN;
	if (tb->tentative && demote(tb) != 0)
		return GCR_FAILED;
	return gcr_add_other(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

static enum gcr_taken take_line(struct gcr_traceback *tb,
				const struct gcr_line *line)
{
	static enum gcr_taken (*const handlers[])(struct gcr_traceback *,
						  const struct gcr_line *) = {
		take_blank,
		gcr_take_stack,
		gcr_take_panic,
		gcr_take_fatal,
		gcr_take_signal_line,
		gcr_take_signal_head,
		gcr_take_register,
		take_dashes,
		take_profile,
		take_race,
		take_rule,
		take_remark,
		take_other,
	};

	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		enum gcr_taken taken = handlers[i](tb, line);
		if (taken != GCR_NOT_MINE)
			return taken;
	}
	return GCR_FAILED;
}

static int give_crash(struct gcr_traceback *tb, enum gcr_piece *piece)
{
	if (gcr_finish_crash(tb) != 0)
		return -1;
	tb->open = false;
	*piece = GCR_PIECE_CRASH;
	return 0;
}

// The input is at its end: the open crash first, then what is left over.
static int give_end(struct gcr_traceback *tb, enum gcr_piece *piece)
{
	if (tb->lines.failed) {
		*tb->err = tb->lines.error;
		return -1;
	}
	if (tb->tentative && demote(tb) != 0)
		return -1;
	if (tb->open) {
		tb->done = true;
		return give_crash(tb, piece);
	}
	*piece = GCR_PIECE_END;
	return gcr_finish_crash(tb);
}

int gcr_traceback_next(struct gcr_traceback *tb, enum gcr_piece *piece,
		       struct gcr_goroutine *ret, struct gcr_error *err)
{
	struct gcr_line line;

	tb->err = err;
	if (tb->crash.reports != NULL)
		gcr_clear_crash(tb);
	while (gcr_next_line(tb, &line)) {
		switch (take_line(tb, &line)) {
		case GCR_TAKEN:
		case GCR_NOT_MINE:
			break;
		case GCR_STACK_READY:
			*piece = GCR_PIECE_STACK;
			*ret = tb->stack;
			return 0;
		case GCR_NEW_CRASH:
			tb->held = line;
			tb->has_held = true;
			return give_crash(tb, piece);
		case GCR_FAILED:
			return -1;
		}
	}
	return give_end(tb, piece);
}
