#ifndef GCR_CORE_H
#define GCR_CORE_H

/* What a core is made of; for the files that read cores. See gocrash.h. */

#include "arena.h"
#include "corefit.h"
#include "coregoroutine.h"
#include "coremem.h"
#include "corenative.h"
#include "corepcs.h"
#include "coreunwind.h"
#include "runtimevars.h"

/* Stacks that could not be followed to their ends, and goroutines unread. */
struct gcr_core_losses {
	uint64_t ends[GCR_END_LIMIT + 1];
	uint64_t example[GCR_END_LIMIT + 1]; /* goroutine ids */
	uint64_t unreadable, unavailable, moving, scanned, lost_words;
	uint64_t ancestors; /* goroutines that have some, not told */
	uint64_t unlabelled;
};

enum gcr_core_death {
	GCR_DEATH_NONE, /* it was alive, or nothing tells */
	GCR_DEATH_PANIC,
	GCR_DEATH_FATAL, /* a fatal error of the runtime's */
	GCR_DEATH_SIGNAL,
};

struct gcr_core {
	struct gcr_arena *arena;
	/* Of one goroutine in the model; from `scratch_start` on. */
	struct gcr_arena *scratch;
	struct gcr_arena_mark scratch_start;
	struct gcr_image *image;
	struct gcr_corefile file;
	struct gcr_coremem memory;
	struct gcr_core_options options;
	struct gcr_span whole; /* the file */
	uint64_t bias;
	uint64_t start; /* where the program's file begins in memory */
	struct gcr_runtime runtime;
	struct gcr_coreworld world;
	struct gcr_core_pcs pcs;
	struct gcr_note *notes;
	size_t note_count, note_room;
	/* The goroutine that died, and its thread; 0, NULL: not told. */
	uint64_t dying;
	const struct gcr_core_m *dying_m;
	enum gcr_core_death death;
	bool death_on_system; /* on the scheduler's stack */
	bool death_in_c;      /* by a signal while C code ran */
	bool c_told;	      /* … and the runtime says so */
	/* And of itself, not of a signal that somebody sent. */
	bool c_failed;
	bool death_below_c;	/* on a stack that C code had called from */
	struct gcr_crash crash; /* cause and target, no goroutines */
	uint64_t newest;	/* waitsince of all */
	/* Where the runtime's list is lost: what a search found. */
	uint64_t *found;
	size_t found_count;
	/* Where gcr_core_advance() is. */
	uint64_t next;
	uint64_t chosen; /* id of the only one; 0: all */
	bool dying_done;
	uint64_t frames_left; /* of all stacks: more than there is room for */
	uint64_t labels_left; /* bytes of labels, in the same way */
	struct gcr_core_stack stack;
	struct gcr_core_context last_context; /* outermost of a thread */
	struct gcr_core_losses losses;
	bool losses_told;
	struct gcr_core_library *libraries;
	size_t library_count;
	struct gcr_native native;
	bool c_frames; /* of all goroutines that are in C */
	/* Of the goroutine at hand, above its Go frames. */
	struct gcr_native_frame *c_stack;
	size_t c_count;
};

/* One line for people; at most `limits.notes` are kept. */
GCR_MUST_CHECK GCR_PRINTF(3, 4) int gcr_core_note(struct gcr_core *core,
						  struct gcr_error *err,
						  const char *format, ...);

/* Fill in `found`; once. In coresearch.c. */
GCR_MUST_CHECK int gcr_core_search(struct gcr_core *core,
				   struct gcr_error *err);

/* How many goroutines may be listed, and the address of one; 0: unreadable. */
uint64_t gcr_core_listed(const struct gcr_core *core);
uint64_t gcr_core_listed_at(struct gcr_core *core, uint64_t index);

/* Who died, and since when is waited; once, after opening. In coredying.c. */
void gcr_core_find_dying(struct gcr_core *core);

/*
 * The next goroutine, its stack in `core->stack`: the one that died first, then
 * in the order of the runtime's list. 1, 0 behind the last, -1. In corewalk.c.
 */
GCR_MUST_CHECK int gcr_core_advance(struct gcr_core *core,
				    struct gcr_core_goroutine *ret,
				    struct gcr_error *err);
void gcr_core_restart(struct gcr_core *core);

/*
 * The stack of what died, in `core->stack`; how, in `core->death`. Needs
 * `dying_m`. In corewalk.c.
 */
GCR_MUST_CHECK int gcr_core_die(struct gcr_core *core,
				struct gcr_core_goroutine *ret,
				struct gcr_error *err);

/* List the files that were mapped; once. In corelibraries.c. */
GCR_MUST_CHECK int gcr_core_find_libraries(struct gcr_core *core,
					   struct gcr_error *err);

/* From a thread's registers, or `context` when that is not 0: its C frames. */
GCR_MUST_CHECK int gcr_core_read_c(struct gcr_core *core,
				   const uint64_t *registers, uint64_t context,
				   struct gcr_error *err);

/* Where `core->stack` ended because C had called: the C frames below it. */
GCR_MUST_CHECK int gcr_core_read_c_below(struct gcr_core *core,
					 struct gcr_error *err);

/* Fill in `core->crash`; once. In corecause.c. */
GCR_MUST_CHECK int gcr_core_find_cause(struct gcr_core *core,
				       struct gcr_error *err);

/* The panics of a goroutine, of which `newest` is told by it. In corecause.c. */
GCR_MUST_CHECK int gcr_core_read_panics(struct gcr_core *core, uint64_t newest,
					struct gcr_cause *cause,
					struct gcr_error *err);

/* What was lost on the way, as notes; once a walk. In corelosses.c. */
GCR_MUST_CHECK int gcr_core_note_losses(struct gcr_core *core,
					struct gcr_error *err);

/* Are arguments printed by the compiler's programs (since go1.17)? */
bool gcr_core_typed(const struct gcr_core *core);

/* Which frames of `core->stack` the runtime would print. In coreelide.c. */
struct gcr_core_shown {
	size_t inner, outer; /* logical frames from either end */
	size_t total;
	uint64_t elided;      /* between them */
	bool cut;	      /* to go1.20: the rest is not printed */
	size_t physical_most; /* frames looked at */
};

struct gcr_core_shown gcr_core_shown(const struct gcr_core *core);

/* At least so many minutes; 0: less than one, or not told. */
uint64_t gcr_core_minutes(const struct gcr_core *core,
			  const struct gcr_core_goroutine *g);

#endif
