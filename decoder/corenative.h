#ifndef GCR_CORENATIVE_H
#define GCR_CORENATIVE_H

/*
 * C code in a core: frames by the tables that C compilers leave (.eh_frame),
 * names by symbols, lines by DWARF where there is some. The files are the
 * caller's: the program and the libraries that the core says were mapped.
 */

#include "corefile.h"
#include "coremem.h"

enum {
	/* DWARF's numbers on amd64: rax, rdx, rcx, rbx, rsi, rdi, rbp, rsp, … */
	GCR_NATIVE_RBP = 6,
	GCR_NATIVE_RSP = 7,
	GCR_NATIVE_RIP = 16,
	GCR_NATIVE_REGISTERS = 17,
	GCR_NATIVE_NAMED = 1024, /* pcs whose names are kept */
};

struct gcr_native_registers {
	uint64_t value[GCR_NATIVE_REGISTERS];
	bool known[GCR_NATIVE_REGISTERS];
};

struct gcr_native_frame {
	uint64_t pc;
	struct gcr_span function; /* data NULL: no symbol there */
	struct gcr_span file;	  /* data NULL: no line is told */
	unsigned line;
};

struct gcr_native_file;

struct gcr_native {
	const struct gcr_corefile *core;
	struct gcr_coremem *memory;
	struct gcr_arena *arena;
	struct gcr_native_file *files;	  /* a list */
	const struct gcr_memory *program; /* whose lines can be told */
	/* Go code ends a stack of C. */
	uint64_t go_start, go_end;
	/* Of the last stack; storage for the next. */
	struct gcr_native_frame *frames;
	size_t room;
	struct gcr_native_frame named[GCR_NATIVE_NAMED]; /* pc 0: none */
};

/* A file, and where it was mapped. */
GCR_MUST_CHECK int gcr_native_add(struct gcr_native *native,
				  struct gcr_span bytes,
				  const struct gcr_core_library *where,
				  struct gcr_error *err);

/* Close them; the memory is the arena's. */
void gcr_native_done(struct gcr_native *native);

/* From the thread's registers, or those in a struct ucontext. */
struct gcr_native_registers gcr_native_of_thread(const uint64_t *registers);
bool gcr_native_of_context(struct gcr_coremem *memory, uint64_t context,
			   struct gcr_native_registers *ret);

/*
 * C frames from these registers up to Go code, innermost first; valid until the
 * next stack, their texts as long as the arena. None when the pc is in Go.
 */
GCR_MUST_CHECK int gcr_native_unwind(struct gcr_native *native,
				     const struct gcr_native_registers *start,
				     struct gcr_native_frame **ret,
				     size_t *ret_count, struct gcr_error *err);

#endif
