/*
 * A section for each way to change, the worst first; a group is its numbers, its
 * state and its place:
 *
 *	Grew in every dump
 *	  12 → 40 → 95  +83  chan receive
 *	    main.leak leak.go:12, started by main.main main.go:5
 */

#include "difftext.h"

#include "arena.h"
#include "growth.h"
#include "page.h"
#include "scene.h"
#include "span.h"

#include <inttypes.h>

enum {
	ROWS_SHOWN = 10,  /* of one section */
	NUMBERS_SHOWN = 8 /* of a row: the first and the last ones */
};

struct writer {
	struct gcr_page page;
	const struct gcr_diff *diff;
};

// `12 → 40 → … → 95`
static void write_numbers(struct gcr_page *page, const uint64_t *numbers,
			  size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			gcr_sink_text(&page->sink, " → ");
		if (count > NUMBERS_SHOWN && i == NUMBERS_SHOWN / 2) {
			gcr_sink_text(&page->sink, "…");
			i = count - NUMBERS_SHOWN / 2;
			gcr_sink_text(&page->sink, " → ");
		}
		gcr_sink_decimal(&page->sink, numbers[i]);
	}
}

static struct gcr_frame frame_of(const struct gcr_digest_frame *from)
{
	return (struct gcr_frame){
		.function = from->function,
		.file = from->file,
		.line = from->line <= UINT32_MAX ? (unsigned)from->line : 0,
	};
}

static void write_place(struct gcr_page *page,
			const struct gcr_digest_frame *from)
{
	struct gcr_frame frame = frame_of(from);

	gcr_page_span(page,
		      gcr_frame_owner(&frame, page->view) == GCR_OWNER_USER
			      ? GCR_OWN
			      : GCR_PLAIN,
		      from->function);
	gcr_sink_char(&page->sink, ' ');
	gcr_page_span(page, GCR_PLAIN, from->file);
	gcr_sink_print(&page->sink, ":%" PRIu64, from->line);
}

// The user's frame nearest to the top, else the one it was started with.
static const struct gcr_digest_frame *
own_frame(const struct gcr_page *page, const struct gcr_digest_identity *is)
{
	for (size_t i = 0; i < is->frame_count; i++) {
		struct gcr_frame frame = frame_of(&is->frames[i]);

		if (gcr_frame_owner(&frame, page->view) == GCR_OWNER_USER)
			return &is->frames[i];
	}
	return is->frame_count > 0 ? &is->frames[is->frame_count - 1] : NULL;
}

static void write_where(struct gcr_page *page,
			const struct gcr_digest_identity *is)
{
	const struct gcr_digest_frame *own = own_frame(page, is);

	if (own == NULL && is->creator == NULL)
		return;
	gcr_page_begin(page, 4);
	if (own != NULL)
		write_place(page, own);
	if (is->creator != NULL) {
		gcr_sink_text(&page->sink,
			      own != NULL ? ", started by " : "started by ");
		write_place(page, is->creator);
	}
	gcr_page_line(page);
}

static void write_row(struct gcr_page *page, const struct gcr_diff_row *row,
		      size_t dumps)
{
	gcr_page_begin(page, 2);
	write_numbers(page, row->counts, dumps);
	if (row->more > 0)
		gcr_sink_print(&page->sink, "  +%" PRIu64, row->more);
	if (row->less > 0)
		gcr_sink_print(&page->sink, "  -%" PRIu64, row->less);
	gcr_sink_text(&page->sink, "  ");
	gcr_page_span(page, GCR_PLAIN, row->is->state);
	if (row->minutes[dumps - 1] > 0 || row->older) {
		gcr_sink_text(&page->sink, "  up to ");
		write_numbers(page, row->minutes, dumps);
		gcr_sink_text(&page->sink, " min");
	}
	gcr_page_line(page);
	write_where(page, row->is);
}

static bool is_in(const struct gcr_diff_row *row, enum gcr_change change)
{
	return row->change == change && change != GCR_CHANGE_SAME;
}

static void write_section(struct writer *writer, enum gcr_change change)
{
	const struct gcr_diff *diff = writer->diff;
	struct gcr_page *page = &writer->page;
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < diff->row_count; i++) {
		if (!is_in(&diff->rows[i], change))
			continue;
		if (shown == ROWS_SHOWN && !page->view->all) {
			more++;
			continue;
		}
		if (shown++ == 0)
			gcr_page_heading(
				page,
				gcr_change_title(change, diff->dump_count));
		write_row(page, &diff->rows[i], diff->dump_count);
	}
	if (more > 0)
		gcr_page_print(page, 2, "and %zu more %s (--all shows them)",
			       more, more == 1 ? "group" : "groups");
}

// As many as before, and older each time: whoever waits there waits for ever.
static void write_older(struct writer *writer)
{
	const struct gcr_diff *diff = writer->diff;
	struct gcr_page *page = &writer->page;
	size_t shown = 0;

	for (size_t i = 0; i < diff->row_count; i++) {
		const struct gcr_diff_row *row = &diff->rows[i];

		if (row->change != GCR_CHANGE_SAME || !row->older ||
		    (shown == ROWS_SHOWN && !page->view->all))
			continue;
		if (shown++ == 0)
			gcr_page_heading(page, "As many, and waiting longer "
					       "each time");
		write_row(page, row, diff->dump_count);
	}
}

static void write_rest(struct writer *writer)
{
	const struct gcr_diff *diff = writer->diff;
	size_t groups = 0;
	uint64_t goroutines = 0;

	for (size_t i = 0; i < diff->row_count; i++) {
		const struct gcr_diff_row *row = &diff->rows[i];

		if (row->change != GCR_CHANGE_SAME || row->older)
			continue;
		groups++;
		goroutines = gcr_digest_sum(goroutines,
					    row->counts[diff->dump_count - 1]);
	}
	gcr_page_line(&writer->page);
	gcr_page_print(&writer->page, 0,
		       "As many as before: %" PRIu64 " %s in %zu %s",
		       goroutines, goroutines == 1 ? "goroutine" : "goroutines",
		       groups, groups == 1 ? "group" : "groups");
}

static void write_dumps(struct writer *writer)
{
	const struct gcr_diff *diff = writer->diff;
	struct gcr_page *page = &writer->page;

	gcr_page_label(page, "Goroutines");
	for (size_t i = 0; i < diff->dump_count; i++) {
		const struct gcr_diff_dump *dump = &diff->dumps[i];

		if (i >= ROWS_SHOWN && i + 1 < diff->dump_count)
			continue;
		gcr_page_begin(page, GCR_MARGIN);
		gcr_sink_print(&page->sink, "%6" PRIu64 " in %" PRIu64 " %s  ",
			       dump->goroutines, dump->groups,
			       dump->groups == 1 ? "group" : "groups");
		gcr_page_span(page, GCR_PLAIN, dump->name);
		gcr_page_line(page);
	}
}

static int write_all(struct writer *writer)
{
	write_dumps(writer);
	for (size_t i = 0; i < GCR_CHANGE_SAME; i++)
		write_section(writer, (enum gcr_change)i);
	write_older(writer);
	write_rest(writer);
	return gcr_sink_done(&writer->page.sink, writer->page.err);
}

int gcr_write_diff(struct gcr_diff *diff, const struct gcr_view *view,
		   const struct gcr_output *output, struct gcr_error *err)
{
	static const struct gcr_target unknown = { 0 };
	struct writer writer = { .diff = diff };
	int result;

	if (gcr_diff_rows(diff, err) != 0 ||
	    gcr_page_init(&writer.page, &unknown, view, output, err) != 0)
		return -1;
	result = write_all(&writer);
	gcr_page_done(&writer.page);
	return result;
}
