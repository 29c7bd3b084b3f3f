/*
 * Flat words as the course prints them:
 *
 *	Values (0xc000042748, 0x2, 0x4, 0x106abae, 0x5, 0xa, 0x0, 0xc000054778)
 *	Slice Value:      0xc000042748, 0x2, 0x4
 *	String Value:     0x106abae, 0x5
 *	Integer Value:    0xa
 *	Return Arguments: 0x0, 0xc000054778
 *
 * and a word that several values share, or that a value does not fill:
 *
 *	Word value (0xc019010001)
 *	Bits    Binary      Hex   Value
 *	00-07   0000 0001   01    true
 *	08-15   0000 0000   00    false
 *
 * The parts of a decoding are the parameters' bits in order, word by word,
 * padding included; the words behind the last of them are results.
 */

#include "decoded.h"

#include "arena.h"
#include "span.h"

#include <stdio.h>

enum {
	LABEL_WIDTH = 18
};

static const char *const labels[] = {
	[GCR_BOOL] = "Bool",
	[GCR_INT] = "Integer",
	[GCR_INT8] = "Integer",
	[GCR_INT16] = "Integer",
	[GCR_INT32] = "Integer",
	[GCR_INT64] = "Integer",
	[GCR_UINT] = "Integer",
	[GCR_UINT8] = "Integer",
	[GCR_UINT16] = "Integer",
	[GCR_UINT32] = "Integer",
	[GCR_UINT64] = "Integer",
	[GCR_UINTPTR] = "Integer",
	[GCR_FLOAT32] = "Float",
	[GCR_FLOAT64] = "Float",
	[GCR_COMPLEX64] = "Complex",
	[GCR_COMPLEX128] = "Complex",
	[GCR_STRING] = "String",
	[GCR_SLICE] = "Slice",
	[GCR_ARRAY] = "Array",
	[GCR_STRUCT] = "Struct",
	[GCR_INTERFACE] = "Interface",
	[GCR_POINTER] = "Pointer",
	[GCR_MAP] = "Map",
	[GCR_CHAN] = "Channel",
	[GCR_FUNC] = "Func",
	[GCR_UNSAFE_POINTER] = "Pointer",
	[GCR_OPAQUE] = "Unknown",
};
_Static_assert(sizeof(labels) / sizeof(labels[0]) == GCR_KIND_COUNT,
	       "a label for every kind");

// Whose a part is: the n-th leaf of the parameters, and of which kind.
struct owner {
	size_t leaf; /* 0: nobody's */
	enum gcr_kind kind;
};

struct flat {
	struct gcr_page *page;
	const struct gcr_decoding *decoding;
	struct owner *owners; /* one a part */
	size_t leaves, next;  /* leaves seen, next part to be owned */
	unsigned word_bits;
	size_t indent;
};

static unsigned kind_bits(enum gcr_kind kind, unsigned word)
{
	switch (kind) {
	case GCR_BOOL:
	case GCR_INT8:
	case GCR_UINT8:
		return 8;
	case GCR_INT16:
	case GCR_UINT16:
		return 16;
	case GCR_INT32:
	case GCR_UINT32:
	case GCR_FLOAT32:
		return 32;
	case GCR_INT64:
	case GCR_UINT64:
	case GCR_FLOAT64:
	case GCR_COMPLEX64:
		return 64;
	case GCR_COMPLEX128:
		return 128;
	case GCR_STRING:
	case GCR_INTERFACE:
		return 2 * word;
	case GCR_SLICE:
		return 3 * word;
	case GCR_INT:
	case GCR_UINT:
	case GCR_UINTPTR:
	case GCR_POINTER:
	case GCR_MAP:
	case GCR_CHAN:
	case GCR_FUNC:
	case GCR_UNSAFE_POINTER:
		return word;
	case GCR_ARRAY:
	case GCR_STRUCT:
	case GCR_OPAQUE:
	case GCR_KIND_COUNT:
		break;
	}
	return 0;
}

// The parts that the leaves below `value` take, in order.
static void own(struct flat *flat, const struct gcr_value *value)
{
	unsigned bits = kind_bits(value->kind, flat->word_bits);

	for (size_t i = 0; i < value->child_count; i++)
		own(flat, &value->children[i]);
	if (bits == 0)
		return;
	flat->leaves++;
	while (bits > 0 && flat->next < flat->decoding->part_count) {
		size_t at = flat->next++;
		const struct gcr_part *part = &flat->decoding->parts[at];
		unsigned size = part->high - part->low + 1;

		if (part->name.data == NULL)
			continue;
		flat->owners[at] = (struct owner){ flat->leaves, value->kind };
		bits = size < bits ? bits - size : 0;
	}
}

static void write_label(struct flat *flat, const char *label)
{
	gcr_page_begin(flat->page, flat->indent);
	gcr_page_cell(flat->page, GCR_PLAIN, gcr_span_of(label), LABEL_WIDTH);
}

static void write_words(struct flat *flat, size_t from, size_t end)
{
	const struct gcr_words *words = &flat->decoding->words;

	for (size_t i = from; i < end && i < words->count; i++) {
		if (i > from)
			gcr_sink_text(&flat->page->sink, ", ");
		if (words->items[i].kind == GCR_WORD_VALUE)
			gcr_sink_hex(&flat->page->sink, words->items[i].value);
		else
			gcr_sink_text(&flat->page->sink, "...");
	}
}

static bool is_whole(const struct flat *flat, const struct gcr_part *part)
{
	return part->name.data != NULL && part->low == 0 &&
	       part->high == flat->word_bits - 1;
}

// The words of one leaf; returns the index of the part behind them.
static size_t write_whole(struct flat *flat, size_t at)
{
	const struct gcr_decoding *decoding = flat->decoding;
	struct owner owner = flat->owners[at];
	size_t end = at;
	char label[32];

	while (end < decoding->part_count &&
	       flat->owners[end].leaf == owner.leaf &&
	       is_whole(flat, &decoding->parts[end]))
		end++;
	snprintf(label, sizeof(label),
		 "%s Value:", owner.leaf > 0 ? labels[owner.kind] : "Word");
	write_label(flat, label);
	write_words(flat, decoding->parts[at].word,
		    decoding->parts[end - 1].word + 1);
	gcr_page_line(flat->page);
	return end;
}

static unsigned bits_of(const struct gcr_part *part)
{
	return part->high - part->low + 1;
}

// `0001 1001`
static void write_binary(struct flat *flat, const struct gcr_part *part)
{
	for (unsigned bit = bits_of(part); bit > 0; bit--) {
		gcr_sink_char(&flat->page->sink,
			      part->bits >> (bit - 1) & 1 ? '1' : '0');
		if (bit % 4 == 1 && bit > 1)
			gcr_sink_char(&flat->page->sink, ' ');
	}
}

static void write_row(struct flat *flat, const struct gcr_part *part,
		      unsigned widest)
{
	struct gcr_page *page = flat->page;
	unsigned bits = bits_of(part), pad = widest - bits;

	gcr_page_begin(page, flat->indent);
	gcr_sink_print(&page->sink, "%02u-%02u   ", part->low, part->high);
	write_binary(flat, part);
	gcr_page_indent(page, pad + pad / 4 + 3);
	gcr_sink_print(&page->sink, "%0*llx", (int)(bits / 4),
		       (unsigned long long)part->bits);
	gcr_page_indent(page, pad / 4 + 4);
	gcr_page_span(page, GCR_PLAIN, part->text);
	gcr_page_line(page);
}

// Padding that is not zero shows that nobody cleared it.
static void write_nobody(struct flat *flat, const struct gcr_part *part,
			 bool last)
{
	unsigned high = part->low + 7;

	if (last && part->bits == 0)
		return;
	if (part->bits == 0 || !last)
		high = part->high;
	else
		while (high < part->high &&
		       part->bits >> (high + 1 - part->low) != 0)
			high += 8;
	gcr_page_begin(flat->page, flat->indent);
	gcr_sink_print(&flat->page->sink,
		       "Bits %02u-%02u (0x%llx) belong to nobody.\n", part->low,
		       high, (unsigned long long)part->bits);
}

// A word that is not one whole value; returns the part behind it.
static size_t write_packed(struct flat *flat, size_t at)
{
	const struct gcr_decoding *decoding = flat->decoding;
	const struct gcr_part *parts = decoding->parts;
	size_t word = parts[at].word, end = at;
	unsigned widest = 8;
	struct gcr_page *page = flat->page;

	for (; end < decoding->part_count && parts[end].word == word; end++)
		if (parts[end].name.data != NULL &&
		    bits_of(&parts[end]) > widest)
			widest = bits_of(&parts[end]);
	gcr_page_begin(page, flat->indent);
	gcr_sink_text(&page->sink, "Word value (");
	write_words(flat, word, word + 1);
	gcr_sink_text(&page->sink, ")\n");
	gcr_page_begin(page, flat->indent);
	gcr_page_cell(page, GCR_LABEL, gcr_span_of("Bits"), 8);
	gcr_page_cell(page, GCR_LABEL, gcr_span_of("Binary"),
		      widest + widest / 4 + 2);
	gcr_page_cell(page, GCR_LABEL, gcr_span_of("Hex"), widest / 4 + 4);
	gcr_page_text(page, GCR_LABEL, "Value");
	gcr_page_line(page);
	for (size_t i = at; i < end; i++)
		if (parts[i].name.data != NULL)
			write_row(flat, &parts[i], widest);
	for (size_t i = at; i < end; i++)
		if (parts[i].name.data == NULL)
			write_nobody(flat, &parts[i], i + 1 == end);
	return end;
}

static bool has_whole_word(const struct flat *flat)
{
	for (size_t i = 0; i < flat->decoding->part_count; i++)
		if (is_whole(flat, &flat->decoding->parts[i]))
			return true;
	return false;
}

static bool has_lost(const struct gcr_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (values[i].kind == GCR_OPAQUE ||
		    values[i].certainty == GCR_ELIDED ||
		    has_lost(values[i].children, values[i].child_count))
			return true;
	return false;
}

// Parameters that were not printed, or of unknown size, come before results.
static bool is_cut_before(const struct gcr_decoding *decoding, size_t word)
{
	return decoding->words.items[word].kind != GCR_WORD_VALUE ||
	       has_lost(decoding->arguments, decoding->argument_count);
}

static void write_rest(struct flat *flat)
{
	const struct gcr_decoding *decoding = flat->decoding;
	size_t count = decoding->part_count;
	size_t from = count > 0 ? decoding->parts[count - 1].word + 1 : 0;

	if (from >= decoding->words.count)
		return;
	write_label(flat, is_cut_before(decoding, from) ? "Further words:"
							: "Return Arguments:");
	write_words(flat, from, decoding->words.count);
	gcr_page_line(flat->page);
}

// The parts cover every bit of their words, so the highest one tells.
static unsigned word_bits(const struct gcr_decoding *decoding)
{
	for (size_t i = 0; i < decoding->part_count; i++)
		if (decoding->parts[i].high > 31)
			return 64;
	return 32;
}

int gcr_decoded_flat(struct gcr_page *page, const struct gcr_decoding *decoding,
		     size_t indent)
{
	struct flat flat = {
		.page = page,
		.decoding = decoding,
		.word_bits = word_bits(decoding),
		.indent = indent,
		.owners = gcr_arena_array(page->arena, decoding->part_count,
					  sizeof(*flat.owners), page->err),
	};

	if (flat.owners == NULL)
		return -1;
	for (size_t i = 0; i < decoding->argument_count; i++)
		own(&flat, &decoding->arguments[i]);
	if (has_whole_word(&flat) || decoding->part_count == 0) {
		gcr_page_begin(page, indent);
		gcr_sink_text(&page->sink, "Values (");
		write_words(&flat, 0, decoding->words.count);
		gcr_sink_text(&page->sink, ")\n");
	}
	for (size_t i = 0; i < decoding->part_count;)
		i = is_whole(&flat, &decoding->parts[i])
			    ? write_whole(&flat, i)
			    : write_packed(&flat, i);
	write_rest(&flat);
	return 0;
}
