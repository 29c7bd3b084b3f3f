/*
 * The first screen:
 *
 *	panic: Want stack trace
 *
 *	What       The program, or a package it uses, called panic.
 *	Kind       a panic: a deferred recover() could have stopped it
 *	Goroutine  1, running
 *	Where      main.example
 *	           /src/example1.go:10 +0x41
 *	Called by  main.main, example1.go:5
 *	Values     slice  []string  []string(len 2, cap 4, 0xc0000…)  exact
 *	Others     none shown
 *	Printed by go1.10 to go1.16, amd64
 *	Next       …
 */

#include "summary.h"

#include "advice.h"
#include "arena.h"
#include "buildtext.h"
#include "crowd.h"
#include "declaration.h"
#include "decoded.h"
#include "framewords.h"
#include "headline.h"
#include "span.h"
#include "stacks.h"

#include <inttypes.h>

enum {
	VALUE_ROWS = 8,
	CORE_DEPTH = 1, /* of parts on the first screen */
	LAST_FLAT = 16, /* go1.16 */
};

// `main.main, example1.go:5`
static void write_short_place(struct gcr_page *page,
			      const struct gcr_frame *frame)
{
	gcr_page_span(page, GCR_PLAIN, frame->function);
	if (frame->file.data == NULL)
		return;
	gcr_sink_text(&page->sink, ", ");
	gcr_page_span(page, GCR_PLAIN, gcr_file_base(frame));
	gcr_sink_print(&page->sink, ":%u", frame->line);
}

static void write_creator(struct gcr_page *page, const struct gcr_goroutine *g)
{
	if (g->created_by == NULL)
		return;
	gcr_page_begin(page, GCR_MARGIN);
	gcr_sink_text(&page->sink, "started by ");
	write_short_place(page, g->created_by);
	if (g->flags & GCR_G_CREATOR_ID)
		gcr_sink_print(&page->sink, ", in goroutine %" PRIu64,
			       g->creator);
	gcr_page_line(page);
}

static void write_goroutine(struct gcr_page *page,
			    const struct gcr_goroutine *g)
{
	gcr_page_label(page, "Goroutine");
	gcr_page_begin(page, GCR_MARGIN);
	if (g->kind == GCR_STACK_BARE)
		gcr_sink_text(&page->sink, "its number is not shown");
	else
		gcr_sink_decimal(&page->sink, g->id);
	if (g->state.size > 0) {
		gcr_sink_text(&page->sink, ", ");
		gcr_page_span(page, GCR_PLAIN, g->state);
	}
	if (g->id == 1)
		gcr_sink_text(&page->sink, " (the one that runs main)");
	gcr_page_line(page);
	write_creator(page, g);
}

static void write_rows(struct gcr_page *page, const struct gcr_frame *own,
		       const struct gcr_decoding *decoding)
{
	bool core = page->view->core_values != NULL;
	struct gcr_rows rows = { GCR_MARGIN, VALUE_ROWS,
				 core ? CORE_DEPTH : GCR_ROWS_DEEP };

	// Of a core the stack has more.
	if (!core && decoding->argument_count <= VALUE_ROWS)
		page->told = own;
	gcr_decoded_values(page, decoding, &rows);
	gcr_decoded_locals(page, decoding, &rows);
}

static void write_decoding(struct gcr_page *page, const struct gcr_frame *own,
			   const struct gcr_decoding *decoding)
{
	if ((decoding->declaration.data != NULL &&
	     decoding->argument_count > 0) ||
	    decoding->local_count > 0)
		write_rows(page, own, decoding);
	else if (decoding->words.count == 0)
		gcr_page_prose(page, GCR_MARGIN,
			       "none: the function takes no arguments");
	else
		gcr_decoded_words(page, decoding, GCR_MARGIN, VALUE_ROWS);
	gcr_decoded_legend(page, decoding, GCR_MARGIN);
	for (size_t i = 0; i < decoding->note_count; i++)
		gcr_page_print(page, GCR_MARGIN, "note: %.*s",
			       GCR_PRINT_SPAN(decoding->notes[i].text));
}

// An inlined call has no words of its own; the one that holds its code may.
static const struct gcr_frame *holder_of(const struct gcr_scene *scene)
{
	const struct gcr_frame *frame = scene->own;
	const struct gcr_frame *end =
		scene->culprit->frames + scene->culprit->frame_count;

	while (frame + 1 < end && (frame->flags & GCR_FRAME_INLINED))
		frame++;
	return frame;
}

static int write_values(struct gcr_page *page, const struct gcr_scene *scene,
			struct gcr_decoding *decoding)
{
	const struct gcr_frame *frame = holder_of(scene);

	if (gcr_frame_words(frame, page->view->declarations, &page->target,
			    page->view->program, page->arena, decoding,
			    page->err) != 0)
		return -1;
	gcr_core_values_turn(page->view->core_values, scene->culprit);
	if (gcr_core_values_apply(page->view->core_values, frame, page->arena,
				  decoding, page->err) != 0)
		return -1;
	gcr_page_label(page, "Values");
	if (frame != scene->own) {
		gcr_page_begin(page, GCR_MARGIN);
		gcr_sink_text(&page->sink, "not printed: inlined into ");
		gcr_page_span(page, GCR_OWN, frame->function);
		gcr_sink_text(&page->sink, ", which has");
		gcr_page_line(page);
	}
	if (frame->flags & GCR_FRAME_INLINED)
		gcr_page_prose(page, GCR_MARGIN,
			       "not printed: the call was inlined");
	else
		write_decoding(page, frame, decoding);
	return 0;
}

static void write_place(struct gcr_page *page, const char *label,
			const struct gcr_frame *frame)
{
	gcr_page_label(page, label);
	gcr_page_begin(page, GCR_MARGIN);
	write_short_place(page, frame);
	gcr_page_line(page);
}

static int write_culprit(struct gcr_page *page, const struct gcr_scene *scene,
			 struct gcr_decoding *decoding)
{
	write_goroutine(page, scene->culprit);
	if (scene->own == NULL) {
		gcr_page_label(page, "Where");
		gcr_page_prose(page, GCR_MARGIN,
			       scene->culprit->frame_count == 0
				       ? "no frame was printed"
				       : "no frame of your own code is in it");
		return 0;
	}
	gcr_page_label(page, "Where");
	gcr_place_write(page, scene->own, GCR_OWN, GCR_MARGIN);
	if (scene->caller != NULL && scene->deferred) {
		gcr_page_label(page, "Called by");
		gcr_page_prose(page, GCR_MARGIN,
			       "a defer, while an earlier panic went on");
	} else if (scene->caller != NULL) {
		write_place(page, "Called by", scene->caller);
	}
	if (scene->origin != NULL)
		write_place(page, "First in", scene->origin);
	return write_values(page, scene, decoding);
}

static const char *alone_text(const struct gcr_crash *crash,
			      const struct gcr_crowd *crowd)
{
	if (crowd->runtime > 0)
		return "only the runtime's own goroutines";
	return crash->goroutine_count > 0 ? "none is shown"
					  : "no goroutine is shown";
}

static int write_others(struct gcr_page *page, const struct gcr_crash *crash,
			const struct gcr_scene *scene)
{
	const char *label = scene->culprit != NULL ? "Others" : "Goroutines";
	bool central = scene->culprit == NULL || scene->own == NULL;
	struct gcr_crowd crowd;

	if (scene->race || (scene->profile && crash->goroutine_count == 0))
		return 0;
	if (gcr_crowd_gather(page, crash->goroutines, crash->goroutine_count,
			     scene->culprit, &crowd) != 0)
		return -1;
	gcr_page_label(page, label);
	if (crowd.row_count == 0) {
		gcr_page_prose(page, GCR_MARGIN, alone_text(crash, &crowd));
		return 0;
	}
	gcr_page_print(page, GCR_MARGIN, "%" PRIu64 " %s", crowd.count,
		       crowd.count == 1 ? "goroutine" : "goroutines");
	gcr_crowd_write(page, &crowd, GCR_MARGIN - 5,
			central ? GCR_CROWD_ALONE : GCR_CROWD_BESIDE, central);
	return 0;
}

// One access: what, by whom, where.
static void write_access(struct gcr_page *page, const struct gcr_goroutine *g)
{
	const struct gcr_frame *own =
		gcr_own_frame(g->frames, g->frame_count, page->view);

	gcr_page_begin(page, GCR_MARGIN);
	gcr_page_span(page, GCR_PLAIN, g->state);
	gcr_sink_print(&page->sink, " at 0x%" PRIx64 " by goroutine %" PRIu64,
		       g->address, g->id);
	gcr_page_line(page);
	if (own == NULL && g->frame_count > 0)
		own = g->frames;
	if (own != NULL)
		gcr_place_write(page, own, GCR_OWN, GCR_MARGIN + 2);
}

static void write_race(struct gcr_page *page, const struct gcr_crash *crash)
{
	gcr_page_label(page, "Accesses");
	for (size_t i = 0; i < crash->stack_count; i++)
		if (crash->stacks[i].kind == GCR_STACK_RACE &&
		    crash->stacks[i].address != 0)
			write_access(page, &crash->stacks[i]);
}

static int write_profile(struct gcr_page *page, const struct gcr_crash *crash)
{
	struct gcr_crowd crowd;

	if (gcr_crowd_gather(page, crash->stacks, crash->stack_count, NULL,
			     &crowd) != 0)
		return -1;
	gcr_page_label(page, "Goroutines");
	gcr_page_print(page, GCR_MARGIN, "%" PRIu64, crowd.count);
	gcr_crowd_write(page, &crowd, GCR_MARGIN - 5, GCR_CROWD_ALONE, false);
	return 0;
}

static int write_stacks(struct gcr_page *page, const struct gcr_crash *crash,
			const struct gcr_scene *scene)
{
	if (scene->race)
		write_race(page, crash);
	return scene->profile ? write_profile(page, crash) : 0;
}

static void write_release(struct gcr_page *page, const struct gcr_crash *crash,
			  bool flat)
{
	struct gcr_target target = page->target;

	// Only to go1.16 are results among the words, and values in one word.
	if (flat && target.go_max == 0 && target.go_min <= LAST_FLAT)
		target.go_max = LAST_FLAT;
	gcr_release_write(page, &target, crash->core);
}

int gcr_summary_write(struct gcr_page *page, const struct gcr_crash *crash,
		      const struct gcr_scene *scene)
{
	struct gcr_arena_mark mark = gcr_arena_mark(page->arena);
	struct gcr_decoding decoding = { 0 };
	bool decoded = scene->culprit != NULL && scene->own != NULL;

	gcr_headline_write(page, crash, scene);
	gcr_what_write(page, crash, scene);
	if (scene->culprit != NULL &&
	    write_culprit(page, scene, &decoding) != 0)
		return -1;
	if (write_stacks(page, crash, scene) != 0 ||
	    write_others(page, crash, scene) != 0)
		return -1;
	write_release(page, crash, decoding.flat);
	gcr_build_write(page, gcr_declarations_image(page->view->declarations));
	gcr_advice_write(page, crash, scene, decoded ? &decoding : NULL);
	gcr_arena_rewind(page->arena, mark);
	return 0;
}
