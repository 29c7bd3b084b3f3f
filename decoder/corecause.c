/*
 * Why the program died: its panics, the text of a fatal error, the signal.
 *
 * All of it is still there. The chain of panics hangs on the goroutine, with
 * values already turned to text; a fatal error's text is in the closure that
 * printed it, on the stack of the function that made it; a signal's number stands
 * behind the registers that the kernel saved.
 */

#include "core.h"

#include "arena.h"
#include "coreprint.h"
#include "error.h"
#include "sink.h"
#include "span.h"

#include <stdlib.h>

enum {
	MOST_PANICS = 1000,
	LONGEST_FATAL = 4096,
	LARGEST_FATAL = 4096, /* bytes of its frame */
	SIGNAL_SEGV = 11,
	SIGNAL_BUS = 7,
	SIGNAL_QUIT = 3,
	SIGNAL_ABRT = 6,
};

// Go runtime/sigtab_linux_generic.go; what a program can die of.
static const struct {
	unsigned number;
	const char *name, *description;
} signals[] = {
	{ 1, "SIGHUP", "terminal line hangup" },
	{ 2, "SIGINT", "interrupt" },
	{ SIGNAL_QUIT, "SIGQUIT", "quit" },
	{ 4, "SIGILL", "illegal instruction" },
	{ 5, "SIGTRAP", "trace trap" },
	{ SIGNAL_ABRT, "SIGABRT", "abort" },
	{ SIGNAL_BUS, "SIGBUS", "bus error" },
	{ 8, "SIGFPE", "floating-point exception" },
	{ SIGNAL_SEGV, "SIGSEGV", "segmentation violation" },
	{ 15, "SIGTERM", "termination" },
	{ 16, "SIGSTKFLT", "stack fault" },
	{ 24, "SIGXCPU", "cpu limit exceeded" },
	{ 31, "SIGSYS", "bad system call" },
};

static void name_signal(uint64_t number, struct gcr_signal *signal)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (signals[i].number == number) {
			signal->name = gcr_span_of(signals[i].name);
			signal->description =
				gcr_span_of(signals[i].description);
		}
}

static bool word_at(struct gcr_core *core, uint64_t address, enum gcr_rt field,
		    uint64_t *ret)
{
	return gcr_runtime_field(&core->runtime, address, field, 8, ret);
}

static bool flag_at(struct gcr_core *core, uint64_t address, enum gcr_rt field)
{
	uint64_t value;

	return gcr_runtime_field(&core->runtime, address, field, 1, &value) &&
	       value != 0;
}

static int read_panic(struct gcr_core *core, uint64_t at, struct gcr_panic *ret,
		      struct gcr_error *err)
{
	uint64_t words[2];

	ret->recovered = flag_at(core, at, GCR_PANIC_RECOVERED);
	ret->repanicked = flag_at(core, at, GCR_PANIC_REPANICKED);
	ret->text = GCR_SPAN("?");
	if (!word_at(core, at, GCR_PANIC_ARG, &words[0]) ||
	    !word_at(core, at + 8, GCR_PANIC_ARG, &words[1]))
		return 0;
	if (gcr_core_print_value(&core->runtime.types, words, core->runtime.go,
				 core->arena, &ret->text, err) != 0)
		return -1;
	if (ret->text.data == NULL)
		ret->text = GCR_SPAN("?");
	return 0;
}

// From the newest on, which hangs on the goroutine; those of Goexit() left out.
static size_t find_panics(struct gcr_core *core, uint64_t newest,
			  uint64_t chain[MOST_PANICS])
{
	uint64_t seen[MOST_PANICS], at = newest;
	size_t count = 0;

	for (size_t steps = 0; at != 0 && steps < MOST_PANICS; steps++) {
		for (size_t i = 0; i < steps; i++)
			if (seen[i] == at)
				return count;
		seen[steps] = at;
		if (!flag_at(core, at, GCR_PANIC_GOEXIT))
			chain[count++] = at;
		if (!word_at(core, at, GCR_PANIC_LINK, &at))
			break;
	}
	return count;
}

// They are told oldest first. All texts are in the core, so they are no more
// than it has; those that would be are the oldest.
int gcr_core_read_panics(struct gcr_core *core, uint64_t newest,
			 struct gcr_cause *cause, struct gcr_error *err)
{
	uint64_t chain[MOST_PANICS], left = core->file.size;
	size_t count = find_panics(core, newest, chain);

	cause->panics = gcr_arena_array(core->arena, count,
					sizeof(*cause->panics), err);
	if (cause->panics == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct gcr_panic *panic = &cause->panics[count - 1 - i];

		if (read_panic(core, chain[i], panic, err) != 0)
			return -1;
		if (panic->text.size > left)
			panic->text = GCR_SPAN("?");
		left -= panic->text.size < left ? panic->text.size : left;
	}
	cause->panic_count = count;
	if (count > 0)
		cause->text = cause->panics[count - 1].text;
	return 0;
}

// `[signal SIGSEGV: … code=0x1 addr=0x0 pc=0x…]`: a fault that became a panic.
static int read_fault(struct gcr_core *core, const struct gcr_core_goroutine *g,
		      struct gcr_cause *cause, struct gcr_error *err)
{
	struct gcr_signal *signal;

	if (g->signal == 0)
		return 0;
	signal = gcr_arena_alloc(core->arena, sizeof(*signal), err);
	if (signal == NULL)
		return -1;
	*signal = (struct gcr_signal){
		.code = g->signal_code,
		.addr = g->signal_address,
		.pc = g->signal_pc,
		.has_code = true,
		.has_addr = true,
		.has_pc = true,
	};
	name_signal(g->signal, signal);
	cause->signal = signal;
	return 0;
}

static bool is_text(struct gcr_span text)
{
	uint32_t point;

	while (text.size > 0) {
		size_t size = gcr_utf8(text, &point);

		if (size == 0 ||
		    (point < ' ' && point != '\n' && point != '\t'))
			return false;
		text = gcr_span_tail(text, size);
	}
	return true;
}

/*
 * The closure that prints is on the frame of the function that was called with
 * the text: its code's address, then what it captured.
 * Go runtime/panic.go throw, fatal.
 */
static bool find_fatal(struct gcr_core *core,
		       const struct gcr_core_frame *frame, struct gcr_span *ret)
{
	struct gcr_span name =
		frame->at->lines[frame->at->line_count - 1].function;
	const char *closure = gcr_span_is(name, "runtime.throw")
				      ? "runtime.throw.func1"
				      : "runtime.fatal.func1";
	struct gcr_image_function function;
	uint64_t word, data, size;
	size_t after = 0;

	if (!gcr_image_function_named(core->image, gcr_span_of(closure), &after,
				      &function))
		return false;
	for (uint64_t at = frame->sp;
	     at + 24 <= frame->fp && at - frame->sp < LARGEST_FATAL; at += 8) {
		struct gcr_span text;

		if (!gcr_coremem_word(&core->memory, at, &word) ||
		    word != function.entry + core->bias)
			continue;
		for (uint64_t next = at + 8; next <= at + 16; next += 8)
			if (gcr_coremem_word(&core->memory, next, &data) &&
			    gcr_coremem_word(&core->memory, next + 8, &size) &&
			    size > 0 && size <= LONGEST_FATAL &&
			    gcr_coremem_span(&core->memory, data, size,
					     &text) &&
			    is_text(text)) {
				*ret = text;
				return true;
			}
	}
	return false;
}

// A fault that the runtime takes for its own is told by the goroutine it met.
static int read_fatal(struct gcr_core *core, const struct gcr_core_goroutine *g,
		      struct gcr_cause *cause, struct gcr_error *err)
{
	struct gcr_core_goroutine scheduler = { 0 };

	cause->kind = GCR_CAUSE_FATAL;
	cause->text = GCR_SPAN("?");
	if (core->stack.count > 0)
		find_fatal(core, &core->stack.frames[0], &cause->text);
	if (!core->death_on_system)
		return read_fault(core, g, cause, err);
	if (!gcr_coregoroutine_read(&core->world, core->dying_m->g0,
				    &scheduler))
		return 0;
	return read_fault(core, &scheduler, cause, err);
}

// A SIGQUIT comes from others, of a terminal's key by way of the kernel; abort()
// sends its own. Linux siginfo.h: faults have a positive code, kill() has not.
static bool is_own(const struct gcr_core_context *context)
{
	return context->signal == SIGNAL_ABRT ||
	       ((int32_t)context->code > 0 && context->signal != SIGNAL_QUIT);
}

// The runtime prints one since go1.22. Of a signal that was sent it is none, but who
// sent it.
static bool has_address(const struct gcr_core *core,
			const struct gcr_core_context *context)
{
	bool sent = (int32_t)context->code <= 0;

	return (context->signal == SIGNAL_SEGV ||
		context->signal == SIGNAL_BUS) &&
	       (!sent || core->runtime.go == 0 || core->runtime.go >= 22);
}

// Was C at work, did it fail, and does the runtime say so? A thread that C made has
// a goroutine while the handler runs only, and that one is in no C.
static int judge_c(struct gcr_core *core,
		   const struct gcr_core_context *context,
		   struct gcr_error *err)
{
	const struct gcr_core_pc *at =
		gcr_core_pc(&core->pcs, context->pc, true, err);
	uint64_t locked;

	if (at == NULL)
		return -1;
	core->death_in_c = core->dying_m->curg != 0 &&
			   flag_at(core, core->dying_m->m, GCR_M_INCGO);
	core->c_failed = is_own(context) && (core->death_in_c || !at->known);
	core->c_told = core->death_in_c;
	// To go1.17 the runtime asked whether the thread is locked.
	if (core->runtime.go != 0 && core->runtime.go <= 17 &&
	    (!word_at(core, core->dying_m->curg, GCR_G_LOCKEDM, &locked) ||
	     locked == 0))
		core->c_told = false;
	return 0;
}

static int read_signal(struct gcr_core *core, struct gcr_cause *cause,
		       struct gcr_error *err)
{
	uint64_t m_id = 0;
	const struct gcr_core_context *context = &core->last_context;
	struct gcr_signal *signal =
		gcr_arena_alloc(core->arena, sizeof(*signal), err);

	if (signal == NULL)
		return -1;
	if (!word_at(core, core->dying_m->m, GCR_M_ID, &m_id))
		m_id = 0;
	if (judge_c(core, context, err) != 0)
		return -1;
	*signal = (struct gcr_signal){
		// Signed where it is small: negative ones are the kernel's own.
		.code = (uint64_t)(int64_t)(int32_t)context->code,
		.addr = context->fault,
		.pc = context->pc,
		.m = m_id,
		.has_code = true,
		.has_addr = has_address(core, context),
		.has_pc = true,
		.has_m = true,
	};
	name_signal(context->signal, signal);
	cause->kind = GCR_CAUSE_SIGNAL;
	cause->signal = signal;
	return gcr_arena_print(core->arena, &cause->text, err, "%.*s: %.*s",
			       GCR_PRINT_SPAN(signal->name),
			       GCR_PRINT_SPAN(signal->description));
}

int gcr_core_find_cause(struct gcr_core *core, struct gcr_error *err)
{
	struct gcr_cause *cause = &core->crash.cause;
	struct gcr_core_goroutine g = { 0 };

	core->crash.target = core->image->info.target;
	core->crash.core = true;
	if (core->dying_m == NULL)
		return 0;
	gcr_core_restart(core);
	if (gcr_core_die(core, &g, err) != 0)
		return -1;
	switch (core->death) {
	case GCR_DEATH_PANIC:
		cause->kind = GCR_CAUSE_PANIC;
		return gcr_core_read_panics(core, g.panic, cause, err) != 0 ||
				       read_fault(core, &g, cause, err) != 0
			       ? -1
			       : 0;
	case GCR_DEATH_FATAL:
		return read_fatal(core, &g, cause, err);
	case GCR_DEATH_SIGNAL:
		return read_signal(core, cause, err);
	case GCR_DEATH_NONE:
		break;
	}
	return 0;
}
