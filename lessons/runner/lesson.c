/*
 * lesson.md to a struct lesson: cmark finds blocks, headings and prose; blocks.c
 * reads the blocks.
 */

#include "lesson.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "prose.h"

#define LEARNED "What you now know"

// Takes the prose gathered so far; NULL when there is none.
static const char *take_prose(struct reader *reader)
{
	const char *prose = NULL;

	if (reader->prose.size)
		prose = pool_copy(reader->pool, reader->prose.data,
				  reader->prose.size);
	text_done(&reader->prose);
	return prose;
}

// A load and a signal are for a server that was started above.
static void check_server(struct reader *reader, const struct step *step)
{
	const struct step *server;

	if (!step->server) {
		if (step->after)
			block_complain(reader, step->line,
				       "after= goes with signal=");
		return;
	}
	server = lesson_step(reader->lesson, step->server);
	if (!server || !(server->flags & STEP_SERVE))
		block_complain(reader, step->line, "no step '%s' above serves",
			       step->server);
}

static void check_room(struct reader *reader, const struct step *step)
{
	const char *room = step->room;
	const struct step *server;

	if (!room || (*room && strspn(room, "0123456789") == strlen(room)))
		return;
	server = lesson_step(reader->lesson, room);
	if (!server || !(server->flags & STEP_SERVE))
		block_complain(reader, step->line, "no step '%s' above serves",
			       room);
}

// The rest of the info string of `sh NAME word word=value`.
static void step_block(struct reader *reader, const char *info,
		       const char *command, size_t line)
{
	struct lesson *lesson = reader->lesson;
	struct step step = { .before = take_prose(reader),
			     .command = pool_string(reader->pool, command),
			     .seconds = STEP_SECONDS,
			     .line = line };

	while (*(info += strspn(info, " \t"))) {
		size_t size = strcspn(info, " \t");

		if (!step.name)
			step.name = pool_copy(reader->pool, info, size);
		else if (!block_step_word(reader->pool, &step, info, size))
			block_complain(reader, line, "no such word: '%.*s'",
				       (int)size, info);
		info += size;
	}
	if (!step.name || lesson_step(lesson, step.name))
		block_complain(reader, line, "a step has a name of its own");
	check_server(reader, &step);
	check_room(reader, &step);
	if (lesson->question_count)
		block_complain(reader, line,
			       "a step stands before the questions");
	lesson->steps = pool_more(reader->pool, lesson->steps,
				  lesson->step_count, sizeof(step));
	lesson->steps[lesson->step_count++] = step;
}

// Prose belongs to the question above it, or to what follows.
static void settle_prose(struct reader *reader)
{
	struct lesson *lesson = reader->lesson;
	const char *prose = take_prose(reader);

	if (!prose || reader->reading)
		return;
	if (reader->learned)
		lesson->learned = prose;
	else if (lesson->question_count)
		lesson->questions[lesson->question_count - 1].after = prose;
	else
		lesson->outro = prose;
}

static bool field_block(struct reader *reader, const char *info,
			const char *literal, size_t line)
{
	size_t size = strcspn(info, " \t"), bad = 0;
	block_function *read = block_find(info, size);
	struct fields fields = { 0 };

	if (!read)
		return false;
	if (starts_with(info, "question"))
		settle_prose(reader);
	if (fields_read(literal, line + 1, reader->pool, &fields, &bad))
		block_complain(reader, bad, "this is no `key: value` line");
	info += size;
	info += strspn(info, " \t");
	read(reader, &fields, pool_string(reader->pool, info), line);
	return true;
}

static void read_heading(struct reader *reader, cmark_node *node)
{
	struct text title = { 0 };

	prose_inlines(node, &title);
	if (cmark_node_get_heading_level(node) == 1 && !reader->lesson->title) {
		reader->lesson->title =
			pool_string(reader->pool, text_string(&title));
	} else if (reader->lesson->question_count ||
		   reader->lesson->need_count) {
		settle_prose(reader);
		reader->learned = strcmp(text_string(&title), LEARNED) == 0;
		reader->reading = !reader->learned;
	}
	text_done(&title);
}

static void read_node(struct reader *reader, cmark_node *node)
{
	size_t line = (size_t)cmark_node_get_start_line(node);
	cmark_node_type type = cmark_node_get_type(node);
	const char *info = "", *literal = "";

	if (type == CMARK_NODE_HEADING) {
		read_heading(reader, node);
		return;
	}
	if (type == CMARK_NODE_CODE_BLOCK) {
		info = cmark_node_get_fence_info(node);
		literal = cmark_node_get_literal(node);
	}
	if (!reader->reading &&
	    (strcmp(info, "sh") == 0 || starts_with(info, "sh ")))
		step_block(reader, info + 2, literal, line);
	else if (!field_block(reader, info, literal, line))
		prose_block(node, &reader->prose);
}

// A text that goes on over lines, on one.
static const char *one_line(struct pool *pool, const char *text)
{
	char *copy = pool_string(pool, text);

	for (char *at = copy; *at; at++)
		if (*at == '\n')
			*at = ' ';
	return copy;
}

static unsigned long long hash_bytes(const char *data, size_t size)
{
	unsigned long long hash = 0xcbf29ce484222325u; // FNV-1a

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)data[i]) * 0x100000001b3u;
	return hash;
}

// A value that stands nowhere makes no lesson another one.
static void check_draw(struct reader *reader, const struct draw *draw)
{
	const struct lesson *lesson = reader->lesson;
	struct pool pool = { 0 };
	const char *place = pool_format(&pool, "{%s}", draw->name);
	bool stands = lesson->call && strstr(lesson->call, place);

	for (size_t i = 0; i < lesson->step_count && !stands; i++)
		stands = strstr(lesson->steps[i].command, place) != NULL;
	if (!stands)
		block_complain(reader, draw->line,
			       "%s stands neither in `call` nor in a command",
			       place);
	pool_done(&pool);
}

int lesson_parse(const char *data, size_t size, const char *path,
		 struct pool *pool, struct lesson *ret, struct text *errors)
{
	struct reader reader = { .pool = pool,
				 .lesson = ret,
				 .errors = errors };
	size_t before = errors->size;
	cmark_node *root;

	ret->path = pool_string(pool, path);
	ret->hash = hash_bytes(data, size);
	root = cmark_parse_document(data, size, CMARK_OPT_DEFAULT);
	for (cmark_node *node = root ? cmark_node_first_child(root) : NULL;
	     node; node = cmark_node_next(node))
		read_node(&reader, node);
	settle_prose(&reader);
	cmark_node_free(root);
	if (!ret->title || !reader.told || !ret->objective)
		block_complain(&reader, 1,
			       "no title, `lesson` block or objective");
	else
		ret->objective = one_line(pool, ret->objective);
	for (size_t i = 0; ret->program && i < ret->draw_count; i++)
		check_draw(&reader, &ret->draws[i]);
	return errors->size == before ? 0 : -1;
}

const struct step *lesson_step(const struct lesson *lesson, const char *name)
{
	for (size_t i = 0; i < lesson->step_count; i++)
		if (strcmp(lesson->steps[i].name, name) == 0)
			return &lesson->steps[i];
	return NULL;
}

size_t lesson_question(const struct lesson *lesson, const char *name)
{
	char *end;
	unsigned long long number = strtoull(name, &end, 10);

	for (size_t i = 0; i < lesson->question_count; i++)
		if (strcmp(lesson->questions[i].id, name) == 0 ||
		    (*name && !*end && number == i + 1))
			return i;
	return lesson->question_count;
}
