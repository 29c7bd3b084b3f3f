/* A crash that is in memory, read as one that is not: see listed.h. */

#include "listed.h"

static int next_listed(void *from, struct gcr_goroutine *ret,
		       struct gcr_error *err)
{
	struct gcr_listed *listed = from;

	(void)err;
	if (listed->next == listed->crash->goroutine_count)
		return 0;
	*ret = listed->crash->goroutines[listed->next++];
	return 1;
}

struct gcr_stack_source gcr_listed_source(struct gcr_listed *listed)
{
	return (struct gcr_stack_source){ .from = listed,
					  .next = next_listed,
					  .crash = listed->crash };
}
