/*
 * The primitives of the screen. Everything goes through stdio: a reader that
 * went away makes later output vanish quietly.
 */

#include "screen.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "prose.h"
#include "text.h"

#define OWN "./"

enum {
	WIDTH_USUAL = 80,
	HEIGHT_USUAL = 24,
	WIDTH_LEAST = 20,
	HEIGHT_LEAST = 8,
	PROSE_WIDTH = 80,
	TAB_STOP = 8,
	CONTINUED = 4, /* further in: the rows of a wrapped line */
};

// clang-format off
static const char *const styles[] = {
	[STYLE_PLAIN] = "",
	[STYLE_BOLD]  = "\033[1m",
	[STYLE_FAINT] = "\033[2m",
	[STYLE_GOOD]  = "\033[32m",
	[STYLE_MARK]  = "\033[36m",
};
// clang-format on

void screen_measure(struct screen *screen)
{
	struct winsize size;

	screen->width = WIDTH_USUAL;
	screen->height = HEIGHT_USUAL;
	if (!screen->terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return;
	if (size.ws_col > 0)
		screen->width = size.ws_col;
	if (size.ws_row > 0)
		screen->height = size.ws_row;
	if (screen->width < WIDTH_LEAST)
		screen->width = WIDTH_LEAST;
	if (screen->height < HEIGHT_LEAST)
		screen->height = HEIGHT_LEAST;
}

struct screen screen_find(enum color color)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	struct screen screen = { 0 };
	bool wanted =
		!(no && *no) && term && *term && strcmp(term, "dumb") != 0;

	screen.terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	screen.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	screen.color = color == COLOR_ALWAYS ||
		       (color == COLOR_AUTO && wanted && isatty(STDOUT_FILENO));
	screen_measure(&screen);
	return screen;
}

void put(const char *text)
{
	fputs(text, stdout);
}

void putf(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vprintf(format, list);
	va_end(list);
}

void put_styled(const struct screen *screen, enum style style, const char *text)
{
	bool styled = screen->color && style != STYLE_PLAIN;

	printf("%s%s%s", styled ? styles[style] : "", text,
	       styled ? "\033[0m" : "");
}

// Prose with its margin, made safe for the terminal.
static void add_prose(const struct screen *screen, size_t margin,
		      const char *prose, struct text *ret)
{
	struct text text = { 0 };
	size_t width = screen->width < PROSE_WIDTH ? screen->width
						   : (size_t)PROSE_WIDTH;

	prose_wrap(prose, margin, width - 1, &text);
	for (const char *at = text_string(&text); *at;) {
		size_t size = strcspn(at, "\n");

		text_add_safe(ret, at, size, screen->utf8);
		text_char(ret, '\n');
		at += size + (at[size] == '\n');
	}
	text_done(&text);
}

void put_prose(const struct screen *screen, size_t margin, const char *prose)
{
	struct text text = { 0 };

	add_prose(screen, margin, prose, &text);
	put(text_string(&text));
	text_done(&text);
}

void put_hanging(const struct screen *screen, const char *first,
		 const char *prose)
{
	struct text text = { 0 };
	size_t margin = strlen(first);

	add_prose(screen, margin, prose, &text);
	put(first);
	put(text.size > margin ? text.data + margin : "\n");
	text_done(&text);
}

void put_head(const struct screen *screen, const char *left, const char *right)
{
	size_t width = screen->width < PROSE_WIDTH ? screen->width
						   : (size_t)PROSE_WIDTH;
	size_t used = strlen(left) + strlen(right) + 2;

	// On a narrow terminal the right half has a line of its own.
	if (used + 1 > width) {
		put_prose(screen, 1, left);
		putf(" %s\n", right);
		return;
	}
	put(" ");
	put_styled(screen, STYLE_BOLD, left);
	putf("%*s%s\n", (int)(width - used), "", right);
}

void put_rule(const struct screen *screen)
{
	struct text text = { 0 };
	size_t width = screen->width < PROSE_WIDTH ? screen->width
						   : (size_t)PROSE_WIDTH;

	text_char(&text, ' ');
	text_fill(&text, '-', width - 2);
	text_char(&text, '\n');
	put_styled(screen, STYLE_FAINT, text_string(&text));
	text_done(&text);
}

void put_right(const struct screen *screen, const char *text)
{
	size_t width = screen->width < PROSE_WIDTH ? screen->width
						   : (size_t)PROSE_WIDTH;
	size_t size = strlen(text);

	putf("%*s%s\n", size + 3 < width ? (int)(width - size - 2) : 1, "",
	     text);
}

// Bytes of the lesson's folder and the slash behind it, if `at` begins with them.
static size_t own_path(const struct screen *screen, const char *at)
{
	size_t size = screen->folder ? strlen(screen->folder) : 0;

	return size && strncmp(at, screen->folder, size) == 0 && at[size] == '/'
		       ? size + 1
		       : 0;
}

// A captured line, safe, and with `./` for the lesson's folder.
static void add_shown(const struct screen *screen, const char *line,
		      size_t size, struct text *ret)
{
	struct text copy = { 0 }, shown = { 0 };
	const char *at;

	text_add(&copy, line, size);
	for (at = text_string(&copy); *at;) {
		size_t own = own_path(screen, at);

		if (own)
			text_puts(&shown, OWN);
		else
			text_char(&shown, *at);
		at += own ? own : 1;
	}
	text_add_safe(ret, text_string(&shown), shown.size, screen->utf8);
	text_done(&copy);
	text_done(&shown);
}

// Bytes of `data` that take up to `columns` columns.
static size_t bytes_of(const char *data, size_t size, size_t columns)
{
	size_t i = 0;

	for (; i < size; i++)
		if (((unsigned char)data[i] & 0xc0) != 0x80 && columns-- == 0)
			break;
	return i;
}

// Room for a line after a sign as wide as `sign`, with `>` at the edge.
static size_t room_after(const struct screen *screen, size_t sign)
{
	return screen->width > sign + 2 ? screen->width - sign - 1 : 1;
}

void put_line(const struct screen *screen, const char *sign, const char *line,
	      size_t size, size_t shift)
{
	struct text safe = { 0 };
	size_t room = room_after(screen, strlen(sign));
	const char *at;
	size_t left, shown;

	if (!size && strspn(sign, " ") == strlen(sign))
		sign = "";
	add_shown(screen, line, size, &safe);
	at = text_string(&safe);
	left = safe.size;
	shown = screen->terminal ? bytes_of(at, left, room) : left;
	putf("%s", sign);
	if (shown < left && shift) {
		size_t skipped = bytes_of(at, left, shift + 1);

		put("<");
		at += skipped;
		left -= skipped;
		shown = bytes_of(at, left, room - 1);
	}
	putf("%.*s%s\n", (int)shown, at, shown < left ? ">" : "");
	text_done(&safe);
}

void put_command(const struct screen *screen, const struct step *step)
{
	const char *at = step->command;

	while (*at) {
		size_t size = strcspn(at, "\n");
		// The inside of a loop or a condition is not typed at `$`.
		bool inner = *at == ' ' || *at == '\t' ||
			     starts_with(at, "fi\n") ||
			     starts_with(at, "done") || starts_with(at, "else");
		struct text line = { 0 };

		text_add_safe(&line, at, size, screen->utf8);
		putf(" %s ", inner ? ">" : "$");
		put_styled(screen, STYLE_BOLD, text_string(&line));
		put("\n");
		text_done(&line);
		at += size + (at[size] == '\n');
	}
}

// The carets below one row of a wrapped line, if there are any.
static void put_carets_below(const struct screen *screen, const char *carets,
			     size_t size, size_t margin)
{
	struct text row = { 0 };

	if (!memchr(carets, '^', size))
		return;
	text_fill(&row, ' ', margin);
	text_add(&row, carets, size);
	put_styled(screen, STYLE_MARK, text_string(&row));
	put("\n");
	text_done(&row);
}

void put_wrapped(const struct screen *screen, const char *sign,
		 const char *line, size_t size, const char *carets)
{
	struct text safe = { 0 };
	size_t margin = strlen(sign), room = room_after(screen, margin);
	const char *at;

	add_shown(screen, line, size, &safe);
	at = text_string(&safe);
	put(sign);
	for (size_t left = safe.size; left;) {
		size_t shown = bytes_of(at, left, room);
		size_t below = strnlen(carets, room);

		putf("%.*s\n", (int)shown, at);
		put_carets_below(screen, carets, below, margin);
		at += shown;
		left -= shown;
		carets += below;
		if (margin == strlen(sign) && room > 2 * CONTINUED) {
			margin += CONTINUED;
			room -= CONTINUED;
		}
		if (left)
			putf("%*s", (int)margin, "");
	}
	text_done(&safe);
}

static size_t count_characters(const char *text, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; i < size; count++) {
		size_t length = utf8_length(text + i, size - i);

		i += length ? length : 1;
	}
	return count;
}

// The column at which character `index` of a captured line is shown.
static size_t column_of(const struct screen *screen, const char *line,
			size_t index)
{
	size_t column = 0;

	for (size_t i = 0; line[i] && index;) {
		size_t own = own_path(screen, line + i);
		size_t length =
			own ? own : utf8_length(line + i, strlen(line + i));
		size_t count = own ? count_characters(line + i, own) : 1;

		if (count > index)
			break;
		if (own)
			column += strlen(OWN);
		else
			column += line[i] == '\t' ? TAB_STOP - column % TAB_STOP
						  : 1;
		i += length ? length : 1;
		index -= count;
	}
	return column;
}

static size_t mark_end(const struct screen *screen, const struct mark *mark)
{
	return column_of(screen, mark->text, mark->from + mark->length);
}

size_t screen_shift(const struct screen *screen, const struct item *item)
{
	size_t room = room_after(screen, 3), end = 0;

	for (size_t i = 0; i < item->mark_count; i++)
		if (item->marks[i].text &&
		    mark_end(screen, &item->marks[i]) > end)
			end = mark_end(screen, &item->marks[i]);
	// Some room behind the mark, so that it is read in its surroundings.
	return screen->terminal && end > room ? end - room + room / 4 : 0;
}

bool screen_wraps(const struct screen *screen, const struct item *item)
{
	size_t shift = screen_shift(screen, item);

	for (size_t i = 0; i < item->mark_count; i++)
		if (item->marks[i].text && shift &&
		    column_of(screen, item->marks[i].text,
			      item->marks[i].from) <= shift)
			return true;
	return false;
}

// Carets by columns, for `marks`, which are all of one line.
static void add_carets(const struct screen *screen, const struct mark *marks,
		       size_t count, size_t shift, struct text *ret)
{
	size_t start = ret->size;

	for (size_t i = 0; i < count; i++) {
		size_t from = column_of(screen, marks->text, marks[i].from);
		size_t to = mark_end(screen, &marks[i]);

		from = (from > shift ? from - shift : 0) + start;
		to = (to > shift ? to - shift : 0) + start;
		while (ret->size < to)
			text_char(ret, ret->size < from ? ' ' : '^');
	}
}

// Carets below `marks`, which are all of one line, after a margin of two.
static void put_carets(const struct screen *screen, const struct mark *marks,
		       size_t count, size_t shift)
{
	struct text carets = { 0 };
	const char *line = marks->text;
	size_t room = room_after(screen, 2);

	if (column_of(screen, line, strlen(line)) <= room)
		shift = 0;
	text_puts(&carets, "  ");
	add_carets(screen, marks, count, shift, &carets);
	if (screen->terminal && carets.size > screen->width - 1)
		carets.data[screen->width - 1] = '\0';
	put_styled(screen, STYLE_MARK, text_string(&carets));
	put("\n");
	text_done(&carets);
}

void put_evidence(const struct screen *screen, const struct item *item,
		  size_t most)
{
	size_t shift = screen_shift(screen, item);
	bool wraps = screen_wraps(screen, item);

	for (size_t i = 0; i < item->mark_count && most; most--) {
		const struct mark *first = &item->marks[i];
		size_t count = 0;

		while (i < item->mark_count && first->text &&
		       item->marks[i].text &&
		       item->marks[i].line == first->line &&
		       strcmp(item->marks[i].text, first->text) == 0) {
			count++;
			i++;
		}
		if (!count) {
			i++;
			continue;
		}
		if (wraps) {
			struct text carets = { 0 };

			add_carets(screen, first, count, 0, &carets);
			put_wrapped(screen, "  ", first->text,
				    strlen(first->text), text_string(&carets));
			text_done(&carets);
			continue;
		}
		put_line(screen, "  ", first->text, strlen(first->text), shift);
		put_carets(screen, first, count, shift);
	}
}
