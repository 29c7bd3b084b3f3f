/* The verbs that need little of their own. */

#include "verbs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "board.h"
#include "grade.h"
#include "paths.h"
#include "walk.h"

int verb_lesson_number(const char *operand)
{
	char *end;
	unsigned long long number;

	if (starts_with(operand, "lesson"))
		operand += strlen("lesson");
	if (!*operand || strspn(operand, "0123456789") != strlen(operand))
		return -1;
	number = strtoull(operand, &end, 10);
	return number < 1000 ? (int)number : -1;
}

// The lesson named on the command line, loaded. Returns 0 or EXIT_CANNOT.
static int load_operand(struct session *session, const char *verb)
{
	const char *operand = session->options->operands[0];
	int number = operand ? verb_lesson_number(operand) : -1;

	if (number < 0) {
		complain("which lesson? As in `%s`", verb);
		return EXIT_CANNOT;
	}
	return session_load(session, number);
}

int verb_run(struct session *session)
{
	int status = load_operand(session, "lesson run 1");

	if (status != EXIT_DONE)
		return status;
	if (session->options->question &&
	    lesson_question(&session->lesson, session->options->question) ==
		    session->lesson.question_count) {
		complain("lesson %d has no question '%s'",
			 session->lesson.number, session->options->question);
		return EXIT_CANNOT;
	}
	if (session->options->answers)
		return grade_answers(session, session->options->answers);
	return session->screen.terminal && !walk_is_report(&session->lesson)
		       ? ask_lesson(session)
		       : walk_lesson(session);
}

int verb_hint(struct session *session)
{
	return ask_hint(session);
}

int verb_show(struct session *session)
{
	return ask_show(session);
}

static void put_row(struct session *session, int number, struct text *next)
{
	struct text signs = { 0 }, note = { 0 };
	size_t count = session->lesson.question_count, open = 0, done = 0;
	size_t revealed = 0;
	unsigned long long seed;
	const char *lack = session_lack(session);

	for (size_t i = count; i-- > 0;) {
		enum state state = board_state(session, i);

		if (state == STATE_OPEN)
			open = i + 1;
		done += state == STATE_SOLVED;
		revealed += state == STATE_REVEALED;
	}
	if (lack)
		text_format(&note, "off: %s", lack);
	else if (!progress_seed(&session->progress, number, &seed))
		text_puts(&note, "not started");
	else if (open)
		text_format(&note, "at question %zu", open);
	else
		text_format(&note, "%zu of %zu", done, count);
	if (revealed && !open)
		text_format(&note, ", %zu revealed", revealed);
	if (progress_seed(&session->progress, number, &seed))
		board_signs(session, open ? open - 1 : count, &signs);
	if (!next->size && !lack && (open || !signs.size))
		text_format(next, "make lesson%d", number);
	putf("  %2d  %-28s %-20s %s\n", number, session->lesson.title,
	     text_string(&signs), text_string(&note));
	text_done(&signs);
	text_done(&note);
}

int verb_progress(struct session *session)
{
	struct text next = { 0 };
	size_t count;
	const int *numbers = session_lessons(session, &count);
	int status = session_open_progress(session);

	if (status != EXIT_DONE)
		return status;
	for (size_t i = 0; i < count; i++) {
		if (session_load(session, numbers[i]) != EXIT_DONE)
			return EXIT_CANNOT;
		if (session->lesson.question_count)
			put_row(session, numbers[i], &next);
	}
	putf(" next: %s\n", next.size ? next.data : "nothing is open");
	text_done(&next);
	return EXIT_DONE;
}

// Asks on a terminal; without one only --yes is a yes.
static bool confirmed(const struct session *session, const char *what)
{
	char line[16];

	if (session->options->yes)
		return true;
	if (!session->screen.terminal) {
		complain("without a terminal, --yes (YES=1) must say so");
		return false;
	}
	putf(" %s Type y to do it: ", what);
	fflush(stdout);
	return fgets(line, sizeof(line), stdin) &&
	       (line[0] == 'y' || line[0] == 'Y');
}

int verb_reset(struct session *session)
{
	struct pool *pool = &session->pool;
	int status = load_operand(session, "make reset LESSON=1");
	const char *folder;

	if (status == EXIT_DONE)
		status = session_open_progress(session);
	if (status != EXIT_DONE)
		return status;
	if (session->progress.read_only) {
		complain("another `lesson` is open (process %d)",
			 session->progress.other);
		return EXIT_CANNOT;
	}
	if (!confirmed(session,
		       pool_format(pool,
				   "Lesson %d: its answers and its capture "
				   "will be forgotten.",
				   session->lesson.number)))
		return EXIT_CANNOT;
	folder = pool_format(pool, "%s/lesson%d", session->here.state,
			     session->lesson.number);
	progress_forget(&session->progress, session->lesson.number);
	if (remove_all(folder) != 0 ||
	    remove_all(pool_format(pool, "%s.before", folder)) != 0 ||
	    remove_all(pool_format(pool, "%s.failed", folder)) != 0 ||
	    progress_save(&session->progress) != 0) {
		complain("cannot forget lesson %d: %s", session->lesson.number,
			 strerror(errno));
		return EXIT_CANNOT;
	}
	putf(" Forgotten. Its beginning:  make lesson%d\n",
	     session->lesson.number);
	return EXIT_DONE;
}

// For authors: a capture made with -trimpath, kept for the offline tests.
int verb_record(struct session *session)
{
	struct capture_request request = { .lesson = &session->lesson,
					   .here = &session->here,
					   .trimmed = true };
	struct pool *pool = &session->pool;
	struct text errors = { 0 };
	int status = load_operand(session, "lesson record 1");
	const char *lack = status == EXIT_DONE ? session_lack(session) : NULL;
	const char *path;
	enum outcome outcome;

	if (lack)
		complain("%s", lack);
	if (status != EXIT_DONE || lack)
		return EXIT_CANNOT;
	if (session->options->seed &&
	    seed_read(session->options->seed, &request.seed) != 0) {
		complain("'%s' is no seed", session->options->seed);
		return EXIT_CANNOT;
	}
	// Always the same: with -trimpath, Go's cache may replay an earlier
	// build's listing, with the folder's name of that time.
	session->folder = request.folder =
		pool_format(pool, "%s/record", session->here.state);
	session->temporary = true;
	path = pool_format(pool, "%s/captures/go%s.json",
			   session->lesson.folder, session->here.go_version);
	outcome = capture_run(&request, &session->capture, &errors);
	if (outcome == OUTCOME_EXPECTED &&
	    make_folders(pool_format(pool, "%s/captures",
				     session->lesson.folder)) == 0 &&
	    capture_save(jv_copy(session->capture), path, &errors) == 0)
		putf(" %s\n", path);
	else
		complain("%s: %s", outcome_name(outcome), text_string(&errors));
	status = errors.size || outcome != OUTCOME_EXPECTED ? EXIT_CANNOT
							    : EXIT_DONE;
	text_done(&errors);
	return status;
}
