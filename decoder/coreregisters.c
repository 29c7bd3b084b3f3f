/*
 * Where the runtime and the kernel put them: see coreregisters.h.
 */

#include "coreregisters.h"

#include "core.h"
#include "span.h"

// DWARF's numbers: ax, dx, cx, bx, si, di, bp, sp, r8 to r15.
enum {
	DWARF_BP = 6,
	DWARF_SP = 7,
	VECTORS = 16,
	VECTOR = 16,	  /* bytes from one to the next */
	WIDE_VECTOR = 64, /* of a struct xRegs */
	PREEMPT_VECTORS = 112,
	/* Of asyncPreempt's frame to go1.25; since go1.26 it has no vectors. */
	PREEMPT_FRAME = 392,
	CONTEXT_STATE = 224,
	STATE_VECTORS = 160,
};

// Go runtime/preempt_amd64.s asyncPreempt, the same since go1.14: from sp up ax,
// cx, dx, bx, si, di, r8 to r15; bp below the return address.
static const unsigned char saved_by_preempt[] = { 0, 2,	 1,  3,	 4,  5,	 8,
						  9, 10, 11, 12, 13, 14, 15 };

// Linux struct sigcontext, behind 40 bytes of ucontext: r8 to r15, di, si, bp,
// bx, dx, ax, cx, sp.
static const unsigned char saved_by_signal[] = { 8, 9, 10, 11, 12, 13, 14, 15,
						 5, 4, 6,  3,  1,  0,  2,  7 };

static void read_saved(struct gcr_corereader *reader, uint64_t address,
		       const unsigned char *numbers, size_t count,
		       struct gcr_location_frame *to)
{
	for (size_t i = 0; i < count; i++)
		if (gcr_corenumber(reader, address + 8 * i, 8,
				   &to->registers[numbers[i]]))
			to->saved |= UINT64_C(1) << numbers[i];
}

static void read_vectors(struct gcr_corereader *reader, uint64_t address,
			 unsigned step, struct gcr_location_frame *to)
{
	for (unsigned i = 0; i < VECTORS; i++)
		if (gcr_corenumber(reader, address + (uint64_t)step * i, 8,
				   &to->registers[GCR_LOCATION_X0 + i]))
			to->saved |= UINT64_C(1) << (GCR_LOCATION_X0 + i);
}

// Linux struct sigcontext's `fpstate`, which begins as FXSAVE writes it.
static void read_signal_vectors(struct gcr_corereader *reader, uint64_t context,
				struct gcr_location_frame *to)
{
	uint64_t state;

	if (gcr_corenumber(reader, context + CONTEXT_STATE, 8, &state) &&
	    state != 0)
		read_vectors(reader, state + STATE_VECTORS, VECTOR, to);
}

// Go runtime/preempt_xreg.go xRegSave, since go1.26: while a goroutine is
// preempted, and only then, it has a struct xRegState.
static void read_preempted_vectors(struct gcr_corereader *reader, uint64_t g,
				   const struct gcr_frame *above,
				   struct gcr_location_frame *to)
{
	uint64_t state = 0;

	if (above->fp - above->sp == PREEMPT_FRAME)
		read_vectors(reader, above->sp + PREEMPT_VECTORS, VECTOR, to);
	else if (g != 0 &&
		 gcr_runtime_field(&reader->core->runtime, g, GCR_G_XREGS, 8,
				   &state) &&
		 state != 0)
		read_vectors(reader, state, WIDE_VECTOR, to);
}

void gcr_coreregisters(struct gcr_corereader *reader, uint64_t g,
		       const struct gcr_frame *physical,
		       const struct gcr_frame *above,
		       struct gcr_location_frame *to)
{
	bool exact = (physical->flags & GCR_FRAME_EXACT_PC) != 0;

	if (above == NULL || !(above->flags & GCR_FRAME_FP_SP))
		return;
	if (gcr_span_is(above->function, "runtime.asyncPreempt")) {
		read_saved(reader, above->sp, saved_by_preempt,
			   sizeof(saved_by_preempt), to);
		read_saved(reader, above->fp - 16,
			   (const unsigned char[]){ DWARF_BP }, 1, to);
		read_preempted_vectors(reader, g, above, to);
	} else if (exact && gcr_span_is(above->function, "runtime.sigtramp")) {
		read_saved(reader, above->fp + 40, saved_by_signal,
			   sizeof(saved_by_signal), to);
		read_signal_vectors(reader, above->fp, to);
		if (to->registers[DWARF_SP] != physical->sp)
			to->saved = 0;
	}
}
