#ifndef GCR_EXECUTE_H
#define GCR_EXECUTE_H

/*
 * What one instruction does to the state of the abstract machine. Loads from
 * read-only data of the program are exact, from anything else that is not the
 * frame's own stack unknown.
 */

#include "access.h"
#include "callee.h"

/* `callee` counts for a CALL only. Control flow is the caller's. */
void gcr_execute(struct gcr_execution *execution,
		 const struct gcr_instruction *instruction,
		 const struct gcr_callee *callee);

#endif
