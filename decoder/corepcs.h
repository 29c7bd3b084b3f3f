#ifndef GCR_COREPCS_H
#define GCR_COREPCS_H

/*
 * What there is to know of a pc, found once however many stacks it stands in: a
 * hundred thousand goroutines share some hundreds of them. With it are the
 * pieces of text the runtime would print, so that a frame costs its numbers.
 */

#include "imagefile.h"

/* Functions a stack goes on behind in its own way. */
enum gcr_core_special {
	GCR_SPECIAL_NONE,
	GCR_SPECIAL_SIGPANIC, /* below it the pc is that of a fault */
	GCR_SPECIAL_ASYNC_PREEMPT,
	GCR_SPECIAL_SIGTRAMP, /* a signal's handler: registers are saved */
	GCR_SPECIAL_CGOCALLBACK,
	GCR_SPECIAL_SYSTEMSTACK,
	GCR_SPECIAL_MORESTACK,
};

/* One logical frame; the last of a pc is the physical one. */
struct gcr_core_line {
	struct gcr_span function; /* as printed */
	struct gcr_span file;	  /* data NULL: not told */
	unsigned line;
	unsigned flags; /* enum gcr_image_function_flag */
};

struct gcr_core_pc {
	uint64_t pc; /* in the process */
	bool trap;   /* was executing, not waiting for a call to return */
	bool known;  /* there is a Go function */
	bool ends;   /* nothing called it */
	bool writes_sp;
	enum gcr_core_special special;
	int64_t frame_size; /* as gcr_image_frame_size(); -1: not told */
	uint64_t offset;    /* from the function's entry */
	struct gcr_core_line *lines;
	size_t line_count;
	/* What its arguments are printed by. */
	struct gcr_span program, liveness;
	int32_t live_index;
	int64_t arguments_size;
	/*
	 *	[inlined frames] name(   ARGUMENTS   )\n\tfile:line +0x1d fp=
	 *	0xfp sp=0xsp   pc=0x…\n
	 */
	struct gcr_span head, middle, tail;
	struct gcr_core_pc *next; /* of the same bucket */
};

struct gcr_core_pcs {
	struct gcr_image *image;
	struct gcr_arena *arena;
	uint64_t bias;
	struct gcr_core_pc **buckets;
	size_t bucket_count, count;
	uint64_t texts_left; /* bytes of names, files and lines */
	/* Of what is printed without a stack: who created goroutines. */
	struct gcr_core_pc **creators;
};

GCR_MUST_CHECK int gcr_core_pcs_init(struct gcr_core_pcs *pcs,
				     struct gcr_image *image, uint64_t bias,
				     struct gcr_arena *arena,
				     struct gcr_error *err);

/* NULL when out of memory, or for want of it as forged names; else kept until the end of the arena. */
const struct gcr_core_pc *gcr_core_pc(struct gcr_core_pcs *pcs, uint64_t pc,
				      bool trap, struct gcr_error *err);

#endif
