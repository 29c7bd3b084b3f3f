/*
 * Most columns have one value, or few small ones: what came the time before, and
 * each single digit, is known without a look at the column.
 */

#include "watches.h"

#include "arena.h"
#include "argcolumns.h"

#include <string.h>

/* A blank whose values are counted into a column. */
struct gcr_watch {
	size_t blank;
	bool hex;
	struct gcr_column *column;
	/* Its digits the last time: most columns have one value. */
	char last[16];
	size_t last_size;
	unsigned ones; /* values of one digit that were counted, as bits */
};

static struct gcr_column *column_of(struct gcr_group *group,
				    const struct gcr_blank *blank)
{
	if (blank->role == GCR_BLANK_CREATOR)
		return &group->creator;
	return blank->role == GCR_BLANK_WORD
		       ? gcr_column_of(group, blank->frame, blank->word)
		       : NULL;
}

int gcr_watches_set(struct gcr_watches *watches, struct gcr_group *group,
		    const struct gcr_shape *shape, struct gcr_arena *arena,
		    struct gcr_error *err)
{
	watches->items = gcr_arena_array(arena, shape->blank_count,
					 sizeof(*watches->items), err);
	if (watches->items == NULL)
		return -1;
	for (size_t i = 0; i < shape->blank_count; i++) {
		struct gcr_column *column = column_of(group, &shape->blanks[i]);

		if (column == NULL || column->more)
			continue;
		watches->items[watches->count++] = (struct gcr_watch){
			.blank = i,
			.hex = shape->blanks[i].hex,
			.column = column,
		};
	}
	return 0;
}

static bool is_counted(struct gcr_watch *watch, const struct gcr_digits *digits)
{
	if (digits->size == 1) {
		unsigned one = 1u << gcr_digits_value(digits, watch->hex);
		bool counted = (watch->ones & one) != 0;

		watch->ones |= one;
		return counted;
	}
	return digits->size == watch->last_size &&
	       memcmp(digits->data, watch->last, digits->size) == 0;
}

int gcr_watches_count(struct gcr_watches *watches,
		      const struct gcr_digits *digits, struct gcr_arena *arena,
		      struct gcr_error *err)
{
	for (size_t i = 0; i < watches->count;) {
		struct gcr_watch *watch = &watches->items[i];
		const struct gcr_digits *now = &digits[watch->blank];

		if (!is_counted(watch, now)) {
			uint64_t value = gcr_digits_value(now, watch->hex);
			if (gcr_column_count(watch->column, value, arena,
					     err) != 0)
				return -1;
			memcpy(watch->last, now->data, now->size);
			watch->last_size = now->size;
		}
		if (watch->column->more)
			*watch = watches->items[--watches->count];
		else
			i++;
	}
	return 0;
}
