/* What can be said of functions by their names alone. */

#include "crash.h"

#include "span.h"

// Start of what follows the import path: behind its last `/`, before any
// bracket (a type argument may hold slashes of its own).
static size_t last_element(struct gcr_span name)
{
	size_t start = 0;

	for (size_t i = 0; i < name.size; i++) {
		char c = name.data[i];
		if (c == '(' || c == '[' || c == ' ' || c == '{')
			break;
		if (c == '/')
			start = i + 1;
	}
	return start;
}

// `func1`, `gowrap2`, `deferwrap1`, `init`, `0`, `1-range2`: not a method.
static bool is_closure_part(struct gcr_span part)
{
	static const char *const words[] = { "func", "gowrap", "deferwrap" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (gcr_span_skip(&part, words[i]))
			break;
	return part.size == 0 || gcr_is_digit(part.data[0]) ||
	       part.data[0] == '.' || gcr_span_starts(part, "\xc2\xb7");
}

// `(*T[...]).M.func1`: the receiver up to `).`
static bool split_pointer(struct gcr_span rest, struct gcr_function_parts *ret)
{
	ptrdiff_t close = gcr_span_find_text(rest, ").");

	if (!gcr_span_starts(rest, "(*") || close == GCR_NOWHERE)
		return false;
	ret->receiver =
		gcr_span_head(gcr_span_tail(rest, 1), (size_t)close - 1);
	ret->name = gcr_span_tail(rest, (size_t)close + 2);
	return true;
}

// No type has these names. Go specification, Package initialization, Program
// execution: `init` is declared as a function only, in package main `main` too.
static bool is_no_type(struct gcr_span name, struct gcr_span package)
{
	return gcr_span_is(name, "init") ||
	       (gcr_span_is(name, "main") && gcr_span_is(package, "main"));
}

// `T.M`, but not `f.func1`, `init.0` or `glob..func1`. A closure that inlining
// named after two functions, `f.g.func1`, looks like a method's and is taken
// for one.
static bool split_value(struct gcr_span rest, struct gcr_function_parts *ret)
{
	size_t at = 0;
	unsigned brackets = 0;

	for (; at < rest.size; at++) {
		char c = rest.data[at];
		brackets += c == '[';
		brackets -= c == ']' && brackets > 0;
		if (c == '.' && brackets == 0)
			break;
	}
	if (at == 0 || at + 1 >= rest.size ||
	    is_no_type(gcr_span_head(rest, at), ret->package) ||
	    is_closure_part(gcr_span_tail(rest, at + 1)))
		return false;
	ret->receiver = gcr_span_head(rest, at);
	ret->name = gcr_span_tail(rest, at + 1);
	return true;
}

struct gcr_function_parts gcr_function_split(struct gcr_span function)
{
	struct gcr_function_parts parts = { .name = function };
	size_t element = last_element(function);
	ptrdiff_t dot = gcr_span_find(gcr_span_tail(function, element), '.');
	struct gcr_span rest;

	if (dot == GCR_NOWHERE || dot == 0 ||
	    gcr_span_starts(function, "type:.") ||
	    gcr_span_starts(function, "type.."))
		return parts;
	parts.package = gcr_span_head(function, element + (size_t)dot);
	rest = gcr_span_tail(function, element + (size_t)dot + 1);
	parts.name = rest;
	if (!split_pointer(rest, &parts))
		split_value(rest, &parts);
	return parts;
}

bool gcr_function_is_runtime(struct gcr_span function)
{
	return gcr_span_starts(function, "runtime.") ||
	       gcr_span_starts(function, "runtime/") ||
	       gcr_span_starts(function, "internal/runtime/") ||
	       gcr_span_is(function, "panic");
}

// The standard library's import paths have no dot in their first element;
// neither has `main`, nor a module without a host's name.
bool gcr_function_is_standard(struct gcr_span function)
{
	static const char *const roots[] = {
		"archive",  "arena",	"bufio",     "builtin",	 "bytes",
		"cmp",	    "compress", "container", "context",	 "crypto",
		"database", "debug",	"embed",     "encoding", "errors",
		"expvar",   "flag",	"fmt",	     "go",	 "hash",
		"html",	    "image",	"index",     "internal", "io",
		"iter",	    "log",	"maps",	     "math",	 "mime",
		"net",	    "os",	"path",	     "plugin",	 "reflect",
		"regexp",   "runtime",	"slices",    "sort",	 "strconv",
		"strings",  "structs",	"sync",	     "syscall",	 "testing",
		"text",	    "time",	"unicode",   "unique",	 "unsafe",
		"vendor",   "weak",
	};
	size_t size = 0;

	if (gcr_function_is_runtime(function))
		return true;
	while (size < function.size && function.data[size] != '/' &&
	       function.data[size] != '.')
		size++;
	struct gcr_span root = gcr_span_head(function, size);
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (gcr_span_is(root, roots[i]))
			return true;
	return false;
}

// Go runtime/proc.go newproc1: gostartcallfn's return address.
size_t gcr_called_frames(const struct gcr_goroutine *goroutine)
{
	size_t count = goroutine->frame_count;

	return count > 1 && gcr_span_is(goroutine->frames[count - 1].function,
					"runtime.goexit")
		       ? count - 1
		       : count;
}
