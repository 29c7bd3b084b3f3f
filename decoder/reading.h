#ifndef GCR_READING_H
#define GCR_READING_H

/*
 * One way to read a list of words: as flat words or as components, for words
 * of four or eight bytes. values.c tries those that the target allows, and
 * keeps what the ones that fit agree on.
 */

#include "gotype.h"

/* How far an unmarked word of one parameter can be trusted (trust.c). */
struct gcr_reading_parameter {
	struct gcr_span name;
	const struct gcr_layout *layout;
	enum gcr_certainty plain;
	bool dictionary; /* a dictionary's address stands in its place */
	bool dropped;	 /* not printed at all */
	bool on_stack;	 /* known not to be passed in registers */
};

struct gcr_reading {
	/* To be set before reading. */
	struct gcr_arena *arena;
	struct gcr_error *err;
	const struct gcr_words *words;
	unsigned word_size;
	bool flat;
	bool any_order; /* byte order not known: only whole words can be told */
	bool closure;	/* captured variables may stand before the parameters */
	struct gcr_reading_parameter *parameters;
	size_t parameter_count;
	struct gcr_reading_parameter *results; /* flat only */
	size_t result_count;
	unsigned budget; /* values that may still be made */
	/* The result. */
	struct gcr_value *arguments;
	struct gcr_value *result_values;
	size_t result_value_count;
	size_t result_word; /* first word behind the parameters */
	struct gcr_part *parts;
	size_t part_count, part_capacity;
	uint64_t covered;   /* bytes that `parts` describe so far */
	const char *misfit; /* why the list cannot be this; NULL: it fits */
	bool loose;	    /* fits only with results that were not declared */
};

enum {
	GCR_READING_VALUES = 4096,
	GCR_READING_ELEMENTS = 256
};

/* Read. -1 only for memory; a list that does not fit sets `misfit`. */
GCR_MUST_CHECK int gcr_read_typed(struct gcr_reading *reading);
GCR_MUST_CHECK int gcr_read_flat(struct gcr_reading *reading);

/* A value of this layout of which nothing is known. */
GCR_MUST_CHECK int gcr_value_missing(struct gcr_reading *reading,
				     const struct gcr_layout *layout,
				     struct gcr_span name,
				     enum gcr_certainty certainty,
				     struct gcr_value *ret);

/* Name, type and kind; nothing else. */
void gcr_value_start(const struct gcr_layout *layout, struct gcr_span name,
		     struct gcr_value *ret);

/*
 * Text and certainty of a leaf whose parts are set. What cannot be a Go value
 * (a bool of 2, a slice longer than its capacity) is unknown when it claims to
 * be exact.
 */
GCR_MUST_CHECK int gcr_value_finish_leaf(struct gcr_reading *reading,
					 const struct gcr_layout *layout,
					 struct gcr_value *value);

/* Text and certainty of an array or struct whose children are set. */
GCR_MUST_CHECK int gcr_value_finish_group(struct gcr_reading *reading,
					  const struct gcr_layout *layout,
					  struct gcr_value *value);

/* The text of an array or struct again, its children's having changed. */
GCR_MUST_CHECK int gcr_value_regroup(struct gcr_arena *arena,
				     struct gcr_value *value,
				     struct gcr_error *err);

/* The less certain of two. */
enum gcr_certainty gcr_certainty_weaker(enum gcr_certainty a,
					enum gcr_certainty b);

/* Make a value and all in it at most this certain. */
void gcr_value_weaken(struct gcr_value *value, enum gcr_certainty certainty);

/* Children of an aggregate: all fields, or as many elements as are made. */
GCR_MUST_CHECK int gcr_value_children(struct gcr_reading *reading,
				      const struct gcr_layout *layout,
				      struct gcr_value *value);

/* The n-th child's layout and name. */
const struct gcr_layout *gcr_layout_child(const struct gcr_layout *layout,
					  size_t index, struct gcr_span *name);

/*
 * The first `most` bytes of a string as a Go literal; dots behind the quote say
 * that there are more.
 */
GCR_MUST_CHECK int gcr_quote(struct gcr_arena *arena, struct gcr_span content,
			     size_t most, struct gcr_span *ret,
			     struct gcr_error *err);

#endif
