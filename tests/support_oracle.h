#ifndef GCR_TEST_SUPPORT_ORACLE_H
#define GCR_TEST_SUPPORT_ORACLE_H

/*
 * Groups of goroutines as a second, simple implementation finds them: it reads
 * the text line by line as the runtime writes it, and no other form, writes a key
 * for each goroutine and sorts the keys. It shares nothing with the library.
 */

#include "support.h"

struct oracle_group {
	/* `select|-|main.f a.go:7;main.main a.go:9;|main.init a.go:3;` */
	char *key;
	uint64_t count, minutes_least, minutes_most;
};

struct oracle {
	struct oracle_group *groups; /* sorted by key, no key twice */
	size_t count;
	uint64_t goroutines;
};

struct oracle oracle_read(struct gcr_span text);

/* What the library found, over all dumps, in the same form. */
struct oracle oracle_of(const struct gcr_census *census);

void oracle_free(struct oracle *oracle);

/* Fails the test with the first group in which the two differ. */
void assert_same_groups(const struct oracle *got, const struct oracle *want,
			const char *what);

#endif
