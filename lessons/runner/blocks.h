#ifndef RUNNER_BLOCKS_H
#define RUNNER_BLOCKS_H

/*
 * The blocks of lesson.md that speak to the runner: what fields each may have,
 * and where their values go. lesson.c finds them.
 */

#include "fields.h"
#include "lesson.h"
#include "text.h"

#define BLOCK_COUNT(array) (sizeof(array) / sizeof(*(array)))

struct reader {
	struct pool *pool;
	struct lesson *lesson;
	struct text *errors;
	struct text prose; /* since the last block */
	bool learned;	   /* behind the heading that ends the questions */
	bool reading;	   /* behind another heading there: not shown */
	bool told;	   /* the `lesson` block was seen */
};

/* Add `path:line: message` to the errors. */
void block_complain(struct reader *reader, size_t line, const char *format, ...)
	GCR_PRINTF(3, 4);

/*
 * The reader of blocks of the kind that the `size` bytes at `word` name, or NULL.
 * It takes the block's fields, the name after the word and the block's line.
 */
typedef void block_function(struct reader *reader, const struct fields *fields,
			    const char *name, size_t line);
block_function *block_find(const char *word, size_t size);

/* One word behind the name of a step; false when there is no such word. */
bool block_step_word(struct pool *pool, struct step *step, const char *word,
		     size_t size);

#endif
