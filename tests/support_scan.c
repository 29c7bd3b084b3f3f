/*
 * The independent scan: what a reader of the text would count with grep. It
 * shares nothing with the library, neither code nor tables.
 */

#include "support.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

struct patterns {
	regex_t header, function, location, race_function, profile_frame;
	regex_t register_line, word;
};

static void compile(regex_t *regex, const char *pattern)
{
	if (regcomp(regex, pattern, REG_EXTENDED) != 0)
		abort();
}

static void compile_all(struct patterns *p)
{
	compile(&p->header, "^goroutine [0-9]+ .*\\[.*\\]:$");
	compile(&p->function, "^[^ \t].*\\([0-9a-fx, ?{}_.]*\\)$");
	compile(&p->location, "^\t[^ \t].*:[0-9]+( |$)");
	compile(&p->race_function, "^  [^ ].*\\(\\)$");
	compile(&p->profile_frame, "^#\t0x[0-9a-f]+\t.*:[0-9]+$");
	compile(&p->register_line,
		"^(r[a-z0-9]+|e[a-z]+|cs|fs|gs) +0x[0-9a-f]+$");
	compile(&p->word, "0x[0-9a-f]+");
}

static void free_all(struct patterns *p)
{
	regfree(&p->header);
	regfree(&p->function);
	regfree(&p->location);
	regfree(&p->race_function);
	regfree(&p->profile_frame);
	regfree(&p->register_line);
	regfree(&p->word);
}

static bool matches(const regex_t *regex, const char *line)
{
	return line != NULL && regexec(regex, line, 0, NULL, 0) == 0;
}

static size_t words_in(const regex_t *word, const char *list)
{
	regmatch_t match;
	size_t count = 0;

	while (list != NULL && regexec(word, list, 1, &match, 0) == 0) {
		count++;
		list += match.rm_eo;
	}
	return count;
}

static void count_line(const struct patterns *p, const char *line,
		       const char *next, struct totals *totals)
{
	totals->goroutines += matches(&p->header, line);
	totals->registers += matches(&p->register_line, line);
	totals->frames += matches(&p->race_function, line) ||
			  matches(&p->profile_frame, line);
	if (matches(&p->function, line) && matches(&p->location, next)) {
		totals->frames++;
		totals->words += words_in(&p->word, strrchr(line, '('));
	}
}

struct totals scan_text(struct gcr_span text)
{
	struct totals totals = { 0 };
	struct patterns patterns;
	char *copy = malloc(text.size + 1);

	if (copy == NULL)
		abort();
	memcpy(copy, text.data, text.size);
	copy[text.size] = '\0';
	compile_all(&patterns);
	for (char *line = copy; line != NULL;) {
		char *next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		char *end = next != NULL ? strchr(next, '\n') : NULL;
		if (end != NULL)
			*end = '\0';
		count_line(&patterns, line, next, &totals);
		if (end != NULL)
			*end = '\n';
		line = next;
	}
	free_all(&patterns);
	free(copy);
	return totals;
}
