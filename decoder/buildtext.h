#ifndef GCR_BUILDTEXT_H
#define GCR_BUILDTEXT_H

/* What the program of `--binary` says of its own build. */

#include "image.h"
#include "jsonout.h"
#include "page.h"

/*
 * The row `Program`: path and version, release, what was given to the compiler
 * and linker, the commit, the build IDs.
 */
void gcr_build_write(struct gcr_page *page, const struct gcr_image *image);

/* Member `program`: all of it, modules too; null without an image. */
void gcr_build_json(struct gcr_json *json, const struct gcr_image *image);

#endif
