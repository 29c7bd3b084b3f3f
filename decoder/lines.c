/*
 * A stack of sources: the input at the bottom, above it the unfolded string
 * being read, above that a string inside of it (JSON in JSON).
 *
 *	{"log":"goroutine 7 [running]:\n","stream":"stderr"}
 *	^prefix ^folded text          ^its end
 */

#include "lines.h"

#include "arena.h"
#include "grammar.h"
#include "prefix.h"
#include "sink.h"
#include "span.h"

// An anchor further ahead than this says nothing about a line.
enum {
	WINDOW = 64 * 1024,
	NEIGHBOURS = 8 /* lines that may show that a prefix goes on */
};

void gcr_lines_init(struct gcr_lines *lines, struct gcr_span text,
		    struct gcr_arena *arena)
{
	lines->arena = arena;
	lines->depth = 0;
	lines->pushed_back = false;
	lines->failed = false;
	lines->unfolded = 0;
	for (size_t i = 0; i <= GCR_FOLD_MAX; i++) {
		lines->source[i] = (struct gcr_source){ 0 };
		lines->prefix[i].active = false;
		lines->lesson[i].anchor = NULL;
	}
	lines->source[0] = (struct gcr_source){
		.start = text.data,
		.at = text.data,
		.end = text.size > 0 ? text.data + text.size : text.data,
		.line = 1,
	};
}

// `\u0041` or a surrogate pair behind the backslash; moves `text` behind it.
static size_t unescape_u(struct gcr_span *text, char *to)
{
	uint32_t point = gcr_span_hex4(gcr_span_tail(*text, 1));
	uint32_t low;

	if (point == UINT32_MAX) {
		to[0] = 'u';
		*text = gcr_span_tail(*text, 1);
		return 1;
	}
	*text = gcr_span_tail(*text, 5);
	if (point >= 0xd800 && point < 0xdc00 &&
	    gcr_span_starts(*text, "\\u")) {
		low = gcr_span_hex4(gcr_span_tail(*text, 2));
		if (low >= 0xdc00 && low < 0xe000) {
			point = 0x10000 + ((point - 0xd800) << 10) +
				(low - 0xdc00);
			*text = gcr_span_tail(*text, 6);
		}
	}
	if (point >= 0xd800 && point < 0xe000)
		point = 0xfffd;
	return gcr_utf8_put(to, point);
}

// One escape, `text` at what follows its backslash. JSON's and Go's.
static size_t unescape(struct gcr_span *text, char *to)
{
	static const char from[] = "ntrbfav\"\\/'";
	static const char into[] = "\n\t\r\b\f\a\v\"\\/'";
	char c = text->data[0];
	const char *found = memchr(from, c, sizeof(from) - 1);

	if (c == 'u')
		return unescape_u(text, to);
	if (c == 'x' && text->size >= 3 && gcr_hex_digit(text->data[1]) >= 0 &&
	    gcr_hex_digit(text->data[2]) >= 0) {
		to[0] = (char)(gcr_hex_digit(text->data[1]) << 4 |
			       gcr_hex_digit(text->data[2]));
		*text = gcr_span_tail(*text, 3);
		return 1;
	}
	to[0] = found != NULL ? into[found - from] : c;
	*text = gcr_span_tail(*text, 1);
	return 1;
}

// The string's content up to its closing quote, unescaped, in the arena.
static bool unfold(struct gcr_lines *lines, struct gcr_span text,
		   struct gcr_span *ret)
{
	size_t size = 0;
	char *out = gcr_arena_alloc(lines->arena, text.size + 4, &lines->error);

	if (out == NULL) {
		lines->failed = true;
		return false;
	}
	while (text.size > 0 && text.data[0] != '"') {
		if (text.data[0] == '\\' && text.size > 1) {
			text = gcr_span_tail(text, 1);
			size += unescape(&text, out + size);
		} else {
			out[size++] = text.data[0];
			text = gcr_span_tail(text, 1);
		}
	}
	*ret = (struct gcr_span){ out, size };
	return true;
}

static bool push_unfolded(struct gcr_lines *lines, struct gcr_line *line)
{
	struct gcr_span text;

	if (lines->depth == GCR_FOLD_MAX || !unfold(lines, line->text, &text))
		return false;
	if (text.size == 0) {
		line->text.size = 0;
		return false;
	}
	bool alone = line->depth == 0 || line->alone;
	lines->depth++;
	lines->source[lines->depth] = (struct gcr_source){
		.start = text.data,
		.at = text.data,
		.end = text.data + text.size,
		.number = ++lines->unfolded,
		.origin = line->place,
		.alone = alone,
	};
	return true;
}

// `ESC [ 0 m` at the end of a line that began in colour: a log's, not a value's.
static size_t without_color(const char *start, size_t size)
{
	if (size == 0 || start[0] != '\033')
		return size;
	while (size > 2 && start[size - 1] == 'm') {
		size_t at = size - 1;
		while (at > 0 &&
		       (gcr_is_digit(start[at - 1]) || start[at - 1] == ';'))
			at--;
		if (at < 2 || start[at - 1] != '[' || start[at - 2] != '\033')
			break;
		size = at - 2;
	}
	return size;
}

// A byte order mark before the first line is no part of it.
static size_t mark_size(const struct gcr_lines *lines,
			const struct gcr_source *source,
			const struct gcr_line *line)
{
	return lines->depth == 0 && line->raw.data == source->start &&
			       gcr_span_starts(line->text, "\xef\xbb\xbf")
		       ? 3
		       : 0;
}

// Cut the next raw line off the source.
static void split(struct gcr_lines *lines, struct gcr_source *source,
		  struct gcr_line *ret)
{
	size_t left = (size_t)(source->end - source->at);
	const char *start = source->at;
	const char *newline = memchr(start, '\n', left);
	size_t size = newline != NULL ? (size_t)(newline - start) : left;
	size_t raw = newline != NULL ? size + 1 : size;

	ret->depth = lines->depth;
	ret->source = source->number;
	if (start == source->cut_line && start != source->cut_text) {
		// What stands before an anchor, as a line of its own.
		size = raw = (size_t)(source->cut_text - start);
		source->at = source->cut_text;
	} else {
		source->at = start + raw;
		source->line++;
	}
	ret->raw = (struct gcr_span){ start, raw };
	ret->alone = source->alone && start == source->start &&
		     source->at == source->end;
	while (size > 0 && start[size - 1] == '\r')
		size--;
	size = without_color(start, size);
	ret->text = (struct gcr_span){ start, size };
	ret->text = gcr_span_tail(ret->text, mark_size(lines, source, ret));
}

static void set_place(struct gcr_lines *lines, struct gcr_source *source,
		      struct gcr_line *line, size_t number)
{
	size_t column = 1 + (size_t)(line->text.data - line->raw.data);

	if (lines->depth > 0) {
		line->place = source->origin;
		return;
	}
	if (source->cut_text != NULL && line->raw.data == source->cut_text)
		column += (size_t)(source->cut_text - source->cut_line);
	line->place = (struct gcr_place){
		.offset = (uint64_t)(line->text.data - source->start),
		.line = number,
		.column = column,
	};
}

bool gcr_lines_next(struct gcr_lines *lines, struct gcr_line *ret)
{
	if (lines->pushed_back) {
		lines->pushed_back = false;
		*ret = lines->again;
		return true;
	}
	while (!lines->failed) {
		struct gcr_source *source = &lines->source[lines->depth];
		struct gcr_prefix *prefix = &lines->prefix[lines->depth];
		size_t taken = 0, number = source->line;

		if (source->at == source->end) {
			if (lines->depth == 0)
				return false;
			lines->depth--;
			continue;
		}
		split(lines, source, ret);
		bool known = prefix->active &&
			     gcr_prefix_match(prefix, ret->text, &taken);
		ret->foreign = prefix->active && !known;
		ret->text = gcr_span_tail(ret->text, taken);
		set_place(lines, source, ret, number);
		if (!known || !prefix->folded || !push_unfolded(lines, ret))
			return !lines->failed;
	}
	return false;
}

void gcr_lines_push_back(struct gcr_lines *lines, const struct gcr_line *line)
{
	lines->again = *line;
	lines->pushed_back = true;
}

// The quote that opens the string in which `at` stands, or NULL.
static const char *opening_quote(const char *start, const char *at)
{
	while (at > start) {
		size_t slashes = 0;
		at--;
		if (*at != '"')
			continue;
		while (at - slashes > start &&
		       at[-1 - (ptrdiff_t)slashes] == '\\')
			slashes++;
		if (slashes % 2 == 0)
			return at;
	}
	return NULL;
}

// As much of the line at `start` as a prefix can be about.
static struct gcr_span line_at(const char *start, const char *end)
{
	size_t size = (size_t)(end - start);
	const char *newline;

	if (size > 2 * GCR_PREFIX_MAX)
		size = 2 * GCR_PREFIX_MAX;
	newline = memchr(start, '\n', size);
	if (newline != NULL)
		size = (size_t)(newline - start);
	return (struct gcr_span){ start, size };
}

static const char *next_line(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline != NULL ? newline + 1 : end;
}

// Do the lines behind the anchor have its prefix too, or its line alone? Other
// writers' lines may come first, but no frame without the prefix.
static bool prefix_goes_on(const struct gcr_source *source,
			   const struct gcr_prefix *prefix)
{
	const char *at = next_line(source->anchor.text, source->end);
	bool last = at == source->end;

	for (size_t i = 0; i < NEIGHBOURS && at < source->end; i++) {
		struct gcr_frame frame = { 0 };
		struct gcr_span line = line_at(at, source->end);
		size_t taken;
		if (gcr_prefix_match(prefix, line, &taken))
			return true;
		if (line.size == 0 || gcr_read_function(line, &frame))
			return false;
		at = next_line(at, source->end);
	}
	return last;
}

// Is the text that `line` came from still being read?
static bool is_current(const struct gcr_lines *lines,
		       const struct gcr_line *line)
{
	return line->depth == lines->depth &&
	       line->source == lines->source[line->depth].number;
}

static void read_again(struct gcr_lines *lines, const struct gcr_line *line)
{
	struct gcr_source *source = &lines->source[line->depth];

	lines->depth = line->depth;
	lines->pushed_back = false;
	source->at = line->raw.data;
	source->line = line->place.line;
}

static void learn_from_anchor(const struct gcr_source *source,
			      struct gcr_lesson *lesson)
{
	const struct gcr_anchor *anchor = &source->anchor;
	const char *quote = anchor->folded
				    ? opening_quote(anchor->line, anchor->text)
				    : NULL;
	const char *text = quote != NULL ? quote + 1 : anchor->text;
	struct gcr_span sample = { anchor->line,
				   (size_t)(text - anchor->line) };

	lesson->anchor = anchor->text;
	lesson->learned =
		(sample.size > 0 || anchor->folded) &&
		gcr_prefix_learn(&lesson->prefix, sample, anchor->folded);
	lesson->tabs = 0;
	if (!lesson->learned || anchor->folded)
		return;
	while (lesson->tabs < sample.size && text[-1] == '\t') {
		lesson->tabs++;
		text--;
	}
	lesson->goes_on[0] = prefix_goes_on(source, &lesson->prefix);
	lesson->prefix.size -= lesson->tabs;
	lesson->goes_on[1] = prefix_goes_on(source, &lesson->prefix);
	lesson->prefix.size += lesson->tabs;
}

// What the next anchor teaches, for lines near before it; or NULL.
static struct gcr_lesson *next_lesson(struct gcr_lines *lines,
				      const struct gcr_line *line)
{
	struct gcr_source *source = &lines->source[line->depth];
	struct gcr_lesson *lesson = &lines->lesson[line->depth];
	const char *start = line->raw.data;

	if (lines->failed || !is_current(lines, line) ||
	    !gcr_anchor_find(&source->anchor, source->start, start,
			     source->end) ||
	    source->anchor.line - start > WINDOW ||
	    source->anchor.line == source->cut_line)
		return NULL;
	if (lesson->anchor != source->anchor.text)
		learn_from_anchor(source, lesson);
	return lesson->learned ? lesson : NULL;
}

// Text behind a prefix that is nobody else's: a line of its own from now on.
static bool cut_at_anchor(struct gcr_lines *lines, const struct gcr_line *line)
{
	struct gcr_source *source = &lines->source[line->depth];

	if (line->raw.data != source->anchor.line || !source->anchor.opens)
		return false;
	source->cut_line = source->anchor.line;
	source->cut_text = source->anchor.text;
	lines->prefix[line->depth].active = false;
	read_again(lines, line);
	return true;
}

bool gcr_lines_learn(struct gcr_lines *lines, const struct gcr_line *line)
{
	struct gcr_lesson *lesson = next_lesson(lines, line);
	struct gcr_prefix *known = &lines->prefix[line->depth];
	struct gcr_span text;
	size_t taken, tabs = 0;

	if (lesson == NULL)
		return false;
	text = line_at(line->raw.data, lines->source[line->depth].end);
	bool matches = gcr_prefix_match(&lesson->prefix, text, &taken);
	// Inside a panic's value a header stands behind a tab of the value's.
	if (!matches && lesson->tabs > 0) {
		tabs = lesson->tabs;
		if (lesson->prefix.size == tabs)
			return false;
		lesson->prefix.size -= tabs;
		matches = gcr_prefix_match(&lesson->prefix, text, &taken);
		lesson->prefix.size += tabs;
	}
	if (!lesson->prefix.folded && !lesson->goes_on[tabs > 0])
		return cut_at_anchor(lines, line);
	if (!matches ||
	    (known->active && gcr_prefix_match(known, text, &taken)))
		return false;
	*known = lesson->prefix;
	known->size -= tabs;
	read_again(lines, line);
	return true;
}

bool gcr_lines_anchor_near(struct gcr_lines *lines, const struct gcr_line *line,
			   size_t size)
{
	struct gcr_source *source = &lines->source[line->depth];
	const char *start = line->raw.data;

	return is_current(lines, line) &&
	       gcr_anchor_find(&source->anchor, source->start, start,
			       source->end) &&
	       (size_t)(source->anchor.text - start) <= size;
}
