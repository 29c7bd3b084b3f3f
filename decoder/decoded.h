#ifndef GCR_DECODED_H
#define GCR_DECODED_H

/*
 * The words of one frame as text: as named, typed values; in the form of flat
 * lists with their bits; or, without a declaration, as what the braces tell.
 */

#include "valuerows.h"

/* One row a parameter: name, type, value, certainty; and rows of its parts. */
void gcr_decoded_values(struct gcr_page *page,
			const struct gcr_decoding *decoding,
			const struct gcr_rows *rows);

/* The same for what only a core has: results so far, and local variables. */
void gcr_decoded_locals(struct gcr_page *page,
			const struct gcr_decoding *decoding,
			const struct gcr_rows *rows);

/*
 * One row an element of the list, for a frame without a declaration, with what
 * its braces tell. At most `limit` rows. In barewords.c.
 */
void gcr_decoded_words(struct gcr_page *page,
		       const struct gcr_decoding *decoding, size_t indent,
		       size_t limit);

/* What the certainties that occur in the decoding mean, other than exact. */
void gcr_decoded_legend(struct gcr_page *page,
			const struct gcr_decoding *decoding, size_t indent);

/*
 * A flat list (to go1.16) word by word: which are whose, the bits of those
 * that several share, the return arguments. In flattext.c.
 */
GCR_MUST_CHECK int gcr_decoded_flat(struct gcr_page *page,
				    const struct gcr_decoding *decoding,
				    size_t indent);

/* Whether any of its values has this certainty; without values, any word. */
bool gcr_decoding_has(const struct gcr_decoding *decoding,
		      enum gcr_certainty certainty);

/* Whether any word of the list has this certainty. */
bool gcr_words_have(const struct gcr_words *words,
		    enum gcr_certainty certainty);

#endif
