#ifndef GCR_TEST_SUPPORT_GOCORE_H
#define GCR_TEST_SUPPORT_GOCORE_H

/*
 * A core of the program of support_program.h, put together by hand: the
 * runtime's descriptors of its own structures, its wait reasons, its list of
 * goroutines, and two of these with their stacks.
 *
 *	goroutine 1  waits: main.callee("hello", 42), called by main.caller
 *	goroutine 7  never ran: at the entry of main.caller, created by it
 */

#include "support_core.h"
#include "support_program.h"

#include "image.h"

/* Addresses of what a test may want to forge. */
enum gocore_place {
	GOCORE_ALLGS,  /* the slice: array, length, capacity */
	GOCORE_FIRST,  /* goroutine 1 */
	GOCORE_SECOND, /* goroutine 7 */
	GOCORE_STACK,  /* of goroutine 1: low end */
	GOCORE_TYPES,  /* the first descriptor */
	GOCORE_MODULE, /* moduledata */
	GOCORE_PLACES
};

struct gocore {
	struct text program;
	struct text memory; /* of the heap, from GOCORE_HEAP on */
	struct text data;   /* of the program's data segment */
	uint64_t at[GOCORE_PLACES];
};

static const uint64_t GOCORE_HEAP = 0xc000000000;

struct gocore compose_gocore(void);
void gocore_free(struct gocore *gocore);

/* Change a word of it, wherever it is. */
void gocore_poke(struct gocore *gocore, uint64_t address, uint64_t value);

/* The core as a file. */
struct text gocore_file(const struct gocore *gocore);

/* Offsets of fields, as its descriptors and go1.22 have them. */
enum gocore_field {
	GOCORE_G_LOW = 0,
	GOCORE_G_HIGH = 8,
	GOCORE_G_SCHED = 56,
	GOCORE_G_STATUS = 144,
	GOCORE_G_GOID = 152,
	GOCORE_G_REASON = 176,
	GOCORE_G_PARENT = 272,
	GOCORE_G_CREATOR = 280,
	GOCORE_G_LABELS = 344,
};

#endif
