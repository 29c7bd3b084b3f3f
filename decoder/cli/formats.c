/* See formats.h. */

#include "formats.h"

#include "terminal.h"

int formats_begin(struct formats *formats, const struct settings *settings)
{
	struct gcr_error err;

	*formats = (struct formats){ .choice = settings->format,
				     .output = standard_output() };
	if (formats->choice != FORMAT_PPROF)
		return DONE;
	if (terminal_width() > 0) {
		complain("a profile is no text for a terminal: redirect it, as "
			 "in '> goroutines.pb.gz'");
		return FAILED;
	}
	if (gcr_profile_writer_new(&formats->output, &formats->profile, &err) ==
	    0)
		return DONE;
	complain_of(&err);
	return FAILED;
}

bool formats_want_each(const struct formats *formats)
{
	return formats->choice == FORMAT_PPROF;
}

int formats_put_one(struct formats *formats, const struct gcr_tally *tally,
		    const struct gcr_group *group,
		    const struct gcr_goroutine *goroutine,
		    struct gcr_error *err)
{
	return gcr_profile_writer_put(formats->profile,
				      formats->dumps + tally->number, group,
				      goroutine, err);
}

int formats_put(struct formats *formats, const struct gcr_census *census,
		struct gcr_error *err)
{
	size_t count = gcr_census_dump_count(census);

	formats->dumps += count;
	if (formats->choice != FORMAT_FOLDED)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (gcr_write_folded(gcr_census_dump(census, i),
				     &formats->output, err) != 0)
			return -1;
	return 0;
}

int formats_end(struct formats *formats)
{
	struct gcr_error err;

	if (formats->profile == NULL)
		return DONE;
	if (formats->dumps == 0) {
		gcr_profile_writer_free(formats->profile);
		return DONE;
	}
	if (gcr_profile_writer_done(formats->profile, &err) == 0)
		return output_failed() ? FAILED : DONE;
	if (!output_failed())
		complain_of(&err);
	return FAILED;
}
