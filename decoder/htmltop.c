/* See htmltop.h. */

#include "htmltop.h"

#include "arena.h"
#include "causes.h"
#include "page.h"
#include "scene.h"
#include "span.h"
#include "suspect.h"
#include "target.h"
#include "waiters.h"
#include "waitpage.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	STATES_SHOWN = 12,
	NOTES_SHOWN = 5,
};

struct state {
	struct gcr_span name;
	uint64_t count, minutes;
	const struct gcr_group *oldest;
};

static const char *const heads[] = {
	[GCR_CAUSE_NONE] = "goroutine dump",
	[GCR_CAUSE_PANIC] = "panic: ",
	[GCR_CAUSE_FATAL] = "fatal error: ",
	[GCR_CAUSE_SIGNAL] = "",
};
_Static_assert(sizeof(heads) / sizeof(heads[0]) == GCR_CAUSE_SIGNAL + 1,
	       "a head for every kind of cause");

void gcr_html_title(struct gcr_sink *sink, const struct gcr_crash *crash)
{
	gcr_sink_text(sink, heads[crash->cause.kind]);
	if (crash->cause.kind != GCR_CAUSE_NONE)
		gcr_html_short(sink, crash->cause.text);
}

static void write_cause(struct gcr_sink *sink, const struct gcr_crash *crash)
{
	const struct gcr_cause_row *row =
		gcr_cause_find(crash->cause.kind, crash->cause.text);

	gcr_sink_text(sink, "<h1>");
	gcr_html_title(sink, crash);
	gcr_sink_text(sink, "</h1>\n");
	if (row != NULL)
		gcr_html_element(sink, "p", "what", gcr_span_of(row->meaning));
}

/* Facts ---------------------------------------------------------------------------- */

static void write_oldest(struct gcr_html *html, const struct gcr_tally *tally)
{
	const struct gcr_group *oldest = NULL;

	for (size_t i = 0; i < tally->group_count; i++)
		if (tally->groups[i]->minutes_most > 0 &&
		    (oldest == NULL ||
		     tally->groups[i]->minutes_most > oldest->minutes_most))
			oldest = tally->groups[i];
	if (oldest == NULL)
		return;
	gcr_sink_text(&html->sink, "<dt>Oldest wait</dt><dd>");
	gcr_html_count(&html->sink, oldest->minutes_most, "minute");
	gcr_sink_print(&html->sink, ": goroutine %" PRIu64 " in ",
		       oldest->oldest);
	gcr_html_group_link(html, oldest);
	gcr_sink_text(&html->sink, "</dd>\n");
}

static void write_program(struct gcr_html *html, const struct gcr_crash *crash)
{
	struct gcr_target target =
		gcr_target_combine(&html->view->given, &crash->target);
	struct gcr_release_text release = gcr_release_text(&target);
	const char *arch = gcr_arch_name(target.arch);

	if (release.text[0] == '\0' && arch == NULL)
		return;
	gcr_sink_print(&html->sink, "<dt>%s</dt><dd>",
		       crash->core ? "Built with" : "Printed by");
	gcr_sink_text(&html->sink, release.text);
	if (arch != NULL)
		gcr_sink_print(&html->sink, "%s%s",
			       release.text[0] != '\0' ? ", " : "", arch);
	gcr_sink_text(&html->sink, "</dd>\n");
}

static void write_notes(struct gcr_sink *sink, const struct gcr_crash *crash)
{
	size_t count = crash->note_count;

	if (count == 0)
		return;
	gcr_sink_text(sink, "<dt>Odd in the input</dt><dd>");
	for (size_t i = 0; i < count && i < NOTES_SHOWN; i++) {
		gcr_sink_print(sink, "line %zu: ", crash->notes[i].place.line);
		gcr_html_short(sink, crash->notes[i].text);
		gcr_sink_text(sink, "<br>");
	}
	if (count + crash->notes_dropped > NOTES_SHOWN) {
		gcr_sink_text(sink, "and ");
		gcr_html_number(sink,
				count + crash->notes_dropped - NOTES_SHOWN);
		gcr_sink_text(sink, " more");
	}
	gcr_sink_text(sink, "</dd>\n");
}

static void write_facts(struct gcr_html *html, const struct gcr_tally *tally)
{
	struct gcr_sink *sink = &html->sink;

	gcr_sink_text(sink, "<dl>\n<dt>Goroutines</dt><dd>");
	gcr_html_number(sink, tally->count - html->runtime);
	gcr_sink_text(sink, " in ");
	gcr_html_count(sink, tally->group_count - html->runtime_groups,
		       "group");
	if (html->runtime > 0) {
		gcr_sink_text(sink, ", and ");
		gcr_html_number(sink, html->runtime);
		gcr_sink_text(sink, " of the runtime's own");
	}
	if (tally->left_out > 0) {
		gcr_sink_text(sink, ", and ");
		gcr_html_number(sink, tally->left_out);
		gcr_sink_text(sink, " that do not pass the filters");
	}
	if (tally->scheduler > 0) {
		gcr_sink_text(sink, "; not counted: ");
		gcr_html_count(sink, tally->scheduler, "stack");
		gcr_sink_text(sink, " of the scheduler, goroutine 0");
	}
	gcr_sink_text(sink, "</dd>\n");
	write_oldest(html, tally);
	write_program(html, tally->crash);
	write_notes(sink, tally->crash);
	gcr_sink_text(sink, "</dl>\n");
}

/* States ----------------------------------------------------------------------------- */

static int compare_names(const void *left, const void *right)
{
	const struct state *a = left, *b = right;
	size_t size = a->name.size < b->name.size ? a->name.size : b->name.size;
	int order = size > 0 ? memcmp(a->name.data, b->name.data, size) : 0;

	if (order != 0)
		return order;
	return (a->name.size > b->name.size) - (a->name.size < b->name.size);
}

static int compare_counts(const void *left, const void *right)
{
	const struct state *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return compare_names(a, b);
}

// One for each group, sorted by name, then those of one name together.
static int gather_states(struct gcr_html *html, const struct gcr_tally *tally,
			 struct state **ret, size_t *ret_count)
{
	size_t count = 0, kept = 0;
	struct state *states = gcr_arena_array(html->arena, tally->group_count,
					       sizeof(*states), html->err);

	if (states == NULL)
		return -1;
	for (size_t i = 0; i < tally->group_count; i++) {
		if (gcr_stack_is_runtime(&tally->groups[i]->example))
			continue;
		states[count] = (struct state){
			.name = tally->groups[i]->example.state,
			.count = tally->groups[i]->count,
			.minutes = tally->groups[i]->minutes_most,
		};
		count++;
	}
	if (count > 0)
		qsort(states, count, sizeof(*states), compare_names);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 ||
		    !gcr_span_equal(states[kept - 1].name, states[i].name)) {
			states[kept++] = states[i];
			continue;
		}
		states[kept - 1].count += states[i].count;
		if (states[i].minutes > states[kept - 1].minutes)
			states[kept - 1].minutes = states[i].minutes;
	}
	if (kept > 0)
		qsort(states, kept, sizeof(*states), compare_counts);
	*ret = states;
	*ret_count = kept;
	return 0;
}

static void write_state(struct gcr_sink *sink, const struct state *state,
			uint64_t most)
{
	const struct gcr_state_row *row = gcr_state_find(state->name);

	gcr_sink_text(sink, "<tr><td class=\"num\">");
	gcr_html_number(sink, state->count);
	gcr_sink_text(sink,
		      "</td><td><button type=\"button\" class=\"pick st\" "
		      "data-state=\"");
	gcr_html_text(sink, state->name);
	gcr_sink_text(sink, "\" title=\"only these\">");
	gcr_html_short(sink, state->name.size > 0 ? state->name
						  : GCR_SPAN("not told"));
	gcr_sink_print(sink,
		       "</button></td><td class=\"share\"><i "
		       "style=\"width:%.1f%%\"></i></td><td class=\"num\">",
		       most > 0 ? 100.0 * (double)state->count / (double)most
				: 0.0);
	if (state->minutes > 0) {
		gcr_html_number(sink, state->minutes);
		gcr_sink_text(sink, " min");
	}
	gcr_sink_text(sink, "</td><td class=\"why\">");
	gcr_sink_text(sink, row != NULL ? row->meaning : "");
	gcr_sink_text(sink, "</td></tr>\n");
}

static int write_states(struct gcr_html *html, const struct gcr_tally *tally)
{
	struct state *states;
	uint64_t rest = 0;
	size_t count;

	if (gather_states(html, tally, &states, &count) != 0)
		return -1;
	if (count == 0)
		return 0;
	gcr_sink_text(&html->sink,
		      "<h2>What they were doing</h2>\n<table>\n<thead><tr><th "
		      "class=\"num\">goroutines</th><th>state</th><th "
		      "class=\"share\"></th><th class=\"num\">longest</th><th "
		      "class=\"why\"></th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < count; i++)
		if (i < STATES_SHOWN)
			write_state(&html->sink, &states[i], states[0].count);
		else
			rest += states[i].count;
	gcr_sink_text(&html->sink, "</tbody></table>\n");
	if (rest > 0) {
		gcr_sink_text(&html->sink, "<p class=\"soft\">and ");
		gcr_html_number(&html->sink, rest);
		gcr_sink_text(&html->sink, " in ");
		gcr_html_count(&html->sink, count - STATES_SHOWN,
			       "other state");
		gcr_sink_text(&html->sink, "</p>\n");
	}
	return 0;
}

/* What deserves a look, and who waits on what --------------------------------------- */

static void write_suspect(struct gcr_html *html,
			  const struct gcr_suspect *suspect)
{
	const struct gcr_group *group = suspect->group;
	struct gcr_sink *sink = &html->sink;

	gcr_sink_text(sink, "<li>");
	gcr_html_number(sink, group->count);
	gcr_sink_text(sink, " in ");
	gcr_html_element(sink, "span", "st bad", group->example.state);
	gcr_sink_text(sink, " at ");
	gcr_html_group_link(html, group);
	if (group->minutes_most > 0) {
		gcr_sink_text(sink, ", up to ");
		gcr_html_count(sink, group->minutes_most, "minute");
	}
	gcr_sink_text(sink, "<br><span class=\"soft\">");
	gcr_sink_text(sink, gcr_suspicion_text(suspect->suspicion));
	gcr_sink_text(sink, "</span></li>\n");
}

static void write_suspects(struct gcr_html *html, const struct gcr_tally *tally)
{
	struct gcr_suspect suspects[GCR_SUSPECTS_MAX];
	size_t found = gcr_suspects_find(tally, html->view, suspects);
	bool cycles = tally->waits != NULL && tally->waits->cycle_count > 0;

	if (found == 0 && !cycles)
		return;
	gcr_sink_text(&html->sink, "<h2>Look at</h2>\n<ul class=\"look\">\n");
	if (cycles)
		gcr_sink_text(&html->sink,
			      "<li><span class=\"bad\">locks that wait for "
			      "each other</span>: see below</li>\n");
	for (size_t i = 0; i < found && i < GCR_SUSPECTS_MAX; i++)
		write_suspect(html, &suspects[i]);
	if (found > GCR_SUSPECTS_MAX) {
		gcr_sink_text(&html->sink, "<li class=\"soft\">and ");
		gcr_html_count(&html->sink, found - GCR_SUSPECTS_MAX,
			       "other group");
		gcr_sink_text(&html->sink, "</li>\n");
	}
	gcr_sink_text(&html->sink, "</ul>\n");
}

static int put_escaped(void *to, const char *data, size_t size)
{
	gcr_html_lines(to, (struct gcr_span){ data, size });
	return 0;
}

// The same lines that the command prints.
static int write_waits(struct gcr_html *html, const struct gcr_tally *tally)
{
	struct gcr_view view = *html->view;
	struct gcr_output output = { put_escaped, &html->sink };
	struct gcr_page page;
	int result;

	if (tally->waits == NULL)
		return 0;
	view.color = false;
	view.width = 0;
	if (gcr_page_init(&page, &tally->crash->target, &view, &output,
			  html->err) != 0)
		return -1;
	gcr_sink_text(&html->sink, "<pre class=\"waits\">");
	gcr_waits_write(&page, tally->waits);
	result = gcr_sink_done(&page.sink, html->err);
	gcr_page_done(&page);
	gcr_sink_text(&html->sink, "</pre>\n");
	return result;
}

static void count_runtime(struct gcr_html *html, const struct gcr_tally *tally)
{
	html->runtime = html->runtime_groups = 0;
	for (size_t i = 0; i < tally->group_count; i++)
		if (gcr_stack_is_runtime(&tally->groups[i]->example)) {
			html->runtime += tally->groups[i]->count;
			html->runtime_groups++;
		}
}

int gcr_html_top(struct gcr_html *html, const struct gcr_tally *tally)
{
	count_runtime(html, tally);
	write_cause(&html->sink, tally->crash);
	write_facts(html, tally);
	write_suspects(html, tally);
	if (write_states(html, tally) != 0)
		return -1;
	return write_waits(html, tally);
}
