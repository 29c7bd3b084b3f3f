/*
 * The lesson command: verbs and options are rows, the usage is made of them.
 */

#include <fcntl.h>
#include <locale.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session.h"
#include "signals.h"
#include "verbs.h"

enum option_bit {
	WITH_NEW = 1u << 0,
	WITH_SEED = 1u << 1,
	WITH_ANSWERS = 1u << 2,
	WITH_QUESTION = 1u << 3,
	WITH_YES = 1u << 4,
	WITH_FORMAT = 1u << 5,
	WITH_ALL = 1u << 6, /* options of every verb */
};

struct verb {
	const char *name, *operands, *help;
	int (*run)(struct session *session);
	unsigned options;
	bool hidden; /* for authors */
};

// clang-format off
static const struct verb verbs[] = {
	{ "run", "N", "run lesson N, or go on with it", verb_run,
	  WITH_NEW | WITH_SEED | WITH_ANSWERS | WITH_QUESTION, false },
	{ "hint", "", "the next hint for the open question", verb_hint, 0, false },
	{ "show", "", "the answer to the open question", verb_show, 0, false },
	{ "progress", "", "what is solved", verb_progress, 0, false },
	{ "reset", "N", "forget lesson N", verb_reset, WITH_YES, false },
	{ "check", "[N]", "walk through all lessons, as TAP", verb_check,
	  WITH_NEW | WITH_SEED, false },
	{ "grade", "[DIR]", "grade the answer files 1, 2, ... of a folder",
	  verb_grade, WITH_FORMAT | WITH_ANSWERS, false },
	{ "lint", "[N]", "is each lesson as a lesson must be?", verb_lint, 0, true },
	{ "record", "N", "keep a capture for the offline tests", verb_record,
	  WITH_SEED, true },
};

static const struct option {
	const char *name, *value, *help; /* value NULL: none is taken */
	unsigned bit;
	size_t offset; /* in struct options */
} known[] = {
	{ "new",      NULL,   "another capture, with other numbers",
	  WITH_NEW, offsetof(struct options, new_capture) },
	{ "seed",     "S",    "the numbers of this seed; course: the course's",
	  WITH_SEED, offsetof(struct options, seed) },
	{ "answers",  "FILE", "grade the answers in FILE; - reads them here",
	  WITH_ANSWERS, offsetof(struct options, answers) },
	{ "question", "Q",    "only this question of the kept capture",
	  WITH_QUESTION, offsetof(struct options, question) },
	{ "format",   "F",    "tap, gradescope, github, exercism or junit",
	  WITH_FORMAT, offsetof(struct options, format) },
	{ "yes",      NULL,   "do not ask",
	  WITH_YES, offsetof(struct options, yes) },
	{ "go",       "GO",   "the go command, or the folder it is in",
	  WITH_ALL, offsetof(struct options, go) },
	{ "state",    "DIR",  "where progress and captures are kept",
	  WITH_ALL, offsetof(struct options, state) },
	{ "root",     "DIR",  "the folder that has lessons/ and go-examples/",
	  WITH_ALL, offsetof(struct options, root) },
	{ "verbose",  NULL,   "say more of what is wrong with a lesson",
	  WITH_ALL, offsetof(struct options, verbose) },
};
// clang-format on

enum {
	VERBS = sizeof(verbs) / sizeof(*verbs),
	KNOWN = sizeof(known) / sizeof(*known),
};

// ` (run, check)`: the verbs that take an option which not all take.
static void put_takers(FILE *to, unsigned bit)
{
	const char *comma = " (";

	if (bit == WITH_ALL)
		return;
	for (size_t i = 0; i < VERBS; i++) {
		if (!(verbs[i].options & bit))
			continue;
		fprintf(to, "%s%s", comma, verbs[i].name);
		comma = ", ";
	}
	fputc(')', to);
}

static void usage(FILE *to)
{
	fputs("usage: lesson VERB [OPTION]... [OPERAND]\n\n", to);
	for (size_t i = 0; i < VERBS; i++)
		fprintf(to, "  %-8s %-6s %s%s\n", verbs[i].name,
			verbs[i].operands, verbs[i].help,
			verbs[i].hidden ? " (for authors)" : "");
	fputc('\n', to);
	for (size_t i = 0; i < KNOWN; i++) {
		int width = fprintf(to, "  --%s%s%s", known[i].name,
				    known[i].value ? "=" : "",
				    known[i].value ? known[i].value : "");

		fprintf(to, "%*s%s", width < 21 ? 21 - width : 1, "",
			known[i].help);
		put_takers(to, known[i].bit);
		fputc('\n', to);
	}
	fputs("  --color=WHEN       auto, always or never\n\n"
	      "Exit: 0 done, 1 not all solved, 2 usage or environment, 3 left "
	      "before the end.\n"
	      "The lessons: make help. How to write one: lessons/AUTHORING.md.\n",
	      to);
}

static bool read_color(const char *value, struct options *options)
{
	static const char *const names[] = { "auto", "always", "never" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i], value) == 0) {
			options->color = (enum color)i;
			return true;
		}
	}
	return false;
}

// One `--name=value`; false when this verb takes no such option.
static bool read_option(const struct verb *verb, const char *text,
			struct options *options)
{
	size_t size = strcspn(text, "=");
	const char *value = text[size] ? text + size + 1 : NULL;

	if (value && starts_with(text, "color="))
		return read_color(value, options);
	for (size_t i = 0; i < KNOWN; i++) {
		char *place = (char *)options + known[i].offset;

		if (strlen(known[i].name) != size ||
		    strncmp(known[i].name, text, size) != 0 ||
		    !((verb->options | WITH_ALL) & known[i].bit) ||
		    !known[i].value != !value)
			continue;
		if (value)
			memcpy(place, &value, sizeof(value));
		else
			*(bool *)place = true;
		return true;
	}
	return false;
}

static int read_argument(const struct verb *verb, char *text,
			 struct options *options)
{
	if (starts_with(text, "--")) {
		if (read_option(verb, text + 2, options))
			return 0;
		complain("%s: no such option: '%s'", verb->name, text);
		return -1;
	}
	if (options->operand_count == 1 || !*verb->operands) {
		complain("%s: one argument too many: '%s'", verb->name, text);
		return -1;
	}
	options->operands[options->operand_count++] = text;
	return 0;
}

// A descriptor 0, 1 or 2 that is closed must not become a pipe of ours.
static void open_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd < STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	struct session session;
	const struct verb *verb;
	int status;

	open_standard();
	setlocale(LC_CTYPE, "");
	if (argc > 1 &&
	    (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
		usage(stdout);
		return EXIT_DONE;
	}
	verb = argc > 1 ? find_verb(argv[1]) : NULL;
	if (!verb) {
		if (argc > 1)
			complain("no such verb: '%s'", argv[1]);
		usage(stderr);
		return EXIT_CANNOT;
	}
	for (int i = 2; i < argc; i++)
		if (read_argument(verb, argv[i], &options) != 0)
			return EXIT_CANNOT;
	signals_catch();
	status = session_open(&options, &session);
	if (status == EXIT_DONE)
		status = verb->run(&session);
	session_close(&session);
	fflush(stdout);
	return status;
}
