/*
 * Any bytes as a dump through the census and every writer of it: every byte of
 * the result is read, the counts of all agree, and the reader that keeps a whole
 * dump finds the same groups.
 */

#include "gocrash.h"

#include <stdio.h>
#include <stdlib.h>

#include "../everywriter.h"

void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	// Small enough to be reached now and then. A census passes goroutines
	// by without keeping them: their limit is for who keeps them.
	const struct gcr_limits limits = { .frames = 50 };
	struct gcr_span text = { (const char *)data, size };
	struct every_sum sum = every_writer(text, &limits);
	struct every_sum parsed = every_parsed(text, &limits);

	REQUIRE(sum.dumps == parsed.dumps);
	REQUIRE(sum.goroutines == parsed.goroutines);
	REQUIRE(sum.groups == parsed.groups);
	REQUIRE(sum.digest == parsed.digest);
	return 0;
}
