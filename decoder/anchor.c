/*
 * Anchors: the lines that tell a dump wherever they stand in their line.
 *
 *	goroutine 7 [running]:              then the line end, or an escaped one
 *	goroutine 7 gp=0x… m=nil [select, 2 minutes]:
 *	goroutine 7 [select] {tenant: blue}:
 *	goroutine profile: total 4
 *	WARNING: DATA RACE
 *	runtime stack:
 *	[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x45af5e]
 *	PC=0x408d6e m=0 sigcode=0
 */

#include "prefix.h"

#include "span.h"

enum {
	STATE_MAX = 4096,     /* the longest `[state]`; labels can be long */
	SIGNAL_MAX = 160,     /* the longest `[signal …]` */
	GOROUTINE_FIELDS = 80 /* ` gp=0x… m=0 mp=0x…` */
};

// The end of an anchor: a line end, an escaped one, or the end of a string.
static bool ends_anchor(struct gcr_span rest, bool *folded)
{
	*folded =
		rest.size > 0 && (rest.data[0] == '\\' || rest.data[0] == '"');
	return rest.size == 0 || *folded || rest.data[0] == '\n' ||
	       rest.data[0] == '\r' || rest.data[0] == '\033';
}

// The `]:` with an end behind it, or the line end, at or after `rest`; since go1.27
// the `}:` of labels behind the state.
static void find_state_end(struct gcr_anchor *anchor, struct gcr_span rest)
{
	bool labelled = false;

	anchor->state_from = rest.data;
	anchor->state_ended = false;
	for (; rest.size > 0 && rest.data[0] != '\n';
	     rest = gcr_span_tail(rest, 1)) {
		char close = rest.data[0];

		labelled = labelled || gcr_span_starts(rest, "] {");
		if (rest.size < 2 || rest.data[1] != ':' ||
		    (close != ']' && (close != '}' || !labelled)))
			continue;
		anchor->state_ended = ends_anchor(gcr_span_tail(rest, 2),
						  &anchor->state_folded);
		if (anchor->state_ended)
			break;
	}
	anchor->state_end = rest.data;
}

// `running]:`. What was looked for last is remembered: a line of nothing but
// `goroutine 1 [` is still read once.
static bool state_follows(struct gcr_anchor *anchor, struct gcr_span rest,
			  bool *folded)
{
	if (anchor->state_from == NULL || rest.data < anchor->state_from ||
	    rest.data > anchor->state_end)
		find_state_end(anchor, rest);
	*folded = anchor->state_folded;
	return anchor->state_ended &&
	       anchor->state_end - rest.data <= STATE_MAX;
}

static bool total_follows(struct gcr_span rest, bool *folded)
{
	uint64_t number;

	return gcr_span_decimal(&rest, &number) != GCR_NUMBER_NONE &&
	       ends_anchor(rest, folded);
}

// Behind `goroutine`.
static bool header_follows(struct gcr_anchor *anchor, struct gcr_span rest,
			   bool *folded)
{
	uint64_t number;

	if (gcr_span_skip(&rest, "leak profile: total ") ||
	    gcr_span_skip(&rest, " profile: total "))
		return total_follows(rest, folded);
	if (!gcr_span_skip(&rest, " ") ||
	    gcr_span_decimal(&rest, &number) == GCR_NUMBER_NONE ||
	    !gcr_span_skip(&rest, " "))
		return false;
	if (gcr_span_skip(&rest, "gp=")) {
		ptrdiff_t bracket = gcr_span_find(
			gcr_span_head(rest, GOROUTINE_FIELDS), '[');
		if (bracket == GCR_NOWHERE)
			return false;
		rest = gcr_span_tail(rest, (size_t)bracket);
	}
	return gcr_span_skip(&rest, "[") && state_follows(anchor, rest, folded);
}

static bool rest_ends(struct gcr_anchor *anchor, struct gcr_span rest,
		      bool *folded)
{
	(void)anchor;
	return ends_anchor(rest, folded);
}

// Behind `[signal `: `SIGSEGV: … code=0x1 addr=0x0 pc=0x45af5e]`
static bool signal_follows(struct gcr_anchor *anchor, struct gcr_span rest,
			   bool *folded)
{
	struct gcr_span inner = gcr_span_head(rest, SIGNAL_MAX);
	ptrdiff_t at;
	uint64_t pc;

	(void)anchor;
	if (!gcr_span_starts(rest, "SIG") && !gcr_span_starts(rest, "0x"))
		return false;
	at = gcr_span_find_text(inner, " code=0x");
	if (at == GCR_NOWHERE)
		return false;
	rest = gcr_span_tail(rest, (size_t)at);
	at = gcr_span_find_text(gcr_span_head(rest, SIGNAL_MAX), " pc=");
	if (at == GCR_NOWHERE)
		return false;
	rest = gcr_span_tail(rest, (size_t)at + strlen(" pc="));
	return gcr_span_hex(&rest, &pc) == GCR_NUMBER_OK &&
	       gcr_span_skip_char(&rest, ']') && ends_anchor(rest, folded);
}

// Behind `PC=`: `0x408d6e m=0 sigcode=0 addr=0x0`
static bool pc_follows(struct gcr_anchor *anchor, struct gcr_span rest,
		       bool *folded)
{
	uint64_t number;

	(void)anchor;
	if (gcr_span_hex(&rest, &number) != GCR_NUMBER_OK ||
	    !gcr_span_skip(&rest, " m=") ||
	    gcr_span_decimal(&rest, &number) != GCR_NUMBER_OK ||
	    !gcr_span_skip(&rest, " sigcode=") ||
	    gcr_span_decimal(&rest, &number) != GCR_NUMBER_OK)
		return false;
	if (gcr_span_skip(&rest, " addr="))
		gcr_span_hex(&rest, &number);
	return ends_anchor(rest, folded);
}

// What an anchor of each kind starts with, what has to follow, and whether it
// begins a stack.
static const struct {
	struct gcr_span word;
	bool (*follows)(struct gcr_anchor *anchor, struct gcr_span rest,
			bool *folded);
	bool opens;
} kinds[] = {
	{ GCR_LITERAL("goroutine"), header_follows, true },
	{ GCR_LITERAL("WARNING: DATA RACE"), rest_ends, true },
	{ GCR_LITERAL("runtime stack:"), rest_ends, true },
	{ GCR_LITERAL("[signal "), signal_follows, false },
	{ GCR_LITERAL("PC="), pc_follows, false },
};

_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == GCR_ANCHOR_KINDS,
	       "a row for each kind of anchor");

static const char *line_start(const char *start, const char *at)
{
	while (at > start && at[-1] != '\n')
		at--;
	return at;
}

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
		struct gcr_span word = kinds[kind].word;
		at = next_word(word, at, end);
		if (at == NULL)
			break;
		struct gcr_span rest = { at, (size_t)(end - at) };
		if (kinds[kind].follows(anchor, gcr_span_tail(rest, word.size),
					&anchor->kind[kind].folded))
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
		anchor->opens = kinds[kind].opens;
	}
	if (text != anchor->text || text == NULL) {
		anchor->text = text;
		anchor->line = text != NULL ? line_start(start, text) : NULL;
	}
	return text != NULL;
}
