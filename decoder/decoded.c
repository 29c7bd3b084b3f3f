/* Values of a frame, and what certainties mean: see decoded.h. */

#include "decoded.h"

#include "span.h"
#include "valuerows.h"

void gcr_decoded_values(struct gcr_page *page,
			const struct gcr_decoding *decoding,
			const struct gcr_rows *rows)
{
	gcr_value_rows(page, decoding->arguments, decoding->argument_count,
		       rows);
}

void gcr_decoded_locals(struct gcr_page *page,
			const struct gcr_decoding *decoding,
			const struct gcr_rows *rows)
{
	// Of a text, the results have been told as words.
	if (page->view->core_values != NULL)
		gcr_value_rows(page, decoding->results, decoding->result_count,
			       rows);
	gcr_value_rows(page, decoding->locals, decoding->local_count, rows);
}

bool gcr_words_have(const struct gcr_words *words, enum gcr_certainty certainty)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->items[i].kind == GCR_WORD_VALUE &&
		    words->items[i].certainty == certainty)
			return true;
	return false;
}

// Elements of a slice tell of themselves.
static bool value_has(const struct gcr_value *value,
		      enum gcr_certainty certainty)
{
	if (value->certainty == certainty)
		return true;
	for (size_t i = 0; value->kind != GCR_SLICE && i < value->child_count;
	     i++)
		if (value_has(&value->children[i], certainty))
			return true;
	return false;
}

bool gcr_decoding_has(const struct gcr_decoding *decoding,
		      enum gcr_certainty certainty)
{
	for (size_t i = 0; i < decoding->argument_count; i++)
		if (value_has(&decoding->arguments[i], certainty))
			return true;
	return decoding->argument_count == 0 &&
	       gcr_words_have(&decoding->words, certainty);
}

static const struct {
	enum gcr_certainty certainty;
	const char *meaning;
} legend[] = {
	{ GCR_RECOVERED,
	  "recovered: not printed, but told by the instructions of the caller: "
	  "what was passed; a function that assigns to its parameters goes on "
	  "with others." },
	{ GCR_STALE,
	  "stale: marked `?`, read where the argument would be saved though "
	  "nothing shows that it was; the true value may be another." },
	{ GCR_UNMARKED,
	  "unmarked: without a `?`, and still not sure: go1.17 marks nothing, "
	  "go1.26 not all that is stale." },
	{ GCR_ELIDED, "elided: not printed (`...` or `_`)." },
	{ GCR_UNKNOWN, "unknown: the text cannot tell." },
};

void gcr_decoded_legend(struct gcr_page *page,
			const struct gcr_decoding *decoding, size_t indent)
{
	for (size_t i = 0; i < sizeof(legend) / sizeof(legend[0]); i++) {
		// Bare scalars of an unknown release need no warning yet.
		bool occurs = gcr_decoding_has(decoding, legend[i].certainty) &&
			      (legend[i].certainty != GCR_UNMARKED ||
			       decoding->argument_count > 0 ||
			       decoding->words.braced);

		if (!occurs)
			continue;
		gcr_page_prose(page, indent, legend[i].meaning);
	}
}
