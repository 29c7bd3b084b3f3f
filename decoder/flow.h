#ifndef GCR_FLOW_H
#define GCR_FLOW_H

/*
 * A function's control flow, and what holds at one of its instructions
 * whichever way leads there: the abstract machine run from the entry until
 * nothing changes any more. A flow lives in its arena.
 */

#include "callee.h"
#include "disasm.h"
#include "machine.h"

struct gcr_block {
	size_t first, count; /* instructions */
	struct gcr_state in;
	bool reached, waiting;
};

/* Where a jump through a table can go. */
struct gcr_jump {
	size_t instruction;
	uint64_t table;	 /* its address, proved when the jump is executed */
	size_t *targets; /* instructions */
	size_t target_count;
};

struct gcr_flow {
	struct gcr_image *image;
	struct gcr_disasm *disasm;
	struct gcr_image_function function;
	struct gcr_instruction *instructions;
	struct gcr_callee *callees; /* of the calls among them */
	size_t count;
	struct gcr_block *blocks;
	size_t block_count;
	struct gcr_jump *jumps;
	size_t jump_count, jump_capacity;
	struct gcr_arena *arena;
};

enum {
	GCR_FLOW_INSTRUCTIONS = 65536,
	GCR_FLOW_STEPS = 2000000, /* instructions executed */
};

/*
 * Decode a function. GCR_UNSUPPORTED when its flow cannot be told: assembly, a
 * jump to an address that is computed, code that is not there.
 */
GCR_MUST_CHECK int gcr_flow_make(struct gcr_image *image,
				 struct gcr_disasm *disasm,
				 const struct gcr_image_function *function,
				 struct gcr_arena *arena, struct gcr_flow *ret,
				 struct gcr_error *err);

/*
 * The same function for another run: `ret`'s blocks are its own, in `arena`, where
 * it runs; the rest is that of `made`.
 */
GCR_MUST_CHECK int gcr_flow_again(const struct gcr_flow *made,
				  struct gcr_arena *arena, struct gcr_flow *ret,
				  struct gcr_error *err);

/* The instruction that ends at `address`; false when there is none. */
bool gcr_flow_before(const struct gcr_flow *flow, uint64_t address,
		     size_t *ret);

/*
 * What holds just before `instruction` when `entry` held at the entry.
 * GCR_UNSUPPORTED when no way leads there, or there are too many.
 */
GCR_MUST_CHECK int gcr_flow_run(struct gcr_flow *flow,
				const struct gcr_state *entry,
				size_t instruction, struct gcr_state *ret,
				struct gcr_error *err);

#endif
