#ifndef GCR_CORE_H
#define GCR_CORE_H

/* What a core is made of; for the files that read cores. See gocrash.h. */

#include "corefit.h"
#include "coremem.h"

struct gcr_core {
	struct gcr_arena *arena;
	struct gcr_image *image;
	struct gcr_corefile file;
	struct gcr_coremem memory;
	struct gcr_limits limits;
	uint64_t bias;
	struct gcr_note *notes;
	size_t note_count, note_room;
};

/* One line for people; at most `limits.notes` are kept. */
GCR_MUST_CHECK GCR_PRINTF(3, 4) int gcr_core_note(struct gcr_core *core,
						  struct gcr_error *err,
						  const char *format, ...);

#endif
