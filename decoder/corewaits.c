/*
 * Waits: see corewaits.h.
 *
 *	g.waiting -> sudog -> sudog ...   by waitlink, one for each channel
 *	             c, elem
 *	hchan: ... recvq {first, last}, sendq {first, last} of sudogs, by next
 */

#include "corewaits.h"

#include "arena.h"
#include "core.h"
#include "coreclock.h"
#include "corequeue.h"
#include "runtimeways.h"
#include "span.h"
#include "words.h"

enum {
	MOST_CHANNELS = 256, /* of one select */
	SYSFD_AT = 16,	     /* Go internal/poll FD.Sysfd, behind fdmu */
	MOST_FD = 1 << 20,
	WAITER_SHIFT = 3, /* of sync.Mutex.state */
};

struct finding {
	struct gcr_corereader *reader;
	const struct gcr_runtime *runtime;
	struct gcr_core_waits *to;
	size_t room;
};

static int add(struct finding *finding, const struct gcr_core_wait *wait)
{
	struct gcr_core_waits *to = finding->to;

	if (gcr_arena_grow(finding->reader->arena, &to->items, to->count,
			   &finding->room, sizeof(*wait),
			   finding->reader->err) != 0)
		return -1;
	to->items[to->count++] = *wait;
	return 0;
}

static bool field(const struct finding *finding, uint64_t address,
		  enum gcr_rt which, uint64_t *ret)
{
	return gcr_runtime_field(finding->runtime, address, which, 8, ret);
}

// Of a pair the first word may be hidden from the collector.
static bool channel_of(const struct finding *finding, uint64_t sudog,
		       uint64_t *ret)
{
	bool pair = finding->runtime->channel_pairs;

	return field(finding, sudog + (pair ? 8 : 0), GCR_SUDOG_C, ret);
}

/* Channels ------------------------------------------------------------------- */

// See corechan.c; a queue is its first sudog, then its last.
static int read_channel(const struct finding *finding, uint64_t sudog,
			struct gcr_core_wait *wait)
{
	static const enum gcr_rt queues[] = { GCR_CHAN_RECEIVERS,
					      GCR_CHAN_SENDERS };
	uint64_t at = wait->address, first, closed;
	struct gcr_core_standing in[2];

	if (!field(finding, at, GCR_CHAN_COUNT, &wait->len) ||
	    !field(finding, at, GCR_CHAN_ROOM, &wait->cap) ||
	    !gcr_runtime_field(finding->runtime, at, GCR_CHAN_CLOSED, 4,
			       &closed))
		return 0;
	for (size_t i = 0; i < 2; i++) {
		if (!field(finding, at, queues[i], &first))
			return 0;
		if (gcr_corequeue(finding->reader, first, sudog, &in[i]) != 0)
			return -1;
	}
	wait->closed = closed != 0;
	wait->receivers = in[0].count;
	wait->senders = in[1].count;
	wait->sends = in[1].among;
	wait->told = in[0].told && in[1].told && in[0].among != in[1].among;
	for (size_t i = 0; i < GCR_COREQUEUE_IDS; i++)
		wait->ids[i] = in[wait->sends].ids[i];
	return 0;
}

static int find_channels(struct finding *finding, uint64_t g)
{
	uint64_t sudog;

	if (!field(finding, g, GCR_G_WAITING, &sudog))
		return 0;
	for (size_t i = 0; sudog != 0 && i < MOST_CHANNELS; i++) {
		struct gcr_core_wait wait = { .kind = GCR_CORE_CHANNEL };

		if (channel_of(finding, sudog, &wait.address) &&
		    wait.address != 0) {
			if (read_channel(finding, sudog, &wait) != 0 ||
			    add(finding, &wait) != 0)
				return -1;
		}
		if (!field(finding, sudog, GCR_SUDOG_WAITLINK, &sudog))
			break;
	}
	return 0;
}

/* Package sync --------------------------------------------------------------- */

static bool read_i32(const struct finding *finding, uint64_t address,
		     int64_t *ret)
{
	uint64_t bits;

	if (!gcr_corenumber(finding->reader, address, 4, &bits))
		return false;
	*ret = bits < UINT64_C(1) << 31 ? (int64_t)bits
					: (int64_t)bits - (INT64_C(1) << 32);
	return true;
}

// Go sync/mutex.go: bit 0 is locked, from bit 3 on how many wait.
static bool read_mutex(const struct finding *finding,
		       struct gcr_core_wait *wait)
{
	int64_t state;

	if (!read_i32(finding, wait->address, &state) || state < 0)
		return false;
	wait->locked = (state & 1) != 0;
	wait->count = state >> WAITER_SHIFT;
	return true;
}

// Go sync/rwmutex.go: w, writerSem, readerSem, readerCount; a writer takes 1<<30
// off the readers.
static bool read_rwmutex(const struct finding *finding,
			 struct gcr_core_wait *wait)
{
	int64_t readers;

	if (!read_i32(finding, wait->address + 16, &readers))
		return false;
	wait->locked = readers < 0;
	wait->count = readers < 0 ? readers + (1 << 30) : readers;
	return true;
}

// Go sync/cond.go: L, then notifyList: wait, notify.
static bool read_cond(const struct finding *finding, struct gcr_core_wait *wait)
{
	uint64_t waits, notified;

	if (!gcr_corenumber(finding->reader, wait->address + 16, 4, &waits) ||
	    !gcr_corenumber(finding->reader, wait->address + 20, 4, &notified))
		return false;
	wait->count = (int64_t)((waits - notified) & UINT32_MAX);
	return true;
}

// `func` names the thing: internal/poll.(*FD).Read(0xc000…).
static bool read_descriptor(const struct finding *finding,
			    const struct gcr_goroutine *g,
			    struct gcr_core_wait *wait)
{
	struct gcr_corereader *reader = finding->reader;

	for (size_t i = 0; i < g->frame_count; i++) {
		const struct gcr_frame *frame = &g->frames[i];
		struct gcr_error lost;
		struct gcr_words words;

		if (!gcr_span_starts(frame->function, "internal/poll.(*FD).") ||
		    gcr_words_read(frame->arguments, reader->arena, &words,
				   &lost) != 0 ||
		    words.count == 0 || words.items[0].kind != GCR_WORD_VALUE ||
		    words.items[0].certainty != GCR_EXACT)
			continue;
		wait->address = words.items[0].value;
		return gcr_corenumber(reader, wait->address + SYSFD_AT, 8,
				      &wait->fd) &&
		       wait->fd < MOST_FD;
	}
	return false;
}

static const struct {
	enum gcr_wait_kind wait;
	enum gcr_core_wait_kind kind;
} kinds[] = {
	{ GCR_WAIT_MUTEX, GCR_CORE_MUTEX },
	{ GCR_WAIT_RWMUTEX, GCR_CORE_RWMUTEX },
	{ GCR_WAIT_WAITGROUP, GCR_CORE_WAITGROUP },
	{ GCR_WAIT_COND, GCR_CORE_COND },
	{ GCR_WAIT_DESCRIPTOR, GCR_CORE_DESCRIPTOR },
	{ GCR_WAIT_SLEEP, GCR_CORE_SLEEP },
};

static bool read_thing(const struct finding *finding,
		       const struct gcr_goroutine *g,
		       struct gcr_core_wait *wait)
{
	switch (wait->kind) {
	case GCR_CORE_MUTEX:
		return wait->address != 0 && read_mutex(finding, wait);
	case GCR_CORE_RWMUTEX:
		return wait->address != 0 && read_rwmutex(finding, wait);
	case GCR_CORE_WAITGROUP: // the counter is the upper half of its state
		return wait->address != 0 &&
		       read_i32(finding, wait->address + 4, &wait->count);
	case GCR_CORE_COND:
		return wait->address != 0 && read_cond(finding, wait);
	case GCR_CORE_DESCRIPTOR:
		return read_descriptor(finding, g, wait);
	case GCR_CORE_SLEEP:
		return gcr_coreclock_left(finding->reader, g->gp, &wait->left);
	case GCR_CORE_CHANNEL:
		break;
	}
	return false;
}

/* Panics --------------------------------------------------------------------- */

// The newest; errors and Stringers have become texts, which were printed.
static int find_panic(struct finding *finding, uint64_t g)
{
	struct gcr_corereader *reader = finding->reader;
	struct gcr_value value = { .kind = GCR_INTERFACE,
				   .certainty = GCR_EXACT,
				   .part_count = 2 };
	uint64_t panic;

	if (!field(finding, g, GCR_G_PANIC, &panic) || panic == 0 ||
	    !field(finding, panic, GCR_PANIC_ARG, &value.part[0]) ||
	    !field(finding, panic + 8, GCR_PANIC_ARG, &value.part[1]))
		return 0;
	gcr_corereader_begin(reader);
	reader->alive = true;
	if (gcr_corefollow(reader, NULL, &value) != 0)
		return -1;
	if (value.child_count == 1 && value.children[0].child_count > 0 &&
	    value.certainty == GCR_EXACT)
		finding->to->panicked = value.text;
	return 0;
}

int gcr_core_waits(struct gcr_corereader *reader,
		   const struct gcr_goroutine *goroutine,
		   struct gcr_core_waits *ret)
{
	struct finding finding = { .reader = reader,
				   .runtime = &reader->core->runtime,
				   .to = ret };
	struct gcr_wait wait = gcr_wait_of(goroutine);

	*ret = (struct gcr_core_waits){ 0 };
	if (!(goroutine->flags & GCR_G_GP))
		return 0;
	if (find_channels(&finding, goroutine->gp) != 0 ||
	    find_panic(&finding, goroutine->gp) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct gcr_core_wait found = { .kind = kinds[i].kind };

		if (kinds[i].wait != wait.kind)
			continue;
		if (wait.certainty == GCR_EXACT)
			found.address = wait.address;
		if (read_thing(&finding, goroutine, &found))
			return add(&finding, &found);
	}
	return 0;
}
