#ifndef GCR_TRACEBACK_H
#define GCR_TRACEBACK_H

/*
 * Text to model, one stack at a time, so that a dump of a million goroutines
 * needs the memory of one. gcr_dump_parse() collects what comes out of here.
 */

#include "gocrash.h"

struct gcr_traceback;

enum gcr_piece {
	GCR_PIECE_STACK, /* one goroutine or other stack is in `*ret` */
	GCR_PIECE_CRASH, /* the crash whose stacks came before is complete */
	GCR_PIECE_END,
};

/*
 * `arena` holds the crash's cause, notes and other output; `stacks` the frames
 * of the stack last returned, and the caller may rewind it between pieces. Both
 * may be one arena. `text` has to stay.
 */
GCR_MUST_CHECK int
gcr_traceback_new(struct gcr_span text, const struct gcr_limits *limits,
		  struct gcr_arena *arena, struct gcr_arena *stacks,
		  struct gcr_traceback **ret, struct gcr_error *err);

/* The next piece. Its texts are spans into the input or into `arena`. */
GCR_MUST_CHECK int gcr_traceback_next(struct gcr_traceback *traceback,
				      enum gcr_piece *piece,
				      struct gcr_goroutine *ret,
				      struct gcr_error *err);

/*
 * After GCR_PIECE_CRASH: that crash, without its stacks; after GCR_PIECE_END:
 * the output left over, in `others`. Valid until the next call.
 */
const struct gcr_crash *
gcr_traceback_crash(const struct gcr_traceback *traceback);

/*
 * A way past the reader, for who knows what it would read. Next comes, at
 * `place`, the header of a goroutine that is one more of the crash being read,
 * if `ret` begins with one; how it is read does not depend on anything that
 * came before. False when that cannot be said.
 */
bool gcr_traceback_ahead(const struct gcr_traceback *traceback,
			 struct gcr_span *ret, struct gcr_place *place);

/* One goroutine that was known, from its header to the blank line behind it. */
struct gcr_passed {
	size_t size, lines;	     /* of all of it */
	size_t last_line, last_size; /* where its last frame's place stands */
};

/* What gcr_traceback_ahead() told begins with `passed`: go on behind it. */
void gcr_traceback_pass(struct gcr_traceback *traceback,
			const struct gcr_passed *passed);

/* Which report a stack that comes next belongs to. */
size_t gcr_traceback_report(const struct gcr_traceback *traceback);

/* How many odd things the crash being read had so far. */
size_t gcr_traceback_oddities(const struct gcr_traceback *traceback);

#endif
