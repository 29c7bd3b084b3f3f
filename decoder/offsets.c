/* One traversal of the offsets asked for, two writers. */

#include "offsets.h"

#include "arena.h"
#include "error.h"
#include "json.h"
#include "offsetjson.h"
#include "offsettext.h"
#include "span.h"

/* How many offsets there were, and how many did not fit. */
struct tally {
	size_t asked, found, contradicted;
};

/*
 * Dumps repeat themselves: goroutines that wait at one place. What was mapped is
 * kept, the first so many.
 */
enum {
	MOST_KEPT = 256
};

struct kept {
	struct gcr_arena *arena;
	struct gcr_offset items[MOST_KEPT];
	size_t count;
};

/* Of the two writers one is there. */
struct writing {
	const struct gcr_offset_request *request;
	struct gcr_page *page;
	struct gcr_json *json;
	struct gcr_arena *arena;
	struct gcr_error *err;
	struct tally *tally;
	struct kept *kept;
	size_t repeated; /* goroutines without anything new */
};

static bool same_place(const struct gcr_frame *a, const struct gcr_frame *b)
{
	return a == b ||
	       (a != NULL && b != NULL && a->offset == b->offset &&
		a->line == b->line && a->pc == b->pc && a->flags == b->flags &&
		gcr_span_equal(a->function, b->function) &&
		gcr_span_equal(a->file, b->file));
}

static bool same_query(const struct gcr_offset_query *a,
		       const struct gcr_offset_query *b)
{
	if (a->offset != b->offset || a->kind != b->kind ||
	    a->creator != b->creator || a->inlined_count != b->inlined_count ||
	    !same_place(a->frame, b->frame) ||
	    (a->callee == NULL) != (b->callee == NULL) ||
	    (a->callee != NULL &&
	     !gcr_span_equal(a->callee->function, b->callee->function)))
		return false;
	for (size_t i = 0; i < a->inlined_count; i++)
		if (!same_place(&a->inlined[i], &b->inlined[i]))
			return false;
	return true;
}

// NULL when this was not asked before, or so much was that it is not kept.
static struct gcr_offset *find_kept(const struct writing *to,
				    const struct gcr_offset_query *query)
{
	if (query->frame == NULL)
		return NULL;
	for (size_t i = 0; i < to->kept->count; i++)
		if (same_query(to->kept->items[i].query, query))
			return &to->kept->items[i];
	return NULL;
}

static int map(struct writing *to, const struct gcr_offset_query *query,
	       struct gcr_offset *ret)
{
	struct gcr_offset *kept = find_kept(to, query);
	struct gcr_offset_query *copy;

	if (kept != NULL) {
		*ret = *kept;
		ret->query = query;
		return 0;
	}
	if (query->frame == NULL || to->kept->count == MOST_KEPT)
		return gcr_offset_map(&to->request->code, query, to->arena, ret,
				      to->err);
	copy = gcr_arena_alloc(to->kept->arena, sizeof(*copy), to->err);
	if (copy == NULL || gcr_offset_map(&to->request->code, query,
					   to->kept->arena, ret, to->err) != 0)
		return -1;
	*copy = *query;
	to->kept->items[to->kept->count] = *ret;
	to->kept->items[to->kept->count++].query = copy;
	return 0;
}

static bool is_contradiction(const struct gcr_offset *offset)
{
	for (size_t i = 0; i < offset->warning_count; i++)
		if (offset->warnings[i].problem != GCR_OFFSET_AMBIGUOUS)
			return true;
	return false;
}

static int write_one(struct writing *to, const struct gcr_offset_query *query)
{
	struct gcr_offset offset;
	int result;

	if (map(to, query, &offset) != 0)
		return -1;
	if (query->frame == NULL && !offset.found)
		return gcr_fail(
			to->err, GCR_NOT_FOUND, "no function '%.*s' in this %s",
			GCR_PRINT_SPAN(gcr_span_head(query->function, 120)),
			to->request->code.what);
	to->tally->asked++;
	to->tally->found += offset.found;
	to->tally->contradicted += is_contradiction(&offset);
	if (to->json != NULL)
		return gcr_offset_write_json(to->json, &offset, to->request,
					     to->arena, to->err);
	result = gcr_offset_write(to->page, &offset, to->request, to->err);
	if (offset.found)
		gcr_page_line(to->page);
	return result;
}

static void write_header(struct writing *to,
			 const struct gcr_goroutine *goroutine)
{
	struct gcr_page *page = to->page;

	if (page == NULL)
		return;
	if (goroutine->kind == GCR_STACK_GOROUTINE)
		gcr_sink_print(&page->sink, "goroutine %llu",
			       (unsigned long long)goroutine->id);
	else
		gcr_sink_text(&page->sink, "a stack without a header");
	if (goroutine->state.size > 0) {
		gcr_sink_text(&page->sink, " [");
		gcr_page_span(page, GCR_PLAIN, goroutine->state);
		gcr_sink_text(&page->sink, "]");
	}
	gcr_page_line(page);
	gcr_page_line(page);
}

static bool is_all_kept(const struct writing *to,
			const struct gcr_offset_query *queries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (find_kept(to, &queries[i]) == NULL)
			return false;
	return true;
}

static int write_goroutine(struct writing *to,
			   const struct gcr_goroutine *goroutine)
{
	struct gcr_arena_mark mark = gcr_arena_mark(to->arena);
	struct gcr_offset_query *queries;
	size_t count;

	if (gcr_offset_queries(to->request->crash, goroutine, to->arena,
			       &queries, &count, to->err) != 0)
		return -1;
	if (to->page != NULL && count > 0 && is_all_kept(to, queries, count)) {
		to->repeated++;
		gcr_arena_rewind(to->arena, mark);
		return 0;
	}
	if (count > 0)
		write_header(to, goroutine);
	for (size_t i = 0; i < count; i++) {
		struct gcr_arena_mark inner = gcr_arena_mark(to->arena);

		if (write_one(to, &queries[i]) != 0)
			return -1;
		gcr_arena_rewind(to->arena, inner);
	}
	gcr_arena_rewind(to->arena, mark);
	return 0;
}

static int write_all(struct writing *to)
{
	const struct gcr_crash *crash = to->request->crash;
	struct gcr_offset_query query = {
		.function = to->request->function,
		.offset = to->request->offset,
	};

	if (crash == NULL)
		return write_one(to, &query);
	for (size_t i = 0; i < crash->goroutine_count; i++)
		if (write_goroutine(to, &crash->goroutines[i]) != 0)
			return -1;
	return 0;
}

static void write_verdict(struct writing *to)
{
	struct gcr_page *page = to->page;

	if (to->repeated > 0) {
		gcr_page_print(page, 0,
			       "%zu more %s: all of their offsets stand above.",
			       to->repeated,
			       to->repeated == 1 ? "goroutine" : "goroutines");
		gcr_page_line(page);
	}
	if (to->tally->contradicted == 0)
		return;
	gcr_page_print(page, 0,
		       "Trace and %s do not belong together: %zu of %zu "
		       "offsets contradict. Make it with the flags, the Go "
		       "release and the sources of the program that crashed: "
		       "others give other offsets.",
		       to->request->code.what, to->tally->contradicted,
		       to->tally->asked);
}

static int write_text(const struct gcr_offset_request *request,
		      const struct gcr_view *view,
		      const struct gcr_output *output, struct tally *tally,
		      struct gcr_error *err)
{
	const struct gcr_crash *crash = request->crash;
	struct gcr_target nothing = { 0 };
	struct kept kept = { .arena = gcr_arena_new(0) };
	struct gcr_page page;
	int result;

	if (kept.arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	if (gcr_page_init(&page, crash != NULL ? &crash->target : &nothing,
			  view, output, err) != 0) {
		gcr_arena_free(kept.arena);
		return -1;
	}
	gcr_arena_fail_at(kept.arena, view->fail_at);
	struct writing to = { .request = request,
			      .page = &page,
			      .arena = page.arena,
			      .err = err,
			      .tally = tally,
			      .kept = &kept };
	result = write_all(&to);
	if (result == 0 && crash != NULL)
		write_verdict(&to);
	if (result == 0)
		result = gcr_sink_done(&page.sink, err);
	gcr_page_done(&page);
	gcr_arena_free(kept.arena);
	return result;
}

static int write_document(const struct gcr_offset_request *request,
			  const struct gcr_view *view,
			  const struct gcr_output *output, struct tally *tally,
			  struct gcr_error *err)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	struct kept kept = { .arena = gcr_arena_new(0) };
	struct gcr_json json;
	int result;

	if (arena == NULL || kept.arena == NULL) {
		gcr_arena_free(arena);
		gcr_arena_free(kept.arena);
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	}
	gcr_arena_fail_at(arena, view->fail_at);
	gcr_arena_fail_at(kept.arena, view->fail_at);
	struct writing to = { .request = request,
			      .json = &json,
			      .arena = arena,
			      .err = err,
			      .tally = tally,
			      .kept = &kept };
	gcr_json_init(&json, output);
	gcr_json_open(&json, NULL, '{');
	gcr_json_text(&json, "format", GCR_JSON_FORMAT);
	gcr_json_text(&json, "code", request->code.what);
	gcr_json_open(&json, "frames", '[');
	result = write_all(&to);
	gcr_json_close(&json, ']');
	gcr_json_number(&json, "asked", tally->asked);
	gcr_json_number(&json, "found", tally->found);
	gcr_json_number(&json, "contradicted", tally->contradicted);
	gcr_json_close(&json, '}');
	if (result == 0)
		result = gcr_json_done(&json, err);
	gcr_arena_free(kept.arena);
	gcr_arena_free(arena);
	return result;
}

int gcr_write_offsets(const struct gcr_offset_request *request,
		      const struct gcr_view *view, bool json,
		      const struct gcr_output *output, struct gcr_error *err)
{
	struct tally tally = { 0 };
	int result = json ? write_document(request, view, output, &tally, err)
			  : write_text(request, view, output, &tally, err);

	if (result == 0 && tally.found == 0)
		return gcr_fail(err, GCR_NOT_FOUND,
				"none of the %zu frames with an offset is in "
				"this %s",
				tally.asked, request->code.what);
	return result;
}
