#ifndef GCR_JSONREAD_H
#define GCR_JSONREAD_H

/*
 * Reading JSON (RFC 8259) that claims to have a known shape, value by value. The
 * first thing that is not as asked for is kept in `err` with its line and
 * column, and ends it all: later calls do nothing and say `false`, so that a
 * caller asks once, at the end of a document.
 *
 *	gcr_json_enter(&r, '{');
 *	while (gcr_json_member(&r, &key))
 *		if (gcr_span_is(key, "count"))
 *			count = gcr_json_take_number(&r);
 *		else
 *			gcr_json_skip(&r);
 *
 * Nothing recurses; what is skipped may be nested GCR_JSON_DEPTH deep.
 */

#include "gocrash.h"

enum {
	GCR_JSON_DEPTH = 256
};

struct gcr_json_reader {
	struct gcr_span text, rest;
	struct gcr_arena *arena; /* for texts with escapes in them */
	struct gcr_error *err;
	bool failed;
	bool first; /* nothing stands before, at this level */
};

void gcr_json_read(struct gcr_json_reader *reader, struct gcr_span text,
		   struct gcr_arena *arena, struct gcr_error *err);

/* Whether another value follows, white space aside. */
bool gcr_json_more(struct gcr_json_reader *reader);

/* An object or array begins here: `{` or `[`. */
void gcr_json_enter(struct gcr_json_reader *reader, char bracket);

/* The next member's name, or whether there is an element; false at the end. */
bool gcr_json_member(struct gcr_json_reader *reader, struct gcr_span *key);
bool gcr_json_element(struct gcr_json_reader *reader);

/* One value. On failure: an empty text, 0, false. */
struct gcr_span gcr_json_take_text(struct gcr_json_reader *reader);
uint64_t gcr_json_take_number(struct gcr_json_reader *reader);
/* A text of sixteen hexadecimal digits. */
uint64_t gcr_json_take_fingerprint(struct gcr_json_reader *reader);
bool gcr_json_take_bool(struct gcr_json_reader *reader);

/* `null`, if that is what stands here. */
bool gcr_json_take_null(struct gcr_json_reader *reader);

/* Any value. */
void gcr_json_skip(struct gcr_json_reader *reader);

/* Fail here, for a reason of the caller's; the first one counts. */
GCR_PRINTF(2, 3)
void gcr_json_refuse(struct gcr_json_reader *reader, const char *format, ...);

#endif
