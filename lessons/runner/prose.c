/*
 * Prose for a terminal. Links show their text, emphasis is dropped, code keeps
 * its backticks: what remains reads the same aloud.
 */

#include "prose.h"

#include <string.h>

#include "text.h"

enum {
	WIDTH_LEAST = 20
};

void prose_inlines(cmark_node *node, struct text *ret)
{
	cmark_iter *iter = cmark_iter_new(node);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *now = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(now);

		if (event != CMARK_EVENT_ENTER)
			continue;
		if (type == CMARK_NODE_TEXT)
			text_puts(ret, cmark_node_get_literal(now));
		else if (type == CMARK_NODE_CODE)
			text_format(ret, "`%s`", cmark_node_get_literal(now));
		else if (type == CMARK_NODE_SOFTBREAK ||
			 type == CMARK_NODE_LINEBREAK)
			text_char(ret, ' ');
	}
	cmark_iter_free(iter);
}

static void add_verbatim(const char *literal, struct text *ret)
{
	while (*literal) {
		size_t size = strcspn(literal, "\n");

		text_puts(ret, "  ");
		text_add(ret, literal, size);
		text_char(ret, '\n');
		literal += size + (literal[size] == '\n');
	}
}

static void add_list(cmark_node *list, struct text *ret)
{
	for (cmark_node *item = cmark_node_first_child(list); item;
	     item = cmark_node_next(item)) {
		text_puts(ret, "- ");
		prose_inlines(item, ret);
		text_char(ret, '\n');
	}
}

void prose_block(cmark_node *node, struct text *ret)
{
	cmark_node_type type = cmark_node_get_type(node);

	if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_THEMATIC_BREAK)
		return;
	if (ret->size)
		text_char(ret, '\n');
	if (type == CMARK_NODE_CODE_BLOCK) {
		add_verbatim(cmark_node_get_literal(node), ret);
	} else if (type == CMARK_NODE_LIST) {
		add_list(node, ret);
	} else {
		prose_inlines(node, ret);
		text_char(ret, '\n');
	}
}

static size_t columns(const char *data, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; i < size; i++)
		count += ((unsigned char)data[i] & 0xc0) != 0x80;
	return count;
}

// How much further in the next rows of a line begin: in a list below its text,
// and of a line that stands as it is so far that they are seen to belong to it.
static size_t hang_of(const char *line, size_t size)
{
	size_t blanks = 0;

	while (blanks < size && line[blanks] == ' ')
		blanks++;
	if (blanks)
		return blanks + 4;
	return size > 1 && line[0] == '-' && line[1] == ' ' ? 2 : 0;
}

static void wrap_line(const char *line, size_t size, size_t margin,
		      size_t width, struct text *ret)
{
	size_t hang = hang_of(line, size);
	size_t column = margin;
	size_t i = 0;

	text_fill(ret, ' ', margin);
	while (i < size) {
		const char *blank = memchr(line + i, ' ', size - i);
		size_t end = blank ? (size_t)(blank - line) : size;
		size_t word = columns(line + i, end - i);

		if (i && column + 1 + word > width) {
			text_char(ret, '\n');
			text_fill(ret, ' ', margin + hang);
			column = margin + hang;
		} else if (i) {
			text_char(ret, ' ');
			column++;
		}
		text_add(ret, line + i, end - i);
		column += word;
		i = end + 1;
	}
	text_char(ret, '\n');
}

void prose_wrap(const char *prose, size_t margin, size_t width,
		struct text *ret)
{
	if (width < WIDTH_LEAST)
		width = WIDTH_LEAST;
	while (*prose) {
		size_t size = strcspn(prose, "\n");

		if (size == 0)
			text_char(ret, '\n');
		else
			wrap_line(prose, size, margin, width, ret);
		prose += size + (prose[size] == '\n');
	}
}
