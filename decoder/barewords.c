/*
 * Words without a declaration, one row an element:
 *
 *	{0x4aab1d?, 0x5}  stale  string {data, len}? interface {type, data}?
 *	0xa
 */

#include "decoded.h"

enum {
	WIDEST_ELEMENT = 44
};

// How many words stand directly in the braces that open at `at`; `*end` is
// behind the closing one. `*plain` when nothing but words is in them.
static size_t count_inside(const struct gcr_words *words, size_t at,
			   size_t *end, bool *plain, bool *stale)
{
	unsigned depth = words->items[at].depth;
	size_t count = 0, i = at + 1;

	*plain = true;
	*stale = false;
	for (; i < words->count && (words->items[i].kind != GCR_WORD_CLOSE ||
				    words->items[i].depth != depth);
	     i++) {
		if (words->items[i].kind != GCR_WORD_VALUE)
			*plain = false;
		if (words->items[i].certainty == GCR_STALE)
			*stale = true;
		count++;
	}
	*end = i < words->count ? i + 1 : i;
	return count;
}

static const char *shape_of(size_t count, bool plain)
{
	if (!plain)
		return "a struct or array";
	switch (count) {
	case 0:
		return "an empty struct or array";
	case 1:
		return "a struct or array of one";
	case 2:
		return "string {data, len}? interface {type, data}?";
	case 3:
		return "slice {data, len, cap}?";
	default:
		return "a struct or array";
	}
}

static void write_word(struct gcr_page *page, const struct gcr_word *word,
		       bool comma)
{
	if (comma)
		gcr_sink_text(&page->sink, ", ");
	switch (word->kind) {
	case GCR_WORD_VALUE:
		gcr_sink_hex(&page->sink, word->value);
		if (word->certainty == GCR_STALE)
			gcr_sink_char(&page->sink, '?');
		break;
	case GCR_WORD_GAP:
		gcr_sink_char(&page->sink, '_');
		break;
	case GCR_WORD_MORE:
		gcr_sink_text(&page->sink, "...");
		break;
	case GCR_WORD_OPEN:
		gcr_sink_char(&page->sink, '{');
		break;
	case GCR_WORD_CLOSE:
		gcr_sink_char(&page->sink, '}');
		break;
	}
}

static void write_element(struct gcr_page *page, const struct gcr_words *words,
			  size_t from, size_t end)
{
	for (size_t i = from; i < end; i++)
		write_word(page, &words->items[i],
			   i > from && words->items[i].kind != GCR_WORD_CLOSE &&
				   words->items[i - 1].kind != GCR_WORD_OPEN);
}

static size_t element_columns(const struct gcr_words *words, size_t from,
			      size_t end)
{
	size_t columns = 0;

	for (size_t i = from; i < end; i++) {
		const struct gcr_word *word = &words->items[i];
		size_t digits = 1;

		for (uint64_t v = word->value >> 4; v != 0; v >>= 4)
			digits++;
		if (word->kind == GCR_WORD_VALUE)
			columns += 2 + digits + (word->certainty == GCR_STALE);
		else
			columns += word->kind == GCR_WORD_MORE ? 3 : 1;
		if (i > from && word->kind != GCR_WORD_CLOSE &&
		    words->items[i - 1].kind != GCR_WORD_OPEN)
			columns += 2;
	}
	return columns;
}

// One top-level element of a typed list: items[from] up to `end`.
struct element {
	size_t from, end, inside;
	bool plain, stale;
};

static struct element element_at(const struct gcr_words *words, size_t at)
{
	const struct gcr_word *word = &words->items[at];
	struct element element = { .from = at,
				   .end = at + 1,
				   .plain = true,
				   .stale = word->certainty == GCR_STALE };

	if (word->kind == GCR_WORD_OPEN)
		element.inside = count_inside(words, at, &element.end,
					      &element.plain, &element.stale);
	return element;
}

static const char *hint_for(const struct gcr_words *words,
			    const struct element *element)
{
	switch (words->items[element->from].kind) {
	case GCR_WORD_OPEN:
		return shape_of(element->inside, element->plain);
	case GCR_WORD_GAP:
		return "not recorded";
	case GCR_WORD_MORE:
		return "the runtime prints ten";
	case GCR_WORD_VALUE:
	case GCR_WORD_CLOSE:
		break;
	}
	return "";
}

static void write_typed(struct gcr_page *page, const struct gcr_words *words,
			const struct element *element, size_t width)
{
	size_t columns = element_columns(words, element->from, element->end);
	const char *hint = hint_for(words, element);

	write_element(page, words, element->from, element->end);
	if ((element->stale || hint[0] != '\0') && columns < width)
		gcr_page_indent(page, width - columns);
	if (element->stale)
		gcr_page_text(page, GCR_DOUBT, "  stale");
	else if (hint[0] != '\0')
		gcr_page_indent(page, 7);
	if (hint[0] != '\0') {
		gcr_page_indent(page, 2);
		gcr_page_text(page, GCR_FAINT, hint);
	}
	gcr_page_line(page);
}

// Plain words, of which the text does not tell where one value ends.
static void write_scalars(struct gcr_page *page, const struct gcr_words *words,
			  size_t indent)
{
	gcr_page_begin(page, indent);
	write_element(page, words, 0, words->count);
	gcr_page_line(page);
	if (words->count > 1)
		gcr_page_prose(page, indent,
			       "(one value a word; to go1.16 also parts of "
			       "values, and results)");
}

void gcr_decoded_words(struct gcr_page *page,
		       const struct gcr_decoding *decoding, size_t indent,
		       size_t limit)
{
	const struct gcr_words *words = &decoding->words;
	struct element element;
	size_t width = 0, shown = 0;

	if (!words->braced && !words->marked) {
		write_scalars(page, words, indent);
		return;
	}
	for (size_t at = 0; at < words->count; at = element.end) {
		element = element_at(words, at);
		size_t columns = element_columns(words, at, element.end);
		if (columns > width && columns <= WIDEST_ELEMENT)
			width = columns;
	}
	for (size_t at = 0; at < words->count; at = element.end) {
		if (limit > 0 && shown++ == limit) {
			gcr_page_print(page, indent, "… and more");
			return;
		}
		element = element_at(words, at);
		gcr_page_begin(page, indent);
		write_typed(page, words, &element, width);
	}
}
