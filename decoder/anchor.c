/*
 * Anchors: the lines that tell a dump wherever they stand in their line.
 *
 *	goroutine 7 [running]:              then the line end, or an escaped one
 *	goroutine 7 gp=0x… m=nil [select, 2 minutes]:
 *	goroutine profile: total 4
 *	WARNING: DATA RACE
 *	runtime stack:
 */

#include "prefix.h"

#include "span.h"

// The longest `[state]` looked at; labels can be long.
enum {
	STATE_MAX = 4096
};

// The end of an anchor: a line end, an escaped one, or the end of a string.
static bool ends_anchor(struct gcr_span rest, bool *folded)
{
	*folded =
		rest.size > 0 && (rest.data[0] == '\\' || rest.data[0] == '"');
	return rest.size == 0 || *folded || rest.data[0] == '\n' ||
	       rest.data[0] == '\r';
}

// ` [state]:`, to the `]:` that is followed by an end.
static bool state_follows(struct gcr_span rest, bool *folded)
{
	rest = gcr_span_head(rest, STATE_MAX);
	for (size_t i = 0; i + 1 < rest.size && rest.data[i] != '\n'; i++)
		if (rest.data[i] == ']' && rest.data[i + 1] == ':' &&
		    ends_anchor(gcr_span_tail(rest, i + 2), folded))
			return true;
	return false;
}

// Behind `goroutine `.
static bool header_follows(struct gcr_span rest, bool *folded)
{
	uint64_t number;

	if (gcr_span_skip(&rest, "profile: total ")) {
		if (gcr_span_decimal(&rest, &number) == GCR_NUMBER_NONE)
			return false;
		return ends_anchor(rest, folded);
	}
	if (gcr_span_decimal(&rest, &number) == GCR_NUMBER_NONE ||
	    !gcr_span_skip(&rest, " "))
		return false;
	if (gcr_span_skip(&rest, "gp=")) {
		ptrdiff_t bracket = gcr_span_find(gcr_span_head(rest, 80), '[');
		if (bracket == GCR_NOWHERE)
			return false;
		rest = gcr_span_tail(rest, (size_t)bracket);
	}
	return gcr_span_skip(&rest, "[") && state_follows(rest, folded);
}

// Is the word at `at` an anchor, by what follows it?
static bool is_anchor(const char *at, const char *end, bool *folded)
{
	struct gcr_span rest = { at, (size_t)(end - at) };

	if (gcr_span_skip(&rest, "goroutine "))
		return header_follows(rest, folded);
	return (gcr_span_skip(&rest, "WARNING: DATA RACE") ||
		gcr_span_skip(&rest, "runtime stack:")) &&
	       ends_anchor(rest, folded);
}

static const char *line_start(const char *start, const char *at)
{
	while (at > start && at[-1] != '\n')
		at--;
	return at;
}

// What an anchor of each kind starts with.
static const struct gcr_span words[GCR_ANCHOR_KINDS] = {
	GCR_LITERAL("goroutine "),
	GCR_LITERAL("WARNING: DATA RACE"),
	GCR_LITERAL("runtime stack:"),
};

static const char *next_word(struct gcr_span word, const char *at,
			     const char *end)
{
	for (; (size_t)(end - at) >= word.size; at++) {
		at = memchr(at, word.data[0],
			    (size_t)(end - at) - word.size + 1);
		if (at == NULL)
			return NULL;
		if (memcmp(at, word.data, word.size) == 0)
			return at;
	}
	return NULL;
}

// Bring one kind up to date: `found` is at or after `from`, or NULL.
static void search(struct gcr_anchor *anchor, size_t kind, const char *from,
		   const char *end)
{
	const char *at = anchor->kind[kind].searched;

	if (at != NULL && anchor->kind[kind].found >= from)
		return;
	if (at == NULL || at < from)
		at = from;
	for (;; at++) {
		at = next_word(words[kind], at, end);
		if (at == NULL ||
		    is_anchor(at, end, &anchor->kind[kind].folded))
			break;
	}
	anchor->kind[kind].found = at;
	anchor->kind[kind].searched = at != NULL ? at + 1 : end;
}

bool gcr_anchor_find(struct gcr_anchor *anchor, const char *start,
		     const char *from, const char *end)
{
	const char *text = NULL;

	for (size_t kind = 0; kind < GCR_ANCHOR_KINDS; kind++) {
		search(anchor, kind, from, end);
		const char *found = anchor->kind[kind].found;
		if (found == NULL || (text != NULL && text < found))
			continue;
		text = found;
		anchor->folded = anchor->kind[kind].folded;
	}
	if (text != anchor->text || text == NULL) {
		anchor->text = text;
		anchor->line = text != NULL ? line_start(start, text) : NULL;
	}
	return text != NULL;
}
