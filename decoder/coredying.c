/*
 * Who died. The kernel writes the thread that died first, and since go1.22 that
 * is the one that failed; to go1.21 a signal may be passed on and another one
 * dies. So the runtime's own marks go before it.
 * Go runtime/panic.go startpanic_m, runtime/signal_unix.go crash.
 */

#include "core.h"

static uint64_t field(struct gcr_core *core, uint64_t address,
		      enum gcr_rt which, unsigned size)
{
	uint64_t value = 0;

	if (address == 0 ||
	    !gcr_runtime_field(&core->runtime, address, which, size, &value))
		return 0;
	return value;
}

// How much speaks for the goroutine of this thread; 0: nothing.
static unsigned weigh(struct gcr_core *core, const struct gcr_core_m *m)
{
	unsigned weight = 0;

	if (field(core, m->m, GCR_M_DYING, 4) != 0)
		weight += 8;
	if (field(core, m->m, GCR_M_THROWING, 4) != 0)
		weight += 4;
	if (field(core, m->curg, GCR_G_PANIC, 8) != 0)
		weight += 2;
	if (m->thread == 0)
		weight += 1;
	return weight;
}

static bool is_listed(struct gcr_core *core, uint64_t g)
{
	return gcr_runtime_is_g(&core->runtime, &core->memory, g);
}

static void find_newest(struct gcr_core *core)
{
	uint64_t since;

	for (uint64_t i = 0; i < gcr_core_listed(core); i++) {
		since = field(core, gcr_core_listed_at(core, i),
			      GCR_G_WAITSINCE, 8);
		if (since > core->newest && since < INT64_MAX)
			core->newest = since;
	}
}

void gcr_core_find_dying(struct gcr_core *core)
{
	unsigned most = 0;

	find_newest(core);
	// gdb copied a process that went on to live.
	if (core->file.by_gdb)
		return;
	for (size_t i = 0; i < core->world.m_count; i++) {
		const struct gcr_core_m *m = &core->world.ms[i];
		unsigned weight = weigh(core, m);

		if (weight > most) {
			most = weight;
			core->dying_m = m;
		}
	}
	if (core->dying_m != NULL && is_listed(core, core->dying_m->curg))
		core->dying = core->dying_m->curg;
}

uint64_t gcr_core_minutes(const struct gcr_core *core,
			  const struct gcr_core_goroutine *g)
{
	bool waits = g->status == GCR_STATUS_WAITING ||
		     g->status == GCR_STATUS_SYSCALL;

	if (!waits || g->waitsince == 0 || g->waitsince > core->newest)
		return 0;
	return (core->newest - g->waitsince) / UINT64_C(60000000000);
}
