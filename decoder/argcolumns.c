/*
 * Columns of values. The few different ones are kept in order; where there are
 * more than a handful, a table of their indices, behind them in one block,
 * finds them again:
 *
 *	values[capacity]  slots[2 * capacity]   (index + 1; 0: free)
 */

#include "argcolumns.h"

#include "arena.h"
#include "span.h"
#include "words.h"

enum {
	FIRST_VALUES = 4, /* looked through one by one */
};

// How many values there is room for where `count` are kept.
static size_t capacity_for(size_t count)
{
	size_t capacity = FIRST_VALUES;

	while (capacity < count)
		capacity *= 4;
	return capacity;
}

static size_t slot_of(uint64_t value, size_t mask)
{
	value *= UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(value >> 40) & mask;
}

static uint16_t *slots_of(uint64_t *values, size_t capacity)
{
	return (uint16_t *)(values + capacity);
}

static void put_slot(uint16_t *slots, size_t mask, uint64_t value, size_t index)
{
	size_t at = slot_of(value, mask);

	while (slots[at] != 0)
		at = (at + 1) & mask;
	slots[at] = (uint16_t)(index + 1);
}

static bool is_known(const struct gcr_column *column, uint64_t value)
{
	size_t capacity = capacity_for(column->distinct);
	size_t mask = 2 * capacity - 1;
	const uint16_t *slots = (const uint16_t *)(column->values + capacity);

	if (capacity == FIRST_VALUES) {
		for (size_t i = 0; i < column->distinct; i++)
			if (column->values[i] == value)
				return true;
		return false;
	}
	for (size_t at = slot_of(value, mask); slots[at] != 0;
	     at = (at + 1) & mask)
		if (column->values[slots[at] - 1u] == value)
			return true;
	return false;
}

// A larger block, with the values there are.
static uint64_t *grow(const struct gcr_column *column, struct gcr_arena *arena,
		      struct gcr_error *err)
{
	size_t capacity = capacity_for(column->distinct + 1);
	size_t size = capacity * (sizeof(uint64_t) + 2 * sizeof(uint16_t));
	uint64_t *values = gcr_arena_alloc(arena, size, err);

	if (values == NULL || column->distinct == 0)
		return values;
	memcpy(values, column->values, column->distinct * sizeof(*values));
	for (size_t i = 0; i < column->distinct; i++)
		put_slot(slots_of(values, capacity), 2 * capacity - 1,
			 values[i], i);
	return values;
}

int gcr_column_count(struct gcr_column *column, uint64_t value,
		     struct gcr_arena *arena, struct gcr_error *err)
{
	size_t capacity = capacity_for(column->distinct);
	uint64_t *values;

	if (column->more)
		return 0;
	if (column->distinct == 0 || value < column->least)
		column->least = value;
	if (column->distinct == 0 || value > column->most)
		column->most = value;
	if (column->distinct > 0 && is_known(column, value))
		return 0;
	if (column->distinct == GCR_COLUMN_VALUES) {
		column->more = true;
		return 0;
	}
	if (column->distinct > 0 && column->distinct < capacity) {
		// It is ours, and const to who only reads it.
		memcpy(&values, &column->values, sizeof(values));
	} else {
		values = grow(column, arena, err);
		if (values == NULL)
			return -1;
		capacity = capacity_for(column->distinct + 1);
	}
	values[column->distinct] = value;
	if (capacity > FIRST_VALUES)
		put_slot(slots_of(values, capacity), 2 * capacity - 1, value,
			 column->distinct);
	column->values = values;
	column->distinct++;
	return 0;
}

static bool same_element(const struct gcr_word *a, const struct gcr_word *b)
{
	return a->kind == b->kind && a->depth == b->depth;
}

static bool same_elements(const struct gcr_columns *columns,
			  const struct gcr_words *words)
{
	if (columns->count != words->count)
		return false;
	for (size_t i = 0; i < words->count; i++)
		if (!same_element(&columns->items[i].word, &words->items[i]))
			return false;
	return true;
}

static int count_words(struct gcr_columns *columns,
		       const struct gcr_words *words, struct gcr_arena *arena,
		       struct gcr_error *err)
{
	for (size_t i = 0; i < words->count; i++) {
		struct gcr_column *column = &columns->items[i];
		const struct gcr_word *word = &words->items[i];

		if (word->kind != GCR_WORD_VALUE)
			continue;
		if (word->certainty == GCR_STALE)
			column->word.certainty = GCR_STALE;
		if (gcr_column_count(column, word->value, arena, err) != 0)
			return -1;
	}
	return 0;
}

static int add_frame(struct gcr_columns *columns, const struct gcr_frame *frame,
		     struct gcr_arena *arena, struct gcr_arena *scratch,
		     struct gcr_error *err)
{
	struct gcr_arena_mark mark = gcr_arena_mark(scratch);
	struct gcr_words words;
	size_t odd;
	int result = 0;

	if (gcr_words_read_some(frame->arguments, scratch, &words, &odd, err) !=
	    0)
		return -1;
	if (same_elements(columns, &words))
		result = count_words(columns, &words, arena, err);
	else
		columns->mixed = true;
	gcr_arena_rewind(scratch, mark);
	return result;
}

// Columns for the words of one frame of the example, which are counted in.
static int begin_frame(struct gcr_columns *columns,
		       const struct gcr_frame *frame, struct gcr_arena *arena,
		       struct gcr_arena *scratch, struct gcr_error *err)
{
	struct gcr_arena_mark mark = gcr_arena_mark(scratch);
	struct gcr_words words;
	size_t odd;
	int result;

	if (gcr_words_read_some(frame->arguments, scratch, &words, &odd, err) !=
	    0)
		return -1;
	columns->items = gcr_arena_array(arena, words.count,
					 sizeof(*columns->items), err);
	if (columns->items == NULL)
		return -1;
	columns->count = words.count;
	for (size_t i = 0; i < words.count; i++)
		columns->items[i].word = words.items[i];
	result = count_words(columns, &words, arena, err);
	gcr_arena_rewind(scratch, mark);
	return result;
}

static int begin(struct gcr_group *group, struct gcr_arena *arena,
		 struct gcr_arena *scratch, struct gcr_error *err)
{
	const struct gcr_goroutine *example = &group->example;
	struct gcr_columns *columns = gcr_arena_array(
		arena, example->frame_count, sizeof(*columns), err);

	if (columns == NULL)
		return -1;
	for (size_t i = 0; i < example->frame_count; i++)
		if (begin_frame(&columns[i], &example->frames[i], arena,
				scratch, err) != 0)
			return -1;
	group->columns = columns;
	if ((example->flags & GCR_G_CREATOR_ID) == 0)
		return 0;
	return gcr_column_count(&group->creator, example->creator, arena, err);
}

int gcr_columns_add(struct gcr_group *group, const struct gcr_goroutine *stack,
		    struct gcr_arena *arena, struct gcr_arena *scratch,
		    struct gcr_error *err)
{
	if (group->columns == NULL && begin(group, arena, scratch, err) != 0)
		return -1;
	for (size_t i = 0; i < stack->frame_count; i++)
		if (add_frame(&group->columns[i], &stack->frames[i], arena,
			      scratch, err) != 0)
			return -1;
	if ((stack->flags & GCR_G_CREATOR_ID) == 0)
		return 0;
	return gcr_column_count(&group->creator, stack->creator, arena, err);
}

int gcr_columns_fit(const struct gcr_group *group,
		    const struct gcr_goroutine *stack,
		    struct gcr_arena *scratch, bool *ret, struct gcr_error *err)
{
	bool fit = true;

	for (size_t i = 0; fit && i < stack->frame_count; i++) {
		struct gcr_arena_mark mark = gcr_arena_mark(scratch);
		struct gcr_words words;
		size_t odd;

		if (gcr_words_read_some(stack->frames[i].arguments, scratch,
					&words, &odd, err) != 0)
			return -1;
		fit = odd == SIZE_MAX &&
		      same_elements(&group->columns[i], &words);
		gcr_arena_rewind(scratch, mark);
	}
	*ret = fit;
	return 0;
}

struct gcr_column *gcr_column_of(const struct gcr_group *group, size_t frame,
				 size_t word)
{
	const struct gcr_columns *columns = &group->columns[frame];

	for (size_t i = 0; i < columns->count; i++)
		if (columns->items[i].word.kind == GCR_WORD_VALUE &&
		    word-- == 0)
			return &columns->items[i];
	return NULL;
}
