/*
 * The lines that say why: panics and their chain, fatal errors, signals.
 *
 *	panic: aa                    panic: first
 *		x [recovered]        	fatal error: sync: unlock of …
 *		panic: bb            [signal SIGSEGV: … code=… addr=… pc=…]
 *
 *	SIGQUIT: quit
 *	PC=0x408d6e m=0 sigcode=0
 *
 * Go runtime/panic.go printpanics, fatalthrow; signal_unix.go sighandler.
 */

#include "arena.h"
#include "assembly.h"
#include "grammar.h"
#include "span.h"

enum {
	VALUE_WINDOW =
		64 * 1024,	 /* a value's lines end in a goroutine header */
	BLANK_WINDOW = 4 * 1024, /* … so near when one of them is blank */
	FREE_LINES = 4096,	 /* of a value that no tabs mark */
};

static struct gcr_span without_indent(struct gcr_span text)
{
	while (text.size > 0 && gcr_is_space(text.data[0]))
		text = gcr_span_tail(text, 1);
	return text;
}

static bool is_exit_status(struct gcr_span text)
{
	uint64_t number;

	return gcr_span_skip(&text, "exit status ") &&
	       gcr_span_decimal(&text, &number) == GCR_NUMBER_OK &&
	       gcr_span_trim(text).size == 0;
}

bool gcr_starts_part(struct gcr_span text)
{
	static const struct gcr_span starts[] = {
		GCR_LITERAL("[signal "),
		GCR_LITERAL("runtime stack:"),
		GCR_LITERAL("[originating from goroutine "),
		GCR_LITERAL("=========="),
		GCR_LITERAL("goroutine profile: total "),
		GCR_LITERAL("goroutineleak profile: total "),
	};
	struct gcr_span inner = without_indent(text);
	struct gcr_goroutine unused;
	struct gcr_signal signal;

	if (gcr_span_starts(inner, "panic: ") ||
	    gcr_span_starts(inner, "fatal error: "))
		return true;
	if (gcr_span_starts(text, "goroutine ") &&
	    gcr_read_header(text, &unused))
		return true;
	if (gcr_span_starts(text, "SIG") && gcr_read_signal_head(text, &signal))
		return true;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (gcr_span_begins(text, starts[i]))
			return true;
	return gcr_span_is(gcr_span_trim(text), "-----") ||
	       is_exit_status(text);
}

// Does `line`, which starts nothing, go on with the value? `after_blank`: with
// a blank line before it that would belong to the value too.
static bool continues(struct gcr_traceback *tb, const struct gcr_line *line,
		      bool after_blank, bool free_text)
{
	if (line->text.size > 0 && line->text.data[0] == '\t' && !after_blank)
		return true;
	return free_text && tb->value.count < FREE_LINES &&
	       gcr_lines_anchor_near(&tb->lines, line,
				     after_blank ? BLANK_WINDOW : VALUE_WINDOW);
}

static bool is_tail(struct gcr_span text)
{
	return gcr_span_ends(text, " [recovered]") ||
	       gcr_span_ends(text, " [recovered, repanicked]");
}

// The lines of a value after its first, up to what does not belong to it.
static int collect(struct gcr_traceback *tb, const struct gcr_line *first,
		   bool free_text)
{
	static const struct gcr_span empty = GCR_LITERAL("");
	struct gcr_line line;
	bool blank = false;

	while (!is_tail(tb->value.items[tb->value.count - 1]) &&
	       gcr_next_line(tb, &line)) {
		if (line.foreign && !first->foreign &&
		    !gcr_starts_part(line.text)) {
			// Another writer's, among lines with a prefix.
			if (gcr_add_other(tb, &line) != 0)
				return -1;
			continue;
		}
		if (line.text.size == 0 && !blank) {
			blank = true;
			continue;
		}
		if (line.text.size == 0 || gcr_starts_part(line.text) ||
		    gcr_is_remark(line.text) ||
		    !continues(tb, &line, blank, free_text)) {
			gcr_unread_line(tb, &line);
			break;
		}
		gcr_belongs(tb, &line);
		if ((blank && GCR_PUSH(tb, tb->value, empty) != 0) ||
		    GCR_PUSH(tb, tb->value, line.text) != 0)
			return -1;
		blank = false;
	}
	return 0;
}

// One text of all lines. Since go1.23 each after the first has a tab before it.
static int join(struct gcr_traceback *tb, struct gcr_span *ret)
{
	size_t size = 0, at = 0, tab = 1, count = tb->value.count;
	const struct gcr_span *lines = tb->value.items;

	if (count == 1) {
		*ret = lines[0];
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		size += lines[i].size + 1;
		if (i > 0 && !gcr_span_starts(lines[i], "\t"))
			tab = 0;
	}
	char *text = gcr_arena_alloc(tb->arena, size, tb->err);
	if (text == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct gcr_span line = gcr_span_tail(lines[i], i ? tab : 0);
		if (i > 0)
			text[at++] = '\n';
		if (line.size > 0)
			memcpy(text + at, line.data, line.size);
		at += line.size;
	}
	*ret = (struct gcr_span){ text, at };
	return 0;
}

static int read_value(struct gcr_traceback *tb, const struct gcr_line *line,
		      struct gcr_span first, bool free_text,
		      struct gcr_span *ret)
{
	tb->value.count = 0;
	if (GCR_PUSH(tb, tb->value, first) != 0 ||
	    collect(tb, line, free_text) != 0)
		return -1;
	return join(tb, ret);
}

static bool strip_tail(struct gcr_span *text, const char *tail)
{
	if (!gcr_span_ends(*text, tail))
		return false;
	text->size -= strlen(tail);
	return true;
}

// panic: Want stack trace
enum gcr_taken gcr_take_panic(struct gcr_traceback *tb,
			      const struct gcr_line *line)
{
	struct gcr_span text = without_indent(line->text);
	struct gcr_panic panic = { .place = line->place };
	bool indented = text.size < line->text.size;
	// Behind a tab it is a link of this chain, whatever came between.
	bool in_chain = tb->open && tb->stack_count == 0 &&
			(indented || !tb->interrupted) &&
			(tb->crash.cause.kind == GCR_CAUSE_PANIC ||
			 tb->crash.cause.kind == GCR_CAUSE_NONE);

	if (!gcr_span_skip(&text, "panic: ") || (indented && !in_chain))
		return GCR_NOT_MINE;
	if (tb->open && !in_chain)
		return GCR_NEW_CRASH;
	tb->tentative = false;
	gcr_belongs(tb, line);
	if (read_value(tb, line, text, true, &panic.text) != 0)
		return GCR_FAILED;
	panic.repanicked = strip_tail(&panic.text, " [recovered, repanicked]");
	panic.recovered =
		panic.repanicked || strip_tail(&panic.text, " [recovered]");
	if (panic.repanicked)
		gcr_target_at_least(&tb->crash.target, 25);
	if (tb->panics.count == 0)
		tb->crash.cause.place = line->place;
	tb->crash.cause.kind = GCR_CAUSE_PANIC;
	return GCR_PUSH(tb, tb->panics, panic) == 0 ? GCR_TAKEN : GCR_FAILED;
}

// fatal error: all goroutines are asleep - deadlock!
enum gcr_taken gcr_take_fatal(struct gcr_traceback *tb,
			      const struct gcr_line *line)
{
	struct gcr_span text = without_indent(line->text);
	struct gcr_cause *cause = &tb->crash.cause;
	bool indented = text.size < line->text.size;
	bool fresh = tb->stack_count == 0 && (indented || !tb->interrupted);

	if (!gcr_span_skip(&text, "fatal error: ") ||
	    (indented && !(tb->open && fresh)))
		return GCR_NOT_MINE;
	if (tb->open && (!fresh || cause->kind == GCR_CAUSE_SIGNAL))
		return GCR_NEW_CRASH;
	tb->tentative = false;
	// Two threads may throw at once: the first one's text is the cause.
	if (cause->kind == GCR_CAUSE_FATAL)
		return gcr_add_remark(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
	gcr_belongs(tb, line);
	if (read_value(tb, line, text, false, &cause->text) != 0)
		return GCR_FAILED;
	if (cause->kind == GCR_CAUSE_NONE)
		cause->place = line->place;
	cause->kind = GCR_CAUSE_FATAL;
	return GCR_TAKEN;
}

static struct gcr_signal *keep_signal(struct gcr_traceback *tb,
				      const struct gcr_signal *signal)
{
	struct gcr_signal *copy =
		gcr_arena_alloc(tb->arena, sizeof(*copy), tb->err);

	if (copy != NULL)
		*copy = *signal;
	return copy;
}

// `SIGQUIT: quit` as one text, which it is in the input.
static struct gcr_span signal_text(const struct gcr_signal *signal)
{
	struct gcr_span text = signal->name;

	if (signal->description.data != NULL)
		text.size = (size_t)(signal->description.data +
				     signal->description.size - text.data);
	return text;
}

static void be_signal(struct gcr_traceback *tb, struct gcr_signal *signal)
{
	struct gcr_cause *cause = &tb->crash.cause;

	cause->signal = signal;
	if (cause->kind != GCR_CAUSE_NONE)
		return;
	cause->kind = GCR_CAUSE_SIGNAL;
	cause->text = signal_text(signal);
	cause->place = signal->place;
}

// [signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x45af5e]
enum gcr_taken gcr_take_signal_line(struct gcr_traceback *tb,
				    const struct gcr_line *line)
{
	struct gcr_signal signal;

	if (!gcr_read_signal(line->text, &signal))
		return GCR_NOT_MINE;
	if (tb->open && (tb->stack_count > 0 || tb->crash.cause.signal != NULL))
		return GCR_NEW_CRASH;
	signal.place = line->place;
	struct gcr_signal *kept = keep_signal(tb, &signal);
	if (kept == NULL)
		return GCR_FAILED;
	gcr_belongs(tb, line);
	tb->tentative = false;
	tb->fault = kept;
	be_signal(tb, kept);
	return GCR_TAKEN;
}

// The report of another thread, behind a `-----`.
static int next_report(struct gcr_traceback *tb)
{
	struct gcr_report report = { 0 };

	memset(&tb->registers, 0, sizeof(tb->registers));
	return GCR_PUSH(tb, tb->reports, report);
}

static int keep_head(struct gcr_traceback *tb, const struct gcr_signal *signal)
{
	struct gcr_signal *kept = keep_signal(tb, signal);

	if (kept == NULL || gcr_current_report(tb) == NULL)
		return -1;
	if (tb->dashes && next_report(tb) != 0)
		return -1;
	tb->dashes = tb->tentative = false;
	tb->fault = kept;
	gcr_current_report(tb)->signal = kept;
	if (tb->crash.cause.kind == GCR_CAUSE_NONE)
		be_signal(tb, kept);
	return 0;
}

// `PC=…` at `line`, and before it the line that names the signal.
static enum gcr_taken take_pair(struct gcr_traceback *tb,
				const struct gcr_line *head,
				const struct gcr_line *line,
				struct gcr_signal *signal)
{
	struct gcr_line first = *head;

	signal->place = first.place;
	if (signal->has_addr)
		gcr_target_at_least(&tb->crash.target, 22);
	gcr_belongs(tb, &first);
	gcr_belongs(tb, line);
	return keep_head(tb, signal) == 0 ? GCR_TAKEN : GCR_FAILED;
}

static bool is_another_report(const struct gcr_traceback *tb)
{
	return tb->open && !tb->dashes &&
	       (tb->stack_count > 0 || tb->crash.cause.kind != GCR_CAUSE_NONE);
}

// PC=0x408d6e m=0 sigcode=0, parted from the signal's name by other output
static enum gcr_taken take_late_pc(struct gcr_traceback *tb,
				   const struct gcr_line *line)
{
	struct gcr_signal signal;
	const struct gcr_line *head = &tb->claim.line;

	if (tb->claim.lines_left == 0 ||
	    !gcr_read_signal_head(head->text, &signal) ||
	    !gcr_read_pc(line->text, &signal))
		return GCR_NOT_MINE;
	if (gcr_take_back(tb, head) != 0)
		return GCR_FAILED;
	if (is_another_report(tb))
		return GCR_NEW_CRASH;
	return take_pair(tb, head, line, &signal);
}

// SIGQUIT: quit
// PC=0x408d6e m=0 sigcode=0
enum gcr_taken gcr_take_signal_head(struct gcr_traceback *tb,
				    const struct gcr_line *line)
{
	struct gcr_signal signal;
	struct gcr_line next;

	if (!gcr_read_signal_head(line->text, &signal))
		return take_late_pc(tb, line);
	if (!gcr_next_line(tb, &next))
		return GCR_NOT_MINE;
	if (!gcr_read_pc(next.text, &signal)) {
		gcr_unread_line(tb, &next);
		gcr_claim_line(tb, line);
		return GCR_NOT_MINE;
	}
	if (is_another_report(tb)) {
		gcr_unread_line(tb, &next);
		return GCR_NEW_CRASH;
	}
	return take_pair(tb, line, &next, &signal);
}

// rax    0x0
enum gcr_taken gcr_take_register(struct gcr_traceback *tb,
				 const struct gcr_line *line)
{
	struct gcr_register one;
	struct gcr_report *report;

	if (tb->crash.cause.kind != GCR_CAUSE_SIGNAL || tb->stack_count == 0 ||
	    !gcr_read_register(line->text, &one))
		return GCR_NOT_MINE;
	report = gcr_current_report(tb);
	gcr_belongs(tb, line);
	if (report == NULL || GCR_PUSH(tb, tb->registers, one) != 0)
		return GCR_FAILED;
	report->registers = tb->registers.items;
	report->register_count = tb->registers.count;
	gcr_evidence_of_register(&tb->crash.target, one.name);
	return GCR_TAKEN;
}
