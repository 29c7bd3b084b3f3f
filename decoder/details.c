/* Everything behind the first screen: see details.h. */

#include "details.h"

#include "arena.h"
#include "causes.h"
#include "crowd.h"
#include "headline.h"
#include "span.h"
#include "stacks.h"

#include <inttypes.h>

enum {
	INDENT = 2,
	EXAMPLES = 8,	 /* stacks shown of a crowd */
	OTHER_LINES = 6, /* of other output quoted per piece */
	REGISTERS_A_LINE = 3,
};

static const size_t no_limit = SIZE_MAX;

static void write_chain(struct gcr_page *page, const struct gcr_cause *cause)
{
	if (cause->panic_count < 2)
		return;
	gcr_page_heading(page, "Panics, oldest first");
	for (size_t i = 0; i < cause->panic_count; i++) {
		const struct gcr_panic *panic = &cause->panics[i];

		gcr_sink_print(&page->sink, "%3zu  ", i + 1);
		gcr_page_lines(page, GCR_PLAIN, 5, panic->text, no_limit);
		if (panic->repanicked)
			gcr_page_print(page, 5,
				       "recovered, then panicked with "
				       "once more");
		else if (panic->recovered)
			gcr_page_print(page, 5,
				       "recovered, and replaced by "
				       "the next");
	}
}

// Whether the headline had room for all of it.
static bool is_long(struct gcr_span text)
{
	for (size_t lines = 0; text.size > 0; lines++)
		if (gcr_span_until(&text, '\n').size > GCR_LONG_LINE ||
		    lines == GCR_HEADLINE_LINES)
			return true;
	return false;
}

static void write_long_text(struct gcr_page *page,
			    const struct gcr_cause *cause)
{
	if (cause->panic_count > 1 || !is_long(cause->text))
		return;
	gcr_page_heading(page, "Its whole text");
	gcr_page_indent(page, INDENT);
	gcr_page_lines(page, GCR_PLAIN, INDENT, cause->text, no_limit);
}

static void write_code(struct gcr_page *page, const struct gcr_signal *signal)
{
	const struct gcr_signal_code *code =
		gcr_signal_code_find(signal->name, signal->code);

	if (code != NULL)
		gcr_page_print(page, INDENT, "code 0x%" PRIx64 ": %s, %s",
			       signal->code, code->name, code->meaning);
	else
		gcr_page_print(page, INDENT, "code 0x%" PRIx64, signal->code);
}

static void write_signal(struct gcr_page *page, const struct gcr_signal *signal)
{
	if (signal == NULL)
		return;
	gcr_page_heading(page, "Signal");
	gcr_page_begin(page, INDENT);
	gcr_page_span(page, GCR_PLAIN, signal->name);
	if (signal->description.size > 0) {
		gcr_sink_text(&page->sink, ": ");
		gcr_page_span(page, GCR_PLAIN, signal->description);
	}
	gcr_page_line(page);
	if (signal->has_code)
		write_code(page, signal);
	if (signal->has_addr)
		gcr_page_print(page, INDENT,
			       "addr 0x%" PRIx64 ": the address that was used",
			       signal->addr);
	if (signal->has_pc)
		gcr_page_print(page, INDENT,
			       "pc   0x%" PRIx64
			       ": the instruction it stopped at",
			       signal->pc);
	if (signal->has_m)
		gcr_page_print(page, INDENT, "m    %" PRIu64 ": the thread",
			       signal->m);
}

static void write_others(struct gcr_page *page, const char *title,
			 const struct gcr_other *others, size_t count,
			 size_t limit)
{
	if (count == 0)
		return;
	gcr_page_heading(page, title);
	for (size_t i = 0; i < count; i++) {
		struct gcr_span text = others[i].text;

		while (text.size > 0 && text.data[text.size - 1] == '\n')
			text.size--;
		gcr_sink_print(&page->sink, "%5zu  ", others[i].place.line);
		gcr_page_lines(page, GCR_FAINT, 7, text,
			       page->view->all ? no_limit : limit);
	}
}

static int write_stacks(struct gcr_page *page, const char *title,
			const struct gcr_crash *crash, enum gcr_stack_kind kind)
{
	bool titled = false;

	for (size_t i = 0; i < crash->stack_count; i++) {
		if (crash->stacks[i].kind != kind)
			continue;
		if (!titled)
			gcr_page_heading(page, title);
		else
			gcr_page_line(page);
		titled = true;
		if (gcr_stack_write(page, &crash->stacks[i],
				    page->view->all ? GCR_STACK_FULL
						    : GCR_STACK_FOLDED) != 0)
			return -1;
	}
	return 0;
}

static int write_every_goroutine(struct gcr_page *page,
				 const struct gcr_crash *crash)
{
	if (crash->goroutine_count > 0)
		gcr_page_heading(page, "Goroutines");
	for (size_t i = 0; i < crash->goroutine_count; i++) {
		if (i > 0)
			gcr_page_line(page);
		if (gcr_stack_write(page, &crash->goroutines[i],
				    GCR_STACK_FULL) != 0)
			return -1;
	}
	return 0;
}

// One stack of each row.
static int write_examples(struct gcr_page *page, const struct gcr_crowd *crowd)
{
	for (size_t i = 0; i < crowd->row_count && i < EXAMPLES; i++) {
		const struct gcr_crowd_row *row = &crowd->rows[i];

		if (i > 0)
			gcr_page_line(page);
		if (row->count > 1)
			gcr_page_print(page, 0, "one of %" PRIu64 ":",
				       row->count);
		if (gcr_stack_write(page, row->first, GCR_STACK_FOLDED) != 0)
			return -1;
	}
	return 0;
}

static int write_crowd(struct gcr_page *page, const struct gcr_crash *crash,
		       const struct gcr_scene *scene)
{
	struct gcr_arena_mark mark = gcr_arena_mark(page->arena);
	bool central = scene->culprit == NULL || scene->own == NULL;
	struct gcr_crowd crowd;

	if (gcr_crowd_gather(page, crash->goroutines, crash->goroutine_count,
			     scene->culprit, &crowd) != 0)
		return -1;
	// Else the first screen has shown them all.
	if (crowd.row_count >
	    (size_t)(central ? GCR_CROWD_ALONE : GCR_CROWD_BESIDE)) {
		gcr_page_heading(page, scene->culprit != NULL
					       ? "The other goroutines"
					       : "Goroutines");
		gcr_crowd_write(page, &crowd, 0, 0, true);
	}
	if (central && crowd.row_count > 0)
		gcr_page_heading(page, "One stack of each");
	if (central && write_examples(page, &crowd) != 0)
		return -1;
	gcr_arena_rewind(page->arena, mark);
	return 0;
}

static int write_goroutines(struct gcr_page *page,
			    const struct gcr_crash *crash,
			    const struct gcr_scene *scene)
{
	if (page->view->all)
		return write_every_goroutine(page, crash);
	if (scene->culprit != NULL) {
		gcr_page_heading(page, "Its stack");
		if (gcr_stack_write(page, scene->culprit, GCR_STACK_FOLDED) !=
		    0)
			return -1;
	}
	return write_crowd(page, crash, scene);
}

static void write_register_block(struct gcr_page *page,
				 const struct gcr_report *report)
{
	for (size_t i = 0; i < report->register_count; i++) {
		const struct gcr_register *one = &report->registers[i];
		bool last = i % REGISTERS_A_LINE == REGISTERS_A_LINE - 1 ||
			    i + 1 == report->register_count;

		gcr_page_indent(page, INDENT);
		gcr_page_cell(page, GCR_PLAIN, one->name, 7);
		gcr_sink_print(&page->sink,
			       last ? "0x%" PRIx64 "\n" : "0x%-16" PRIx64,
			       one->value);
	}
}

// The first report has the thread that took the signal.
static void write_registers(struct gcr_page *page,
			    const struct gcr_crash *crash)
{
	size_t shown = page->view->all ? crash->report_count : 1;

	for (size_t i = 0; i < crash->report_count && i < shown; i++) {
		if (crash->reports[i].register_count == 0)
			continue;
		gcr_page_heading(page, i == 0 ? "Registers"
					      : "Registers of another thread");
		write_register_block(page, &crash->reports[i]);
	}
	if (shown < crash->report_count) {
		gcr_page_heading(page, "Other threads");
		gcr_page_print(page, INDENT,
			       "%zu more reports (GOTRACEBACK=crash); with "
			       "--all their registers are shown too",
			       crash->report_count - shown);
	}
}

/*
 * The line of the input with a caret below the column. Columns count bytes; a
 * tab stays a tab, so that the caret stands right whatever it is wide.
 */
static void write_caret(struct gcr_page *page, const struct gcr_note *note)
{
	struct gcr_span before;

	if (note->line.size == 0)
		return;
	gcr_page_indent(page, 7);
	gcr_page_span(page, GCR_FAINT, note->line);
	gcr_page_line(page);
	if (note->place.column == 0)
		return;
	before = gcr_span_head(note->line, note->place.column - 1);
	gcr_page_indent(page, 7);
	for (size_t i = 0; i < before.size; i++) {
		if (before.data[i] == '\t')
			gcr_sink_char(&page->sink, '\t');
		else if (((unsigned char)before.data[i] & 0xc0) != 0x80)
			gcr_sink_char(&page->sink, ' ');
	}
	gcr_page_text(page, GCR_DOUBT, "^");
	gcr_page_line(page);
}

static void write_notes(struct gcr_page *page, const struct gcr_crash *crash)
{
	if (crash->note_count == 0)
		return;
	gcr_page_heading(page, "Odd input");
	for (size_t i = 0; i < crash->note_count; i++) {
		// Notes on a core are of no line.
		if (crash->notes[i].place.line > 0)
			gcr_sink_print(&page->sink, "%5zu  ",
				       crash->notes[i].place.line);
		else
			gcr_page_indent(page, 7);
		gcr_page_span(page, GCR_DOUBT, crash->notes[i].text);
		gcr_page_line(page);
		write_caret(page, &crash->notes[i]);
	}
	if (crash->notes_dropped > 0)
		gcr_page_print(page, 7, "and %zu more", crash->notes_dropped);
}

int gcr_details_write(struct gcr_page *page, const struct gcr_crash *crash,
		      const struct gcr_scene *scene)
{
	write_chain(page, &crash->cause);
	write_long_text(page, &crash->cause);
	write_signal(page, crash->cause.signal);
	write_others(page, "The runtime's remarks", crash->remarks,
		     crash->remark_count, no_limit);
	if (write_stacks(page, "Runtime stack", crash, GCR_STACK_RUNTIME) !=
		    0 ||
	    write_stacks(page, "Race", crash, GCR_STACK_RACE) != 0 ||
	    write_stacks(page, "Profile", crash, GCR_STACK_PROFILE) != 0 ||
	    write_goroutines(page, crash, scene) != 0)
		return -1;
	write_registers(page, crash);
	write_others(page, "Other output before and between, by line",
		     crash->others, crash->other_count, OTHER_LINES);
	write_notes(page, crash);
	return 0;
}
