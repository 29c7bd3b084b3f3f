/* See formats.h. */

#include "formats.h"

#include "terminal.h"

#include <string.h>

int formats_begin(struct formats *formats, const struct settings *settings,
		  const struct gcr_view *view)
{
	struct gcr_error err;
	int result = 0;

	*formats = (struct formats){ .choice = settings->format,
				     .output = standard_output() };
	if (formats->choice == FORMAT_PPROF && terminal_width() > 0) {
		complain("a profile is not text: redirect it, as "
			 "in '> goroutines.pb.gz'");
		return FAILED;
	}
	if (formats->choice == FORMAT_PPROF)
		result = gcr_profile_writer_new(&formats->output,
						&formats->profile, &err);
	else if (formats->choice == FORMAT_HTML)
		result = gcr_html_writer_new(view, &formats->output,
					     &formats->page, &err);
	if (result == 0)
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

static int put_tally(struct formats *formats, const char *name,
		     const struct gcr_tally *tally, struct gcr_error *err)
{
	struct gcr_span span = { name, strlen(name) };

	if (formats->choice == FORMAT_FOLDED)
		return gcr_write_folded(tally, &formats->output, err);
	if (formats->choice == FORMAT_HTML)
		return gcr_html_writer_put(formats->page, span, tally, err);
	return 0;
}

int formats_put(struct formats *formats, const char *name,
		const struct gcr_census *census, struct gcr_error *err)
{
	size_t count = gcr_census_dump_count(census);

	formats->dumps += count;
	for (size_t i = 0; i < count; i++)
		if (put_tally(formats, name, gcr_census_dump(census, i), err) !=
		    0)
			return -1;
	return 0;
}

static int end_profile(struct formats *formats, struct gcr_error *err)
{
	if (formats->dumps > 0)
		return gcr_profile_writer_done(formats->profile, err);
	gcr_profile_writer_free(formats->profile);
	return 0;
}

int formats_end(struct formats *formats)
{
	struct gcr_error err;
	int result = 0;

	if (formats->profile != NULL)
		result = end_profile(formats, &err);
	else if (formats->page != NULL)
		result = gcr_html_writer_done(formats->page, &err);
	if (result == 0)
		return output_failed() ? FAILED : DONE;
	if (!output_failed())
		complain_of(&err);
	return FAILED;
}
