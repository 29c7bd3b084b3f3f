/*
 * The rows: options. First what reads their values, then the options, then
 * which verb has which. A new option is a row and its name in those lists.
 */

#include "optionrows.h"

#include "terminal.h"

#include <stddef.h>
#include <string.h>

/* Their values --------------------------------------------------------------- */

static struct gcr_span text_of(const char *value)
{
	return (struct gcr_span){ value, strlen(value) };
}

// Decimal digits at `*text`, which moves behind them; up to 18 of them.
static bool read_digits(const char **text, uint64_t *ret)
{
	uint64_t number = 0;
	int digits = 0;

	for (; **text >= '0' && **text <= '9' && digits < 19; digits++)
		number = number * 10 + (uint64_t)(*(*text)++ - '0');
	*ret = number;
	return digits > 0 && digits < 19;
}

static bool read_number(const char *value, uint64_t least, uint64_t *ret)
{
	return read_digits(&value, ret) && *value == '\0' && *ret >= least;
}

// The index of `value` among `names`; -1 when it is none of them.
static int choose(const char *value, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(value, names[i]) == 0)
			return (int)i;
	return -1;
}

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
	settings->arch = gcr_arch_from_name(text_of(value));
	return settings->arch == GCR_ARCH_UNKNOWN ? -1 : 0;
}

static int set_go(struct settings *settings, const char *value)
{
	settings->go = gcr_go_minor(text_of(value));
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

static int set_context(struct settings *settings, const char *value)
{
	enum {
		MOST_ROWS = 1000
	};
	uint64_t rows;

	if (!read_number(value, 0, &rows) || rows > MOST_ROWS)
		return -1;
	settings->context = (unsigned)rows;
	settings->has_context = true;
	return 0;
}

static int set_format(struct settings *settings, const char *value)
{
	static const char *const names[] = {
		[FORMAT_TEXT] = "text",	    [FORMAT_JSON] = "json",
		[FORMAT_FOLDED] = "folded", [FORMAT_PPROF] = "pprof",
		[FORMAT_HTML] = "html",
	};
	int choice = choose(value, names, sizeof(names) / sizeof(names[0]));

	if (choice < 0)
		return -1;
	settings->format = (enum format_choice)choice;
	settings->json = settings->format == FORMAT_JSON;
	return 0;
}

static int set_json(struct settings *settings, const char *value)
{
	(void)value;
	return set_format(settings, "json");
}

static int set_goroutine(struct settings *settings, const char *value)
{
	return read_number(value, 1, &settings->goroutine) ? 0 : -1;
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

	if (!read_digits(&value, &number) || number > UINT32_MAX)
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
		    !read_digits(&value, &settings->ids[terms->id_count++]))
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
	int choice = choose(value, names, sizeof(names) / sizeof(names[0]));

	if (choice < 0)
		return -1;
	settings->order = (enum gcr_order)choice;
	return 0;
}

static int set_top(struct settings *settings, const char *value)
{
	uint64_t number;

	if (!read_number(value, 0, &number))
		return -1;
	settings->top = (size_t)number;
	settings->has_top = true;
	return 0;
}

static int set_host(struct settings *settings, const char *value)
{
	settings->host = value;
	return *value != '\0' ? 0 : -1;
}

static int set_growth(struct settings *settings, const char *value)
{
	return read_number(value, 1, &settings->growth) ? 0 : -1;
}

static int set_color(struct settings *settings, const char *value)
{
	static const char *const names[] = {
		[COLOR_AUTO] = "auto",
		[COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};
	int choice = choose(value, names, sizeof(names) / sizeof(names[0]));

	if (choice < 0)
		return -1;
	settings->color = (enum color_choice)choice;
	return 0;
}

/* Options --------------------------------------------------------------------- */

// clang-format off
#define TAKES(id, name, value, apply, line)                                    \
	static const struct option option_##id = { name, value, line, apply, 0 };
#define SETS(id, name, flag, line)                                             \
	static const struct option option_##id = {                             \
		name, NULL, line, NULL, offsetof(struct settings, flag)        \
	};

TAKES(decl, "--decl", "SIGNATURE", add_declaration,
      "a function's declaration, as in its source; repeatable")
TAKES(source, "--source", "DIR", add_source,
      "take declarations from the Go files below DIR")
TAKES(text, "--source", "DIR", add_source,
      "where the source files are; repeatable")
TAKES(arch, "--arch", "ARCH", set_arch,
      "amd64, 386 or arm64, where the text does not show it")
TAKES(go, "--go", "1.N", set_go,
      "the Go release that printed it, where not shown")
TAKES(listing, "--listing", "FILE", set_listing,
      "instructions: what go build -gcflags=-S wrote")
TAKES(code, "--binary", "FILE", set_binary,
      "the program itself, disassembled, in place of a listing")
TAKES(binary, "--binary", "FILE", set_binary,
      "the program: names, types, what was passed; for a core")
TAKES(program, "--binary", "FILE", set_binary,
      "the program, when FILE is a core")
TAKES(context, "--context", "N", set_context,
      "rows around the one in question, at most 1000")
TAKES(json, "--json", NULL, set_json,
      "JSON instead of text, one document a line")
TAKES(format, "--format", "FORMAT", set_format,
      "text, json, html, folded (flame graphs) or pprof")
TAKES(growth, "--fail-on-growth", "N", set_growth,
      "exit with 3 if a group grew by N or more")
TAKES(host, "--host", "NAME", set_host,
      "where the dump is from (without it, the file's name)")
TAKES(color, "--color", "WHEN", set_color,
      "auto (on a terminal), always, never")
TAKES(goroutine, "--goroutine", "ID", set_goroutine,
      "this one alone")
TAKES(state, "--state", "TEXT", set_state,
      "only those whose state contains TEXT")
TAKES(function, "--function", "TEXT", set_function,
      "only those with TEXT in a function's name on the stack")
TAKES(package, "--package", "PATH", set_package,
      "only those with code of PATH, or below it, on the stack")
TAKES(min_age, "--min-age", "MINUTES", set_min_age,
      "only those that have waited so long at least; 2h, 1d")
TAKES(max_age, "--max-age", "MINUTES", set_max_age,
      "only those that have waited so long at most")
TAKES(label, "--label", "KEY[=VALUE]", set_label,
      "only those with that label")
TAKES(id, "--id", "N[,N]...", add_ids,
      "only these goroutines")
TAKES(where, "--where", "JQ", set_where,
      "only those for whose JSON this jq program says true")
TAKES(sort, "--sort", "BY", set_sort,
      "groups by count, age, state or function; none: as found")
TAKES(top, "--top", "N", set_top,
      "at most N groups; default 50, 0 for all")

SETS(all, "--all", all,
     "every goroutine in full, and all other output")
SETS(every, "--all", all,
     "every frame, every group, and what is the runtime's")
SETS(every_change, "--all", all,
     "every group that changed, however many")
SETS(c_frames, "--c-frames", c_frames,
     "the C frames of goroutines in C code, too")
SETS(follow, "--follow", follow,
     "go on as FILE grows; each dump once it is complete")
SETS(force, "--force", force,
     "use the program even if the dump is not its own")
SETS(groups, "--groups", groups,
     "with --json: one summary per dump, for 'gocrash merge'")
SETS(help, "--help", help,
     "this text")
SETS(locals, "--locals", locals,
     "parameters and local variables of frames (needs DWARF)")

/* Which verb has which --------------------------------------------------------- */

const struct option *const explain_options[] = {
	&option_decl, &option_source, &option_binary, &option_force,
	&option_arch, &option_go, &option_all, &option_json, &option_color,
	&option_help, NULL
};

const struct option *const goroutines_options[] = {
	&option_state, &option_function, &option_package, &option_min_age,
	&option_max_age, &option_label, &option_id, &option_where,
	&option_sort, &option_top, &option_every, &option_follow,
	&option_groups, &option_host, &option_format, &option_json,
	&option_program, &option_force, &option_decl, &option_source,
	&option_arch, &option_go, &option_color, &option_help, NULL
};

const struct option *const core_options[] = {
	&option_locals, &option_goroutine, &option_c_frames, &option_force,
	&option_json, &option_color, &option_help, NULL
};

const struct option *const diff_options[] = {
	&option_every_change, &option_growth, &option_program, &option_force,
	&option_source, &option_json, &option_color, &option_help, NULL
};

const struct option *const merge_options[] = { &option_help, NULL };

const struct option *const offset_options[] = {
	&option_listing, &option_code, &option_text, &option_context,
	&option_json, &option_color, &option_help, NULL
};

const struct option *const words_options[] = {
	&option_arch, &option_go, &option_json, &option_color, &option_help,
	NULL
};
// clang-format on
