/* The progress file, drawn in progress.h. */

#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "draw.h"
#include "text.h"

enum {
	PROGRESS_MOST = 1 << 20,
	WORDS_MOST = 8,
	FILE_MODE = 0666
};

#define MAGIC "gocrash-progress "
#define FORMAT "1"

// clang-format off
static const struct {
	const char *name, *sign;
} states[] = {
	[STATE_OPEN]        = { "open",         "[ ]" },
	[STATE_SOLVED]      = { "solved",       "[x]" },
	[STATE_REVEALED]    = { "revealed",     "[r]" },
	[STATE_SKIPPED]     = { "skipped",      "[-]" },
	[STATE_NOT_ASKABLE] = { "not-askable",  "[~]" },
};
// clang-format on

_Static_assert(sizeof(states) / sizeof(*states) == STATE_COUNT,
	       "a row a state");

const char *state_name(enum state state)
{
	return states[state].name;
}

const char *state_sign(enum state state)
{
	return states[state].sign;
}

static size_t split(char *line, char *words[WORDS_MOST])
{
	size_t count = 0;

	while (*(line += strspn(line, " \t\r")) && count < WORDS_MOST) {
		size_t size = strcspn(line, " \t\r");

		words[count++] = line;
		line += size;
		if (*line)
			*line++ = '\0';
	}
	return count;
}

static int number(const char *text)
{
	char *end;
	long long value = strtoll(text, &end, 10);

	return *text && !*end && value >= 0 && value < 1000000 ? (int)value
							       : -1;
}

static void read_row(struct progress *progress, char *words[WORDS_MOST],
		     size_t count)
{
	struct progress_row *row;
	enum state state = STATE_COUNT;

	if (count < 3 || number(words[0]) < 0)
		return;
	for (size_t i = 0; i < STATE_COUNT; i++)
		if (strcmp(states[i].name, words[2]) == 0)
			state = (enum state)i;
	if (state == STATE_COUNT)
		return;
	row = progress_row(progress, number(words[0]), words[1]);
	row->state = state;
	if (count > 4 && number(words[4]) > 0)
		row->hints = (unsigned)number(words[4]);
	if (count > 6 && number(words[6]) > 0)
		row->misses = (unsigned)number(words[6]);
}

static void read_line(struct progress *progress, char *line)
{
	char *words[WORDS_MOST];
	size_t count = split(line, words);
	unsigned long long seed;

	if (count == 2 && strcmp(words[0], "last") == 0)
		progress->last = number(words[1]);
	else if (count == 4 && strcmp(words[0], "lesson") == 0 &&
		 number(words[1]) >= 0 && seed_read(words[3], &seed) == 0)
		progress_set_seed(progress, number(words[1]), seed);
	else
		read_row(progress, words, count);
}

// Cuts the next line off; NULL at the end.
static char *next_line(char **at)
{
	char *line = *at;
	size_t size = strcspn(line, "\n");

	if (!*line)
		return NULL;
	*at = line + size + (line[size] == '\n');
	line[size] = '\0';
	return line;
}

static int read_file(struct progress *progress, const char **why)
{
	const char *path =
		pool_format(progress->pool, "%s/progress", progress->folder);
	struct text text = { 0 };
	char *at, *line;
	int ret = 0;

	if (text_read(&text, path, PROGRESS_MOST) != 0) {
		if (errno != ENOENT) {
			*why = pool_format(progress->pool,
					   "cannot read '%s': %s", path,
					   strerror(errno));
			ret = -1;
		}
	} else if (!starts_with(text.data, MAGIC FORMAT " ")) {
		*why = pool_format(progress->pool,
				   "'%s' was written by another gocrash, or "
				   "by hand. It is left as it is; move it away "
				   "to begin anew",
				   path);
		ret = -1;
	} else {
		at = pool_string(progress->pool, text.data);
		next_line(&at);
		while ((line = next_line(&at)))
			read_line(progress, line);
	}
	text_done(&text);
	return ret;
}

// The lock is the kernel's: it goes with the process, however that ends.
static void take_lock(struct progress *progress)
{
	const char *path =
		pool_format(progress->pool, "%s/lock", progress->folder);
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	progress->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
	if (progress->lock < 0 || fcntl(progress->lock, F_SETLK, &lock) == 0)
		return;
	progress->read_only = true;
	lock.l_type = F_WRLCK;
	if (fcntl(progress->lock, F_GETLK, &lock) == 0 &&
	    lock.l_type != F_UNLCK)
		progress->other = (int)lock.l_pid;
}

int progress_open(const char *folder, struct pool *pool, struct progress *ret,
		  const char **why)
{
	*ret = (struct progress){
		.pool = pool, .folder = folder, .last = -1, .lock = -1
	};
	if (read_file(ret, why) != 0)
		return -1;
	take_lock(ret);
	return 0;
}

void progress_close(struct progress *progress)
{
	if (progress->lock >= 0)
		close(progress->lock);
	progress->lock = -1;
}

int progress_save(const struct progress *progress)
{
	struct text text = { 0 };
	struct pool pool = { 0 };
	int ret;

	if (progress->read_only)
		return 0;
	text_puts(&text,
		  MAGIC FORMAT "   written after every answer; do not edit\n");
	if (progress->last >= 0)
		text_format(&text, "last %d\n", progress->last);
	for (size_t i = 0; i < progress->lesson_count; i++)
		text_format(&text, "lesson %d seed %s\n",
			    progress->lessons[i].number,
			    seed_name(progress->lessons[i].seed, &pool));
	for (size_t i = 0; i < progress->row_count; i++) {
		const struct progress_row *row = &progress->rows[i];

		text_format(&text, "%d %s %s hints %u misses %u\n", row->lesson,
			    row->question, states[row->state].name, row->hints,
			    row->misses);
	}
	ret = text_write(&text,
			 pool_format(&pool, "%s/progress", progress->folder));
	text_done(&text);
	pool_done(&pool);
	return ret;
}

struct progress_row *progress_row(struct progress *progress, int lesson,
				  const char *question)
{
	for (size_t i = 0; i < progress->row_count; i++)
		if (progress->rows[i].lesson == lesson &&
		    strcmp(progress->rows[i].question, question) == 0)
			return &progress->rows[i];
	progress->rows =
		pool_more(progress->pool, progress->rows, progress->row_count,
			  sizeof(*progress->rows));
	progress->rows[progress->row_count] = (struct progress_row){
		.lesson = lesson,
		.question = pool_string(progress->pool, question),
	};
	return &progress->rows[progress->row_count++];
}

bool progress_seed(const struct progress *progress, int lesson,
		   unsigned long long *ret)
{
	for (size_t i = 0; i < progress->lesson_count; i++) {
		if (progress->lessons[i].number == lesson) {
			*ret = progress->lessons[i].seed;
			return true;
		}
	}
	return false;
}

void progress_set_seed(struct progress *progress, int lesson,
		       unsigned long long seed)
{
	for (size_t i = 0; i < progress->lesson_count; i++) {
		if (progress->lessons[i].number == lesson) {
			progress->lessons[i].seed = seed;
			return;
		}
	}
	progress->lessons =
		pool_more(progress->pool, progress->lessons,
			  progress->lesson_count, sizeof(*progress->lessons));
	progress->lessons[progress->lesson_count++] =
		(struct progress_lesson){ .number = lesson, .seed = seed };
}

void progress_forget(struct progress *progress, int lesson)
{
	size_t kept = 0;

	for (size_t i = 0; i < progress->row_count; i++)
		if (progress->rows[i].lesson != lesson)
			progress->rows[kept++] = progress->rows[i];
	progress->row_count = kept;
	kept = 0;
	for (size_t i = 0; i < progress->lesson_count; i++)
		if (progress->lessons[i].number != lesson)
			progress->lessons[kept++] = progress->lessons[i];
	progress->lesson_count = kept;
	if (progress->last == lesson)
		progress->last = -1;
}

static void add_field(struct text *line, const char *text)
{
	text_char(line, '\t');
	text_add_safe(line, text, strlen(text), true);
}

void progress_log(const struct progress *progress,
		  const struct attempt *attempt)
{
	struct text line = { 0 };
	struct pool pool = { 0 };
	char when[32] = "";
	time_t now = time(NULL);
	struct tm *utc = gmtime(&now);
	FILE *file;

	if (progress->read_only)
		return;
	if (utc)
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", utc);
	text_format(&line, "%s\t%d", when, attempt->lesson);
	add_field(&line, attempt->question);
	add_field(&line, attempt->text);
	add_field(&line, attempt->class);
	text_format(&line, "\t%u\t%ld\n", attempt->hints,
		    attempt->milliseconds);
	file = fopen(pool_format(&pool, "%s/attempts.log", progress->folder),
		     "a");
	if (file) {
		fputs(text_string(&line), file);
		fclose(file);
	}
	text_done(&line);
	pool_done(&pool);
}
