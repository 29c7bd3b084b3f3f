#ifndef GCR_COREDOUBT_H
#define GCR_COREDOUBT_H

#include "coreproof.h"
#include "corevalue.h"

/*
 * Is it the variable's value, what a frame has where DWARF places the variable? A
 * debugger shows it; this is what speaks against it.
 */

struct gcr_coredoubt {
	struct gcr_coreproof proof;
	uint64_t sp, fp; /* of the frame, in the run */
	unsigned go;	 /* minor release */
	/* It does not stand at a call of the program's, but in the middle. */
	bool stopped;
};

/*
 * Has it been given a value, or has it a list that tells when? Until then there is
 * nothing to be told.
 */
bool gcr_coredoubt_assigned(const struct gcr_coredoubt *doubt,
			    const struct gcr_variable *variable);

/*
 * Is it stopped between two stores of one assignment? Of a string, say, the address
 * is the new one and the length the old one. Or was an argument's own place written
 * to, of which the words do not tell? Then those are doubted, too.
 */
bool gcr_coredoubt_torn(const struct gcr_coredoubt *doubt,
			const struct gcr_variable *variable);

/* May it have been given another value than the one in its place? */
bool gcr_coredoubt_late(struct gcr_coredoubt *doubt,
			const struct gcr_variable *variable);

#endif
