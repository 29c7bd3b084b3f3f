#ifndef CLI_FORMATS_H
#define CLI_FORMATS_H

/*
 * The formats of `gocrash goroutines` other than text and JSON. A profile, or a
 * page, is one file, whatever the number of inputs.
 */

#include "verbs.h"

struct formats {
	enum format_choice choice;
	struct gcr_output output;
	struct gcr_profile_writer *profile;
	struct gcr_html_writer *page;
	size_t dumps; /* of the inputs before this one */
};

/* DONE, or FAILED with the message printed. */
int formats_begin(struct formats *formats, const struct settings *settings,
		  const struct gcr_view *view);

/* For a census: whether each goroutine is wanted, and one of them. */
bool formats_want_each(const struct formats *formats);
int formats_put_one(struct formats *formats, const struct gcr_tally *tally,
		    const struct gcr_group *group,
		    const struct gcr_goroutine *goroutine,
		    struct gcr_error *err);

/* One input, of that name, has been counted. */
int formats_put(struct formats *formats, const char *name,
		const struct gcr_census *census, struct gcr_error *err);

/* Write the end, if there was anything; else just release. */
int formats_end(struct formats *formats);

#endif
