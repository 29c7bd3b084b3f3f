/*
 * One offset as text. The first line names the place and what kind it is; then
 * come sentences, one fact each, the two columns, and what does not fit.
 */

#include "offsettext.h"

#include "crash.h"
#include "pairs.h"
#include "span.h"

#include <inttypes.h>

enum {
	INDENT = 2,
	LONGEST_FILE = 200
};

static const struct {
	enum gcr_offset_kind kind;
	const char *title;
} titles[] = {
	{ GCR_OFFSET_UNKNOWN, "kind not known" },
	{ GCR_OFFSET_RETURN, "return address" },
	{ GCR_OFFSET_FAULT, "faulting instruction" },
	{ GCR_OFFSET_INTERRUPTED, "interrupted instruction" },
	{ GCR_OFFSET_START, "entry: nothing of it has run" },
	{ GCR_OFFSET_PLACED, "put on the stack by the runtime" },
};
_Static_assert(sizeof(titles) / sizeof(titles[0]) == GCR_OFFSET_KIND_COUNT,
	       "a title for every kind");

static const char in_file[] = ", where the program was linked to";

struct gcr_span gcr_offset_base(struct gcr_span file)
{
	file = gcr_span_tail(file, (size_t)(gcr_span_find_last(file, '/') + 1));
	return gcr_span_head(file, LONGEST_FILE);
}

static void write_title(struct gcr_page *page, const struct gcr_offset *offset,
			const char *what)
{
	const struct gcr_offset_query *query = offset->query;
	bool own = !gcr_function_is_standard(query->function);

	if (query->creator)
		gcr_page_text(page, GCR_PLAIN, "created by ");
	gcr_page_span(page, own && offset->found ? GCR_OWN : GCR_FAINT,
		      query->function);
	gcr_sink_print(&page->sink, " +0x%" PRIx64 " (%" PRIu64 ")",
		       query->offset, query->offset);
	if (offset->found && offset->at == NULL && offset->call == NULL)
		gcr_sink_text(&page->sink,
			      offset->over != NULL
				      ? ": inside of an instruction"
				      : ": no instruction known");
	else if (offset->found)
		gcr_sink_print(&page->sink, ": %s", titles[offset->kind].title);
	else if (!offset->covered)
		gcr_sink_print(&page->sink, ": not in this %s", what);
	gcr_page_line(page);
}

/*
 * `1 of 45 bytes, args 48, locals 24; example1.go:9`. Where a trace printed the
 * pc, or the code is of a binary, the entry too.
 */
static void write_function(struct gcr_page *page,
			   const struct gcr_offset *offset)
{
	const struct gcr_routine *routine = &offset->routine;
	struct gcr_span file = gcr_offset_base(routine->file);

	if ((routine->flags & GCR_ROUTINE_SIZE) == 0)
		return;
	gcr_page_indent(page, INDENT);
	gcr_sink_text(&page->sink, "The function ");
	if (!gcr_span_equal(routine->name, offset->query->function)) {
		gcr_sink_text(&page->sink, "(");
		gcr_page_span(page, GCR_PLAIN, routine->name);
		gcr_sink_text(&page->sink, ") ");
	}
	gcr_sink_print(&page->sink, "has %" PRIu64 " bytes", routine->size);
	if ((routine->flags & GCR_ROUTINE_FRAME) != 0)
		gcr_sink_print(&page->sink,
			       " (args %" PRIu64 ", locals %" PRIu64 ")",
			       routine->arguments, routine->locals);
	if (file.size > 0) {
		gcr_sink_text(&page->sink, " and begins at ");
		gcr_page_span(page, GCR_PLAIN, file);
		gcr_sink_print(&page->sink, ":%u", routine->line);
	}
	gcr_sink_text(&page->sink, ".");
	gcr_page_line(page);
}

/*
 * The trace has pcs, but not this one: a position-independent program runs at
 * other addresses than its file has.
 */
static bool is_unloaded(const struct gcr_offset *offset)
{
	const struct gcr_offset_query *query = offset->query;

	return query->frame != NULL &&
	       (query->frame->flags & GCR_FRAME_PC) == 0 &&
	       query->goroutine != NULL && query->goroutine->frame_count > 0 &&
	       (query->goroutine->frames[0].flags & GCR_FRAME_PC) != 0;
}

static void write_pc(struct gcr_page *page, const struct gcr_offset *offset)
{
	const struct gcr_frame *frame = offset->query->frame;
	uint64_t at = offset->query->offset, entry;

	if (frame != NULL && (frame->flags & GCR_FRAME_PC) != 0)
		entry = frame->pc - at;
	else if ((offset->routine.flags & GCR_ROUTINE_ENTRY) != 0)
		entry = offset->routine.entry;
	else
		return;
	gcr_page_print(
		page, INDENT,
		"Entry 0x%" PRIx64 " + 0x%" PRIx64 " = pc 0x%" PRIx64 "%s.",
		entry, at, entry + at, is_unloaded(offset) ? in_file : "");
}

static void put_place(struct gcr_page *page, struct gcr_span file,
		      unsigned line)
{
	if (line == 0 || file.size == 0) {
		gcr_sink_text(&page->sink, "of an unknown line");
		return;
	}
	gcr_page_span(page, GCR_PLAIN, gcr_offset_base(file));
	gcr_sink_print(&page->sink, ":%u", line);
}

static void write_return(struct gcr_page *page, const struct gcr_offset *offset)
{
	const struct gcr_row *call = offset->call;
	uint64_t size = call->size;

	gcr_page_indent(page, INDENT);
	gcr_sink_print(&page->sink,
		       "The CALL at +0x%" PRIx64 " (%" PRIu64
		       " bytes long) returns here. It calls ",
		       call->offset, size);
	if (offset->target.data != NULL)
		gcr_page_span(page, GCR_TITLE, offset->target);
	else
		gcr_sink_text(&page->sink,
			      "what a register holds: a closure, a method of "
			      "an interface");
	gcr_sink_text(&page->sink, ".");
	gcr_page_line(page);
	gcr_page_indent(page, INDENT);
	gcr_sink_text(&page->sink,
		      "A trace prints the line of the CALL (pc-1): ");
	put_place(page, call->file, call->line);
	gcr_sink_text(&page->sink, ".");
	gcr_page_line(page);
	if (offset->at == NULL || offset->at->line == call->line)
		return;
	gcr_page_indent(page, INDENT);
	gcr_sink_text(&page->sink, "The row it returns to is of ");
	put_place(page, offset->at->file, offset->at->line);
	gcr_sink_text(&page->sink, ".");
	gcr_page_line(page);
}

static void write_instruction(struct gcr_page *page,
			      const struct gcr_offset *offset)
{
	static const char *const verbs[] = {
		[GCR_OFFSET_UNKNOWN] = "Here stands ",
		[GCR_OFFSET_RETURN] = "Here stands ",
		[GCR_OFFSET_FAULT] = "This instruction faulted: ",
		[GCR_OFFSET_INTERRUPTED] = "The signal came before ",
		[GCR_OFFSET_START] = "The first instruction is ",
		[GCR_OFFSET_PLACED] = "Nothing was called from here: it is ",
	};
	const struct gcr_row *at = offset->at;

	gcr_page_indent(page, INDENT);
	gcr_sink_text(&page->sink, verbs[offset->kind]);
	gcr_page_span(page, GCR_TITLE, at->mnemonic);
	if (at->operands.size > 0)
		gcr_sink_text(&page->sink, " ");
	gcr_page_span(page, GCR_TITLE, at->operands);
	gcr_sink_text(&page->sink, ", ");
	put_place(page, at->file, at->line);
	gcr_sink_text(&page->sink, ".");
	gcr_page_line(page);
	if (offset->kind == GCR_OFFSET_UNKNOWN)
		gcr_page_prose(
			page, INDENT,
			"No CALL ends here, so nothing returns here: in a "
			"trace only an instruction that faulted or was "
			"interrupted has this offset.");
}

static void write_own_line(struct gcr_page *page,
			   const struct gcr_offset *offset)
{
	const struct gcr_goroutine *goroutine = offset->query->goroutine;

	if (offset->kind == GCR_OFFSET_FAULT && goroutine != NULL &&
	    offset->at != NULL)
		gcr_page_prose(page, INDENT,
			       "It is the instruction itself, so its line is "
			       "the one that the trace prints.");
}

static void write_chain(struct gcr_page *page, const struct gcr_offset *offset)
{
	if (offset->chain.count < 2)
		return;
	gcr_page_prose(page, INDENT, "Inlined here, innermost first:");
	for (size_t i = 0; i < offset->chain.count; i++) {
		const struct gcr_inlined *step = &offset->chain.items[i];

		gcr_page_indent(page, INDENT + 2);
		gcr_page_text(page, GCR_PLAIN, i > 0 ? "in " : "   ");
		gcr_page_cell(page, GCR_PLAIN, step->function, 28);
		gcr_sink_text(&page->sink, " ");
		put_place(page, step->file, step->line);
		gcr_page_line(page);
	}
}

/*
 * By a listing alone nothing says what was inlined; but a row's line may stand
 * in the source of another function.
 */
static void write_foreign(struct gcr_page *page,
			  const struct gcr_offset *offset,
			  const struct gcr_offset_request *request)
{
	const struct gcr_row *row =
		offset->kind == GCR_OFFSET_RETURN ? offset->call : offset->at;
	struct gcr_span name,
		own = gcr_function_split(offset->query->function).name;

	if (offset->chain.count > 0 || row == NULL || row->line == 0 ||
	    request->source == NULL)
		return;
	name = gcr_source_function(
		request->source(request->source_from, row->file), row->line);
	own = gcr_span_until(&own, '.');
	own = gcr_span_until(&own, '[');
	if (name.data == NULL || own.size == 0 || gcr_span_equal(name, own) ||
	    gcr_span_is(own, "init"))
		return;
	gcr_page_indent(page, INDENT);
	gcr_sink_text(&page->sink, "That line stands in ");
	gcr_page_span(page, GCR_TITLE, name);
	gcr_sink_text(&page->sink, ", which was inlined here.");
	gcr_page_line(page);
}

static void write_warnings(struct gcr_page *page,
			   const struct gcr_offset *offset)
{
	for (size_t i = 0; i < offset->warning_count; i++) {
		gcr_page_indent(page, INDENT);
		gcr_page_text(page, GCR_DOUBT, "Does not fit: ");
		gcr_page_span(page, GCR_PLAIN, offset->warnings[i].text);
		gcr_page_line(page);
	}
}

int gcr_offset_write(struct gcr_page *page, const struct gcr_offset *offset,
		     const struct gcr_offset_request *request,
		     struct gcr_error *err)
{
	int result = 0;

	write_title(page, offset, request->code.what);
	if (offset->found) {
		if (offset->kind == GCR_OFFSET_RETURN && offset->call != NULL)
			write_return(page, offset);
		else if (offset->at != NULL)
			write_instruction(page, offset);
		write_own_line(page, offset);
		write_chain(page, offset);
		write_foreign(page, offset, request);
		write_function(page, offset);
		write_pc(page, offset);
	}
	write_warnings(page, offset);
	if (offset->at != NULL || offset->over != NULL ||
	    offset->call != NULL) {
		gcr_page_line(page);
		result = gcr_offset_write_columns(page, offset, request, err);
	}
	return result;
}
