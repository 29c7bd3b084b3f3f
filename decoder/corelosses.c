/* What could not be read of a core, in words; and how it is counted. */

#include "core.h"

#include "span.h"

#include <inttypes.h>

static int note_ends(struct gcr_core *core, struct gcr_error *err)
{
	const struct gcr_core_losses *losses = &core->losses;

	for (unsigned end = GCR_END_SIGNAL; end <= GCR_END_LIMIT; end++)
		if (losses->ends[end] > 0 &&
		    gcr_core_note(
			    core, err,
			    "%" PRIu64 " stack%s could not be read to the "
			    "end (goroutine %" PRIu64 "): %s",
			    losses->ends[end],
			    losses->ends[end] == 1 ? "" : "s",
			    losses->example[end],
			    gcr_core_end_text((enum gcr_core_end)end)) != 0)
			return -1;
	return 0;
}

/* A count, and what it says. */
struct told {
	uint64_t count;
	const char *one, *many;
};

int gcr_core_note_losses(struct gcr_core *core, struct gcr_error *err)
{
	const struct gcr_core_losses *losses = &core->losses;
	const struct told all[] = {
		{ losses->unreadable, "goroutine of the list could not be read",
		  "goroutines of the list could not be read" },
		{ losses->unavailable,
		  "goroutine was running on a thread that is not in the core",
		  "goroutines were running on threads that are not in the "
		  "core" },
		{ losses->moving,
		  "goroutine was having its stack moved: its frames may be "
		  "wrong",
		  "goroutines were having their stacks moved: their frames "
		  "may be wrong" },
		{ losses->ancestors,
		  "goroutine has ancestors (GODEBUG=tracebackancestors) that "
		  "are not told",
		  "goroutines have ancestors (GODEBUG=tracebackancestors) "
		  "that are not told" },
		{ losses->scanned,
		  "goroutine was being scanned by the garbage collector",
		  "goroutines were being scanned by the garbage collector" },
		{ losses->unlabelled,
		  "goroutine has more labels than the core has room for: they "
		  "are left out",
		  "goroutines have more labels than the core has room for: "
		  "they are left out" },
		{ losses->lost_words,
		  "frame has arguments that are not in the core: `_` stands "
		  "for them",
		  "frames have arguments that are not in the core: `_` stands "
		  "for them" },
	};

	if (core->losses_told)
		return 0;
	core->losses_told = true;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].count > 0 &&
		    gcr_core_note(core, err, "%" PRIu64 " %s", all[i].count,
				  all[i].count == 1 ? all[i].one
						    : all[i].many) != 0)
			return -1;
	return note_ends(core, err);
}
