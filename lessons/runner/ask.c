/*
 * The loop of a question: a key, an answer, or neither. A right answer ends the
 * screen; the next question comes only with an Enter of its own.
 */

#include "ask.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "board.h"
#include "prompt.h"
#include "signals.h"
#include "walk.h"

/* What a line of the learner's leads to. */
enum move {
	MOVE_STAY,  /* the prompt again */
	MOVE_NEXT,  /* the question is closed */
	MOVE_LEAVE, /* the lesson is left */
};

struct asking {
	struct session *session;
	struct prompt *prompt;
	size_t index; /* of the question at hand */
	struct timespec shown;
	size_t printed; /* lines since the last pause, about */
};

static struct progress_row *row_of(struct asking *asking)
{
	struct session *session = asking->session;

	return progress_row(&session->progress, session->lesson.number,
			    session->lesson.questions[asking->index].id);
}

static void save(struct session *session)
{
	session->progress.last = session->lesson.number;
	if (progress_save(&session->progress) != 0)
		complain("cannot save the progress: %s", strerror(errno));
}

static void record(struct asking *asking, const char *text, const char *class)
{
	struct timespec now;
	long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (long)(now.tv_sec - asking->shown.tv_sec) * 1000 +
	     (now.tv_nsec - asking->shown.tv_nsec) / 1000000;
	progress_log(
		&asking->session->progress,
		&(struct attempt){ .lesson = asking->session->lesson.number,
				   .question = row_of(asking)->question,
				   .text = text,
				   .class = class,
				   .hints = row_of(asking)->hints,
				   .milliseconds = ms });
}

static void set_state(struct asking *asking, enum state state)
{
	row_of(asking)->state = state;
	save(asking->session);
}

static enum move show_hint(struct asking *asking)
{
	struct progress_row *row = row_of(asking);

	board_hint(asking->session, asking->index, row->hints);
	if (row->hints < HINT_COUNT)
		row->hints++;
	save(asking->session);
	return MOVE_STAY;
}

static enum move show_trace(struct asking *asking)
{
	const struct lesson *lesson = &asking->session->lesson;

	if (lesson->questions[asking->index].show)
		board_output(asking->session,
			     lesson->questions[asking->index].show);
	return MOVE_STAY;
}

static enum move show_assembly(struct asking *asking)
{
	const char *step = asking->session->lesson.assembly;

	if (step)
		board_output(asking->session, step);
	else
		put(" There is no assembly in this lesson.\n");
	return MOVE_STAY;
}

static enum move show_commands(struct asking *asking)
{
	const struct session *session = asking->session;

	for (size_t i = 0; i < session->lesson.step_count; i++)
		put_command(&session->screen, &session->lesson.steps[i]);
	putf(" They ran in %s\n", session->folder);
	return MOVE_STAY;
}

static enum move reveal(struct asking *asking)
{
	board_reveal(asking->session, asking->index);
	record(asking, "", "revealed");
	set_state(asking, STATE_REVEALED);
	return MOVE_NEXT;
}

static enum move skip(struct asking *asking)
{
	record(asking, "", "skipped");
	set_state(asking, STATE_SKIPPED);
	putf(" Skipped; `make lesson%d Q=%zu` asks it again.\n",
	     asking->session->lesson.number, asking->index + 1);
	return MOVE_NEXT;
}

static enum move leave(struct asking *asking)
{
	(void)asking;
	return MOVE_LEAVE;
}

static enum move explain_next(struct asking *asking)
{
	(void)asking;
	put(" The next question comes after this one: answer it, or `k` skips "
	    "it.\n");
	return MOVE_STAY;
}

static enum move explain_keys(struct asking *asking);

// clang-format off
static const struct key {
	const char *letter, *word, *label; /* label NULL: not in the key line */
	enum move (*act)(struct asking *asking);
} keys[] = {
	{ "h", "hint",     "h hint",        show_hint },
	{ "t", "trace",    "t whole trace", show_trace },
	{ "a", "assembly", "a assembly",    show_assembly },
	{ "s", "show",     "s show",        reveal },
	{ "k", "skip",     "k skip",        skip },
	{ "q", "quit",     "q quit",        leave },
	{ "c", "commands", NULL,            show_commands },
	{ "n", "next",     NULL,            explain_next },
	{ "?", "help",     NULL,            explain_keys },
};
// clang-format on

enum {
	KEYS = sizeof(keys) / sizeof(*keys)
};

static enum move explain_keys(struct asking *asking)
{
	(void)asking;
	put(" h the next hint        t all of the output shown   a the assembly\n"
	    " s the answer itself    k skip this question        q leave, saved\n"
	    " c the commands that ran\n"
	    " Anything else is an answer. Enter alone shows the question "
	    "again.\n");
	return MOVE_STAY;
}

static const struct key *find_key(const char *line)
{
	for (size_t i = 0; i < KEYS; i++)
		if (equal_ignoring_case(line, keys[i].letter) ||
		    equal_ignoring_case(line, keys[i].word))
			return &keys[i];
	return NULL;
}

static void show_question(struct asking *asking)
{
	struct session *session = asking->session;
	struct text line = { 0 };

	for (size_t i = 0; i < KEYS; i++) {
		if (!keys[i].label ||
		    (keys[i].act == show_assembly && !session->lesson.assembly))
			continue;
		text_format(&line, "%s%s", line.size ? "  " : "",
			    keys[i].label);
	}
	screen_measure(&session->screen);
	put("\n");
	board_question(session, asking->index, text_string(&line));
	clock_gettime(CLOCK_MONOTONIC, &asking->shown);
	text_done(&line);
}

static enum move judge(struct asking *asking, const char *line)
{
	struct session *session = asking->session;
	const struct item *item = &session->sheet.items[asking->index];
	struct pool pool = { 0 };
	struct answer got;
	const struct misread *misread;
	const char *why;
	int right = sheet_judge(item, line, &pool, &got, &why);
	enum move move = MOVE_STAY;

	if (right < 0) {
		record(asking, line, "unparsable");
		put_prose(&session->screen, 1, why);
	} else if (right) {
		record(asking, line, "right");
		set_state(asking, STATE_SOLVED);
		board_right(session, asking->index);
		move = MOVE_NEXT;
	} else {
		misread = sheet_misread(item, &got, &pool);
		record(asking, line, misread ? misread->sentence : "wrong");
		row_of(asking)->misses++;
		save(session);
		board_wrong(session, asking->index, misread,
			    row_of(asking)->misses);
	}
	pool_done(&pool);
	return move;
}

// The line without blanks around it, in place.
static char *trim(struct text *line)
{
	char *at = line->data;

	if (!at)
		return NULL;
	at += strspn(at, " \t\r");
	for (size_t size = strlen(at); size && strchr(" \t\r", at[size - 1]);)
		at[--size] = '\0';
	return at;
}

static enum move answer_line(struct asking *asking, struct text *line)
{
	const char *text = trim(line);
	const struct key *key;

	if (!text || !*text) {
		show_question(asking);
		return MOVE_STAY;
	}
	key = find_key(text);
	return key ? key->act(asking) : judge(asking, text);
}

static enum move ask_question(struct asking *asking)
{
	struct text line = { 0 };
	enum move move = MOVE_STAY;
	char sign[32];

	snprintf(sign, sizeof(sign), " %zu> ", asking->index + 1);
	show_question(asking);
	while (move == MOVE_STAY) {
		if (prompt_read(asking->prompt, sign, &line) != PROMPT_LINE)
			move = MOVE_LEAVE;
		else
			move = answer_line(asking, &line);
	}
	text_done(&line);
	return move;
}

// Waits for Enter; anything but leaving goes on.
static enum move pause_at(struct asking *asking, const char *what)
{
	struct text line = { 0 };
	enum move move = MOVE_NEXT;
	const char *text;
	char sign[32];

	snprintf(sign, sizeof(sign), " %s ", what);
	if (prompt_read(asking->prompt, sign, &line) != PROMPT_LINE)
		move = MOVE_LEAVE;
	text = trim(&line);
	if (text && (equal_ignoring_case(text, "q") ||
		     equal_ignoring_case(text, "quit")))
		move = MOVE_LEAVE;
	text_done(&line);
	return move;
}

static size_t first_open(const struct session *session, size_t from)
{
	while (from < session->sheet.count &&
	       board_state(session, from) != STATE_OPEN)
		from++;
	return from;
}

// The open question after this one, or the first: none was passed over.
static size_t next_open(const struct session *session, size_t now)
{
	size_t next = first_open(session, now + 1);

	return next < session->sheet.count ? next : first_open(session, 0);
}

static enum move ask_all(struct asking *asking)
{
	struct session *session = asking->session;
	enum move move = MOVE_NEXT;

	while (asking->index < session->sheet.count) {
		size_t next;
		char what[32];

		move = ask_question(asking);
		if (move == MOVE_LEAVE)
			break;
		next = next_open(session, asking->index);
		if (session->options->question)
			break;
		snprintf(what, sizeof(what), "Enter for question %zu.",
			 next + 1);
		if (next < session->sheet.count &&
		    (move = pause_at(asking, what)) == MOVE_LEAVE)
			break;
		asking->index = next;
	}
	return move;
}

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

	if (step->before && asking->printed > 4 &&
	    !(step->flags & STEP_CHECK)) {
		asking->printed = 0;
		if (pause_at(asking, "Enter to go on.") == MOVE_LEAVE)
			raise(SIGINT);
		put("\n");
	}
	inner.before(inner.data, step);
}

static void slow_step(void *data)
{
	const struct asking *asking = data;

	(void)asking;
	put("   running, a minute at most ...\n");
	fflush(stdout);
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

static int capture_anew(struct asking *asking)
{
	struct session *session = asking->session;
	struct capture_watcher watcher = { .before = before_step,
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
	if (outcome == OUTCOME_STOPPED) {
		signals_forget();
		return EXIT_UNSOLVED;
	}
	if (outcome != OUTCOME_EXPECTED)
		return EXIT_CANNOT;
	// Other numbers are other questions; the same ones stay solved.
	if (session->options->new_capture || (known && old != session->seed))
		progress_forget(&session->progress, session->lesson.number);
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
		putf(" Another `lesson` is open (process %d): this one only "
		     "reads, and saves nothing.\n",
		     session->progress.other);
	if (session->here.state_elsewhere)
		putf(" The folder of the lessons cannot be written to; all is "
		     "kept in\n %s\n",
		     session->here.state);
	if (session_resume(session))
		return EXIT_DONE;
	status = capture_anew(asking);
	return status;
}

// --question=4 by number or by its id; past the end when there is none.
static size_t wanted_question(const struct session *session)
{
	const char *wish = session->options->question;
	char *end;
	unsigned long long number = strtoull(wish, &end, 10);

	for (size_t i = 0; i < session->sheet.count; i++)
		if (strcmp(session->lesson.questions[i].id, wish) == 0 ||
		    (!*end && number == i + 1))
			return i;
	return session->sheet.count;
}

static int begin(struct asking *asking)
{
	struct session *session = asking->session;

	mark_standing(session);
	save(session);
	asking->index = first_open(session, 0);
	if (session->options->question) {
		asking->index = wanted_question(session);
		if (asking->index == session->sheet.count) {
			complain("lesson %d has no question '%s'",
				 session->lesson.number,
				 session->options->question);
			return EXIT_CANNOT;
		}
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
		    pause_at(asking, "Enter for the questions.") == MOVE_LEAVE)
			return EXIT_UNSOLVED;
	}
	return EXIT_DONE;
}

static int finish(struct asking *asking)
{
	struct session *session = asking->session;

	if (first_open(session, 0) == session->sheet.count) {
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
	if (walk_is_report(&session->lesson))
		return walk_report(session);
	if (session->sheet.refused) {
		putf(" This capture teaches nothing here: %s\n",
		     session->sheet.refused);
		return EXIT_CANNOT;
	}
	status = begin(asking);
	if (status == EXIT_DONE)
		ask_all(asking);
	else if (status == EXIT_CANNOT)
		return status;
	return finish(asking);
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
	status = ask_with(&asking);
	prompt_close(asking.prompt);
	return status;
}

static int with_open_question(struct session *session,
			      enum move (*act)(struct asking *asking))
{
	struct asking asking = { .session = session };
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
	asking.index = first_open(session, 0);
	if (asking.index == session->sheet.count) {
		putf(" Lesson %d has no open question.\n",
		     session->lesson.number);
		return EXIT_DONE;
	}
	clock_gettime(CLOCK_MONOTONIC, &asking.shown);
	putf(" Lesson %d, question %zu: ", session->lesson.number,
	     asking.index + 1);
	put_prose(&session->screen, 0, session->sheet.items[asking.index].ask);
	act(&asking);
	return EXIT_DONE;
}

int ask_hint(struct session *session)
{
	return with_open_question(session, show_hint);
}

int ask_show(struct session *session)
{
	return with_open_question(session, reveal);
}
