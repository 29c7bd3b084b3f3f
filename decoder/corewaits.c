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
#include "span.h"
#include "words.h"

enum {
	MOST_CHANNELS = 256,   /* of one select */
	MOST_QUEUED = 1 << 20, /* goroutines counted in one queue */
	SYSFD_AT = 16,	       /* Go internal/poll FD.Sysfd, behind fdmu */
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
	int32_t offset = finding->runtime->offset[which];

	return offset != GCR_RT_ABSENT &&
	       gcr_corenumber(finding->reader, address + (uint64_t)offset, 8,
			      ret);
}

// Since go1.26 c is a pair, and its first word may be hidden from the collector.
static bool channel_of(const struct finding *finding, uint64_t sudog,
		       uint64_t *ret)
{
	int32_t offset = finding->runtime->offset[GCR_SUDOG_C];
	uint64_t second = finding->reader->go >= 26 ? 8 : 0;

	return offset != GCR_RT_ABSENT &&
	       gcr_corenumber(finding->reader,
			      sudog + (uint64_t)offset + second, 8, ret);
}

/* Channels ------------------------------------------------------------------- */

// How many stand in a queue, and is `sudog` one of them?
static uint64_t count_queue(const struct finding *finding, uint64_t first,
			    uint64_t sudog, bool *found)
{
	uint64_t count = 0;

	while (first != 0 && count < MOST_QUEUED) {
		*found = *found || first == sudog;
		count++;
		if (!field(finding, first, GCR_SUDOG_NEXT, &first))
			break;
	}
	return count;
}

// Go runtime/chan.go hchan; see corechan.c.
static void read_channel(const struct finding *finding, uint64_t sudog,
			 struct gcr_core_wait *wait)
{
	struct gcr_corereader *reader = finding->reader;
	uint64_t queues = wait->address + (reader->go >= 23 ? 64 : 56);
	uint64_t receivers, senders, closed;
	bool receives = false, sends = false;

	if (!gcr_corenumber(reader, wait->address, 8, &wait->len) ||
	    !gcr_corenumber(reader, wait->address + 8, 8, &wait->cap) ||
	    !gcr_corenumber(reader, wait->address + 28, 4, &closed) ||
	    !gcr_corenumber(reader, queues, 8, &receivers) ||
	    !gcr_corenumber(reader, queues + 16, 8, &senders))
		return;
	wait->closed = closed != 0;
	wait->receivers = count_queue(finding, receivers, sudog, &receives);
	wait->senders = count_queue(finding, senders, sudog, &sends);
	wait->told = receives != sends;
	wait->sends = sends;
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
			read_channel(finding, sudog, &wait);
			if (add(finding, &wait) != 0)
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

static uint64_t sleep_at(struct gcr_corereader *reader)
{
	struct gcr_runtypes types = reader->core->runtime.types;
	struct gcr_runfield place;
	struct gcr_runtype type;

	types.at = 0;
	while (!reader->sleep_asked &&
	       gcr_runtypes_next(&types, "runtime.g", &type)) {
		if (!gcr_span_is(type.name, "runtime.g"))
			continue;
		reader->sleep_asked = true;
		if (gcr_runtype_field_named(&types, &type, "sleepWhen", &place))
			reader->sleep_at = place.offset;
	}
	reader->sleep_asked = true;
	return reader->sleep_at;
}

// When the core was taken is not told: not before the newest time it has.
static bool read_sleep(const struct finding *finding,
		       const struct gcr_goroutine *g,
		       struct gcr_core_wait *wait)
{
	uint64_t at = sleep_at(finding->reader), when;
	uint64_t newest = finding->reader->core->newest;

	if (at == 0 || newest == 0 ||
	    !gcr_corenumber(finding->reader, g->gp + at, 8, &when) ||
	    when < newest)
		return false;
	wait->left = when - newest;
	return true;
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
		return read_sleep(finding, g, wait);
	case GCR_CORE_CHANNEL:
		break;
	}
	return false;
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
	if (find_channels(&finding, goroutine->gp) != 0)
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
