/*
 * Architectures and releases.
 *
 * Names are GOARCH values. Only amd64, 386 and arm64 have a kind of their own:
 * for the others the word size is all that a layout needs.
 */

#include "target.h"

#include "span.h"

struct arch_row {
	const char *name;
	enum gcr_arch arch;
};

// clang-format off
// Go internal/goarch, zgoarch_*.go. The first row of a kind is its name.
static const struct arch_row arch_rows[] = {
	{ "amd64",    GCR_AMD64 },
	{ "386",      GCR_386 },
	{ "arm64",    GCR_ARM64 },
	{ "x86_64",   GCR_AMD64 },
	{ "x86-64",   GCR_AMD64 },
	{ "i386",     GCR_386 },
	{ "i686",     GCR_386 },
	{ "x86",      GCR_386 },
	{ "aarch64",  GCR_ARM64 },
	{ "arm",      GCR_ARCH_OTHER_32 },
	{ "mips",     GCR_ARCH_OTHER_32 },
	{ "mipsle",   GCR_ARCH_OTHER_32 },
	{ "ppc64",    GCR_ARCH_OTHER_64 },
	{ "ppc64le",  GCR_ARCH_OTHER_64 },
	{ "mips64",   GCR_ARCH_OTHER_64 },
	{ "mips64le", GCR_ARCH_OTHER_64 },
	{ "riscv64",  GCR_ARCH_OTHER_64 },
	{ "loong64",  GCR_ARCH_OTHER_64 },
	{ "s390x",    GCR_ARCH_OTHER_64 },
};
// clang-format on

enum {
	ARCH_ROWS = sizeof(arch_rows) / sizeof(arch_rows[0])
};

const char *gcr_arch_name(enum gcr_arch arch)
{
	if (arch == GCR_ARCH_UNKNOWN || arch == GCR_ARCH_OTHER_32 ||
	    arch == GCR_ARCH_OTHER_64)
		return NULL;
	for (size_t i = 0; i < ARCH_ROWS; i++)
		if (arch_rows[i].arch == arch)
			return arch_rows[i].name;
	return NULL;
}

enum gcr_arch gcr_arch_from_name(struct gcr_span name)
{
	for (size_t i = 0; i < ARCH_ROWS; i++)
		if (gcr_span_is(name, arch_rows[i].name))
			return arch_rows[i].arch;
	return GCR_ARCH_UNKNOWN;
}

unsigned gcr_arch_word_size(enum gcr_arch arch)
{
	switch (arch) {
	case GCR_AMD64:
	case GCR_ARM64:
	case GCR_ARCH_OTHER_64:
		return 8;
	case GCR_386:
	case GCR_ARCH_OTHER_32:
		return 4;
	case GCR_ARCH_UNKNOWN:
		break;
	}
	return 0;
}

/* `go1.22.6-X:nocoverageredesign`, `1.13rc1`, `go1.22`: what follows is free. */
unsigned gcr_go_minor(struct gcr_span text)
{
	uint64_t minor = 0;

	text = gcr_span_trim(text);
	gcr_span_skip(&text, "go");
	if (!gcr_span_skip(&text, "1.") ||
	    gcr_span_decimal(&text, &minor) != GCR_NUMBER_OK)
		return 0;
	bool more = text.size == 0 || text.data[0] == '.' ||
		    text.data[0] == '-' || text.data[0] == ' ' ||
		    gcr_span_starts(text, "rc") ||
		    gcr_span_starts(text, "beta");
	return more && minor < 1000 ? (unsigned)minor : 0;
}

static bool in_order(unsigned low, unsigned high)
{
	return high == 0 || low <= high;
}

bool gcr_target_at_least(struct gcr_target *target, unsigned minor)
{
	if (!in_order(minor, target->go_max))
		return false;
	if (minor > target->go_min)
		target->go_min = minor;
	return true;
}

bool gcr_target_at_most(struct gcr_target *target, unsigned minor)
{
	if (!in_order(target->go_min, minor))
		return false;
	if (minor != 0 && (target->go_max == 0 || minor < target->go_max))
		target->go_max = minor;
	return true;
}

bool gcr_target_is_arch(struct gcr_target *target, enum gcr_arch arch)
{
	if (target->arch == GCR_ARCH_UNKNOWN)
		target->arch = arch;
	return target->arch == arch || arch == GCR_ARCH_UNKNOWN;
}

struct gcr_target gcr_target_combine(const struct gcr_target *first,
				     const struct gcr_target *second)
{
	struct gcr_target both = *first;

	(void)gcr_target_is_arch(&both, second->arch);
	// A contradicted bound is left out; what was known first stays.
	(void)gcr_target_at_least(&both, second->go_min);
	(void)gcr_target_at_most(&both, second->go_max);
	return both;
}
