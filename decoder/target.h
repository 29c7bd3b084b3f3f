#ifndef GCR_TARGET_H
#define GCR_TARGET_H

/*
 * Architectures and Go releases, and what a text shows of them.
 *
 * Evidence narrows a target: `[sync.Mutex.Lock]` is go1.20 or later, a frame
 * in `asm_386.s` is a 386. Contradicting evidence (two programs in one log) is
 * refused, the first stays.
 */

#include "gocrash.h"

/* What both know; where they contradict, `first` wins. */
struct gcr_target gcr_target_combine(const struct gcr_target *first,
				     const struct gcr_target *second);

/* Narrow by one piece of evidence; false when it contradicts (unchanged). */
bool gcr_target_at_least(struct gcr_target *target, unsigned minor);
bool gcr_target_at_most(struct gcr_target *target, unsigned minor);
bool gcr_target_is_arch(struct gcr_target *target, enum gcr_arch arch);

#endif
