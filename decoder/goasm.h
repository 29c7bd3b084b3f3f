#ifndef GCR_GOASM_H
#define GCR_GOASM_H

/* Instructions of amd64 as Go's assembler writes them: `MOVL $0x2, BX`. */

#include "disasm.h"

enum {
	GCR_GOASM_SIZE = 128
};

/* Write at most `size` bytes, the last a NUL. */
void gcr_goasm_print(const struct gcr_instruction *instruction, char *to,
		     size_t size);

#endif
