/*
 * The whole lesson becomes one jq program, since starting libjq costs more than
 * all of its expressions. When it does not compile, each is tried alone, so that
 * the author is told which.
 */

#include "sheet.h"

#include <stdlib.h>
#include <string.h>

#include "query.h"
#include "text.h"

/* One expression or text of the lesson, where it stands. */
struct part {
	const char *key, *source;
	bool words; /* a text with \(jq) in it */
	size_t line;
	const char *owner;
};

struct parts {
	struct pool *pool;
	struct part *items;
	size_t count;
};

static void add_part(struct parts *parts, const char *owner, size_t line,
		     const char *key, const char *source, bool words)
{
	parts->items = pool_more(parts->pool, parts->items, parts->count,
				 sizeof(*parts->items));
	parts->items[parts->count++] = (struct part){ .key = key,
						      .source = source,
						      .words = words,
						      .line = line,
						      .owner = owner };
}

static void question_parts(struct parts *parts, const struct question *question)
{
	const struct {
		const char *key, *source;
		bool words;
	} rows[] = {
		{ "unless", question->unless, false },
		{ "again", question->again, false },
		{ "answer", question->answer, false },
		{ "witness", question->witness, false },
		{ "evidence", question->evidence, false },
		{ "ask", question->ask, true },
		{ "form", question->form, true },
		{ "place", question->place, true },
		{ "reason", question->reason, true },
		{ "hint 1", question->hints[0], true },
		{ "hint 2", question->hints[1], true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		add_part(parts, question->id, question->line, rows[i].key,
			 rows[i].source, rows[i].words);
	for (size_t i = 0; i < question->misreading_count; i++) {
		add_part(parts, question->id, question->line, "misread",
			 question->misreadings[i].value, false);
		add_part(parts, question->id, question->line, "misread",
			 question->misreadings[i].sentence, true);
	}
}

static void need_parts(struct parts *parts, const struct need *need)
{
	add_part(parts, need->name, need->line, "ok", need->ok, false);
	add_part(parts, need->name, need->line, "found", need->found, true);
	add_part(parts, need->name, need->line, "limits", need->limits, true);
	add_part(parts, need->name, need->line, "repair", need->repair, true);
}

static void all_parts(const struct lesson *lesson, struct parts *parts)
{
	add_part(parts, "lesson", 1, "refuse", lesson->refuse, false);
	for (size_t i = 0; i < lesson->question_count; i++)
		question_parts(parts, &lesson->questions[i]);
	for (size_t i = 0; i < lesson->need_count; i++)
		need_parts(parts, &lesson->need_rows[i]);
}

// The lesson's own functions, which stand before its expressions.
static void add_definitions(const struct lesson *lesson, struct text *program)
{
	if (lesson->define) {
		text_puts(program, lesson->define);
		text_char(program, '\n');
	}
}

static void add_program(const struct part *part, struct text *program)
{
	struct text words = { 0 };

	if (part->words && part->source)
		query_template(part->source, &words);
	query_guard(part->words && part->source ? text_string(&words)
		    : part->source		? part->source
						: "null",
		    program);
	text_done(&words);
}

static void blame(const struct lesson *lesson, const struct part *part,
		  const char *message, struct text *errors)
{
	text_format(errors, "%s:%zu: %s of '%s': %s\n", lesson->path,
		    part->line, part->key, part->owner, message);
}

static void find_culprit(const struct lesson *lesson, const struct parts *parts,
			 struct text *errors)
{
	size_t before = errors->size;

	for (size_t i = 0; i < parts->count; i++) {
		struct text program = { 0 }, message = { 0 };

		add_definitions(lesson, &program);
		add_program(&parts->items[i], &program);
		if (query_check(text_string(&program), &message) != 0)
			blame(lesson, &parts->items[i], text_string(&message),
			      errors);
		text_done(&program);
		text_done(&message);
	}
	if (errors->size == before)
		text_format(errors, "%s:1: its jq does not compile\n",
			    lesson->path);
}

// One list of values for each of `captures`.
static int compute(const struct lesson *lesson, const struct parts *parts,
		   jv captures, jv *ret, struct text *errors)
{
	struct text program = { 0 }, message = { 0 };
	int status;

	add_definitions(lesson, &program);
	text_puts(&program, "[.[] | [");
	for (size_t i = 0; i < parts->count; i++) {
		if (i)
			text_puts(&program, ",\n");
		add_program(&parts->items[i], &program);
	}
	text_puts(&program, "]]");
	status = query_run(text_string(&program), captures, ret, &message);
	if (status != 0)
		find_culprit(lesson, parts, errors);
	text_done(&program);
	text_done(&message);
	return status;
}

// 4, 0x4 or main.main as text; a list with commas; NULL for null.
static const char *value_text(jv value, struct pool *pool)
{
	struct text text = { 0 };
	const char *ret = NULL;

	switch (jv_get_kind(value)) {
	case JV_KIND_INVALID:
	case JV_KIND_NULL:
		break;
	case JV_KIND_STRING:
		ret = pool_string(pool, jv_string_value(value));
		break;
	case JV_KIND_NUMBER:
		ret = pool_format(pool, "%.17g", jv_number_value(value));
		break;
	case JV_KIND_ARRAY:
		jv_array_foreach(value, i, member)
		{
			const char *one = value_text(member, pool);

			text_format(&text, "%s%s", i ? ", " : "",
				    one ? one : "null");
		}
		ret = pool_string(pool, text_string(&text));
		text_done(&text);
		break;
	case JV_KIND_FALSE:
	case JV_KIND_TRUE:
	case JV_KIND_OBJECT:
		value = jv_dump_string(value, 0);
		ret = pool_string(pool, jv_string_value(value));
		break;
	}
	jv_free(value);
	return ret;
}

/* The computed parts, taken one after the other. */
struct values {
	const struct lesson *lesson;
	const struct parts *parts;
	jv list;
	int next;
	struct pool *pool;
	struct text *errors;
	const char *failed; /* the first message since it was last cleared */
	bool muted;	    /* what fails now is of no interest */
};

static jv take(struct values *values)
{
	int index = values->next++;
	jv value = jv_array_get(jv_copy(values->list), index);
	jv message = query_error(jv_copy(value));

	if (jv_is_valid(message) && values->muted) {
		jv_free(value);
		value = jv_null();
	} else if (jv_is_valid(message)) {
		const struct part *part = &values->parts->items[index];

		blame(values->lesson, part, jv_string_value(message),
		      values->errors);
		if (!values->failed)
			values->failed = pool_format(
				values->pool,
				"its %s cannot be computed from this capture "
				"(--verbose says why)",
				part->key);
		jv_free(value);
		value = jv_null();
	}
	jv_free(message);
	return value;
}

static const char *take_text(struct values *values)
{
	return value_text(take(values), values->pool);
}

static size_t member_number(jv object, const char *key)
{
	jv value = jv_object_get(jv_copy(object), jv_string(key));
	double number = 0;

	if (jv_get_kind(value) == JV_KIND_NUMBER)
		number = jv_number_value(value);
	jv_free(value);
	return number > 0 && number < 1e9 ? (size_t)number : 0;
}

static const char *member_text(jv object, const char *key, struct pool *pool)
{
	return value_text(jv_object_get(jv_copy(object), jv_string(key)), pool);
}

static void read_mark(jv mark, struct item *item, struct pool *pool)
{
	item->marks = pool_more(pool, item->marks, item->mark_count,
				sizeof(*item->marks));
	item->marks[item->mark_count++] = (struct mark){
		.step = member_text(mark, "step", pool),
		.stream = member_text(mark, "stream", pool),
		.text = member_text(mark, "text", pool),
		.line = member_number(mark, "line"),
		.from = member_number(mark, "from"),
		.length = member_number(mark, "length"),
	};
	jv_free(mark);
}

// A list of marks, as mark() and quote() of the prelude give it.
static void take_marks(struct values *values, struct item *item)
{
	jv list = take(values);

	if (jv_get_kind(list) == JV_KIND_ARRAY) {
		jv_array_foreach(list, i, mark)
		{
			if (jv_get_kind(mark) == JV_KIND_OBJECT)
				read_mark(mark, item, values->pool);
			else
				jv_free(mark);
		}
	}
	jv_free(list);
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static const char *disagreement(const struct item *item, struct pool *pool)
{
	struct answer answer, witness;
	const char *why;

	if (!item->answer)
		return "the answer is not in this capture";
	if (!item->witness)
		return "the witness is not in this capture";
	if (answer_read(item->question, item->answer, pool, &answer, &why) ||
	    answer_read(item->question, item->witness, pool, &witness, &why))
		return pool_format(pool, "answer '%s' or witness '%s' is no %s",
				   item->answer, item->witness,
				   answer_kind_name(item->question->kind));
	if (!answer_equal(item->question, &answer, &witness) &&
	    !answer_equal(item->question, &witness, &answer))
		return pool_format(pool,
				   "the answer is %s, its witness says %s",
				   item->answer, item->witness);
	return NULL;
}

// The sentence of `unless` or `again`; NULL when it gives none.
static const char *take_sentence(struct values *values)
{
	const char *sentence = take_text(values);

	return sentence && strcmp(sentence, "false") != 0 ? sentence : NULL;
}

static void settle(struct values *values, struct item *item, const char *unless)
{
	if (values->failed) {
		item->standing = STANDING_BROKEN;
		item->why = values->failed;
	} else if (unless) {
		item->standing = STANDING_UNLESS;
		item->why = unless;
	} else {
		item->why = disagreement(item, values->pool);
		item->standing = !item->why ? STANDING_ASKED
				 : item->answer && item->witness
					 ? STANDING_UNEQUAL
					 : STANDING_BROKEN;
		if (item->why)
			text_format(values->errors, "%s:%zu: '%s': %s\n",
				    values->lesson->path, item->question->line,
				    item->question->id, item->why);
	}
}

static void take_item(struct values *values, const struct question *question,
		      struct item *item)
{
	struct pool *pool = values->pool;
	const char *unless, *again;

	*item = (struct item){ .question = question };
	values->failed = NULL;
	unless = take_sentence(values);
	// What there is nothing to ask about need not be computable.
	values->muted = unless != NULL;
	again = take_sentence(values);
	item->disturbed = !unless && again;
	if (item->disturbed)
		unless = again;
	values->muted = unless != NULL;
	item->answer = take_text(values);
	item->witness = take_text(values);
	take_marks(values, item);
	item->ask = or_empty(take_text(values));
	item->form = or_empty(take_text(values));
	item->place = or_empty(take_text(values));
	item->reason = or_empty(take_text(values));
	for (size_t i = 0; i < HINT_COUNT; i++)
		item->hints[i] = or_empty(take_text(values));
	item->misreads = pool_alloc(pool, (question->misreading_count + 1) *
						  sizeof(*item->misreads));
	for (size_t i = 0; i < question->misreading_count; i++) {
		struct misread row = { .value = take_text(values) };

		row.sentence = or_empty(take_text(values));
		if (row.value)
			item->misreads[item->misread_count++] = row;
	}
	values->muted = false;
	settle(values, item, unless);
}

static void take_need(struct values *values, const struct need *need,
		      struct need_state *state)
{
	const char *ok = take_text(values);

	state->need = need;
	state->ok = ok && strcmp(ok, "true") == 0;
	state->found = or_empty(take_text(values));
	state->limits = or_empty(take_text(values));
	state->repair = or_empty(take_text(values));
}

static void take_all(struct values *values, struct sheet *ret)
{
	const struct lesson *lesson = values->lesson;
	size_t askable = 0;

	ret->refused = take_text(values);
	if (values->failed)
		ret->refused = values->failed;
	ret->items = pool_alloc(values->pool, (lesson->question_count + 1) *
						      sizeof(*ret->items));
	for (; ret->count < lesson->question_count; ret->count++) {
		struct item *item = &ret->items[ret->count];

		take_item(values, &lesson->questions[ret->count], item);
		ret->disturbed += item->disturbed;
		ret->broken += item->standing == STANDING_UNEQUAL ||
			       item->standing == STANDING_BROKEN;
	}
	for (size_t i = 0; i < ret->count; i++)
		askable += ret->items[i].standing != STANDING_UNLESS;
	if (!ret->refused && ret->count && !askable)
		ret->refused = pool_format(
			values->pool,
			"none of its questions can be asked of it: %s",
			ret->items[0].why);
	ret->needs = pool_alloc(values->pool,
				(lesson->need_count + 1) * sizeof(*ret->needs));
	for (; ret->need_count < lesson->need_count; ret->need_count++)
		take_need(values, &lesson->need_rows[ret->need_count],
			  &ret->needs[ret->need_count]);
}

int sheet_make_all(const struct lesson *lesson, jv captures, struct pool *pool,
		   struct sheet *ret, struct text *errors)
{
	struct parts parts = { .pool = pool };
	jv lists;

	all_parts(lesson, &parts);
	if (compute(lesson, &parts, captures, &lists, errors) != 0)
		return -1;
	for (int i = 0; i < jv_array_length(jv_copy(lists)); i++) {
		struct values values = { .lesson = lesson,
					 .parts = &parts,
					 .pool = pool,
					 .errors = errors };

		values.list = jv_array_get(jv_copy(lists), i);
		ret[i] = (struct sheet){ 0 };
		take_all(&values, &ret[i]);
		jv_free(values.list);
	}
	jv_free(lists);
	return 0;
}

int sheet_make(const struct lesson *lesson, jv capture, struct pool *pool,
	       struct sheet *ret, struct text *errors)
{
	return sheet_make_all(lesson,
			      jv_array_append(jv_array(), jv_copy(capture)),
			      pool, ret, errors);
}

const struct misread *sheet_misread(const struct item *item,
				    const struct answer *got, struct pool *pool)
{
	struct answer right, value;
	const char *why;

	if (!item->answer ||
	    answer_read(item->question, item->answer, pool, &right, &why))
		return NULL;
	for (size_t i = 0; i < item->misread_count; i++) {
		const struct misread *row = &item->misreads[i];

		if (answer_read(item->question, row->value, pool, &value,
				&why) != 0 ||
		    answer_equal(item->question, &right, &value))
			continue;
		if (answer_equal(item->question, &value, got))
			return row;
	}
	return NULL;
}

int sheet_judge(const struct item *item, const char *text, struct pool *pool,
		struct answer *got, const char **why)
{
	struct answer right;
	const char *ignored;

	if (answer_read(item->question, text, pool, got, why) != 0)
		return -1;
	if (!item->answer ||
	    answer_read(item->question, item->answer, pool, &right, &ignored))
		return 0;
	return answer_equal(item->question, &right, got) ? 1 : 0;
}
