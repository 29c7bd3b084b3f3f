/* What happened, and of which kind it is: see headline.h. */

#include "headline.h"

#include "bounds.h"
#include "causes.h"
#include "span.h"

static const char *const heads[] = {
	[GCR_CAUSE_NONE] = "",
	[GCR_CAUSE_PANIC] = "panic: ",
	[GCR_CAUSE_FATAL] = "fatal error: ",
	[GCR_CAUSE_SIGNAL] = "",
};

// `http: panic serving …: boom`, the line right before a stack.
static struct gcr_span said_before(const struct gcr_crash *crash)
{
	struct gcr_span none = { 0 };
	const struct gcr_other *last = NULL;

	for (size_t i = 0; i < crash->other_count; i++)
		if (crash->others[i].place.offset < crash->place.offset)
			last = &crash->others[i];
	if (last == NULL)
		return none;
	struct gcr_span text = gcr_span_trim(last->text);
	ptrdiff_t start = gcr_span_find_last(text, '\n');
	return gcr_span_trim(gcr_span_tail(text, (size_t)(start + 1)));
}

static void write_headline_without_cause(struct gcr_page *page,
					 const struct gcr_crash *crash,
					 const struct gcr_scene *scene)
{
	struct gcr_span said = said_before(crash);

	if (scene->race)
		gcr_page_text(page, GCR_BAD, "data race");
	else if (scene->profile)
		gcr_page_text(page, GCR_BAD, "goroutine profile");
	else if (said.size > 0)
		gcr_page_span(page, GCR_BAD, said);
	else if (crash->core)
		gcr_page_text(page, GCR_BAD, "core without a cause");
	else
		gcr_page_text(page, GCR_BAD, "stack dump");
	gcr_page_line(page);
}

void gcr_headline_write(struct gcr_page *page, const struct gcr_crash *crash,
			const struct gcr_scene *scene)
{
	const struct gcr_cause *cause = &crash->cause;

	if (cause->kind == GCR_CAUSE_NONE) {
		write_headline_without_cause(page, crash, scene);
	} else {
		gcr_page_text(page, GCR_BAD, heads[cause->kind]);
		gcr_page_lines(page, GCR_BAD, 7, cause->text,
			       GCR_HEADLINE_LINES);
	}
	gcr_page_line(page);
}

static const char *const kinds[] = {
	[GCR_CAUSE_NONE] = "a dump: the text does not show what, if anything, "
			   "ended the program",
	[GCR_CAUSE_PANIC] =
		"a panic: a deferred recover() could have stopped it",
	[GCR_CAUSE_FATAL] =
		"a fatal error: nothing in the program can stop it, "
		"not even recover()",
	[GCR_CAUSE_SIGNAL] = "a signal: the program ended on it, recover() "
			     "cannot stop it",
};
_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == GCR_CAUSE_SIGNAL + 1 &&
		       sizeof(heads) / sizeof(heads[0]) == GCR_CAUSE_SIGNAL + 1,
	       "a row for every kind of cause");

// `(main.point) 0xc000092010`, `(*main.point) 0x…`: only its address.
static bool is_address_only(struct gcr_span text)
{
	ptrdiff_t at = gcr_span_find_text(text, ") 0x");
	ptrdiff_t flat = gcr_span_find_text(text, ") (0x");

	return gcr_span_starts(text, "(") &&
	       (at != GCR_NOWHERE || flat != GCR_NOWHERE);
}

static const char *meaning_of(const struct gcr_crash *crash,
			      const struct gcr_scene *scene)
{
	const struct gcr_cause *cause = &crash->cause;
	const struct gcr_cause_row *row =
		gcr_cause_find(cause->kind, cause->text);

	if (row != NULL)
		return row->meaning;
	if (scene->race)
		return "Two goroutines used the same memory, one of them to "
		       "write, and nothing orders the two.";
	if (scene->profile)
		return "Goroutines by stack, written by the pprof package.";
	if (crash->core && cause->kind == GCR_CAUSE_NONE)
		return "A picture of the program at one moment, as gcore takes "
		       "it.";
	if (cause->kind == GCR_CAUSE_NONE)
		return "Stacks that the program printed (debug.Stack, "
		       "runtime.Stack, a recovered panic, a profile).";
	if (cause->kind == GCR_CAUSE_PANIC && is_address_only(cause->text))
		return "panic was called with a value of a type that the "
		       "runtime prints by its address only: an error or a "
		       "String method would show what it says.";
	if (cause->kind == GCR_CAUSE_PANIC)
		return "The program, or a package it uses, called panic.";
	if (cause->kind == GCR_CAUSE_FATAL)
		return "The runtime stopped the program.";
	return "The program received a signal.";
}

// `http: panic serving …`: the server recovered it and printed it.
static bool was_recovered(const struct gcr_cause *cause)
{
	if (cause->kind != GCR_CAUSE_PANIC || cause->panic_count == 0)
		return false;
	const struct gcr_panic *last = &cause->panics[cause->panic_count - 1];
	return last->recovered && !last->repanicked;
}

static const char *kind_of(const struct gcr_crash *crash)
{
	if (was_recovered(&crash->cause))
		return "a panic that was recovered: the program went on";
	if (crash->core && crash->cause.kind == GCR_CAUSE_NONE)
		return "a core: it does not show what, if anything, ended the "
		       "program";
	return kinds[crash->cause.kind];
}

void gcr_what_write(struct gcr_page *page, const struct gcr_crash *crash,
		    const struct gcr_scene *scene)
{
	const struct gcr_cause *cause = &crash->cause;
	struct gcr_bounds_text bounds;

	gcr_page_label(page, "What");
	gcr_page_prose(page, GCR_MARGIN, meaning_of(crash, scene));
	if (cause->kind == GCR_CAUSE_PANIC &&
	    gcr_bounds_explain(cause->text, &bounds))
		gcr_page_prose(page, GCR_MARGIN, bounds.text);
	gcr_page_label(page, "Kind");
	gcr_page_prose(page, GCR_MARGIN, kind_of(crash));
	if (cause->panic_count > 1) {
		struct gcr_span first = cause->panics[0].text;

		gcr_page_print(page, GCR_MARGIN,
			       "the last of %zu panics in a chain; the first "
			       "was:",
			       cause->panic_count);
		gcr_page_begin(page, GCR_MARGIN);
		gcr_page_lines(page, GCR_BAD, GCR_MARGIN, first, 1);
	}
}
