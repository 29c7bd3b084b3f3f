#ifndef GCR_OFFSETCHECK_H
#define GCR_OFFSETCHECK_H

/*
 * Do a trace and the code belong together? What contradicts becomes a warning
 * of the offset.
 */

#include "offset.h"

/*
 * Does `row` have the line, and the file, that the trace prints at this frame
 * or at one inlined into it? True where either says nothing.
 */
bool gcr_offset_fits_line(const struct gcr_offset *offset,
			  const struct gcr_row *row);
bool gcr_offset_fits_file(const struct gcr_offset *offset,
			  const struct gcr_row *row);

/* Add the warnings of an offset that is otherwise complete. */
GCR_MUST_CHECK int gcr_offset_check(const struct gcr_code_source *code,
				    struct gcr_offset *offset,
				    struct gcr_arena *arena,
				    struct gcr_error *err);

/* Of several that fit equally well, some; the offset's own is among them. */
struct gcr_offset_equals {
	const struct gcr_routine *items[8];
	size_t count; /* of all of them */
};

GCR_MUST_CHECK int
gcr_offset_warn_ambiguous(struct gcr_offset *offset,
			  const struct gcr_offset_equals *equals,
			  struct gcr_arena *arena, struct gcr_error *err);

#endif
