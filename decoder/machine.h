#ifndef GCR_MACHINE_H
#define GCR_MACHINE_H

/*
 * What is known of registers and of a frame's own memory at one point of a
 * function, whichever way control came there: the state of callsite's abstract
 * machine. All that is not known is UNKNOWN, and nothing known is wrong on any
 * path.
 *
 * Offsets into the stack count from sp at the function's entry, where the
 * return address stands: locals are below 0, stack arguments at 8 and above.
 * A state's memory lives in its arena.
 */

#include "disasm.h"

enum gcr_fact_kind {
	GCR_FACT_UNKNOWN,
	GCR_FACT_NUMBER,
	GCR_FACT_IMAGE, /* an address of the program file, before any bias */
	GCR_FACT_STACK, /* sp at entry plus `number` */
	/* What part `symbol` of the function's own arguments held at entry. */
	GCR_FACT_ENTRY,
};

enum {
	GCR_ORIGIN_SEVERAL = 0, /* no single instruction */
	/* Anything else: index of the instruction plus one, or, with this … */
	GCR_ORIGIN_ENTRY = 1 << 30, /* … index of the argument part. */
};

enum {
	/* Made of what the entry had in a way that is not simply moving it on. */
	GCR_SYMBOL_MIXED = 0xffff,
};

/*
 * One register's or slot's content. Only the low `bytes` bytes are told, what
 * is above them is not; at least 1 unless UNKNOWN. `symbol` counts for ENTRY; of
 * all else it says only what it was made of: 0 for what is in the code, of a
 * NUMBER the argument part plus one that it was at entry (with a constant added,
 * maybe), or MIXED.
 */
struct gcr_fact {
	unsigned char kind, bytes;
	unsigned short symbol;
	unsigned origin; /* who made it */
	uint64_t number;
};

bool gcr_fact_equal(const struct gcr_fact *a, const struct gcr_fact *b);

/* The symbol of what two numbers were put together to. */
unsigned short gcr_fact_mixed(const struct gcr_fact *a,
			      const struct gcr_fact *b);

/* The low `size` bytes of a fact: of a shorter read. */
struct gcr_fact gcr_fact_low(struct gcr_fact fact, unsigned size);

struct gcr_slot {
	int64_t offset;
	uint64_t size; /* over 8 only for a run of zeros */
	struct gcr_fact fact;
};

enum {
	GCR_STATE_SLOTS = 1024
};

struct gcr_state {
	struct gcr_fact registers[16];
	struct gcr_fact vectors[16][2]; /* low and high eight bytes */
	/*
	 * Slots whose address somebody else may hold: locals from `escaped` up
	 * to the return address, and arguments from `escaped_argument` up.
	 */
	int64_t escaped, escaped_argument;
	struct gcr_slot *slots; /* do not overlap */
	size_t slot_count, slot_capacity;
	struct gcr_arena *arena;
	bool failed; /* out of memory */
	/*
	 * With other numbers at the entry something else might hold here, other
	 * than those that have a symbol.
	 */
	bool depends;
};

/* Nothing known but sp. */
void gcr_state_init(struct gcr_state *state, struct gcr_arena *arena);

/* A copy; its memory in `to`'s own arena, reusing its room. */
void gcr_state_copy(struct gcr_state *to, const struct gcr_state *from);

/*
 * Keep in `state` only what holds in `other` as well. True if anything was
 * lost. What is lost of an address of the stack counts as escaped.
 */
bool gcr_state_join(struct gcr_state *state, const struct gcr_state *other);

/* An address of the stack went where it is not followed. */
void gcr_state_escape(struct gcr_state *state, const struct gcr_fact *fact);

struct gcr_fact gcr_state_load(const struct gcr_state *state, int64_t offset,
			       unsigned size);
void gcr_state_store(struct gcr_state *state, int64_t offset, uint64_t size,
		     struct gcr_fact fact);

/* Forget the slots in [from, to). */
void gcr_state_forget(struct gcr_state *state, int64_t from, int64_t to);

/* Somebody wrote through a pointer that is not followed. */
void gcr_state_forget_escaped(struct gcr_state *state);

/* Anything may have happened. */
void gcr_state_forget_all(struct gcr_state *state);

#endif
