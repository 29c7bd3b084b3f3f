/*
 * The loop of a question: a key, an answer, or neither. A right answer ends the
 * screen; the next question comes only with an Enter of its own.
 */

#include "asking.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "board.h"
#include "hand.h"
#include "prompt.h"

static struct progress_row *row_of(struct asking *asking)
{
	struct session *session = asking->session;

	return progress_row(&session->progress, session->lesson.number,
			    session->lesson.questions[asking->index].id);
}

void asking_save(struct session *session)
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
	asking_save(asking->session);
}

enum move asking_hint(struct asking *asking)
{
	struct progress_row *row = row_of(asking);

	board_hint(asking->session, asking->index, row->hints);
	if (row->hints < HINT_COUNT)
		row->hints++;
	asking_save(asking->session);
	return MOVE_STAY;
}

static enum move show_trace(struct asking *asking)
{
	const struct lesson *lesson = &asking->session->lesson;

	if (lesson->questions[asking->index].show)
		board_output(asking->session,
			     lesson->questions[asking->index].show,
			     asking->prompt);
	return MOVE_STAY;
}

static enum move show_assembly(struct asking *asking)
{
	board_output(asking->session, asking->session->lesson.assembly,
		     asking->prompt);
	return MOVE_STAY;
}

static enum move show_commands(struct asking *asking)
{
	const struct session *session = asking->session;

	for (size_t i = 0; i < session->lesson.step_count; i++)
		put_command(&session->screen, &session->lesson.steps[i]);
	putf(" They ran in %s\n"
	     " with GOFLAGS, GOTRACEBACK, GODEBUG and GOGC of yours left out, "
	     "and no network.\n",
	     session->folder);
	return MOVE_STAY;
}

enum move asking_reveal(struct asking *asking)
{
	board_reveal(asking->session, asking->index);
	record(asking, "", "revealed");
	set_state(asking, STATE_REVEALED);
	return MOVE_NEXT;
}

static enum move skip(struct asking *asking)
{
	record(asking, "", "skipped");
	if (row_of(asking)->state == STATE_OPEN)
		set_state(asking, STATE_SKIPPED);
	putf(" Skipped; `make lesson%d Q=%zu` asks it again.\n",
	     asking->session->lesson.number, asking->index + 1);
	return MOVE_NEXT;
}

// Of several commands, the number of one.
static size_t choose_hand(struct asking *asking)
{
	const struct session *session = asking->session;
	struct text line = { 0 };
	size_t count = 0, ret = 0;

	while (hand_step(&session->lesson, count))
		count++;
	if (count < 2)
		return 0;
	for (size_t i = 0; i < count; i++)
		putf("  %zu) %s", i + 1,
		     hand_step(&session->lesson, i)->command);
	if (prompt_read(asking->prompt, " Which? ", &line) == PROMPT_LINE)
		ret = (size_t)strtoull(text_string(&line), NULL, 10) - 1;
	text_done(&line);
	return ret;
}

static enum move by_hand(struct asking *asking)
{
	struct session *session = asking->session;
	const struct step *step =
		hand_step(&session->lesson, choose_hand(asking));

	if (!step) {
		put(" There is none of that number.\n");
	} else {
		hand_run(session, step);
		prompt_flush();
		put(" Back in the lesson. Enter shows the question again.\n");
	}
	return MOVE_STAY;
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
	{ "h", "hint",     "h hint",        asking_hint },
	{ "t", "trace",    "t whole trace", show_trace },
	{ "a", "assembly", "a assembly",    show_assembly },
	{ "d", "debugger", "d debugger",    by_hand },
	{ "s", "show",     "s show",        asking_reveal },
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
	const struct lesson *lesson = &asking->session->lesson;

	putf(" h the next hint        t all of the output shown%s\n",
	     lesson->assembly ? "   a the assembly" : "");
	if (hand_step(lesson, 0))
		put(" d the debugger, in your hands until you quit it\n");
	put(" s the answer itself    k skip this question        q leave, saved\n"
	    " c the commands that ran; they ran in the folder that is shown as ./\n"
	    " Anything else is an answer. Enter alone shows the question "
	    "again.\n");
	return MOVE_STAY;
}

// A key that this lesson does not offer is none: `a` may be an answer.
static bool offered(const struct session *session, const struct key *key)
{
	return (key->act != show_assembly || session->lesson.assembly) &&
	       (key->act != by_hand || hand_step(&session->lesson, 0));
}

static const struct key *find_key(const struct session *session,
				  const char *line)
{
	for (size_t i = 0; i < KEYS; i++)
		if (offered(session, &keys[i]) &&
		    (equal_ignoring_case(line, keys[i].letter) ||
		     equal_ignoring_case(line, keys[i].word)))
			return &keys[i];
	return NULL;
}

static void show_question(struct asking *asking)
{
	struct session *session = asking->session;
	struct text line = { 0 };

	for (size_t i = 0; i < KEYS; i++) {
		if (!keys[i].label || !offered(session, &keys[i]))
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
	bool shown;

	if (right < 0) {
		record(asking, line, "unparsable");
		put_prose(&session->screen, 1, why);
	} else if (right) {
		record(asking, line, "right");
		shown = row_of(asking)->state == STATE_REVEALED;
		if (!shown)
			set_state(asking, STATE_SOLVED);
		board_right(session, asking->index);
		if (shown)
			put(" Right; it stays marked as shown.\n");
		move = MOVE_NEXT;
	} else {
		misread = sheet_misread(item, &got, &pool);
		record(asking, line, misread ? misread->sentence : "wrong");
		row_of(asking)->misses++;
		asking_save(session);
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
	key = find_key(asking->session, text);
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
enum move asking_pause(struct asking *asking, const char *what)
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

size_t asking_first_open(const struct session *session, size_t from)
{
	while (from < session->sheet.count &&
	       board_state(session, from) != STATE_OPEN)
		from++;
	return from;
}

// The open question after this one, or the first: none was passed over.
static size_t next_open(const struct session *session, size_t now)
{
	size_t next = asking_first_open(session, now + 1);

	return next < session->sheet.count ? next
					   : asking_first_open(session, 0);
}

enum move asking_all(struct asking *asking)
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
		    (move = asking_pause(asking, what)) == MOVE_LEAVE)
			break;
		asking->index = next;
	}
	return move;
}
