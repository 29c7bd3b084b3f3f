#ifndef GCR_RTYPE_H
#define GCR_RTYPE_H

/*
 * Types as layouts, by the descriptors that the runtime itself goes by: they are
 * in every program, stripped or not, and interfaces and panics point to them.
 * Addresses are those of the run.
 */

#include "debugpart.h"

struct gcr_rtypes;

/* Core and arena have to stay. */
GCR_MUST_CHECK int gcr_rtypes_new(struct gcr_core *core,
				  struct gcr_arena *arena,
				  struct gcr_rtypes **ret,
				  struct gcr_error *err);

/*
 * The layout of the type described at `address`; opaque for what is none. Its
 * `descriptor` is the address. Fails with GCR_NOMEM and GCR_LIMIT.
 */
GCR_MUST_CHECK int gcr_rtype_layout(struct gcr_rtypes *types, uint64_t address,
				    const struct gcr_layout **ret,
				    struct gcr_error *err);

/* As gcr_debugpart(), for layouts made here. */
GCR_MUST_CHECK int gcr_rtype_part(struct gcr_rtypes *types,
				  const struct gcr_layout *whole,
				  enum gcr_type_part part,
				  const struct gcr_layout **ret,
				  struct gcr_error *err);

/*
 * The dynamic type of an interface whose first word is `word`: an itab's or the
 * descriptor itself; 0 when it is neither.
 */
uint64_t gcr_rtype_dynamic(struct gcr_rtypes *types, uint64_t word);

/* Does an interface hold a value of this type itself, and not its address? */
bool gcr_rtype_direct(const struct gcr_rtypes *types, uint64_t address);

#endif
