/*
 * The rows: verbs, with what --help says of each. Texts stand as they are
 * printed, at most 80 columns wide.
 */

#include "verbs.h"

#include "optionrows.h"

#include <string.h>

// clang-format off
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
"  gocrash explain --decl='main.example(s []string, i int)' crash.txt\n"
"  gocrash explain --binary=./app core.1234\n"
"  gocrash explain --json crash.txt | jq .cause\n",
		.more =
"FILE is any text with Go tracebacks in it: a crash, a SIGQUIT dump, a goroutine\n"
"profile (debug=1 or 2), a race report, a log with some of these between its\n"
"lines, prefixed or not; or a core, with the program that left it as --binary.\n"
"Without FILE, or for `-`, it is standard input.\n",
		.options = explain_options,
	},
	{
		.name = "goroutines",
		.run = run_goroutines,
		.synopsis = "[OPTION]... [FILE]...",
		.line = "what all goroutines were doing, alike ones together",
		.examples =
"  gocrash goroutines dump.txt\n"
"  gocrash goroutines --state='chan send' --min-age=10m dump.txt\n"
"  gocrash goroutines --where='.labels.tenant == \"blue\"' dump.txt\n"
"  kubectl logs -f pod | gocrash goroutines --follow\n"
"  gocrash goroutines --json dump.txt | jq .state\n"
"  gocrash goroutines --format=html dump.txt >dump.html\n"
"  gocrash goroutines --format=folded dump.txt | flamegraph.pl >dump.svg\n"
"  gocrash goroutines --format=pprof dump.txt >dump.pb.gz\n"
"  gocrash goroutines --binary=./app core.1234\n",
		.more =
"FILE is any text with Go tracebacks in it, or a core with its program as\n"
"--binary. Goroutines in the same state, with the same frames and the same\n"
"creator, are one group. In a group's arguments 0x2a is the same in all, <3>\n"
"stands for three different values, ? is stale. Filters compare with the text of\n"
"the dump; where several are given, all have to hold.\n"
"\n"
"--json writes one goroutine a line, and --where is asked about that line.\n"
"--follow reads a text on until the end of a pipe, or Ctrl-C.\n"
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
"  gocrash core --locals ./app core.1234 | less\n"
"  gocrash core --locals --goroutine=18 ./app core.1234\n"
"  gocrash core --json ./app core.1234 | jq .cause\n"
"  zstd -dc core.zst | gocrash core ./app -\n"
"  gocrash explain --binary=./app core.1234\n"
"  gocrash goroutines --binary=./app core.1234\n",
		.more =
"CORE is what the kernel saved of a program that died under GOTRACEBACK=crash, or\n"
"what gcore saved of one that runs on (linux/amd64, go1.16 and later). BINARY is\n"
"the very program that left it, stripped or not: their build IDs are compared.\n"
"\n"
"`N minutes` in the text is at least so many: a core does not say when it was\n"
"taken, so they are counted to the last garbage collection. What could not be\n"
"read is told on standard error.\n"
"\n"
"--locals shows the variables of your own frames and what they lead to: contents\n"
"of strings, slices, maps and channels, what a pointer points to, what an\n"
"interface holds, each with how far it can be trusted. With --json those of the\n"
"standard library's frames, too. Without DWARF it still shows what each goroutine\n"
"waits for, and what was panicked with.\n",
		.options = core_options,
	},
	{
		.name = "diff",
		.run = run_diff,
		.synopsis = "[OPTION]... OLD NEW [NEWER]...",
		.line = "two or more dumps: which groups grew, came, went",
		.examples =
"  gocrash diff before.txt after.txt\n"
"  gocrash diff --json 10h.txt 11h.txt 12h.txt |\n"
"    jq '.groups[] | select(.change == \"grew-always\")'\n"
"  gocrash diff --fail-on-growth=10 before.txt after.txt\n"
"  gocrash diff monday.json tuesday.json\n",
		.more =
"Groups are those of 'gocrash goroutines': same state, same frames, same creator.\n"
"Dumps are compared in the order given, several in one FILE (`-` or none:\n"
"standard input) in the order in which they stand there. FILE is a text, a core\n"
"with its program as --binary, or summaries that 'gocrash goroutines --groups\n"
"--json' or 'gocrash merge' wrote.\n"
"\n"
"The exit status is 0 whether or not there is a difference. With --fail-on-growth\n"
"it is 3 when a group that never shrank has at least N goroutines more in the\n"
"last dump than in the first (where it may not have been at all).\n",
		.options = diff_options,
	},
	{
		.name = "merge",
		.run = run_merge,
		.synopsis = "[FILE]...",
		.line = "group summaries of many dumps, folded into one",
		.examples =
"  find dumps -name '*.txt' |\n"
"    parallel gocrash goroutines --groups --format=json |\n"
"    gocrash merge >fleet.json\n"
"  jq -r '.groups | sort_by(-.count)[] | [.count, .hosts.count, .state] | @tsv' \\\n"
"    fleet.json\n",
		.more =
"FILE (`-` or none: standard input) has documents as 'gocrash goroutines --groups\n"
"--json' and this verb write them. Neither their order matters nor which were\n"
"folded before: the result is the same, byte for byte. Counts are added, of ages\n"
"the least and the most are kept; a host counts once, more than 63 of them are\n"
"estimated (`exact` says so). Anything else in FILE is an error, and nothing is\n"
"written.\n",
		.options = merge_options,
	},
	{
		.name = "offset",
		.run = run_offset,
		.synopsis = "[OPTION]... [FUNCTION+OFFSET | FILE]...",
		.line = "which instruction +0x39 is, and what it calls",
		.examples =
"  go build -gcflags=-S 2>app.S; ./app 2>crash.txt\n"
"  gocrash offset --listing=app.S crash.txt\n"
"  gocrash offset --listing=app.S main.example+0x39\n"
"  gocrash offset --listing=app.S --source=. 'main.(*T).M+57'\n"
"  gocrash offset --binary=app crash.txt\n",
		.more =
"Either --listing or --binary has to be given.\n"
"\n"
"An offset is that of the instruction after the CALL, where the call returns to;\n"
"in a frame that faulted it is that of the instruction itself. Of FILE (`-` or\n"
"none: standard input), a text or with --binary a core, each frame with an offset\n"
"is shown. Letters pair instructions and source lines.\n"
"\n"
"The listing has to be of the same sources, flags and Go release as the program:\n"
"others give other offsets, which is said where it shows. The go command writes\n"
"it to standard error, and replays it from its cache.\n",
		.options = offset_options,
	},
	{
		.name = "words",
		.run = run_words,
		.synopsis = "[OPTION]... SIGNATURE WORD...",
		.line = "decode the words of one call, given by hand",
		.examples =
"  gocrash words 'main.example(b1, b2, b3 bool, i uint8)' 0xc019010001\n"
"  gocrash words 'f(slice []string, i int)' '{0xc000042748, 0x2, 0x4}, 0xa?'\n"
"  gocrash words 'f(s string)' 'main.f({0x47369d, 0x5})'\n"
"  gocrash words --arch=386 'f(a int64)' 0xffffffff 0xffffffff\n",
		.more =
"Words are as a traceback has them: apart or with commas, with braces and `?`,\n"
"or the whole line of a frame. Without braces they are flat words, as Go\n"
"printed them up to 1.16; with --go=1.17 or later, typed components.\n",
		.options = words_options,
	},
};
// clang-format on

const size_t verb_count = sizeof(verbs) / sizeof(verbs[0]);

const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < verb_count; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}
