#ifndef GCR_DEBUGFILE_H
#define GCR_DEBUGFILE_H

/*
 * A small ELF file in memory with nothing in it but the sections that signatures
 * are read from. libdw gets this one instead of the program: it writes to section
 * headers while it unpacks, unpacks all it knows whether asked for or not, and
 * may look for other files.
 */

#include "memory.h"

/*
 * Make it in `arena`; writable. GCR_NOT_FOUND without DWARF; GCR_LIMIT and
 * GCR_FORMAT when it would unpack to more than `limit` (0: none) or than can be
 * honest.
 */
GCR_MUST_CHECK int gcr_debugfile_make(const struct gcr_memory *memory,
				      size_t limit, struct gcr_arena *arena,
				      char **ret, size_t *ret_size,
				      struct gcr_error *err);

/* The same with the sections that tell lines. */
GCR_MUST_CHECK int gcr_debugfile_make_lines(const struct gcr_memory *memory,
					    size_t limit,
					    struct gcr_arena *arena, char **ret,
					    size_t *ret_size,
					    struct gcr_error *err);

#endif
