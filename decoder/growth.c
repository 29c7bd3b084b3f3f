/*
 * All groups of all dumps are gathered in one digest, which gives each its row.
 * What a dump has of a group is a point; when all dumps are in, the points are
 * spread over the rows.
 */

#include "growth.h"

#include "arena.h"
#include "error.h"
#include "span.h"

#include <stdlib.h>

struct point {
	size_t row, dump;
	uint64_t count, minutes;
};

enum {
	MOST_DUMPS = 10000
};

static const struct {
	const char *name, *title;
} changes[] = {
	[GCR_CHANGE_GREW_ALWAYS] = { "grew-always", "Grew in every dump" },
	[GCR_CHANGE_APPEARED] = { "appeared", "Appeared" },
	[GCR_CHANGE_GREW] = { "grew", "Grew" },
	[GCR_CHANGE_SHRANK] = { "shrank", "Shrank" },
	[GCR_CHANGE_VANISHED] = { "vanished", "Vanished" },
	[GCR_CHANGE_PASSED] = { "passed", "Came and went" },
	[GCR_CHANGE_SAME] = { "same", "As many as before" },
};

_Static_assert(sizeof(changes) / sizeof(changes[0]) == GCR_CHANGE_COUNT,
	       "a name for each change");

const char *gcr_change_name(enum gcr_change change)
{
	return changes[change].name;
}

// Of two dumps every one is the next.
const char *gcr_change_title(enum gcr_change change, size_t dumps)
{
	if (change == GCR_CHANGE_GREW_ALWAYS && dumps == 2)
		return changes[GCR_CHANGE_GREW].title;
	return changes[change].title;
}

int gcr_diff_new(const struct gcr_limits *limits, struct gcr_diff **ret,
		 struct gcr_error *err)
{
	struct gcr_digest *all;
	struct gcr_diff *diff;

	if (gcr_digest_new(limits, &all, err) != 0)
		return -1;
	diff = gcr_arena_alloc(all->arena, sizeof(*diff), err);
	if (diff == NULL) {
		gcr_digest_free(all);
		return -1;
	}
	diff->arena = all->arena;
	diff->all = all;
	*ret = diff;
	return 0;
}

void gcr_diff_free(struct gcr_diff *diff)
{
	if (diff != NULL)
		gcr_digest_free(diff->all);
}

size_t gcr_diff_dump_count(const struct gcr_diff *diff)
{
	return diff->dump_count;
}

static int add_dump(struct gcr_diff *diff, const struct gcr_digest *digest,
		    struct gcr_span name, struct gcr_error *err)
{
	struct gcr_diff_dump dump = { .goroutines = digest->goroutines,
				      .groups = digest->group_count };

	if (diff->dump_count == MOST_DUMPS)
		return gcr_fail(err, GCR_LIMIT, "more than %d dumps",
				MOST_DUMPS);
	if (gcr_arena_copy(diff->arena, name, &dump.name, err) != 0 ||
	    gcr_arena_grow(diff->arena, &diff->dumps, diff->dump_count,
			   &diff->dump_capacity, sizeof(dump), err) != 0)
		return -1;
	diff->dumps[diff->dump_count++] = dump;
	return 0;
}

static int add_point(struct gcr_diff *diff,
		     const struct gcr_digest_group *group,
		     struct gcr_error *err)
{
	struct gcr_digest_group *row;

	if (gcr_digest_find(diff->all, &group->is, &row, err) != 0 ||
	    gcr_arena_grow(diff->arena, &diff->points, diff->point_count,
			   &diff->point_capacity, sizeof(*diff->points),
			   err) != 0)
		return -1;
	diff->points[diff->point_count++] = (struct point){
		.row = row->index,
		.dump = diff->dump_count - 1,
		.count = group->count,
		.minutes = group->most,
	};
	return 0;
}

int gcr_diff_add(struct gcr_diff *diff, const struct gcr_digest *digest,
		 struct gcr_span name, struct gcr_error *err)
{
	if (add_dump(diff, digest, name, err) != 0)
		return -1;
	for (size_t i = 0; i < digest->group_count; i++)
		if (add_point(diff, digest->groups[i], err) != 0)
			return -1;
	return 0;
}

/* Rows --------------------------------------------------------------------- */

static bool rises(const uint64_t *numbers, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (numbers[i] <= numbers[i - 1])
			return false;
	return count > 1;
}

static bool never_falls(const uint64_t *numbers, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (numbers[i] < numbers[i - 1])
			return false;
	return true;
}

// A group that was not there in the first of two dumps appeared; one that went
// on growing after it did is worse than that.
static enum gcr_change change_of(const uint64_t *counts, size_t count)
{
	uint64_t first = counts[0], last = counts[count - 1];

	if (rises(counts, count) && (first > 0 || count > 2))
		return GCR_CHANGE_GREW_ALWAYS;
	if (first == 0)
		return last > 0 ? GCR_CHANGE_APPEARED : GCR_CHANGE_PASSED;
	if (last == 0)
		return GCR_CHANGE_VANISHED;
	if (last == first)
		return GCR_CHANGE_SAME;
	return last > first ? GCR_CHANGE_GREW : GCR_CHANGE_SHRANK;
}

static void judge(struct gcr_diff_row *row, size_t count)
{
	uint64_t first = row->counts[0], last = row->counts[count - 1];

	row->change = change_of(row->counts, count);
	row->older = rises(row->minutes, count) && first > 0 && last > 0;
	row->steady = never_falls(row->counts, count);
	row->more = last > first ? last - first : 0;
	row->less = first > last ? first - last : 0;
}

static int compare_rows(const void *left, const void *right)
{
	const struct gcr_diff_row *a = left, *b = right;
	uint64_t far_a = a->more + a->less, far_b = b->more + b->less;

	if (a->change != b->change)
		return a->change < b->change ? -1 : 1;
	if (far_a != far_b)
		return far_a < far_b ? 1 : -1;
	return gcr_digest_compare(a->is, b->is);
}

static int make_numbers(struct gcr_diff *diff, uint64_t **counts,
			uint64_t **minutes, struct gcr_error *err)
{
	size_t row = diff->dump_count * sizeof(**counts);

	*counts =
		gcr_arena_array(diff->arena, diff->all->group_count, row, err);
	*minutes =
		gcr_arena_array(diff->arena, diff->all->group_count, row, err);
	if (*counts == NULL || *minutes == NULL)
		return -1;
	for (size_t i = 0; i < diff->point_count; i++) {
		const struct point *point = &diff->points[i];
		size_t at = point->row * diff->dump_count + point->dump;

		(*counts)[at] = point->count;
		(*minutes)[at] = point->minutes;
	}
	return 0;
}

int gcr_diff_rows(struct gcr_diff *diff, struct gcr_error *err)
{
	size_t count = diff->all->group_count;
	uint64_t *counts, *minutes;

	if (diff->rows != NULL || diff->dump_count == 0)
		return 0;
	struct gcr_diff_row *rows =
		gcr_arena_array(diff->arena, count, sizeof(*rows), err);
	if (rows == NULL || make_numbers(diff, &counts, &minutes, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		rows[i].is = &diff->all->groups[i]->is;
		rows[i].counts = counts + i * diff->dump_count;
		rows[i].minutes = minutes + i * diff->dump_count;
		judge(&rows[i], diff->dump_count);
	}
	if (count > 0)
		qsort(rows, count, sizeof(*rows), compare_rows);
	diff->rows = rows;
	diff->row_count = count;
	return 0;
}

int gcr_diff_growth(struct gcr_diff *diff, uint64_t *ret, struct gcr_error *err)
{
	uint64_t most = 0;

	if (gcr_diff_rows(diff, err) != 0)
		return -1;
	for (size_t i = 0; i < diff->row_count; i++)
		if (diff->rows[i].steady && diff->rows[i].more > most)
			most = diff->rows[i].more;
	*ret = most;
	return 0;
}
