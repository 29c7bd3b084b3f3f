/* What an image knows without looking anything up. */

#include "imagefile.h"

#include "image.h"
#include "span.h"
#include "target.h"

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

// `all=-N -l`: for every package; without a pattern only those named.
static enum gcr_answer read_flags(struct gcr_span flags)
{
	if (!gcr_span_skip(&flags, "all="))
		return GCR_NOT_KNOWN;
	while (flags.size > 0)
		if (gcr_span_is(gcr_span_until(&flags, ' '), "-N"))
			return GCR_NO;
	return GCR_YES;
}

// The releases since which arguments go in registers; Go internal/buildcfg.
static const struct {
	enum gcr_arch arch;
	unsigned since;
} register_abis[] = {
	{ GCR_AMD64, 17 },
	{ GCR_ARM64, 18 },
	{ GCR_386, 1000 },
};

static enum gcr_answer read_abi(const struct gcr_image_info *info)
{
	const struct gcr_target *target = &info->target;

	// `go1.17.13 X:noregabi`
	if (gcr_span_find_text(info->go_version, "noregabi") != GCR_NOWHERE)
		return GCR_NO;
	for (size_t i = 0; i < sizeof(register_abis) / sizeof(register_abis[0]);
	     i++) {
		if (register_abis[i].arch != target->arch)
			continue;
		if (target->go_min >= register_abis[i].since)
			return GCR_YES;
		if (target->go_max != 0 &&
		    target->go_max < register_abis[i].since)
			return GCR_NO;
	}
	return target->arch == GCR_386 ? GCR_NO : GCR_NOT_KNOWN;
}

void gcr_image_settle(struct gcr_image_info *info)
{
	bool told = false;

	for (size_t i = 0; i < info->setting_count; i++)
		if (gcr_span_is(info->settings[i].key, "-gcflags")) {
			info->optimized = read_flags(info->settings[i].value);
			told = true;
		}
	// Since go1.18 flags that are not told were not given.
	if (!told && info->setting_count > 0)
		info->optimized = GCR_YES;
	info->register_arguments = read_abi(info);
}

struct gcr_target gcr_image_target(const struct gcr_image *image,
				   struct gcr_target given)
{
	return gcr_target_combine(&given, &image->info.target);
}
