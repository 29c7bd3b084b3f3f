/* The way past the reader: see traceback.h. */

#include "assembly.h"

#include "traceback.h"

/*
 * Nothing may be on the way that the reader would have to look at: a prefix of
 * the log, a fault that is the next stack's, other output between.
 */
static bool is_plain(const struct gcr_traceback *tb)
{
	const struct gcr_lines *lines = &tb->lines;

	return lines->depth == 0 && !lines->failed &&
	       !lines->prefix[0].active && !tb->has_held && tb->open &&
	       !tb->tentative && !tb->interrupted && !tb->in_race &&
	       !tb->in_profile && tb->fault == NULL && tb->stack_count > 0;
}

bool gcr_traceback_ahead(const struct gcr_traceback *traceback,
			 struct gcr_span *ret, struct gcr_place *place)
{
	const struct gcr_lines *lines = &traceback->lines;
	const struct gcr_source *source = &lines->source[0];
	const char *at = source->at;
	size_t line = source->line;

	if (!is_plain(traceback))
		return false;
	if (lines->pushed_back) {
		// The line that ended the stack before, in one piece.
		const struct gcr_line *again = &lines->again;
		if (again->depth != 0 || again->source != 0 ||
		    again->text.data != again->raw.data ||
		    again->raw.data + again->raw.size != at)
			return false;
		at = again->raw.data;
		line = again->place.line;
	}
	*ret = (struct gcr_span){ at, (size_t)(source->end - at) };
	*place = (struct gcr_place){
		.offset = (uint64_t)(at - source->start),
		.line = line,
		.column = 1,
	};
	return true;
}

void gcr_traceback_pass(struct gcr_traceback *tb,
			const struct gcr_passed *passed)
{
	struct gcr_source *source = &tb->lines.source[0];
	struct gcr_place place;
	struct gcr_span text;

	if (!gcr_traceback_ahead(tb, &text, &place))
		return;
	source->at = text.data + passed->size;
	source->line = place.line + passed->lines;
	tb->lines.pushed_back = false;
	tb->last = (struct gcr_place){
		.offset = place.offset + passed->last_line,
		.line = place.line + passed->lines - 2,
		.column = 1,
	};
	tb->last_size = passed->last_size;
	tb->last_folded = tb->after_other = tb->head_foreign = false;
	tb->claim.lines_left = 0;
	tb->stack_count++;
}

size_t gcr_traceback_report(const struct gcr_traceback *traceback)
{
	size_t count = traceback->reports.count;

	return count > 0 ? count - 1 : 0;
}

size_t gcr_traceback_oddities(const struct gcr_traceback *traceback)
{
	return traceback->notes.count + traceback->crash.notes_dropped +
	       traceback->others.count + traceback->remarks.count;
}
