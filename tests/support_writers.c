/* See support_writers.h. */

#include "support_writers.h"

#include <check.h>

struct gcr_census *count_text(struct gcr_span text)
{
	struct gcr_census *census;
	struct gcr_error err;

	ck_assert_int_eq(gcr_census_take(text, NULL, NULL, &census, &err), 0);
	return census;
}

uint64_t count_goroutines(const struct gcr_census *census)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < gcr_census_dump_count(census); i++)
		sum += gcr_census_dump(census, i)->count;
	return sum;
}

static int put(void *to, const char *data, size_t size)
{
	text_put(to, data, size);
	return 0;
}

struct gcr_output text_output(struct text *text)
{
	return (struct gcr_output){ put, text };
}

static int put_some(void *to, const char *data, size_t size)
{
	struct short_output *output = to;

	(void)data;
	if (size > output->left)
		return -1;
	output->left -= size;
	return 0;
}

struct gcr_output output_of(struct short_output *to)
{
	return (struct gcr_output){ put_some, to };
}
