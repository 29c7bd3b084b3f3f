/* Places of frames: see corestand.h. A place has one slot, by its pc. */

#include "corestand.h"

const struct gcr_corestand *gcr_corestand(struct gcr_corestands *stands,
					  const struct gcr_image *image,
					  uint64_t pc)
{
	uint64_t hash = pc * UINT64_C(0x9e3779b97f4a7c15);
	struct gcr_corestand *at =
		&stands->items[(hash >> 40) % GCR_CORESTANDS];

	if (!at->asked || at->pc != pc) {
		*at = (struct gcr_corestand){ .pc = pc, .asked = true };
		at->known = gcr_image_function_at(image, pc, &at->function);
		if (at->known) {
			(void)!gcr_image_pointer_map(image, &at->function, pc,
						     true, &at->locals);
			(void)!gcr_image_pointer_map(image, &at->function, pc,
						     false, &at->arguments);
		}
	}
	return at->known ? at : NULL;
}
