#ifndef GCR_COREMEM_H
#define GCR_COREMEM_H

/*
 * The address space of a process that left a core: what the core has of it,
 * and under that the program's own segments where they ran. A byte that nobody
 * saved is never a zero.
 */

#include "corefile.h"
#include "memory.h"

/* A run of addresses without overlap. */
struct gcr_core_run {
	uint64_t start, end; /* `bytes` covers a part from the start */
	struct gcr_span bytes;
	enum gcr_saved saved;
	bool writable;
};

struct gcr_coremem {
	struct gcr_core_run *runs; /* by address */
	size_t count;
	size_t last;	    /* where the last look-up ended */
	uint64_t saved;	    /* bytes the core has */
	uint64_t lost;	    /* bytes the core should have and does not */
	uint64_t lost_from; /* the lowest of them */
};

/* `program` as mapped `bias` higher; or NULL. */
GCR_MUST_CHECK int gcr_coremem_make(const struct gcr_corefile *core,
				    const struct gcr_memory *program,
				    uint64_t bias, struct gcr_arena *arena,
				    struct gcr_coremem *ret,
				    struct gcr_error *err);

/* As gcr_core_bytes(); all of a run that is left from `address` on. */
enum gcr_saved gcr_coremem_bytes(struct gcr_coremem *memory, uint64_t address,
				 struct gcr_span *ret);

/* `size` bytes, which have to lie in one piece; false when they do not. */
bool gcr_coremem_span(struct gcr_coremem *memory, uint64_t address,
		      uint64_t size, struct gcr_span *ret);

size_t gcr_coremem_read(struct gcr_coremem *memory, uint64_t address, void *to,
			size_t size);

/* A little-endian number of `size` (1 to 8) bytes. */
bool gcr_coremem_number(struct gcr_coremem *memory, uint64_t address,
			unsigned size, uint64_t *ret);

static inline bool gcr_coremem_word(struct gcr_coremem *memory,
				    uint64_t address, uint64_t *ret)
{
	return gcr_coremem_number(memory, address, 8, ret);
}

#endif
