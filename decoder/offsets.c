/* One traversal of the offsets asked for, two writers. */

#include "offsets.h"

#include "arena.h"
#include "error.h"
#include "json.h"
#include "offsetjson.h"
#include "offsettext.h"
#include "span.h"

/* Of the two writers one is there. */
struct writing {
	const struct gcr_offset_request *request;
	struct gcr_page *page;
	struct gcr_json *json;
	struct gcr_arena *arena;
	struct gcr_error *err;
	size_t asked, found, contradicted;
};

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

	if (gcr_offset_map(&to->request->code, query, to->arena, &offset,
			   to->err) != 0)
		return -1;
	if (query->frame == NULL && !offset.found)
		return gcr_fail(
			to->err, GCR_NOT_FOUND, "no function '%.*s' in this %s",
			GCR_PRINT_SPAN(gcr_span_head(query->function, 120)),
			to->request->code.what);
	to->asked++;
	to->found += offset.found;
	to->contradicted += is_contradiction(&offset);
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

static int write_goroutine(struct writing *to,
			   const struct gcr_goroutine *goroutine)
{
	struct gcr_arena_mark mark = gcr_arena_mark(to->arena);
	struct gcr_offset_query *queries;
	size_t count;

	if (gcr_offset_queries(to->request->crash, goroutine, to->arena,
			       &queries, &count, to->err) != 0)
		return -1;
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

	if (to->contradicted == 0)
		return;
	gcr_page_print(page, 0,
		       "Trace and %s do not belong together: %zu of %zu "
		       "offsets contradict. Make it with the flags, the Go "
		       "release and the sources of the program that crashed: "
		       "others give other offsets.",
		       to->request->code.what, to->contradicted, to->asked);
}

static int write_text(struct writing *to, const struct gcr_view *view,
		      const struct gcr_output *output)
{
	const struct gcr_crash *crash = to->request->crash;
	struct gcr_target nothing = { 0 };
	struct gcr_page page;
	int result;

	if (gcr_page_init(&page, crash != NULL ? &crash->target : &nothing,
			  view, output, to->err) != 0)
		return -1;
	to->page = &page;
	to->arena = page.arena;
	result = write_all(to);
	if (result == 0 && crash != NULL)
		write_verdict(to);
	if (result == 0)
		result = gcr_sink_done(&page.sink, to->err);
	gcr_page_done(&page);
	return result;
}

static int write_document(struct writing *to, const struct gcr_view *view,
			  const struct gcr_output *output)
{
	struct gcr_json json;
	int result;

	to->arena = gcr_arena_new(0);
	if (to->arena == NULL)
		return gcr_fail(to->err, GCR_NOMEM, "out of memory");
	gcr_arena_fail_at(to->arena, view->fail_at);
	to->json = &json;
	gcr_json_init(&json, output);
	gcr_json_open(&json, NULL, '{');
	gcr_json_text(&json, "format", GCR_JSON_FORMAT);
	gcr_json_text(&json, "code", to->request->code.what);
	gcr_json_open(&json, "frames", '[');
	result = write_all(to);
	gcr_json_close(&json, ']');
	gcr_json_number(&json, "asked", to->asked);
	gcr_json_number(&json, "found", to->found);
	gcr_json_number(&json, "contradicted", to->contradicted);
	gcr_json_close(&json, '}');
	if (result == 0)
		result = gcr_json_done(&json, to->err);
	gcr_arena_free(to->arena);
	return result;
}

int gcr_write_offsets(const struct gcr_offset_request *request,
		      const struct gcr_view *view, bool json,
		      const struct gcr_output *output, struct gcr_error *err)
{
	struct writing to = { .request = request, .err = err };
	int result = json ? write_document(&to, view, output)
			  : write_text(&to, view, output);

	if (result == 0 && to.found == 0)
		return gcr_fail(err, GCR_NOT_FOUND,
				"none of the %zu frames with an offset is in "
				"this %s",
				to.asked, request->code.what);
	return result;
}
