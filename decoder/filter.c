/* Terms that a goroutine has to fulfil, the cheap ones first. */

#include "filter.h"

#include "arena.h"
#include "error.h"
#include "quoted.h"
#include "span.h"

struct gcr_filter {
	struct gcr_arena *arena; /* for the labels of one goroutine */
	struct gcr_filter_terms terms;
	struct gcr_span key, value; /* of the label; value NULL: any */
};

int gcr_filter_new(const struct gcr_filter_terms *terms,
		   struct gcr_filter **ret, struct gcr_error *err)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_filter *filter = NULL;
	ptrdiff_t equals = gcr_span_find(terms->label, '=');

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	filter = gcr_arena_alloc(arena, sizeof(*filter), err);
	if (filter == NULL) {
		gcr_arena_free(arena);
		return -1;
	}
	filter->arena = arena;
	filter->terms = *terms;
	filter->key = terms->label;
	if (equals != GCR_NOWHERE) {
		filter->key = gcr_span_head(terms->label, (size_t)equals);
		filter->value = gcr_span_tail(terms->label, (size_t)equals + 1);
	}
	*ret = filter;
	return 0;
}

void gcr_filter_free(struct gcr_filter *filter)
{
	if (filter != NULL)
		gcr_arena_free(filter->arena);
}

static bool contains(struct gcr_span text, struct gcr_span part)
{
	if (part.size == 0)
		return true;
	for (; text.size >= part.size; text = gcr_span_tail(text, 1))
		if (gcr_span_begins(text, part))
			return true;
	return false;
}

// `net` has `net.(*conn).Read`, and `net/http.(*conn).serve` below it.
static bool is_of_package(struct gcr_span function, struct gcr_span package)
{
	struct gcr_span own = gcr_function_split(function).package;

	return gcr_span_begins(own, package) &&
	       (own.size == package.size || own.data[package.size] == '/');
}

static bool has_frame(const struct gcr_filter_terms *terms,
		      const struct gcr_goroutine *g)
{
	bool function = terms->function.size == 0;
	bool package = terms->package.size == 0;

	for (size_t i = 0; i < g->frame_count && !(function && package); i++) {
		struct gcr_span name = g->frames[i].function;

		function = function || contains(name, terms->function);
		package = package || is_of_package(name, terms->package);
	}
	return function && package;
}

static bool has_label(const struct gcr_filter *filter,
		      const struct gcr_goroutine *g)
{
	struct gcr_arena_mark mark = gcr_arena_mark(filter->arena);
	struct gcr_span labels = g->labels, key, value;
	struct gcr_error unused;
	bool found = filter->terms.label.size == 0;

	while (!found && gcr_label_next(&labels, filter->arena, &key, &value,
					&unused) > 0)
		found = gcr_span_equal(key, filter->key) &&
			(filter->value.data == NULL ||
			 gcr_span_equal(value, filter->value));
	gcr_arena_rewind(filter->arena, mark);
	return found;
}

static bool has_id(const struct gcr_filter_terms *terms,
		   const struct gcr_goroutine *g)
{
	if (terms->ids == NULL)
		return true;
	for (size_t i = 0; i < terms->id_count; i++)
		if (g->kind == GCR_STACK_GOROUTINE && terms->ids[i] == g->id)
			return true;
	return false;
}

bool gcr_filter_keep(void *from, const struct gcr_goroutine *goroutine)
{
	const struct gcr_filter *filter = from;
	const struct gcr_filter_terms *terms = &filter->terms;

	return goroutine->minutes >= terms->least_minutes &&
	       (!terms->has_most ||
		goroutine->minutes <= terms->most_minutes) &&
	       has_id(terms, goroutine) &&
	       contains(goroutine->state, terms->state) &&
	       has_frame(terms, goroutine) && has_label(filter, goroutine);
}
