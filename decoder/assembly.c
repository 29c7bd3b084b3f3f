/* Collecting the parts of a crash: lines in, the model's lists out. */

#include "assembly.h"

#include "arena.h"
#include "span.h"

int gcr_belongs(struct gcr_traceback *tb, const struct gcr_line *line)
{
	if (!tb->open) {
		tb->open = true;
		tb->crash.place = line->place;
	}
	tb->interrupted = false;
	tb->end = gcr_lines_offset(&tb->lines);
	return 0;
}

int gcr_add_other(struct gcr_traceback *tb, const struct gcr_line *line)
{
	struct gcr_other other = { .place = line->place, .text = line->raw };
	size_t prefix = (size_t)(line->text.data - line->raw.data);

	tb->last_other = *line;
	if (tb->open)
		tb->interrupted = true;
	if (tb->others.count > 0) {
		struct gcr_other *last =
			&tb->others.items[tb->others.count - 1];
		if (last->text.data + last->text.size == line->raw.data) {
			last->text.size += line->raw.size;
			return 0;
		}
	}
	// Blank lines alone are nobody's output.
	if (gcr_span_trim(line->text).size == 0)
		return 0;
	if (line->depth == 0) {
		other.place.column -= prefix;
		other.place.offset -= prefix;
	}
	return GCR_PUSH(tb, tb->others, other);
}

int gcr_add_remark(struct gcr_traceback *tb, const struct gcr_line *line)
{
	struct gcr_other remark = { .place = line->place, .text = line->text };
	bool first = !tb->open;

	if (first)
		tb->tentative = true;
	if (gcr_belongs(tb, line) != 0)
		return -1;
	return GCR_PUSH(tb, tb->remarks, remark);
}

int gcr_add_note(struct gcr_traceback *tb, const struct gcr_line *line,
		 const char *text)
{
	struct gcr_note note = {
		.place = line->place,
		.text = gcr_span_of(text),
		.line = line->text,
	};

	if (tb->notes.count >= tb->limits.notes) {
		tb->crash.notes_dropped++;
		return 0;
	}
	return GCR_PUSH(tb, tb->notes, note);
}

struct gcr_report *gcr_current_report(struct gcr_traceback *tb)
{
	struct gcr_report empty = { 0 };

	if (tb->reports.count == 0 && GCR_PUSH(tb, tb->reports, empty) != 0)
		return NULL;
	return &tb->reports.items[tb->reports.count - 1];
}

// The text a cause is known by: the last panic's, the fatal error's, …
static void settle_cause(struct gcr_traceback *tb)
{
	struct gcr_cause *cause = &tb->crash.cause;

	cause->panics = tb->panics.items;
	cause->panic_count = tb->panics.count;
	if (cause->kind == GCR_CAUSE_PANIC && cause->panic_count > 0)
		cause->text = cause->panics[cause->panic_count - 1].text;
}

int gcr_finish_crash(struct gcr_traceback *tb)
{
	struct gcr_crash *crash = &tb->crash;

	if (gcr_current_report(tb) == NULL)
		return -1;
	settle_cause(tb);
	crash->reports = tb->reports.items;
	crash->report_count = tb->reports.count;
	crash->remarks = tb->remarks.items;
	crash->remark_count = tb->remarks.count;
	crash->others = tb->others.items;
	crash->other_count = tb->others.count;
	crash->notes = tb->notes.items;
	crash->note_count = tb->notes.count;
	crash->end.offset = tb->end;
	return 0;
}

void gcr_clear_crash(struct gcr_traceback *tb)
{
	tb->crash = (struct gcr_crash){ 0 };
	tb->open = tb->tentative = tb->interrupted = tb->dashes = false;
	tb->in_race = tb->race_over = tb->in_profile = false;
	tb->stack_count = 0;
	tb->last_state = (struct gcr_span){ 0 };
	// The lists' storage belongs to the crash that was returned.
	memset(&tb->panics, 0, sizeof(tb->panics));
	memset(&tb->reports, 0, sizeof(tb->reports));
	memset(&tb->registers, 0, sizeof(tb->registers));
	memset(&tb->remarks, 0, sizeof(tb->remarks));
	memset(&tb->others, 0, sizeof(tb->others));
	memset(&tb->notes, 0, sizeof(tb->notes));
}

bool gcr_next_line(struct gcr_traceback *tb, struct gcr_line *ret)
{
	if (tb->has_held) {
		tb->has_held = false;
		*ret = tb->held;
		return true;
	}
	return gcr_lines_next(&tb->lines, ret);
}
