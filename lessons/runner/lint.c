/* The author's checks, after teaching experience: see AUTHORING.md. */

#include "lint.h"

#include <regex.h>
#include <string.h>

#include "draw.h"
#include "text.h"

enum {
	SEEDS = 50
};

static void fault(const struct lesson *lesson, size_t line, struct text *faults,
		  const char *format, ...) GCR_PRINTF(4, 5);

static void fault(const struct lesson *lesson, size_t line, struct text *faults,
		  const char *format, ...)
{
	struct pool pool = { 0 };
	va_list list;

	va_start(list, format);
	text_format(faults, "%s:%zu: %s\n", lesson->path, line,
		    pool_vformat(&pool, format, list));
	va_end(list);
	pool_done(&pool);
}

static bool is_regex(const char *text)
{
	regex_t regex;

	if (regcomp(&regex, text, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	regfree(&regex);
	return true;
}

static void lint_question(const struct lesson *lesson,
			  const struct question *question, struct text *faults)
{
	size_t line = question->line;

	if (!question->place || !question->reason || !question->evidence)
		fault(lesson, line, faults,
		      "'%s' lacks a place, a reason or evidence", question->id);
	if (question->hint_count != HINT_COUNT)
		fault(lesson, line, faults, "'%s' has %zu hints, not %d",
		      question->id, question->hint_count, HINT_COUNT);
	for (size_t i = 0; i < HINT_COUNT; i++)
		if (question->hints[i] &&
		    (!*question->hints[i] ||
		     strstr(question->hints[i], "line 1")))
			fault(lesson, line, faults,
			      "'%s': a hint is empty, or names a line by its "
			      "number",
			      question->id);
	if (!question->misreading_count && question->kind != KIND_CHOICE)
		fault(lesson, line, faults, "'%s' names no misreading",
		      question->id);
	if (question->show && !lesson_step(lesson, question->show))
		fault(lesson, line, faults, "'%s' shows step '%s': none such",
		      question->id, question->show);
	if (question->only && !is_regex(question->only))
		fault(lesson, line, faults,
		      "'%s': 'only' is no regular expression", question->id);
	if ((question->kind == KIND_CHOICE) != (question->choice_count > 1))
		fault(lesson, line, faults,
		      "'%s': choices go with the kind choice", question->id);
	if (question->kind == KIND_RANGE &&
	    (!question->tolerance ||
	     !strstr(question->ask, question->tolerance)))
		fault(lesson, line, faults,
		      "'%s': the question tells no tolerance", question->id);
}

static bool is_draw(const struct lesson *lesson, const char *name)
{
	for (size_t i = 0; i < lesson->draw_count; i++)
		if (strcmp(lesson->draws[i].name, name) == 0)
			return true;
	return false;
}

static bool is_server(const struct lesson *lesson, const char *name)
{
	const struct step *step = lesson_step(lesson, name);

	return step && (step->flags & STEP_SERVE);
}

// `{name}` that nothing is put in the place of; `${name}` is the shell's.
static void lint_places(const struct lesson *lesson, const struct step *step,
			struct text *faults)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_-0123456789";
	struct pool pool = { 0 };

	for (const char *at = step->command; (at = strchr(at, '{')); at++) {
		size_t size = strspn(at + 1, letters);
		const char *name = pool_copy(&pool, at + 1, size);

		if (size && at[size + 1] == '}' &&
		    (at == step->command || at[-1] != '$') &&
		    strcmp(name, "port") != 0 && !is_draw(lesson, name) &&
		    !is_server(lesson, name))
			fault(lesson, step->line, faults,
			      "'%s': nothing is known as {%s}", step->name,
			      name);
	}
	pool_done(&pool);
}

static void lint_step(const struct lesson *lesson, const struct step *step,
		      struct text *faults)
{
	if ((step->flags & STEP_SERVE) &&
	    (is_draw(lesson, step->name) || strcmp(step->name, "port") == 0))
		fault(lesson, step->line, faults,
		      "'%s': {%s} has another meaning", step->name, step->name);
	if (step->flags & (STEP_SERVE | STEP_LOAD | STEP_SIGNAL))
		lint_places(lesson, step, faults);
}

void lint_lesson(const struct lesson *lesson, struct text *faults)
{
	for (size_t i = 0; i < lesson->step_count; i++)
		lint_step(lesson, &lesson->steps[i], faults);
	if (!lesson->steps)
		fault(lesson, 1, faults, "there is no step");
	if (lesson->question_count > QUESTIONS_MOST)
		fault(lesson, 1, faults, "%zu questions, more than %d",
		      lesson->question_count, QUESTIONS_MOST);
	if (lesson->question_count && !lesson->learned)
		fault(lesson, 1, faults,
		      "there is no section 'What you now know'");
	if (lesson->assembly && !lesson_step(lesson, lesson->assembly))
		fault(lesson, 1, faults, "assembly: no step '%s'",
		      lesson->assembly);
	for (size_t i = 0; i < lesson->question_count; i++)
		lint_question(lesson, &lesson->questions[i], faults);
}

static bool read_quietly(const struct question *question, const char *text,
			 struct pool *pool, struct answer *ret)
{
	const char *why;

	return answer_read(question, text, pool, ret, &why) == 0;
}

// Two misreadings that are one number cannot be told apart.
static void lint_misreads(const struct lesson *lesson, const struct item *item,
			  const char *where, struct text *faults)
{
	struct pool pool = { 0 };

	for (size_t i = 0; i < item->misread_count; i++) {
		struct answer one, other;

		if (!read_quietly(item->question, item->misreads[i].value,
				  &pool, &one))
			continue;
		for (size_t k = i + 1; k < item->misread_count; k++)
			if (read_quietly(item->question,
					 item->misreads[k].value, &pool,
					 &other) &&
			    answer_equal(item->question, &one, &other))
				fault(lesson, item->question->line, faults,
				      "'%s': misreadings %zu and %zu are both "
				      "%s (%s)",
				      item->question->id, i + 1, k + 1,
				      item->misreads[i].value, where);
	}
	pool_done(&pool);
}

// A capture without steps: what needs the trace is null, the rest is drawn.
static jv drawn_capture(const struct lesson *lesson, unsigned long long seed,
			struct text *faults)
{
	struct text errors = { 0 };
	jv values, capture = jv_object();

	if (draw_values(lesson, seed, &values, &errors) == 0)
		capture = jv_object_set(capture, jv_string("drawn"), values);
	else
		fault(lesson, 1, faults, "seed %llx: %s", seed,
		      text_string(&errors));
	text_done(&errors);
	return jv_object_set(capture, jv_string("steps"), jv_array());
}

void lint_draws(const struct lesson *lesson, struct text *faults)
{
	struct text errors = { 0 };
	struct pool pool = { 0 };
	struct sheet sheets[SEEDS + 1] = { { 0 } };
	jv captures = jv_array();

	// A report has nothing drawn, and jq in it all the same.
	if (!lesson->draw_count && !lesson->need_count) {
		jv_free(captures);
		return;
	}
	for (unsigned long long seed = 0; seed <= SEEDS; seed++)
		captures = jv_array_append(captures,
					   drawn_capture(lesson, seed, faults));
	if (sheet_make_all(lesson, captures, &pool, sheets, &errors) != 0)
		text_puts(faults, text_string(&errors));
	for (size_t seed = 0; seed <= SEEDS; seed++)
		for (size_t i = 0; i < sheets[seed].count; i++)
			lint_misreads(lesson, &sheets[seed].items[i],
				      pool_format(&pool, "seed %zx", seed),
				      faults);
	text_done(&errors);
	pool_done(&pool);
}

static void upper_case(char *text)
{
	for (; *text; text++)
		if (*text >= 'a' && *text <= 'z' && *text != 'x')
			*text = (char)(*text - 'a' + 'A');
}

// The right answer as people write it: all of these must be taken.
static size_t spellings(const struct item *item, const struct answer *answer,
			struct pool *pool, const char **ret)
{
	size_t count = 0;
	char *upper = pool_string(pool, item->answer);

	upper_case(upper);
	ret[count++] = item->answer;
	ret[count++] = pool_format(pool, "  %s \t", item->answer);
	ret[count++] = upper;
	if (answer->kind != KIND_INT && answer->kind != KIND_HEX)
		return count;
	if (answer->negative)
		return count;
	if (!item->question->decimal)
		ret[count++] = pool_format(pool, "0x%llx",
					   (unsigned long long)answer->number);
	if (!item->question->decimal)
		ret[count++] = pool_format(pool, "0x00%llX",
					   (unsigned long long)answer->number);
	if (answer->kind == KIND_INT) {
		ret[count++] = pool_format(pool, "%llu",
					   (unsigned long long)answer->number);
		ret[count++] = pool_format(pool, "it is %llu",
					   (unsigned long long)answer->number);
	} else {
		ret[count++] = pool_format(pool, "%llx",
					   (unsigned long long)answer->number);
	}
	return count;
}

static void lint_spellings(const struct lesson *lesson, const struct item *item,
			   const char *name, struct text *faults)
{
	static const char *const nothings[] = { "", " ", "?", "--", "!!" };
	struct pool pool = { 0 };
	const char *list[8], *why;
	struct answer answer, got;
	size_t count;

	if (!read_quietly(item->question, item->answer, &pool, &answer))
		return;
	count = spellings(item, &answer, &pool, list);
	for (size_t i = 0; i < count; i++)
		if (sheet_judge(item, list[i], &pool, &got, &why) != 1)
			fault(lesson, item->question->line, faults,
			      "'%s': the right answer is refused as '%s' (%s)",
			      item->question->id, list[i], name);
	for (size_t i = 0; i < sizeof(nothings) / sizeof(*nothings); i++)
		if (item->question->kind != KIND_SET &&
		    sheet_judge(item, nothings[i], &pool, &got, &why) >= 0)
			fault(lesson, item->question->line, faults,
			      "'%s': '%s' counts as an answer",
			      item->question->id, nothings[i]);
	pool_done(&pool);
}

// Does one word of `text`, read alone, give the answer?
static bool gives_away(const struct item *item, const char *text)
{
	struct pool pool = { 0 };
	struct answer got, right;
	bool found = false;

	if (!read_quietly(item->question, item->answer, &pool, &right)) {
		pool_done(&pool);
		return false;
	}
	while (*(text += strspn(text, " ,.:;(){}[]`?!\"'")) && !found) {
		size_t size = strcspn(text, " ,.:;(){}[]`?!\"'");

		found = read_quietly(item->question,
				     pool_copy(&pool, text, size), &pool,
				     &got) &&
			answer_equal(item->question, &right, &got);
		text += size;
	}
	pool_done(&pool);
	return found;
}

static void lint_leaks(const struct lesson *lesson, const struct item *item,
		       const char *name, struct text *faults)
{
	// The words of a choice stand in the question by nature.
	if (item->question->kind == KIND_CHOICE)
		return;
	if (gives_away(item, item->ask) || gives_away(item, item->place))
		fault(lesson, item->question->line, faults,
		      "'%s': the question gives the answer away (%s)",
		      item->question->id, name);
	for (size_t i = 0; i < HINT_COUNT; i++)
		if (gives_away(item, item->hints[i]))
			fault(lesson, item->question->line, faults,
			      "'%s': hint %zu gives the answer away (%s)",
			      item->question->id, i + 1, name);
}

// What is said of answers that cannot be read must not be the answer.
static void lint_replies(const struct lesson *lesson, const struct item *item,
			 const char *name, struct text *faults)
{
	static const char *const unreadable[] = { "foo", "()",	 "0b2",
						  "1 2", "0x10", "0b11" };
	struct pool pool = { 0 };
	struct answer got;
	const char *why;

	for (size_t i = 0; i < sizeof(unreadable) / sizeof(*unreadable); i++)
		if (sheet_judge(item, unreadable[i], &pool, &got, &why) < 0 &&
		    gives_away(item, why))
			fault(lesson, item->question->line, faults,
			      "'%s': the reply to '%s' is the answer: %s (%s)",
			      item->question->id, unreadable[i], why, name);
	pool_done(&pool);
}

void lint_sheet(const struct lesson *lesson, const struct sheet *sheet,
		const char *name, struct text *faults)
{
	for (size_t i = 0; i < sheet->count; i++) {
		const struct item *item = &sheet->items[i];

		if (item->disturbed)
			fault(lesson, item->question->line, faults,
			      "'%s': %s (%s: record it again)",
			      item->question->id, item->why, name);
		if (item->standing == STANDING_UNLESS)
			continue;
		if (item->standing != STANDING_ASKED) {
			fault(lesson, item->question->line, faults,
			      "'%s': %s (%s)", item->question->id, item->why,
			      name);
			continue;
		}
		if (!item->mark_count)
			fault(lesson, item->question->line, faults,
			      "'%s': there is no evidence (%s)",
			      item->question->id, name);
		lint_misreads(lesson, item, name, faults);
		lint_spellings(lesson, item, name, faults);
		lint_leaks(lesson, item, name, faults);
		lint_replies(lesson, item, name, faults);
	}
}
