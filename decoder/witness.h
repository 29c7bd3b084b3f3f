#ifndef GCR_WITNESS_H
#define GCR_WITNESS_H

/*
 * What a core still has of the arguments of a goroutine's frames, where the trace
 * vouches for nothing: slots that hold, on every way to the call at which a frame
 * stands, what a part of its arguments was, and that nobody else can have written
 * to since. What it handed on unchanged, the callee's slots tell as well.
 */

#include "callsite.h"
#include "machine.h"

/*
 * The slots of `frame`, of which `own` is the recovery, by `at_call`: what holds
 * while the call is under way, that is: as if it had returned. Fills in
 * `own->kept`, in `arena`. Two slots that differ tell nothing.
 */
GCR_MUST_CHECK int gcr_witness_slots(const struct gcr_callsite_input *input,
				     const struct gcr_frame *frame,
				     const struct gcr_state *at_call,
				     struct gcr_arena *arena,
				     struct gcr_recovery *own,
				     struct gcr_error *err);

/* Part `index` of `callee` is the caller's part that `fact` is, if it is one. */
void gcr_witness_handed(struct gcr_recovery *callee, size_t index,
			const struct gcr_recovery *caller,
			const struct gcr_fact *fact);

/*
 * From the innermost frame outwards: what is kept of a frame's arguments becomes
 * its caller's, where it was handed on, and part of what is recovered; then from
 * the outermost inwards what was handed on is that. Where a call site has another
 * value nothing is recovered. `frames` are of the goroutine
 * of `input`; those that were not looked at are NULL.
 */
GCR_MUST_CHECK int gcr_witness_apply(const struct gcr_callsite_input *input,
				     struct gcr_recovery **frames,
				     struct gcr_arena *arena,
				     struct gcr_error *err);

#endif
