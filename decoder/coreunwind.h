#ifndef GCR_COREUNWIND_H
#define GCR_COREUNWIND_H

/*
 * From a pc and an sp to the frames of a stack, by the frame sizes that the
 * pc-line table has for each instruction. Stack pointers only grow, so no stack
 * loops; what cannot be followed ends it, and says why.
 * Go runtime/traceback.go (*unwinder).next, before go1.21 gentraceback.
 */

#include "coremem.h"
#include "corepcs.h"

/* One physical frame. */
struct gcr_core_frame {
	const struct gcr_core_pc *at;
	uint64_t sp, fp; /* fp: sp of the caller, where arguments begin */
};

/* Where a signal found a thread. Linux struct ucontext. */
struct gcr_core_context {
	uint64_t address; /* 0: none */
	uint64_t pc, sp;
	/* Of the siginfo behind it. */
	uint64_t signal, code, fault;
};

enum gcr_core_end {
	GCR_END_COMPLETE,
	GCR_END_SIGNAL,	    /* at a handler's frame; see `context` */
	GCR_END_SP_WRITTEN, /* a function that moves the stack pointer */
	GCR_END_NOT_GO,	    /* return address in no Go function */
	GCR_END_NOT_SAVED,  /* the core does not have the stack */
	GCR_END_CORRUPT,    /* the stack pointer left the stack */
	GCR_END_LIMIT,	    /* more frames than the caller allows */
};

/*
 * Of a very deep stack only both ends are kept: `left_out` logical frames were
 * between those at `left_out_at` - 1 and `left_out_at`.
 */
struct gcr_core_stack {
	struct gcr_core_frame *frames;
	size_t count, room;
	uint64_t left_out;
	size_t left_out_at;
	uint64_t walked; /* physical frames in all */
	enum gcr_core_end end;
	uint64_t end_pc, end_sp; /* where it could not go on */
	struct gcr_core_context context;
};

/* What unwinding needs beside the place to start. */
struct gcr_core_unwinder {
	struct gcr_core_pcs *pcs;
	struct gcr_coremem *memory;
	struct gcr_arena *arena; /* for more frames */
	uint64_t most_frames;
	uint64_t *frames_left;	  /* of all stacks, counted down */
	bool exact_below_preempt; /* since go1.21 */
};

struct gcr_core_start {
	uint64_t pc, sp;
	uint64_t low, high; /* of the stack; high 0: not known */
	bool trap;	    /* pc was executing */
	bool syscall;	    /* saved on entry to a system call */
};

/*
 * Frames are put behind those that `stack` has. Fails for want of memory only.
 */
GCR_MUST_CHECK int gcr_core_unwind(const struct gcr_core_unwinder *unwinder,
				   const struct gcr_core_start *start,
				   struct gcr_core_stack *stack,
				   struct gcr_error *err);

/* Why a stack ended, in words; NULL for COMPLETE. */
const char *gcr_core_end_text(enum gcr_core_end end);

#endif
