/*
 * The neighbouring formats, whose entries are stacks with another head: the
 * goroutine profile (Go runtime/pprof, debug=1) and the race detector's report.
 *
 *	goroutine profile: total 6       ==================
 *	5 @ 0x43854e 0x406c1f            WARNING: DATA RACE
 *	# labels: {"a":"b"}              Write at 0x00c0000b4008 by goroutine 7:
 *	#	0x4b4f84	main.f+0x24 …      main.(*counter).bump()
 *	                                       /src/race.go:9 +0x30
 */

#include "assembly.h"
#include "grammar.h"
#include "span.h"

#define RULE "=================="

// # labels: {"a":"b", "k 1":"v"}
static enum gcr_taken take_labels(struct gcr_traceback *tb,
				  struct gcr_stack_reading *reading,
				  const struct gcr_line *line)
{
	struct gcr_span text = gcr_span_trim(line->text);

	if (!gcr_span_skip(&text, "# labels: {"))
		return GCR_NOT_MINE;
	if (gcr_span_ends(text, "}"))
		text.size--;
	tb->stack.labels = text;
	gcr_target_at_least(&tb->crash.target, 15);
	return gcr_go_on(tb, reading, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

// Entries are parted by blank lines.
static enum gcr_taken take_blank(struct gcr_traceback *tb,
				 struct gcr_stack_reading *reading,
				 const struct gcr_line *line)
{
	if (gcr_span_trim(line->text).size > 0)
		return GCR_NOT_MINE;
	// Among other output it is theirs.
	if (reading->odd > 0)
		return gcr_take_odd(tb, reading, line);
	reading->over = true;
	return GCR_TAKEN;
}

// [failed to restore the stack]
static enum gcr_taken take_unrestored(struct gcr_traceback *tb,
				      struct gcr_stack_reading *reading,
				      const struct gcr_line *line)
{
	struct gcr_span text = gcr_span_trim(line->text);

	if (!gcr_span_is(text, "[failed to restore the stack]"))
		return GCR_NOT_MINE;
	tb->stack.flags |= GCR_G_ELIDED;
	return gcr_go_on(tb, reading, line) == 0 ? GCR_TAKEN : GCR_FAILED;
}

static enum gcr_taken read_profile_entry(struct gcr_traceback *tb)
{
	static const gcr_stack_line forms[] = {
		gcr_take_profile_frame,
		take_labels,
		take_blank,
		gcr_take_end,
	};
	struct gcr_stack_reading reading = { 0 };

	return gcr_read_stack_by(tb, &reading, forms,
				 sizeof(forms) / sizeof(forms[0]));
}

static enum gcr_taken read_race_stack(struct gcr_traceback *tb)
{
	static const gcr_stack_line forms[] = {
		gcr_take_function, gcr_take_location, take_blank,
		take_unrestored,   gcr_take_end,      gcr_take_foreign,
	};
	struct gcr_stack_reading reading = { 0 };

	return gcr_read_stack_by(tb, &reading, forms,
				 sizeof(forms) / sizeof(forms[0]));
}

static bool is_profile_head(struct gcr_span text)
{
	uint64_t total;

	return (gcr_span_skip(&text, "goroutine profile: total ") ||
		gcr_span_skip(&text, "goroutineleak profile: total ")) &&
	       gcr_span_decimal(&text, &total) != GCR_NUMBER_NONE &&
	       gcr_span_trim(text).size == 0;
}

// goroutine profile: total 6
enum gcr_taken gcr_take_profile(struct gcr_traceback *tb,
				const struct gcr_line *line)
{
	struct gcr_goroutine entry = { .kind = GCR_STACK_PROFILE,
				       .place = line->place };

	if (is_profile_head(line->text)) {
		if (tb->open)
			return GCR_NEW_CRASH;
		tb->in_profile = true;
		tb->crash.cause.text = gcr_span_trim(line->text);
		tb->crash.cause.place = line->place;
		gcr_belongs(tb, line);
		return GCR_TAKEN;
	}
	if (!tb->in_profile ||
	    !gcr_read_profile_entry(line->text, &entry.count))
		return GCR_NOT_MINE;
	tb->stack = entry;
	tb->head_foreign = line->foreign;
	gcr_belongs(tb, line);
	return read_profile_entry(tb);
}

// The rule before `WARNING: DATA RACE` is part of it; alone it is nobody's.
static enum gcr_taken take_rule(struct gcr_traceback *tb,
				const struct gcr_line *line)
{
	if (tb->in_race && !tb->race_over && tb->stack_count > 0) {
		tb->race_over = true;
		gcr_belongs(tb, line);
		return GCR_TAKEN;
	}
	gcr_claim_line(tb, line);
	return GCR_NOT_MINE;
}

// WARNING: DATA RACE
static enum gcr_taken take_warning(struct gcr_traceback *tb,
				   const struct gcr_line *line)
{
	const struct gcr_claim *claim = &tb->claim;
	bool ruled = claim->lines_left > 0 &&
		     gcr_span_is(gcr_span_trim(claim->line.text), RULE);

	if (ruled && gcr_take_back(tb, &claim->line) != 0)
		return GCR_FAILED;
	if (tb->open)
		return GCR_NEW_CRASH;
	if (ruled)
		gcr_belongs(tb, &claim->line);
	tb->claim.lines_left = 0;
	tb->in_race = true;
	tb->crash.cause.text = gcr_span_trim(line->text);
	tb->crash.cause.place = line->place;
	gcr_belongs(tb, line);
	return GCR_TAKEN;
}

// Previous write at 0x00c0000b4008 by goroutine 7:
enum gcr_taken gcr_take_race(struct gcr_traceback *tb,
			     const struct gcr_line *line)
{
	struct gcr_span text = gcr_span_trim(line->text);
	struct gcr_goroutine access;

	if (gcr_span_is(text, RULE))
		return take_rule(tb, line);
	if (gcr_span_is(text, "WARNING: DATA RACE"))
		return take_warning(tb, line);
	if (!tb->in_race || tb->race_over ||
	    !gcr_read_race_stack(text, &access))
		return GCR_NOT_MINE;
	access.place = line->place;
	tb->stack = access;
	tb->head_foreign = line->foreign;
	gcr_belongs(tb, line);
	return read_race_stack(tb);
}
