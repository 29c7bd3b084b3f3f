#ifndef RUNNER_BOARD_H
#define RUNNER_BOARD_H

/*
 * What stands on the screen around a question: the five blocks before it, what
 * comes after an answer, and the end of the lesson.
 */

#include "session.h"

/* The five blocks, up to the line above the prompt. */
void board_question(const struct session *session, size_t index,
		    const char *keys);

/* `Yes: 4.`, the evidence and the reason. */
void board_right(const struct session *session, size_t index);

/* `Not yet: …`; `misses` counts this one. */
void board_wrong(const struct session *session, size_t index,
		 const struct misread *misread, unsigned misses);

/* The next hint; `level` counts from 0. */
void board_hint(const struct session *session, size_t index, unsigned level);

/* The answer, its evidence, its witness. */
void board_reveal(const struct session *session, size_t index);

/* All of a step's output, a page at a time. */
struct prompt;
void board_output(const struct session *session, const char *step,
		  struct prompt *prompt);

/* Where a step's output is, as the learner would type it in the tree. */
const char *board_path(const struct session *session, const char *step,
		       const char *tail, struct pool *pool);

/* How it went, what was learnt, what comes next. */
void board_end(struct session *session);

/* `[x][.][ ]` for the lesson; `now` is the question at hand, or past the end. */
void board_signs(const struct session *session, size_t now, struct text *ret);

/* The state of question `index`. */
enum state board_state(const struct session *session, size_t index);

#endif
