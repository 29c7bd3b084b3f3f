/*
 * Goroutines of a core one after another, each with its stack.
 *
 * Where a stack starts depends on what the goroutine was doing: saved in the
 * goroutine when it waits, saved on entry to a system call, and in a thread's
 * registers when it was running. There the stack pointer decides which of its
 * three stacks a thread was on; the goroutine that the thread says it runs may
 * be another. Behind a signal handler the kernel saved the registers.
 */

#include "core.h"

#include "error.h"
#include "runtimeways.h"
#include "span.h"

enum {
	SIGNAL_ABRT = 6,
	MOST_SIGNALS = 16, /* handlers one within another */
	LIST_SLOT = 8,
	SMALLEST_FRAME = 8, /* a return address */
	LEFT_OUT = 64,	    /* frames looked through for the end of dying */
};

static struct gcr_core_unwinder unwinder_of(struct gcr_core *core)
{
	return (struct gcr_core_unwinder){
		.pcs = &core->pcs,
		.memory = &core->memory,
		.arena = core->arena,
		.most_frames = core->options.limits.frames != 0
				       ? core->options.limits.frames
				       : UINT64_MAX,
		.frames_left = &core->frames_left,
		.exact_below_preempt = gcr_release_does(
			core->runtime.go, GCR_WAY_EXACT_BELOW_PREEMPT),
	};
}

// The frames' storage stays.
static void clear_stack(struct gcr_core_stack *stack)
{
	*stack = (struct gcr_core_stack){ .frames = stack->frames,
					  .room = stack->room };
}

static bool on_stack(const struct gcr_core_goroutine *g, uint64_t sp)
{
	return sp >= g->low && sp < g->high;
}

// Where the goroutine put itself down. False when it has not.
static bool saved_start(const struct gcr_core_goroutine *g,
			struct gcr_core_start *ret)
{
	*ret = (struct gcr_core_start){ .low = g->low, .high = g->high };
	if (g->syscall_sp != 0) {
		ret->pc = g->syscall_pc;
		ret->sp = g->syscall_sp;
		ret->syscall = true;
	} else {
		ret->pc = g->sched_pc;
		ret->sp = g->sched_sp;
	}
	return on_stack(g, ret->sp);
}

// In the vDSO there is no Go code; the runtime noted who called.
static bool vdso_start(struct gcr_core *core, uint64_t m,
		       const struct gcr_core_goroutine *g,
		       struct gcr_core_start *ret)
{
	uint64_t sp, pc;

	if (!gcr_runtime_field(&core->runtime, m, GCR_M_VDSOSP, 8, &sp) ||
	    !gcr_runtime_field(&core->runtime, m, GCR_M_VDSOPC, 8, &pc) ||
	    !on_stack(g, sp))
		return false;
	*ret = (struct gcr_core_start){
		.pc = pc, .sp = sp, .low = g->low, .high = g->high
	};
	return true;
}

// From the thread's registers through signal handlers down to the goroutine.
static int thread_start(struct gcr_core *core, const struct gcr_core_m *m,
			struct gcr_core_goroutine *g,
			struct gcr_core_start *ret, struct gcr_error *err)
{
	const uint64_t *registers = core->file.threads[m->thread].registers;
	struct gcr_core_unwinder unwinder = unwinder_of(core);
	struct gcr_core_start start = { .pc = registers[GCR_RIP],
					.sp = registers[GCR_RSP],
					.trap = true };

	core->last_context = (struct gcr_core_context){ 0 };
	for (unsigned i = 0; i < MOST_SIGNALS; i++) {
		if (on_stack(g, start.sp)) {
			start.low = g->low;
			start.high = g->high;
			g->registers = registers;
			g->context = core->last_context.address;
			*ret = start;
			return 1;
		}
		clear_stack(&core->stack);
		if (gcr_core_unwind(&unwinder, &start, &core->stack, err) != 0)
			return -1;
		if (core->stack.context.address == 0)
			return 0;
		core->last_context = core->stack.context;
		start.pc = core->stack.context.pc;
		start.sp = core->stack.context.sp;
	}
	return 0;
}

// 1 when there is a place to start, 0, or -1.
static int find_start(struct gcr_core *core, struct gcr_core_goroutine *g,
		      struct gcr_core_start *ret, struct gcr_error *err)
{
	const struct gcr_core_m *m = gcr_coreworld_thread(&core->world, g->m);
	int found;

	if (g->status != GCR_STATUS_RUNNING || g->syscall_sp != 0)
		return saved_start(g, ret);
	if (m == NULL || m->curg != g->address)
		return 0;
	if (vdso_start(core, m->m, g, ret))
		return 1;
	found = thread_start(core, m, g, ret, err);
	// On the scheduler's stack: it put itself down before going there.
	return found != 0 ? found : saved_start(g, ret);
}

static struct gcr_span function_of(const struct gcr_core_frame *frame)
{
	return frame->at->lines[frame->at->line_count - 1].function;
}

static void drop_first(struct gcr_core_stack *stack, size_t count)
{
	if (count == 0)
		return;
	stack->count -= count;
	stack->left_out_at -= stack->left_out > 0 ? count : 0;
	for (size_t i = 0; i < stack->count; i++)
		stack->frames[i] = stack->frames[i + count];
}

// What dying called on its own stack is not what died; nor would the runtime
// have printed it. Go runtime/panic.go fatalpanic, fatalthrow.
static enum gcr_core_death drop_dying(struct gcr_core_stack *stack)
{
	enum gcr_core_death death = GCR_DEATH_NONE;
	size_t first = 0;

	for (size_t i = 0; i < stack->count && i < LEFT_OUT; i++) {
		struct gcr_span function = function_of(&stack->frames[i]);

		if (gcr_span_is(function, "runtime.fatalpanic"))
			death = GCR_DEATH_PANIC;
		else if (gcr_span_is(function, "runtime.fatalthrow"))
			death = GCR_DEATH_FATAL;
		else
			continue;
		first = i + 1;
	}
	drop_first(stack, first);
	return death;
}

static void count_loss(struct gcr_core *core,
		       const struct gcr_core_goroutine *g)
{
	struct gcr_core_losses *losses = &core->losses;
	enum gcr_core_end end = core->stack.end;

	losses->moving += g->status == GCR_STATUS_COPYSTACK;
	losses->scanned += g->scan;
	losses->ancestors += g->has_ancestors;
	if (g->unavailable) {
		losses->unavailable++;
		return;
	}
	if (losses->ends[end]++ == 0)
		losses->example[end] = g->id;
}

static int unwind_stack(struct gcr_core *core, struct gcr_core_goroutine *g,
			struct gcr_error *err)
{
	struct gcr_core_unwinder unwinder = unwinder_of(core);
	struct gcr_core_start start;
	int found = find_start(core, g, &start, err);

	clear_stack(&core->stack);
	if (found < 0)
		return -1;
	g->unavailable = found == 0;
	if (found > 0 &&
	    gcr_core_unwind(&unwinder, &start, &core->stack, err) != 0)
		return -1;
	return 0;
}

// In a call of C its thread is outside Go.
static int read_c_frames(struct gcr_core *core,
			 const struct gcr_core_goroutine *g,
			 struct gcr_error *err)
{
	const struct gcr_core_m *m = gcr_coreworld_thread(&core->world, g->m);
	bool asked =
		core->c_frames || (core->c_failed && g->address == core->dying);
	struct gcr_core_goroutine nobody = { 0 };
	struct gcr_core_start start;

	core->c_count = 0;
	if (!asked || core->native.files == NULL || m == NULL ||
	    m->curg != g->address || g->syscall_sp == 0)
		return 0;
	if (thread_start(core, m, &nobody, &start, err) < 0)
		return -1;
	return gcr_core_read_c(core, core->file.threads[m->thread].registers,
			       core->last_context.address, err);
}

static int unwind_goroutine(struct gcr_core *core, struct gcr_core_goroutine *g,
			    struct gcr_error *err)
{
	if (read_c_frames(core, g, err) != 0)
		return -1;
	if (unwind_stack(core, g, err) != 0)
		return -1;
	if (g->address == core->dying)
		drop_dying(&core->stack);
	count_loss(core, g);
	return 0;
}

// The runtime ends itself with a signal; where it does so in the code of a plugin,
// what it died of is in no frame.
static bool is_hidden(const struct gcr_core *core)
{
	return core->runtime.next_module != 0 &&
	       core->last_context.signal == SIGNAL_ABRT &&
	       core->stack.end == GCR_END_NOT_GO;
}

// A panic that was not recovered hangs on its goroutine still.
static enum gcr_core_death hidden_death(struct gcr_core *core,
					const struct gcr_core_goroutine *g)
{
	int32_t at = core->runtime.offset[GCR_M_THROWING];
	uint64_t throwing;

	if (core->dying == 0 || g->panic == 0 || at == GCR_RT_ABSENT ||
	    !gcr_coremem_number(&core->memory, core->dying_m->m + (uint64_t)at,
				4, &throwing) ||
	    throwing != 0)
		return GCR_DEATH_NONE;
	return GCR_DEATH_PANIC;
}

// Of the thread that died: its goroutine's stack, or the scheduler's if it died
// there, in `core->stack`.
int gcr_core_die(struct gcr_core *core, struct gcr_core_goroutine *ret,
		 struct gcr_error *err)
{
	struct gcr_core_goroutine nobody = { 0 };
	struct gcr_core_start start;

	core->death_on_system = false;
	if (core->dying != 0 &&
	    gcr_coregoroutine_read(&core->world, core->dying, ret)) {
		if (unwind_stack(core, ret, err) != 0)
			return -1;
		core->death = drop_dying(&core->stack);
		if (core->death != GCR_DEATH_NONE)
			return 0;
	}
	if (thread_start(core, core->dying_m, &nobody, &start, err) < 0)
		return -1;
	core->death = drop_dying(&core->stack);
	core->death_on_system = core->death != GCR_DEATH_NONE;
	core->death_below_c =
		core->death_on_system && core->stack.end == GCR_END_NOT_GO;
	if (core->death == GCR_DEATH_NONE && core->last_context.address != 0)
		core->death = is_hidden(core) ? hidden_death(core, ret)
					      : GCR_DEATH_SIGNAL;
	return 0;
}

static bool is_shown(const struct gcr_core_goroutine *g)
{
	return g->status != GCR_STATUS_IDLE && g->status != GCR_STATUS_DEAD &&
	       g->status != GCR_STATUS_DEADEXTRA;
}

uint64_t gcr_core_listed(const struct gcr_core *core)
{
	return core->found != NULL ? core->found_count
				   : core->runtime.allgs_count;
}

uint64_t gcr_core_listed_at(struct gcr_core *core, uint64_t index)
{
	uint64_t address;

	if (core->found != NULL)
		return core->found[index];
	if (!gcr_coremem_word(&core->memory,
			      core->runtime.allgs + LIST_SLOT * index,
			      &address))
		return 0;
	return address;
}

static bool is_chosen(const struct gcr_core *core,
		      const struct gcr_core_goroutine *g)
{
	return core->chosen == 0 || core->chosen == g->id;
}

bool gcr_core_choose(struct gcr_core *core, uint64_t id)
{
	uint64_t count = gcr_core_listed(core);
	struct gcr_core_goroutine g;

	core->chosen = id;
	if (id == 0)
		return true;
	if (core->dying != 0 &&
	    gcr_coregoroutine_read(&core->world, core->dying, &g) && g.id == id)
		return true;
	for (uint64_t i = 0; i < count; i++)
		if (gcr_coregoroutine_read(&core->world,
					   gcr_core_listed_at(core, i), &g) &&
		    g.id == id && is_shown(&g))
			return true;
	return false;
}

int gcr_core_advance(struct gcr_core *core, struct gcr_core_goroutine *ret,
		     struct gcr_error *err)
{
	uint64_t address;

	if (!core->dying_done) {
		core->dying_done = true;
		if (core->dying != 0 &&
		    gcr_coregoroutine_read(&core->world, core->dying, ret) &&
		    is_chosen(core, ret))
			return unwind_goroutine(core, ret, err) != 0 ? -1 : 1;
	}
	while (core->next < gcr_core_listed(core)) {
		address = gcr_core_listed_at(core, core->next++);
		if (address == core->dying && address != 0)
			continue;
		if (!gcr_coregoroutine_read(&core->world, address, ret)) {
			core->losses.unreadable++;
			continue;
		}
		if (is_shown(ret) && is_chosen(core, ret))
			return unwind_goroutine(core, ret, err) != 0 ? -1 : 1;
	}
	return 0;
}

void gcr_core_restart(struct gcr_core *core)
{
	core->next = 0;
	core->dying_done = false;
	core->frames_left = core->file.size / SMALLEST_FRAME;
	core->labels_left = core->file.size;
	core->losses = (struct gcr_core_losses){ 0 };
	core->losses_told = false;
}
