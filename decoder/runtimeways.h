#ifndef GCR_RUNTIMEWAYS_H
#define GCR_RUNTIMEWAYS_H

/*
 * What releases do otherwise than those before them, beside where their fields
 * are: how they print, and how they write what a core is read by.
 */

#include <stdbool.h>

/* Since which release, and by which source, is in runtimeways.c. */
enum gcr_way {
	/* How it prints. */
	GCR_WAY_TYPED_ARGUMENTS, /* by the compiler's programs, with braces */
	GCR_WAY_ELIDES_MIDDLE,	 /* of deep stacks, and not the end */
	GCR_WAY_GP,		 /* `gp=… m=… mp=…` in headers */
	GCR_WAY_INDENTS_PANICS,	 /* lines of a text behind the first */
	GCR_WAY_BUBBLES,	 /* `synctest bubble`, `(durable)` */
	GCR_WAY_SHORT_FLOATS,	 /* as few digits as tell it, of panics */
	GCR_WAY_LABELS,		 /* of goroutines, when asked to */
	GCR_WAY_LABELS_BEHIND,	 /* the state, and bare where they can be */
	/* How it unwinds. */
	GCR_WAY_FLAGS_ENDS,	     /* functions that end a stack */
	GCR_WAY_KEEPS_PC,	     /* of inlined calls, for arguments */
	GCR_WAY_EXACT_BELOW_PREEMPT, /* the pc below a preempted frame */
	/* How it writes its structures. */
	GCR_WAY_VARINT_NAMES,  /* their length; before, two bytes */
	GCR_WAY_PLAIN_OFFSETS, /* of fields; before, by an embedded bit */
	GCR_WAY_LABEL_LIST,    /* before, a map */
	GCR_WAY_SWISS_MAPS,
	GCR_WAY_HIDDEN_CHANNELS, /* of sudogs: a pair, the second is it */
	GCR_WAYS
};

/* Does go1.`go` do so? 0, a release that is not known, does as the newest. */
bool gcr_release_does(unsigned go, enum gcr_way way);

#endif
