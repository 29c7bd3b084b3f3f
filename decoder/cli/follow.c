/*
 * The text that has come and was not reported yet is kept and looked through
 * anew: when more of it came, but not too often, and when no more comes.
 */

#include "follow.h"

#include "terminal.h"
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	FIRST_ROOM = 1 << 16,
	MUCH_BEHIND = 64 << 10, /* bytes of other output end a crash */
	KEPT = 16 << 10,	/* of a text without a crash, for what comes */
	STEP = 50,		/* milliseconds between two looks at a file */
	QUIET = 400,		/* so long nothing came: it is complete */
	QUIET_IN_LINE = 2000,	/* … if its last line has no end */
	BETWEEN = 300,		/* between two looks at a text that grows */
	COST = 10,		/* times what a look takes */
	DRAIN = 500, /* what a program that was ended may still say */
};

struct following {
	const char *path;
	bool standard;
	int fd;
	uint64_t offset; /* in the file */
	ino_t inode;
	char *data;
	size_t used, room;
	size_t looked; /* bytes there were at the last look */
	size_t line;   /* number of the first */
	long long last_byte, last_look, cost; /* milliseconds */
	follow_report report;
	void *from;
	int status;
};

static volatile sig_atomic_t stopped;

static void on_stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

// Ctrl-\ is for the program whose output this is.
static void take_signals(void)
{
	struct sigaction stop = { .sa_handler = on_stop };

	sigemptyset(&stop.sa_mask);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	signal(SIGQUIT, SIG_IGN);
}

static long long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Looking ------------------------------------------------------------------ */

static void drop(struct following *f, size_t size)
{
	for (size_t i = 0; i < size; i++)
		f->line += f->data[i] == '\n';
	memmove(f->data, f->data + size, f->used - size);
	f->used -= size;
	f->looked = f->looked > size ? f->looked - size : 0;
}

// Up to and with the line end at or behind `at`.
static size_t line_end(const struct following *f, size_t at)
{
	const char *end =
		at < f->used ? memchr(f->data + at, '\n', f->used - at) : NULL;

	return end != NULL ? (size_t)(end - f->data) + 1 : f->used;
}

// How many bytes of the text are crashes that are complete, and what is between.
static size_t complete_size(const struct following *f,
			    const struct gcr_census *census, bool all)
{
	size_t count = gcr_census_dump_count(census);
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		const struct gcr_crash *crash =
			gcr_census_dump(census, i)->crash;
		size_t end = line_end(f, (size_t)crash->end.offset);

		if (all || i + 1 < count || f->used - end > MUCH_BEHIND)
			size = end;
	}
	return size;
}

static void hand_on(struct following *f, size_t size)
{
	struct input text = {
		.name = f->standard ? "standard input" : f->path,
		.text = { f->data, size },
	};

	if (f->report(f->from, &text, f->line) != DONE)
		f->status = FAILED;
	drop(f, size);
}

// Of a text without a crash the end is kept: a crash may begin in it.
static void forget(struct following *f)
{
	size_t size = f->used > KEPT ? line_end(f, f->used - KEPT) : 0;

	drop(f, size < f->used ? size : 0);
}

static void look(struct following *f, bool all)
{
	struct gcr_span text = { f->data, f->used };
	struct gcr_limits limits = { .first_line = f->line };
	struct gcr_census *census;
	struct gcr_error err;
	size_t size, count;

	f->looked = f->used;
	f->last_look = milliseconds();
	if (f->used == 0)
		return;
	if (gcr_census_take(text, &limits, NULL, &census, &err) != 0) {
		complain_of(&err);
		f->status = FAILED;
		stopped = 1;
		return;
	}
	size = complete_size(f, census, all);
	count = gcr_census_dump_count(census);
	gcr_census_free(census);
	f->cost = milliseconds() - f->last_look;
	if (size > 0)
		hand_on(f, size);
	else if (count == 0 && f->used > MUCH_BEHIND)
		forget(f);
}

static void look_if_due(struct following *f)
{
	long long now = milliseconds(), quiet = now - f->last_byte;
	bool in_line = f->used > 0 && f->data[f->used - 1] != '\n';

	if (f->used == 0)
		return;
	if (quiet >= (in_line ? QUIET_IN_LINE : QUIET)) {
		// Once: then there is nothing new until more comes.
		if (f->last_look < f->last_byte + QUIET)
			look(f, true);
	} else if (f->looked < f->used && now - f->last_look >= BETWEEN &&
		   now - f->last_look >= f->cost * COST) {
		look(f, false);
	}
}

/* Reading ------------------------------------------------------------------ */

static int make_room(struct following *f)
{
	size_t room = f->room > 0 ? f->room * 2 : FIRST_ROOM;
	char *larger;

	if (f->used < f->room)
		return 0;
	larger = realloc(f->data, room);
	if (larger == NULL)
		return -1;
	f->data = larger;
	f->room = room;
	return 0;
}

// 1 when something came, 0 at the end for now, -1 with errno.
static int read_some(struct following *f)
{
	ssize_t got;

	if (make_room(f) != 0)
		return -1;
	got = read(f->fd, f->data + f->used, f->room - f->used);
	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 1 : -1;
	if (got == 0)
		return 0;
	f->used += (size_t)got;
	f->offset += (uint64_t)got;
	f->last_byte = milliseconds();
	return 1;
}

// Nothing more comes of a pipe that is at its end; a file may go on.
static bool is_endless(const struct following *f)
{
	struct stat about;

	return !f->standard && fstat(f->fd, &about) == 0 &&
	       S_ISREG(about.st_mode);
}

static int open_file(struct following *f)
{
	struct stat about;

	f->fd = f->standard ? STDIN_FILENO
			    : open(f->path, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0 || fstat(f->fd, &about) != 0)
		return -1;
	f->inode = about.st_ino;
	f->offset = 0;
	return 0;
}

// A log that was moved away or emptied goes on from its start.
static int reopen(struct following *f)
{
	struct stat about;
	bool moved;

	if (stat(f->path, &about) != 0)
		return 0;
	moved = about.st_ino != f->inode;
	if (!moved && (uint64_t)about.st_size >= f->offset)
		return 0;
	look(f, true);
	f->used = f->looked = 0;
	f->line = 1;
	close(f->fd);
	return open_file(f);
}

static bool wait_for_more(const struct following *f, bool endless, int time)
{
	struct pollfd one = { .fd = f->fd, .events = POLLIN };

	return poll(endless ? NULL : &one, endless ? 0 : 1, time) > 0;
}

static int run(struct following *f)
{
	bool endless = is_endless(f);

	while (!stopped && !output_failed()) {
		int got = endless || wait_for_more(f, false, STEP)
				  ? read_some(f)
				  : 1;
		if (got < 0)
			return -1;
		if (got == 0 && !endless)
			break;
		look_if_due(f);
		if (got == 0 && (reopen(f) != 0))
			return -1;
		if (got == 0)
			wait_for_more(f, true, STEP);
	}
	// Who was ended by the same Ctrl-C may have had something to say.
	while (stopped && !endless && wait_for_more(f, false, DRAIN))
		if (read_some(f) <= 0)
			break;
	look(f, true);
	return 0;
}

int follow(const char *path, follow_report report, void *from)
{
	struct following f = {
		.path = path,
		.standard = strcmp(path, "-") == 0,
		.line = 1,
		.report = report,
		.from = from,
		.status = DONE,
	};

	take_signals();
	if (open_file(&f) != 0 || run(&f) != 0) {
		complain("cannot read '%s': %s", path, strerror(errno));
		f.status = FAILED;
	}
	if (!f.standard && f.fd >= 0)
		close(f.fd);
	free(f.data);
	return f.status;
}
