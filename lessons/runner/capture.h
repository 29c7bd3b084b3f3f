#ifndef RUNNER_CAPTURE_H
#define RUNNER_CAPTURE_H

/*
 * A capture: everything one run of a lesson's steps left, as one JSON value that
 * the lesson's jq reads, in a folder with the program, its binaries and core:
 *
 *	{ "format": "gocrash-capture/1", "lesson": 1, "seed": "8f31",
 *	  "drawn": {"len": 3, …}, "lesson_hash": "…", "time": 1763900000,
 *	  "go": {"version": "1.26.0", "minor": 26, "line": "go version …"},
 *	  "arch": "amd64", "folder": "…",
 *	  "tools": {"gdb": "/usr/bin/gdb", …},
 *	  "steps": [ {"name", "command", "outcome", "skipped", "status",
 *	    "signal", "core", "seconds", "stdout", "stderr", "lines",
 *	    "trace", "key"} ] }
 *
 * `lines` is standard error by lines, `trace` its crashes as gocrash/1, `key`
 * what the program printed as `key name=0x…`. In a skipped step `skipped` says
 * why and the outputs are empty.
 */

#include <jq.h>
#include <stdbool.h>

#include "draw.h"
#include "lesson.h"
#include "surroundings.h"

struct text;

/* How a step, or a capture, came out. */
enum outcome {
	OUTCOME_EXPECTED,
	OUTCOME_SKIPPED, /* something it needs is not here */
	OUTCOME_NO_GO,
	OUTCOME_OLD_GO,
	OUTCOME_BUILD_FAILED,
	OUTCOME_STATUS, /* ended otherwise than the lesson says */
	OUTCOME_TIMED_OUT,
	OUTCOME_FLOODED,
	OUTCOME_NO_DUMP,
	OUTCOME_DUMP_UNREADABLE,
	OUTCOME_NOT_SERVING, /* a server that ended instead */
	OUTCOME_DEAF,	     /* a server that never listened */
	OUTCOME_EARLY,	     /* a server that did not wait for the signal */
	OUTCOME_NO_LOAD,     /* a load that did not */
	OUTCOME_STOPPED,
	OUTCOME_CANNOT_RUN,
	OUTCOME_LESSON, /* the lesson itself is at fault */
	OUTCOME_COUNT
};

/* `build failed`, … and what to do about it. */
const char *outcome_name(enum outcome outcome);
const char *outcome_advice(enum outcome outcome);

/* Called around each step; any may be NULL. */
struct capture_watcher {
	void (*before)(void *data, const struct step *step);
	/* It goes on beside the next steps; `out` is its output so far. */
	void (*started)(void *data, const struct step *step, const char *out);
	/* A step takes its time; it may take `seconds`. */
	void (*slow)(void *data, unsigned seconds);
	void (*after)(void *data, const struct step *step, jv record);
	void *data;
};

/* Why a step `hand` that could run did not: it is the learner's. */
extern const char capture_by_hand[];

struct capture_request {
	const struct lesson *lesson;
	const struct surroundings *here;
	unsigned long long seed;
	const char *folder; /* made anew; what was there is removed */
	bool trimmed;	    /* for a recording: the same in every folder */
	struct capture_watcher watcher;
};

/*
 * Run the lesson's steps in order, up to the first whose outcome is neither
 * OUTCOME_EXPECTED nor OUTCOME_SKIPPED, which is returned; `errors` then says
 * more. `ret` is a capture in any case, of what ran so far; free it.
 */
enum outcome capture_run(const struct capture_request *request, jv *ret,
			 struct text *errors);

/*
 * Write and read `path`; capture_save() consumes. Return 0, or -1 with the reason
 * in `errors`.
 */
GCR_MUST_CHECK int capture_save(jv capture, const char *path,
				struct text *errors);
GCR_MUST_CHECK int capture_load(const struct lesson *lesson, const char *path,
				jv *ret, struct text *errors);

/* Text of a member, or of a member of a member (`go`, `version`); or "". */
const char *capture_text(jv capture, const char *key, const char *inner,
			 struct pool *pool);

/* The record of a step, or an invalid value. */
jv capture_step(jv capture, const char *name);

#endif
