/* Grading: files of answers to results. */

#include "grade.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"
#include "verbs.h"
#include "walk.h"

enum {
	ANSWERS_MOST = 1 << 20
};

static const char *trimmed(struct pool *pool, const char *data, size_t size)
{
	while (size && strchr(" \t\r", *data)) {
		data++;
		size--;
	}
	while (size && strchr(" \t\r", data[size - 1]))
		size--;
	return pool_copy(pool, data, size);
}

// `2: 4` or `4`: which question it answers, and what with; NULL: none.
static const char *read_answer(const struct lesson *lesson, const char *line,
			       struct pool *pool, size_t *index)
{
	const char *colon = strchr(line, ':');

	if (!*line || *line == '#')
		return NULL;
	if (!colon)
		return line;
	*index = lesson_question(lesson,
				 trimmed(pool, line, (size_t)(colon - line)));
	return trimmed(pool, colon + 1, strlen(colon + 1));
}

void grade_read(const struct lesson *lesson, const char *data,
		struct pool *pool, struct answers *ret)
{
	size_t next = 0;

	for (size_t number = 1; *data; number++) {
		size_t size = strcspn(data, "\n"), index = next;
		const char *line = trimmed(pool, data, size);
		const char *answer = read_answer(lesson, line, pool, &index);

		data += size + (data[size] == '\n');
		if (!answer)
			continue;
		if (starts_with(line, "seed:")) {
			ret->seed = answer;
		} else if (index < lesson->question_count) {
			ret->items[index] = answer;
			next = index + 1;
		} else {
			const char *name = pool_format(pool, "%zu", next + 1);

			if (answer != line)
				name = pool_copy(pool, line,
						 strcspn(line, " \t:"));
			ret->remarks = pool_format(
				pool,
				"%sline %zu: lesson %d has no question "
				"'%s'\n",
				ret->remarks ? ret->remarks : "", number,
				lesson->number, name);
		}
	}
}

static int read_input(const char *path, struct text *ret)
{
	return text_read(ret, strcmp(path, "-") == 0 ? "/dev/stdin" : path,
			 ANSWERS_MOST);
}

static void grade_item(struct results *results, struct session *session,
		       size_t index, const char *given)
{
	const struct item *item = &session->sheet.items[index];
	struct result result = { .lesson = session->lesson.number,
				 .number = index + 1,
				 .question = item->question->id,
				 .kind = answer_kind_name(item->question->kind),
				 .verdict = VERDICT_NOT_YET,
				 .got = given ? given : "",
				 .remark = "" };
	struct answer got;
	const char *why = "no answer given";
	int right = -1;

	if (item->standing == STANDING_UNLESS) {
		result.verdict = VERDICT_NOT_ASKED;
		result.remark = item->why;
	} else if (item->standing != STANDING_ASKED) {
		result.verdict = VERDICT_BROKEN;
		result.remark = item->why;
	} else {
		if (given)
			right = sheet_judge(item, given, results->pool, &got,
					    &why);
		if (right < 0) {
			result.remark = why;
		} else if (right) {
			result.verdict = VERDICT_SOLVED;
		} else {
			const struct misread *misread =
				sheet_misread(item, &got, results->pool);

			result.remark = misread ? misread->sentence : "";
		}
	}
	results_add(results, &result);
}

static void add_lesson(struct results *results, int lesson,
		       enum verdict verdict, const char *remark)
{
	results_add(results, &(struct result){ .lesson = lesson,
					       .question = "",
					       .kind = "",
					       .got = "",
					       .verdict = verdict,
					       .remark = remark });
}

// A capture to grade over. False when there is none; then a result says why.
static bool get_capture(struct session *session, struct results *results)
{
	struct capture_watcher none = { 0 };
	const char *lack = session_lack(session);
	int number = session->lesson.number;
	enum outcome outcome = OUTCOME_EXPECTED;

	if (lack) {
		add_lesson(results, number, VERDICT_BROKEN, lack);
		return false;
	}
	if (!session_resume(session))
		outcome = session_capture(session, true, &none);
	if (outcome != OUTCOME_EXPECTED) {
		add_lesson(results, number, VERDICT_BROKEN,
			   outcome_name(outcome));
		return false;
	}
	if (session->sheet.refused) {
		add_lesson(results, number, VERDICT_BROKEN,
			   session->sheet.refused);
		return false;
	}
	return true;
}

static void grade_text(struct session *session, const char *data,
		       struct results *results)
{
	struct options options = *session->options;
	const struct options *before = session->options;
	struct answers answers = { .seed = options.seed };

	answers.items = pool_alloc(&session->pool,
				   (session->lesson.question_count + 1) *
					   sizeof(*answers.items));
	grade_read(&session->lesson, data, &session->pool, &answers);
	options.seed = answers.seed;
	if (answers.remarks)
		results->remarks =
			pool_format(results->pool, "%s%s",
				    results->remarks ? results->remarks : "",
				    answers.remarks);
	session->options = &options;
	if (get_capture(session, results)) {
		results->seed = seed_name(session->seed, &session->pool);
		results->go = session->here.go_version;
		for (size_t i = 0; i < session->sheet.count; i++)
			if (session_wants(session, i))
				grade_item(results, session, i,
					   answers.items[i]);
	}
	session->options = before;
}

static int put_results(const struct results *results, const char *format)
{
	struct text text = { 0 };
	int status = results_status(results);

	if (results_write(results, format, &text) != 0) {
		complain("no such format: '%s'", format);
		status = EXIT_CANNOT;
	}
	put(text_string(&text));
	// The other formats have no place for it.
	if (results->remarks && format && strcmp(format, "tap") != 0)
		complain("%s", results->remarks);
	text_done(&text);
	return status;
}

int grade_answers(struct session *session, const char *path)
{
	struct results results = { .pool = &session->pool };
	struct text text = { 0 };
	int status = EXIT_CANNOT;

	if (read_input(path, &text) != 0) {
		complain("cannot read '%s': %s", path, strerror(errno));
	} else {
		grade_text(session, text_string(&text), &results);
		status = put_results(&results, session->options->format);
	}
	text_done(&text);
	return status;
}

// Answers to one lesson, as a file of the folder; its session is its own.
static int grade_file(struct session *outer, int number, const char *path,
		      struct results *results)
{
	struct session session;
	struct text text = { 0 };
	int status = session_open(outer->options, &session);

	if (status == EXIT_DONE)
		status = session_load(&session, number);
	if (status == EXIT_DONE && text_read(&text, path, ANSWERS_MOST) != 0) {
		complain("cannot read '%s': %s", path, strerror(errno));
		status = EXIT_CANNOT;
	}
	if (status == EXIT_DONE) {
		size_t before = results->count;

		grade_text(&session, text_string(&text), results);
		// What lives in the inner session's pool goes with it.
		for (size_t i = before; i < results->count; i++) {
			struct result *result = &results->items[i];

			result->question =
				pool_string(results->pool, result->question);
			result->got = pool_string(results->pool, result->got);
			result->remark =
				pool_string(results->pool, result->remark);
		}
		if (results->seed)
			results->seed =
				pool_string(results->pool, results->seed);
		results->go = outer->here.go_version;
	}
	text_done(&text);
	session_close(&session);
	return status;
}

int verb_grade(struct session *session)
{
	struct results results = { .pool = &session->pool };
	const struct options *options = session->options;
	const char *folder = options->operand_count ? options->operands[0]
						    : options->answers;
	size_t count;
	const char **names;
	int status = EXIT_DONE;

	if (folder && !is_folder(folder)) {
		if (access(folder, F_OK) == 0)
			errno = ENOTDIR;
		complain("cannot read '%s': %s", folder, strerror(errno));
		return EXIT_CANNOT;
	}
	if (!folder) {
		complain("which folder has the answer files? As in "
			 "`lesson grade answers`, with answers/1");
		return EXIT_CANNOT;
	}
	names = folder_names(folder, &session->pool, &count);
	for (size_t i = 0; i < count && status == EXIT_DONE; i++) {
		const char *path =
			pool_format(&session->pool, "%s/%s", folder, names[i]);
		const char *stem = pool_copy(&session->pool, names[i],
					     strcspn(names[i], "."));

		if (is_file(path) && verb_lesson_number(stem) >= 0)
			status = grade_file(session, verb_lesson_number(stem),
					    path, &results);
	}
	if (status == EXIT_DONE && !results.count) {
		complain("'%s' has no file named for a lesson, as 1", folder);
		status = EXIT_CANNOT;
	}
	return status == EXIT_DONE ? put_results(&results, options->format)
				   : status;
}

static void check_items(const struct session *session, struct results *results)
{
	for (size_t i = 0; i < session->sheet.count; i++) {
		const struct item *item = &session->sheet.items[i];

		results_add(
			results,
			&(struct result){
				.lesson = session->lesson.number,
				.number = i + 1,
				.question = item->question->id,
				.kind = answer_kind_name(item->question->kind),
				.got = "",
				.verdict = item->standing == STANDING_ASKED
						   ? VERDICT_SOLVED
					   : item->standing == STANDING_UNLESS
						   ? VERDICT_NOT_ASKED
						   : VERDICT_BROKEN,
				.remark = item->why ? pool_string(results->pool,
								  item->why)
						    : "" });
	}
}

static int check_lesson(const struct session *outer, int number,
			struct results *results)
{
	struct capture_watcher none = { 0 };
	struct session session;
	int status = session_open(outer->options, &session);
	const char *lack = NULL;
	enum outcome outcome;

	if (status == EXIT_DONE)
		status = session_load(&session, number);
	if (status == EXIT_DONE)
		lack = session_lack(&session);
	if (status != EXIT_DONE) {
		add_lesson(results, number, VERDICT_BROKEN, "does not load");
	} else if (lack) {
		add_lesson(results, number, VERDICT_NOT_ASKED,
			   pool_string(results->pool, lack));
	} else {
		outcome = session_capture(&session, true, &none);
		if (outcome != OUTCOME_EXPECTED)
			add_lesson(results, number, VERDICT_BROKEN,
				   outcome_name(outcome));
		else if (session.sheet.refused)
			add_lesson(results, number, VERDICT_NOT_ASKED,
				   pool_string(results->pool,
					       session.sheet.refused));
		else if (walk_is_report(&session.lesson))
			add_lesson(results, number, VERDICT_SOLVED, "");
		else
			check_items(&session, results);
	}
	// Question ids live in the inner session; names are made before it goes.
	for (size_t i = 0; i < results->count; i++)
		if (results->items[i].lesson == number)
			results->items[i].question = pool_string(
				results->pool, results->items[i].question);
	session_close(&session);
	return status;
}

int verb_check(struct session *session)
{
	struct results results = { .pool = &session->pool,
				   .go = session->here.go_version };
	const char *operand = session->options->operands[0];
	size_t count, asked = 0, skipped = 0;
	const int *numbers = session_lessons(session, &count);
	int only = operand ? verb_lesson_number(operand) : -1;

	if (operand && only < 0) {
		complain("'%s' is no lesson", operand);
		return EXIT_CANNOT;
	}
	for (size_t i = 0; i < count; i++)
		if (only < 0 || numbers[i] == only)
			(void)check_lesson(session, numbers[i], &results);
	if (!results.count) {
		complain("there is no lesson %d yet", only);
		return EXIT_CANNOT;
	}
	for (size_t i = 0; i < results.count; i++) {
		const struct result *result = &results.items[i];

		asked += result->number && result->verdict == VERDICT_SOLVED;
		skipped += result->verdict == VERDICT_NOT_ASKED;
	}
	// Where nothing could be asked, nothing was checked.
	return put_results(&results, NULL) || (skipped && !asked) ? EXIT_FAILED
								  : EXIT_DONE;
}
