#ifndef GCR_REGISTERWAYS_H
#define GCR_REGISTERWAYS_H

#include "stores.h"

/*
 * Has a register at `at` what it had when the function was entered? False where that
 * cannot be told. `reg` is an enum gcr_machine_register; `stores` are the function's.
 */
bool gcr_register_kept(const struct gcr_image *image,
		       const struct gcr_image_function *function,
		       const struct gcr_stores *stores, unsigned reg,
		       uint64_t at);

#endif
