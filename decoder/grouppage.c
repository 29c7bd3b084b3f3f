/* Groups, each in few lines: see grouppage.h. */

#include "grouppage.h"

#include "crash.h"
#include "scene.h"
#include "span.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	INDENT = 4,
	PLACE_INDENT = 8,
	SMALL = 0x10000, /* below it, a word is a number to people */
	FOLD_HEAD = 24,	 /* frames of a long stack */
	FOLD_TAIL = 8,
	LABEL_COLUMNS = 60,
};

/* Which frames are shown --------------------------------------------------- */

enum part {
	HIDDEN,	  /* of the runtime, of the compiler: the state says it */
	FOLDED,	  /* of the standard library, counted */
	REPEATED, /* of a recursion, or the middle of a long stack, counted */
	SHOWN
};

static bool is_own(const struct gcr_goroutine *g, size_t i,
		   const struct gcr_view *view)
{
	return i < g->frame_count &&
	       gcr_frame_owner(&g->frames[i], view) != GCR_OWNER_GO;
}

// The wrapper that the compiler makes of `go f(x)`.
static bool is_wrapper(struct gcr_span function)
{
	return gcr_span_find_text(function, ".gowrap") != GCR_NOWHERE ||
	       gcr_span_find_text(function, ".deferwrap") != GCR_NOWHERE;
}

static bool is_telling(struct gcr_span function)
{
	return gcr_span_is(function, "panic") ||
	       gcr_span_is(function, "runtime.gopanic") ||
	       gcr_span_is(function, "runtime.sigpanic");
}

static bool same_place(const struct gcr_frame *a, const struct gcr_frame *b)
{
	return a->line == b->line && gcr_span_equal(a->function, b->function) &&
	       gcr_span_equal(a->file, b->file);
}

static bool is_recursion(const struct gcr_goroutine *g, size_t i)
{
	return i >= 2 && i + 1 < g->frame_count &&
	       same_place(&g->frames[i], &g->frames[i - 1]) &&
	       same_place(&g->frames[i], &g->frames[i - 2]) &&
	       same_place(&g->frames[i], &g->frames[i + 1]);
}

// With none of your code in it, the innermost of the library says something.
static bool is_near_entry(const struct gcr_goroutine *g, size_t i,
			  const struct gcr_view *view)
{
	size_t behind = 0;

	if (gcr_own_frame(g->frames, g->frame_count, view) != NULL)
		return false;
	for (i++; i < g->frame_count; i++)
		behind += !gcr_function_is_runtime(g->frames[i].function);
	return behind < 3;
}

static enum part part_of(const struct gcr_page *page,
			 const struct gcr_goroutine *g, size_t i)
{
	const struct gcr_view *view = page->view;
	const struct gcr_frame *frame = &g->frames[i];

	if (view->all || is_telling(frame->function))
		return SHOWN;
	if (is_wrapper(frame->function))
		return HIDDEN;
	if (is_recursion(g, i) ||
	    (i >= FOLD_HEAD && i + FOLD_TAIL < g->frame_count))
		return REPEATED;
	if (is_own(g, i, view))
		return SHOWN;
	if (gcr_function_is_runtime(frame->function))
		return gcr_entry_frame(g) == frame ? SHOWN : HIDDEN;
	return is_own(g, i + 1, view) || (i > 0 && is_own(g, i - 1, view)) ||
			       gcr_entry_frame(g) == frame ||
			       is_near_entry(g, i, view)
		       ? SHOWN
		       : FOLDED;
}

/* Words -------------------------------------------------------------------- */

static void write_distinct(struct gcr_page *page,
			   const struct gcr_column *column)
{
	gcr_sink_print(&page->sink, "<%zu%s", column->distinct,
		       column->more ? "+" : "");
	if (column->most < SMALL) {
		gcr_sink_text(&page->sink, ": ");
		gcr_sink_hex(&page->sink, column->least);
		gcr_sink_text(&page->sink, "-");
		gcr_sink_hex(&page->sink, column->most);
	}
	gcr_sink_text(&page->sink, ">");
}

static void write_value(struct gcr_page *page, const struct gcr_column *column)
{
	if (column->word.certainty == GCR_STALE)
		gcr_sink_char(&page->sink, '?');
	else if (column->distinct == 1 && !column->more)
		gcr_sink_hex(&page->sink, column->values[0]);
	else
		write_distinct(page, column);
}

static void write_columns(struct gcr_page *page,
			  const struct gcr_columns *columns)
{
	static const char *const signs[] = {
		[GCR_WORD_GAP] = "_",
		[GCR_WORD_MORE] = "...",
		[GCR_WORD_OPEN] = "{",
		[GCR_WORD_CLOSE] = "}",
	};
	bool comma = false;

	for (size_t i = 0; i < columns->count; i++) {
		const struct gcr_column *column = &columns->items[i];
		enum gcr_word_kind kind = column->word.kind;

		if (comma && kind != GCR_WORD_CLOSE)
			gcr_sink_text(&page->sink, ", ");
		if (kind == GCR_WORD_VALUE)
			write_value(page, column);
		else
			gcr_sink_text(&page->sink, signs[kind]);
		comma = kind != GCR_WORD_OPEN;
	}
}

static void write_arguments(struct gcr_page *page,
			    const struct gcr_group *group, size_t i)
{
	gcr_sink_char(&page->sink, '(');
	if (group->columns == NULL || group->columns[i].count == 0)
		gcr_page_span(page, GCR_PLAIN,
			      group->example.frames[i].arguments);
	else
		write_columns(page, &group->columns[i]);
	gcr_sink_char(&page->sink, ')');
}

/* Frames ------------------------------------------------------------------- */

static enum gcr_style style_of(const struct gcr_page *page,
			       const struct gcr_frame *frame)
{
	switch (gcr_frame_owner(frame, page->view)) {
	case GCR_OWNER_USER:
		return GCR_OWN;
	case GCR_OWNER_DEPENDENCY:
		return GCR_PLAIN;
	case GCR_OWNER_GO:
	case GCR_OWNER_C:
		break;
	}
	return GCR_FAINT;
}

// Behind what was written since `start`, or on a line of its own.
static void write_place(struct gcr_page *page, const struct gcr_frame *frame,
			enum gcr_style style, uint64_t start)
{
	uint64_t used = page->sink.total - start;
	size_t columns = gcr_page_columns(gcr_file_base(frame)) + 2 + 6;

	if (frame->file.data == NULL)
		return;
	// Colours count too: it is a guess that breaks lines early.
	if (used + columns > page->width + (page->view->color ? 11 : 0)) {
		gcr_page_line(page);
		gcr_page_indent(page, PLACE_INDENT);
	} else {
		gcr_page_indent(page, 2);
	}
	gcr_page_span(page, style == GCR_FAINT ? style : GCR_PLAIN,
		      gcr_file_base(frame));
	gcr_sink_print(&page->sink, ":%u", frame->line);
}

static void write_frame(struct gcr_page *page, const struct gcr_group *group,
			size_t i)
{
	const struct gcr_frame *frame = &group->example.frames[i];
	enum gcr_style style = style_of(page, frame);
	uint64_t start = page->sink.total;

	gcr_page_indent(page, INDENT);
	gcr_page_span(page, style, frame->function);
	if ((style != GCR_FAINT || page->view->all) &&
	    (frame->flags & GCR_FRAME_CGO) == 0)
		write_arguments(page, group, i);
	write_place(page, frame, style, start);
	gcr_page_line(page);
}

static void write_gap(struct gcr_page *page, uint64_t count, const char *what)
{
	char text[80];

	if (count == 0)
		return;
	snprintf(text, sizeof(text), "… %" PRIu64 " %s", count, what);
	gcr_page_indent(page, INDENT);
	gcr_page_text(page, GCR_FAINT, text);
	gcr_page_line(page);
}

static void write_elision(struct gcr_page *page, const struct gcr_goroutine *g)
{
	if (g->elided > 0) {
		write_gap(page, g->elided, "that the runtime did not print");
		return;
	}
	gcr_page_indent(page, INDENT);
	gcr_page_text(page, GCR_FAINT, "… some that the runtime did not print");
	gcr_page_line(page);
}

/* Frames counted since the last one that was shown. */
struct hidden {
	uint64_t folded, repeated;
};

static void write_hidden(struct gcr_page *page, struct hidden *hidden)
{
	write_gap(page, hidden->repeated, "more like these");
	write_gap(page, hidden->folded, "of Go's own");
	*hidden = (struct hidden){ 0 };
}

static void write_frames(struct gcr_page *page, const struct gcr_group *group)
{
	const struct gcr_goroutine *g = &group->example;
	struct hidden hidden = { 0 };

	for (size_t i = 0; i <= g->frame_count; i++) {
		enum part part =
			i < g->frame_count ? part_of(page, g, i) : SHOWN;

		if ((g->flags & GCR_G_ELIDED) != 0 && g->elided_at == i) {
			write_hidden(page, &hidden);
			write_elision(page, g);
		}
		hidden.folded += part == FOLDED;
		hidden.repeated += part == REPEATED;
		if (part != SHOWN)
			continue;
		write_hidden(page, &hidden);
		if (i < g->frame_count)
			write_frame(page, group, i);
	}
}

/* The group ---------------------------------------------------------------- */

void gcr_group_place_write(struct gcr_page *page, const struct gcr_group *group)
{
	const struct gcr_goroutine *g = &group->example;
	const struct gcr_frame *frame =
		gcr_own_frame(g->frames, g->frame_count, page->view);

	if (frame == NULL)
		frame = gcr_entry_frame(g);
	if (frame == NULL) {
		gcr_sink_text(&page->sink, "no frames");
		return;
	}
	gcr_page_span(page, style_of(page, frame), frame->function);
	if (frame->file.data == NULL)
		return;
	gcr_sink_char(&page->sink, ' ');
	gcr_page_span(page, GCR_PLAIN, gcr_file_base(frame));
	gcr_sink_print(&page->sink, ":%u", frame->line);
}

void gcr_group_age_write(struct gcr_page *page, const struct gcr_group *group)
{
	uint64_t least = group->minutes_least, most = group->minutes_most;

	if (most == 0)
		return;
	if (least == most)
		gcr_sink_print(&page->sink, "for %" PRIu64 " min", most);
	else if (least == 0)
		gcr_sink_print(&page->sink, "up to %" PRIu64 " min", most);
	else
		gcr_sink_print(&page->sink, "%" PRIu64 " to %" PRIu64 " min",
			       least, most);
}

static const struct {
	unsigned flag;
	const char *text;
} remarks[] = {
	{ GCR_G_LEAKED, ", leaked" },
	{ GCR_G_DURABLE, ", durably blocked" },
	{ GCR_G_SCAN, ", being scanned" },
	{ GCR_G_OTHER_THREAD, ", on another thread" },
	{ GCR_G_CUT, ", cut off" },
};

static void write_remarks(struct gcr_page *page, const struct gcr_group *group)
{
	for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++)
		if ((group->flags & remarks[i].flag) != 0)
			gcr_sink_text(&page->sink, remarks[i].text);
	if (group->locked == group->count && group->locked > 0)
		gcr_sink_text(&page->sink, ", locked to thread");
	else if (group->locked > 0)
		gcr_sink_print(&page->sink, ", %" PRIu64 " locked to threads",
			       group->locked);
}

static void write_ids(struct gcr_page *page, const struct gcr_group *group)
{
	if (group->id_count == 0)
		return;
	gcr_sink_text(&page->sink, "  #");
	for (size_t i = 0; i < group->id_count; i++)
		gcr_sink_print(&page->sink, "%s%" PRIu64, i > 0 ? ", " : "",
			       group->ids[i]);
	if (group->count > group->id_count)
		gcr_sink_text(&page->sink, ", …");
}

static void write_head(struct gcr_page *page, const struct gcr_group *group)
{
	char count[32];

	snprintf(count, sizeof(count), "%-3" PRIu64 " ", group->count);
	gcr_page_text(page, GCR_TITLE, count);
	if (group->example.state.size > 0)
		gcr_page_span(page, GCR_TITLE, group->example.state);
	else
		gcr_page_text(page, GCR_TITLE,
			      group->example.kind == GCR_STACK_PROFILE
				      ? "with this stack"
				      : "without a header");
	write_remarks(page, group);
	if (group->minutes_most > 0)
		gcr_sink_text(&page->sink, ", ");
	gcr_group_age_write(page, group);
	write_ids(page, group);
	gcr_page_line(page);
}

static void write_creator(struct gcr_page *page, const struct gcr_group *group)
{
	const struct gcr_frame *frame = group->example.created_by;
	const struct gcr_column *creator = &group->creator;
	uint64_t start = page->sink.total;
	enum gcr_style style;

	if (frame == NULL)
		return;
	style = style_of(page, frame);
	gcr_page_indent(page, INDENT);
	gcr_sink_text(&page->sink, "started by ");
	gcr_page_span(page, style, frame->function);
	write_place(page, frame, style, start);
	if (creator->distinct > 1)
		gcr_sink_print(&page->sink, ", in %s%zu goroutines",
			       creator->more ? "more than " : "",
			       creator->distinct);
	else if ((group->example.flags & GCR_G_CREATOR_ID) != 0)
		gcr_sink_print(&page->sink, ", in goroutine %" PRIu64,
			       group->example.creator);
	gcr_page_line(page);
}

static void write_labels(struct gcr_page *page, const struct gcr_group *group)
{
	for (size_t i = 0; i < group->label_count; i++) {
		struct gcr_span labels = group->labels[i];
		struct gcr_span shown = gcr_span_head(labels, LABEL_COLUMNS);

		gcr_page_indent(page, INDENT);
		gcr_sink_text(&page->sink, "labels ");
		gcr_page_span(page, GCR_PLAIN, shown);
		if (shown.size < labels.size)
			gcr_sink_text(&page->sink, " …");
		gcr_page_line(page);
	}
	if (group->label_count == GCR_GROUP_LABELS)
		write_gap(page, group->labelled,
			  "with labels in all, perhaps others too");
}

void gcr_group_write(struct gcr_page *page, const struct gcr_group *group)
{
	write_head(page, group);
	write_frames(page, group);
	write_creator(page, group);
	write_labels(page, group);
}

void gcr_runtime_groups_write(struct gcr_page *page,
			      const struct gcr_group *const *groups,
			      size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += groups[i]->count;
	if (sum > 0)
		gcr_page_print(page, 0,
			       "and %" PRIu64 " of the runtime's own "
			       "(collector, finalizers, …) in %zu %s; "
			       "--all shows them",
			       sum, count, count == 1 ? "group" : "groups");
}
