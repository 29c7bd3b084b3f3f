/*
 * Names with type arguments, and without: see image.h.
 *
 *	symbol         main.(*T[go.shape.int]).M[go.shape.string].func1
 *	to go1.26      main.(*T[...].func1
 *	since go1.27   main.(*T[...]).M[...].func1
 *
 * Go runtime/traceback.go funcNamePiecesForPrint.
 */

#include "image.h"

#include "arena.h"
#include "span.h"

/* `inside` is what stands between the first bracket and the last. */
struct pieces {
	struct gcr_span head, inside, tail;
	/* Of `inside`, where it has two lists: `first]middle[last`. */
	struct gcr_span first, middle, last;
};

// Brackets that close and open again: a generic method of a generic type. Of
// more lists than two the later ones are one.
static void split_inside(struct pieces *name)
{
	struct gcr_span text = name->inside;
	size_t depth = 1, close = 0;

	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];

		if (c == '[' && depth++ == 0) {
			name->first = gcr_span_head(text, close);
			name->middle = gcr_span_tail(gcr_span_head(text, i),
						     close + 1);
			name->last = gcr_span_tail(text, i + 1);
			return;
		}
		if (c == ']' && depth-- == 1)
			close = i;
		if (c == ']' && depth == SIZE_MAX)
			return;
	}
}

static struct pieces split_name(struct gcr_span name)
{
	ptrdiff_t open = gcr_span_find(name, '[');
	ptrdiff_t close = gcr_span_find_last(name, ']');
	struct pieces pieces = { .head = name };

	if (open == GCR_NOWHERE || close == GCR_NOWHERE || close <= open)
		return pieces;
	pieces.head = gcr_span_head(name, (size_t)open);
	pieces.inside = gcr_span_head(gcr_span_tail(name, (size_t)open + 1),
				      (size_t)(close - open - 1));
	pieces.tail = gcr_span_tail(name, (size_t)close + 1);
	split_inside(&pieces);
	return pieces;
}

// What tracebacks call `panic` is this function.
static struct gcr_span true_name(struct gcr_span name)
{
	return gcr_span_is(name, "panic") ? GCR_SPAN("runtime.gopanic") : name;
}

static bool lists_match(struct gcr_span a, struct gcr_span b)
{
	return gcr_span_equal(a, b) || gcr_span_is(a, "...") ||
	       gcr_span_is(b, "...");
}

bool gcr_symbol_matches(struct gcr_span symbol, struct gcr_span printed)
{
	struct pieces a = split_name(true_name(symbol));
	struct pieces b = split_name(true_name(printed));

	if (!gcr_span_equal(a.head, b.head) ||
	    !gcr_span_equal(a.tail, b.tail) ||
	    (a.inside.data == NULL) != (b.inside.data == NULL))
		return false;
	if (a.middle.data != NULL && b.middle.data != NULL)
		return gcr_span_equal(a.middle, b.middle) &&
		       lists_match(a.first, b.first) &&
		       lists_match(a.last, b.last);
	return lists_match(a.inside, b.inside);
}

int gcr_symbol_print(struct gcr_span symbol, unsigned go,
		     struct gcr_arena *arena, struct gcr_span *ret,
		     struct gcr_error *err)
{
	struct pieces name = split_name(symbol);

	if (gcr_span_is(symbol, "runtime.gopanic"))
		*ret = GCR_SPAN("panic");
	else if (name.inside.data == NULL)
		*ret = symbol;
	else if (go >= 27 && name.middle.data != NULL)
		return gcr_arena_print(
			arena, ret, err, "%.*s[...]%.*s[...]%.*s",
			GCR_PRINT_SPAN(name.head), GCR_PRINT_SPAN(name.middle),
			GCR_PRINT_SPAN(name.tail));
	else
		return gcr_arena_print(arena, ret, err, "%.*s[...]%.*s",
				       GCR_PRINT_SPAN(name.head),
				       GCR_PRINT_SPAN(name.tail));
	return 0;
}

// FNV-1a over what all spellings of a name have in common.
uint64_t gcr_symbol_hash(struct gcr_span name)
{
	struct pieces printed = split_name(true_name(name));
	struct gcr_span pieces[] = { printed.head, printed.tail };
	uint64_t value = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < pieces[i].size; j++) {
			value ^= (unsigned char)pieces[i].data[j];
			value *= UINT64_C(0x100000001b3);
		}
	return value ^ value >> 32;
}
