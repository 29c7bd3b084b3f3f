/*
 * Names fit part by part: what stands before the type arguments, the type
 * arguments, what stands behind them. `"".` stands for the package, in its
 * linker's spelling.
 */

#include "listname.h"

#include "crash.h"
#include "span.h"

#define OWN "\"\"."

/* A name cut at its first `[` and its last `]`. */
struct parts {
	struct gcr_span head, arguments, tail;
};

static struct parts cut(struct gcr_span name)
{
	struct gcr_span none = { 0 };
	ptrdiff_t open = gcr_span_find(name, '[');
	ptrdiff_t close = gcr_span_find_last(name, ']');

	if (open == GCR_NOWHERE || close < open)
		return (struct parts){ name, none, none };
	return (struct parts){
		.head = gcr_span_head(name, (size_t)open),
		.arguments =
			gcr_span_head(gcr_span_tail(name, (size_t)open + 1),
				      (size_t)(close - open) - 1),
		.tail = gcr_span_tail(name, (size_t)close + 1),
	};
}

// Go cmd/internal/objabi/path.go PathToPrefix: `%2e` in the last element.
static bool is_escaped(char c, bool last)
{
	unsigned char byte = (unsigned char)c;

	return byte <= ' ' || byte == '%' || byte == '"' || byte >= 0x7f ||
	       (last && c == '.');
}

// If `*text` starts with `path`, escaped or not, move behind it.
static bool skip_path(struct gcr_span *text, struct gcr_span path)
{
	static const char digits[] = "0123456789abcdef";
	ptrdiff_t slash = gcr_span_find_last(path, '/');
	struct gcr_span rest = *text;

	for (size_t i = 0; i < path.size; i++) {
		unsigned char c = (unsigned char)path.data[i];
		const char escape[] = { '%', digits[c >> 4], digits[c & 15],
					'\0' };

		if (is_escaped(path.data[i], (ptrdiff_t)i > slash) &&
		    gcr_span_skip(&rest, escape))
			continue;
		if (!gcr_span_skip_char(&rest, path.data[i]))
			return false;
	}
	*text = rest;
	return true;
}

// Move `*printed` behind a package that `"".` can stand for, and its dot.
static bool skip_own(struct gcr_span *printed,
		     const struct gcr_listname_package *package)
{
	struct gcr_span rest = *printed;
	bool may_be_main = !package->named || package->main;
	bool may_be_path = !package->named || !package->main;

	if (may_be_main && gcr_span_skip(&rest, "main.")) {
		*printed = rest;
		return true;
	}
	if (may_be_path && package->path.data == NULL)
		rest = gcr_span_tail(rest,
				     gcr_function_split(rest).package.size);
	else if (!may_be_path || !skip_path(&rest, package->path))
		return false;
	if (!gcr_span_skip_char(&rest, '.'))
		return false;
	*printed = rest;
	return true;
}

static bool fits(struct gcr_span listed,
		 const struct gcr_listname_package *package,
		 struct gcr_span printed)
{
	while (listed.size > 0) {
		if (listed.data[0] == '"' && gcr_span_starts(listed, OWN) &&
		    skip_own(&printed, package)) {
			listed = gcr_span_tail(listed, strlen(OWN));
			continue;
		}
		if (!gcr_span_skip_char(&printed, listed.data[0]))
			return false;
		listed = gcr_span_tail(listed, 1);
	}
	return printed.size == 0;
}

// `example` for `main.example`, `(*T).M` for `example.com/p.(*T).M`.
static bool fits_bare(struct gcr_span listed,
		      const struct gcr_listname_package *package,
		      struct gcr_span printed)
{
	struct parts want = cut(printed);
	struct gcr_span package_name = gcr_function_split(listed).package;
	struct parts have;

	if (package_name.size == 0)
		return false;
	have = cut(gcr_span_tail(listed, package_name.size + 1));
	return fits(have.head, package, want.head) &&
	       fits(have.tail, package, want.tail);
}

// `util.F` for `example.com/x/util.F`.
static bool fits_tail(struct gcr_span listed,
		      const struct gcr_listname_package *package,
		      struct gcr_span printed)
{
	struct gcr_span wanted = gcr_function_split(printed).package;
	struct gcr_span path = gcr_function_split(listed).package;
	size_t size = path.size;

	if (gcr_span_starts(listed, OWN)) {
		path = package->path;
		size = strlen(OWN) - 1;
	}
	if (wanted.size == 0 || path.size <= wanted.size ||
	    !gcr_span_equal(gcr_span_tail(path, path.size - wanted.size),
			    wanted) ||
	    path.data[path.size - wanted.size - 1] != '/')
		return false;
	struct parts have = cut(gcr_span_tail(listed, size));
	struct parts want = cut(gcr_span_tail(printed, wanted.size));
	return fits(have.head, package, want.head) &&
	       fits(have.tail, package, want.tail);
}

enum gcr_listname_fit
gcr_listname_fit(struct gcr_span listed,
		 const struct gcr_listname_package *package,
		 struct gcr_span printed)
{
	struct parts have = cut(listed), want;

	if (gcr_span_is(printed, "panic"))
		printed = GCR_SPAN("runtime.gopanic");
	want = cut(printed);
	if (fits(have.head, package, want.head) &&
	    fits(have.tail, package, want.tail)) {
		bool both = (have.arguments.data == NULL) ==
			    (want.arguments.data == NULL);

		if (both && (gcr_span_is(want.arguments, "...") ||
			     fits(have.arguments, package, want.arguments)))
			return GCR_FIT_EXACT;
		return GCR_FIT_GENERIC;
	}
	return fits_bare(listed, package, printed) ||
			       fits_tail(listed, package, printed)
		       ? GCR_FIT_BARE
		       : GCR_FIT_NONE;
}

uint32_t gcr_listname_hash(struct gcr_span name)
{
	struct parts parts = cut(name);
	ptrdiff_t dot = gcr_span_find_last(parts.tail, '.');
	struct gcr_span last = gcr_span_tail(parts.tail, (size_t)(dot + 1));
	uint32_t hash = 2166136261u;

	if (gcr_span_is(name, "panic"))
		last = GCR_SPAN("gopanic");
	else if (dot == GCR_NOWHERE)
		last = gcr_span_tail(
			parts.head,
			(size_t)(gcr_span_find_last(parts.head, '.') + 1));
	for (size_t i = 0; i < last.size; i++)
		hash = (hash ^ (unsigned char)last.data[i]) * 16777619u;
	return hash;
}

bool gcr_listname_of_package(const struct gcr_listname_package *package,
			     struct gcr_span printed)
{
	return skip_own(&printed, package);
}
