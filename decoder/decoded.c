/*
 * Values in rows, bare words, and what certainties mean: see decoded.h.
 *
 *	slice  []string  []string(len 2, cap 4, 0xc000042748)  exact
 *	str    string    string(len 5, 0x106abae)              stale (len exact)
 */

#include "decoded.h"

#include "span.h"

enum {
	WIDEST_NAME = 20,
	WIDEST_TYPE = 26,
	WIDEST_TEXT = 44
};

static const struct gcr_span not_printed = GCR_LITERAL("-");
static const struct gcr_span unnamed = GCR_LITERAL("_");

struct widths {
	size_t name, type, text;
};

static void widen(size_t *width, struct gcr_span span, size_t widest)
{
	size_t columns = gcr_page_columns(span);

	if (columns > *width && columns <= widest)
		*width = columns;
}

static struct gcr_span name_of(const struct gcr_value *value)
{
	return value->name.size > 0 ? value->name : unnamed;
}

static struct gcr_span text_of(const struct gcr_value *value)
{
	return value->text.data != NULL ? value->text : not_printed;
}

static struct widths widths_of(const struct gcr_value *values, size_t count)
{
	struct widths widths = { 0 };

	for (size_t i = 0; i < count; i++) {
		widen(&widths.name, name_of(&values[i]), WIDEST_NAME);
		widen(&widths.type, values[i].type, WIDEST_TYPE);
		widen(&widths.text, text_of(&values[i]), WIDEST_TEXT);
	}
	return widths;
}

static enum gcr_style style_of(enum gcr_certainty certainty)
{
	return certainty == GCR_EXACT || certainty == GCR_RECOVERED ? GCR_SURE
								    : GCR_DOUBT;
}

static const struct {
	enum gcr_kind kind;
	const char *parts[3];
} part_names[] = {
	{ GCR_STRING, { "data", "len" } },
	{ GCR_SLICE, { "data", "len", "cap" } },
	{ GCR_INTERFACE, { "type", "data" } },
	{ GCR_COMPLEX64, { "real", "imaginary" } },
	{ GCR_COMPLEX128, { "real", "imaginary" } },
};

// The runtime may mark the pointer of a slice and not its length.
static void write_sure_parts(struct gcr_page *page,
			     const struct gcr_value *value)
{
	size_t rows = sizeof(part_names) / sizeof(part_names[0]), said = 0;

	if (value->certainty == GCR_EXACT)
		return;
	for (size_t i = 0; i < rows; i++) {
		if (part_names[i].kind != value->kind)
			continue;
		for (size_t j = 0; j < value->part_count && j < 3; j++) {
			const char *name = part_names[i].parts[j];

			if (value->part_certainty[j] != GCR_EXACT ||
			    name == NULL)
				continue;
			gcr_sink_text(&page->sink, said++ ? ", " : " (");
			gcr_page_text(page, GCR_SURE, name);
		}
	}
	if (said > 0)
		gcr_sink_text(&page->sink, " exact)");
}

static void write_certainty(struct gcr_page *page,
			    const struct gcr_value *value)
{
	gcr_page_text(page, style_of(value->certainty),
		      gcr_certainty_name(value->certainty));
	write_sure_parts(page, value);
	if (value->from.size > 0) {
		gcr_sink_text(&page->sink, ": ");
		gcr_page_span(page, GCR_PLAIN, value->from);
	}
}

static void write_value(struct gcr_page *page, const struct gcr_value *value,
			const struct widths *widths, size_t indent)
{
	gcr_page_begin(page, indent);
	gcr_page_cell(page, GCR_PLAIN, name_of(value), widths->name);
	gcr_page_indent(page, 2);
	gcr_page_cell(page, GCR_FAINT, value->type, widths->type);
	gcr_page_indent(page, 2);
	gcr_page_cell(page, style_of(value->certainty), text_of(value),
		      widths->text);
	gcr_page_indent(page, 2);
	write_certainty(page, value);
	gcr_page_line(page);
}

static bool is_mixed(const struct gcr_value *value)
{
	for (size_t i = 0; i < value->child_count; i++)
		if (value->children[i].certainty != value->certainty ||
		    is_mixed(&value->children[i]))
			return true;
	return false;
}

// A struct or array that is long, or not equally sure throughout, is followed
// by its parts. The depth is that of the declared type, which is bounded.
static void write_values(struct gcr_page *page, const struct gcr_value *values,
			 size_t count, size_t indent, size_t limit)
{
	size_t shown = limit > 0 && count > limit ? limit : count;
	struct widths widths = widths_of(values, shown);

	for (size_t i = 0; i < shown; i++) {
		const struct gcr_value *value = &values[i];

		write_value(page, value, &widths, indent);
		if (value->child_count > 0 &&
		    (is_mixed(value) ||
		     gcr_page_columns(text_of(value)) > WIDEST_TEXT))
			write_values(page, value->children, value->child_count,
				     indent + 2, limit);
	}
	if (shown < count)
		gcr_page_print(page, indent, "… and %zu more", count - shown);
}

void gcr_decoded_values(struct gcr_page *page,
			const struct gcr_decoding *decoding, size_t indent,
			size_t limit)
{
	write_values(page, decoding->arguments, decoding->argument_count,
		     indent, limit);
}

bool gcr_words_have(const struct gcr_words *words, enum gcr_certainty certainty)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->items[i].kind == GCR_WORD_VALUE &&
		    words->items[i].certainty == certainty)
			return true;
	return false;
}

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
		if (columns > width && columns <= WIDEST_TEXT)
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

static const struct {
	enum gcr_certainty certainty;
	const char *meaning;
} legend[] = {
	{ GCR_STALE,
	  "stale: marked `?`, read where the argument would be saved though "
	  "nothing shows that it was; the true value may be another." },
	{ GCR_UNMARKED,
	  "unmarked: without a `?`, which go1.17 never prints, and nothing "
	  "shows that a later release wrote this: true, or stale." },
	{ GCR_ELIDED, "elided: not printed (`...` or `_`)." },
	{ GCR_UNKNOWN, "unknown: the text cannot tell." },
};

void gcr_decoded_legend(struct gcr_page *page,
			const struct gcr_decoding *decoding, size_t indent)
{
	for (size_t i = 0; i < sizeof(legend) / sizeof(legend[0]); i++) {
		// Bare scalars of an unknown release need no warning yet.
		bool occurs = legend[i].certainty != GCR_UNMARKED ||
			      decoding->words.braced;

		if (occurs)
			occurs = gcr_words_have(&decoding->words,
						legend[i].certainty);

		for (size_t j = 0; j < decoding->argument_count; j++)
			if (decoding->arguments[j].certainty ==
			    legend[i].certainty)
				occurs = true;
		if (!occurs)
			continue;
		gcr_page_prose(page, indent, legend[i].meaning);
	}
}
