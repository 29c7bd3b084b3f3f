/* Collecting the parts of a crash: lines in, the model's lists out. */

#include "assembly.h"

#include "arena.h"
#include "span.h"

/* So many lines of other output may part a signal's name from its `PC=`. */
enum {
	CLAIM_LINES = 16
};

void gcr_belongs(struct gcr_traceback *tb, const struct gcr_line *line)
{
	if (!tb->open) {
		tb->open = true;
		tb->crash.place = line->place;
	}
	tb->interrupted = tb->after_other = false;
	tb->claim.lines_left = 0;
	// A frame's second line is known before the first one is settled.
	if (line->place.offset < tb->last.offset)
		return;
	tb->last = line->place;
	tb->last_size = line->text.size;
	tb->last_folded = line->depth > 0;
}

/* Other output ------------------------------------------------------------- */

// The whole line of the input in which `offset` is. It is remembered: a long
// one may hold many crashes.
static struct gcr_span line_around(struct gcr_traceback *tb, uint64_t offset)
{
	const struct gcr_source *input = &tb->lines.source[0];
	const char *start = input->start + offset, *end;

	if (tb->around.data != NULL && start >= tb->around.data &&
	    (size_t)(start - tb->around.data) < tb->around.size)
		return tb->around;
	while (start > input->start && start[-1] != '\n')
		start--;
	end = memchr(start, '\n', (size_t)(input->end - start));
	end = end != NULL ? end + 1 : input->end;
	tb->around = (struct gcr_span){ start, (size_t)(end - start) };
	return tb->around;
}

/*
 * A line as it is kept: whole, as it stands in the input. A string of a log
 * line that holds this line and no other stands for the log line.
 */
static struct gcr_other whole_line(struct gcr_traceback *tb,
				   const struct gcr_line *line)
{
	struct gcr_other other = { .place = line->place, .text = line->raw };
	size_t prefix = (size_t)(line->text.data - line->raw.data);

	if (line->depth > 0 && line->alone) {
		other.text = line_around(tb, line->place.offset);
		prefix = (size_t)line->place.offset -
			 (size_t)(other.text.data - tb->lines.source[0].start);
	} else if (line->depth > 0) {
		return other;
	}
	other.place.offset -= prefix;
	other.place.column -= prefix;
	return other;
}

static bool follows(const struct gcr_other *last, const struct gcr_other *next)
{
	return last->text.data + last->text.size == next->text.data;
}

static int append_other(struct gcr_traceback *tb, const struct gcr_other *other)
{
	struct gcr_other *last = NULL;

	if (tb->others.count > 0)
		last = &tb->others.items[tb->others.count - 1];
	if (last != NULL && follows(last, other)) {
		last->text.size += other->text.size;
		return 0;
	}
	// Blank lines alone are nobody's output.
	if (gcr_span_trim(other->text).size == 0)
		return 0;
	return GCR_PUSH(tb, tb->others, *other);
}

int gcr_add_other(struct gcr_traceback *tb, const struct gcr_line *line)
{
	struct gcr_other other = whole_line(tb, line);

	tb->after_gap = gcr_span_trim(line->text).size == 0;
	if (!tb->after_gap)
		tb->last_other = *line;
	tb->after_other = true;
	if (tb->open)
		tb->interrupted = true;
	if (tb->claim.lines_left > 0)
		tb->claim.lines_left--;
	return append_other(tb, &other);
}

void gcr_claim_line(struct gcr_traceback *tb, const struct gcr_line *line)
{
	// One more, for the line itself.
	tb->claim = (struct gcr_claim){ .line = *line,
					.lines_left = CLAIM_LINES + 1 };
}

// Is `text` a part of `other`? They may be in different buffers.
static bool contains(const struct gcr_other *other, struct gcr_span text)
{
	uintptr_t start = (uintptr_t)other->text.data;
	uintptr_t at = (uintptr_t)text.data;

	return at >= start && at + text.size <= start + other->text.size;
}

static bool is_of_input(const struct gcr_traceback *tb, struct gcr_span text)
{
	uintptr_t at = (uintptr_t)text.data;

	return at >= (uintptr_t)tb->lines.source[0].start &&
	       at < (uintptr_t)tb->lines.source[0].end;
}

// Cut `text` out of an other: what stands before it stays, what is behind it
// becomes the next one.
static int cut_out(struct gcr_traceback *tb, size_t index, struct gcr_span text)
{
	struct gcr_other *other = &tb->others.items[index];
	size_t before = (size_t)(text.data - other->text.data);
	struct gcr_other rest = *other;

	rest.text = gcr_span_tail(rest.text, before + text.size);
	if (is_of_input(tb, text)) {
		rest.place.offset += before + text.size;
		rest.place.column = 1;
		for (size_t i = 0; i < before + text.size; i++)
			rest.place.line += other->text.data[i] == '\n';
	}
	other->text.size = before;
	if (before == 0)
		tb->others.count--;
	if (gcr_span_trim(rest.text).size == 0)
		return 0;
	return GCR_PUSH(tb, tb->others, rest);
}

int gcr_take_back(struct gcr_traceback *tb, const struct gcr_line *line)
{
	struct gcr_other taken = whole_line(tb, line);

	// Others between this and the last are part of the last one, unless
	// lines of a crash part them: then this is none of them.
	if (tb->others.count > 0 &&
	    contains(&tb->others.items[tb->others.count - 1], taken.text))
		return cut_out(tb, tb->others.count - 1, taken.text);
	return 0;
}

/* Remarks and notes -------------------------------------------------------- */

int gcr_add_remark(struct gcr_traceback *tb, const struct gcr_line *line)
{
	struct gcr_other remark = { .place = line->place, .text = line->text };

	if (!tb->open)
		tb->tentative = true;
	gcr_belongs(tb, line);
	return GCR_PUSH(tb, tb->remarks, remark);
}

int gcr_demote_remarks(struct gcr_traceback *tb)
{
	for (size_t i = 0; i < tb->remarks.count; i++) {
		struct gcr_other other = tb->remarks.items[i];
		if (is_of_input(tb, other.text)) {
			size_t at = (size_t)other.place.offset;
			other.text = line_around(tb, at);
			at -= (size_t)(other.text.data -
				       tb->lines.source[0].start);
			other.place.offset -= at;
			other.place.column -= at;
		}
		if (append_other(tb, &other) != 0)
			return -1;
	}
	tb->remarks.count = 0;
	tb->open = tb->tentative = false;
	return 0;
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

/* The crash ---------------------------------------------------------------- */

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

// Behind the last line of the crash; of a log line's string, behind that line.
static struct gcr_place end_place(struct gcr_traceback *tb)
{
	struct gcr_place end = tb->last;
	size_t size = tb->last_size;

	if (tb->last_folded) {
		struct gcr_span line = line_around(tb, end.offset);
		const char *at = tb->lines.source[0].start + end.offset;
		size = (size_t)(line.data + line.size - at);
		if (gcr_span_ends(line, "\n"))
			size--;
	}
	end.offset += size;
	end.column += size;
	return end;
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
	crash->end = end_place(tb);
	return 0;
}

void gcr_clear_crash(struct gcr_traceback *tb)
{
	tb->crash = (struct gcr_crash){ 0 };
	tb->open = tb->tentative = tb->interrupted = tb->dashes = false;
	tb->in_race = tb->race_over = tb->in_profile = false;
	tb->stack_count = 0;
	tb->fault = NULL;
	tb->first_runs = false;
	tb->last_state = (struct gcr_span){ 0 };
	tb->last = (struct gcr_place){ 0 };
	// The lists' storage belongs to the crash that was returned.
	memset(&tb->panics, 0, sizeof(tb->panics));
	memset(&tb->reports, 0, sizeof(tb->reports));
	memset(&tb->registers, 0, sizeof(tb->registers));
	memset(&tb->remarks, 0, sizeof(tb->remarks));
	memset(&tb->others, 0, sizeof(tb->others));
	memset(&tb->notes, 0, sizeof(tb->notes));
}

/* Lines -------------------------------------------------------------------- */

bool gcr_next_line(struct gcr_traceback *tb, struct gcr_line *ret)
{
	if (tb->has_held) {
		tb->has_held = false;
		*ret = tb->held;
		return true;
	}
	return gcr_lines_next(&tb->lines, ret);
}

void gcr_unread_line(struct gcr_traceback *tb, const struct gcr_line *line)
{
	if (!tb->lines.pushed_back) {
		gcr_lines_push_back(&tb->lines, line);
		return;
	}
	tb->held = *line;
	tb->has_held = true;
}
