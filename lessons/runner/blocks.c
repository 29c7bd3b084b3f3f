/*
 * Blocks to structs: tables of fields, and a function for each kind of block.
 */

#include "blocks.h"

#include <stdlib.h>
#include <string.h>

void block_complain(struct reader *reader, size_t line, const char *format, ...)
{
	struct pool pool = { 0 };
	va_list list;

	va_start(list, format);
	text_format(reader->errors, "%s:%zu: %s\n", reader->lesson->path, line,
		    pool_vformat(&pool, format, list));
	va_end(list);
	pool_done(&pool);
}

// clang-format off
static const struct {
	const char *name, *form;
} kinds[] = {
	[KIND_INT]    = { "int",    "a number; 0x is fine" },
	[KIND_HEX]    = { "hex",    "an address, hexadecimal; 0x may be left out" },
	[KIND_NAME]   = { "name",   "a function, as in main.main" },
	[KIND_CHOICE] = { "choice", "the number of your choice, or its first letters" },
	[KIND_SET]    = { "set",    "several, in any order, with a comma or a blank between" },
	[KIND_RANGE]  = { "range",  "a number; about is enough" },
};
// clang-format on

_Static_assert(sizeof(kinds) / sizeof(*kinds) == KIND_COUNT, "a row a kind");

const char *answer_kind_name(enum answer_kind kind)
{
	return kinds[kind].name;
}

const char *answer_kind_form(enum answer_kind kind)
{
	return kinds[kind].form;
}

/* Where a field's text goes: its key and the place in the block's struct. */
struct slot {
	const char *key;
	size_t offset;
};

// clang-format off
static const struct slot lesson_slots[] = {
	{ "objective", offsetof(struct lesson, objective) },
	{ "needs",     offsetof(struct lesson, needs) },
	{ "wants",     offsetof(struct lesson, wants) },
	{ "seen",      offsetof(struct lesson, seen) },
	{ "assembly",  offsetof(struct lesson, assembly) },
	{ "define",    offsetof(struct lesson, define) },
	{ "refuse",    offsetof(struct lesson, refuse) },
};

static const struct slot draw_slots[] = {
	{ "program",   offsetof(struct lesson, program) },
	{ "call",      offsetof(struct lesson, call) },
	{ "keep",      offsetof(struct lesson, keep) },
};

static const struct slot question_slots[] = {
	{ "ask",       offsetof(struct question, ask) },
	{ "form",      offsetof(struct question, form) },
	{ "place",     offsetof(struct question, place) },
	{ "reason",    offsetof(struct question, reason) },
	{ "unless",    offsetof(struct question, unless) },
	{ "again",     offsetof(struct question, again) },
	{ "answer",    offsetof(struct question, answer) },
	{ "witness",   offsetof(struct question, witness) },
	{ "evidence",  offsetof(struct question, evidence) },
	{ "tolerance", offsetof(struct question, tolerance) },
	{ "show",      offsetof(struct question, show) },
	{ "only",      offsetof(struct question, only) },
	{ "mark",      offsetof(struct question, mark) },
};

static const struct slot need_slots[] = {
	{ "ok",        offsetof(struct need, ok) },
	{ "found",     offsetof(struct need, found) },
	{ "limits",    offsetof(struct need, limits) },
	{ "repair",    offsetof(struct need, repair) },
};
// clang-format on

// Puts the value where the key says; false when no slot has that key.
static bool put(void *object, const struct slot *slots, size_t count,
		const struct field *field)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(slots[i].key, field->key) != 0)
			continue;
		memcpy((char *)object + slots[i].offset, &field->value,
		       sizeof(field->value));
		return true;
	}
	return false;
}

static void lesson_block(struct reader *reader, const struct fields *fields,
			 const char *name, size_t line)
{
	struct lesson *lesson = reader->lesson;

	(void)name;
	(void)line;
	reader->told = true;
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *field = &fields->items[i];

		if (put(lesson, lesson_slots, BLOCK_COUNT(lesson_slots), field))
			continue;
		if (strcmp(field->key, "declare") != 0) {
			block_complain(reader, field->line,
				       "no such field: '%s'", field->key);
			continue;
		}
		lesson->declares = pool_more(reader->pool, lesson->declares,
					     lesson->declare_count,
					     sizeof(*lesson->declares));
		lesson->declares[lesson->declare_count++] = field->value;
	}
}

// `4, 5..17`, `true, bool`, `hello, word 6..12`
static bool read_draw(struct pool *pool, const char *value, struct draw *ret)
{
	const char *comma = strchr(value, ',');
	char *end;

	if (!comma)
		return false;
	ret->course = pool_copy(pool, value, (size_t)(comma - value));
	value = comma + 1 + strspn(comma + 1, " \t");
	ret->kind = DRAW_INT;
	if (strcmp(value, "bool") == 0) {
		ret->kind = DRAW_BOOL;
		return true;
	}
	if (starts_with(value, "word ")) {
		ret->kind = DRAW_WORD;
		value += strlen("word ");
	}
	ret->low = (long)strtoll(value, &end, 10);
	if (end == value || !starts_with(end, ".."))
		return false;
	value = end + 2;
	ret->high = (long)strtoll(value, &end, 10);
	return end != value && *end == '\0' && ret->low <= ret->high &&
	       (ret->kind == DRAW_INT || (ret->low > 0 && ret->high < 64));
}

static void draw_block(struct reader *reader, const struct fields *fields,
		       const char *name, size_t line)
{
	struct lesson *lesson = reader->lesson;

	(void)name;
	(void)line;
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *field = &fields->items[i];
		struct draw draw = { .name = field->key, .line = field->line };

		if (put(lesson, draw_slots, BLOCK_COUNT(draw_slots), field))
			continue;
		if (!read_draw(reader->pool, field->value, &draw)) {
			block_complain(
				reader, field->line,
				"'%s' is no draw: write as in `4, 5..17`, "
				"`true, bool`, `hello, word 6..12`",
				field->key);
			continue;
		}
		lesson->draws = pool_more(reader->pool, lesson->draws,
					  lesson->draw_count, sizeof(draw));
		lesson->draws[lesson->draw_count++] = draw;
	}
}

static void misread(struct reader *reader, struct question *question,
		    const struct field *field)
{
	const char *arrow = strstr(field->value, "=>");

	if (!arrow) {
		block_complain(reader, field->line,
			       "a misreading is `jq => sentence`");
		return;
	}
	question->misreadings = pool_more(reader->pool, question->misreadings,
					  question->misreading_count,
					  sizeof(*question->misreadings));
	question->misreadings[question->misreading_count++] =
		(struct misreading){
			.value = pool_copy(reader->pool, field->value,
					   (size_t)(arrow - field->value)),
			.sentence = arrow + 2 + strspn(arrow + 2, " \t\n"),
		};
}

static bool read_kind(struct question *question, const char *value)
{
	question->decimal = strcmp(value, "int, decimal") == 0;
	if (question->decimal)
		value = "int";
	for (size_t i = 0; i < BLOCK_COUNT(kinds); i++) {
		if (strcmp(kinds[i].name, value) == 0) {
			question->kind = (enum answer_kind)i;
			return true;
		}
	}
	return false;
}

static void question_field(struct reader *reader, struct question *question,
			   const struct field *field)
{
	if (put(question, question_slots, BLOCK_COUNT(question_slots), field))
		return;
	if (strcmp(field->key, "misread") == 0) {
		misread(reader, question, field);
	} else if (strcmp(field->key, "hint") == 0) {
		if (question->hint_count < HINT_COUNT)
			question->hints[question->hint_count] = field->value;
		question->hint_count++;
	} else if (strcmp(field->key, "choice") == 0) {
		question->choices = pool_more(reader->pool, question->choices,
					      question->choice_count,
					      sizeof(*question->choices));
		question->choices[question->choice_count++] = field->value;
	} else if (strcmp(field->key, "kind") != 0 ||
		   !read_kind(question, field->value)) {
		block_complain(reader, field->line,
			       "no such field or kind: '%s: %s'", field->key,
			       field->value);
	}
}

static void question_block(struct reader *reader, const struct fields *fields,
			   const char *name, size_t line)
{
	struct lesson *lesson = reader->lesson;
	struct question *question;

	lesson->questions =
		pool_more(reader->pool, lesson->questions,
			  lesson->question_count, sizeof(*lesson->questions));
	question = &lesson->questions[lesson->question_count++];
	*question = (struct question){ .id = name, .line = line };
	for (size_t i = 0; i < fields->count; i++)
		question_field(reader, question, &fields->items[i]);
	if (!*name || !question->ask || !question->answer ||
	    !question->witness || !fields_value(fields, "kind"))
		block_complain(
			reader, line,
			"a question has an id, kind, ask, answer and witness");
	if (question->mark && strcmp(question->mark, "no") != 0)
		block_complain(reader, line, "'mark' is 'no' or left out");
	if (!question->form)
		question->form = answer_kind_form(question->kind);
}

static void need_block(struct reader *reader, const struct fields *fields,
		       const char *name, size_t line)
{
	struct lesson *lesson = reader->lesson;
	struct need *need;

	lesson->need_rows =
		pool_more(reader->pool, lesson->need_rows, lesson->need_count,
			  sizeof(*lesson->need_rows));
	need = &lesson->need_rows[lesson->need_count++];
	*need = (struct need){ .name = name, .line = line };
	for (size_t i = 0; i < fields->count; i++)
		if (!put(need, need_slots, BLOCK_COUNT(need_slots),
			 &fields->items[i]))
			block_complain(reader, fields->items[i].line,
				       "no such field: '%s'",
				       fields->items[i].key);
	if (!*name || !need->ok || !need->found || !need->limits ||
	    !need->repair)
		block_complain(
			reader, line,
			"a need has a name, ok, found, limits and repair");
}

// clang-format off
static const struct {
	const char *word;
	unsigned flag;
} step_flags[] = {
	{ "build", STEP_BUILD },
	{ "dump",  STEP_DUMP },
	{ "core",  STEP_CORE },
	{ "check", STEP_CHECK },
	{ "quiet", STEP_QUIET },
	{ "serve", STEP_SERVE },
	{ "hand",  STEP_HAND },
};
// clang-format on

bool block_step_word(struct pool *pool, struct step *step, const char *word,
		     size_t size)
{
	char *end = NULL;

	word = pool_copy(pool, word, size);
	for (size_t i = 0; i < BLOCK_COUNT(step_flags); i++) {
		if (strcmp(step_flags[i].word, word) == 0) {
			step->flags |= step_flags[i].flag;
			return true;
		}
	}
	if (starts_with(word, "needs=")) {
		step->needs = word + strlen("needs=");
	} else if (starts_with(word, "load=")) {
		step->flags |= STEP_LOAD;
		step->server = word + strlen("load=");
	} else if (starts_with(word, "signal=")) {
		step->flags |= STEP_SIGNAL;
		step->server = word + strlen("signal=");
	} else if (starts_with(word, "after=")) {
		step->after =
			(unsigned)strtoull(word + strlen("after="), &end, 10);
	} else if (starts_with(word, "room=")) {
		step->room = word + strlen("room=");
	} else if (strcmp(word, "status=any") == 0) {
		step->status = STATUS_ANY;
	} else if (starts_with(word, "status=")) {
		step->status = (int)strtoll(word + strlen("status="), &end, 10);
	} else if (starts_with(word, "seconds=")) {
		step->seconds =
			(unsigned)strtoull(word + strlen("seconds="), &end, 10);
	} else {
		return false;
	}
	return !end || *end == '\0';
}

// clang-format off
static const struct {
	const char *word;
	void (*read)(struct reader *reader, const struct fields *fields,
		     const char *name, size_t line);
} blocks[] = {
	{ "lesson",   lesson_block },
	{ "draw",     draw_block },
	{ "question", question_block },
	{ "need",     need_block },
};
// clang-format on

block_function *block_find(const char *word, size_t size)
{
	for (size_t i = 0; i < BLOCK_COUNT(blocks); i++)
		if (strlen(blocks[i].word) == size &&
		    strncmp(blocks[i].word, word, size) == 0)
			return blocks[i].read;
	return NULL;
}
