/* The gocrash command: find the verb, read its options, run it. */

#include "terminal.h"
#include "verbs.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define VERSION "0.1.0"

static int run_verb(const struct verb *verb, int argc, char **argv)
{
	struct settings settings;
	int status = read_options(verb, argc, argv, &settings);

	if (status == DONE && settings.help)
		print_verb_help(verb);
	else if (status == DONE)
		status = verb->run(&settings);
	settings_done(&settings);
	return status;
}

static int usage(void)
{
	fputs("usage: gocrash VERB [OPTION]... [FILE]\n\n", stderr);
	for (size_t i = 0; i < verb_count; i++)
		fprintf(stderr, "  %-10s %s\n", verbs[i].name, verbs[i].line);
	fputs("\nMore: gocrash --help\n", stderr);
	return USAGE;
}

static int dispatch(int argc, char **argv)
{
	const struct verb *verb;

	if (argc < 2)
		return usage();
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		verb = argc > 2 ? find_verb(argv[2]) : NULL;
		if (verb != NULL)
			print_verb_help(verb);
		else
			print_help();
		return DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("gocrash " VERSION);
		return DONE;
	}
	verb = find_verb(argv[1]);
	if (verb == NULL) {
		complain("unknown %s '%s'",
			 argv[1][0] == '-' ? "option" : "verb", argv[1]);
		return usage();
	}
	return run_verb(verb, argc - 2, argv + 2);
}

int main(int argc, char **argv)
{
	int status;

	// Who closes the pipe wants no more: whatever our parent ignores.
	signal(SIGPIPE, SIG_DFL);
	status = dispatch(argc, argv);
	if (fflush(stdout) != 0 && status == DONE) {
		complain("cannot write standard output");
		status = FAILED;
	}
	return status;
}
