/*
 * What starts what. Between stacks each line is shown to a row of handlers;
 * the first that knows it takes it, and reads on as far as its part goes.
 *
 *	cause lines     ->  report.c
 *	stacks          ->  stack.c
 *	profile, race   ->  entries.c
 *	all else        ->  other output, unless a log prefix explains it
 */

#include "arena.h"
#include "assembly.h"
#include "grammar.h"
#include "span.h"

enum {
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
		.frames = or_default(limits->frames, DEFAULT_FRAMES),
		.notes = or_default(limits->notes, DEFAULT_NOTES),
	};
	gcr_lines_init(&tb->lines, text, arena);
	tb->lines.source[0].line = or_default(limits->first_line, 1);
	*ret = tb;
	return 0;
}

const struct gcr_crash *
gcr_traceback_crash(const struct gcr_traceback *traceback)
{
	return &traceback->crash;
}

// -----
static enum gcr_taken take_dashes(struct gcr_traceback *tb,
				  const struct gcr_line *line)
{
	if (tb->crash.cause.kind != GCR_CAUSE_SIGNAL || tb->stack_count == 0 ||
	    !gcr_span_is(gcr_span_trim(line->text), "-----"))
		return GCR_NOT_MINE;
	tb->dashes = true;
	gcr_belongs(tb, line);
	return GCR_TAKEN;
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

static enum gcr_taken take_other(struct gcr_traceback *tb,
				 const struct gcr_line *line)
{
	if (gcr_lines_learn(&tb->lines, line))
		return GCR_TAKEN;
	if (tb->tentative && gcr_demote_remarks(tb) != 0)
		return GCR_FAILED;
	return gcr_add_other(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

static enum gcr_taken take_line(struct gcr_traceback *tb,
				const struct gcr_line *line)
{
	static enum gcr_taken (*const handlers[])(struct gcr_traceback *,
						  const struct gcr_line *) = {
		take_blank,	   gcr_take_stack,	 gcr_take_panic,
		gcr_take_fatal,	   gcr_take_signal_line, gcr_take_signal_head,
		gcr_take_register, take_dashes,		 gcr_take_profile,
		gcr_take_race,	   take_remark,		 take_other,
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
	if (tb->tentative && gcr_demote_remarks(tb) != 0)
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
			gcr_unread_line(tb, &line);
			return give_crash(tb, piece);
		case GCR_FAILED:
			return -1;
		}
	}
	return give_end(tb, piece);
}
