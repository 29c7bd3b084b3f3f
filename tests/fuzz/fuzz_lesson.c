/*
 * Any bytes as a lesson.md: its blocks are read, every text of the result is
 * looked at, and the answers in it are read as answers. The jq in it is not run:
 * that is libjq's to withstand.
 */

#include <stdint.h>
#include <string.h>

#include "runner/answer.h"
#include "runner/lesson.h"
#include "runner/prose.h"
#include "runner/query.h"
#include "runner/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	SIZE_MOST = 1 << 16
};

// So that no reading of a text is left out as useless.
static volatile size_t seen;

static size_t touch(const char *text)
{
	return text ? strlen(text) : 0;
}

static size_t touch_question(const struct question *question, struct pool *pool)
{
	struct text program = { 0 };
	struct answer answer;
	const char *why;
	size_t sum = touch(question->id) + touch(question->unless) +
		     touch(question->evidence) + touch(question->after) +
		     touch(question->show) + touch(question->only);

	for (size_t i = 0; i < question->misreading_count; i++) {
		query_template(question->misreadings[i].sentence, &program);
		sum += touch(question->misreadings[i].value);
	}
	if (question->ask)
		query_template(question->ask, &program);
	if (question->answer &&
	    answer_read(question, question->answer, pool, &answer, &why) == 0)
		sum += answer_equal(question, &answer, &answer);
	sum += program.size;
	text_done(&program);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pool pool = { 0 };
	struct text errors = { 0 }, wrapped = { 0 };
	struct lesson lesson = { .number = 1, .folder = "." };
	size_t sum = 0;

	// cmark is quadratic in some texts; lessons are short.
	if (size > SIZE_MOST)
		return 0;
	(void)!lesson_parse((const char *)data, size, "lesson.md", &pool,
			    &lesson, &errors);
	for (size_t i = 0; i < lesson.step_count; i++) {
		sum += touch(lesson.steps[i].name);
		sum += touch(lesson.steps[i].command);
		if (lesson.steps[i].before)
			prose_wrap(lesson.steps[i].before, 1, 40, &wrapped);
	}
	for (size_t i = 0; i < lesson.question_count; i++)
		sum += touch_question(&lesson.questions[i], &pool);
	for (size_t i = 0; i < lesson.draw_count; i++)
		sum += touch(lesson.draws[i].course);
	if (lesson.learned)
		prose_wrap(lesson.learned, 1, 40, &wrapped);
	seen = sum + wrapped.size + errors.size;
	text_done(&errors);
	text_done(&wrapped);
	pool_done(&pool);
	return 0;
}
