#ifndef GCR_ADVICE_H
#define GCR_ADVICE_H

/* The next steps that help with this very crash, a few, the best first. */

#include "page.h"
#include "scene.h"

/* `decoding` is that of `scene->own`, or NULL. */
void gcr_advice_write(struct gcr_page *page, const struct gcr_crash *crash,
		      const struct gcr_scene *scene,
		      const struct gcr_decoding *decoding);

#endif
