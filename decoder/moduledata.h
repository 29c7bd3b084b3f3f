#ifndef GCR_MODULEDATA_H
#define GCR_MODULEDATA_H

/*
 * The runtime's own description of a program: where its text begins, which
 * functab entries count from, and what FUNCDATA offsets count from. Found by
 * what points to the pc-line table, so it needs neither symbols nor sections.
 * Go runtime/symtab.go, type moduledata.
 */

#include "memory.h"
#include "pclntab.h"

/* Numbers of words in the struct; 0: not there. */
struct gcr_module_words {
	unsigned text, noptrdata, types, types_end, funcdata;
};

struct gcr_moduledata {
	uint64_t address;
	uint64_t text, text_end;
	uint64_t funcdata; /* moduledata.gofunc; 0 before go1.18 */
	struct gcr_module_words words;
};

/* False when there is none. Looks at 64 MiB of writable data at most. */
bool gcr_moduledata_find(const struct gcr_memory *memory,
			 const struct gcr_pclntab *table,
			 struct gcr_moduledata *ret);

#endif
