#ifndef GCR_LINES_H
#define GCR_LINES_H

/*
 * The lines of an input as the Go runtime wrote them, whatever has happened to
 * them since: log prefixes are taken off, JSON-escaped texts are unfolded, a CR
 * before the LF goes. Where a line stands in the input is kept.
 *
 * Prefixes are not guessed from their form but learned from an anchor, a
 * `goroutine 7 [running]:` that does not start its line: what stands before
 * it, with the digits of times left open, is the prefix of its neighbours.
 * Other anchors are in anchor.c.
 */

#include "gocrash.h"

enum {
	GCR_PREFIX_MAX = 1024,
	GCR_FOLD_MAX = 3,
	GCR_ANCHOR_KINDS = 5
};

/* One line. `text` has no prefix and no line end; `raw` has both. */
struct gcr_line {
	struct gcr_span text;
	struct gcr_span raw; /* in the input; for an unfolded line its text */
	struct gcr_place place; /* of `text` */
	unsigned depth;		/* of unfolding; 0: the input itself */
	size_t source;		/* which text it comes from; 0: the input */
	bool alone;		/* it is all of the log line's text */
	bool foreign;		/* it has not the prefix that others have */
};

/* What stands before the text on each line of a log. */
struct gcr_prefix {
	bool active;
	size_t size;
	bool folded; /* the text is the rest of a quoted string, escaped */
	char sample[GCR_PREFIX_MAX];
	bool varies[GCR_PREFIX_MAX]; /* a digit of a time */
};

/* A line that only a dump has, wherever in its line it stands. */
struct gcr_anchor {
	const char *line, *text;
	bool folded; /* what follows it is an escaped line end */
	bool opens;  /* it begins a stack: its line may be the only prefixed */
	/* Of each kind (anchor.c) the next one, and how far was searched. */
	struct {
		const char *found, *searched;
		bool folded;
	} kind[GCR_ANCHOR_KINDS];
	/* The end of the state that was looked for last, from where. */
	const char *state_from, *state_end;
	bool state_ended, state_folded;
};

/* What an anchor says of the prefix of its neighbours. */
struct gcr_lesson {
	const char *anchor; /* its text; NULL: none yet */
	bool learned;
	/* Tabs at its end may belong to the text: with and without them. */
	size_t tabs;
	bool goes_on[2]; /* the line behind the anchor has it too */
	struct gcr_prefix prefix;
};

/* A text being split: the input, or an unfolded string inside of it. */
struct gcr_source {
	const char *start, *at, *end;
	size_t line;		  /* of `at`, while depth is 0 */
	size_t number;		  /* of the unfolded text; 0: the input */
	struct gcr_place origin;  /* of the string, for an unfolded text */
	bool alone;		  /* nothing else was unfolded of its line */
	struct gcr_anchor anchor; /* the next one at or after `at` */
	/* This line alone has something before its anchor. */
	const char *cut_line, *cut_text;
};

struct gcr_lines {
	struct gcr_arena *arena; /* for unfolded texts */
	unsigned depth;
	bool pushed_back;
	bool failed; /* out of memory: no more lines */
	struct gcr_error error;
	size_t unfolded;       /* texts so far */
	struct gcr_line again; /* what was pushed back */
	struct gcr_source source[GCR_FOLD_MAX + 1];
	struct gcr_prefix prefix[GCR_FOLD_MAX + 1];
	struct gcr_lesson lesson[GCR_FOLD_MAX + 1];
};

void gcr_lines_init(struct gcr_lines *lines, struct gcr_span text,
		    struct gcr_arena *arena);

/* The next line; false at the end, or when memory ran out (`failed`). */
bool gcr_lines_next(struct gcr_lines *lines, struct gcr_line *ret);

/* Give the line just read back; at most one at a time. */
void gcr_lines_push_back(struct gcr_lines *lines, const struct gcr_line *line);

/*
 * For a line that makes no sense as it is, not pushed back, the last one read:
 * look ahead for an anchor that shows how it is prefixed or folded. True when
 * it was; then the line is read again, the new way.
 */
bool gcr_lines_learn(struct gcr_lines *lines, const struct gcr_line *line);

/* Does an anchor follow within `size` bytes of the start of `line`? */
bool gcr_lines_anchor_near(struct gcr_lines *lines, const struct gcr_line *line,
			   size_t size);

#endif
