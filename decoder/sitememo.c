/*
 * A frame's place is told by its own pc and that of the frame that called it; all
 * else that gcr_site_find() looks at follows from these two in a core, whose frames
 * are made from the program's own tables. What does not is asked for anew.
 */

#include "sitememo.h"

#include "arena.h"
#include "error.h"

enum {
	BUCKETS = 4096,
	LARGEST = 24 << 20, /* bytes, until all is forgotten */
	RUN_MEMORY = 256 << 20,
	MOST_SCRATCH = 4 << 20,
};

struct place {
	uint64_t callee, caller; /* pcs; caller 0: there is none */
	size_t between;		 /* frames that are inlined */
	unsigned callee_flags, caller_flags;
};

struct kept {
	struct kept *next;
	struct place place;
	struct gcr_site site;
	struct gcr_recovery told;
	struct gcr_site_runs runs;
};

struct gcr_sitememo {
	struct gcr_arena *arena, *scratch;
	struct gcr_arena_mark start;
	struct kept *buckets[BUCKETS];
	size_t misses;
};

int gcr_sitememo_new(struct gcr_sitememo **ret, struct gcr_error *err)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_sitememo *memo;

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	memo = gcr_arena_alloc(arena, sizeof(*memo), err);
	if (memo == NULL) {
		gcr_arena_free(arena);
		return -1;
	}
	memo->arena = arena;
	memo->scratch = gcr_arena_new(RUN_MEMORY);
	if (memo->scratch == NULL) {
		gcr_arena_free(arena);
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	}
	memo->start = gcr_arena_mark(arena);
	*ret = memo;
	return 0;
}

void gcr_sitememo_free(struct gcr_sitememo *memo)
{
	if (memo == NULL)
		return;
	gcr_arena_free(memo->scratch);
	gcr_arena_free(memo->arena);
}

void gcr_sitememo_turn(struct gcr_sitememo *memo)
{
	if (memo == NULL || gcr_arena_used(memo->arena) < LARGEST)
		return;
	gcr_arena_rewind(memo->arena, memo->start);
	for (size_t i = 0; i < BUCKETS; i++)
		memo->buckets[i] = NULL;
}

size_t gcr_sitememo_misses(const struct gcr_sitememo *memo)
{
	return memo->misses;
}

struct gcr_arena *gcr_sitememo_scratch(struct gcr_sitememo *memo)
{
	return memo->scratch;
}

void gcr_sitememo_done(struct gcr_sitememo *memo, struct gcr_arena *scratch)
{
	struct gcr_arena *other;

	if (memo == NULL || memo->scratch != scratch) {
		gcr_arena_free(scratch);
		return;
	}
	other = gcr_arena_used(scratch) > MOST_SCRATCH
			? gcr_arena_new(RUN_MEMORY)
			: NULL;
	if (other != NULL) {
		gcr_arena_free(scratch);
		memo->scratch = other;
		return;
	}
	gcr_arena_rewind(scratch, (struct gcr_arena_mark){ 0 });
}

// The place of a frame; false: it is told by more than that.
static bool find_place(const struct gcr_callsite_input *input, size_t index,
		       size_t *caller, struct place *ret)
{
	const unsigned needed = GCR_FRAME_PC | GCR_FRAME_OFFSET;
	const struct gcr_goroutine *in = input->goroutine;
	const struct gcr_frame *callee = &in->frames[index], *by;

	*caller = index + 1;
	while (*caller < in->frame_count &&
	       (in->frames[*caller].flags & GCR_FRAME_INLINED) != 0)
		++*caller;
	if ((callee->flags & needed) != needed ||
	    (callee->flags & GCR_FRAME_INLINED) != 0 ||
	    ((in->flags & GCR_G_ELIDED) != 0 && index < in->elided_at &&
	     *caller >= in->elided_at))
		return false;
	*ret = (struct place){ .callee = callee->pc - callee->offset,
			       .callee_flags = callee->flags };
	if (*caller == in->frame_count)
		return true;
	by = &in->frames[*caller];
	ret->caller = by->pc;
	ret->caller_flags = by->flags;
	ret->between = *caller - index;
	// Frames that do not touch have a hidden one in between.
	return (by->flags & needed) == needed &&
	       (callee->flags & by->flags & GCR_FRAME_FP_SP) != 0 &&
	       callee->fp == by->sp;
}

static bool is_same(const struct place *a, const struct place *b)
{
	return a->callee == b->callee && a->caller == b->caller &&
	       a->between == b->between && a->callee_flags == b->callee_flags &&
	       a->caller_flags == b->caller_flags;
}

static struct kept **find_bucket(struct gcr_sitememo *memo,
				 const struct place *place)
{
	uint64_t hash = (place->callee ^ place->caller << 20) *
			UINT64_C(0x9e3779b97f4a7c15);

	return &memo->buckets[(hash >> 40) % BUCKETS];
}

static int find_out(struct gcr_sitememo_query *query, const struct place *place,
		    struct kept **ret, struct gcr_error *err)
{
	struct gcr_sitememo *memo = query->input->memo;
	struct kept **bucket = find_bucket(memo, place);
	struct kept *kept = gcr_arena_alloc(memo->arena, sizeof(*kept), err);

	if (kept == NULL)
		return -1;
	memo->misses++;
	kept->place = *place;
	kept->told.dictionary = SIZE_MAX;
	if (gcr_site_find(query->input, query->disasm, query->index,
			  memo->arena, &kept->site, &kept->told, err) != 0)
		return -1;
	kept->next = *bucket;
	*ret = *bucket = kept;
	return 0;
}

int gcr_sitememo_find(struct gcr_sitememo_query *query, struct gcr_arena *arena,
		      struct gcr_recovery *ret, struct gcr_error *err)
{
	struct gcr_sitememo *memo = query->input->memo;
	struct place place;
	struct kept *kept;
	size_t caller;

	query->runs = NULL;
	if (memo == NULL ||
	    !find_place(query->input, query->index, &caller, &place))
		return gcr_site_find(query->input, query->disasm, query->index,
				     arena, query->site, ret, err);
	kept = *find_bucket(memo, &place);
	while (kept != NULL && !is_same(&kept->place, &place))
		kept = kept->next;
	if (kept == NULL && find_out(query, &place, &kept, err) != 0)
		return -1;
	*query->site = kept->site;
	if (caller < query->input->goroutine->frame_count)
		query->site->caller = caller;
	*ret = kept->told;
	query->runs = &kept->runs;
	query->runs_arena = memo->arena;
	return 0;
}
