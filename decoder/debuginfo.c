#include "error.h"
#include "imagefile.h"
void gcr_debuginfo_free(struct gcr_debuginfo *debuginfo)
{
	(void)debuginfo;
}
int gcr_image_signature(struct gcr_image *image, uint64_t entry,
			const struct gcr_image_signature **ret,
			struct gcr_error *err)
{
	(void)image, (void)entry, (void)ret;
	return gcr_fail(err, GCR_NOT_FOUND, "no");
}
