#ifndef GCR_CORELOCKS_H
#define GCR_CORELOCKS_H

/*
 * What the program's code tells of locks: which lock of its own data a function
 * has taken where it stands, and gives back later.
 *
 *	LEAQ main.here+8(SB), CX
 *	LOCK CMPXCHGL DX, 0(CX)      takes it
 *	CALL main.enterThere(SB)     stands here
 *	LEAQ main.here+8(SB), CX
 *	LOCK XADDL DX, 0(CX)         gives it back
 */

#include "image.h"

/*
 * Is the last that `function` does to the lock before `pc` to take it, and the
 * first behind to give it back? By the order of instructions, so: likely. Both are
 * addresses of the file. A call is that of package sync's methods.
 */
bool gcr_code_holds(const struct gcr_image *image,
		    const struct gcr_image_function *function, uint64_t pc,
		    uint64_t lock);

#endif
