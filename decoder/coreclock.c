/*
 * Clocks: see coreclock.h.
 *
 *	g.sleepWhen               since go1.23
 *	g.timer -> timer.nextwhen go1.14 to go1.22
 *	g.waitsince               when the last collection found it waiting
 *	p.sysmontick.schedwhen    when the monitor last saw its processor go on
 */

#include "coreclock.h"

#include "core.h"
#include "span.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum {
	MOST_ASKED = 256, /* structs of these names: a program has one each */
};

// In the order of enum gcr_core_time.
static const struct {
	const char *structure, *field;
} times[] = {
	[GCR_TIME_SLEEP] = { "runtime.g", "sleepWhen" },
	[GCR_TIME_TIMER] = { "runtime.g", "timer" },
	[GCR_TIME_TIMER_WHEN] = { "runtime.timer", "nextwhen" },
	[GCR_TIME_P] = { "runtime.m", "p" },
	[GCR_TIME_TICK] = { "runtime.p", "sysmontick" },
	[GCR_TIME_TICK_WHEN] = { "runtime.sysmontick", "schedwhen" },
};

_Static_assert(LENGTH(times) == GCR_TIMES, "a row for every time");

static void find_fields(struct gcr_corereader *reader)
{
	struct gcr_runtypes types = reader->core->runtime.types;
	struct gcr_core_times *to = &reader->times;
	struct gcr_runfield place;
	struct gcr_runtype type;
	unsigned asked = 0;

	types.at = 0;
	while (asked < MOST_ASKED &&
	       gcr_runtypes_next(&types, "runtime.", &type))
		for (size_t i = 0; i < LENGTH(times); i++) {
			if (to->has[i] ||
			    !gcr_span_is(type.name, times[i].structure))
				continue;
			asked++;
			if (!gcr_runtype_field_named(&types, &type,
						     times[i].field, &place))
				continue;
			to->has[i] = true;
			to->offset[i] = place.offset;
		}
}

static bool time_at(struct gcr_corereader *reader, uint64_t address,
		    uint64_t *ret)
{
	return gcr_corenumber(reader, address, 8, ret) && *ret > 0 &&
	       *ret < INT64_MAX;
}

// A processor hangs on the thread that runs on it; its thread points back.
static void look_at_ticks(struct gcr_corereader *reader)
{
	struct gcr_core_times *times_of = &reader->times;
	const struct gcr_coreworld *world = &reader->core->world;
	uint64_t p, when;

	if (!times_of->has[GCR_TIME_P] || !times_of->has[GCR_TIME_TICK] ||
	    !times_of->has[GCR_TIME_TICK_WHEN])
		return;
	for (size_t i = 0; i < world->m_count; i++)
		if (gcr_corenumber(reader,
				   world->ms[i].m +
					   times_of->offset[GCR_TIME_P],
				   8, &p) &&
		    p != 0 &&
		    time_at(reader,
			    p + times_of->offset[GCR_TIME_TICK] +
				    times_of->offset[GCR_TIME_TICK_WHEN],
			    &when) &&
		    when > times_of->now)
			times_of->now = when;
}

static bool wakes_at(struct gcr_corereader *reader, uint64_t g, uint64_t *ret)
{
	const struct gcr_core_times *from = &reader->times;
	uint64_t timer;

	if (from->has[GCR_TIME_SLEEP])
		return time_at(reader, g + from->offset[GCR_TIME_SLEEP], ret);
	return from->has[GCR_TIME_TIMER] && from->has[GCR_TIME_TIMER_WHEN] &&
	       gcr_corenumber(reader, g + from->offset[GCR_TIME_TIMER], 8,
			      &timer) &&
	       timer != 0 &&
	       time_at(reader, timer + from->offset[GCR_TIME_TIMER_WHEN], ret);
}

bool gcr_coreclock_left(struct gcr_corereader *reader, uint64_t g,
			uint64_t *ret)
{
	const struct gcr_runtime *runtime = &reader->core->runtime;
	uint64_t when, bubble;

	if (!reader->times.asked) {
		reader->times.asked = true;
		find_fields(reader);
		reader->times.now = reader->core->newest;
		look_at_ticks(reader);
	}
	// Time in a bubble is its own.
	if (runtime->offset[GCR_G_BUBBLE] != GCR_RT_ABSENT &&
	    (!gcr_runtime_field(runtime, g, GCR_G_BUBBLE, 8, &bubble) ||
	     bubble != 0))
		return false;
	if (reader->times.now == 0 || !wakes_at(reader, g, &when) ||
	    when < reader->times.now)
		return false;
	*ret = when - reader->times.now;
	return true;
}
