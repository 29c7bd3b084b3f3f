#ifndef GCR_SUSPECT_H
#define GCR_SUSPECT_H

/*
 * Which groups of a dump deserve a look: those that can never go on, those that
 * wait for what somebody should have given long ago, and crowds. What one dump
 * cannot show, growth, is for a comparison of two.
 *
 * The runtime's own goroutines are never suspected, and neither is a stack that
 * is all of the standard library's: an idle connection.
 */

#include "gocrash.h"

/* Worst first. */
enum gcr_suspicion {
	GCR_SUSPECT_LEAKED,   /* the runtime says so, since go1.26 */
	GCR_SUSPECT_FOREVER,  /* a nil channel */
	GCR_SUSPECT_LOCK_OLD, /* a lock, for minutes */
	GCR_SUSPECT_SEND_OLD, /* nobody receives, for minutes */
	GCR_SUSPECT_LOCK,     /* a queue before a lock */
	GCR_SUSPECT_SEND,     /* a queue of senders */
	GCR_SUSPECT_OLD,      /* a crowd, each of them old */
	GCR_SUSPECT_CROWD,    /* a crowd */
	GCR_SUSPICION_COUNT
};

struct gcr_suspect {
	enum gcr_suspicion suspicion;
	const struct gcr_group *group;
};

enum {
	GCR_SUSPECTS_MAX = 5
};

/*
 * The worst of a tally, in order, at most GCR_SUSPECTS_MAX in `ret`; returns how
 * many there are in all. `view` tells whose code is whose.
 */
size_t gcr_suspects_find(const struct gcr_tally *tally,
			 const struct gcr_view *view,
			 struct gcr_suspect ret[GCR_SUSPECTS_MAX]);

/* What is suspicious about it: `waiting for ever: the channel is nil`. */
const char *gcr_suspicion_text(enum gcr_suspicion suspicion);

#endif
