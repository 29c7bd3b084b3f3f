/* Compressed files: see packing.h. */

#include "packing.h"

#include "span.h"

static const struct {
	const char *start;
	size_t size;
	const char *tool;
} packings[] = {
	{ "\037\213", 2, "gzip" },	   { "\3757zXZ", 6, "xz" },
	{ "\050\265\057\375", 4, "zstd" }, { "BZh", 3, "bzip2" },
	{ "\004\"M\030", 4, "lz4" },
};

const char *gcr_packing_tool(struct gcr_span file)
{
	size_t count = sizeof(packings) / sizeof(packings[0]);

	for (size_t i = 0; i < count; i++)
		if (gcr_span_equal(gcr_span_head(file, packings[i].size),
				   (struct gcr_span){ packings[i].start,
						      packings[i].size }))
			return packings[i].tool;
	return NULL;
}
