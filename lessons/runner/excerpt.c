/* Which lines of an output are shown, and how. */

#include "excerpt.h"

#include <regex.h>
#include <string.h>

#include "pool.h"
#include "screen.h"
#include "text.h"

/* The lines of an excerpt that will be shown. */
struct chosen {
	const char **lines; /* NULL: not chosen */
	size_t *sizes;
	bool *marked;
	size_t count;
	size_t cut; /* that would have been shown on a higher screen */
};

static size_t count_lines(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n' || text[1] == '\0';
	return count;
}

static void split(const struct excerpt *excerpt, struct pool *pool,
		  struct chosen *ret)
{
	size_t total = count_lines(excerpt->text);
	const char *at = excerpt->text;

	ret->lines = pool_alloc(pool, (total + 1) * sizeof(*ret->lines));
	ret->sizes = pool_alloc(pool, (total + 1) * sizeof(*ret->sizes));
	ret->marked = pool_alloc(pool, (total + 1) * sizeof(*ret->marked));
	for (; *at && ret->count < total; ret->count++) {
		ret->lines[ret->count] = at;
		ret->sizes[ret->count] = strcspn(at, "\n");
		at += ret->sizes[ret->count];
		at += *at == '\n';
	}
	for (size_t i = 0; i < excerpt->marked_count; i++)
		if (excerpt->marked[i] && excerpt->marked[i] <= ret->count)
			ret->marked[excerpt->marked[i] - 1] = true;
}

static void keep_matching(struct chosen *chosen, const char *only,
			  struct pool *pool)
{
	regex_t regex;

	if (!only || regcomp(&regex, only, REG_EXTENDED | REG_NOSUB) != 0)
		return;
	for (size_t i = 0; i < chosen->count; i++) {
		const char *line =
			pool_copy(pool, chosen->lines[i], chosen->sizes[i]);

		if (regexec(&regex, line, 0, NULL, 0) != 0 &&
		    !chosen->marked[i])
			chosen->lines[i] = NULL;
	}
	regfree(&regex);
}

// The first of `most` lines that go around what is marked.
static void keep_window(struct chosen *chosen, size_t most)
{
	size_t shown = 0, first_marked = 0, skip = 0, seen = 0;

	for (size_t i = 0; i < chosen->count; i++) {
		if (chosen->lines[i] && chosen->marked[i] && !first_marked)
			first_marked = shown + 1;
		shown += chosen->lines[i] != NULL;
	}
	if (!most || shown <= most)
		return;
	if (first_marked > most / 2 + 1)
		skip = first_marked - most / 2 - 1;
	if (skip > shown - most)
		skip = shown - most;
	for (size_t i = 0; i < chosen->count; i++) {
		if (!chosen->lines[i])
			continue;
		if (seen < skip || seen >= skip + most) {
			chosen->lines[i] = NULL;
			chosen->cut++;
		}
		seen++;
	}
}

// Is there room for a row in the place of each stretch that is left out?
static bool gaps_fit(const struct chosen *chosen, size_t most)
{
	size_t rows = 0;

	for (size_t i = 0; i < chosen->count; i++)
		rows += chosen->lines[i] || !i || chosen->lines[i - 1];
	return !most || rows <= most + 2;
}

static void put_gap(const struct screen *screen, size_t gap)
{
	struct text line = { 0 };

	if (!gap)
		return;
	text_format(&line, "   ... %zu line%s ...\n", gap, gap == 1 ? "" : "s");
	put_styled(screen, STYLE_FAINT, text_string(&line));
	text_done(&line);
}

void put_excerpt(const struct screen *screen, const struct excerpt *excerpt)
{
	struct pool pool = { 0 };
	struct chosen chosen = { 0 };
	struct text all = { 0 };
	const char *sign;
	size_t gap = 0;
	bool gaps;

	split(excerpt, &pool, &chosen);
	keep_matching(&chosen, excerpt->only, &pool);
	keep_window(&chosen, excerpt->most);
	gaps = gaps_fit(&chosen, excerpt->most);
	for (size_t i = 0; i < chosen.count; i++) {
		if (!chosen.lines[i]) {
			gap++;
			continue;
		}
		put_gap(screen, gaps ? gap : 0);
		gap = 0;
		sign = chosen.marked[i] && !excerpt->unmarked ? " > " : "   ";
		if (excerpt->wrapped && chosen.marked[i]) {
			put_wrapped(screen, sign, chosen.lines[i],
				    chosen.sizes[i], "");
			continue;
		}
		put_line(screen, sign, chosen.lines[i], chosen.sizes[i],
			 excerpt->shift);
	}
	put_gap(screen, gaps ? gap : 0);
	if (!gaps && chosen.cut)
		putf("   ... and %zu more such line%s\n", chosen.cut,
		     chosen.cut == 1 ? "" : "s");
	if (excerpt->file) {
		text_format(&all, "all %zu line%s: %s", chosen.count,
			    chosen.count == 1 ? "" : "s", excerpt->file);
		put_right(screen, text_string(&all));
	}
	text_done(&all);
	pool_done(&pool);
}
