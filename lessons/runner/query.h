#ifndef RUNNER_QUERY_H
#define RUNNER_QUERY_H

/*
 * jq programs over a capture. libjq takes some 20 ms to start a program, so the
 * expressions of a lesson are put together into one (see sheet.c).
 *
 * Programs are kept to what jq 1.6 and 1.7 share.
 */

#include <jq.h>

#include "gocrash.h"

struct text;

/*
 * Run `program`, after the prelude, on `input` (consumed), and give its first
 * result. Returns 0; or -1 with jq's message appended to `errors`.
 */
GCR_MUST_CHECK int query_run(const char *program, jv input, jv *ret,
			     struct text *errors);

/* Does `program` compile? As query_run() without running it. */
GCR_MUST_CHECK int query_check(const char *program, struct text *errors);

/*
 * Add an expression that is `expression`, its first result or null, and that
 * cannot fail: an error becomes {"$error": "message"}.
 */
void query_guard(const char *expression, struct text *program);

/*
 * Add an expression that is the text `words` as a string: `\(EXPRESSION)` in it
 * is filled in by jq, line breaks become blanks.
 */
void query_template(const char *words, struct text *program);

/* Add `string` as a jq string literal. */
void query_literal(const char *string, struct text *program);

/* The message of an {"$error": …}, or an invalid value when `value` is none. */
jv query_error(jv value);

/* Functions every expression of a lesson can use (prelude.c). */
extern const char query_prelude[];

#endif
