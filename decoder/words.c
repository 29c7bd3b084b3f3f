/*
 * Argument lists:
 *
 *	0x2, 0xa, ...                        flat words, to go1.16
 *	{0x4aab1d?, 0x5}, {0x1, ...}, _, {}  components, since go1.17
 *	...                                  inlined: nothing printed
 *
 * One pass over the text; the list is as long as its commas and braces at
 * most, so the array is taken once.
 */

#include "words.h"

#include "arena.h"
#include "error.h"
#include "span.h"

static const char *const certainty_names[] = {
	[GCR_EXACT] = "exact",	     [GCR_STALE] = "stale",
	[GCR_UNMARKED] = "unmarked", [GCR_RECOVERED] = "recovered",
	[GCR_ELIDED] = "elided",     [GCR_UNKNOWN] = "unknown",
};

const char *gcr_certainty_name(enum gcr_certainty certainty)
{
	if ((size_t)certainty >=
	    sizeof(certainty_names) / sizeof(certainty_names[0]))
		return "unknown";
	return certainty_names[certainty];
}

// Where the list stands: what was read, and what must come next.
struct list {
	struct gcr_span rest;
	struct gcr_words *words;
	unsigned depth;
	bool after_element; // a comma or a `}` must follow
	bool after_comma;   // an element must follow
	bool after_more;    // only `}` may follow, or `, ...` one level up
};

static void push(struct list *list, enum gcr_word_kind kind, uint64_t value,
		 enum gcr_certainty certainty)
{
	struct gcr_words *words = list->words;

	words->items[words->count++] = (struct gcr_word){
		.kind = kind,
		.certainty = certainty,
		.depth = list->depth,
		.value = value,
	};
}

// `0x2`, `0x2?`
static bool read_value(struct list *list)
{
	struct gcr_span before = list->rest;
	uint64_t value = 0;

	if (gcr_span_hex(&list->rest, &value) != GCR_NUMBER_OK) {
		list->rest = before;
		return false;
	}
	bool stale = gcr_span_skip_char(&list->rest, '?');
	if (stale)
		list->words->marked = true;
	push(list, GCR_WORD_VALUE, value, stale ? GCR_STALE : GCR_EXACT);
	return true;
}

// An element other than braces.
static bool read_element(struct list *list)
{
	if (gcr_span_skip(&list->rest, "...")) {
		push(list, GCR_WORD_MORE, 0, GCR_ELIDED);
		list->after_more = true;
		if (list->depth == 0)
			list->words->cut = true;
		return true;
	}
	if (gcr_span_skip_char(&list->rest, '_')) {
		push(list, GCR_WORD_GAP, 0, GCR_ELIDED);
		list->words->braced = true;
		return true;
	}
	return read_value(list);
}

static bool open_brace(struct list *list)
{
	if (list->after_element || list->after_more ||
	    !gcr_span_skip_char(&list->rest, '{'))
		return false;
	push(list, GCR_WORD_OPEN, 0, GCR_EXACT);
	list->words->braced = true;
	list->depth++;
	list->after_comma = false;
	return true;
}

static bool close_brace(struct list *list)
{
	if (list->depth == 0 || list->after_comma ||
	    !gcr_span_skip_char(&list->rest, '}'))
		return false;
	list->depth--;
	push(list, GCR_WORD_CLOSE, 0, GCR_EXACT);
	list->after_element = true;
	list->after_more = false;
	return true;
}

static bool read_comma(struct list *list)
{
	if (!list->after_element || list->after_more ||
	    !gcr_span_skip_char(&list->rest, ','))
		return false;
	while (gcr_span_skip_char(&list->rest, ' '))
		;
	list->after_element = false;
	list->after_comma = true;
	return true;
}

static bool read_next(struct list *list)
{
	if (open_brace(list) || close_brace(list) || read_comma(list))
		return true;
	if (list->after_element || list->after_more || !read_element(list))
		return false;
	list->after_element = true;
	list->after_comma = false;
	return true;
}

// No list has more elements than commas, braces and one.
static size_t most_elements(struct gcr_span text)
{
	size_t count = 1;

	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == ',' || text.data[i] == '{' ||
		    text.data[i] == '}')
			count++;
	return count;
}

int gcr_words_read_some(struct gcr_span arguments, struct gcr_arena *arena,
			struct gcr_words *ret, size_t *odd,
			struct gcr_error *err)
{
	struct gcr_words words = { 0 };
	struct list list = { .rest = gcr_span_trim(arguments),
			     .words = &words };
	size_t whole = list.rest.size;
	size_t blank =
		whole > 0 ? (size_t)(list.rest.data - arguments.data) : 0;

	*odd = SIZE_MAX;
	words.items = gcr_arena_array(arena, most_elements(list.rest),
				      sizeof(*words.items), err);
	if (words.items == NULL)
		return -1;
	while (list.rest.size > 0 && read_next(&list))
		;
	if (list.rest.size > 0 || list.depth > 0 || list.after_comma)
		*odd = blank + whole - list.rest.size;
	words.elided = words.count == 1 && words.items[0].kind == GCR_WORD_MORE;
	*ret = words;
	return 0;
}

int gcr_words_read(struct gcr_span arguments, struct gcr_arena *arena,
		   struct gcr_words *ret, struct gcr_error *err)
{
	size_t odd;
	struct gcr_words words;

	if (gcr_words_read_some(arguments, arena, &words, &odd, err) != 0)
		return -1;
	if (odd != SIZE_MAX) {
		struct gcr_span rest = gcr_span_tail(arguments, odd);
		struct gcr_place place = { .offset = odd,
					   .line = 1,
					   .column = odd + 1 };
		if (rest.size == 0)
			return gcr_fail_at(err, GCR_FORMAT, place,
					   "the argument list ends early");
		return gcr_fail_at(err, GCR_FORMAT, place,
				   "not an argument list at '%.*s'",
				   rest.size < 20 ? (int)rest.size : 20,
				   rest.data);
	}
	*ret = words;
	return 0;
}
