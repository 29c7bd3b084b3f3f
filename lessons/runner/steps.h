#ifndef RUNNER_STEPS_H
#define RUNNER_STEPS_H

/*
 * The steps of a lesson, run. Most end before the next begins; serving.c has those
 * that run beside the others: servers, and the load on them.
 */

#include <jq.h>
#include <stdbool.h>
#include <sys/types.h>

#include "capture.h"
#include "child.h"

/* One step, as far as it has come. */
struct stage {
	struct step step;   /* with the values in its command */
	struct child child; /* of a step that runs beside the others */
	bool running;	    /* that child is not closed yet */
	bool stopped;	    /* and did not end by itself */
	pid_t pid;	    /* the process that listens ... */
	unsigned port;	    /* ... and where */
	int sockets; /* established just before the signal; -1: not counted */
	size_t cut;  /* bytes of the outputs, where the record has not all */
	const char *fetched; /* where its core was, or NULL: where it ran */
	jv record;	     /* invalid until it has ended */
};

/* A run of a lesson's steps. */
struct run {
	const struct capture_request *request;
	struct pool pool;
	char **environment;
	struct text *errors;
	jv values;	   /* what `{name}` in a command stands for */
	jv tools;	   /* the programs that were needed, and found */
	unsigned patience; /* times a step's limit */
	unsigned allowed;  /* seconds of the step that runs */
	unsigned port;	   /* `{port}` */
	bool core;	   /* a step left one */
	struct stage *stages;
	size_t stage_count;
};

/*
 * Run them in order, up to the first whose outcome is neither OUTCOME_EXPECTED nor
 * OUTCOME_SKIPPED, which is returned. Nothing runs afterwards.
 */
enum outcome steps_run(struct run *run);

/* The records of what ran, in the order of the lesson. */
jv steps_records(struct run *run);

/* The step's command, with the values known now. */
void stage_fill(struct run *run, struct stage *stage);

/* How a child's end is judged, before its status is looked at. */
enum outcome stage_end(enum child_end end);

/*
 * Judge and record what a step left; `outcome` stands if it is not
 * OUTCOME_EXPECTED. `lack` says why it was left out, or is NULL.
 */
enum outcome stage_close(struct run *run, struct stage *stage,
			 struct child_result *result, const char *lack,
			 enum outcome outcome);

#endif
