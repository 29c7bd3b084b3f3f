#ifndef GCR_ACCESS_H
#define GCR_ACCESS_H

/*
 * How the abstract machine's instructions reach registers and memory. Loads
 * from read-only data of the program are exact, from anything else that is not
 * the frame's own stack unknown.
 */

#include "disasm.h"
#include "image.h"
#include "machine.h"

struct gcr_execution {
	const struct gcr_image *image;
	struct gcr_disasm *disasm;
	struct gcr_state *state;
	unsigned origin; /* of what is made now */
};

bool gcr_is_general(const struct gcr_operand *operand);
bool gcr_is_vector(const struct gcr_operand *operand);

/* The two lanes of a vector register. */
struct gcr_fact *gcr_lanes(struct gcr_execution *execution, unsigned reg);

/* The address of a memory operand, or UNKNOWN. */
struct gcr_fact gcr_address(const struct gcr_execution *execution,
			    const struct gcr_instruction *instruction,
			    const struct gcr_operand *operand);

/* `bytes` behind an address. */
struct gcr_fact gcr_address_moved(struct gcr_fact address, uint64_t bytes);

struct gcr_fact gcr_load_at(const struct gcr_execution *execution,
			    struct gcr_fact address, unsigned size);
void gcr_store_at(struct gcr_execution *execution, struct gcr_fact address,
		  unsigned size, struct gcr_fact fact);

/* A store to somewhere in the frame, nobody knows where. */
void gcr_forget_frame(struct gcr_execution *execution);

/* The low `size` bytes of an operand. */
struct gcr_fact gcr_operand_read(const struct gcr_execution *execution,
				 const struct gcr_instruction *instruction,
				 const struct gcr_operand *operand,
				 unsigned size);

/* Write all of an operand, by its width; both lanes of a vector are lost. */
void gcr_operand_write(struct gcr_execution *execution,
		       const struct gcr_instruction *instruction,
		       const struct gcr_operand *operand, struct gcr_fact fact);

/* `size` bytes to memory: of a vector move. */
void gcr_operand_store(struct gcr_execution *execution,
		       const struct gcr_instruction *instruction,
		       const struct gcr_operand *operand, unsigned size,
		       struct gcr_fact fact);

/* Operands, or one register, go where they are not followed. */
void gcr_operands_escape(struct gcr_execution *execution,
			 const struct gcr_instruction *instruction);
void gcr_register_escape(struct gcr_execution *execution, unsigned reg);

#endif
