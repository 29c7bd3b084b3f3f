#ifndef GCR_DWARFLOC_H
#define GCR_DWARFLOC_H

/*
 * Where a variable is at one point of a function: DWARF's location lists and
 * expressions, for what Go's compiler writes. A part of a variable that is
 * nowhere (an empty piece) is UNAVAILABLE, and so is a register nobody saved:
 * neither is ever 0.
 */

#include "gocrash.h"

enum gcr_location_kind {
	GCR_LOCATION_UNAVAILABLE,
	GCR_LOCATION_MEMORY, /* at `value` */
	GCR_LOCATION_VALUE,  /* is `value` itself */
};

struct gcr_location_piece {
	enum gcr_location_kind kind;
	uint64_t value;
	uint64_t size;	 /* bytes; 0: all of the variable */
	uint64_t offset; /* in the variable */
	unsigned reg;	 /* 1 + DWARF's number of its register; 0: none */
};

enum {
	GCR_LOCATION_PIECES = 32,
	/* AX to R15, the return address, X0 to X15. */
	GCR_LOCATION_X0 = 17,
	GCR_LOCATION_REGISTERS = 33
};

struct gcr_location {
	struct gcr_location_piece pieces[GCR_LOCATION_PIECES];
	size_t count;	     /* 0: nothing is told */
	size_t listed_count; /* pieces that were in the list, whatever fits */
	bool listed;	     /* by a list, which ends where it does not hold */
};

/* What is known of the frame; addresses are those of the run. */
struct gcr_location_frame {
	uint64_t pc;   /* of the link */
	uint64_t bias; /* of the run above the link */
	uint64_t cfa;  /* what Go calls fp */
	/*
	 * By DWARF's numbers, of a vector its low half; `saved` has a bit for
	 * each that is known.
	 */
	uint64_t registers[GCR_LOCATION_REGISTERS];
	uint64_t saved;
};

/* What tells a location at one pc, whatever the frame; libdw's own. */
struct gcr_location_rule {
	const void *operations;
	size_t count;
	bool listed;
};

/* Of a variable's entry, a libdw `Dwarf_Die *`. */
void gcr_dwarf_location_rule(void *die, uint64_t pc,
			     struct gcr_location_rule *ret);
void gcr_dwarf_location_of(const struct gcr_location_rule *rule,
			   const struct gcr_location_frame *frame,
			   struct gcr_location *ret);

/* Both at once. */
void gcr_dwarf_location(void *die, const struct gcr_location_frame *frame,
			struct gcr_location *ret);

#endif
