/* A lesson on a terminal: before the first question, and after the last. */

#include "ask.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "asking.h"
#include "board.h"
#include "cores.h"
#include "prompt.h"
#include "signals.h"
#include "walk.h"

// Questions that this capture cannot answer, and those it can again.
static void mark_standing(struct session *session)
{
	for (size_t i = 0; i < session->sheet.count; i++) {
		struct progress_row *row =
			progress_row(&session->progress, session->lesson.number,
				     session->lesson.questions[i].id);
		bool asked = session->sheet.items[i].standing == STANDING_ASKED;

		if (!asked && row->state != STATE_SOLVED)
			row->state = STATE_NOT_ASKABLE;
		else if (asked && row->state == STATE_NOT_ASKABLE)
			row->state = STATE_OPEN;
	}
}

static void tell_not_asked(const struct session *session)
{
	for (size_t i = 0; i < session->sheet.count; i++) {
		const struct item *item = &session->sheet.items[i];
		struct text line = { 0 };

		if (item->standing == STANDING_ASKED)
			continue;
		text_format(&line, "Question %zu is not asked: %s.", i + 1,
			    item->why);
		put_prose(&session->screen, 1, text_string(&line));
		text_done(&line);
	}
}

static void tell_resumed(struct session *session, size_t index)
{
	struct pool *pool = &session->pool;
	jv time = jv_object_get(jv_copy(session->capture), jv_string("time"));
	time_t when = jv_get_kind(time) == JV_KIND_NUMBER
			      ? (time_t)jv_number_value(time)
			      : 0;
	const struct tm *local = localtime(&when);
	char clock[32] = "?";

	if (local)
		strftime(clock, sizeof(clock), "%H:%M", local);
	if (index < session->sheet.count)
		putf(" Going on with the capture of %s (seed %s), question "
		     "%zu.\n",
		     clock, seed_name(session->seed, pool), index + 1);
	jv_free(time);
}

// Between two runs of a new capture, so that the first can be read.
static void before_step(void *data, const struct step *step)
{
	struct asking *asking = data;
	struct capture_watcher inner = walk_watcher(asking->session);

	// Nobody is waited for while a server is under load.
	if (step->before && asking->printed > 4 && !step->server &&
	    !(step->flags & STEP_CHECK)) {
		asking->printed = 0;
		if (asking_pause(asking, "Enter to go on.") == MOVE_LEAVE)
			raise(SIGINT);
		put("\n");
	}
	inner.before(inner.data, step);
}

static void slow_step(void *data, unsigned seconds)
{
	struct asking *asking = data;
	struct capture_watcher inner = walk_watcher(asking->session);

	inner.slow(inner.data, seconds);
}

static void started_step(void *data, const struct step *step, const char *out)
{
	struct asking *asking = data;
	struct capture_watcher inner = walk_watcher(asking->session);

	inner.started(inner.data, step, out);
}

static void after_step(void *data, const struct step *step, jv result)
{
	struct asking *asking = data;
	struct capture_watcher inner = walk_watcher(asking->session);

	if (!(step->flags & (STEP_CHECK | STEP_QUIET)))
		asking->printed += (size_t)jv_array_length(
			jv_object_get(jv_copy(result), jv_string("lines")));
	inner.after(inner.data, step, result);
}

static void put_opening(const struct session *session)
{
	struct text left = { 0 }, right = { 0 };

	text_format(&left, "LESSON %d  %s", session->lesson.number,
		    session->lesson.title);
	text_format(&right, "go%s %s", session->here.go_version,
		    session->here.arch);
	put_head(&session->screen, text_string(&left), text_string(&right));
	put_rule(&session->screen);
	put_prose(&session->screen, 1, session->lesson.objective);
	put("\n");
	text_done(&left);
	text_done(&right);
}

static void tell_forgotten(struct session *session)
{
	size_t solved = 0;

	for (size_t i = 0; i < session->sheet.count; i++)
		solved += board_state(session, i) == STATE_SOLVED;
	if (solved)
		putf(" Other numbers: the %zu solved answer%s of before %s "
		     "forgotten.\n",
		     solved, solved == 1 ? "" : "s",
		     solved == 1 ? "is" : "are");
}

static int capture_anew(struct asking *asking)
{
	struct session *session = asking->session;
	struct capture_watcher watcher = { .before = before_step,
					   .started = started_step,
					   .slow = slow_step,
					   .after = after_step,
					   .data = asking };
	unsigned long long old = 0;
	bool known =
		progress_seed(&session->progress, session->lesson.number, &old);
	enum outcome outcome;

	put_opening(session);
	outcome =
		session_capture(session, session->progress.read_only, &watcher);
	prompt_flush();
	if (outcome == OUTCOME_STOPPED) {
		signals_forget();
		return EXIT_UNSOLVED;
	}
	if (outcome != OUTCOME_EXPECTED)
		return EXIT_CANNOT;
	// Other numbers are other questions; the same ones stay solved.
	if (session->options->new_capture || (known && old != session->seed)) {
		tell_forgotten(session);
		progress_forget(&session->progress, session->lesson.number);
	}
	progress_set_seed(&session->progress, session->lesson.number,
			  session->seed);
	if (session->lesson.outro)
		put_prose(&session->screen, 1, session->lesson.outro);
	return EXIT_DONE;
}

static int get_capture(struct asking *asking)
{
	struct session *session = asking->session;
	int status;

	if (session->progress.read_only)
		put_prose(&session->screen, 1,
			  pool_format(&session->pool,
				      "Another `lesson` is open (process %d): "
				      "this one only reads, and saves nothing.",
				      session->progress.other));
	if (session->here.state_elsewhere)
		putf(" The folder of the lessons cannot be written to; all is "
		     "kept in\n %s\n",
		     session->here.state);
	if (session_resume(session))
		return EXIT_DONE;
	status = capture_anew(asking);
	return status;
}

static int begin(struct asking *asking)
{
	struct session *session = asking->session;

	mark_standing(session);
	progress_set_seed(&session->progress, session->lesson.number,
			  session->seed);
	asking_save(session);
	asking->index = asking_first_open(session, 0);
	if (session->options->question) {
		asking->index = lesson_question(&session->lesson,
						session->options->question);
		if (session->sheet.items[asking->index].standing !=
		    STANDING_ASKED) {
			tell_not_asked(session);
			return EXIT_CANNOT;
		}
	} else if (session->kept) {
		tell_resumed(session, asking->index);
	} else {
		tell_not_asked(session);
		if (asking->index < session->sheet.count &&
		    asking_pause(asking, "Enter for the questions.") ==
			    MOVE_LEAVE)
			return EXIT_UNSOLVED;
	}
	return EXIT_DONE;
}

// A core is kept only for whoever says so.
static void ask_about_core(struct asking *asking)
{
	struct session *session = asking->session;
	unsigned long long size = cores_size(session->folder);
	struct text line = { 0 };

	if (session->temporary || !core_in(session->folder, &session->pool))
		return;
	putf("\n The core of this lesson takes %.1f MB on the disk.\n",
	     (double)size / (1 << 20));
	(void)prompt_read(asking->prompt, " Enter deletes it, k keeps it. ",
			  &line);
	if (line.size && equal_ignoring_case(text_string(&line), "k"))
		putf(" Kept in %s\n", session->folder);
	else if (cores_remove(session->folder) != 0)
		complain("cannot remove it: %s", strerror(errno));
	text_done(&line);
}

static int finish(struct asking *asking)
{
	struct session *session = asking->session;

	if (asking_first_open(session, 0) == session->sheet.count) {
		if (!session->options->question)
			board_end(session);
		return EXIT_DONE;
	}
	if (!session->options->question)
		putf("\n Saved. To go on:  make lesson%d\n",
		     session->lesson.number);
	return EXIT_UNSOLVED;
}

static int ask_with(struct asking *asking)
{
	struct session *session = asking->session;
	int status = get_capture(asking);

	if (status == EXIT_UNSOLVED)
		put("\n Stopped. To begin again:  make lesson");
	if (status == EXIT_UNSOLVED)
		putf("%d\n", session->lesson.number);
	if (status != EXIT_DONE)
		return status;
	if (session->sheet.refused) {
		put_prose(&session->screen, 1,
			  pool_format(&session->pool,
				      "This capture teaches nothing here: %s",
				      session->sheet.refused));
		return EXIT_CANNOT;
	}
	status = begin(asking);
	if (status == EXIT_DONE)
		asking_all(asking);
	else if (status == EXIT_CANNOT)
		return status;
	return finish(asking);
}

static int ask_and_tidy(struct asking *asking)
{
	struct session *session = asking->session;
	int status;

	session->keep_core = true;
	status = ask_with(asking);
	if (session->folder && !session->progress.read_only)
		ask_about_core(asking);
	return status;
}

int ask_lesson(struct session *session)
{
	struct asking asking = { .session = session };
	const char *lack = session_lack(session);
	int status;

	if (lack) {
		complain("lesson %d: %s", session->lesson.number, lack);
		return EXIT_CANNOT;
	}
	status = session_open_progress(session);
	if (status != EXIT_DONE)
		return status;
	asking.prompt = prompt_open();
	status = ask_and_tidy(&asking);
	prompt_close(asking.prompt);
	return status;
}

static int with_open_question(struct session *session,
			      enum move (*act)(struct asking *asking))
{
	struct asking asking = { .session = session };
	struct text line = { 0 };
	int status = session_open_progress(session);

	if (status != EXIT_DONE)
		return status;
	if (session->progress.last < 0) {
		complain("no lesson was begun yet: make lesson1");
		return EXIT_CANNOT;
	}
	status = session_load(session, session->progress.last);
	if (status != EXIT_DONE)
		return status;
	if (!session_resume(session)) {
		complain("lesson %d has no capture to ask about: make lesson%d",
			 session->lesson.number, session->lesson.number);
		return EXIT_CANNOT;
	}
	mark_standing(session);
	asking.index = asking_first_open(session, 0);
	if (asking.index == session->sheet.count) {
		putf(" Lesson %d has no open question.\n",
		     session->lesson.number);
		return EXIT_DONE;
	}
	clock_gettime(CLOCK_MONOTONIC, &asking.shown);
	text_format(&line, "Lesson %d, question %zu: %s",
		    session->lesson.number, asking.index + 1,
		    session->sheet.items[asking.index].ask);
	put_prose(&session->screen, 1, text_string(&line));
	text_done(&line);
	act(&asking);
	return EXIT_DONE;
}

int ask_hint(struct session *session)
{
	return with_open_question(session, asking_hint);
}

int ask_show(struct session *session)
{
	return with_open_question(session, asking_reveal);
}
