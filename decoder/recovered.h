#ifndef GCR_RECOVERED_H
#define GCR_RECOVERED_H

/* What call sites tell, as values beside those that the trace printed. */

#include "callsite.h"

/*
 * Put what was recovered into a frame's `arguments`, in place of what the trace
 * does not vouch for; exact parts stay. A part that is not recovered keeps what
 * it had, and the leaf is as certain as its weakest part. Two leaves are RECOVERED
 * though their address may not be known: a string whose content was read from the
 * program, and a slice whose length and capacity were recovered; that address is
 * then UNKNOWN.
 * `from` of each leaf tells by which instructions. Nothing happens when the
 * parameters are not those of `recovery`. Texts live in `arena`.
 */
GCR_MUST_CHECK int gcr_recovered_apply(const struct gcr_callsite_input *input,
				       const struct gcr_recovery *recovery,
				       struct gcr_value *arguments,
				       size_t argument_count,
				       struct gcr_arena *arena,
				       struct gcr_error *err);

/*
 * The parameters of a frame whose words could not be decoded: recovered, or
 * unknown. NULL and 0 when `recovery` has none.
 */
GCR_MUST_CHECK int gcr_recovered_values(const struct gcr_callsite_input *input,
					const struct gcr_recovery *recovery,
					struct gcr_arena *arena,
					struct gcr_value **ret,
					size_t *ret_count,
					struct gcr_error *err);

#endif
