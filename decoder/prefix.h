#ifndef GCR_PREFIX_H
#define GCR_PREFIX_H

/* Log prefixes: learn one from a sample, take it off other lines. */

#include "lines.h"

/* Learn `sample`. False when it is too long to be one. */
bool gcr_prefix_learn(struct gcr_prefix *prefix, struct gcr_span sample,
		      bool folded);

/*
 * If `line` has the prefix, its length in `*ret`. White space that the prefix
 * ends with may be missing where the line ends too.
 */
bool gcr_prefix_match(const struct gcr_prefix *prefix, struct gcr_span line,
		      size_t *ret);

/*
 * The first anchor at or after `from`, in `*anchor`, which remembers how far
 * was searched: asking with a growing `from` reads each byte once.
 */
bool gcr_anchor_find(struct gcr_anchor *anchor, const char *start,
		     const char *from, const char *end);

#endif
