#ifndef GCR_OFFSET_H
#define GCR_OFFSET_H

/*
 * From `main.example+0x25` to an instruction: which one it is, whether that is
 * where a call returns to or what was executing, and whether trace and code
 * belong together at all.
 *
 * A frame's offset is the address of the instruction behind its CALL, and its
 * line is that of the CALL (Go runtime/traceback.go looks it up at pc-1). Only
 * where a signal came in between, offset and line are of the instruction itself.
 * Results live in the arena that was passed, or as long as the code's source.
 */

#include "gocrash.h"

enum gcr_offset_kind {
	GCR_OFFSET_UNKNOWN,	/* cannot be told */
	GCR_OFFSET_RETURN,	/* where a call returns to */
	GCR_OFFSET_FAULT,	/* the instruction that faulted */
	GCR_OFFSET_INTERRUPTED, /* the one that a signal interrupted */
	GCR_OFFSET_START,	/* the first one: nothing has run yet */
	GCR_OFFSET_PLACED,	/* put on the stack by the runtime: no call */
	GCR_OFFSET_KIND_COUNT
};

/* `return`, `fault`, … */
const char *gcr_offset_kind_name(enum gcr_offset_kind kind);

/* What is asked: an offset, and what a trace says around it. */
struct gcr_offset_query {
	struct gcr_span function;
	uint64_t offset;
	enum gcr_offset_kind kind;     /* UNKNOWN: by what the code says */
	const struct gcr_frame *frame; /* or NULL: given by hand */
	/* Frames inlined into it, as printed above it: innermost first. */
	const struct gcr_frame *inlined;
	size_t inlined_count;
	const struct gcr_frame *callee; /* the physical frame above; or NULL */
	const struct gcr_goroutine *goroutine; /* or NULL */
	bool creator;			       /* a `created by` */
};

/* Why code and trace may not belong together. */
enum gcr_offset_problem {
	GCR_OFFSET_ABSENT,    /* the package is there, the function is not */
	GCR_OFFSET_AMBIGUOUS, /* several functions fit equally well */
	GCR_OFFSET_BEYOND,    /* the offset is behind the function's end */
	GCR_OFFSET_INSIDE,    /* it is inside an instruction */
	GCR_OFFSET_NO_CALL,   /* a return address without a CALL before it */
	GCR_OFFSET_LINE,      /* the trace prints another line */
	GCR_OFFSET_FILE,      /* the trace prints another file */
	GCR_OFFSET_CALLEE,    /* the frame above is of another function */
	GCR_OFFSET_PROBLEM_COUNT
};

/* `absent`, `beyond end`, … */
const char *gcr_offset_problem_name(enum gcr_offset_problem problem);

struct gcr_offset_warning {
	enum gcr_offset_problem problem;
	struct gcr_span text; /* one line for people */
};

struct gcr_offset {
	const struct gcr_offset_query *query;
	enum gcr_offset_kind kind;
	bool found;   /* the function is there, `routine` has its rows */
	bool covered; /* its package is there */
	struct gcr_routine routine;
	size_t candidates;	    /* functions that fit the name */
	const struct gcr_row *at;   /* exactly at the offset; or NULL */
	const struct gcr_row *over; /* the one the offset is inside of; NULL */
	const struct gcr_row *call; /* the CALL that ends there; or NULL */
	struct gcr_span target;	    /* what it calls, as traces spell it */
	/* What was inlined there, innermost first, the function itself last. */
	struct gcr_inlining chain;
	struct gcr_offset_warning *warnings;
	size_t warning_count;
};

/*
 * Map one offset. Fails with GCR_NOMEM, GCR_LIMIT and what the source fails
 * with; everything else is said in `ret`.
 */
GCR_MUST_CHECK int gcr_offset_map(const struct gcr_code_source *code,
				  const struct gcr_offset_query *query,
				  struct gcr_arena *arena,
				  struct gcr_offset *ret,
				  struct gcr_error *err);

/*
 * The queries of a goroutine: one for each frame that has an offset, and for
 * its creator; a frame inside of an inlined one belongs to the next that has.
 */
GCR_MUST_CHECK int gcr_offset_queries(const struct gcr_crash *crash,
				      const struct gcr_goroutine *goroutine,
				      struct gcr_arena *arena,
				      struct gcr_offset_query **ret,
				      size_t *ret_count, struct gcr_error *err);

#endif
