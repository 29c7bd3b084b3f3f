#ifndef RUNNER_REPORT_H
#define RUNNER_REPORT_H

/*
 * Results, and the formats in which graders want them: one record a question,
 * one writer a format.
 */

#include "pool.h"

struct text;

enum verdict {
	VERDICT_SOLVED,
	VERDICT_NOT_YET,
	VERDICT_NOT_ASKED, /* by the capture: neither right nor wrong */
	VERDICT_BROKEN,	   /* the environment or the lesson, not the answer */
	VERDICT_COUNT
};

struct result {
	int lesson;
	size_t number;	      /* of the question, from 1; 0: the lesson */
	const char *question; /* its id; "" for the lesson */
	const char *kind;
	enum verdict verdict;
	const char *got;    /* as given; "" when nothing was */
	const char *remark; /* misreading, or why not asked; or "" */
};

struct results {
	struct pool *pool;
	struct result *items;
	size_t count;
	const char *seed, *go; /* for the record */
	const char *remarks;   /* lines on the answer files, or NULL */
};

void results_add(struct results *results, const struct result *result);

/* 0 all solved or not asked, 1 some not, 2 something is broken. */
int results_status(const struct results *results);

/* Append the report in `format` (NULL: tap). Returns 0; -1: no such format. */
GCR_MUST_CHECK int results_write(const struct results *results,
				 const char *format, struct text *ret);

#endif
