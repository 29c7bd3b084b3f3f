#ifndef GCR_CAUSES_H
#define GCR_CAUSES_H

/*
 * What causes and states mean, in plain language. The rows are in causes.c
 * and states.c; texts here are ours, constant, and need no escaping.
 */

#include "gocrash.h"

/* One thing a panic, fatal error or signal report says. */
struct gcr_cause_row {
	enum gcr_cause_kind kind;
	const char *text;     /* how it begins */
	const char *meaning;  /* one or two sentences */
	const char *advice;   /* the next step, or NULL */
	unsigned first, last; /* releases it is printed by; 0: no bound known */
	const char *source;   /* file and function of the Go runtime */
};

/* One reason for which a goroutine stands still, or one of its statuses. */
struct gcr_state_row {
	const char *text;    /* whole */
	const char *meaning; /* to be read after "goroutine 7 " */
	unsigned first, last;
	const char *source;
};

/* One code of a signal. */
struct gcr_signal_code {
	const char *signal; /* NULL: any */
	uint64_t code;
	const char *name;
	const char *meaning;
};

/* The row that fits best (the longest text), or NULL. */
const struct gcr_cause_row *gcr_cause_find(enum gcr_cause_kind kind,
					   struct gcr_span text);
const struct gcr_state_row *gcr_state_find(struct gcr_span state);
const struct gcr_signal_code *gcr_signal_code_find(struct gcr_span signal,
						   uint64_t code);

/* For the tests: row `i`, or NULL behind the last. */
const struct gcr_cause_row *gcr_cause_row(size_t i);
const struct gcr_state_row *gcr_state_row(size_t i);

#endif
