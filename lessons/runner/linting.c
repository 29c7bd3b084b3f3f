/* The verb lint: all rules over all lessons and their recorded captures. */

#include <stdio.h>
#include <string.h>

#include "lint.h"
#include "paths.h"
#include "verbs.h"

static void lint_capture(struct session *session, const char *name,
			 struct text *faults)
{
	struct pool pool = { 0 };
	struct text errors = { 0 };
	struct sheet sheet = { 0 };
	jv capture;

	if (capture_load(&session->lesson,
			 pool_format(&pool, "%s/captures/%s",
				     session->lesson.folder, name),
			 &capture, &errors) != 0) {
		text_format(faults, "%s\n", text_string(&errors));
	} else {
		if (sheet_make(&session->lesson, capture, &pool, &sheet,
			       &errors) != 0)
			text_puts(faults, text_string(&errors));
		else if (sheet.refused)
			text_format(faults, "%s:1: refuses %s: %s\n",
				    session->lesson.path, name, sheet.refused);
		else
			lint_sheet(&session->lesson, &sheet, name, faults);
		if (sheet.broken || sheet.refused)
			text_puts(faults, text_string(&errors));
		jv_free(capture);
	}
	text_done(&errors);
	pool_done(&pool);
}

static int lint_one(struct session *session, int number, struct text *faults)
{
	struct pool *pool = &session->pool;
	const char **names;
	size_t count;
	int status = session_load(session, number);

	if (status != EXIT_DONE)
		return status;
	lint_lesson(&session->lesson, faults);
	lint_draws(&session->lesson, faults);
	names = folder_names(
		pool_format(pool, "%s/captures", session->lesson.folder), pool,
		&count);
	for (size_t i = 0; i < count; i++)
		lint_capture(session, names[i], faults);
	if (!count && session->lesson.question_count)
		text_format(faults, "%s:1: no capture was recorded\n",
			    session->lesson.path);
	putf("lesson %d: %zu questions, %zu recorded captures\n", number,
	     session->lesson.question_count, count);
	return EXIT_DONE;
}

int verb_lint(struct session *session)
{
	const char *operand = session->options->operands[0];
	int only = operand ? verb_lesson_number(operand) : -1;
	struct text faults = { 0 };
	size_t count;
	const int *numbers = session_lessons(session, &count);
	int status = EXIT_DONE;

	if (operand && only < 0) {
		complain("'%s' is no lesson", operand);
		return EXIT_CANNOT;
	}
	for (size_t i = 0; i < count; i++)
		if ((only < 0 || numbers[i] == only) &&
		    lint_one(session, numbers[i], &faults) != EXIT_DONE)
			status = EXIT_FAILED;
	put(text_string(&faults));
	if (faults.size)
		status = EXIT_FAILED;
	putf("lint: %s\n", status == EXIT_DONE ? "no fault" : "faults found");
	text_done(&faults);
	return status;
}
