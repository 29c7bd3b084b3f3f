#ifndef GCR_BUILDTEXT_H
#define GCR_BUILDTEXT_H

/* Which release it was, and what the program of `--binary` says of its build. */

#include "image.h"
#include "jsonout.h"
#include "page.h"

/*
 * The row `Printed by`, of a core `Built with`: release and architecture. None
 * where neither is known.
 */
void gcr_release_write(struct gcr_page *page, const struct gcr_target *target,
		       bool core);

/*
 * The row `Program`: path and version, release, what was given to the compiler
 * and linker, the commit, the build IDs.
 */
void gcr_build_write(struct gcr_page *page, const struct gcr_image *image);

/* Member `program`: all of it, modules too; null without an image. */
void gcr_build_json(struct gcr_json *json, const struct gcr_image *image);

#endif
