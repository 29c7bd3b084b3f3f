/* Groups of goroutines as HTML: see htmlgroup.h. */

#include "htmlgroup.h"

#include "scene.h"
#include "span.h"

#include <inttypes.h>

enum {
	FRAMES_ABOVE = 160, /* of a long stack, before its middle is left out */
	FRAMES_BELOW = 40,
	VALUES_NAMED = 6, /* of a column */
};

static const char *owner_class(const struct gcr_html *html,
			       const struct gcr_frame *frame)
{
	switch (gcr_frame_owner(frame, html->view)) {
	case GCR_OWNER_USER:
		return "own";
	case GCR_OWNER_DEPENDENCY:
		return "dep";
	case GCR_OWNER_GO:
		return "go";
	case GCR_OWNER_C:
		return "c";
	}
	return "go";
}

/* Arguments -------------------------------------------------------------------- */

// `12 values`, and which when the pointer rests on it.
static void write_different(struct gcr_sink *sink,
			    const struct gcr_column *column)
{
	gcr_sink_text(sink, "<span class=\"many\" title=\"");
	for (size_t i = 0; i < column->distinct && i < VALUES_NAMED; i++) {
		if (i > 0)
			gcr_sink_text(sink, ", ");
		gcr_sink_hex(sink, column->values[i]);
	}
	if (column->more || column->distinct > VALUES_NAMED)
		gcr_sink_text(sink, ", …");
	gcr_sink_print(sink, "\">%zu%s values</span>", column->distinct,
		       column->more ? "+" : "");
}

static void write_value(struct gcr_sink *sink, const struct gcr_column *column)
{
	bool stale = column->word.certainty == GCR_STALE;

	if (stale)
		gcr_sink_text(sink, "<span class=\"stale\" title=\"stale: the "
				    "slot was not known to hold it\">");
	if (column->distinct == 1 && !column->more)
		gcr_sink_hex(sink, column->values[0]);
	else
		write_different(sink, column);
	if (stale)
		gcr_sink_text(sink, "?</span>");
}

static void write_column(struct gcr_sink *sink, const struct gcr_column *column)
{
	switch (column->word.kind) {
	case GCR_WORD_VALUE:
		write_value(sink, column);
		break;
	case GCR_WORD_GAP:
		gcr_sink_char(sink, '_');
		break;
	case GCR_WORD_MORE:
		gcr_sink_text(sink, "...");
		break;
	case GCR_WORD_OPEN:
		gcr_sink_char(sink, '{');
		break;
	case GCR_WORD_CLOSE:
		gcr_sink_char(sink, '}');
		break;
	}
}

static void write_columns(struct gcr_sink *sink,
			  const struct gcr_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++) {
		if (i > 0 && columns->items[i].word.kind != GCR_WORD_CLOSE &&
		    columns->items[i - 1].word.kind != GCR_WORD_OPEN)
			gcr_sink_text(sink, ", ");
		write_column(sink, &columns->items[i]);
	}
	if (columns->mixed)
		gcr_sink_text(sink, " <span class=\"stale\">(not in all the "
				    "same way)</span>");
}

static void write_arguments(struct gcr_html *html,
			    const struct gcr_group *group, size_t at)
{
	const struct gcr_frame *frame = &group->example.frames[at];

	if (frame->flags & GCR_FRAME_CGO)
		return;
	gcr_sink_char(&html->sink, '(');
	if (group->columns != NULL && group->columns[at].count > 0)
		write_columns(&html->sink, &group->columns[at]);
	else
		gcr_html_short(&html->sink, frame->arguments);
	gcr_sink_char(&html->sink, ')');
}

/* The stack -------------------------------------------------------------------- */

static void write_location(struct gcr_sink *sink, const struct gcr_frame *frame)
{
	if (frame->file.size == 0)
		return;
	gcr_sink_text(sink, "<span class=\"loc\">");
	gcr_html_short(sink, frame->file);
	gcr_sink_print(sink, ":%u", frame->line);
	if (frame->flags & GCR_FRAME_OFFSET)
		gcr_sink_print(sink, " +0x%" PRIx64, frame->offset);
	gcr_sink_text(sink, "</span>");
}

static void write_frame(struct gcr_html *html, const struct gcr_group *group,
			size_t at)
{
	const struct gcr_frame *frame = &group->example.frames[at];

	gcr_sink_print(&html->sink, "<li class=\"%s\"><b>",
		       owner_class(html, frame));
	gcr_html_short(&html->sink, frame->function);
	gcr_sink_text(&html->sink, "</b>");
	write_arguments(html, group, at);
	write_location(&html->sink, frame);
	gcr_sink_text(&html->sink, "</li>\n");
}

static void write_gap(struct gcr_sink *sink, uint64_t count, const char *why)
{
	gcr_sink_text(sink, "<li class=\"cut\">… ");
	if (count > 0)
		gcr_html_number(sink, count);
	gcr_sink_print(sink, "%s%s</li>\n", count > 0 ? " " : "", why);
}

static void write_creator(struct gcr_html *html, const struct gcr_group *group)
{
	const struct gcr_frame *frame = group->example.created_by;
	const struct gcr_column *creator = &group->creator;

	if (frame == NULL)
		return;
	gcr_sink_print(&html->sink, "<li class=\"by %s\">created by <b>",
		       owner_class(html, frame));
	gcr_html_short(&html->sink, frame->function);
	gcr_sink_text(&html->sink, "</b>");
	if (creator->distinct == 1 && !creator->more)
		gcr_sink_print(&html->sink, " in goroutine %" PRIu64,
			       creator->values[0]);
	else if (creator->distinct > 0)
		gcr_sink_print(&html->sink, " in %zu%s goroutines",
			       creator->distinct, creator->more ? "+" : "");
	write_location(&html->sink, frame);
	gcr_sink_text(&html->sink, "</li>\n");
}

static void write_stack(struct gcr_html *html, const struct gcr_group *group)
{
	const struct gcr_goroutine *g = &group->example;
	size_t count = g->frame_count;
	bool said = (g->flags & GCR_G_ELIDED) == 0;

	gcr_sink_text(&html->sink, "<ol class=\"fr\">\n");
	for (size_t i = 0; i <= count; i++) {
		if (i == FRAMES_ABOVE && count > FRAMES_ABOVE + FRAMES_BELOW) {
			write_gap(&html->sink, count - i - FRAMES_BELOW,
				  "frames more, not on this page");
			i = count - FRAMES_BELOW;
		}
		if (!said && i >= g->elided_at) {
			write_gap(&html->sink, g->elided,
				  "frames that the runtime did not print");
			said = true;
		}
		if (i < count)
			write_frame(html, group, i);
	}
	write_creator(html, group);
	gcr_sink_text(&html->sink, "</ol>\n");
}

/* The line that opens -------------------------------------------------------------- */

static void write_age(struct gcr_sink *sink, const struct gcr_group *group)
{
	gcr_sink_text(sink, "<span class=\"age\">");
	if (group->minutes_most > 0) {
		if (group->minutes_least != group->minutes_most) {
			gcr_html_number(sink, group->minutes_least);
			gcr_sink_text(sink, "–");
		}
		gcr_html_number(sink, group->minutes_most);
		gcr_sink_text(sink, " min");
	}
	gcr_sink_text(sink, "</span>");
}

static void write_place(struct gcr_html *html, const struct gcr_group *group)
{
	const struct gcr_frame *frame =
		gcr_telling_frame(&group->example, html->view);
	struct gcr_sink *sink = &html->sink;

	if (frame == NULL) {
		gcr_sink_text(sink, "no frames");
		return;
	}
	gcr_html_short(sink, frame->function);
	gcr_sink_text(sink, " <span class=\"loc\">");
	gcr_html_short(sink, gcr_file_base(frame));
	gcr_sink_print(sink, ":%u</span>", frame->line);
}

// For the sheet and the script.
static const char *owner_mark(const struct gcr_html *html,
			      const struct gcr_group *group)
{
	const struct gcr_frame *frame =
		gcr_telling_frame(&group->example, html->view);

	if (gcr_stack_is_runtime(&group->example))
		return " data-runtime";
	if (frame != NULL &&
	    gcr_frame_owner(frame, html->view) == GCR_OWNER_USER)
		return " data-own";
	return "";
}

static void write_summary(struct gcr_html *html, const struct gcr_group *group)
{
	struct gcr_sink *sink = &html->sink;

	gcr_sink_text(sink, "<summary><span class=\"n\">");
	gcr_html_number(sink, group->count);
	gcr_sink_text(sink, "</span>");
	gcr_html_element(sink, "span", "st", group->example.state);
	gcr_sink_text(sink, "<span class=\"fn\">");
	write_place(html, group);
	gcr_sink_text(sink, "</span>");
	write_age(sink, group);
	gcr_sink_text(sink, "</summary>\n");
}

/* What else is known of it ------------------------------------------------------- */

static void write_ids(struct gcr_sink *sink, const struct gcr_group *group)
{
	if (group->id_count == 0 || group->example.kind != GCR_STACK_GOROUTINE)
		return;
	gcr_sink_text(sink, group->count == 1 ? "goroutine " : "goroutines ");
	for (size_t i = 0; i < group->id_count; i++)
		gcr_sink_print(sink, "%s%" PRIu64, i > 0 ? ", " : "",
			       group->ids[i]);
	gcr_sink_text(sink, group->count > group->id_count ? ", … · " : " · ");
}

static void write_labels(struct gcr_sink *sink, const struct gcr_group *group)
{
	if (group->label_count == 0)
		return;
	gcr_sink_text(sink, "<p>");
	gcr_html_number(sink, group->labelled);
	gcr_sink_text(sink, " with labels:");
	for (size_t i = 0; i < group->label_count; i++) {
		gcr_sink_text(sink, i > 0 ? ", <code>{" : " <code>{");
		gcr_html_short(sink, group->labels[i]);
		gcr_sink_text(sink, "}</code>");
	}
	if (group->label_count == GCR_GROUP_LABELS)
		gcr_sink_text(sink, ", …");
	gcr_sink_text(sink, "</p>\n");
}

static void write_facts(struct gcr_sink *sink, const struct gcr_group *group)
{
	gcr_sink_text(sink, "<p>");
	write_ids(sink, group);
	if (group->minutes_most > 0 && group->count > 1)
		gcr_sink_print(sink, "%" PRIu64 " waits longest · ",
			       group->oldest);
	if (group->locked > 0) {
		gcr_html_number(sink, group->locked);
		gcr_sink_text(sink, " locked to their thread · ");
	}
	if (group->flags & GCR_G_LEAKED)
		gcr_sink_text(sink, "leaked: nothing can wake them · ");
	gcr_sink_print(sink, "fingerprint <code>%016" PRIx64 "</code></p>\n",
		       group->fingerprint);
	write_labels(sink, group);
	if (group->flags & GCR_G_CUT)
		gcr_sink_text(sink, "<p>The input ends inside of it.</p>\n");
	if (group->flags & GCR_G_OTHER_THREAD)
		gcr_sink_text(sink, "<p>It was running on another thread: the "
				    "runtime has no stack of it.</p>\n");
}

void gcr_html_group(struct gcr_html *html, const struct gcr_group *group)
{
	struct gcr_sink *sink = &html->sink;

	gcr_sink_print(sink,
		       "<details class=\"g\" id=\"d%zug%zu\" data-i=\"%zu\" "
		       "data-first=\"-%zu\" data-n=\"%" PRIu64
		       "\" data-age=\"%" PRIu64 "\" data-state=\"",
		       html->dump, group->index, group->index, group->index,
		       group->count, group->minutes_most);
	gcr_html_text(sink, group->example.state);
	gcr_sink_print(sink, "\"%s>\n", owner_mark(html, group));
	write_summary(html, group);
	gcr_sink_text(sink, "<div class=\"b\">\n");
	write_facts(sink, group);
	write_stack(html, group);
	gcr_sink_text(sink, "</div></details>\n");
}

void gcr_html_group_link(struct gcr_html *html, const struct gcr_group *group)
{
	gcr_sink_print(&html->sink, "<a href=\"#d%zug%zu\"><code>", html->dump,
		       group->index);
	write_place(html, group);
	gcr_sink_text(&html->sink, "</code></a>");
}
