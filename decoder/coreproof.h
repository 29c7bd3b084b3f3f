#ifndef GCR_COREPROOF_H
#define GCR_COREPROOF_H

#include "debugscope.h"
#include "stores.h"

/*
 * Has a slot the value of the variable that DWARF places there?
 *
 * The optimiser's lists do not tell. An assignment of a constant leaves neither an
 * instruction nor an entry, and a list goes on with the slot of the old value; so
 * it does when the slot is used again for something else. This proves it:
 *
 * - Whatever wrote there last, on any way, wrote this variable and no other: its
 *   list had it in the register that was stored, or has it in the slot from that
 *   store on; no other variable's has that slot then.
 * - The slot is read again, for a line that is not above where the function
 *   stands: a variable that is another by now is not read from there. Copies without
 *   a name are: so no line on the way may be without code, as those are that assign
 *   a constant, nor may anything be inlined where it stands, nor a loop lead back.
 *
 * What is in memory for good is read there as it is, unless slots are merged and
 * another line may have written to it.
 */

/* A frame; addresses are those of the link. */
struct gcr_coreproof {
	struct gcr_image *image;
	const struct gcr_image_function *function;
	const struct gcr_stores *stores;
	const struct gcr_variables *variables; /* all that are in scope */
	struct gcr_location_frame frame;
	uint64_t sp;
	uint64_t next; /* the instruction with which it would go on */
	unsigned depth, line;
	bool merges; /* the compiler may have merged slots: since go1.23 */
	struct gcr_arena *arena;      /* for what is made on the way */
	struct gcr_image_lines lines; /* at the frame's place */
};

/* Fill in `lines`; without them nothing of an inlined call is proved. */
void gcr_coreproof_start(struct gcr_coreproof *proof);

/* Of piece `index` of a variable that is in memory there. */
bool gcr_coreproof(struct gcr_coreproof *proof,
		   const struct gcr_variable *variable, size_t index);

/*
 * Of piece `index` of a variable that is in a register there. Registers change hands
 * more often than lists tell; sure is what a parameter came in with.
 */
bool gcr_coreproof_register(struct gcr_coreproof *proof,
			    const struct gcr_variable *variable, size_t index);

#endif
