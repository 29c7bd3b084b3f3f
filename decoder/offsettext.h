#ifndef GCR_OFFSETTEXT_H
#define GCR_OFFSETTEXT_H

/* One mapped offset as text: what it is, then rows and source side by side. */

#include "offset.h"
#include "page.h"

GCR_MUST_CHECK int gcr_offset_write(struct gcr_page *page,
				    const struct gcr_offset *offset,
				    const struct gcr_offset_request *request,
				    struct gcr_error *err);

/* The two columns alone. */
GCR_MUST_CHECK int
gcr_offset_write_columns(struct gcr_page *page, const struct gcr_offset *offset,
			 const struct gcr_offset_request *request,
			 struct gcr_error *err);

/* The last element of a path. */
struct gcr_span gcr_offset_base(struct gcr_span file);

#endif
