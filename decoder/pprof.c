/* Goroutines into samples, samples into a profile: see pprof.h. */

#include "pprof.h"

#include "arena.h"
#include "error.h"
#include "profile.h"
#include "quoted.h"
#include "span.h"

struct sample {
	const struct gcr_group *group;
	size_t dump;
	uint64_t minutes, count;
	struct gcr_span labels;
};

struct gcr_pprof {
	struct gcr_arena *arena;
	struct sample **samples; /* in order of appearance */
	size_t count, capacity;
	struct gcr_names names; /* of the samples, by what tells them apart */
	struct gcr_message key;
	struct gcr_arena *texts; /* of one sample's labels */
	bool several;		 /* dumps */
};

int gcr_pprof_new(struct gcr_pprof **ret, struct gcr_error *err)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_pprof *pprof;

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	pprof = gcr_arena_alloc(arena, sizeof(*pprof), err);
	if (pprof == NULL) {
		gcr_arena_free(arena);
		return -1;
	}
	pprof->arena = arena;
	pprof->texts = gcr_arena_new(0);
	if (pprof->texts == NULL) {
		gcr_arena_free(arena);
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	}
	pprof->key.arena = arena;
	*ret = pprof;
	return 0;
}

void gcr_pprof_free(struct gcr_pprof *pprof)
{
	if (pprof == NULL)
		return;
	gcr_arena_free(pprof->texts);
	gcr_arena_free(pprof->arena);
}

static struct sample *new_sample(struct gcr_pprof *pprof, struct gcr_span key,
				 struct gcr_span labels, struct gcr_error *err)
{
	struct gcr_arena *arena = pprof->arena;
	struct sample *sample = gcr_arena_alloc(arena, sizeof(*sample), err);

	if (sample == NULL ||
	    gcr_arena_copy(arena, labels, &sample->labels, err) != 0 ||
	    gcr_arena_copy(arena, key, &key, err) != 0 ||
	    gcr_names_add(&pprof->names, arena, key, sample, err) != 0 ||
	    gcr_arena_grow(arena, &pprof->samples, pprof->count,
			   &pprof->capacity, sizeof(struct sample *), err) != 0)
		return NULL;
	pprof->samples[pprof->count++] = sample;
	return sample;
}

int gcr_pprof_add(struct gcr_pprof *pprof, size_t dump,
		  const struct gcr_group *group,
		  const struct gcr_goroutine *goroutine, struct gcr_error *err)
{
	struct gcr_message *key = &pprof->key;

	key->err = err;
	gcr_message_reset(key);
	gcr_message_varint(key, dump);
	gcr_message_varint(key, group->index);
	gcr_message_varint(key, goroutine->minutes);
	gcr_message_put(key, goroutine->labels);
	if (key->failed)
		return -1;
	const struct gcr_named *named =
		gcr_names_find(&pprof->names, gcr_message_span(key));
	struct sample *sample =
		named != NULL ? named->item
			      : new_sample(pprof, gcr_message_span(key),
					   goroutine->labels, err);
	if (sample == NULL)
		return -1;
	sample->group = group;
	sample->dump = dump;
	sample->minutes = goroutine->minutes;
	sample->count += goroutine->count;
	pprof->several = pprof->several || dump > 0;
	return 0;
}

// Behind the call stands what the frame will go on with: the call ends before.
static uint64_t address_of(const struct gcr_frame *frame)
{
	if ((frame->flags & GCR_FRAME_PC) == 0 || frame->pc == 0)
		return 0;
	return frame->flags & GCR_FRAME_EXACT_PC ? frame->pc : frame->pc - 1;
}

// The place that frame `at` is the innermost of; none reaches over a gap.
static struct gcr_profile_place place_at(const struct gcr_goroutine *g,
					 size_t at)
{
	bool gap = (g->flags & GCR_G_ELIDED) != 0;
	size_t end = at + 1;

	while (end < g->frame_count && !(gap && end == g->elided_at) &&
	       (g->frames[end - 1].flags & GCR_FRAME_INLINED) != 0)
		end++;
	return (struct gcr_profile_place){ &g->frames[at], end - at,
					   address_of(&g->frames[end - 1]) };
}

static void put_locations(struct gcr_profile *profile,
			  struct gcr_profile_sample *sample,
			  const struct gcr_goroutine *g)
{
	bool gap = (g->flags & GCR_G_ELIDED) != 0;
	struct gcr_message *to = &sample->locations;

	for (size_t at = 0; at < g->frame_count;) {
		struct gcr_profile_place place = place_at(g, at);

		if (gap && at == g->elided_at)
			gcr_message_varint(
				to,
				gcr_profile_remark(profile, "(frames elided)"));
		gcr_message_varint(to, gcr_profile_location(profile, &place));
		at += place.count;
	}
	if (gap && g->elided_at == g->frame_count)
		gcr_message_varint(
			to, gcr_profile_remark(profile, "(frames elided)"));
	else if (g->frame_count == 0)
		gcr_message_varint(to,
				   gcr_profile_remark(profile, "(no frames)"));
}

static int put_labels(struct gcr_profile *profile,
		      struct gcr_profile_sample *sample, struct gcr_span labels,
		      struct gcr_arena *texts)
{
	struct gcr_arena_mark mark = gcr_arena_mark(texts);
	struct gcr_span key, value;
	int got;

	while ((got = gcr_label_next(&labels, texts, &key, &value,
				     profile->err)) > 0)
		gcr_profile_label(profile, sample, key, value);
	// What is not in pairs is kept as it stands.
	if (got == 0)
		gcr_profile_label(profile, sample, GCR_SPAN("labels"), labels);
	gcr_arena_rewind(texts, mark);
	return got;
}

static int put_sample(const struct gcr_pprof *pprof,
		      struct gcr_profile *profile,
		      struct gcr_profile_sample *to, const struct sample *from)
{
	const struct gcr_goroutine *g = &from->group->example;

	gcr_profile_begin(profile, to);
	to->count = from->count;
	put_locations(profile, to, g);
	gcr_profile_label(profile, to, GCR_SPAN("state"), g->state);
	if (g->created_by != NULL)
		gcr_profile_label(profile, to, GCR_SPAN("created_by"),
				  g->created_by->function);
	if (from->minutes > 0)
		gcr_profile_number(profile, to, "minutes", from->minutes,
				   "minutes");
	if (pprof->several)
		gcr_profile_number(profile, to, "dump", from->dump + 1, "");
	if (put_labels(profile, to, from->labels, pprof->texts) != 0)
		return -1;
	gcr_profile_put(profile, to);
	return 0;
}

static int write_samples(const struct gcr_pprof *pprof,
			 struct gcr_profile *profile)
{
	struct gcr_profile_sample sample = { 0 };

	for (size_t i = 0; i < pprof->count; i++)
		if (put_sample(pprof, profile, &sample, pprof->samples[i]) != 0)
			return -1;
	return gcr_profile_done(profile);
}

int gcr_pprof_write(struct gcr_pprof *pprof, const struct gcr_output *output,
		    struct gcr_error *err)
{
	struct gcr_profile *profile =
		gcr_arena_alloc(pprof->arena, sizeof(*profile), err);

	if (profile == NULL ||
	    gcr_profile_init(profile, pprof->arena, output, err) != 0)
		return -1;
	return write_samples(pprof, profile);
}
