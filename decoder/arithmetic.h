#ifndef GCR_ARITHMETIC_H
#define GCR_ARITHMETIC_H

/*
 * Arithmetic of the abstract machine: exact, or UNKNOWN. Origins are not set.
 */

#include "machine.h"

/* `a op b` in `size` bytes; for unary operations `b` is not looked at. */
struct gcr_fact gcr_fact_operate(enum gcr_op op, struct gcr_fact a,
				 struct gcr_fact b, unsigned size);

/* `size` bytes widened to eight, the rest zeros or copies of the sign. */
struct gcr_fact gcr_fact_widen(struct gcr_fact fact, unsigned size,
			       bool is_signed);

struct gcr_fact gcr_fact_number(uint64_t number);

/* Has all eight bytes, or `size` of them? */
bool gcr_fact_is_number(const struct gcr_fact *fact, unsigned size);

#endif
