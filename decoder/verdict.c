/*
 * The verdict:
 *
 *	SIGQUIT: quit
 *
 *	Goroutines 3139 in 58 groups, and 12 of the runtime's own
 *	Doing       2080  chan receive     up to 12 min
 *	             463  sync.Mutex.Lock  up to 2 min
 *	Oldest     goroutine 18, for 12 min: chan receive at main.wait wait.go:9
 *	Look at    463 at main.(*cache).get cache.go:31, up to 2 min
 *	           have waited minutes for a lock or a WaitGroup: who holds it?
 *	Printed by go1.22 or later, amd64
 */

#include "verdict.h"

#include "arena.h"
#include "buildtext.h"
#include "causes.h"
#include "grouppage.h"
#include "headline.h"
#include "scene.h"
#include "span.h"
#include "suspect.h"
#include "waiters.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	STATES_SHOWN = 6
};

/* Goroutines in one state, the runtime's own left out. */
struct in_state {
	struct gcr_span state;
	uint64_t count, minutes;
	size_t first; /* of its groups */
};

struct states {
	struct in_state *items;
	size_t count;
	uint64_t goroutines, runtime;
	size_t groups;
	const struct gcr_group *oldest;
};

static int compare_firsts(const struct in_state *a, const struct in_state *b)
{
	return a->first < b->first ? -1 : a->first > b->first;
}

static int compare_counts(const void *left, const void *right)
{
	const struct in_state *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return compare_firsts(a, b);
}

static int compare_names(const void *left, const void *right)
{
	const struct in_state *a = left, *b = right;
	int order = 0;

	if (a->state.size != b->state.size)
		return a->state.size < b->state.size ? -1 : 1;
	if (a->state.size > 0)
		order = memcmp(a->state.data, b->state.data, a->state.size);
	return order != 0 ? order : compare_firsts(a, b);
}

static void add_group(struct states *to, const struct gcr_group *group)
{
	if (group->minutes_most > 0 &&
	    (to->oldest == NULL ||
	     group->minutes_most > to->oldest->minutes_most))
		to->oldest = group;
	to->groups++;
	to->goroutines += group->count;
	to->items[to->count++] = (struct in_state){
		.state = group->example.state,
		.count = group->count,
		.minutes = group->minutes_most,
		.first = group->index,
	};
}

// There can be as many states as groups: equal ones are brought together.
static void join_states(struct states *states)
{
	size_t kept = 0;

	if (states->count == 0)
		return;
	qsort(states->items, states->count, sizeof(*states->items),
	      compare_names);
	for (size_t i = 1; i < states->count; i++) {
		struct in_state *to = &states->items[kept];
		const struct in_state *more = &states->items[i];

		if (!gcr_span_equal(to->state, more->state)) {
			states->items[++kept] = *more;
			continue;
		}
		to->count += more->count;
		if (more->minutes > to->minutes)
			to->minutes = more->minutes;
	}
	states->count = kept + 1;
	qsort(states->items, states->count, sizeof(*states->items),
	      compare_counts);
}

static int gather(struct gcr_page *page, const struct gcr_tally *tally,
		  struct states *to)
{
	to->items = gcr_arena_array(page->arena, tally->group_count,
				    sizeof(*to->items), page->err);
	if (to->items == NULL)
		return -1;
	for (size_t i = 0; i < tally->group_count; i++) {
		const struct gcr_group *group = tally->groups[i];

		if (gcr_stack_is_runtime(&group->example))
			to->runtime += group->count;
		else
			add_group(to, group);
	}
	join_states(to);
	return 0;
}

/* Rows --------------------------------------------------------------------- */

static void write_counts(struct gcr_page *page, const struct gcr_tally *tally,
			 const struct states *states)
{
	gcr_page_label(page, "Goroutines");
	gcr_page_begin(page, GCR_MARGIN);
	gcr_sink_print(&page->sink, "%" PRIu64 " in %zu %s", states->goroutines,
		       states->groups,
		       states->groups == 1 ? "group" : "groups");
	if (states->runtime > 0)
		gcr_sink_print(&page->sink,
			       ", and %" PRIu64 " of the runtime's own",
			       states->runtime);
	gcr_page_line(page);
	if (tally->scheduler > 0)
		gcr_page_print(page, GCR_MARGIN,
			       "%" PRIu64 " %s of the scheduler, goroutine 0, "
			       "not counted",
			       tally->scheduler,
			       tally->scheduler == 1 ? "stack" : "stacks");
	if (tally->left_out > 0)
		gcr_page_print(page, GCR_MARGIN,
			       "%" PRIu64 " others do not pass the filters",
			       tally->left_out);
}

static size_t widest_state(const struct states *states, size_t rows)
{
	size_t widest = 0;

	for (size_t i = 0; i < rows; i++) {
		size_t columns = gcr_page_columns(states->items[i].state);
		if (columns > widest && columns <= 30)
			widest = columns;
	}
	return widest;
}

static void write_state(struct gcr_page *page, const struct in_state *in,
			size_t width)
{
	const struct gcr_state_row *row = gcr_state_find(in->state);
	char count[32];

	snprintf(count, sizeof(count), "%5" PRIu64 "  ", in->count);
	gcr_page_begin(page, GCR_MARGIN);
	gcr_sink_text(&page->sink, count);
	if (in->minutes > 0) {
		gcr_page_cell(page, GCR_PLAIN, in->state, width + 2);
		gcr_sink_print(&page->sink, "up to %" PRIu64 " min",
			       in->minutes);
	} else if (row != NULL &&
		   GCR_MARGIN + 9 + width + strlen(row->meaning) <=
			   page->width) {
		gcr_page_cell(page, GCR_PLAIN, in->state, width + 2);
		gcr_page_text(page, GCR_FAINT, row->meaning);
	} else {
		gcr_page_span(page, GCR_PLAIN, in->state);
	}
	gcr_page_line(page);
}

static void write_states(struct gcr_page *page, const struct states *states)
{
	size_t rows = states->count;
	uint64_t rest = 0;

	if (states->count == 0 || states->items[0].state.size == 0)
		return;
	if (rows > STATES_SHOWN)
		rows = STATES_SHOWN;
	size_t width = widest_state(states, rows);
	gcr_page_label(page, "Doing");
	for (size_t i = 0; i < rows; i++)
		write_state(page, &states->items[i], width);
	for (size_t i = rows; i < states->count; i++)
		rest += states->items[i].count;
	if (rest > 0)
		gcr_page_print(page, GCR_MARGIN,
			       "%5" PRIu64 "  in %zu other %s", rest,
			       states->count - rows,
			       states->count - rows == 1 ? "state" : "states");
}

static void write_oldest(struct gcr_page *page, const struct gcr_group *oldest)
{
	if (oldest == NULL)
		return;
	gcr_page_label(page, "Oldest");
	gcr_page_begin(page, GCR_MARGIN);
	gcr_sink_print(&page->sink,
		       "goroutine %" PRIu64 ", for %" PRIu64 " min: ",
		       oldest->oldest, oldest->minutes_most);
	gcr_page_span(page, GCR_PLAIN, oldest->example.state);
	gcr_page_line(page);
	gcr_page_begin(page, GCR_MARGIN);
	gcr_sink_text(&page->sink, "at ");
	gcr_group_place_write(page, oldest);
	gcr_page_line(page);
}

static void write_suspect(struct gcr_page *page,
			  const struct gcr_suspect *suspect)
{
	const struct gcr_group *group = suspect->group;

	gcr_page_begin(page, GCR_MARGIN);
	gcr_sink_print(&page->sink, "%" PRIu64 " in ", group->count);
	gcr_page_span(page, GCR_BAD, group->example.state);
	if (group->minutes_most > 0)
		gcr_sink_text(&page->sink, " ");
	gcr_group_age_write(page, group);
	gcr_sink_text(&page->sink, " at ");
	gcr_group_place_write(page, group);
	gcr_page_line(page);
	gcr_page_prose(page, GCR_MARGIN + 2,
		       gcr_suspicion_text(suspect->suspicion));
}

// Locks that wait for each other explain all the rest.
static void write_cycles(struct gcr_page *page)
{
	gcr_page_begin(page, GCR_MARGIN);
	gcr_page_text(page, GCR_BAD, "locks that wait for each other");
	gcr_sink_text(&page->sink, ": see Waits");
	gcr_page_line(page);
}

static bool has_sure_cycle(const struct gcr_waits *waits)
{
	for (size_t i = 0; waits != NULL && i < waits->cycle_count; i++)
		if (waits->cycles[i].sure)
			return true;
	return false;
}

static void write_suspects(struct gcr_page *page, const struct gcr_tally *tally)
{
	struct gcr_suspect suspects[GCR_SUSPECTS_MAX];
	size_t found = gcr_suspects_find(tally, page->view, suspects);
	bool cycles = has_sure_cycle(tally->waits);

	if (found == 0 && !cycles)
		return;
	gcr_page_label(page, "Look at");
	if (cycles)
		write_cycles(page);
	for (size_t i = 0; i < found && i < GCR_SUSPECTS_MAX; i++)
		write_suspect(page, &suspects[i]);
	if (found > GCR_SUSPECTS_MAX)
		gcr_page_print(page, GCR_MARGIN, "and %zu other groups",
			       found - GCR_SUSPECTS_MAX);
}

// The goroutine that a panic or a fatal error was printed for comes first.
static void write_failed(struct gcr_page *page, const struct gcr_tally *tally,
			 const struct gcr_scene *scene)
{
	const struct gcr_cause *cause = &tally->crash->cause;
	const struct gcr_group *first =
		tally->group_count > 0 ? tally->groups[0] : NULL;

	if (first == NULL || scene->everyone || cause->kind == GCR_CAUSE_NONE ||
	    tally->left_out > 0 ||
	    !gcr_span_is(first->example.state, "running"))
		return;
	gcr_page_label(page, "Failed");
	gcr_page_begin(page, GCR_MARGIN);
	gcr_sink_print(&page->sink, "goroutine %" PRIu64 ", ",
		       first->example.id);
	gcr_group_place_write(page, first);
	gcr_page_line(page);
	gcr_page_prose(page, GCR_MARGIN, "with which values: gocrash explain");
}

/*
 * Go runtime/pprof writeGoroutineStacks: debug=2 has a buffer of 64 MiB at most,
 * and what does not fit is left out without a word. Of the line that it ends in,
 * nothing may belong to a goroutine.
 */
static bool ends_at_buffer(const struct gcr_crash *crash)
{
	const uint64_t buffer = UINT64_C(64) << 20, line = 4096;
	uint64_t size = crash->end.offset - crash->place.offset;

	return size <= buffer && size + line > buffer;
}

static void write_cut(struct gcr_page *page, const struct gcr_tally *tally)
{
	bool cut = false, buffer = ends_at_buffer(tally->crash);

	for (size_t i = 0; i < tally->group_count && !cut; i++)
		cut = (tally->groups[i]->flags & GCR_G_CUT) != 0;
	if (!cut && !buffer)
		return;
	gcr_page_label(page, "Cut off");
	gcr_page_prose(page, GCR_MARGIN,
		       buffer ? "it seems, at 64 MiB: there the pprof package "
				"stops, the goroutines behind are not here"
			      : "the text ends inside a goroutine: what came "
				"behind it is not here");
}

int gcr_verdict_write(struct gcr_page *page, const struct gcr_tally *tally)
{
	const struct gcr_crash *crash = tally->crash;
	struct gcr_scene scene = gcr_scene_of(crash, page->view);
	struct states states = { 0 };

	if (gather(page, tally, &states) != 0)
		return -1;
	scene.profile = tally->group_count > 0 &&
			tally->groups[0]->example.kind == GCR_STACK_PROFILE;
	gcr_headline_write(page, crash, &scene);
	if (crash->cause.kind == GCR_CAUSE_PANIC ||
	    crash->cause.kind == GCR_CAUSE_FATAL)
		gcr_what_write(page, crash, &scene);
	write_failed(page, tally, &scene);
	write_counts(page, tally, &states);
	write_states(page, &states);
	write_oldest(page, states.oldest);
	write_suspects(page, tally);
	write_cut(page, tally);
	gcr_release_write(page, &page->target, crash->core);
	return 0;
}
