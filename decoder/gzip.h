#ifndef GCR_GZIP_H
#define GCR_GZIP_H

/*
 * An output that compresses, in gzip's format, and passes on to another. All
 * its memory is its arena's. The only module that knows zlib.
 */

#include "gocrash.h"

struct gcr_gzip;

/* `output` has to stay. */
GCR_MUST_CHECK int gcr_gzip_new(struct gcr_arena *arena,
				const struct gcr_output *output,
				struct gcr_gzip **ret, struct gcr_error *err);

/* Where to write what is to be compressed. Borrowed from the compressor. */
struct gcr_output gcr_gzip_output(struct gcr_gzip *gzip);

/* Write what is left, and the end. */
GCR_MUST_CHECK int gcr_gzip_done(struct gcr_gzip *gzip, struct gcr_error *err);

#endif
