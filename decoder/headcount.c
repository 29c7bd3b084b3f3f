/*
 * Counting in. The first goroutine of a group is read and is its example, the
 * second one is read and its shape taken; all others with that shape are passed
 * by, and of their words only those are looked at whose column is not yet known
 * to be full of different ones.
 */

#include "headcount.h"

#include "arena.h"
#include "argcolumns.h"
#include "error.h"
#include "groups.h"
#include "held.h"
#include "likeness.h"
#include "span.h"
#include "waiters.h"
#include "watches.h"

/* What is known of a shape. */
struct known {
	struct gcr_group *group;
	size_t minutes; /* index of its blank; 0 (that of the id): none */
	/*
	 * The blank that tells what it waits for, or SIZE_MAX; `read`: not to
	 * be told from a blank.
	 */
	size_t wait;
	bool read;
	bool on_thread;
	struct gcr_watches watches;
};

struct gcr_headcount {
	struct gcr_arena *arena;
	struct gcr_arena *shapes;  /* rewound with each dump */
	struct gcr_arena *scratch; /* of one stack */
	struct gcr_arena_mark mark;
	const struct gcr_census_request *request;
	struct gcr_tally tally;
	struct gcr_groups *groups;
	struct gcr_likeness *likeness;
	struct gcr_like *like;
	uint64_t next_progress;
	struct gcr_held held; /* in `shapes` */
	bool whole;	      /* nobody in it comes twice: hold nothing */
};

enum {
	PROGRESS_STEP = 4 << 20 /* bytes between two tellings */
};

int gcr_headcount_new(struct gcr_arena *arena,
		      const struct gcr_census_request *request,
		      struct gcr_headcount **ret, struct gcr_error *err)
{
	struct gcr_headcount *count =
		gcr_arena_alloc(arena, sizeof(*count), err);

	if (count == NULL)
		return -1;
	count->arena = arena;
	count->request = request;
	count->scratch = gcr_arena_new(0);
	count->shapes = gcr_arena_new(0);
	if (count->scratch == NULL || count->shapes == NULL) {
		gcr_headcount_free(count);
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	}
	count->like = gcr_arena_alloc(count->shapes, sizeof(*count->like), err);
	if (count->like == NULL) {
		gcr_headcount_free(count);
		return -1;
	}
	count->mark = gcr_arena_mark(count->shapes);
	*ret = count;
	return 0;
}

void gcr_headcount_free(struct gcr_headcount *count)
{
	if (count == NULL)
		return;
	gcr_arena_free(count->scratch);
	gcr_arena_free(count->shapes);
}

int gcr_headcount_begin(struct gcr_headcount *count, size_t number,
			bool copy_texts, struct gcr_error *err)
{
	count->tally = (struct gcr_tally){ .number = number };
	gcr_arena_rewind(count->shapes, count->mark);
	count->held = (struct gcr_held){ 0 };
	count->whole = copy_texts;
	if (gcr_likeness_new(count->shapes, &count->likeness, err) != 0 ||
	    gcr_groups_new(count->arena, &count->groups, err) != 0)
		return -1;
	if (copy_texts)
		gcr_groups_copy_texts(count->groups);
	return count->request->waits
		       ? gcr_waits_new(count->arena, &count->tally.waits, err)
		       : 0;
}

struct gcr_tally gcr_headcount_tally(const struct gcr_headcount *count)
{
	struct gcr_tally tally = count->tally;

	tally.groups = gcr_groups_all(count->groups);
	tally.group_count = gcr_groups_count(count->groups);
	return tally;
}

/* A stack that was read ---------------------------------------------------- */

static bool is_goroutine(const struct gcr_goroutine *stack)
{
	return stack->kind == GCR_STACK_GOROUTINE ||
	       stack->kind == GCR_STACK_BARE ||
	       stack->kind == GCR_STACK_PROFILE;
}

static bool is_wanted(struct gcr_headcount *count,
		      const struct gcr_goroutine *stack)
{
	const struct gcr_census_request *request = count->request;

	if (request->keep == NULL || request->keep(request->from, stack))
		return true;
	count->tally.left_out += stack->count;
	return false;
}

static int show(struct gcr_headcount *count, const struct gcr_group *group,
		const struct gcr_goroutine *stack, struct gcr_error *err)
{
	const struct gcr_census_request *request = count->request;

	if (request->each == NULL)
		return 0;
	return request->each(request->from, &count->tally, group, stack, err);
}

// The group of a stack that was kept; NULL in `*ret` when it was not.
static int count_in(struct gcr_headcount *count,
		    const struct gcr_goroutine *stack, struct gcr_group **ret,
		    struct gcr_error *err)
{
	struct gcr_group *group;

	*ret = NULL;
	if (!is_wanted(count, stack))
		return 0;
	if (gcr_groups_add(count->groups, stack, &group, err) != 0)
		return -1;
	count->tally.count += stack->count;
	if (count->tally.waits != NULL &&
	    gcr_waits_add(count->tally.waits, group, stack, err) != 0)
		return -1;
	if (count->request->columns && group->count > stack->count &&
	    gcr_columns_add(group, stack, count->arena, count->scratch, err) !=
		    0)
		return -1;
	*ret = group;
	return show(count, group, stack, err);
}

// The number 0 is that of every thread's scheduler.
static bool is_scheduler(const struct gcr_goroutine *stack)
{
	return stack->kind == GCR_STACK_GOROUTINE && stack->id == 0;
}

static int add(struct gcr_headcount *count, const struct gcr_goroutine *stack,
	       struct gcr_group **ret, struct gcr_error *err)
{
	*ret = NULL;
	if (is_scheduler(stack)) {
		count->tally.scheduler++;
		return 0;
	}
	if (!is_goroutine(stack)) {
		count->tally.elsewhere++;
		return 0;
	}
	int take = count->whole ? 1
				: gcr_held_take(&count->held, count->shapes,
						stack, err);
	return take > 0 ? count_in(count, stack, ret, err) : take;
}

int gcr_headcount_end(struct gcr_headcount *count, struct gcr_error *err)
{
	struct gcr_group *unused;

	for (const struct gcr_held_one *one = count->held.first; one != NULL;
	     one = one->next)
		if (!one->over &&
		    count_in(count, &one->stack, &unused, err) != 0)
			return -1;
	return 0;
}

void gcr_headcount_source(struct gcr_headcount *count,
			  const struct gcr_stack_source *source)
{
	if (count->tally.waits != NULL)
		count->tally.waits->source = source;
}

int gcr_headcount_add(struct gcr_headcount *count,
		      const struct gcr_goroutine *stack, struct gcr_error *err)
{
	struct gcr_group *unused;

	return add(count, stack, &unused, err);
}

/* Its shape ---------------------------------------------------------------- */

// Which blank is the word that the group's goroutines wait for.
static void find_wait(const struct gcr_headcount *count, struct known *known,
		      const struct gcr_shape *shape)
{
	size_t frame = gcr_waits_frame(count->tally.waits, known->group);

	known->wait = SIZE_MAX;
	known->read = frame != SIZE_MAX;
	if (frame == SIZE_MAX)
		return;
	for (size_t i = 0; i < shape->blank_count; i++) {
		const struct gcr_blank *blank = &shape->blanks[i];
		struct gcr_span behind = i + 1 < shape->blank_count
						 ? blank[1].before
						 : shape->rest;
		if (blank->role != GCR_BLANK_WORD || blank->frame != frame ||
		    blank->word != 0)
			continue;
		known->wait = i;
		known->read = gcr_span_starts(behind, "?");
	}
}

static int know_shape(struct gcr_headcount *count, struct gcr_shape *shape,
		      struct gcr_group *group, struct gcr_error *err)
{
	struct known *known =
		gcr_arena_alloc(count->shapes, sizeof(*known), err);

	if (known == NULL)
		return -1;
	known->group = group;
	known->on_thread = gcr_held_state(group->example.state);
	for (size_t i = 0; i < shape->blank_count; i++)
		if (shape->blanks[i].role == GCR_BLANK_MINUTES)
			known->minutes = i;
	if (count->tally.waits != NULL)
		find_wait(count, known, shape);
	if (count->request->columns &&
	    gcr_watches_set(&known->watches, group, shape, count->shapes,
			    err) != 0)
		return -1;
	return gcr_likeness_add(count->likeness, shape, known, err);
}

static int take_shape(struct gcr_headcount *count, struct gcr_span text,
		      const struct gcr_goroutine *stack,
		      struct gcr_group *group, struct gcr_error *err)
{
	struct gcr_shape *shape;
	bool fits = true;
	int got;

	// What the reader decides by the state alone is left to it.
	if (gcr_span_is(stack->state, "running"))
		return 0;
	if (count->request->columns &&
	    gcr_columns_fit(group, stack, count->scratch, &fits, err) != 0)
		return -1;
	if (!fits || gcr_likeness_full(count->likeness))
		return 0;
	got = gcr_shape_take(text, stack, count->shapes, &shape, err);
	return got > 0 ? know_shape(count, shape, group, err) : got;
}

int gcr_headcount_read(struct gcr_headcount *count,
		       struct gcr_traceback *reader, struct gcr_arena *stacks,
		       enum gcr_piece *ret, struct gcr_error *err)
{
	struct gcr_arena_mark mark = gcr_arena_mark(stacks);
	struct gcr_span text, rest;
	struct gcr_place place;
	struct gcr_goroutine stack;
	struct gcr_group *group;
	bool plain = gcr_traceback_ahead(reader, &text, &place);
	size_t odd = gcr_traceback_oddities(reader);

	if (gcr_traceback_next(reader, ret, &stack, err) != 0)
		return -1;
	if (*ret != GCR_PIECE_STACK)
		return 0;
	if (add(count, &stack, &group, err) != 0)
		return -1;
	if (plain && group != NULL && group->count > 1 &&
	    stack.place.offset == place.offset &&
	    odd == gcr_traceback_oddities(reader) &&
	    gcr_traceback_ahead(reader, &rest, &place)) {
		text.size -= rest.size;
		if (take_shape(count, text, &stack, group, err) != 0)
			return -1;
	}
	gcr_arena_rewind(stacks, mark);
	return 0;
}

/* Those that are passed by ------------------------------------------------- */

// The rest of a goroutine is not needed to count it.
static void fill_head(const struct gcr_like *like)
{
	const struct known *known = like->knows;
	struct gcr_goroutine *stack = &like->shape->stack;

	stack->id = gcr_digits_value(&like->digits[0], false);
	if (known->minutes > 0)
		stack->minutes =
			gcr_digits_value(&like->digits[known->minutes], false);
}

/* Where a goroutine that is passed by stands. */
struct passing {
	struct gcr_traceback *reader;
	const char *text;
	struct gcr_place place;
	bool filled;
};

// The goroutine as if it had been read, made only when somebody asks for it.
static const struct gcr_goroutine *fill(struct gcr_headcount *count,
					struct passing *one)
{
	const struct gcr_like *like = count->like;
	struct gcr_goroutine *stack = &like->shape->stack;

	if (!one->filled) {
		gcr_shape_fill(like->shape, one->text, one->place,
			       like->digits);
		stack->report = gcr_traceback_report(one->reader);
		stack->like = like;
		one->filled = true;
	}
	return stack;
}

static int count_wait(struct gcr_headcount *count, struct passing *one,
		      struct gcr_error *err)
{
	const struct gcr_like *like = count->like;
	const struct known *known = like->knows;
	struct gcr_waits *waits = count->tally.waits;
	uint64_t word = 0;

	if (known->wait != SIZE_MAX)
		word = gcr_digits_value(&like->digits[known->wait], true);
	if (!known->read && gcr_waits_full(waits, known->group, word))
		return gcr_waits_pass(waits, known->group, &like->shape->stack,
				      word, err);
	return gcr_waits_add(waits, known->group, fill(count, one), err);
}

static int pass_one(struct gcr_headcount *count, struct passing *one,
		    struct gcr_error *err)
{
	const struct gcr_census_request *request = count->request;
	const struct gcr_like *like = count->like;
	struct gcr_goroutine *stack = &like->shape->stack;
	struct known *known = like->knows;

	fill_head(like);
	if (is_scheduler(stack)) {
		count->tally.scheduler++;
		return 0;
	}
	if (known->on_thread || count->held.count > 0) {
		stack->report = gcr_traceback_report(one->reader);
		stack->state = known->group->example.state;
		int take =
			gcr_held_take(&count->held, count->shapes, stack, err);
		if (take <= 0)
			return take;
	}
	if (request->keep != NULL && !is_wanted(count, fill(count, one)))
		return 0;
	gcr_group_count_in(known->group, stack);
	count->tally.count += stack->count;
	if (count->tally.waits != NULL && count_wait(count, one, err) != 0)
		return -1;
	if (gcr_watches_count(&known->watches, like->digits, count->arena,
			      err) != 0)
		return -1;
	if (request->each == NULL)
		return 0;
	return show(count, known->group, fill(count, one), err);
}

static void tell_progress(struct gcr_headcount *count, uint64_t offset)
{
	const struct gcr_census_request *request = count->request;

	if (request->progress == NULL || offset < count->next_progress)
		return;
	count->next_progress = offset + PROGRESS_STEP;
	request->progress(request->from, offset);
}

int gcr_headcount_pass(struct gcr_headcount *count,
		       struct gcr_traceback *reader, struct gcr_error *err)
{
	struct gcr_like *like = count->like;
	struct gcr_place place = { 0 };
	struct gcr_span text;

	while (gcr_traceback_ahead(reader, &text, &place) &&
	       gcr_likeness_find(count->likeness, text, like)) {
		struct gcr_passed passed = gcr_shape_passed(
			like->shape, text.data, like->digits, like->size);
		struct passing one = { reader, text.data, place, false };
		if (pass_one(count, &one, err) != 0)
			return -1;
		gcr_traceback_pass(reader, &passed);
		tell_progress(count, place.offset);
	}
	tell_progress(count, place.offset);
	return 0;
}
