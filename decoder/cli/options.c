/* Arguments to settings, and the usage texts, both from the rows. */

#include "terminal.h"
#include "verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// `--decl=X` and `--decl X` give X; NULL in `*value` when there is none.
static const struct option *match(const struct verb *verb, const char *argument,
				  const char **value)
{
	for (size_t i = 0; verb->options[i] != NULL; i++) {
		const struct option *option = verb->options[i];
		size_t size = strlen(option->name);

		if (strncmp(argument, option->name, size) != 0 ||
		    (argument[size] != '\0' && argument[size] != '='))
			continue;
		*value = argument[size] == '=' ? argument + size + 1 : NULL;
		return option;
	}
	return NULL;
}

static int refer_to_help(const struct verb *verb)
{
	complain("try 'gocrash %s --help'", verb->name);
	return USAGE;
}

static int apply(const struct option *option, const char *value,
		 struct settings *settings)
{
	static const bool set = true;

	if (option->apply != NULL)
		return option->apply(settings, value);
	memcpy((char *)settings + option->flag, &set, sizeof(set));
	return 0;
}

// One option at argv[*at], moving `*at` to its value if that stands apart.
static int read_option(const struct verb *verb, int argc, char **argv, int *at,
		       struct settings *settings)
{
	const char *value = NULL;
	const struct option *option = strcmp(argv[*at], "-h") == 0
					      ? match(verb, "--help", &value)
					      : match(verb, argv[*at], &value);

	if (option == NULL) {
		complain("unknown option '%s'", argv[*at]);
		return refer_to_help(verb);
	}
	if (option->value == NULL && value != NULL) {
		complain("'%s' takes no value", option->name);
		return refer_to_help(verb);
	}
	if (option->value != NULL && value == NULL) {
		if (*at + 1 == argc) {
			complain("'%s' needs a value", option->name);
			return refer_to_help(verb);
		}
		value = argv[++*at];
	}
	if (apply(option, value, settings) != 0) {
		complain("'%s' does not fit %s=%s: %s", value, option->name,
			 option->value, option->line);
		return USAGE;
	}
	return DONE;
}

int read_options(const struct verb *verb, int argc, char **argv,
		 struct settings *settings)
{
	size_t room = (size_t)argc + 1;
	bool options = true;

	*settings = (struct settings){
		.declarations = calloc(room, sizeof(char *)),
		.sources = calloc(room, sizeof(char *)),
		.operands = calloc(room, sizeof(char *)),
	};
	if (settings->declarations == NULL || settings->sources == NULL ||
	    settings->operands == NULL) {
		complain("out of memory");
		return FAILED;
	}
	for (int i = 0; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
			int status =
				read_option(verb, argc, argv, &i, settings);
			if (status != DONE)
				return status;
		} else {
			settings->operands[settings->operand_count++] = argv[i];
		}
	}
	return DONE;
}

void settings_done(struct settings *settings)
{
	free(settings->declarations);
	free(settings->sources);
	free(settings->operands);
}

void print_help(void)
{
	fputs("gocrash: read what Go programs leave behind when they crash or hang\n"
	      "\n"
	      "  go run . 2>&1 | gocrash explain\n"
	      "  gocrash explain --source=. crash.txt\n"
	      "  gocrash goroutines dump.txt\n"
	      "  gocrash core ./app core.1234\n"
	      "  gocrash words 'main.example(b1, b2, b3 bool, i uint8)' "
	      "0xc019010001\n"
	      "\n"
	      "usage: gocrash VERB [OPTION]... [FILE]\n"
	      "\n",
	      stdout);
	for (size_t i = 0; i < verb_count; i++)
		printf("  %-10s %s\n", verbs[i].name, verbs[i].line);
	fputs("\n"
	      "  gocrash VERB --help   more about one, and its options\n"
	      "  gocrash --version\n"
	      "\n"
	      "Results go to standard output, everything else to standard "
	      "error. Exit status: 0\n"
	      "done, 1 could not (no crash in the input, unreadable file), 2 "
	      "usage,\n"
	      "3 'diff --fail-on-growth' found growth.\n"
	      "NO_COLOR in the environment turns colour off.\n",
	      stdout);
}

void print_verb_help(const struct verb *verb)
{
	printf("gocrash %s: %s\n\n%s\nusage: gocrash %s %s\n\n", verb->name,
	       verb->line, verb->examples, verb->name, verb->synopsis);
	for (size_t i = 0; verb->options[i] != NULL; i++) {
		const struct option *option = verb->options[i];
		char left[40];

		snprintf(left, sizeof(left), "%s%s%s", option->name,
			 option->value != NULL ? "=" : "",
			 option->value != NULL ? option->value : "");
		printf("  %-20s  %s\n", left, option->line);
	}
	if (verb->more != NULL)
		printf("\n%s", verb->more);
}
