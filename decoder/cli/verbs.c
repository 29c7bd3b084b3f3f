/* The rows: verbs, options, examples. */

#include "verbs.h"

#include "terminal.h"

#include <string.h>

static int add_declaration(struct settings *settings, const char *value)
{
	settings->declarations[settings->declaration_count++] = value;
	return 0;
}

static int add_source(struct settings *settings, const char *value)
{
	settings->sources[settings->source_count++] = value;
	return 0;
}

static int set_arch(struct settings *settings, const char *value)
{
	struct gcr_span name = { value, strlen(value) };

	settings->arch = gcr_arch_from_name(name);
	return settings->arch == GCR_ARCH_UNKNOWN ? -1 : 0;
}

static int set_go(struct settings *settings, const char *value)
{
	struct gcr_span text = { value, strlen(value) };

	settings->go = gcr_go_minor(text);
	return settings->go == 0 ? -1 : 0;
}

static int set_listing(struct settings *settings, const char *value)
{
	settings->listing = value;
	return 0;
}

static int set_binary(struct settings *settings, const char *value)
{
	settings->binary = value;
	return 0;
}

// Decimal digits at `*text`, which moves behind them; up to 18 of them.
static bool read_number(const char **text, uint64_t *ret)
{
	uint64_t number = 0;
	int digits = 0;

	for (; **text >= '0' && **text <= '9' && digits < 19; digits++)
		number = number * 10 + (uint64_t)(*(*text)++ - '0');
	*ret = number;
	return digits > 0 && digits < 19;
}

static int set_context(struct settings *settings, const char *value)
{
	enum {
		MOST_ROWS = 1000
	};
	uint64_t rows;

	if (!read_number(&value, &rows) || *value != '\0' || rows > MOST_ROWS)
		return -1;
	settings->context = (unsigned)rows;
	settings->has_context = true;
	return 0;
}

static int set_json(struct settings *settings, const char *value)
{
	(void)value;
	settings->format = FORMAT_JSON;
	settings->json = true;
	return 0;
}

static int set_format(struct settings *settings, const char *value)
{
	static const char *const names[] = {
		[FORMAT_TEXT] = "text",	    [FORMAT_JSON] = "json",
		[FORMAT_FOLDED] = "folded", [FORMAT_PPROF] = "pprof",
		[FORMAT_HTML] = "html",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(value, names[i]) == 0) {
			settings->format = (enum format_choice)i;
			settings->json = settings->format == FORMAT_JSON;
			return 0;
		}
	return -1;
}

static int set_all(struct settings *settings, const char *value)
{
	(void)value;
	settings->all = true;
	return 0;
}

static int set_force(struct settings *settings, const char *value)
{
	(void)value;
	settings->force = true;
	return 0;
}

static int set_locals(struct settings *settings, const char *value)
{
	(void)value;
	settings->locals = true;
	return 0;
}

static int set_goroutine(struct settings *settings, const char *value)
{
	uint64_t id;

	if (!read_number(&value, &id) || *value != '\0' || id == 0)
		return -1;
	settings->goroutine = id;
	return 0;
}

static struct gcr_span text_of(const char *value)
{
	return (struct gcr_span){ value, strlen(value) };
}

static int set_state(struct settings *settings, const char *value)
{
	settings->terms.state = text_of(value);
	return 0;
}

static int set_function(struct settings *settings, const char *value)
{
	settings->terms.function = text_of(value);
	return 0;
}

static int set_package(struct settings *settings, const char *value)
{
	settings->terms.package = text_of(value);
	return 0;
}

static int set_label(struct settings *settings, const char *value)
{
	settings->terms.label = text_of(value);
	return 0;
}

// `90`, `90m`, `2h`, `1d`: minutes are what a dump tells.
static int read_age(const char *value, uint64_t *ret)
{
	static const struct {
		const char *unit;
		uint64_t minutes;
	} units[] = { { "", 1 }, { "m", 1 }, { "h", 60 }, { "d", 24 * 60 } };
	uint64_t number;

	if (!read_number(&value, &number) || number > UINT32_MAX)
		return -1;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(value, units[i].unit) == 0) {
			*ret = number * units[i].minutes;
			return 0;
		}
	return -1;
}

static int set_min_age(struct settings *settings, const char *value)
{
	return read_age(value, &settings->terms.least_minutes);
}

static int set_max_age(struct settings *settings, const char *value)
{
	settings->terms.has_most = true;
	return read_age(value, &settings->terms.most_minutes);
}

// `7` or `7,12,18`
static int add_ids(struct settings *settings, const char *value)
{
	struct gcr_filter_terms *terms = &settings->terms;

	terms->ids = settings->ids;
	for (;;) {
		if (terms->id_count == MOST_IDS ||
		    !read_number(&value, &settings->ids[terms->id_count++]))
			return -1;
		if (*value == '\0')
			return 0;
		if (*value++ != ',')
			return -1;
	}
}

static int set_where(struct settings *settings, const char *value)
{
	settings->where = value;
	return 0;
}

static int set_sort(struct settings *settings, const char *value)
{
	static const char *const names[] = {
		[GCR_BY_COUNT] = "count", [GCR_BY_AGE] = "age",
		[GCR_BY_STATE] = "state", [GCR_BY_PLACE] = "function",
		[GCR_AS_FOUND] = "none",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(value, names[i]) == 0) {
			settings->order = (enum gcr_order)i;
			return 0;
		}
	return -1;
}

static int set_top(struct settings *settings, const char *value)
{
	uint64_t number;

	if (!read_number(&value, &number) || *value != '\0')
		return -1;
	settings->top = (size_t)number;
	settings->has_top = true;
	return 0;
}

static int set_groups(struct settings *settings, const char *value)
{
	(void)value;
	settings->groups = true;
	return 0;
}

static int set_host(struct settings *settings, const char *value)
{
	settings->host = value;
	return *value != '\0' ? 0 : -1;
}

static int set_follow(struct settings *settings, const char *value)
{
	(void)value;
	settings->follow = true;
	return 0;
}

static int set_growth(struct settings *settings, const char *value)
{
	uint64_t number;

	if (!read_number(&value, &number) || *value != '\0' || number == 0)
		return -1;
	settings->growth = number;
	return 0;
}

static int set_c_frames(struct settings *settings, const char *value)
{
	(void)value;
	settings->c_frames = true;
	return 0;
}

static int set_help(struct settings *settings, const char *value)
{
	(void)value;
	settings->help = true;
	return 0;
}

static int set_color(struct settings *settings, const char *value)
{
	static const char *const names[] = {
		[COLOR_AUTO] = "auto",
		[COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(value, names[i]) == 0) {
			settings->color = (enum color_choice)i;
			return 0;
		}
	return -1;
}

static const struct option option_decl = {
	"--decl", "SIGNATURE",
	"a function's declaration, as in its source; repeatable",
	add_declaration
};
static const struct option option_source = {
	"--source", "DIR", "take the declarations from the Go files below DIR",
	add_source
};
static const struct option option_arch = {
	"--arch", "ARCH", "amd64, 386 or arm64, when the text does not show it",
	set_arch
};
static const struct option option_go = {
	"--go", "1.N", "the Go release that printed it, when not shown", set_go
};
static const struct option option_listing = {
	"--listing", "FILE", "instructions: what go build -gcflags=-S wrote",
	set_listing
};
static const struct option option_code = {
	"--binary", "FILE", "the program itself, disassembled, for a listing",
	set_binary
};
static const struct option option_binary = {
	"--binary", "FILE",
	"the program itself: names, types, and what was passed", set_binary
};
static const struct option option_program = {
	"--binary", "FILE", "the program, when FILE is a core", set_binary
};
static const struct option option_c_frames = {
	"--c-frames", NULL, "the C frames of goroutines in C code, too",
	set_c_frames
};
static const struct option option_force = {
	"--force", NULL, "take the program even if it is not the trace's",
	set_force
};
static const struct option option_context = {
	"--context", "N", "rows around the one in question, up to 1000",
	set_context
};
static const struct option option_text = {
	"--source", "DIR", "where the source files are; repeatable", add_source
};
static const struct option option_all = {
	"--all", NULL, "every goroutine in full, and all other output", set_all
};
static const struct option option_json = {
	"--json", NULL, "JSON instead of text, one document a line", set_json
};
static const struct option option_format = {
	"--format", "FORMAT",
	"text, json, html, folded (flame graphs) or pprof", set_format
};
static const struct option option_groups = {
	"--groups", NULL,
	"with --json: one summary a dump, for 'gocrash merge'", set_groups
};
static const struct option option_growth = {
	"--fail-on-growth", "N", "exit with 3 if a group grew by N or more",
	set_growth
};
static const struct option option_host = {
	"--host", "NAME",
	"where the dump is from (without it, the file's name)", set_host
};
static const struct option option_color = {
	"--color", "WHEN", "auto (on a terminal), always, never", set_color
};
static const struct option option_locals = {
	"--locals", NULL,
	"parameters and local variables of each frame, by the program's DWARF",
	set_locals
};
static const struct option option_goroutine = { "--goroutine", "ID",
						"this one alone; with --locals",
						set_goroutine };
static const struct option option_state = {
	"--state", "TEXT", "only those whose state has TEXT in it", set_state
};
static const struct option option_function = {
	"--function", "TEXT",
	"only those with a function like that on the stack", set_function
};
static const struct option option_package = {
	"--package", "PATH", "only those with code of PATH, or below it, on it",
	set_package
};
static const struct option option_min_age = {
	"--min-age", "MINUTES", "only those that wait so long at least; 2h, 1d",
	set_min_age
};
static const struct option option_max_age = {
	"--max-age", "MINUTES", "only those that wait so long at most",
	set_max_age
};
static const struct option option_label = { "--label", "KEY[=VALUE]",
					    "only those with that label",
					    set_label };
static const struct option option_id = { "--id", "N[,N]...",
					 "only these goroutines", add_ids };
static const struct option option_where = {
	"--where", "JQ", "only those for whose JSON this jq program says true",
	set_where
};
static const struct option option_sort = {
	"--sort", "BY", "groups by count, age, state, function, none", set_sort
};
static const struct option option_top = {
	"--top", "N", "so many groups at most; default 50, 0 for all", set_top
};
static const struct option option_every = {
	"--all", NULL, "every frame, all groups, and the runtime's own", set_all
};
static const struct option option_follow = {
	"--follow", NULL, "go on as FILE grows; each dump when it is complete",
	set_follow
};
static const struct option option_help = { "--help", NULL, "this text",
					   set_help };

static const struct option *const explain_options[] = { &option_decl,
							&option_source,
							&option_binary,
							&option_force,
							&option_arch,
							&option_go,
							&option_all,
							&option_json,
							&option_color,
							&option_help,
							NULL };

static const struct option *const goroutines_options[] = { &option_state,
							   &option_function,
							   &option_package,
							   &option_min_age,
							   &option_max_age,
							   &option_label,
							   &option_id,
							   &option_where,
							   &option_sort,
							   &option_top,
							   &option_every,
							   &option_follow,
							   &option_groups,
							   &option_host,
							   &option_format,
							   &option_json,
							   &option_program,
							   &option_force,
							   &option_decl,
							   &option_source,
							   &option_arch,
							   &option_go,
							   &option_color,
							   &option_help,
							   NULL };

static const struct option *const diff_options[] = {
	&option_all,   &option_growth, &option_program,
	&option_force, &option_source, &option_json,
	&option_color, &option_help,   NULL
};

static const struct option *const merge_options[] = { &option_help, NULL };

static const struct option *const core_options[] = {
	&option_locals, &option_goroutine, &option_c_frames, &option_force,
	&option_json,	&option_color,	   &option_help,     NULL
};

static const struct option *const words_options[] = {
	&option_arch,  &option_go,   &option_json,
	&option_color, &option_help, NULL
};

static const struct option *const offset_options[] = {
	&option_listing, &option_code,	&option_text, &option_context,
	&option_json,	 &option_color, &option_help, NULL
};

const struct verb verbs[] = {
	{
		.name = "explain",
		.run = run_explain,
		.synopsis = "[OPTION]... [FILE]...",
		.line = "what happened, where in your code, with which values",
		.examples =
			"  gocrash explain crash.txt\n"
			"  go run . 2>&1 | gocrash explain\n"
			"  gocrash explain --source=. crash.txt\n"
			"  gocrash explain --decl='main.example(s []string, i "
			"int)' crash.txt\n"
			"  gocrash explain --json crash.txt | jq .cause\n",
		.more = "FILE is any text with Go tracebacks in it: a crash, a "
			"SIGQUIT dump, a goroutine\n"
			"profile (debug=1 or 2), a race report, a log with "
			"some of these between its\n"
			"lines, prefixed or not. Without FILE, or for `-`, it "
			"is standard input.\n",
		.options = explain_options,
	},
	{
		.name = "goroutines",
		.run = run_goroutines,
		.synopsis = "[OPTION]... [FILE]...",
		.line = "what all goroutines were doing, alike ones together",
		.examples =
			"  gocrash goroutines dump.txt\n"
			"  gocrash goroutines --state='chan send' --min-age=10m "
			"dump.txt\n"
			"  gocrash goroutines --where='.labels.tenant == "
			"\"blue\"' dump.txt\n"
			"  kubectl logs -f pod | gocrash goroutines --follow\n"
			"  gocrash goroutines --json dump.txt | jq .state\n"
			"  gocrash goroutines --format=html dump.txt >dump.html\n"
			"  gocrash goroutines --format=folded dump.txt | flamegraph.pl "
			">dump.svg\n"
			"  gocrash goroutines --format=pprof dump.txt >dump.pb.gz\n",
		.more = "FILE is any text with Go tracebacks in it, or a core "
			"beside its program.\n"
			"Goroutines in one state, with the same frames and the "
			"same creator, are a\n"
			"group. In their lists of arguments 0x2a is the same "
			"in all, <3> are so many\n"
			"different values, ? is stale. Filters are parts of "
			"texts as they stand in the\n"
			"dump; what is given has to hold, all of it.\n"
			"\n"
			"--json is a goroutine a line, and --where is asked "
			"about that line. --follow\n"
			"reads on until the end of a pipe, or Ctrl-C.\n"
			"\n"
			"html is one page that needs nothing else. folded has a line for each stack: the\n"
			"creator first, the state last, then the count. pprof is a profile for 'go tool\n"
			"pprof', with the labels state, created_by, minutes and the program's own.\n",
		.options = goroutines_options,
	},
	{
		.name = "core",
		.run = run_core,
		.synopsis = "[OPTION]... BINARY CORE",
		.line = "what the runtime would have printed for a core",
		.examples =
			"  gocrash core ./app core.1234\n"
			"  gocrash core ./app core.1234 | less\n"
			"  gocrash core --locals --goroutine=18 ./app core.1234\n"
			"  gocrash core --json ./app core.1234 | jq .cause\n"
			"  gocrash explain --binary=./app core.1234\n"
			"  gocrash goroutines --binary=./app core.1234\n",
		.more = "CORE is what the kernel saved of a program that died "
			"under GOTRACEBACK=crash,\n"
			"or what gcore saved of one that goes on (linux/amd64, "
			"go1.16 and later). BINARY\n"
			"is that very program, stripped or not: the core has "
			"its build ID.\n"
			"\n"
			"Where the text says `N minutes`, it is at least so "
			"many: they are counted to the\n"
			"last garbage collection, as a core does not say when "
			"it was taken. What could not\n"
			"be read is told on standard error.\n"
			"\n"
			"--locals shows variables of your own frames with what they "
			"lead to: contents of\n"
			"strings, slices, maps and channels, what a pointer points "
			"to, what an interface\n"
			"holds; each with how far it can be trusted. --json has "
			"those of all frames.\n",
		.options = core_options,
	},
	{
		.name = "diff",
		.run = run_diff,
		.synopsis = "[OPTION]... OLD NEW [NEWER]...",
		.line = "two dumps or more: which groups grew, came, went",
		.examples =
			"  gocrash diff before.txt after.txt\n"
			"  gocrash diff --json 10h.txt 11h.txt 12h.txt | jq "
			"'.groups[] | select(.change == \"grew-always\")'\n"
			"  gocrash diff --fail-on-growth=10 before.txt after.txt\n"
			"  gocrash diff monday.json tuesday.json\n",
		.more = "Groups are those of 'gocrash goroutines': same state, "
			"same frames, same creator.\n"
			"Dumps are compared in the order given, several in one "
			"FILE (`-` or none:\n"
			"standard input) in the order in which they stand "
			"there. FILE may be a text, a\n"
			"core with --binary, or summaries that 'gocrash "
			"goroutines --groups --json' or\n"
			"'gocrash merge' wrote.\n"
			"\n"
			"The exit status is 0 whether or not there is a "
			"difference. With --fail-on-growth\n"
			"it is 3 when a group that never became smaller has N "
			"goroutines more in the last\n"
			"dump than in the first, where it need not have "
			"been.\n",
		.options = diff_options,
	},
	{
		.name = "merge",
		.run = run_merge,
		.synopsis = "[FILE]...",
		.line = "group summaries of many dumps, folded into one",
		.examples =
			"  find dumps -name '*.txt' |\n"
			"    parallel gocrash goroutines --groups "
			"--format=json |\n"
			"    gocrash merge >fleet.json\n"
			"  jq -r '.groups | sort_by(-.count)[] | "
			"[.count, .hosts.count, .state] | @tsv' fleet.json\n",
		.more = "FILE (`-` or none: standard input) has documents as "
			"'gocrash goroutines --groups\n"
			"--json' and this verb write them. Their order does "
			"not matter, nor which were\n"
			"folded before: the result is the same, byte for "
			"byte. Counts are added, of ages\n"
			"the least and the most are kept; a host counts once, "
			"more than 63 of them are\n"
			"estimated (`exact` says so). What is no such document "
			"fails, and nothing is\n"
			"written.\n",
		.options = merge_options,
	},
	{
		.name = "offset",
		.run = run_offset,
		.synopsis = "{--listing|--binary}=FILE [OPTION]... "
			    "[FUNCTION+OFFSET | FILE]...",
		.line = "which instruction +0x39 is, and what it calls",
		.examples =
			"  go build -gcflags=-S 2>app.S; ./app 2>crash.txt\n"
			"  gocrash offset --listing=app.S crash.txt\n"
			"  gocrash offset --listing=app.S main.example+0x39\n"
			"  gocrash offset --listing=app.S --source=. "
			"'main.(*T).M+57'\n"
			"  gocrash offset --binary=app crash.txt\n",
		.more = "An offset is that of the instruction behind the CALL, "
			"where the call returns\n"
			"to; in a frame that faulted it is that of the "
			"instruction itself. Of FILE (`-`\n"
			"or none: standard input) each frame with an offset is "
			"shown. Letters pair\n"
			"instructions and source lines.\n"
			"\n"
			"The listing has to be of the same sources, flags and "
			"Go release as the program:\n"
			"others give other offsets, which is told where it "
			"shows. The go command writes\n"
			"it to standard error, and replays it from its "
			"cache.\n",
		.options = offset_options,
	},
	{
		.name = "words",
		.run = run_words,
		.synopsis = "[OPTION]... SIGNATURE WORD...",
		.line = "decode the words of one call, given by hand",
		.examples =
			"  gocrash words 'main.example(b1, b2, b3 bool, i "
			"uint8)' 0xc019010001\n"
			"  gocrash words 'f(slice []string, i int)' "
			"'{0xc000042748, 0x2, 0x4}, 0xa?'\n"
			"  gocrash words 'f(s string)' 'main.f({0x47369d, "
			"0x5})'\n"
			"  gocrash words --arch=386 'f(a int64)' 0xffffffff "
			"0xffffffff\n",
		.more = "Words are as a traceback has them: apart or with "
			"commas, with braces and `?`,\n"
			"or the whole line of a frame. Without braces they "
			"are flat words, as Go\n"
			"printed them up to 1.16; with --go=1.17 or later, "
			"typed components.\n",
		.options = words_options,
	},
};

const size_t verb_count = sizeof(verbs) / sizeof(verbs[0]);

const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < verb_count; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}
