#ifndef RUNNER_PROSE_H
#define RUNNER_PROSE_H

/*
 * The prose of a lesson as plain text: a paragraph a line, `- ` before items,
 * two blanks before every line that must not be wrapped; and its wrapping.
 */

#include <cmark.h>
#include <stddef.h>

struct text;

/* The inline content of a node: code in backticks, no other mark-up. */
void prose_inlines(cmark_node *node, struct text *ret);

/* A whole block, with an empty line before it when `ret` has text already. */
void prose_block(cmark_node *node, struct text *ret);

/*
 * Add `prose` to `ret`, wrapped at `width` columns, each line after `margin`
 * blanks. Lines that start with blanks keep those that they have, and go on in
 * rows that begin further in.
 */
void prose_wrap(const char *prose, size_t margin, size_t width,
		struct text *ret);

#endif
