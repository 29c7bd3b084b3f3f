#ifndef GCR_PROGRAM_H
#define GCR_PROGRAM_H

/*
 * The program beside its crash: what its call sites add to frames that are being
 * decoded. gcr_program_new() and the rest are in gocrash.h.
 */

#include "gocrash.h"

/*
 * Add to `decoding`, of `frame`, which is one of the crash's goroutines'; other
 * frames and programs that tell nothing leave it alone. Texts live in `arena`, or
 * in the program until a frame of another goroutine is asked for.
 */
GCR_MUST_CHECK int gcr_program_apply(struct gcr_program *program,
				     const struct gcr_frame *frame,
				     struct gcr_arena *arena,
				     struct gcr_decoding *decoding,
				     struct gcr_error *err);

/*
 * From now on frames of this goroutine are asked for; before those of the crash
 * it is looked at. `goroutine` has to stay until another one is set. Nothing
 * happens if `program` is NULL.
 */
void gcr_program_turn(struct gcr_program *program,
		      const struct gcr_goroutine *goroutine);

/* Is it the program of a core? */
bool gcr_program_has_core(const struct gcr_program *program);

/*
 * Which of several functions of one name, the instances of generic code, a frame
 * is of: the entry of what its caller calls, 0 where that is not told or the name
 * has no instances.
 */
GCR_MUST_CHECK int gcr_program_function(struct gcr_program *program,
					const struct gcr_frame *frame,
					uint64_t *ret, struct gcr_error *err);

struct gcr_program_parts {
	struct gcr_image *image;
	const struct gcr_crash *crash;
	const struct gcr_declarations *declarations; /* or NULL */
};

/* gcr_program_new() in an arena of the caller's, taken over in any case. */
GCR_MUST_CHECK int gcr_program_make(const struct gcr_program_parts *parts,
				    struct gcr_arena *arena,
				    struct gcr_program **ret,
				    struct gcr_error *err);

#endif
