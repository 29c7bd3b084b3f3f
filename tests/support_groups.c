/* See support_groups.h. */

#include "support_groups.h"

#include "arena.h"

#include <check.h>

static void add_all(struct grouped *to, const struct gcr_goroutine *stacks,
		    size_t count)
{
	struct gcr_group *unused;
	struct gcr_error err;

	for (size_t i = 0; i < count; i++) {
		ck_assert_int_eq(
			gcr_groups_add(to->groups, &stacks[i], &unused, &err),
			0);
		to->goroutines += stacks[i].count;
	}
}

struct grouped group_text(struct gcr_span text)
{
	struct grouped result = { .dump = parse_text(text),
				  .arena = gcr_arena_new(0) };
	struct gcr_error err;

	ck_assert_ptr_nonnull(result.arena);
	ck_assert_int_eq(gcr_groups_new(result.arena, &result.groups, &err), 0);
	for (size_t i = 0; i < gcr_dump_crash_count(result.dump); i++) {
		const struct gcr_crash *crash = gcr_dump_crash(result.dump, i);
		add_all(&result, crash->goroutines, crash->goroutine_count);
	}
	return result;
}

void group_free(struct grouped *grouped)
{
	gcr_arena_free(grouped->arena);
	gcr_dump_free(grouped->dump);
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
