#ifndef GCR_PCLNTAB_H
#define GCR_PCLNTAB_H

/*
 * The table Go's runtime makes its tracebacks from: functions in order of
 * address, and for each a few sequences (pc range, value) of frame size, file,
 * line and inlined call. Four layouts, told apart by the first word; see
 * pclntab.c. Stripping does not remove it.
 *
 * The table is borrowed bytes; nothing is allocated, every lookup reads the
 * bytes anew and is bounded by them.
 */

#include "gocrash.h"

enum gcr_pclntab_layout {
	GCR_PCLNTAB_1_2,
	GCR_PCLNTAB_1_16,
	GCR_PCLNTAB_1_18,
	GCR_PCLNTAB_1_20,
};

struct gcr_pclntab {
	enum gcr_pclntab_layout layout;
	struct gcr_span bytes; /* from the header to where the section ends */
	uint64_t address;
	unsigned quantum; /* smallest instruction */
	unsigned word_size;
	uint64_t function_count;
	uint64_t file_count;
	/*
	 * What function offsets count from, since go1.18; the header's own,
	 * 0 in a go1.26 or a program not yet relocated: see moduledata.h.
	 */
	uint64_t text;
	struct gcr_span names, units, files, values, functions;
};

/* One function's record. */
struct gcr_pclntab_function {
	uint64_t entry, end; /* end: the next one's entry */
	uint64_t index;
	struct gcr_span symbol;
	int32_t arguments;
	uint32_t deferreturn;
	uint32_t frame_sizes, file_numbers, lines; /* offsets of sequences */
	uint32_t unit;
	uint32_t start_line; /* 0 before go1.20 */
	uint8_t func_id, flags;
	uint32_t pcdata_count, funcdata_count;
	uint64_t record; /* offset of what follows the fixed part */
};

enum {
	GCR_PCLNTAB_TOP_FRAME = 1,
	GCR_PCLNTAB_SP_WRITE = 2,
	GCR_PCLNTAB_ASM = 4
};

/* Go internal/abi/symtab.go, before runtime/funcdata.h; the same since 1.13. */
enum {
	GCR_PCDATA_STACK_MAP = 1,
	GCR_PCDATA_INLINE_TREE = 2,
	GCR_PCDATA_ARGUMENTS_LIVE = 3, /* since go1.18 */
};

enum gcr_funcdata {
	GCR_FUNCDATA_INLINE_TREE,
	GCR_FUNCDATA_ARGUMENTS,
	GCR_FUNCDATA_ARGUMENTS_LIVE,
	GCR_FUNCDATA_ARGUMENT_POINTERS,
	GCR_FUNCDATA_LOCAL_POINTERS,
};

/* Is this the start of a table? Reads 8 bytes at most. */
bool gcr_pclntab_is(struct gcr_span bytes);

/* Read the header. GCR_FORMAT when it is none, or its counts do not fit. */
GCR_MUST_CHECK int gcr_pclntab_open(struct gcr_span bytes, uint64_t address,
				    struct gcr_pclntab *ret,
				    struct gcr_error *err);

/* The oldest and newest release with this layout. */
void gcr_pclntab_releases(const struct gcr_pclntab *table, unsigned *oldest,
			  unsigned *newest);

/* The function at `index`; false if there is none or it cannot be read. */
bool gcr_pclntab_function(const struct gcr_pclntab *table, uint64_t index,
			  struct gcr_pclntab_function *ret);

/* The entry of the function at `index`; of `function_count`: the end of all. */
bool gcr_pclntab_entry(const struct gcr_pclntab *table, uint64_t index,
		       uint64_t *ret);

/* Its name alone. */
bool gcr_pclntab_symbol(const struct gcr_pclntab *table, uint64_t index,
			struct gcr_span *ret);

bool gcr_pclntab_find(const struct gcr_pclntab *table, uint64_t pc,
		      struct gcr_pclntab_function *ret);

/* The value at `pc` of the sequence at offset `sequence`. */
bool gcr_pclntab_value(const struct gcr_pclntab *table, uint32_t sequence,
		       uint64_t entry, uint64_t pc, int32_t *ret);

/* Where the sequence ends: behind the function's last instruction. */
bool gcr_pclntab_extent(const struct gcr_pclntab *table, uint32_t sequence,
			uint64_t entry, uint64_t *ret);

/* PCDATA `which` at `pc`; -1 where there is none. */
int32_t gcr_pclntab_pcdata(const struct gcr_pclntab *table,
			   const struct gcr_pclntab_function *function,
			   unsigned which, uint64_t pc);

/*
 * Up to where the line and the inlined call, of PCDATA `tree`, are those of `pc`;
 * UINT64_MAX: not told.
 */
uint64_t gcr_pclntab_line_end(const struct gcr_pclntab *table,
			      const struct gcr_pclntab_function *function,
			      unsigned tree, uint64_t pc);

/*
 * The address of a function's FUNCDATA. `base` is what offsets count from since
 * go1.18 (moduledata.gofunc); before, it is not used.
 */
bool gcr_pclntab_funcdata(const struct gcr_pclntab *table,
			  const struct gcr_pclntab_function *function,
			  enum gcr_funcdata which, uint64_t base,
			  uint64_t *ret);

/* The text of a file number of a function's unit. */
bool gcr_pclntab_file(const struct gcr_pclntab *table, uint32_t unit,
		      int32_t number, struct gcr_span *ret);

/* A name by its offset, as records of inlined calls have it. */
struct gcr_span gcr_pclntab_name(const struct gcr_pclntab *table,
				 int32_t offset);

/* One inlined call. */
struct gcr_pclntab_call {
	int32_t parent; /* index of the one around it, to go1.19; or -1 */
	struct gcr_span symbol;
	uint8_t func_id;
	int32_t file, line; /* of the call, to go1.19 */
	int32_t start_line; /* of the function, since go1.20 */
	uint32_t parent_offset;
};

/* The call at `index` of an inline tree's bytes. */
bool gcr_pclntab_inlined(const struct gcr_pclntab *table, struct gcr_span tree,
			 int32_t index, struct gcr_pclntab_call *ret);

#endif
