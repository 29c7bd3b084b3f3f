/* Goroutines and threads of a core: see coregoroutine.h. */

#include "coregoroutine.h"

#include "arena.h"
#include "bytes.h"
#include "runtimeways.h"
#include "span.h"

#include <stdlib.h>
#include <string.h>

enum {
	STATUS_SCAN = 0x1000,
	G_SIZE = 1024, /* more than any release's */
	/*
	 * Below a thread's FS base is the word for its goroutine: right there, or
	 * behind what C has of its own for each thread.
	 */
	TLS_G = 8,
	MOST_TLS = 64 << 10,
	TLS_THREADS = 64, /* that are asked where it is */
};

// Go runtime/traceback.go gStatusStrings.
static const char *const states[] = {
	[GCR_STATUS_IDLE] = "idle",
	[GCR_STATUS_RUNNABLE] = "runnable",
	[GCR_STATUS_RUNNING] = "running",
	[GCR_STATUS_SYSCALL] = "syscall",
	[GCR_STATUS_WAITING] = "waiting",
	[GCR_STATUS_DEAD] = "dead",
	[GCR_STATUS_COPYSTACK] = "copystack",
	[GCR_STATUS_PREEMPTED] = "preempted",
	[GCR_STATUS_LEAKED] = "leaked",
};

/* A structure whose bytes are at hand. */
struct object {
	const struct gcr_runtime *runtime;
	struct gcr_span bytes;
};

static uint64_t get(const struct object *object, enum gcr_rt field,
		    uint64_t more, unsigned size)
{
	int32_t offset = object->runtime->offset[field];
	uint64_t at = (uint64_t)offset + more;
	unsigned char bytes[8] = { 0 };

	if (offset == GCR_RT_ABSENT || at + size > object->bytes.size)
		return 0;
	memcpy(bytes, object->bytes.data + at, size);
	return gcr_little_u64(bytes);
}

static uint64_t get_gobuf(const struct object *object, enum gcr_rt field)
{
	int32_t offset = object->runtime->offset[field];

	if (offset == GCR_RT_ABSENT)
		return 0;
	return get(object, GCR_G_SCHED, (uint64_t)offset, 8);
}

static struct gcr_span state_of(const struct gcr_coreworld *world,
				unsigned status, unsigned reason)
{
	struct gcr_span text;

	if ((status == GCR_STATUS_WAITING || status == GCR_STATUS_LEAKED) &&
	    reason != 0) {
		if (gcr_runtime_wait_reason(world->runtime, reason, &text))
			return text;
		return GCR_SPAN("waiting");
	}
	if (status < sizeof(states) / sizeof(states[0]) &&
	    states[status] != NULL)
		return gcr_span_of(states[status]);
	return GCR_SPAN("???");
}

static void read_places(const struct object *object,
			struct gcr_core_goroutine *g)
{
	g->low = get(object, GCR_G_STACK, 0, 8);
	g->high = get(object, GCR_G_STACK, 8, 8);
	g->sched_pc = get_gobuf(object, GCR_GOBUF_PC);
	g->sched_sp = get_gobuf(object, GCR_GOBUF_SP);
	g->syscall_pc = get(object, GCR_G_SYSCALLPC, 0, 8);
	g->syscall_sp = get(object, GCR_G_SYSCALLSP, 0, 8);
	g->gopc = get(object, GCR_G_GOPC, 0, 8);
	g->parent = get(object, GCR_G_PARENT, 0, 8);
	g->panic = get(object, GCR_G_PANIC, 0, 8);
	g->signal = get(object, GCR_G_SIG, 0, 4);
	g->signal_code = get(object, GCR_G_SIGCODE0, 0, 8);
	g->signal_address = get(object, GCR_G_SIGCODE1, 0, 8);
	g->signal_pc = get(object, GCR_G_SIGPC, 0, 8);
}

// 0 for what cannot be read.
static uint64_t read_field(const struct gcr_coreworld *world, uint64_t address,
			   enum gcr_rt field)
{
	uint64_t value = 0;

	if (address == 0 ||
	    !gcr_runtime_field(world->runtime, address, field, 8, &value))
		return 0;
	return value;
}

// A bubble has a number since go1.25; in go1.24 it is that of its first goroutine.
static uint64_t bubble_of(const struct gcr_coreworld *world, uint64_t bubble)
{
	uint64_t root;

	if (bubble == 0)
		return 0;
	if (world->runtime->offset[GCR_BUBBLE_ID] != GCR_RT_ABSENT)
		return read_field(world, bubble, GCR_BUBBLE_ID);
	root = read_field(world, bubble, GCR_GROUP_ROOT);
	return read_field(world, root, GCR_G_GOID);
}

// Waits for nothing but its bubble, and says so where its reason does not.
// Go runtime/runtime2.go isIdleInSynctest, since go1.25.
static bool is_durable(const struct gcr_coreworld *world,
		       const struct gcr_core_goroutine *g)
{
	static const char *const reasons[] = {
		"chan receive (nil chan)",
		"chan send (nil chan)",
		"select (no cases)",
		"sleep",
		"sync.Cond.Wait",
		"coroutine",
		"synctest.Run",
		"synctest.Wait",
	};

	if (!gcr_release_does(world->runtime->go, GCR_WAY_BUBBLES) ||
	    g->status != GCR_STATUS_WAITING)
		return false;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (gcr_span_is(g->state, reasons[i]))
			return true;
	return false;
}

// g.ancestors is the word behind g.gopc, go1.16 to go1.27. Go runtime/runtime2.go.
static bool has_ancestors(const struct object *object)
{
	const struct gcr_runtime *runtime = object->runtime;

	return runtime->go >= 16 && runtime->go <= 27 &&
	       runtime->offset[GCR_G_GOPC] != GCR_RT_ABSENT &&
	       get(object, GCR_G_GOPC, 8, 8) != 0;
}

bool gcr_coregoroutine_read(const struct gcr_coreworld *world, uint64_t address,
			    struct gcr_core_goroutine *ret)
{
	struct gcr_core_goroutine g = { .address = address };
	struct object object = { .runtime = world->runtime };
	uint64_t status;

	if (address == 0 || address % 8 != 0)
		return false;
	gcr_coremem_bytes(world->memory, address, &object.bytes);
	object.bytes = gcr_span_head(object.bytes, G_SIZE);
	if (object.bytes.size < (size_t)world->runtime->offset[GCR_G_GOID] + 16)
		return false;
	status = get(&object, GCR_G_STATUS, 0, 4);
	g.scan = (status & STATUS_SCAN) != 0;
	g.status = (unsigned)(status & ~(uint64_t)STATUS_SCAN);
	g.id = get(&object, GCR_G_GOID, 0, 8);
	g.m = get(&object, GCR_G_M_FIELD, 0, 8);
	g.m_id = read_field(world, g.m, GCR_M_ID);
	g.waitsince = get(&object, GCR_G_WAITSINCE, 0, 8);
	g.locked = get(&object, GCR_G_LOCKEDM, 0, 8) != 0;
	g.has_ancestors = has_ancestors(&object);
	g.bubble = bubble_of(world, get(&object, GCR_G_BUBBLE, 0, 8));
	g.state = state_of(world, g.status,
			   (unsigned)get(&object, GCR_G_WAITREASON, 0, 1));
	g.durable = g.bubble != 0 && is_durable(world, &g);
	read_places(&object, &g);
	*ret = g;
	return true;
}

static int by_m(const void *left, const void *right)
{
	const struct gcr_core_m *a = left, *b = right;

	return (a->m > b->m) - (a->m < b->m);
}

// Does the word `below` the FS base of a thread lead to a goroutine of a machine that
// knows it? Anything may be there in a thread that C made.
static bool read_thread(const struct gcr_coreworld *world,
			const struct gcr_corefile *file, size_t thread,
			uint64_t below, struct gcr_core_m *ret)
{
	uint64_t base = file->threads[thread].registers[GCR_FS_BASE];
	struct gcr_core_m m = { .thread = thread };

	if (!gcr_coremem_word(world->memory, base - below, &m.g) || m.g == 0 ||
	    m.g % 8 != 0)
		return false;
	m.m = read_field(world, m.g, GCR_G_M_FIELD);
	if (m.m == 0)
		return false;
	m.g0 = read_field(world, m.m, GCR_M_G0);
	m.gsignal = read_field(world, m.m, GCR_M_GSIGNAL);
	m.curg = read_field(world, m.m, GCR_M_CURG);
	*ret = m;
	return m.g == m.g0 || m.g == m.gsignal || m.g == m.curg;
}

// The place in which most threads have one. Go cmd/link TLS, runtime.tlsg.
static uint64_t find_tls(const struct gcr_coreworld *world,
			 const struct gcr_corefile *file)
{
	uint64_t found = TLS_G;
	size_t most = 0;

	for (uint64_t below = TLS_G; below <= MOST_TLS; below += 8) {
		struct gcr_core_m unused;
		size_t count = 0;

		for (size_t i = 0; i < file->thread_count && i < TLS_THREADS;
		     i++)
			count += read_thread(world, file, i, below, &unused);
		if (count > most) {
			most = count;
			found = below;
		}
		// Where it is if C has nothing there.
		if (below == TLS_G && most > 0)
			break;
	}
	return found;
}

int gcr_coreworld_make(const struct gcr_corefile *file,
		       const struct gcr_runtime *runtime,
		       struct gcr_coremem *memory, struct gcr_arena *arena,
		       struct gcr_coreworld *ret, struct gcr_error *err)
{
	struct gcr_coreworld world = { .runtime = runtime, .memory = memory };
	uint64_t below;

	world.ms = gcr_arena_array(arena, file->thread_count, sizeof(*world.ms),
				   err);
	if (world.ms == NULL)
		return -1;
	below = find_tls(&world, file);
	for (size_t i = 0; i < file->thread_count; i++) {
		struct gcr_core_m m;

		if (read_thread(&world, file, i, below, &m))
			world.ms[world.m_count++] = m;
	}
	if (world.m_count > 0)
		qsort(world.ms, world.m_count, sizeof(*world.ms), by_m);
	*ret = world;
	return 0;
}

const struct gcr_core_m *gcr_coreworld_thread(const struct gcr_coreworld *world,
					      uint64_t m)
{
	struct gcr_core_m key = { .m = m };

	if (m == 0 || world->m_count == 0)
		return NULL;
	return bsearch(&key, world->ms, world->m_count, sizeof(*world->ms),
		       by_m);
}
