#ifndef GCR_COREARGS_H
#define GCR_COREARGS_H

/*
 * The arguments of a frame as the runtime prints them: by the compiler's program
 * since go1.17, words before. `?` where nothing says that a word was stored, `_`
 * where the core does not have it.
 */

#include "coremem.h"
#include "corepcs.h"

enum {
	GCR_COREARGS_SIZE = 4096 /* bytes of the longest list */
};

/*
 * Between the parentheses of the physical frame at `at`, whose caller's stack
 * begins at `fp`. `to` has GCR_COREARGS_SIZE bytes; returns how many were
 * written. `*lost` is set when a word was not saved.
 */
size_t gcr_coreargs_print(const struct gcr_core_pc *at,
			  struct gcr_coremem *memory, uint64_t fp, bool typed,
			  char *to, bool *lost);

/* `0x` and digits; returns how many bytes, at most 18. */
size_t gcr_put_hex(char *to, uint64_t value);

#endif
