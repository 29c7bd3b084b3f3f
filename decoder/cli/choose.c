/* The filters of `gocrash goroutines`, put together. */

#include "choose.h"

#include "terminal.h"

bool chooser_asks(const struct settings *settings)
{
	const struct gcr_filter_terms *terms = &settings->terms;

	return terms->state.size > 0 || terms->function.size > 0 ||
	       terms->package.size > 0 || terms->label.size > 0 ||
	       terms->least_minutes > 0 || terms->has_most ||
	       terms->ids != NULL || settings->where != NULL;
}

int chooser_init(struct chooser *chooser, const struct settings *settings,
		 const struct gcr_view *view)
{
	struct gcr_error err;

	*chooser = (struct chooser){ 0 };
	if (gcr_filter_new(&settings->terms, &chooser->filter, &err) != 0) {
		complain_of(&err);
		return FAILED;
	}
	if (settings->where == NULL)
		return DONE;
	return where_new(settings->where, view, &chooser->where);
}

void chooser_done(struct chooser *chooser)
{
	gcr_filter_free(chooser->filter);
	where_free(chooser->where);
}

void chooser_know(struct chooser *chooser, const struct gcr_census *census)
{
	if (chooser->where != NULL)
		where_know(chooser->where, census);
}

bool chooser_keep(struct chooser *chooser,
		  const struct gcr_goroutine *goroutine)
{
	return gcr_filter_keep(chooser->filter, goroutine) &&
	       (chooser->where == NULL ||
		where_keep(chooser->where, goroutine));
}

bool chooser_failed(const struct chooser *chooser)
{
	return chooser->where != NULL && where_failed(chooser->where);
}
