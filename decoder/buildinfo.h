#ifndef GCR_BUILDINFO_H
#define GCR_BUILDINFO_H

/*
 * What `go version -m` shows: release, main package, modules, settings.
 * Go debug/buildinfo.
 */

#include "memory.h"

/*
 * Find the build information and fill in the part of `info` that it tells. A
 * file without any leaves `info` as it is; so does each part that is damaged.
 */
GCR_MUST_CHECK int gcr_buildinfo_read(const struct gcr_memory *memory,
				      struct gcr_arena *arena,
				      struct gcr_image_info *info,
				      struct gcr_error *err);

/* Read the module lines alone: `path\t…\nmod\t…\ndep\t…\nbuild\t…`. */
GCR_MUST_CHECK int gcr_buildinfo_modules(struct gcr_span text,
					 struct gcr_arena *arena,
					 struct gcr_image_info *info,
					 struct gcr_error *err);

#endif
