/*
 * The page: head, a bar to search with, a section for each dump, the script. It
 * needs nothing else, and its head forbids it to ask for anything.
 */

#include "html.h"

#include "arena.h"
#include "error.h"
#include "htmltexts.h"
#include "htmltop.h"
#include "scene.h"
#include "span.h"

#include <stdlib.h>

enum {
	MOST_GROUPS = 2000 /* of a dump, on the page */
};

struct gcr_html_writer {
	struct gcr_html html;
	struct gcr_output output;
	struct gcr_view view;
};

int gcr_html_writer_new(const struct gcr_view *view,
			const struct gcr_output *output,
			struct gcr_html_writer **ret, struct gcr_error *err)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_html_writer *writer;

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	gcr_arena_fail_at(arena, view->fail_at);
	writer = gcr_arena_alloc(arena, sizeof(*writer), err);
	if (writer == NULL) {
		gcr_arena_free(arena);
		return -1;
	}
	writer->output = *output;
	writer->view = *view;
	writer->html.arena = arena;
	writer->html.view = &writer->view;
	gcr_sink_init(&writer->html.sink, &writer->output);
	*ret = writer;
	return 0;
}

void gcr_html_writer_free(struct gcr_html_writer *writer)
{
	if (writer != NULL)
		gcr_arena_free(writer->html.arena);
}

static void write_lines(struct gcr_sink *sink, const char *const *lines)
{
	for (; *lines != NULL; lines++) {
		gcr_sink_text(sink, *lines);
		gcr_sink_char(sink, '\n');
	}
}

// The title is that of the first dump.
static void write_head(struct gcr_sink *sink, const struct gcr_crash *crash,
		       struct gcr_span name)
{
	gcr_sink_text(sink,
		      "<!doctype html>\n<html lang=\"en\">\n<head>\n"
		      "<meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\""
		      "default-src 'none'; style-src 'unsafe-inline'; "
		      "script-src '");
	gcr_sink_text(sink, gcr_html_script_digest);
	gcr_sink_text(sink,
		      "'; base-uri 'none'; form-action 'none'\">\n"
		      "<meta name=\"viewport\" "
		      "content=\"width=device-width, initial-scale=1\">\n"
		      "<meta name=\"color-scheme\" content=\"light dark\">\n"
		      "<title>");
	gcr_html_title(sink, crash);
	gcr_sink_text(sink, " – ");
	gcr_html_short(sink, name);
	gcr_sink_text(sink, "</title>\n<style>\n");
	write_lines(sink, gcr_html_style);
	gcr_sink_text(sink, "</style>\n</head>\n<body>\n");
}

// Shown by the script: without one, nothing of it would work.
static void write_bar(struct gcr_sink *sink)
{
	gcr_sink_text(
		sink,
		"<div id=\"bar\" role=\"search\" hidden><div>\n"
		"<input id=\"q\" type=\"search\" autocomplete=\"off\" "
		"spellcheck=\"false\" aria-label=\"Search the groups\" "
		"placeholder=\"Search: functions, files, states, labels\">\n"
		"<label><input id=\"own\" type=\"checkbox\"> your code</label>\n"
		"<label><input id=\"brief\" type=\"checkbox\"> its frames only</label>\n"
		"<label>by <select id=\"sort\"><option value=\"n\">count"
		"<option value=\"age\">age<option value=\"first\">place</select></label>\n"
		"<button id=\"open\" type=\"button\">Open all</button>\n"
		"<button id=\"theme\" type=\"button\" aria-label=\"Light or dark\" title=\"Light or dark\">◐</button>\n"
		"<output id=\"shown\" aria-live=\"polite\"></output>\n"
		"</div></div>\n<main>\n");
}

static void write_foot(struct gcr_sink *sink)
{
	gcr_sink_text(
		sink,
		"</main>\n<footer>\n"
		"<p id=\"keys\" hidden><kbd>/</kbd> search, <kbd>j</kbd> "
		"<kbd>k</kbd> next and previous group, <kbd>Enter</kbd> opens "
		"it, <kbd>x</kbd> opens or closes all, <kbd>Esc</kbd> shows "
		"all again.</p>\n"
		"<p>Made by gocrash goroutines.</p>\n</footer>\n<script>");
	write_lines(sink, gcr_html_script);
	gcr_sink_text(sink, "</script>\n</body>\n</html>\n");
}

// The largest first, the runtime's own last.
static int compare_groups(const void *left, const void *right)
{
	const struct gcr_group *const *a = left, *const *b = right;
	bool runtime_a = gcr_stack_is_runtime(&(*a)->example);
	bool runtime_b = gcr_stack_is_runtime(&(*b)->example);

	if (runtime_a != runtime_b)
		return runtime_a ? 1 : -1;
	if ((*a)->count != (*b)->count)
		return (*a)->count < (*b)->count ? 1 : -1;
	return (*a)->index < (*b)->index ? -1 : 1;
}

static const struct gcr_group **sort_groups(struct gcr_html *html,
					    const struct gcr_tally *tally)
{
	size_t count = tally->group_count;
	const struct gcr_group **sorted = gcr_arena_array(
		html->arena, count, sizeof(struct gcr_group *), html->err);

	if (sorted == NULL || count == 0)
		return sorted;
	memcpy(sorted, tally->groups, count * sizeof(struct gcr_group *));
	qsort(sorted, count, sizeof(struct gcr_group *), compare_groups);
	return sorted;
}

static void write_groups(struct gcr_html *html, const struct gcr_tally *tally,
			 const struct gcr_group *const *sorted)
{
	struct gcr_sink *sink = &html->sink;
	size_t count = tally->group_count;
	uint64_t rest = 0;

	gcr_sink_print(sink,
		       "<h2>Groups</h2>\n<div class=\"groups\" id=\"d%zu\">\n",
		       html->dump);
	for (size_t i = 0; i < count; i++)
		if (i < MOST_GROUPS)
			gcr_html_group(html, sorted[i]);
		else
			rest += sorted[i]->count;
	gcr_sink_text(sink, "</div>\n");
	if (rest == 0)
		return;
	gcr_sink_text(sink, "<p class=\"soft\">and ");
	gcr_html_count(sink, count - MOST_GROUPS, "smaller group");
	gcr_sink_text(sink, " of ");
	gcr_html_count(sink, rest, "goroutine");
	gcr_sink_text(sink, ", not on this page: it has the largest ones. A "
			    "filter, or --format=json, has the others.</p>\n");
}

static int write_dump(struct gcr_html *html, struct gcr_span name,
		      const struct gcr_tally *tally)
{
	const struct gcr_group **sorted = sort_groups(html, tally);

	if (sorted == NULL)
		return -1;
	gcr_sink_text(&html->sink, "<section>\n");
	gcr_html_element(&html->sink, "p", "from soft", name);
	if (gcr_html_top(html, tally) != 0)
		return -1;
	write_groups(html, tally, sorted);
	gcr_sink_text(&html->sink, "</section>\n");
	return 0;
}

int gcr_html_writer_put(struct gcr_html_writer *writer, struct gcr_span name,
			const struct gcr_tally *tally, struct gcr_error *err)
{
	struct gcr_html *html = &writer->html;
	struct gcr_arena_mark mark = gcr_arena_mark(html->arena);
	int result;

	if (html->dump++ == 0) {
		write_head(&html->sink, tally->crash, name);
		write_bar(&html->sink);
	}
	html->err = err;
	result = write_dump(html, name, tally);
	gcr_arena_rewind(html->arena, mark);
	return result;
}

int gcr_html_writer_done(struct gcr_html_writer *writer, struct gcr_error *err)
{
	int result;

	if (writer->html.dump > 0)
		write_foot(&writer->html.sink);
	result = gcr_sink_done(&writer->html.sink, err);
	gcr_html_writer_free(writer);
	return result;
}
