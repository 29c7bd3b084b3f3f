/* A pager that scrolls: what it showed stays above, as everything here does. */

#include "pages.h"

#include <string.h>

#include "pool.h"
#include "prompt.h"
#include "screen.h"
#include "text.h"

enum {
	MARGIN = 3,
	ASKING_ROWS = 3, /* the line that asks, the prompt, and what is typed */
	BEFORE_FOUND = 2, /* lines shown above the one that was sought */
};

struct pages {
	const struct screen *screen;
	struct prompt *prompt;
	char **lines;
	size_t count;
	size_t next; /* line to be shown */
	size_t rows; /* of this page */
};

static void split(struct pages *pages, const char *text, struct pool *pool)
{
	while (*text) {
		size_t size = strcspn(text, "\n");

		pages->lines = pool_more(pool, pages->lines, pages->count,
					 sizeof(*pages->lines));
		pages->lines[pages->count++] = pool_copy(pool, text, size);
		text += size + (text[size] == '\n');
	}
}

// One line whole; the terminal makes as many rows of it as it needs.
static void put_next(struct pages *pages)
{
	const char *line = pages->lines[pages->next++];
	struct text safe = { 0 };
	size_t columns = MARGIN;

	text_add_safe(&safe, line, strlen(line), pages->screen->utf8);
	for (size_t i = 0; i < safe.size; i++)
		columns += ((unsigned char)safe.data[i] & 0xc0) != 0x80;
	putf("%*s%s\n", safe.size ? MARGIN : 0, "", text_string(&safe));
	pages->rows += (columns - 1) / pages->screen->width + 1;
	text_done(&safe);
}

// To the next line that has the word, and a little before it.
static bool seek(struct pages *pages, const char *word)
{
	size_t found = pages->next;

	while (found < pages->count && !strstr(pages->lines[found], word))
		found++;
	if (found == pages->count)
		return false;
	if (found > pages->next + BEFORE_FOUND) {
		found -= BEFORE_FOUND;
		putf("   ... %zu line%s ...\n", found - pages->next,
		     found - pages->next == 1 ? "" : "s");
		pages->next = found;
	}
	return true;
}

static bool goes_on(struct pages *pages)
{
	struct text line = { 0 };
	bool ret = false, asking = true;

	putf(" (%zu of %zu lines. Enter: more; a word: on to it; q: enough)\n",
	     pages->next, pages->count);
	while (asking &&
	       prompt_read(pages->prompt, " more> ", &line) == PROMPT_LINE) {
		const char *word = text_string(&line);

		asking = false;
		ret = !equal_ignoring_case(word, "q");
		if (ret && *word && !seek(pages, word)) {
			put(" No line from here on has that.\n");
			asking = true;
			ret = false;
		}
	}
	text_done(&line);
	return ret;
}

bool pages_show(const struct screen *screen, struct prompt *prompt,
		const char *text)
{
	struct pages pages = { .screen = screen, .prompt = prompt };
	struct pool pool = { 0 };
	bool whole = true;

	split(&pages, text, &pool);
	while (whole && pages.next < pages.count) {
		put_next(&pages);
		if (pages.next < pages.count &&
		    pages.rows + ASKING_ROWS >= screen->height) {
			whole = goes_on(&pages);
			pages.rows = 0;
		}
	}
	pool_done(&pool);
	return whole;
}
