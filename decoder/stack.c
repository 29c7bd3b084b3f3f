/*
 * One stack: a header, frames of two lines each, `created by`, ancestors.
 *
 *	goroutine 19 [running]:
 *	main.lvl3(0x0?)
 *		/src/d.go:28 +0x25
 *	created by main.lvl2 in goroutine 4
 *		/src/d.go:26 +0x37
 *	[originating from goroutine 4]:
 *	main.lvl2(...)
 *		/src/d.go:26 +0x37
 *
 * A stack ends at a blank line, at a line that starts something else, or with
 * the input. Lines that make no sense inside are other output; when frames go
 * on behind them, a note says so.
 */

#include "arena.h"
#include "assembly.h"
#include "grammar.h"
#include "span.h"

/* More lines of other output in a row than this, and the stack is over. */
enum {
	ODD_LINES = 64,
	FOREIGN_LINES =
		16 /* … without the prefix, and another one is learned */
};

// ...12 frames elided...
static enum gcr_taken take_elision(struct gcr_traceback *tb,
				   struct gcr_stack_reading *reading,
				   const struct gcr_line *line)
{
	uint64_t count;

	if (!gcr_read_elision(line->text, &count))
		return GCR_NOT_MINE;
	if (gcr_go_on(tb, reading, line) != 0)
		return GCR_FAILED;
	if (tb->ancestors.count > 0) {
		tb->ancestors.items[tb->ancestors.count - 1].elided = true;
		return GCR_TAKEN;
	}
	tb->stack.flags |= GCR_G_ELIDED;
	tb->stack.elided = count;
	tb->stack.elided_at = tb->frames.count;
	if (count > 0)
		gcr_target_at_least(&tb->crash.target, 21);
	else
		gcr_target_at_most(&tb->crash.target, 20);
	return GCR_TAKEN;
}

// [originating from goroutine 4]:
static enum gcr_taken take_origin(struct gcr_traceback *tb,
				  struct gcr_stack_reading *reading,
				  const struct gcr_line *line)
{
	struct gcr_ancestor ancestor = { .place = line->place };

	if (!gcr_read_origin(line->text, &ancestor.goroutine))
		return GCR_NOT_MINE;
	if (gcr_settle_location(tb, reading) != 0 ||
	    gcr_go_on(tb, reading, line) != 0 || gcr_end_section(tb) != 0 ||
	    GCR_PUSH(tb, tb->ancestors, ancestor) != 0)
		return GCR_FAILED;
	return GCR_TAKEN;
}

static enum gcr_taken take_unavailable(struct gcr_traceback *tb,
				       struct gcr_stack_reading *reading,
				       const struct gcr_line *line)
{
	if (!gcr_is_unavailable(line->text))
		return GCR_NOT_MINE;
	tb->stack.flags |= GCR_G_OTHER_THREAD;
	return gcr_go_on(tb, reading, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

static enum gcr_taken take_remark(struct gcr_traceback *tb,
				  struct gcr_stack_reading *reading,
				  const struct gcr_line *line)
{
	(void)reading;
	if (!gcr_is_remark(line->text))
		return GCR_NOT_MINE;
	return gcr_add_remark(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

// A blank line ends the stack, unless frames go on behind it.
static enum gcr_taken take_blank(struct gcr_traceback *tb,
				 struct gcr_stack_reading *reading,
				 const struct gcr_line *line)
{
	struct gcr_line next;

	if (gcr_span_trim(line->text).size > 0)
		return GCR_NOT_MINE;
	// Behind a frame that waits for its location it is other output's.
	if (reading->unlocated != NULL && reading->odd > 0)
		return gcr_take_odd(tb, reading, line);
	if (!gcr_next_line(tb, &next)) {
		reading->over = true;
		return GCR_TAKEN;
	}
	reading->over =
		!gcr_is_awaited(reading, &next) && !gcr_is_frame(tb, &next);
	gcr_unread_line(tb, &next);
	return GCR_TAKEN;
}

// What starts another part ends this one. Registers follow the last stack.
enum gcr_taken gcr_take_end(struct gcr_traceback *tb,
			    struct gcr_stack_reading *reading,
			    const struct gcr_line *line)
{
	struct gcr_register one;
	struct gcr_goroutine race;
	uint64_t count;
	bool starts =
		gcr_starts_part(line->text) ||
		(tb->crash.cause.kind == GCR_CAUSE_SIGNAL &&
		 gcr_read_register(line->text, &one)) ||
		(tb->in_race && gcr_read_race_stack(line->text, &race)) ||
		(tb->in_profile && gcr_read_profile_entry(line->text, &count));

	if (!starts)
		return GCR_NOT_MINE;
	gcr_unread_line(tb, line);
	reading->over = true;
	return GCR_TAKEN;
}

enum gcr_taken gcr_take_odd(struct gcr_traceback *tb,
			    struct gcr_stack_reading *reading,
			    const struct gcr_line *line)
{
	// Two writers with a dump each must not unlearn each other's prefix.
	bool ours = !line->foreign || tb->head_foreign ||
		    reading->odd >= FOREIGN_LINES;

	if (ours && gcr_lines_learn(&tb->lines, line))
		return GCR_TAKEN;
	if (reading->odd == 0)
		reading->first_odd = *line;
	if (++reading->odd > ODD_LINES)
		reading->over = true;
	return gcr_add_other(tb, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

// A header without our prefix, its first frame right behind it: another
// writer's dump begins, and this stack has had its lines.
static bool starts_foreign_dump(struct gcr_traceback *tb,
				const struct gcr_line *line)
{
	struct gcr_goroutine header;
	struct gcr_frame frame = { 0 };
	struct gcr_line next;
	bool goes_on;

	if (!gcr_read_header(line->text, &header) || !gcr_next_line(tb, &next))
		return false;
	goes_on = next.foreign && gcr_read_function(next.text, &frame);
	gcr_unread_line(tb, &next);
	return goes_on;
}

static enum gcr_taken take_line(struct gcr_traceback *tb,
				struct gcr_stack_reading *reading,
				const gcr_stack_line *forms, size_t count,
				const struct gcr_line *line)
{
	if (line->foreign && !tb->head_foreign) {
		if (starts_foreign_dump(tb, line)) {
			gcr_unread_line(tb, line);
			reading->over = true;
			return GCR_TAKEN;
		}
		count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		enum gcr_taken taken = forms[i](tb, reading, line);
		if (taken != GCR_NOT_MINE)
			return taken;
	}
	return gcr_take_odd(tb, reading, line);
}

enum gcr_taken gcr_read_stack_by(struct gcr_traceback *tb,
				 struct gcr_stack_reading *reading,
				 const gcr_stack_line *forms, size_t count)
{
	struct gcr_line line;

	while (!reading->over && gcr_next_line(tb, &line))
		if (take_line(tb, reading, forms, count, &line) == GCR_FAILED)
			return GCR_FAILED;
	if (gcr_settle_location(tb, reading) != 0)
		return GCR_FAILED;
	return gcr_finish_stack(tb);
}

enum gcr_taken gcr_read_stack(struct gcr_traceback *tb)
{
	static const gcr_stack_line forms[] = {
		gcr_take_function, gcr_take_created,
		gcr_take_location, take_blank,
		take_elision,	   take_origin,
		take_unavailable,  gcr_take_end,
		take_remark,	   gcr_take_cut_function,
		gcr_take_foreign,
	};
	struct gcr_stack_reading reading = { 0 };

	return gcr_read_stack_by(tb, &reading, forms,
				 sizeof(forms) / sizeof(forms[0]));
}

/* A cause at the end of a line of other output. */
struct late_cause {
	struct gcr_line line; /* what of the line is the crash's */
	enum gcr_cause_kind kind;
	struct gcr_span text;
	bool recovered;
};

// 2026/11/23 12:00:00 http: panic serving 127.0.0.1:1: boom
static bool read_serving(const struct gcr_line *line, struct late_cause *ret)
{
	struct gcr_span text = line->text;
	ptrdiff_t at = gcr_span_find_text(text, "panic serving "), colon;

	if (at == GCR_NOWHERE)
		return false;
	text = gcr_span_tail(text, (size_t)at);
	colon = gcr_span_find_text(text, ": ");
	if (colon == GCR_NOWHERE)
		return false;
	*ret = (struct late_cause){
		.line = *line,
		.kind = GCR_CAUSE_PANIC,
		.text = gcr_span_tail(text, (size_t)colon + 2),
		.recovered = true,
	};
	return true;
}

// working... panic: boom
//
// The program had not ended its line when the runtime began to print. Without
// the runtime's blank line before the header, a handler has logged the panic.
static bool read_late(const struct gcr_line *line, bool gap,
		      struct late_cause *ret)
{
	static const struct {
		const char *word;
		enum gcr_cause_kind kind;
	} rows[] = {
		{ "panic: ", GCR_CAUSE_PANIC },
		{ "fatal error: ", GCR_CAUSE_FATAL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ptrdiff_t at = gcr_span_find_text(line->text, rows[i].word);
		size_t before = (size_t)at;
		if (at == GCR_NOWHERE ||
		    gcr_span_trim(gcr_span_head(line->text, before)).size ==
			    0 ||
		    (!gap && rows[i].kind == GCR_CAUSE_FATAL))
			continue;
		*ret = (struct late_cause){
			.line = *line,
			.kind = rows[i].kind,
			.text = gcr_span_tail(line->text,
					      before + strlen(rows[i].word)),
			.recovered = !gap,
		};
		before += (size_t)(line->text.data - line->raw.data);
		ret->line.raw = gcr_span_tail(line->raw, before);
		ret->line.text = gcr_span_tail(line->text, (size_t)at);
		ret->line.place.column += (size_t)at;
		ret->line.place.offset += (size_t)at;
		return true;
	}
	return false;
}

static bool find_late_cause(const struct gcr_traceback *tb,
			    struct late_cause *ret)
{
	const struct gcr_line *line = &tb->last_other;

	if (!tb->after_other || line->text.data == NULL)
		return false;
	return (!tb->after_gap && read_serving(line, ret)) ||
	       read_late(line, tb->after_gap, ret);
}

// The line before the header is the cause then, no other output.
static int take_late_cause(struct gcr_traceback *tb)
{
	struct gcr_cause *cause = &tb->crash.cause;
	struct late_cause late;

	if (!find_late_cause(tb, &late))
		return 0;
	gcr_belongs(tb, &late.line);
	cause->kind = late.kind;
	cause->place = late.line.place;
	if (gcr_take_back(tb, &late.line) != 0)
		return -1;
	if (late.kind == GCR_CAUSE_FATAL) {
		cause->text = late.text;
		return 0;
	}
	struct gcr_panic panic = { .text = late.text,
				   .recovered = late.recovered,
				   .place = late.line.place };
	return GCR_PUSH(tb, tb->panics, panic);
}

static bool is_unavailable_next(struct gcr_traceback *tb)
{
	struct gcr_line next;

	if (!gcr_next_line(tb, &next))
		return false;
	gcr_unread_line(tb, &next);
	return gcr_is_unavailable(next.text);
}

// Is the report of a signal still going on? Its registers end it.
static bool in_report(const struct gcr_traceback *tb)
{
	return tb->fault != NULL || (tb->crash.cause.kind == GCR_CAUSE_SIGNAL &&
				     tb->registers.count == 0);
}

/*
 * `[running]` behind the stacks of a dump: the next dump, when there is other
 * output between, when it is that goroutine again, and always when the dump
 * has no cause: then the first one printed it, and no other was running.
 */
static bool starts_another(struct gcr_traceback *tb,
			   const struct gcr_goroutine *header)
{
	bool again = tb->reports.count < 2 && header->id == tb->first_id;
	bool no_cause = tb->crash.cause.kind == GCR_CAUSE_NONE;

	if (tb->in_race || tb->in_profile)
		return true;
	if (tb->stack_count == 0 || !gcr_span_is(header->state, "running"))
		return false;
	if (tb->interrupted)
		return !in_report(tb) && !is_unavailable_next(tb);
	return tb->first_runs && (again || no_cause) &&
	       !is_unavailable_next(tb);
}

static void note_first(struct gcr_traceback *tb,
		       const struct gcr_goroutine *header)
{
	tb->first_id = header->id;
	tb->first_runs = gcr_span_is(header->state, "running") &&
			 !is_unavailable_next(tb);
}

enum gcr_taken gcr_take_stack(struct gcr_traceback *tb,
			      const struct gcr_line *line)
{
	struct gcr_goroutine stack = { .count = 1 };
	struct late_cause late;
	bool runtime = gcr_span_is(gcr_span_trim(line->text), "runtime stack:");
	bool header = !runtime && gcr_read_header(line->text, &stack);
	bool bare = !runtime && !header && gcr_is_frame(tb, line);

	if (!runtime && !header && !bare)
		return GCR_NOT_MINE;
	if (starts_another(tb, &stack)) {
		bool failed = find_late_cause(tb, &late) &&
			      gcr_take_back(tb, &late.line) != 0;
		return failed ? GCR_FAILED : GCR_NEW_CRASH;
	}
	if (header && !tb->open && take_late_cause(tb) != 0)
		return GCR_FAILED;
	if (header && tb->stack_count == 0)
		note_first(tb, &stack);
	if (!header)
		stack.kind = runtime ? GCR_STACK_RUNTIME : GCR_STACK_BARE;
	stack.place = line->place;
	tb->stack = stack;
	tb->head_foreign = line->foreign;
	tb->tentative = false;
	if (!tb->open || !bare)
		gcr_belongs(tb, line);
	if (bare)
		gcr_unread_line(tb, line);
	return gcr_read_stack(tb);
}
