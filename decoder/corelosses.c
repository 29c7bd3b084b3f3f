/* What could not be read of a core, in words; and how it is counted. */

#include "core.h"

#include "span.h"

#include <inttypes.h>

static int note_ends(struct gcr_core *core, struct gcr_error *err)
{
	const struct gcr_core_losses *losses = &core->losses;

	for (unsigned end = GCR_END_SIGNAL; end <= GCR_END_LIMIT; end++)
		if (losses->ends[end] > 0 &&
		    gcr_core_note(core, err,
				  "%" PRIu64 " of the stacks (goroutine "
				  "%" PRIu64 ") could not be read to the end: "
				  "%s",
				  losses->ends[end], losses->example[end],
				  gcr_core_end_text((enum gcr_core_end)end)) !=
			    0)
			return -1;
	return 0;
}

/* A count, and what it says. */
struct told {
	uint64_t count;
	const char *text;
};

int gcr_core_note_losses(struct gcr_core *core, struct gcr_error *err)
{
	const struct gcr_core_losses *losses = &core->losses;
	const struct told all[] = {
		{ losses->unreadable,
		  "goroutines of the list could not be read" },
		{ losses->unavailable,
		  "goroutines were running where no thread of the core is" },
		{ losses->moving,
		  "goroutines had their stacks moved just then: theirs may be "
		  "wrong" },
		{ losses->scanned,
		  "goroutines were looked at by the garbage collector just "
		  "then" },
		{ losses->unlabelled,
		  "goroutines have more labels than the core has room for: "
		  "they are left out" },
		{ losses->lost_words,
		  "frames have arguments that are not in the core, `_` stands "
		  "for them" },
	};

	if (core->losses_told)
		return 0;
	core->losses_told = true;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].count > 0 &&
		    gcr_core_note(core, err, "%" PRIu64 " %s", all[i].count,
				  all[i].text) != 0)
			return -1;
	return note_ends(core, err);
}
