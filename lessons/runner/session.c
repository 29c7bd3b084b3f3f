/* A lesson in hand. */

#include "session.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cores.h"
#include "paths.h"

enum {
	LESSON_MOST = 4 << 20,
	CAPTURES_MOST = 3
};

void complain(const char *format, ...)
{
	struct pool pool = { 0 };
	struct text safe = { 0 };
	const char *message;
	va_list list;

	va_start(list, format);
	message = pool_vformat(&pool, format, list);
	va_end(list);
	fflush(stdout);
	while (*message) {
		size_t size = strcspn(message, "\n");

		text_puts(&safe, "lesson: ");
		text_add_safe(&safe, message, size, true);
		text_char(&safe, '\n');
		message += size + (message[size] == '\n');
	}
	fputs(text_string(&safe), stderr);
	text_done(&safe);
	pool_done(&pool);
}

int session_open(const struct options *options, struct session *ret)
{
	const char *why;

	*ret = (struct session){
		.options = options,
		.screen = screen_find(options->color),
		.wishes = { .go = options->go,
			    .root = options->root,
			    .state = options->state },
		.capture = jv_invalid(),
		.progress = { .lock = -1 },
	};
	if (surroundings_find(&ret->wishes, &ret->pool, &ret->here, &why) !=
	    0) {
		complain("%s", why);
		return EXIT_CANNOT;
	}
	surroundings_find_go(&ret->wishes, &ret->pool, &ret->here);
	return 0;
}

void session_close(struct session *session)
{
	if (session->temporary && session->folder &&
	    remove_all(session->folder) != 0)
		complain("cannot remove '%s': %s", session->folder,
			 strerror(errno));
	if (session->progress_open)
		progress_close(&session->progress);
	jv_free(session->capture);
	pool_done(&session->pool);
}

int session_open_progress(struct session *session)
{
	const char *why;

	if (progress_open(session->here.state, &session->pool,
			  &session->progress, &why) != 0) {
		complain("%s", why);
		return EXIT_CANNOT;
	}
	session->progress_open = true;
	return 0;
}

// lessons/01-first-panic is lesson 1.
static int number_of(const char *name)
{
	size_t digits = strspn(name, "0123456789");
	char *end;

	if (digits < 1 || digits > 3 || name[digits] != '-')
		return -1;
	return (int)strtoll(name, &end, 10);
}

static int compare_numbers(const void *one, const void *other)
{
	const int *a = one, *b = other;

	return *a < *b ? -1 : *a > *b;
}

const int *session_lessons(struct session *session, size_t *count)
{
	struct pool *pool = &session->pool;
	size_t names;
	const char **name = folder_names(
		pool_format(pool, "%s/lessons", session->here.root), pool,
		&names);
	int *numbers = NULL;

	*count = 0;
	for (size_t i = 0; i < names; i++) {
		if (number_of(name[i]) < 0 ||
		    !is_file(pool_format(pool, "%s/lessons/%s/lesson.md",
					 session->here.root, name[i])))
			continue;
		numbers = pool_more(pool, numbers, *count, sizeof(*numbers));
		numbers[(*count)++] = number_of(name[i]);
	}
	if (numbers)
		qsort(numbers, *count, sizeof(*numbers), compare_numbers);
	return numbers;
}

static const char *folder_of_lesson(struct session *session, int number)
{
	struct pool *pool = &session->pool;
	const char *lessons =
		pool_format(pool, "%s/lessons", session->here.root);
	size_t count;
	const char **names = folder_names(lessons, pool, &count);

	for (size_t i = 0; i < count; i++)
		if (number_of(names[i]) == number)
			return pool_format(pool, "%s/%s", lessons, names[i]);
	return NULL;
}

int session_load(struct session *session, int number)
{
	const char *folder = folder_of_lesson(session, number);
	struct text text = { 0 }, errors = { 0 };
	const char *path;
	int ret = EXIT_CANNOT;

	if (!folder) {
		complain("there is no lesson %d yet", number);
		return EXIT_CANNOT;
	}
	path = pool_format(&session->pool, "%s/lesson.md", folder);
	session->lesson = (struct lesson){ .number = number, .folder = folder };
	if (text_read(&text, path, LESSON_MOST) != 0)
		complain("cannot read '%s': %s", path, strerror(errno));
	else if (lesson_parse(text_string(&text), text.size, path,
			      &session->pool, &session->lesson, &errors) != 0)
		complain("%s", text_string(&errors));
	else
		ret = 0;
	text_done(&text);
	text_done(&errors);
	return ret;
}

// The doctor tries these; a lesson itself only finds out as it runs.
static bool only_seen_by_running(const char *name)
{
	static const char *const names[] = { "core", "attach", "disk" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

const char *session_lack(struct session *session)
{
	const char *needs = session->lesson.needs;
	const struct surroundings *here = &session->here;

	while (needs && *needs) {
		size_t size = strcspn(needs, ", ");
		const char *name = pool_copy(&session->pool, needs, size);

		needs += size;
		needs += strspn(needs, ", ");
		if (strcmp(name, "go") == 0 && !here->go)
			return session->options->go && *session->options->go
				       ? pool_format(&session->pool,
						     "there is no Go at '%s'",
						     session->options->go)
				       : "there is no Go here; `make setup` "
					 "installs it";
		if (strcmp(name, "go") == 0 && here->go_minor < GO_OLDEST)
			return pool_format(
				&session->pool,
				"'%s' is %s; the lessons need go1.%d or newer",
				here->go,
				here->go_minor ? here->go_line
					       : "no Go that runs",
				GO_OLDEST);
		if (!only_seen_by_running(name) &&
		    !surroundings_program(here, name, &session->pool))
			return pool_format(&session->pool,
					   "%s is not here; `make doctor` "
					   "tells how to get it",
					   name);
	}
	return NULL;
}

bool session_wants(const struct session *session, size_t index)
{
	const char *wish = session->options->question;

	return !wish || lesson_question(&session->lesson, wish) == index;
}

static int make_sheet(struct session *session)
{
	struct text errors = { 0 };
	int ret = sheet_make(&session->lesson, session->capture, &session->pool,
			     &session->sheet, &errors);

	if (ret != 0 || session->options->verbose)
		complain("%s", text_string(&errors));
	text_done(&errors);
	return ret;
}

// Why the kept capture cannot be gone on with; NULL when it can.
static const char *unusable(struct session *session, jv capture)
{
	struct pool *pool = &session->pool;
	const char *version = capture_text(capture, "go", "version", pool);
	const char *hash = pool_format(pool, "%016llx", session->lesson.hash);
	unsigned long long seed, wish;

	if (session->options->new_capture)
		return "";
	if (seed_read(capture_text(capture, "seed", NULL, pool), &seed) != 0)
		return "its seed is gone";
	if (session->options->seed &&
	    (seed_read(session->options->seed, &wish) != 0 || wish != seed))
		return "";
	if (strcmp(capture_text(capture, "lesson_hash", NULL, pool), hash) != 0)
		return "the lesson has changed since";
	if (session->here.go_minor &&
	    strcmp(version, session->here.go_version) != 0)
		return pool_format(pool, "it was made by go%s, this is go%s",
				   version, session->here.go_version);
	session->seed = seed;
	return NULL;
}

// On a terminal, where room is scarce; elsewhere lines stand as they are.
static void show_own_paths(struct session *session)
{
	session->screen.folder =
		session->screen.terminal ? session->folder : NULL;
}

bool session_resume(struct session *session)
{
	struct text errors = { 0 };
	const char *path, *why = NULL;
	jv capture = jv_invalid();

	session->folder =
		pool_format(&session->pool, "%s/lesson%d", session->here.state,
			    session->lesson.number);
	show_own_paths(session);
	path = pool_format(&session->pool, "%s/capture.json", session->folder);
	if (!is_file(path)) {
		text_done(&errors);
		return false;
	}
	if (capture_load(&session->lesson, path, &capture, &errors) != 0)
		why = pool_string(&session->pool, text_string(&errors));
	else
		why = unusable(session, capture);
	if (!why) {
		jv_free(session->capture);
		session->capture = jv_copy(capture);
		session->kept = make_sheet(session) == 0;
	} else if (*why) {
		putf(" The kept capture cannot be used: %s.\n"
		     " Capturing anew, with the same numbers.\n\n",
		     why);
	}
	jv_free(capture);
	text_done(&errors);
	return session->kept;
}

// --seed, the seed of before, or the course's numbers; --new draws one.
static int choose_seed(struct session *session, bool temporary)
{
	const struct options *options = session->options;

	session->seed = 0;
	if (options->seed) {
		if (seed_read(options->seed, &session->seed) != 0) {
			complain("'%s' is no seed: write up to 16 "
				 "hexadecimal digits, or course",
				 options->seed);
			return -1;
		}
	} else if (options->new_capture) {
		session->seed = seed_new();
	} else if (!temporary && session->progress_open) {
		(void)progress_seed(&session->progress, session->lesson.number,
				    &session->seed);
	}
	return 0;
}

static void report(const struct session *session, enum outcome outcome,
		   const struct text *errors)
{
	// On a terminal the learner stopped it, and is told how to go on.
	if (outcome == OUTCOME_STOPPED && session->screen.terminal)
		return;
	complain("lesson %d: %s", session->lesson.number,
		 outcome_name(outcome));
	if (errors->size)
		complain("%s", text_string(errors));
	if (*outcome_advice(outcome))
		complain("%s", outcome_advice(outcome));
}

// A run that failed is kept beside the capture of before, which comes back.
static void settle_folder(const struct session *session, const char *aside,
			  enum outcome outcome)
{
	struct pool pool = { 0 };
	const char *failed = pool_format(&pool, "%s.failed", session->folder);

	if (outcome == OUTCOME_EXPECTED) {
		(void)!remove_all(aside);
		(void)!remove_all(failed);
	} else {
		bool stopped = outcome == OUTCOME_STOPPED;

		(void)!remove_all(failed);
		if (stopped)
			(void)!remove_all(session->folder);
		else
			(void)rename(session->folder, failed);
		(void)rename(aside, session->folder);
		if (!stopped)
			complain("what there is of it is kept in '%s'", failed);
	}
	pool_done(&pool);
}

// Says of the first disturbed question what was the matter.
static void tell_again(const struct session *session)
{
	struct text line = { 0 };
	size_t i = 0;

	while (!session->sheet.items[i].disturbed)
		i++;
	text_format(&line, "Not to be used for question %zu: %s. Once more.",
		    i + 1, session->sheet.items[i].why);
	put_prose(&session->screen, 1, text_string(&line));
	put("\n");
	text_done(&line);
}

// What happens beside a live run can disturb it; then it is made again.
static enum outcome capture_undisturbed(struct session *session,
					const struct capture_request *request,
					struct text *errors)
{
	enum outcome outcome;

	for (int i = 1;; i++) {
		jv_free(session->capture);
		outcome = capture_run(request, &session->capture, errors);
		if (outcome != OUTCOME_EXPECTED)
			return outcome;
		if (make_sheet(session) != 0)
			return OUTCOME_LESSON;
		if (!session->sheet.disturbed || i == CAPTURES_MOST)
			return OUTCOME_EXPECTED;
		if (request->watcher.before)
			tell_again(session);
	}
}

enum outcome session_capture(struct session *session, bool temporary,
			     const struct capture_watcher *watcher)
{
	struct text errors = { 0 };
	const char *aside;
	enum outcome outcome;
	struct capture_request request = { .lesson = &session->lesson,
					   .here = &session->here,
					   .watcher = *watcher };

	if (choose_seed(session, temporary) != 0)
		return OUTCOME_LESSON;
	session->temporary = temporary;
	session->folder =
		temporary ? pool_format(&session->pool, "%s/run-%ld-lesson%d",
					session->here.state, (long)getpid(),
					session->lesson.number)
			  : pool_format(&session->pool, "%s/lesson%d",
					session->here.state,
					session->lesson.number);
	show_own_paths(session);
	request.folder = session->folder;
	request.seed = session->seed;
	aside = pool_format(&session->pool, "%s.before", session->folder);
	if (!temporary)
		(void)rename(session->folder, aside);
	outcome = capture_undisturbed(session, &request, &errors);
	if (outcome == OUTCOME_EXPECTED && !temporary &&
	    capture_save(jv_copy(session->capture),
			 pool_format(&session->pool, "%s/capture.json",
				     session->folder),
			 &errors) != 0)
		outcome = OUTCOME_CANNOT_RUN;
	// The questions are answered from the capture alone.
	if ((!session->keep_core || outcome != OUTCOME_EXPECTED) &&
	    cores_remove(session->folder) != 0)
		complain("cannot remove the core in '%s': %s", session->folder,
			 strerror(errno));
	if (outcome != OUTCOME_EXPECTED)
		report(session, outcome, &errors);
	if (!temporary)
		settle_folder(session, aside, outcome);
	text_done(&errors);
	return outcome;
}
