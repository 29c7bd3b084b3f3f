/* The blocks of the screen, in the order in which the eye expects them. */

#include "board.h"

#include <string.h>

#include "excerpt.h"
#include "pages.h"

enum {
	EVIDENCE_LINES = 6,
	MARKS_MOST = 64,
	PLACES_MOST = 2, /* lines marked before the answer */
};

enum state board_state(const struct session *session, size_t index)
{
	const struct progress *progress = &session->progress;
	const char *id = session->lesson.questions[index].id;

	for (size_t i = 0; i < progress->row_count; i++)
		if (progress->rows[i].lesson == session->lesson.number &&
		    strcmp(progress->rows[i].question, id) == 0)
			return progress->rows[i].state;
	return STATE_OPEN;
}

void board_signs(const struct session *session, size_t now, struct text *ret)
{
	for (size_t i = 0; i < session->lesson.question_count; i++) {
		enum state state = board_state(session, i);

		text_puts(ret, i == now && state == STATE_OPEN
				       ? "[.]"
				       : state_sign(state));
	}
}

const char *board_path(const struct session *session, const char *step,
		       const char *tail, struct pool *pool)
{
	const char *root = session->here.root, *folder = session->folder;
	size_t size = strlen(root);

	if (strncmp(folder, root, size) == 0 && folder[size] == '/')
		folder += size + 1;
	return pool_format(pool, "%s/%s%s", folder, step, tail);
}

// What the step printed: standard error, or, where that is empty, output.
static const char *output_of(const struct session *session, const char *step,
			     const char **tail, struct pool *pool)
{
	jv record = capture_step(session->capture, step);
	const char *text = "";

	*tail = ".err";
	if (jv_is_valid(record)) {
		text = capture_text(record, "stderr", NULL, pool);
		if (!*text) {
			text = capture_text(record, "stdout", NULL, pool);
			*tail = ".out";
		}
	}
	jv_free(record);
	return text;
}

static void put_status(const struct session *session, const char *step)
{
	jv record = capture_step(session->capture, step);
	jv status = jv_null();

	if (jv_is_valid(record))
		status = jv_object_get(jv_copy(record), jv_string("status"));
	if (jv_get_kind(status) == JV_KIND_NUMBER &&
	    jv_number_value(status) != 0)
		putf("   (exit status %d)\n", (int)jv_number_value(status));
	jv_free(status);
	jv_free(record);
}

// The lines of a step that are marked; none where that would be the answer to
// how many they are.
static size_t marked_lines(const struct item *item, const char *step,
			   size_t *ret)
{
	size_t count = 0, places = 0;

	for (size_t i = 0; i < item->mark_count && count < MARKS_MOST; i++) {
		const struct mark *mark = &item->marks[i];

		if (!mark->step || strcmp(mark->step, step) != 0)
			continue;
		places += !count || ret[count - 1] != mark->line;
		ret[count++] = mark->line;
	}
	return places > PLACES_MOST ? 0 : count;
}

static void put_shown(const struct session *session, const struct item *item)
{
	const char *step = item->question->show;
	struct pool pool = { 0 };
	size_t marked[MARKS_MOST], count;
	const char *tail, *text;

	if (!step)
		return;
	text = output_of(session, step, &tail, &pool);
	// A step that was left out shows nothing; its evidence lies elsewhere.
	if (!*text && item->mark_count && item->marks[0].step) {
		step = item->marks[0].step;
		text = output_of(session, step, &tail, &pool);
	}
	count = marked_lines(item, step, marked);
	put_excerpt(&session->screen,
		    &(struct excerpt){
			    .text = text,
			    .only = item->question->only,
			    .file = board_path(session, step, tail, &pool),
			    .marked = marked,
			    .marked_count = count,
			    .most = session->screen.height / 2 - 1,
			    .unmarked = item->question->mark != NULL,
			    .shift = screen_shift(&session->screen, item),
			    .wrapped = screen_wraps(&session->screen, item) });
	put_status(session, step);
	pool_done(&pool);
}

void board_question(const struct session *session, size_t index,
		    const char *keys)
{
	const struct item *item = &session->sheet.items[index];
	const struct question *question = item->question;
	struct text left = { 0 }, right = { 0 };

	text_format(&left, "LESSON %d  %s", session->lesson.number,
		    session->lesson.title);
	text_format(&right, "question %zu of %zu | go%s %s", index + 1,
		    session->sheet.count, session->here.go_version,
		    session->here.arch);
	put_head(&session->screen, text_string(&left), text_string(&right));
	put_rule(&session->screen);
	put_shown(session, item);
	put_rule(&session->screen);
	put_prose(&session->screen, 1, item->ask);
	for (size_t i = 0; i < question->choice_count; i++)
		putf("   %zu) %s\n", i + 1, question->choices[i]);
	text_done(&left);
	text_format(&left, "(%s)", item->form);
	put_prose(&session->screen, 1, text_string(&left));
	text_done(&left);
	board_signs(session, index, &left);
	text_format(&left, "  %s", keys);
	put("\n");
	put_prose(&session->screen, 1, text_string(&left));
	text_done(&left);
	text_done(&right);
}

static void put_reason(const struct session *session, const struct item *item)
{
	put_evidence(&session->screen, item, EVIDENCE_LINES);
	put_prose(&session->screen, 1, item->reason);
	if (item->question->after)
		put_prose(&session->screen, 1, item->question->after);
}

// A choice's answer may be its number: its words say more.
static const char *answer_words(const struct item *item, struct pool *pool)
{
	struct answer answer;
	const char *why;

	if (item->question->kind == KIND_CHOICE &&
	    answer_read(item->question, item->answer, pool, &answer, &why) == 0)
		return item->question->choices[answer.number - 1];
	return item->answer;
}

void board_right(const struct session *session, size_t index)
{
	const struct item *item = &session->sheet.items[index];
	struct pool pool = { 0 };

	put_styled(&session->screen, STYLE_GOOD,
		   pool_format(&pool, " Yes: %s.", answer_words(item, &pool)));
	put("\n");
	put_reason(session, item);
	pool_done(&pool);
}

void board_wrong(const struct session *session, size_t index,
		 const struct misread *misread, unsigned misses)
{
	const struct item *item = &session->sheet.items[index];
	struct text line = { 0 };

	if (misread)
		text_format(&line, "Not yet: %s", misread->sentence);
	else if (*item->place)
		text_format(&line, "Not yet. Look at %s.", item->place);
	else
		text_puts(&line, "Not yet.");
	if (misses >= 3)
		text_puts(&line, " `h` gives a hint, there are two; `s` shows "
				 "the answer.");
	else if (misses == 2)
		text_puts(&line, " `h` gives a hint.");
	put_prose(&session->screen, 1, text_string(&line));
	text_done(&line);
}

void board_hint(const struct session *session, size_t index, unsigned level)
{
	const struct item *item = &session->sheet.items[index];
	struct text line = { 0 };

	if (level >= HINT_COUNT || !*item->hints[level])
		text_puts(&line, "The next hint is the answer itself, with its "
				 "evidence: `s` shows it.");
	else
		text_format(&line, "Hint %u of %d: %s", level + 1, HINT_COUNT,
			    item->hints[level]);
	put_prose(&session->screen, 1, text_string(&line));
	text_done(&line);
}

void board_reveal(const struct session *session, size_t index)
{
	const struct item *item = &session->sheet.items[index];
	struct pool pool = { 0 };

	putf(" The answer is %s.\n", answer_words(item, &pool));
	put_reason(session, item);
	pool_done(&pool);
}

void board_output(const struct session *session, const char *step,
		  struct prompt *prompt)
{
	struct pool pool = { 0 };
	const char *tail;
	const char *text = output_of(session, step, &tail, &pool);

	if (pages_show(&session->screen, prompt, text))
		put_status(session, step);
	pool_done(&pool);
}

// `5 solved, 1 revealed (question 6)`
static void add_counts(const struct session *session, struct text *ret)
{
	static const enum state order[] = { STATE_SOLVED, STATE_REVEALED,
					    STATE_SKIPPED, STATE_NOT_ASKABLE };
	const char *comma = "";

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		struct text which = { 0 };
		size_t count = 0;

		for (size_t q = 0; q < session->sheet.count; q++) {
			if (board_state(session, q) != order[i])
				continue;
			text_format(&which, "%s%zu", count++ ? ", " : "",
				    q + 1);
		}
		if (count) {
			text_format(ret, "%s%zu %s", comma, count,
				    order[i] == STATE_NOT_ASKABLE
					    ? "not askable here"
					    : state_name(order[i]));
			if (order[i] != STATE_SOLVED)
				text_format(ret, " (question%s %s)",
					    count > 1 ? "s" : "",
					    text_string(&which));
			comma = ", ";
		}
		text_done(&which);
	}
}

static int next_lesson(struct session *session)
{
	size_t count;
	const int *numbers = session_lessons(session, &count);

	for (size_t i = 0; i < count; i++)
		if (numbers[i] > session->lesson.number)
			return numbers[i];
	return -1;
}

void board_end(struct session *session)
{
	const struct lesson *lesson = &session->lesson;
	struct text left = { 0 }, right = { 0 };
	int next = next_lesson(session);

	text_format(&left, "Lesson %d done: ", lesson->number);
	add_counts(session, &left);
	text_puts(&left, ".");
	text_format(&right, "seed %s",
		    seed_name(session->seed, &session->pool));
	put("\n");
	put_head(&session->screen, text_string(&left), text_string(&right));
	if (lesson->learned) {
		put_styled(&session->screen, STYLE_BOLD, " What you now know");
		put("\n");
		put_prose(&session->screen, 1, lesson->learned);
	}
	text_done(&left);
	if (next >= 0)
		text_format(&left, "Next:  make lesson%d\n", next);
	text_format(&left, "Again with other numbers:  make lesson%d NEW=1\n",
		    lesson->number);
	put_prose(&session->screen, 1, text_string(&left));
	text_done(&left);
	text_done(&right);
}
