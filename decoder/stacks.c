/* Stacks, frame by frame: see stacks.h. */

#include "stacks.h"

#include "arena.h"
#include "corelocals.h"
#include "decoded.h"
#include "framewords.h"
#include "program.h"
#include "scene.h"
#include "span.h"
#include "waitlines.h"

#include <inttypes.h>

enum {
	FRAME_INDENT = 2,
	PLACE_INDENT = 8,
	VALUE_INDENT = 8,
	RUN_HEAD = 2,	 /* frames of a recursion before the fold */
	FOLD_ABOVE = 40, /* frames of a stack */
	FOLD_HEAD = 24,
	FOLD_TAIL = 8,
};

void gcr_place_write(struct gcr_page *page, const struct gcr_frame *frame,
		     enum gcr_style style, size_t indent)
{
	gcr_page_begin(page, indent);
	gcr_page_span(page, style, frame->function);
	gcr_page_line(page);
	if (frame->file.data == NULL)
		return;
	gcr_page_begin(page, indent);
	gcr_page_span(page, GCR_PLAIN, frame->file);
	gcr_sink_print(&page->sink, ":%u", frame->line);
	if (frame->flags & GCR_FRAME_OFFSET)
		gcr_sink_print(&page->sink, " +0x%" PRIx64, frame->offset);
	gcr_page_line(page);
}

static void write_number(struct gcr_page *page, const char *name,
			 uint64_t number)
{
	gcr_sink_text(&page->sink, name);
	gcr_sink_hex(&page->sink, number);
}

static void write_location(struct gcr_page *page, const struct gcr_frame *frame,
			   enum gcr_style style)
{
	if (frame->file.data == NULL && !(frame->flags & GCR_FRAME_PC))
		return;
	gcr_page_indent(page, PLACE_INDENT);
	if (style != GCR_FAINT)
		style = GCR_PLAIN;
	if (frame->file.data != NULL) {
		gcr_page_span(page, style, frame->file);
		gcr_sink_char(&page->sink, ':');
		gcr_sink_decimal(&page->sink, frame->line);
	}
	if (frame->flags & GCR_FRAME_OFFSET)
		write_number(page, " +", frame->offset);
	if (frame->flags & GCR_FRAME_FP_SP) {
		write_number(page, " fp=", frame->fp);
		write_number(page, " sp=", frame->sp);
	}
	if (frame->flags & GCR_FRAME_PC)
		write_number(page, frame->file.data != NULL ? " pc=" : "pc=",
			     frame->pc);
	gcr_page_line(page);
}

static bool is_printable(const struct gcr_page *page,
			 const struct gcr_decoding *decoding)
{
	if (page->view->core_values != NULL)
		return decoding->argument_count > 0;
	return decoding->declaration.data != NULL &&
	       decoding->words.count > 0 && !decoding->words.elided;
}

// Of a core's frames, the user's own and what was panicked with.
static bool is_of_interest(struct gcr_page *page, const struct gcr_frame *frame,
			   enum gcr_style style)
{
	return page->view->core_values == NULL || style != GCR_FAINT ||
	       gcr_span_is(frame->function, "panic");
}

static int write_decoding(struct gcr_page *page, const struct gcr_frame *frame,
			  enum gcr_style style)
{
	struct gcr_arena_mark mark = gcr_arena_mark(page->arena);
	struct gcr_rows rows = { .indent = VALUE_INDENT,
				 .depth = GCR_ROWS_DEEP };
	struct gcr_decoding decoding = { 0 };

	if (gcr_frame_words(frame, page->view->declarations, &page->target,
			    page->view->program, page->arena, &decoding,
			    page->err) != 0 ||
	    gcr_core_values_apply(page->view->core_values, frame, page->arena,
				  &decoding, page->err) != 0)
		return -1;
	// Of Go's own frames, arguments alone.
	if (style == GCR_FAINT) {
		decoding.local_count = 0;
		if (page->view->core_values != NULL)
			decoding.note_count = 0;
	}
	if (is_printable(page, &decoding) || decoding.local_count > 0) {
		if (decoding.declaration.data != NULL) {
			gcr_page_indent(page, VALUE_INDENT);
			gcr_page_span(page, GCR_FAINT, decoding.declaration);
			gcr_page_line(page);
		}
		if (decoding.flat &&
		    gcr_decoded_flat(page, &decoding, VALUE_INDENT) != 0)
			return -1;
		// The first screen has told the rest.
		page->brief = frame == page->told;
		if (!page->brief || gcr_decoding_has(&decoding, GCR_RECOVERED))
			gcr_decoded_values(page, &decoding, &rows);
		gcr_decoded_locals(page, &decoding, &rows);
		page->brief = false;
	}
	for (size_t i = 0; i < decoding.note_count; i++)
		gcr_page_print(page, VALUE_INDENT, "note: %.*s",
			       GCR_PRINT_SPAN(decoding.notes[i].text));
	gcr_arena_rewind(page->arena, mark);
	return 0;
}

static int write_frame(struct gcr_page *page, const struct gcr_frame *frame)
{
	enum gcr_style style = gcr_frame_style(frame, page->view);

	gcr_page_indent(page, FRAME_INDENT);
	gcr_page_span(page, style, frame->function);
	if (!(frame->flags & GCR_FRAME_CGO)) {
		enum gcr_style words = style == GCR_OWN ? GCR_PLAIN : style;

		gcr_page_text(page, words, "(");
		gcr_page_span(page, words, frame->arguments);
		gcr_page_text(page, words, ")");
	}
	gcr_page_line(page);
	write_location(page, frame, style);
	return is_of_interest(page, frame, style)
		       ? write_decoding(page, frame, style)
		       : 0;
}

static void write_gap(struct gcr_page *page, const char *what, uint64_t count)
{
	if (count > 0)
		gcr_page_print(page, FRAME_INDENT, "… %" PRIu64 " %s", count,
			       what);
	else
		gcr_page_print(page, FRAME_INDENT, "… %s", what);
}

static bool same_place(const struct gcr_frame *a, const struct gcr_frame *b)
{
	return a->line == b->line && gcr_span_equal(a->function, b->function) &&
	       gcr_span_equal(a->file, b->file);
}

/*
 * How many frames from `at` on are left out of a folded stack: the middle of a
 * recursion, and the middle of what is long all the same.
 */
static size_t folded_from(const struct gcr_goroutine *g, size_t at)
{
	size_t end = at, stop = g->frame_count;

	if ((g->flags & GCR_G_ELIDED) && g->elided_at > at)
		stop = g->elided_at;
	while (at >= RUN_HEAD && end < stop &&
	       same_place(&g->frames[end], &g->frames[at - RUN_HEAD]) &&
	       same_place(&g->frames[end], &g->frames[at - 1]))
		end++;
	if (end > at + 1)
		return end - at - 1;
	if (g->frame_count > FOLD_ABOVE && at == FOLD_HEAD)
		return g->frame_count - FOLD_HEAD - FOLD_TAIL;
	return 0;
}

static int write_frames(struct gcr_page *page, const struct gcr_goroutine *g,
			enum gcr_stack_form form)
{
	bool gap_said = !(g->flags & GCR_G_ELIDED);

	for (size_t i = 0; i <= g->frame_count; i++) {
		size_t folded =
			form == GCR_STACK_FOLDED ? folded_from(g, i) : 0;

		if (folded > 0)
			write_gap(page, "frames more (--all)", folded);
		i += folded;
		if (!gap_said && i >= g->elided_at) {
			write_gap(page, "frames that the runtime did not print",
				  g->elided);
			gap_said = true;
		}
		if (i < g->frame_count && write_frame(page, &g->frames[i]) != 0)
			return -1;
	}
	return 0;
}

static void write_creator(struct gcr_page *page, const struct gcr_frame *frame,
			  bool has_id, uint64_t id)
{
	if (frame == NULL)
		return;
	gcr_page_indent(page, FRAME_INDENT);
	gcr_sink_text(&page->sink, "started by ");
	gcr_page_span(page, gcr_frame_style(frame, page->view),
		      frame->function);
	if (has_id)
		gcr_sink_print(&page->sink, " in goroutine %" PRIu64, id);
	gcr_page_line(page);
	write_location(page, frame, gcr_frame_style(frame, page->view));
}

static int write_ancestors(struct gcr_page *page, const struct gcr_goroutine *g)
{
	for (size_t i = 0; i < g->ancestor_count; i++) {
		const struct gcr_ancestor *from = &g->ancestors[i];

		gcr_sink_print(&page->sink,
			       " where goroutine %" PRIu64 " then was:\n",
			       from->goroutine);
		for (size_t j = 0; j < from->frame_count; j++)
			if (write_frame(page, &from->frames[j]) != 0)
				return -1;
		if (from->elided)
			write_gap(page, "frames that the runtime did not print",
				  0);
		write_creator(page, from->created_by, false, 0);
	}
	return 0;
}

static const struct {
	unsigned flag;
	const char *text;
} remarks[] = {
	{ GCR_G_LOCKED, ", locked to thread" },
	{ GCR_G_SCAN, ", being scanned by the collector" },
	{ GCR_G_LEAKED, ", leaked: nothing can wake it" },
	{ GCR_G_DURABLE, ", durably blocked in its bubble" },
};

static void write_goroutine_head(struct gcr_page *page,
				 const struct gcr_goroutine *g)
{
	gcr_sink_print(&page->sink, "goroutine %" PRIu64, g->id);
	if (g->flags & GCR_G_GP)
		gcr_sink_print(&page->sink, " gp=0x%" PRIx64, g->gp);
	if (g->flags & GCR_G_M)
		gcr_sink_print(&page->sink, " m=%" PRIu64 " mp=0x%" PRIx64,
			       g->m, g->mp);
	gcr_sink_text(&page->sink, " [");
	gcr_page_span(page, GCR_PLAIN, g->state);
	gcr_sink_text(&page->sink, "]");
	for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++)
		if (g->flags & remarks[i].flag)
			gcr_sink_text(&page->sink, remarks[i].text);
	if (g->minutes > 0)
		gcr_sink_print(&page->sink, ", for %" PRIu64 " min",
			       g->minutes);
	if (g->flags & GCR_G_SYNCTEST)
		gcr_sink_print(&page->sink, ", in bubble %" PRIu64,
			       g->synctest);
}

// An access has an address; the others tell where a goroutine was started.
static void write_race_head(struct gcr_page *page,
			    const struct gcr_goroutine *g)
{
	if (g->address == 0) {
		gcr_sink_print(&page->sink, "goroutine %" PRIu64 " (", g->id);
		gcr_page_span(page, GCR_PLAIN, g->state);
		gcr_sink_text(&page->sink, ") was started by");
		return;
	}
	gcr_page_span(page, GCR_BAD, g->state);
	gcr_sink_print(&page->sink, " at 0x%" PRIx64 " by goroutine %" PRIu64,
		       g->address, g->id);
}

static void write_head(struct gcr_page *page, const struct gcr_goroutine *g)
{
	switch (g->kind) {
	case GCR_STACK_GOROUTINE:
		write_goroutine_head(page, g);
		break;
	case GCR_STACK_RUNTIME:
		gcr_sink_text(&page->sink, "the scheduler's own stack");
		break;
	case GCR_STACK_BARE:
		gcr_sink_text(&page->sink, "a stack without a header");
		break;
	case GCR_STACK_PROFILE:
		gcr_sink_print(&page->sink, "%" PRIu64 " with this stack",
			       g->count);
		break;
	case GCR_STACK_RACE:
		write_race_head(page, g);
		break;
	}
	if (g->labels.size > 0) {
		gcr_sink_text(&page->sink, " labels ");
		gcr_page_span(page, GCR_PLAIN, g->labels);
	}
	gcr_page_line(page);
}

static int write_waits(struct gcr_page *page)
{
	struct gcr_arena_mark mark = gcr_arena_mark(page->arena);
	struct gcr_core_waits waits;

	if (gcr_core_values_waits(page->view->core_values, page->arena, &waits,
				  page->err) != 0)
		return -1;
	gcr_wait_lines(page, &waits, FRAME_INDENT);
	gcr_arena_rewind(page->arena, mark);
	return 0;
}

int gcr_stack_write(struct gcr_page *page, const struct gcr_goroutine *g,
		    enum gcr_stack_form form)
{
	gcr_core_values_turn(page->view->core_values, g);
	gcr_program_turn(page->view->program, g);
	write_head(page, g);
	if (write_waits(page) != 0)
		return -1;
	if (g->flags & GCR_G_OTHER_THREAD)
		gcr_page_print(page, 0,
			       "  running on another thread: no stack");
	if (write_frames(page, g, form) != 0)
		return -1;
	write_creator(page, g->created_by, g->flags & GCR_G_CREATOR_ID,
		      g->creator);
	if (write_ancestors(page, g) != 0)
		return -1;
	if (g->flags & GCR_G_CUT)
		write_gap(page, "the text ends here, inside this stack", 0);
	return 0;
}
