#ifndef CLI_VERBS_H
#define CLI_VERBS_H

/*
 * The verbs of the command and their options, as rows: parsing and the usage
 * texts come from them. A new verb is a file with one function, a row in
 * verbs.c, its options in optionrows.c, and its declaration here.
 */

#include "../gocrash.h"

/* Exit statuses. */
enum {
	DONE = 0,
	FAILED = 1,
	USAGE = 2,
	GREW = 3 /* --fail-on-growth found what it looks for */
};

enum {
	MOST_IDS = 64 /* of --id */
};

enum color_choice {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER
};

enum format_choice {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_FOLDED,
	FORMAT_PPROF,
	FORMAT_HTML
};

/* What the options say; every verb has one of these. */
struct settings {
	const char **declarations; /* of --decl, in order */
	size_t declaration_count;
	const char **sources; /* of --source */
	size_t source_count;
	const char *listing; /* of --listing; or NULL */
	const char *binary;  /* of --binary; or NULL */
	unsigned context;    /* of --context: rows around the one in question */
	bool has_context;
	enum gcr_arch arch;
	unsigned go;		   /* 22 is 1.22; 0: not given */
	enum format_choice format; /* FORMAT_JSON: `json` is set, too */
	/* Which goroutines, and in which order. */
	struct gcr_filter_terms terms;
	uint64_t ids[MOST_IDS]; /* of --id */
	const char *where;	/* of --where; or NULL */
	enum gcr_order order;
	size_t top; /* groups; 0: all */
	bool has_top;
	bool follow;
	bool json;
	bool groups;	  /* of --groups: one summary a dump */
	const char *host; /* of --host; or NULL */
	uint64_t growth;  /* of --fail-on-growth; 0: not given */
	bool all;
	bool force;
	bool c_frames;
	bool locals;
	uint64_t goroutine; /* of --goroutine; 0: all */
	bool help;
	enum color_choice color;
	char **operands;
	size_t operand_count;
};

struct option {
	const char *name;  /* with its dashes: `--decl` */
	const char *value; /* `SIGNATURE`, or NULL when it takes none */
	const char *line;  /* what it does */
	/* 0, or -1 when `value` is none that it takes. NULL: sets `flag`. */
	int (*apply)(struct settings *settings, const char *value);
	size_t flag; /* offset of a bool in the settings */
};

struct verb {
	const char *name;
	int (*run)(const struct settings *settings);
	const char *synopsis;
	const char *line;
	const char *examples;
	const char *more; /* what else `--help` says; or NULL */
	const struct option *const *options; /* NULL-terminated */
};

extern const struct verb verbs[];
extern const size_t verb_count;

const struct verb *find_verb(const char *name);

/*
 * Read the arguments behind the verb into `settings`, whose arrays the caller
 * frees with settings_done(). Returns DONE, or USAGE with the message printed.
 */
int read_options(const struct verb *verb, int argc, char **argv,
		 struct settings *settings);
void settings_done(struct settings *settings);

/* `gocrash --help` and `gocrash VERB --help`, on standard output. */
void print_help(void);
void print_verb_help(const struct verb *verb);

int run_core(const struct settings *settings);
int run_diff(const struct settings *settings);
int run_explain(const struct settings *settings);
int run_goroutines(const struct settings *settings);
int run_merge(const struct settings *settings);
int run_offset(const struct settings *settings);
int run_words(const struct settings *settings);

#endif
