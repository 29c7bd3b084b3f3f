/*
 * Kinds of things, the locks first, and of each the things that many wait for:
 *
 *	5 lock 1 mutex, all of them the same
 *	  0xc000012018  5 lock  #21, #22, #23, …
 *	    in main.(*cache).get main.go:226
 *	    likely held by goroutine 20 …
 */

#include "waitpage.h"

#include "scene.h"
#include "span.h"
#include "waiters.h"

#include <inttypes.h>

enum {
	THINGS_SHOWN = 3, /* of one kind */
	THINGS_AT_MOST = 1000,
	CYCLE_AT_MOST = 12 /* locks of one that are written out */
};

// How people say it.
static const struct noun {
	const char *one, *many;
} nouns[] = {
	[GCR_WAIT_CHANNEL] = { "channel", "channels" },
	[GCR_WAIT_MUTEX] = { "mutex", "mutexes" },
	[GCR_WAIT_RWMUTEX] = { "RWMutex", "RWMutexes" },
	[GCR_WAIT_ONCE] = { "sync.Once", "sync.Onces" },
	[GCR_WAIT_WAITGROUP] = { "WaitGroup", "WaitGroups" },
	[GCR_WAIT_COND] = { "sync.Cond", "sync.Conds" },
	[GCR_WAIT_DESCRIPTOR] = { "descriptor", "descriptors" },
	[GCR_WAIT_DESCRIPTOR_LOCK] = { "descriptor's lock",
				       "descriptors' locks" },
	[GCR_WAIT_SEMAPHORE] = { "semaphore", "semaphores" },
};

static const struct noun verbs[] = {
	[GCR_WAITS] = { "waits for", "wait for" },
	[GCR_RECEIVES] = { "receives on", "receive on" },
	[GCR_SENDS] = { "sends on", "send on" },
	[GCR_LOCKS] = { "locks", "lock" },
	[GCR_RLOCKS] = { "read-locks", "read-lock" },
	[GCR_READS] = { "reads from", "read from" },
	[GCR_WRITES] = { "writes to", "write to" },
};

static const char *const short_verbs[] = {
	[GCR_WAITS] = "wait",	    [GCR_RECEIVES] = "receive",
	[GCR_SENDS] = "send",	    [GCR_LOCKS] = "lock",
	[GCR_RLOCKS] = "read-lock", [GCR_READS] = "read",
	[GCR_WRITES] = "write",
};

static const enum gcr_wait_kind order[] = {
	GCR_WAIT_MUTEX,	     GCR_WAIT_RWMUTEX,
	GCR_WAIT_ONCE,	     GCR_WAIT_DESCRIPTOR_LOCK,
	GCR_WAIT_CHANNEL,    GCR_WAIT_WAITGROUP,
	GCR_WAIT_COND,	     GCR_WAIT_SEMAPHORE,
	GCR_WAIT_DESCRIPTOR,
};

enum {
	ORDER_COUNT = sizeof(order) / sizeof(order[0])
};

static void put_number(struct gcr_page *page, uint64_t number)
{
	gcr_sink_decimal(&page->sink, number);
}

/* One kind ----------------------------------------------------------------- */

// `3139 receive on and 7 send on`
static void write_roles(struct gcr_page *page, const struct gcr_waits *waits,
			enum gcr_wait_kind kind)
{
	const char *before = "";

	for (size_t role = 0; role < GCR_WAIT_ROLE_COUNT; role++) {
		uint64_t count = waits->roles[kind][role];

		if (count == 0)
			continue;
		gcr_sink_text(&page->sink, before);
		put_number(page, count);
		gcr_sink_char(&page->sink, ' ');
		gcr_sink_text(&page->sink,
			      count == 1 ? verbs[role].one : verbs[role].many);
		before = " and ";
	}
}

static const struct gcr_thing *next_thing(const struct gcr_waits *waits,
					  enum gcr_wait_kind kind, size_t *at)
{
	while (*at < waits->thing_count) {
		const struct gcr_thing *thing = waits->things[(*at)++];

		if (thing->kind == kind)
			return thing;
	}
	return NULL;
}

// `212 channels, 2080 of them one and the same`
static void write_things(struct gcr_page *page, const struct gcr_waits *waits,
			 enum gcr_wait_kind kind)
{
	const struct gcr_waiting *waiting = &waits->kinds[kind];
	size_t at = 0;
	const struct gcr_thing *most = next_thing(waits, kind, &at);

	gcr_sink_text(&page->sink, waiting->more ? " more than " : " ");
	put_number(page, waiting->things);
	gcr_sink_char(&page->sink, ' ');
	gcr_sink_text(&page->sink, waiting->things == 1 && !waiting->more
					   ? nouns[kind].one
					   : nouns[kind].many);
	if (most == NULL || most->count < 2 || waiting->things < 2)
		return;
	gcr_sink_text(&page->sink, most->at_least ? "; at least " : "; ");
	put_number(page, most->count);
	gcr_sink_text(&page->sink, " of the goroutines on one and the same");
}

static void write_untold(struct gcr_page *page,
			 const struct gcr_waiting *waiting,
			 enum gcr_wait_kind kind)
{
	if (waiting->told > 0) {
		gcr_sink_text(&page->sink, "; of them ");
		put_number(page, waiting->count - waiting->told);
		gcr_sink_text(&page->sink, " on some");
	} else if (waiting->count == 1) {
		gcr_sink_text(&page->sink, " a ");
		gcr_sink_text(&page->sink, nouns[kind].one);
	} else {
		gcr_sink_char(&page->sink, ' ');
		gcr_sink_text(&page->sink, nouns[kind].many);
	}
	gcr_sink_text(&page->sink, " that this text does not name");
}

static void write_kind(struct gcr_page *page, const struct gcr_waits *waits,
		       enum gcr_wait_kind kind)
{
	const struct gcr_waiting *waiting = &waits->kinds[kind];

	gcr_page_begin(page, 2);
	write_roles(page, waits, kind);
	if (waiting->told > 0)
		write_things(page, waits, kind);
	if (waiting->told < waiting->count)
		write_untold(page, waiting, kind);
	gcr_page_line(page);
}

/* One thing ---------------------------------------------------------------- */

static void write_place(struct gcr_page *page, const struct gcr_frame *frame)
{
	gcr_page_span(page,
		      gcr_frame_owner(frame, page->view) == GCR_OWNER_USER
			      ? GCR_OWN
			      : GCR_PLAIN,
		      frame->function);
	gcr_sink_char(&page->sink, ' ');
	gcr_page_span(page, GCR_PLAIN, gcr_file_base(frame));
	gcr_sink_print(&page->sink, ":%u", frame->line);
}

static void write_who(struct gcr_page *page, const struct gcr_thing *thing)
{
	const char *before = "  ";

	for (size_t role = 0; role < GCR_WAIT_ROLE_COUNT; role++) {
		uint64_t count =
			gcr_thing_role(thing, (enum gcr_wait_role)role);

		if (count == 0)
			continue;
		gcr_sink_text(&page->sink, before);
		if (thing->at_least)
			gcr_sink_text(&page->sink, "at least ");
		put_number(page, count);
		gcr_sink_char(&page->sink, ' ');
		gcr_sink_text(&page->sink, short_verbs[role]);
		before = ", ";
	}
	for (uint64_t i = 0; i < thing->count && i < GCR_THING_IDS; i++)
		gcr_sink_print(&page->sink, "%s#%" PRIu64, i > 0 ? ", " : "  ",
			       thing->ids[i]);
	if (thing->count > GCR_THING_IDS)
		gcr_sink_text(&page->sink, ", …");
	if (thing->minutes > 0)
		gcr_sink_print(&page->sink,
			       "  up to %" PRIu64 " min (#%" PRIu64 ")",
			       thing->minutes, thing->oldest);
}

static const struct gcr_frame *own_frame(const struct gcr_page *page,
					 const struct gcr_goroutine *g)
{
	const struct gcr_frame *frame =
		gcr_own_frame(g->frames, g->frame_count, page->view);

	return frame == NULL && g->frame_count > 0
		       ? &g->frames[g->frame_count - 1]
		       : frame;
}

// Groups that differ elsewhere are in the same place.
static bool is_said(const struct gcr_page *page, const struct gcr_thing *thing,
		    unsigned at, const struct gcr_frame *frame)
{
	for (unsigned i = 0; i < at; i++) {
		const struct gcr_frame *other =
			own_frame(page, &thing->groups[i]->example);

		if (other != NULL && other->line == frame->line &&
		    gcr_span_equal(other->function, frame->function))
			return true;
	}
	return false;
}

static void write_groups(struct gcr_page *page, const struct gcr_thing *thing)
{
	for (unsigned i = 0; i < thing->group_count; i++) {
		const struct gcr_frame *frame =
			own_frame(page, &thing->groups[i]->example);

		if (frame == NULL || is_said(page, thing, i, frame))
			continue;
		gcr_page_begin(page, 6);
		gcr_sink_text(&page->sink, "in ");
		write_place(page, frame);
		gcr_page_line(page);
	}
	if (thing->more_groups)
		gcr_page_print(page, 6, "and elsewhere");
}

// How sure it is that it holds the lock.
static const char *likelihood(const struct gcr_thing *thing,
			      const struct gcr_holder *holder)
{
	if (!gcr_holder_likely(thing, holder))
		return "may be held by goroutine ";
	return holder->itself ? "likely held by the waiting goroutine "
			      : "likely held by goroutine ";
}

static void write_holder(struct gcr_page *page, const struct gcr_thing *thing,
			 const struct gcr_holder *holder)
{
	const struct gcr_goroutine *example = &holder->group->example;

	gcr_page_begin(page, 6);
	gcr_sink_text(&page->sink, likelihood(thing, holder));
	put_number(page, holder->goroutine);
	if (holder->itself) {
		gcr_sink_text(&page->sink, " itself");
	} else {
		gcr_sink_text(&page->sink, ", ");
		gcr_page_span(page, GCR_PLAIN, example->state);
	}
	gcr_page_line(page);
	if (holder->frame >= example->frame_count)
		return;
	gcr_page_begin(page, 8);
	if (holder->by_code) {
		write_place(page, &example->frames[holder->frame]);
		gcr_sink_text(&page->sink,
			      " locks it and unlocks it later, by its code");
		gcr_page_line(page);
		return;
	}
	gcr_sink_text(&page->sink, "word ");
	put_number(page, holder->element + 1);
	gcr_sink_text(&page->sink, " of ");
	write_place(page, &example->frames[holder->frame]);
	gcr_sink_text(&page->sink, " is ");
	gcr_sink_hex(&page->sink, holder->word);
	if (holder->word == thing->address)
		gcr_sink_text(&page->sink, ", the lock");
	else
		gcr_sink_print(&page->sink,
			       ", the lock is 0x%" PRIx64 " further",
			       thing->address - holder->word);
	gcr_page_line(page);
}

static void write_holders(struct gcr_page *page, const struct gcr_thing *thing)
{
	if (!gcr_wait_is_lock(thing->kind))
		return;
	for (size_t i = 0; i < thing->holder_count; i++)
		write_holder(page, thing, &thing->holders[i]);
	if (thing->candidates > thing->holder_count)
		gcr_page_print(page, 6, "or by one of %" PRIu64 " others",
			       thing->candidates - thing->holder_count);
	if (thing->holder_count == 0)
		gcr_page_print(page, 6, "no frame shows who holds it");
}

static void write_thing(struct gcr_page *page, const struct gcr_thing *thing)
{
	gcr_page_begin(page, 4);
	gcr_sink_hex(&page->sink, thing->address);
	if (thing->certainty != GCR_EXACT)
		gcr_page_text(page, GCR_DOUBT, " (unmarked)");
	write_who(page, thing);
	gcr_page_line(page);
	write_groups(page, thing);
	write_holders(page, thing);
	if (thing->kind == GCR_WAIT_CHANNEL && thing->mentions == 0 &&
	    thing->count > 1)
		gcr_page_print(page, 6, "no other goroutine's frames show it");
}

// Alone on its descriptor or channel is what a goroutine mostly is.
static bool is_shown(const struct gcr_page *page, const struct gcr_thing *thing)
{
	return page->view->all || thing->count > 1 ||
	       gcr_wait_is_lock(thing->kind);
}

static void write_some(struct gcr_page *page, const struct gcr_waits *waits,
		       enum gcr_wait_kind kind)
{
	size_t limit = page->view->all ? THINGS_AT_MOST : THINGS_SHOWN;
	size_t at = 0, shown = 0, more = 0;
	const struct gcr_thing *thing;

	while ((thing = next_thing(waits, kind, &at)) != NULL) {
		if (!is_shown(page, thing))
			continue;
		if (shown == limit) {
			more++;
			continue;
		}
		write_thing(page, thing);
		shown++;
	}
	if (more > 0)
		gcr_page_print(page, 4, "and %zu more", more);
}

/* Cycles ------------------------------------------------------------------- */

static void write_cycle(struct gcr_page *page,
			const struct gcr_lock_cycle *cycle)
{
	gcr_page_begin(page, 2);
	gcr_page_text(page, GCR_BAD,
		      cycle->sure ? "A cycle of locks: likely a deadlock"
				  : "Perhaps a cycle of locks");
	gcr_page_line(page);
	for (size_t i = 0; i < cycle->count && i < CYCLE_AT_MOST; i++) {
		const struct gcr_holder *holder = cycle->holders[i];

		gcr_page_begin(page, 4);
		gcr_sink_print(&page->sink,
			       "goroutine %" PRIu64 " likely holds 0x%" PRIx64
			       " and waits for 0x%" PRIx64,
			       holder->goroutine, cycle->locks[i]->address,
			       holder->waits_for);
		gcr_page_line(page);
	}
	if (cycle->count > CYCLE_AT_MOST)
		gcr_page_print(page, 4, "… %zu locks in all", cycle->count);
}

/* All ---------------------------------------------------------------------- */

static void write_for_ever(struct gcr_page *page, const struct gcr_waits *waits)
{
	uint64_t count = waits->kinds[GCR_WAIT_NIL_CHANNEL].count;

	if (count > 0)
		gcr_page_print(page, 2,
			       "%" PRIu64 " %s on a nil channel, for ever",
			       count, count == 1 ? "waits" : "wait");
}

static bool is_empty(const struct gcr_waits *waits)
{
	uint64_t count = waits->kinds[GCR_WAIT_NIL_CHANNEL].count;

	for (size_t i = 0; i < ORDER_COUNT; i++)
		count += waits->kinds[order[i]].count;
	return count == 0;
}

static void write_search(struct gcr_page *page, const struct gcr_waits *waits)
{
	if (!waits->limited)
		return;
	if (waits->searched > 0)
		gcr_page_print(page, 2,
			       "Holders were looked for in the first %" PRIu64
			       " goroutines of each group.",
			       waits->searched);
	else
		gcr_page_print(page, 2,
			       "Holders were looked for in some of the "
			       "goroutines only: there are too many groups.");
}

void gcr_waits_write(struct gcr_page *page, const struct gcr_waits *waits)
{
	if (is_empty(waits))
		return;
	gcr_page_heading(page, "Waits");
	for (size_t i = 0; i < waits->cycle_count; i++)
		write_cycle(page, &waits->cycles[i]);
	for (size_t i = 0; i < ORDER_COUNT; i++) {
		if (waits->kinds[order[i]].count == 0)
			continue;
		write_kind(page, waits, order[i]);
		write_some(page, waits, order[i]);
	}
	write_for_ever(page, waits);
	write_search(page, waits);
}
