/* Standard output and standard error: see terminal.h. */

#include "terminal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

// When progress was asked for first and told last, in milliseconds.
static long long progress_start, progress_last;

enum {
	PATIENCE = 1000, /* milliseconds before the first line */
	REFRESH = 200,
};

static long long now(void)
{
	struct timespec time;

	if (clock_gettime(CLOCK_MONOTONIC, &time) != 0)
		return 0;
	return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void progress(const char *what, unsigned long long done, const char *unit)
{
	long long time = now();

	if (progress_start == 0)
		progress_start = time;
	if (time - progress_start < PATIENCE ||
	    time - progress_last < REFRESH || !isatty(STDERR_FILENO))
		return;
	progress_last = time;
	fprintf(stderr, "\r\033[K%s: %llu %s", what, done, unit);
	fflush(stderr);
}

void progress_done(void)
{
	if (progress_last != 0)
		fputs("\r\033[K", stderr);
	progress_last = 0;
}

// What a file name or an argument may hold, but no terminal should get.
static void put_safe(const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			fprintf(stderr, "\\x%02x", c);
		else
			fputc(c, stderr);
	}
}

void complain(const char *format, ...)
{
	char text[2048];
	va_list arguments;

	progress_done();
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	fputs("gocrash: ", stderr);
	put_safe(text);
	fputc('\n', stderr);
}

void complain_of(const struct gcr_error *err)
{
	if (err->sys != 0)
		complain("%s: %s", err->text, strerror(err->sys));
	else
		complain("%s", err->text);
}

void complain_at(const char *what, const char *text,
		 const struct gcr_error *err)
{
	size_t size = strlen(text), line = 0, column;

	complain("%s: %s", what, err->text);
	if (err->column == 0 || err->column > size + 1)
		return;
	// The line of the text that the place is in.
	for (size_t i = 1; i < err->line; i++) {
		const char *end = strchr(text + line, '\n');
		if (end == NULL)
			break;
		line = (size_t)(end - text) + 1;
	}
	column = err->column - 1;
	fputs("  ", stderr);
	for (size_t i = line; i < size && text[i] != '\n'; i++)
		fputc((unsigned char)text[i] < 0x20 ? ' ' : text[i], stderr);
	fputs("\n  ", stderr);
	for (size_t i = line; i < line + column && i < size; i++)
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			fputc(' ', stderr);
	fputs("^\n", stderr);
}

// Why writing to standard output failed; 0: it has not.
static int failure;

static unsigned long long written;

static int write_output(void *to, const char *data, size_t size)
{
	static int terminal = -1;

	(void)to;
	written += size;
	if (terminal < 0)
		terminal = isatty(STDOUT_FILENO);
	if (!terminal)
		progress("written", written >> 20, "MB");
	while (size > 0 && failure == 0) {
		ssize_t done = write(STDOUT_FILENO, data, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			failure = errno;
			break;
		}
		data += done;
		size -= (size_t)done;
	}
	return failure == 0 ? 0 : -1;
}

struct gcr_output standard_output(void)
{
	return (struct gcr_output){ .write = write_output, .to = NULL };
}

/* Where in a character of several bytes the last output ended. */
static struct {
	unsigned more; /* bytes it still has */
	bool control;  /* it may be one of U+0080 to U+009F */
} character;

static unsigned bytes_behind(unsigned char c)
{
	if (c >= 0xf0)
		return 3;
	return c >= 0xe0 ? 2 : 1;
}

// Terminals of one byte a character take 0x80 to 0x9f for controls, too.
static bool is_control(unsigned char c)
{
	bool inside = character.more > 0;
	bool control = character.control;

	character.control = c == 0xc2;
	if (c < 0x80 || c >= 0xc0) {
		character.more = c >= 0xc0 ? bytes_behind(c) : 0;
		return c == 0x7f || (c < 0x20 && c != '\n' && c != '\t');
	}
	character.more -= inside;
	return c <= 0x9f && (!inside || control);
}

static int write_tame(void *to, const char *data, size_t size)
{
	char piece[4096];

	while (size > 0) {
		size_t count = size < sizeof(piece) ? size : sizeof(piece);

		for (size_t i = 0; i < count; i++)
			piece[i] = is_control((unsigned char)data[i]) ? '?'
								      : data[i];
		if (write_output(to, piece, count) != 0)
			return -1;
		data += count;
		size -= count;
	}
	return 0;
}

struct gcr_output tame_output(void)
{
	return (struct gcr_output){
		.write = isatty(STDOUT_FILENO) ? write_tame : write_output,
	};
}

bool output_failed(void)
{
	static bool said;

	if (failure != 0 && failure != EPIPE && !said) {
		complain("cannot write standard output: %s", strerror(failure));
		said = true;
	}
	return failure != 0;
}

bool use_color(enum color_choice choice)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (choice != COLOR_AUTO)
		return choice == COLOR_ALWAYS;
	// https://no-color.org: set and not empty.
	if (no_color != NULL && no_color[0] != '\0')
		return false;
	return isatty(STDOUT_FILENO) &&
	       (term == NULL || strcmp(term, "dumb") != 0);
}

unsigned terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}
