/*
 * A census: stacks in, one at a time, groups out. Its source is the reader of
 * texts, a crash in memory, or whoever calls gcr_census_stream().
 */

#include "census.h"

#include "arena.h"
#include "argcolumns.h"
#include "error.h"
#include "groups.h"
#include "traceback.h"
#include "waiters.h"

#include <string.h>

struct gcr_census {
	struct gcr_arena *arena;
	struct gcr_arena *scratch; /* of one stack */
	struct gcr_census_request request;
	struct gcr_tally *tallies;
	size_t tally_count, tally_capacity;
	const struct gcr_other *others;
	size_t other_count;
	/* The dump being counted. */
	struct gcr_tally now;
	struct gcr_groups *groups;
};

static int census_new(const struct gcr_limits *limits,
		      const struct gcr_census_request *request,
		      struct gcr_census **ret, struct gcr_error *err)
{
	struct gcr_arena *arena =
		gcr_arena_new(limits != NULL ? limits->memory : 0);
	struct gcr_arena *scratch = gcr_arena_new(0);
	struct gcr_census *census = NULL;

	if (arena == NULL || scratch == NULL) {
		gcr_fail(err, GCR_NOMEM, "out of memory");
	} else {
		gcr_arena_fail_at(arena, limits != NULL ? limits->fail_at : 0);
		census = gcr_arena_alloc(arena, sizeof(*census), err);
	}
	if (census == NULL) {
		gcr_arena_free(arena);
		gcr_arena_free(scratch);
		return -1;
	}
	census->arena = arena;
	census->scratch = scratch;
	if (request != NULL)
		census->request = *request;
	*ret = census;
	return 0;
}

void gcr_census_free(struct gcr_census *census)
{
	if (census == NULL)
		return;
	gcr_arena_free(census->scratch);
	gcr_arena_free(census->arena);
}

size_t gcr_census_dump_count(const struct gcr_census *census)
{
	return census->tally_count;
}

const struct gcr_tally *gcr_census_dump(const struct gcr_census *census,
					size_t index)
{
	return index < census->tally_count ? &census->tallies[index] : NULL;
}

size_t gcr_census_other_count(const struct gcr_census *census)
{
	return census->other_count;
}

const struct gcr_other *gcr_census_other(const struct gcr_census *census,
					 size_t index)
{
	return index < census->other_count ? &census->others[index] : NULL;
}

/* One dump ----------------------------------------------------------------- */

static int begin_dump(struct gcr_census *census, struct gcr_error *err)
{
	census->now = (struct gcr_tally){ .number = census->tally_count };
	if (census->request.waits &&
	    gcr_waits_new(census->arena, &census->now.waits, err) != 0)
		return -1;
	return gcr_groups_new(census->arena, &census->groups, err);
}

static bool is_goroutine(const struct gcr_goroutine *stack)
{
	return stack->kind == GCR_STACK_GOROUTINE ||
	       stack->kind == GCR_STACK_BARE ||
	       stack->kind == GCR_STACK_PROFILE;
}

static int count_stack(struct gcr_census *census,
		       const struct gcr_goroutine *stack, struct gcr_error *err)
{
	const struct gcr_census_request *request = &census->request;
	struct gcr_tally *tally = &census->now;
	struct gcr_group *group;

	if (!is_goroutine(stack)) {
		tally->elsewhere++;
		return 0;
	}
	if (request->keep != NULL && !request->keep(request->from, stack)) {
		tally->left_out += stack->count;
		return 0;
	}
	if (gcr_groups_add(census->groups, stack, &group, err) != 0)
		return -1;
	tally->count += stack->count;
	if (tally->waits != NULL &&
	    gcr_waits_add(tally->waits, group, stack, err) != 0)
		return -1;
	if (request->columns && group->count > stack->count &&
	    gcr_columns_add(group, stack, census->arena, census->scratch,
			    err) != 0)
		return -1;
	return request->each != NULL
		       ? request->each(request->from, tally, group, stack, err)
		       : 0;
}

// The groups are complete; `crash` tells the rest, its stacks left out.
static int end_dump(struct gcr_census *census, const struct gcr_crash *crash,
		    struct gcr_error *err)
{
	struct gcr_crash *copy =
		gcr_arena_alloc(census->arena, sizeof(*copy), err);

	if (copy == NULL ||
	    gcr_arena_grow(census->arena, &census->tallies, census->tally_count,
			   &census->tally_capacity, sizeof(struct gcr_tally),
			   err) != 0)
		return -1;
	if (census->now.waits != NULL &&
	    gcr_waits_settle(census->now.waits, crash, err) != 0)
		return -1;
	*copy = *crash;
	copy->goroutines = copy->stacks = NULL;
	copy->goroutine_count = copy->stack_count = 0;
	census->now.crash = copy;
	census->now.groups = gcr_groups_all(census->groups);
	census->now.group_count = gcr_groups_count(census->groups);
	census->tallies[census->tally_count++] = census->now;
	return 0;
}

/* A text ------------------------------------------------------------------- */

enum {
	STACKS_BETWEEN = 4096 /* two tellings of how far it is */
};

static void tell_progress(const struct gcr_census *census, uint64_t stacks,
			  const struct gcr_goroutine *stack)
{
	const struct gcr_census_request *request = &census->request;

	if (request->progress != NULL && stacks % STACKS_BETWEEN == 0)
		request->progress(request->from, stack->place.offset);
}

static int read_dumps(struct gcr_census *census, struct gcr_traceback *reader,
		      struct gcr_arena *stacks, struct gcr_error *err)
{
	struct gcr_arena_mark mark = gcr_arena_mark(stacks);
	struct gcr_goroutine stack;
	enum gcr_piece piece;
	uint64_t count = 0;

	if (begin_dump(census, err) != 0)
		return -1;
	for (;;) {
		if (gcr_traceback_next(reader, &piece, &stack, err) != 0)
			return -1;
		const struct gcr_crash *crash = gcr_traceback_crash(reader);
		if (piece == GCR_PIECE_END) {
			census->others = crash->others;
			census->other_count = crash->other_count;
			return 0;
		}
		if (piece == GCR_PIECE_CRASH) {
			if (end_dump(census, crash, err) != 0 ||
			    begin_dump(census, err) != 0)
				return -1;
			continue;
		}
		if (count_stack(census, &stack, err) != 0)
			return -1;
		gcr_arena_rewind(stacks, mark);
		tell_progress(census, ++count, &stack);
	}
}

int gcr_census_take(struct gcr_span text, const struct gcr_limits *limits,
		    const struct gcr_census_request *request,
		    struct gcr_census **ret, struct gcr_error *err)
{
	struct gcr_arena *stacks;
	struct gcr_traceback *reader;
	struct gcr_census *census;
	int result = -1;

	if (census_new(limits, request, &census, err) != 0)
		return -1;
	stacks = gcr_arena_new(0);
	if (stacks == NULL)
		gcr_fail(err, GCR_NOMEM, "out of memory");
	else if (gcr_traceback_new(text, limits, census->arena, stacks, &reader,
				   err) == 0)
		result = read_dumps(census, reader, stacks, err);
	gcr_arena_free(stacks);
	if (result == 0)
		*ret = census;
	else
		gcr_census_free(census);
	return result;
}

/* Other sources ------------------------------------------------------------ */

static int read_source(struct gcr_census *census,
		       const struct gcr_stack_source *source,
		       struct gcr_error *err)
{
	static const struct gcr_crash nothing = { 0 };
	struct gcr_goroutine stack;
	int got;

	if (begin_dump(census, err) != 0)
		return -1;
	gcr_groups_copy_texts(census->groups);
	while ((got = source->next(source->from, &stack, err)) > 0)
		if (count_stack(census, &stack, err) != 0)
			return -1;
	if (got < 0)
		return -1;
	return end_dump(census,
			source->crash != NULL ? source->crash : &nothing, err);
}

int gcr_census_stream(const struct gcr_stack_source *source,
		      const struct gcr_census_request *request,
		      struct gcr_census **ret, struct gcr_error *err)
{
	struct gcr_census *census;

	if (census_new(NULL, request, &census, err) != 0)
		return -1;
	if (read_source(census, source, err) != 0) {
		gcr_census_free(census);
		return -1;
	}
	*ret = census;
	return 0;
}

static int count_all(struct gcr_census *census,
		     const struct gcr_goroutine *stacks, size_t count,
		     struct gcr_error *err)
{
	for (size_t i = 0; i < count; i++)
		if (count_stack(census, &stacks[i], err) != 0)
			return -1;
	return 0;
}

static int count_crash(struct gcr_census *census, const struct gcr_crash *crash,
		       struct gcr_error *err)
{
	if (begin_dump(census, err) != 0 ||
	    count_all(census, crash->goroutines, crash->goroutine_count, err) !=
		    0 ||
	    count_all(census, crash->stacks, crash->stack_count, err) != 0)
		return -1;
	return end_dump(census, crash, err);
}

int gcr_census_crash(const struct gcr_crash *crash,
		     const struct gcr_census_request *request,
		     struct gcr_census **ret, struct gcr_error *err)
{
	struct gcr_census *census;

	if (census_new(NULL, request, &census, err) != 0)
		return -1;
	if (count_crash(census, crash, err) != 0) {
		gcr_census_free(census);
		return -1;
	}
	*ret = census;
	return 0;
}
