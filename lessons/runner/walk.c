/* The walk-through, and the doctor's report, which asks nothing either. */

#include "walk.h"

#include <stdio.h>
#include <string.h>

#include "board.h"
#include "excerpt.h"

enum {
	EVIDENCE_LINES = 12
};

static void before_step(void *data, const struct step *step)
{
	const struct session *session = data;

	if (step->before && !(step->flags & STEP_CHECK)) {
		put_prose(&session->screen, 1, step->before);
		put("\n");
	}
	if (!(step->flags & STEP_CHECK))
		put_command(&session->screen, step);
	fflush(stdout);
}

static void slow_step(void *data, unsigned seconds)
{
	unsigned minutes = (seconds + 59) / 60;

	(void)data;
	if (minutes > 1)
		putf("   running, %u minutes at most ...\n", minutes);
	else
		put("   running, a minute at most ...\n");
	fflush(stdout);
}

// All of it; on a terminal what half of its height holds, and where the rest is.
static void put_output(const struct session *session, const struct step *step,
		       const char *text, const char *tail)
{
	struct excerpt excerpt = { .text = text };
	struct pool pool = { 0 };
	size_t lines = 0;

	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	if (session->screen.terminal)
		excerpt.most = session->screen.height / 2;
	if (excerpt.most && lines > excerpt.most)
		excerpt.file = board_path(session, step->name, tail, &pool);
	put_excerpt(&session->screen, &excerpt);
	pool_done(&pool);
}

static void started_step(void *data, const struct step *step, const char *out)
{
	const struct session *session = data;

	if (step->flags & STEP_CHECK)
		return;
	if (!(step->flags & STEP_QUIET))
		put_output(session, step, out, ".out");
	if (step->flags & STEP_LOAD)
		put("   running ...\n");
	put("\n");
	fflush(stdout);
}

// One that ran beside the others is named: its command stands further above.
static void put_outputs(const struct session *session, const struct step *step,
			jv record)
{
	struct pool pool = { 0 };

	if (step->flags & (STEP_SERVE | STEP_LOAD))
		putf(" `%s`:\n", step->name);
	// What a server said to begin with was shown when it began.
	if (!(step->flags & STEP_SERVE))
		put_output(session, step,
			   capture_text(record, "stdout", NULL, &pool), ".out");
	put_output(session, step, capture_text(record, "stderr", NULL, &pool),
		   ".err");
	pool_done(&pool);
}

static void put_end(const struct step *step, jv record, bool interrupted)
{
	jv status = jv_object_get(jv_copy(record), jv_string("status"));
	jv stopped = jv_object_get(jv_copy(record), jv_string("stopped"));

	if (jv_get_kind(stopped) == JV_KIND_TRUE)
		put("   (stopped)\n");
	else if (jv_number_value(status) != 0 && step->status != STATUS_ANY &&
		 !interrupted)
		putf("   (exit status %d)\n", (int)jv_number_value(status));
	jv_free(status);
	jv_free(stopped);
}

static void after_step(void *data, const struct step *step, jv record)
{
	const struct session *session = data;
	struct pool pool = { 0 };
	const char *outcome = capture_text(record, "outcome", NULL, &pool);
	const char *skipped = capture_text(record, "skipped", NULL, &pool);
	const char *fetched = capture_text(record, "fetched", NULL, &pool);
	bool failed = strcmp(outcome, outcome_name(OUTCOME_EXPECTED)) != 0;
	bool hidden = (step->flags & (STEP_CHECK | STEP_QUIET)) && !failed;

	if (strcmp(skipped, capture_by_hand) == 0) {
		put("   (yours: on a terminal, key `d` starts it)\n");
	} else if (*skipped) {
		if (!(step->flags & STEP_CHECK))
			putf("   (`%s` is left out: %s)\n", step->name,
			     skipped);
	} else if (!hidden) {
		put_outputs(session, step, record);
		put_end(step, record,
			strcmp(outcome, outcome_name(OUTCOME_STOPPED)) == 0);
	}
	if (*fetched && !(step->flags & STEP_CHECK))
		putf("   (its core: %s)\n", fetched);
	if (!(step->flags & STEP_CHECK))
		put("\n");
	fflush(stdout);
	jv_free(record);
	pool_done(&pool);
}

struct capture_watcher walk_watcher(struct session *session)
{
	return (struct capture_watcher){ .before = before_step,
					 .started = started_step,
					 .slow = slow_step,
					 .after = after_step,
					 .data = session };
}

static void put_choices(const struct question *question)
{
	for (size_t i = 0; i < question->choice_count; i++)
		putf("    %zu) %s\n", i + 1, question->choices[i]);
}

// The value of an answer as a person writes it: a choice by its words.
static void put_item(const struct session *session, size_t index)
{
	const struct item *item = &session->sheet.items[index];
	const struct screen *screen = &session->screen;
	struct text line = { 0 };

	text_format(&line, "%zu. %s", index + 1, item->ask);
	put_prose(screen, 1, text_string(&line));
	text_done(&line);
	if (item->standing == STANDING_UNLESS) {
		text_format(&line, "[~] not asked: %s", item->why);
		put_prose(screen, 4, text_string(&line));
	} else if (item->standing != STANDING_ASKED) {
		text_format(&line, "NOT ASKED: %s", item->why);
		put_prose(screen, 4, text_string(&line));
	} else {
		put_choices(item->question);
		putf("    answer   %s\n    witness  %s\n", item->answer,
		     item->witness);
		put_evidence(screen, item, EVIDENCE_LINES);
		put_prose(screen, 4, item->reason);
		if (item->question->after)
			put_prose(screen, 4, item->question->after);
	}
	put("\n");
	text_done(&line);
}

bool walk_is_report(const struct lesson *lesson)
{
	return lesson->need_count > 0 && lesson->question_count == 0;
}

static const struct need_state *find_need(const struct sheet *sheet,
					  const char *name, size_t size)
{
	for (size_t i = 0; i < sheet->need_count; i++)
		if (strncmp(sheet->needs[i].need->name, name, size) == 0 &&
		    sheet->needs[i].need->name[size] == '\0')
			return &sheet->needs[i];
	return NULL;
}

// The first of a lesson's needs that the report calls missing.
static const struct need_state *lacking(const struct sheet *sheet,
					const char *needs)
{
	while (needs && *needs) {
		size_t size = strcspn(needs, ", ");
		const struct need_state *state = find_need(sheet, needs, size);

		if (state && !state->ok)
			return state;
		needs += size;
		needs += strspn(needs, ", ");
	}
	return NULL;
}

static void put_lessons(struct session *session)
{
	struct sheet sheet = session->sheet;
	size_t count;
	const int *numbers = session_lessons(session, &count);
	int first = -1;

	put("\n");
	for (size_t i = 0; i < count; i++) {
		const struct need_state *lack, *poor;

		if (numbers[i] == session->lesson.number ||
		    session_load(session, numbers[i]) != 0)
			continue;
		lack = lacking(&sheet, session->lesson.needs);
		if (!lack && first < 0)
			first = numbers[i];
		poor = lack ? lack : lacking(&sheet, session->lesson.wants);
		putf(" lesson %-2d  %-28s %s%s\n", numbers[i],
		     session->lesson.title,
		     lack   ? "off: "
		     : poor ? "can run, in part without "
			    : "can run",
		     poor ? poor->need->name : "");
	}
	if (first >= 0)
		putf("\n Next:  make lesson%d\n", first);
}

int walk_report(struct session *session)
{
	const struct sheet *sheet = &session->sheet;
	struct text line = { 0 };

	for (size_t i = 0; i < sheet->need_count; i++) {
		const struct need_state *state = &sheet->needs[i];

		text_done(&line);
		text_format(&line, " %-10s %s  ", state->need->name,
			    state->ok ? "ok  " : "lack");
		put_hanging(&session->screen, text_string(&line), state->found);
		if (state->ok)
			continue;
		text_done(&line);
		text_format(&line, "limits %s", state->limits);
		put_prose(&session->screen, 18, text_string(&line));
		text_done(&line);
		text_format(&line, "repair: %s", state->repair);
		put_prose(&session->screen, 18, text_string(&line));
	}
	text_done(&line);
	put_lessons(session);
	return EXIT_DONE;
}

static int walk_questions(struct session *session)
{
	const struct sheet *sheet = &session->sheet;
	size_t asked = 0, wanted = 0, broken = 0;

	for (size_t i = 0; i < sheet->count; i++) {
		enum standing standing = sheet->items[i].standing;

		if (!session_wants(session, i))
			continue;
		put_item(session, i);
		wanted++;
		asked += standing == STANDING_ASKED;
		broken += standing != STANDING_ASKED &&
			  standing != STANDING_UNLESS;
	}
	// Where nothing is asked, nothing agrees; that may be nobody's fault.
	putf(" Lesson %d: %zu of %zu questions asked, every answer agrees with "
	     "its witness: %s.  seed %s\n",
	     session->lesson.number, asked, wanted,
	     broken   ? "no"
	     : !asked ? "none could be asked here"
		      : "yes",
	     seed_name(session->seed, &session->pool));
	return broken ? EXIT_FAILED : EXIT_DONE;
}

// Did the learner begin to answer? Then the capture of those answers stays.
static bool begun(const struct session *session)
{
	const struct progress *progress = &session->progress;

	for (size_t i = 0; i < progress->row_count; i++)
		if (progress->rows[i].lesson == session->lesson.number &&
		    (progress->rows[i].state == STATE_SOLVED ||
		     progress->rows[i].state == STATE_REVEALED ||
		     progress->rows[i].state == STATE_SKIPPED ||
		     progress->rows[i].hints || progress->rows[i].misses))
			return true;
	return false;
}

int walk_lesson(struct session *session)
{
	struct capture_watcher watcher = walk_watcher(session);
	const struct lesson *lesson = &session->lesson;
	struct text left = { 0 };
	const char *lack = session_lack(session);
	bool temporary;

	if (lack) {
		complain("lesson %d: %s", lesson->number, lack);
		return EXIT_CANNOT;
	}
	text_format(&left, "LESSON %d  %s", lesson->number, lesson->title);
	put_head(&session->screen, text_string(&left),
		 pool_format(&session->pool, "go%s %s",
			     session->here.go_version, session->here.arch));
	text_done(&left);
	put_rule(&session->screen);
	put_prose(&session->screen, 1, lesson->objective);
	put("\n");
	if (!walk_is_report(lesson) &&
	    session_open_progress(session) != EXIT_DONE)
		return EXIT_CANNOT;
	// Answers given next are graded over what was shown here.
	temporary = walk_is_report(lesson) || session->progress.read_only ||
		    begun(session);
	if (session_capture(session, temporary, &watcher) != OUTCOME_EXPECTED)
		return EXIT_CANNOT;
	if (walk_is_report(lesson))
		return walk_report(session);
	if (session->sheet.refused) {
		put_prose(&session->screen, 1,
			  pool_format(&session->pool,
				      "This capture teaches nothing here: %s",
				      session->sheet.refused));
		return EXIT_CANNOT;
	}
	if (lesson->outro)
		put_prose(&session->screen, 1, lesson->outro);
	put("\n");
	return walk_questions(session);
}
