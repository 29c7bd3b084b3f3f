#ifndef RUNNER_LESSON_H
#define RUNNER_LESSON_H

/*
 * A lesson, as its lesson.md says it. The file is CommonMark and reads well on
 * its own; AUTHORING.md describes the blocks in it that speak to the runner:
 *
 *	```lesson	what it is for and what it needs
 *	```draw		the program, and the values drawn for each learner
 *	```sh NAME	commands, run as they stand: a step
 *	```question ID	one question, its answer and its witness
 *	```need NAME	one line of the doctor's report
 *
 * A lesson and everything in it lives in the pool it was read into.
 */

#include <stdbool.h>
#include <stddef.h>

#include "pool.h"

enum answer_kind {
	KIND_INT,
	KIND_HEX,
	KIND_NAME,
	KIND_CHOICE,
	KIND_SET,
	KIND_RANGE,
	KIND_COUNT
};

/* The name of a kind in lesson.md, and what an answer of it looks like. */
const char *answer_kind_name(enum answer_kind kind);
const char *answer_kind_form(enum answer_kind kind);

enum {
	QUESTIONS_MOST = 6,
	HINT_COUNT = 2, /* written by the author; the third is the answer */
	STATUS_ANY = -1,
	STEP_SECONDS = 60,
};

/* `misread: JQ => what the learner did`. */
struct misreading {
	const char *value;    /* jq */
	const char *sentence; /* with \(jq) in it */
};

struct question {
	const char *id;
	enum answer_kind kind;
	bool decimal; /* the number's base is the question: no 0x */
	/* Texts, with \(jq) in them. */
	const char *ask, *form, *place, *reason;
	const char *hints[HINT_COUNT];
	/* jq over the capture; NULL when the lesson does not say. */
	const char *unless, *again, *answer, *witness, *evidence;
	const char *tolerance; /* of a range: `5%` or a number; or NULL */
	const char *show;      /* the step whose output is shown */
	const char *only;      /* a regular expression: the lines shown */
	const char *mark;      /* `no`: the evidence is to be found; or NULL */
	const char *after;     /* prose that follows the block, or NULL */
	struct misreading *misreadings;
	size_t misreading_count;
	const char **choices;
	size_t choice_count;
	size_t hint_count;
	size_t line;
};

enum step_flag {
	STEP_BUILD = 1u << 0, /* a failure is a failed build */
	STEP_DUMP = 1u << 1,  /* must leave a dump */
	STEP_CORE = 1u << 2,  /* is meant to leave a core; none is no failure */
	STEP_CHECK = 1u << 3, /* a witness: run, not shown to the learner */
	STEP_QUIET = 1u << 4, /* its output is not shown as it runs */
	STEP_SERVE = 1u << 5, /* runs on: the next begins when it listens */
	STEP_LOAD = 1u << 6,  /* runs on for as long as its server does */
	STEP_SIGNAL = 1u << 7, /* ends its server */
	STEP_HAND = 1u << 8,   /* for the learner's own hand, on a terminal */
};

struct step {
	const char *name, *command;
	const char *before; /* prose that stands before it, or NULL */
	const char *needs;  /* comma-separated programs, `core`; or NULL */
	const char *room;   /* a server, or megabytes: left out where the disk
				 has none for such a core; or NULL */
	int status;	    /* expected, or STATUS_ANY */
	const char *server; /* the step that a load or a signal is for */
	unsigned seconds;   /* it may take */
	unsigned after;	    /* seconds of load before it begins */
	unsigned flags;
	size_t line;
};

enum draw_kind {
	DRAW_INT,
	DRAW_BOOL,
	DRAW_WORD,
};

/* One drawn value: the course's own spelling and the range of others. */
struct draw {
	const char *name, *course;
	enum draw_kind kind;
	long low, high; /* of a number, or of a word's length */
	size_t line;
};

struct need {
	const char *name;
	const char *ok;			     /* jq: true or false */
	const char *found, *limits, *repair; /* texts with \(jq) in them */
	size_t line;
};

struct lesson {
	int number;
	const char *path; /* of lesson.md */
	const char *folder;
	const char *title, *objective;
	const char *needs;    /* comma-separated: without them no run */
	const char *wants;    /* comma-separated: without them some questions */
	const char *seen;     /* the releases it was seen with */
	const char *assembly; /* the step whose output is the -S listing */
	const char *define;   /* jq functions for its expressions, or NULL */
	const char *refuse; /* jq: why this capture teaches nothing, or null */
	const char **declares;
	size_t declare_count;
	/* draw */
	const char *program; /* folders below go-examples/, or NULL */
	const char *call;    /* a line of the first with {name} in it */
	const char *keep;    /* jq over the drawn values: is this draw good? */
	struct draw *draws;
	size_t draw_count;
	struct step *steps;
	size_t step_count;
	struct question *questions;
	size_t question_count;
	struct need *need_rows;
	size_t need_count;
	const char *outro;   /* prose between the last step and question 1 */
	const char *learned; /* "What you now know" */
	unsigned long long hash; /* of the file's bytes */
};

/*
 * Read the text of a lesson.md. What is wrong with it is appended to `errors`,
 * a line each, `path:line: text`. Returns 0 when nothing is.
 */
struct text;
GCR_MUST_CHECK int lesson_parse(const char *data, size_t size, const char *path,
				struct pool *pool, struct lesson *ret,
				struct text *errors);

const struct step *lesson_step(const struct lesson *lesson, const char *name);

/* The question of this number or id; past the last when there is none. */
size_t lesson_question(const struct lesson *lesson, const char *name);

#endif
