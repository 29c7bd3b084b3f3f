/* Groups as folded stacks: see gocrash.h. */

#include "folded.h"

#include "arena.h"
#include "crash.h"
#include "error.h"
#include "sink.h"
#include "span.h"

#include <stdlib.h>

// What one element of a path is, and so how it is dressed.
enum part {
	PART_CREATOR,
	PART_FRAME,
	PART_GAP,
	PART_STATE,
	PART_NOTHING, /* a stack of which nothing is known */
};

struct element {
	enum part part;
	struct gcr_span text;
};

static bool has_gap(const struct gcr_goroutine *g)
{
	return (g->flags & GCR_G_ELIDED) != 0;
}

// The frame before which others were left out.
static size_t gap_of(const struct gcr_goroutine *g)
{
	size_t frames = gcr_called_frames(g);

	return g->elided_at < frames ? g->elided_at : frames;
}

static size_t path_length(const struct gcr_goroutine *g)
{
	size_t length = gcr_called_frames(g);

	length += g->created_by != NULL;
	length += has_gap(g);
	length += g->state.size > 0;
	return length > 0 ? length : 1;
}

// Element `i` from the ground up; the frames of `g` begin at the tip.
static struct element path_element(const struct gcr_goroutine *g, size_t i)
{
	size_t frames = gcr_called_frames(g);

	if (g->created_by != NULL && i-- == 0)
		return (struct element){ PART_CREATOR,
					 g->created_by->function };
	if (has_gap(g)) {
		size_t gap = frames - gap_of(g);

		if (i == gap)
			return (struct element){ .part = PART_GAP };
		i -= i > gap;
	}
	if (i < frames)
		return (struct element){ PART_FRAME,
					 g->frames[frames - 1 - i].function };
	if (g->state.size > 0)
		return (struct element){ PART_STATE, g->state };
	return (struct element){ .part = PART_NOTHING };
}

static int compare_elements(struct element a, struct element b)
{
	size_t size = a.text.size < b.text.size ? a.text.size : b.text.size;
	int order = 0;

	if (size > 0)
		order = memcmp(a.text.data, b.text.data, size);
	if (order != 0)
		return order;
	if (a.text.size != b.text.size)
		return a.text.size < b.text.size ? -1 : 1;
	return (int)a.part - (int)b.part;
}

static int compare_paths(const void *left, const void *right)
{
	const struct gcr_group *const *x = left, *const *y = right;
	const struct gcr_goroutine *a = &(*x)->example, *b = &(*y)->example;
	size_t length_a = path_length(a), length_b = path_length(b);

	for (size_t i = 0; i < length_a && i < length_b; i++) {
		int order = compare_elements(path_element(a, i),
					     path_element(b, i));
		if (order != 0)
			return order;
	}
	return (length_a > length_b) - (length_a < length_b);
}

// A `;` inside a name, as in `F[struct { a int; b int }]`, is none between two.
static void write_name(struct gcr_sink *sink, struct gcr_span name)
{
	for (;;) {
		ptrdiff_t at = gcr_span_find(name, ';');

		if (at == GCR_NOWHERE)
			break;
		gcr_sink_safe(sink, gcr_span_head(name, (size_t)at), false);
		gcr_sink_text(sink, "\\x3b");
		name = gcr_span_tail(name, (size_t)at + 1);
	}
	gcr_sink_safe(sink, name, false);
}

static void write_element(struct gcr_sink *sink, struct element element)
{
	switch (element.part) {
	case PART_CREATOR:
		gcr_sink_text(sink, "created by ");
		write_name(sink, element.text);
		break;
	case PART_FRAME:
		write_name(sink, element.text);
		break;
	case PART_GAP:
		gcr_sink_text(sink, "(frames elided)");
		break;
	case PART_STATE:
		gcr_sink_char(sink, '[');
		write_name(sink, element.text);
		gcr_sink_char(sink, ']');
		break;
	case PART_NOTHING:
		gcr_sink_text(sink, "(no frames)");
		break;
	}
}

static void write_line(struct gcr_sink *sink, const struct gcr_goroutine *g,
		       uint64_t count)
{
	size_t length = path_length(g);

	for (size_t i = 0; i < length; i++) {
		if (i > 0)
			gcr_sink_char(sink, ';');
		write_element(sink, path_element(g, i));
	}
	gcr_sink_char(sink, ' ');
	gcr_sink_decimal(sink, count);
	gcr_sink_char(sink, '\n');
}

static void write_lines(struct gcr_sink *sink, struct gcr_group **sorted,
			size_t count)
{
	for (size_t i = 0; i < count;) {
		size_t first = i;
		uint64_t sum = 0;

		for (; i < count &&
		       compare_paths(&sorted[first], &sorted[i]) == 0;
		     i++)
			sum += sorted[i]->count;
		write_line(sink, &sorted[first]->example, sum);
	}
}

int gcr_write_folded(const struct gcr_tally *tally,
		     const struct gcr_output *output, struct gcr_error *err)
{
	size_t count = tally->group_count;
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_group **sorted;
	struct gcr_sink sink;

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	sorted = gcr_arena_array(arena, count, sizeof(struct gcr_group *), err);
	if (sorted == NULL) {
		gcr_arena_free(arena);
		return -1;
	}
	if (count > 0) {
		memcpy(sorted, tally->groups,
		       count * sizeof(struct gcr_group *));
		qsort(sorted, count, sizeof(struct gcr_group *), compare_paths);
	}
	gcr_sink_init(&sink, output);
	write_lines(&sink, sorted, count);
	gcr_arena_free(arena);
	return gcr_sink_done(&sink, err);
}
