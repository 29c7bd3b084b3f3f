/* What an image knows without looking anything up. */

#include "imagefile.h"

#include "image.h"
#include "span.h"

enum gcr_memory_kind gcr_image_memory(const struct gcr_image *image,
				      uint64_t address)
{
	return gcr_memory_kind(&image->memory, address);
}

enum gcr_memory_kind gcr_image_read(const struct gcr_image *image,
				    uint64_t address, uint64_t size,
				    struct gcr_span *ret)
{
	return gcr_memory_read(&image->memory, address, size, ret);
}

enum gcr_memory_kind gcr_image_pointer(struct gcr_image *image,
				       uint64_t address, uint64_t *ret)
{
	return gcr_memory_pointer(&image->memory, address, ret);
}

const struct gcr_image_info *gcr_image_info(const struct gcr_image *image)
{
	return &image->info;
}

bool gcr_image_setting(const struct gcr_image *image, const char *key,
		       struct gcr_span *ret)
{
	const struct gcr_image_info *info = &image->info;

	for (size_t i = 0; i < info->setting_count; i++)
		if (gcr_span_is(info->settings[i].key, key)) {
			*ret = info->settings[i].value;
			return true;
		}
	return false;
}
