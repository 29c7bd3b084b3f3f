#ifndef GCR_SHAPE_H
#define GCR_SHAPE_H

/*
 * The text of one goroutine, cut into what goroutines like it have too and the
 * numbers that are its own:
 *
 *	goroutine 18 [chan receive, 5 minutes]:
 *	          ~~                ~
 *	main.work(0xc00001c0c0, 0x2a?)
 *	            ~~~~~~~~~~    ~~
 *		/src/work.go:9 +0x25 fp=0xc00003e7d0 sp=0xc00003e798 pc=0x48f5c5
 *		                          ~~~~~~~~~~      ~~~~~~~~~~
 *	created by main.main in goroutine 1
 *	                                  ~
 *
 * The numbers are its blanks: up to 16 hexadecimal digits in lower case, or up to
 * 19 decimal ones that do not begin with a 0. Two texts that differ in nothing but the digits
 * of their blanks are read alike, whatever the digits: that is what makes it
 * enough to read the first one (likeness.h finds the others).
 */

#include "gocrash.h"
#include "traceback.h"

enum {
	GCR_BLANKS_MAX = 2048 /* of one goroutine; with more it has no shape */
};

/* What a blank is. */
enum gcr_blank_role {
	GCR_BLANK_ID,
	GCR_BLANK_GP,
	GCR_BLANK_MINUTES,
	GCR_BLANK_WORD, /* of an argument list */
	GCR_BLANK_FP,
	GCR_BLANK_SP,
	GCR_BLANK_ELIDED, /* how many frames were left out */
	GCR_BLANK_CREATOR,
};

/*
 * A blank, and the text between the one before it (or the header's start) and
 * itself. Hexadecimal ones have `0x` in that text.
 */
struct gcr_blank {
	struct gcr_span before;
	enum gcr_blank_role role;
	bool hex;
	size_t frame; /* of WORD, FP and SP */
	size_t word;  /* of WORD: how many words of its list come before it */
};

/* A place in a text of the shape: so far behind the end of a blank. */
struct gcr_spot {
	size_t blank; /* its index plus one; 0: from the header's start */
	size_t behind;
};

/* Where the texts of a frame are. */
struct gcr_frame_spots {
	struct gcr_spot function, arguments, arguments_end, file;
	size_t line; /* of `function`, counted from the header's */
};

struct gcr_shape {
	struct gcr_goroutine stack; /* as it was read, frames copied */
	struct gcr_blank *blanks;
	size_t blank_count;
	struct gcr_span rest; /* behind the last blank, a blank line included */
	size_t lines;	      /* all of them */
	struct gcr_spot state, labels, last_line;
	size_t behind_last_line; /* bytes of line ends */
	/* For each frame, and behind them for the creator. */
	struct gcr_frame_spots *frames;
	/* What a writer made of it (linejson.c), in the shape's own arena. */
	struct gcr_arena *arena;
	void *written;
};

/*
 * The shape of `text`, of which the reader has made `stack`; false when it has
 * none: nothing but what the drawing above shows has one. Everything is in
 * `arena`, texts are copied. -1 when out of memory, 0 for none, 1 for one.
 */
GCR_MUST_CHECK int gcr_shape_take(struct gcr_span text,
				  const struct gcr_goroutine *stack,
				  struct gcr_arena *arena,
				  struct gcr_shape **ret,
				  struct gcr_error *err);

/* The digits of one blank. */
struct gcr_digits {
	const char *data;
	size_t size;
};

/* Their value; they fit. */
uint64_t gcr_digits_value(const struct gcr_digits *digits, bool hex);

/*
 * Make `shape->stack` what the reader would have made of `text` at `place`, which
 * has the shape and these digits.
 */
void gcr_shape_fill(struct gcr_shape *shape, const char *text,
		    struct gcr_place place, const struct gcr_digits *digits);

/* What the reader is told of a text of the shape that it need not read. */
struct gcr_passed gcr_shape_passed(const struct gcr_shape *shape,
				   const char *text,
				   const struct gcr_digits *digits,
				   size_t size);

#endif
