/*
 * Goroutines into samples, samples into a profile. A sample's locations and
 * labels are written out when its first goroutine comes, what it counts to is
 * known at the end.
 */

#include "pprof.h"

#include "arena.h"
#include "crash.h"
#include "error.h"
#include "profile.h"
#include "quoted.h"
#include "span.h"

struct sample {
	struct gcr_span locations, labels; /* encoded */
	uint64_t count;
	size_t dump;
};

struct gcr_profile_writer {
	struct gcr_arena *arena;
	struct gcr_arena *texts; /* of one goroutine's labels */
	struct sample **samples; /* in order of appearance */
	size_t count, capacity;
	struct gcr_names names; /* of the samples, by what tells them apart */
	struct gcr_message key, locations, labels;
	bool several; /* dumps */
	struct gcr_output output;
	struct gcr_profile profile;
};

static struct gcr_profile_writer *make_writer(struct gcr_arena *arena,
					      struct gcr_arena *texts,
					      const struct gcr_output *output,
					      struct gcr_error *err)
{
	struct gcr_profile_writer *writer =
		gcr_arena_alloc(arena, sizeof(*writer), err);

	if (writer == NULL)
		return NULL;
	writer->arena = arena;
	writer->texts = texts;
	writer->output = *output;
	gcr_message_init(&writer->key, arena);
	gcr_message_init(&writer->locations, arena);
	gcr_message_init(&writer->labels, arena);
	if (gcr_profile_init(&writer->profile, arena, &writer->output, err) !=
	    0)
		return NULL;
	return writer;
}

int gcr_profile_writer_new(const struct gcr_output *output,
			   struct gcr_profile_writer **ret,
			   struct gcr_error *err)
{
	struct gcr_arena *arena = gcr_arena_new(0), *texts = gcr_arena_new(0);
	struct gcr_profile_writer *writer = NULL;

	if (arena == NULL || texts == NULL)
		gcr_fail(err, GCR_NOMEM, "out of memory");
	else
		writer = make_writer(arena, texts, output, err);
	if (writer == NULL) {
		gcr_arena_free(texts);
		gcr_arena_free(arena);
		return -1;
	}
	*ret = writer;
	return 0;
}

void gcr_profile_writer_free(struct gcr_profile_writer *writer)
{
	if (writer == NULL)
		return;
	gcr_arena_free(writer->texts);
	gcr_arena_free(writer->arena);
}

/* One goroutine -------------------------------------------------------------- */

static bool has_gap(const struct gcr_goroutine *g)
{
	return (g->flags & GCR_G_ELIDED) != 0;
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
	size_t end = at + 1;

	while (end < gcr_called_frames(g) &&
	       !(has_gap(g) && end == g->elided_at) &&
	       (g->frames[end - 1].flags & GCR_FRAME_INLINED) != 0)
		end++;
	return (struct gcr_profile_place){ &g->frames[at], end - at,
					   address_of(&g->frames[end - 1]) };
}

static void put_remark(struct gcr_profile_writer *writer, const char *text)
{
	gcr_message_varint(&writer->locations,
			   gcr_profile_remark(&writer->profile, text));
}

static void put_locations(struct gcr_profile_writer *writer,
			  const struct gcr_goroutine *g)
{
	size_t frames = gcr_called_frames(g);

	gcr_message_reset(&writer->locations);
	for (size_t at = 0; at < frames;) {
		struct gcr_profile_place place = place_at(g, at);

		if (has_gap(g) && at == g->elided_at)
			put_remark(writer, "(frames elided)");
		gcr_message_varint(
			&writer->locations,
			gcr_profile_location(&writer->profile, &place));
		at += place.count;
	}
	if (has_gap(g) && g->elided_at >= frames)
		put_remark(writer, "(frames elided)");
	else if (frames == 0)
		put_remark(writer, "(no frames)");
}

static void put_label(struct gcr_profile_writer *writer, struct gcr_span key,
		      struct gcr_span value)
{
	gcr_profile_label(&writer->profile, &writer->labels, key, value);
}

static int put_own_labels(struct gcr_profile_writer *writer,
			  struct gcr_span labels, struct gcr_error *err)
{
	struct gcr_arena_mark mark = gcr_arena_mark(writer->texts);
	struct gcr_span key, value;
	int got;

	while ((got = gcr_label_next(&labels, writer->texts, &key, &value,
				     err)) > 0)
		put_label(writer, key, value);
	// What is not in pairs is kept as it stands.
	if (got == 0)
		put_label(writer, GCR_SPAN("labels"), labels);
	gcr_arena_rewind(writer->texts, mark);
	return got;
}

static int put_labels(struct gcr_profile_writer *writer,
		      const struct gcr_goroutine *g, struct gcr_error *err)
{
	gcr_message_reset(&writer->labels);
	put_label(writer, GCR_SPAN("state"), g->state);
	if (g->created_by != NULL)
		put_label(writer, GCR_SPAN("created_by"),
			  g->created_by->function);
	if (g->minutes > 0)
		gcr_profile_number(&writer->profile, &writer->labels, "minutes",
				   g->minutes);
	return put_own_labels(writer, g->labels, err);
}

/* Many ------------------------------------------------------------------------ */

static struct sample *new_sample(struct gcr_profile_writer *writer,
				 struct gcr_error *err)
{
	struct gcr_arena *arena = writer->arena;
	struct sample *sample = gcr_arena_alloc(arena, sizeof(*sample), err);
	struct gcr_span key;

	if (sample == NULL ||
	    gcr_arena_copy(arena, gcr_message_span(&writer->key), &key, err) !=
		    0 ||
	    gcr_names_add(&writer->names, arena, key, sample, err) != 0 ||
	    gcr_arena_copy(arena, gcr_message_span(&writer->locations),
			   &sample->locations, err) != 0 ||
	    gcr_arena_copy(arena, gcr_message_span(&writer->labels),
			   &sample->labels, err) != 0 ||
	    gcr_arena_grow(arena, &writer->samples, writer->count,
			   &writer->capacity, sizeof(struct sample *),
			   err) != 0)
		return NULL;
	writer->samples[writer->count++] = sample;
	return sample;
}

static void set_key(struct gcr_profile_writer *writer, size_t dump,
		    const struct gcr_group *group,
		    const struct gcr_goroutine *g)
{
	gcr_message_reset(&writer->key);
	gcr_message_varint(&writer->key, dump);
	gcr_message_varint(&writer->key, group->index);
	gcr_message_varint(&writer->key, g->minutes);
	gcr_message_put(&writer->key, g->labels);
}

static struct sample *sample_of(struct gcr_profile_writer *writer,
				const struct gcr_goroutine *goroutine,
				struct gcr_error *err)
{
	const struct gcr_named *named =
		gcr_names_find(&writer->names, gcr_message_span(&writer->key));

	if (named != NULL)
		return named->item;
	put_locations(writer, goroutine);
	return put_labels(writer, goroutine, err) == 0 ? new_sample(writer, err)
						       : NULL;
}

int gcr_profile_writer_put(struct gcr_profile_writer *writer, size_t dump,
			   const struct gcr_group *group,
			   const struct gcr_goroutine *goroutine,
			   struct gcr_error *err)
{
	set_key(writer, dump, group, goroutine);
	if (writer->key.failed)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	struct sample *sample = sample_of(writer, goroutine, err);
	if (sample == NULL)
		return -1;
	sample->dump = dump;
	sample->count += goroutine->count;
	writer->several = writer->several || dump != writer->samples[0]->dump;
	return 0;
}

static void write_sample(struct gcr_profile_writer *writer,
			 const struct sample *sample)
{
	gcr_message_reset(&writer->labels);
	gcr_message_put(&writer->labels, sample->labels);
	if (writer->several)
		gcr_profile_number(&writer->profile, &writer->labels, "dump",
				   sample->dump + 1);
	gcr_profile_sample(&writer->profile, sample->count, sample->locations,
			   gcr_message_span(&writer->labels));
}

static int write_samples(struct gcr_profile_writer *writer,
			 struct gcr_error *err)
{
	for (size_t i = 0; i < writer->count; i++)
		write_sample(writer, writer->samples[i]);
	if (writer->locations.failed || writer->labels.failed)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	return gcr_profile_done(&writer->profile, err);
}

int gcr_profile_writer_done(struct gcr_profile_writer *writer,
			    struct gcr_error *err)
{
	int result = write_samples(writer, err);

	gcr_profile_writer_free(writer);
	return result;
}
