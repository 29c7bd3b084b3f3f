/*
 * A census: stacks in, one at a time, groups out. Its source is the reader of
 * texts, a crash in memory, or whoever calls gcr_census_stream().
 */

#include "census.h"

#include "arena.h"
#include "error.h"
#include "headcount.h"
#include "target.h"
#include "traceback.h"
#include "waiters.h"

struct gcr_census {
	struct gcr_arena *arena;
	struct gcr_census_request request;
	struct gcr_headcount *count; /* while it lasts */
	struct gcr_tally *tallies;
	size_t tally_count, tally_capacity;
	const struct gcr_other *others;
	size_t other_count;
};

static int census_new(const struct gcr_limits *limits,
		      const struct gcr_census_request *request,
		      struct gcr_census **ret, struct gcr_error *err)
{
	struct gcr_arena *arena =
		gcr_arena_new(limits != NULL ? limits->memory : 0);
	struct gcr_census *census;

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	gcr_arena_fail_at(arena, limits != NULL ? limits->fail_at : 0);
	census = gcr_arena_alloc(arena, sizeof(*census), err);
	if (census == NULL) {
		gcr_arena_free(arena);
		return -1;
	}
	census->arena = arena;
	if (request != NULL)
		census->request = *request;
	if (gcr_headcount_new(arena, &census->request, &census->count, err) !=
	    0) {
		gcr_arena_free(arena);
		return -1;
	}
	*ret = census;
	return 0;
}

void gcr_census_free(struct gcr_census *census)
{
	if (census == NULL)
		return;
	gcr_headcount_free(census->count);
	gcr_arena_free(census->arena);
}

// Counting is over, well or not.
static int finish(struct gcr_census *census, int result,
		  struct gcr_census **ret)
{
	gcr_headcount_free(census->count);
	census->count = NULL;
	if (result == 0)
		*ret = census;
	else
		gcr_census_free(census);
	return result;
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

static int begin_dump(struct gcr_census *census, bool copy_texts,
		      struct gcr_error *err)
{
	return gcr_headcount_begin(census->count, census->tally_count,
				   copy_texts, err);
}

static int settle_waits(struct gcr_census *census,
			const struct gcr_tally *tally,
			const struct gcr_crash *crash, struct gcr_error *err)
{
	struct gcr_target target =
		gcr_target_combine(&census->request.given, &crash->target);

	tally->waits->groups = tally->groups;
	tally->waits->group_count = tally->group_count;
	return gcr_waits_settle(tally->waits, &target, err);
}

// The groups are complete; `crash` tells the rest, its stacks left out.
static int end_dump(struct gcr_census *census, const struct gcr_crash *crash,
		    struct gcr_error *err)
{
	struct gcr_tally tally;
	struct gcr_crash *copy =
		gcr_arena_alloc(census->arena, sizeof(*copy), err);

	if (copy == NULL || gcr_headcount_end(census->count, err) != 0)
		return -1;
	tally = gcr_headcount_tally(census->count);
	if (gcr_arena_grow(census->arena, &census->tallies, census->tally_count,
			   &census->tally_capacity, sizeof(tally), err) != 0)
		return -1;
	if (tally.waits != NULL &&
	    settle_waits(census, &tally, crash, err) != 0)
		return -1;
	*copy = *crash;
	copy->goroutines = copy->stacks = NULL;
	copy->goroutine_count = copy->stack_count = 0;
	tally.crash = copy;
	census->tallies[census->tally_count++] = tally;
	return 0;
}

/* A text ------------------------------------------------------------------- */

static int read_dumps(struct gcr_census *census, struct gcr_traceback *reader,
		      struct gcr_arena *stacks, struct gcr_error *err)
{
	enum gcr_piece piece = GCR_PIECE_CRASH;
	const struct gcr_crash *crash = gcr_traceback_crash(reader);

	if (begin_dump(census, false, err) != 0)
		return -1;
	while (piece != GCR_PIECE_END) {
		if (gcr_headcount_pass(census->count, reader, err) != 0 ||
		    gcr_headcount_read(census->count, reader, stacks, &piece,
				       err) != 0)
			return -1;
		if (piece == GCR_PIECE_CRASH &&
		    (end_dump(census, crash, err) != 0 ||
		     begin_dump(census, false, err) != 0))
			return -1;
	}
	census->others = crash->others;
	census->other_count = crash->other_count;
	return 0;
}

int gcr_census_take(struct gcr_span text, const struct gcr_limits *limits,
		    const struct gcr_census_request *request,
		    struct gcr_census **ret, struct gcr_error *err)
{
	struct gcr_arena *stacks;
	struct gcr_traceback *reader;
	struct gcr_census *census = NULL;
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
	return finish(census, result, ret);
}

/* Other sources ------------------------------------------------------------ */

static int read_source(struct gcr_census *census,
		       const struct gcr_stack_source *source,
		       struct gcr_error *err)
{
	static const struct gcr_crash nothing = { 0 };
	struct gcr_goroutine stack;
	int got;

	if (begin_dump(census, true, err) != 0)
		return -1;
	gcr_headcount_source(census->count, source);
	while ((got = source->next(source->from, &stack, err)) > 0)
		if (gcr_headcount_add(census->count, &stack, err) != 0)
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
	struct gcr_census *census = NULL;

	if (census_new(NULL, request, &census, err) != 0)
		return -1;
	return finish(census, read_source(census, source, err), ret);
}

static int count_all(struct gcr_census *census,
		     const struct gcr_goroutine *stacks, size_t count,
		     struct gcr_error *err)
{
	for (size_t i = 0; i < count; i++)
		if (gcr_headcount_add(census->count, &stacks[i], err) != 0)
			return -1;
	return 0;
}

static int count_crash(struct gcr_census *census, const struct gcr_crash *crash,
		       struct gcr_error *err)
{
	if (begin_dump(census, false, err) != 0 ||
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
	struct gcr_census *census = NULL;

	if (census_new(NULL, request, &census, err) != 0)
		return -1;
	return finish(census, count_crash(census, crash, err), ret);
}
