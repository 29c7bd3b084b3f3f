#ifndef GCR_TEST_SUPPORT_TYPES_H
#define GCR_TEST_SUPPORT_TYPES_H

/*
 * Types and values in the memory of a composed core, as go1.24 lays them out: each
 * with its descriptor.
 */

#include "support_gocore.h"

enum typed_kind {
	TYPED_INT,     /* -42 */
	TYPED_STRING,  /* "hello" */
	TYPED_NODE,    /* struct { next *node; name string }, "first" */
	TYPED_POINTER, /* *node, to that */
	TYPED_SLICE,   /* []int: 1, 2, 3 of 4 */
	TYPED_ARRAY,   /* [2]string: "hello", "first" */
	TYPED_ANY,     /* interface: *node */
	TYPED_ERROR,   /* interface with methods: string "hello" */
	TYPED_MAP,     /* map[string]int: "hello" 7, "first" 9 */
	TYPED_CHAN,    /* chan int: 5, 6 of 4, from the end of its buffer on */
	TYPED_KINDS
};

struct typed {
	struct gocore gocore;
	uint64_t type[TYPED_KINDS], value[TYPED_KINDS];
};

struct typed compose_typed(void);

#endif
