/* Suspicions as rows of a table: the first that applies to a group is its. */

#include "suspect.h"

#include "scene.h"
#include "span.h"

enum {
	QUEUE = 10,	  /* so many before one door are a queue */
	CROWD = 100,	  /* so many alike are a crowd … */
	CROWD_SHARE = 10, /* … if they are a tenth of all at least */
	OLD = 10,	  /* minutes */
};

/* What a state says of who waits in it. */
enum wait {
	ANY,
	NIL_CHANNEL,
	LOCK,
	SEND,
	CROWDED /* whatever it is, many are too many */
};

// Go runtime/runtime2.go waitReasonStrings. To go1.19 `semacquire` is a lock or
// a WaitGroup.
static const struct {
	const char *state;
	enum wait wait;
} waits[] = {
	{ "chan receive (nil chan)", NIL_CHANNEL },
	{ "chan send (nil chan)", NIL_CHANNEL },
	{ "sync.Mutex.Lock", LOCK },
	{ "sync.RWMutex.Lock", LOCK },
	{ "sync.RWMutex.RLock", LOCK },
	{ "semacquire", LOCK },
	{ "chan send", SEND },
	{ "chan send (durable)", SEND },
	{ "chan send (synctest)", SEND },
};

static enum wait wait_of(struct gcr_span state)
{
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		if (gcr_span_is(state, waits[i].state))
			return waits[i].wait;
	return CROWDED;
}

static const struct row {
	enum wait wait;
	uint64_t count;	      /* at least */
	uint64_t most, least; /* minutes of the oldest, youngest */
	unsigned flag;	      /* of enum gcr_goroutine_flag */
	bool crowd;	      /* and a large part of all */
	const char *text;
} rows[] = {
	[GCR_SUSPECT_LEAKED] = { ANY, 1, 0, 0, GCR_G_LEAKED, false,
				 "never to go on: nothing that could wake "
				 "them is reachable any more" },
	[GCR_SUSPECT_FOREVER] = { NIL_CHANNEL, 1, 0, 0, 0, false,
				  "waiting for ever: the channel is nil" },
	[GCR_SUSPECT_LOCK_OLD] = { LOCK, 1, 1, 0, 0, false,
				   "waiting minutes for a lock or a "
				   "WaitGroup: who holds it?" },
	[GCR_SUSPECT_SEND_OLD] = { SEND, 1, 1, 0, 0, false,
				   "waiting minutes for somebody to "
				   "receive: a leak when they grow in number" },
	[GCR_SUSPECT_LOCK] = { LOCK, QUEUE, 0, 0, 0, false,
			       "in a queue for a lock or a WaitGroup" },
	[GCR_SUSPECT_SEND] = { SEND, QUEUE, 0, 0, 0, false,
			       "wanting to send, and nobody receives" },
	[GCR_SUSPECT_OLD] = { ANY, QUEUE, OLD, OLD, 0, false,
			      "old, all of them: a leak when they grow in "
			      "number" },
	[GCR_SUSPECT_CROWD] = { ANY, CROWD, 0, 0, 0, true,
				"alike: a leak when they grow in "
				"number" },
};
_Static_assert(sizeof(rows) / sizeof(rows[0]) == GCR_SUSPICION_COUNT,
	       "a row for every suspicion");

const char *gcr_suspicion_text(enum gcr_suspicion suspicion)
{
	return rows[suspicion].text;
}

static bool applies(const struct row *row, const struct gcr_group *group,
		    uint64_t all)
{
	return (row->wait == ANY ||
		row->wait == wait_of(group->example.state)) &&
	       group->count >= row->count && group->minutes_most >= row->most &&
	       group->minutes_least >= row->least &&
	       (group->flags & row->flag) == row->flag &&
	       (!row->crowd || group->count * CROWD_SHARE >= all);
}

static bool is_suspect(const struct gcr_group *group,
		       const struct gcr_view *view, uint64_t all,
		       struct gcr_suspect *ret)
{
	const struct gcr_goroutine *g = &group->example;

	if (gcr_stack_is_runtime(g) ||
	    gcr_own_frame(g->frames, g->frame_count, view) == NULL)
		return false;
	for (size_t i = 0; i < GCR_SUSPICION_COUNT; i++) {
		if (!applies(&rows[i], group, all))
			continue;
		*ret = (struct gcr_suspect){ (enum gcr_suspicion)i, group };
		return true;
	}
	return false;
}

static bool is_worse(const struct gcr_suspect *a, const struct gcr_suspect *b)
{
	if (a->suspicion != b->suspicion)
		return a->suspicion < b->suspicion;
	return a->group->count > b->group->count;
}

size_t gcr_suspects_find(const struct gcr_tally *tally,
			 const struct gcr_view *view,
			 struct gcr_suspect ret[GCR_SUSPECTS_MAX])
{
	struct gcr_suspect one;
	size_t found = 0, kept = 0;

	for (size_t i = 0; i < tally->group_count; i++) {
		if (!is_suspect(tally->groups[i], view, tally->count, &one))
			continue;
		found++;
		size_t at = kept;
		while (at > 0 && is_worse(&one, &ret[at - 1]))
			at--;
		if (at == GCR_SUSPECTS_MAX)
			continue;
		if (kept < GCR_SUSPECTS_MAX)
			kept++;
		memmove(&ret[at + 1], &ret[at],
			(kept - at - 1) * sizeof(ret[0]));
		ret[at] = one;
	}
	return found;
}
