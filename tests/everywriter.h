#ifndef GCR_TEST_EVERYWRITER_H
#define GCR_TEST_EVERYWRITER_H

/*
 * Any text through the census and every writer, and what holds for all of them.
 * For fuzz targets and Check programs alike: who includes this defines
 * require(), which ends the run with `what` where it does not hold.
 */

#include "gocrash.h"

#include <stdlib.h>
#include <string.h>

void require(bool holds, const char *what);

#define REQUIRE(what) require((what), #what)

/* What a text comes to. */
struct every_sum {
	uint64_t dumps, goroutines, groups;
	uint64_t each;	 /* goroutines that were shown one by one */
	uint64_t shown;	 /* how often; a profile shows many at once, or none */
	uint64_t headed; /* goroutines with a header */
	uint64_t bytes;	 /* of all spans, mixed */
	uint64_t digest; /* of the groups and all that is told of them */
};

struct every_buffer {
	char *data;
	size_t size, capacity;
};

static int every_put(void *to, const char *data, size_t size)
{
	struct every_buffer *buffer = to;

	while (buffer->capacity - buffer->size < size) {
		size_t more =
			buffer->capacity > 0 ? buffer->capacity * 2 : 4096;
		char *moved = realloc(buffer->data, more);
		REQUIRE(moved != NULL);
		buffer->data = moved;
		buffer->capacity = more;
	}
	memcpy(buffer->data + buffer->size, data, size);
	buffer->size += size;
	return 0;
}

static void every_touch(struct every_sum *sum, struct gcr_span span)
{
	REQUIRE(span.data != NULL || span.size == 0);
	for (size_t i = 0; i < span.size; i++)
		sum->bytes = sum->bytes * 31 + (unsigned char)span.data[i];
}

static void every_frame(struct every_sum *sum, const struct gcr_frame *frame)
{
	every_touch(sum, frame->function);
	every_touch(sum, frame->arguments);
	every_touch(sum, frame->file);
}

static void every_columns(const struct gcr_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++) {
		const struct gcr_column *column = &columns->items[i];
		REQUIRE(column->distinct <= GCR_COLUMN_VALUES);
		for (size_t j = 0; j < column->distinct; j++)
			REQUIRE(column->values[j] >= column->least &&
				column->values[j] <= column->most);
	}
}

static uint64_t every_mix(uint64_t digest, uint64_t value)
{
	digest = (digest ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return digest ^ digest >> 29;
}

static uint64_t every_column(uint64_t digest, const struct gcr_column *column)
{
	digest = every_mix(digest, column->word.kind);
	digest = every_mix(digest, column->word.certainty);
	digest = every_mix(digest, column->distinct * 2 + column->more);
	for (size_t i = 0; i < column->distinct; i++)
		digest = every_mix(digest, column->values[i]);
	return digest;
}

// All that is told of a group, whatever the way to it was.
static uint64_t every_digest(const struct gcr_group *group)
{
	uint64_t digest = every_mix(group->fingerprint, group->count);

	digest = every_mix(digest, group->minutes_least);
	digest = every_mix(digest, group->minutes_most);
	digest = every_mix(digest, group->oldest);
	digest = every_mix(digest, group->locked);
	digest = every_mix(digest, group->labelled);
	digest = every_mix(digest, group->flags);
	for (size_t i = 0; i < group->id_count; i++)
		digest = every_mix(digest, group->ids[i]);
	digest = every_column(every_mix(digest, group->label_count),
			      &group->creator);
	if (group->columns == NULL)
		return digest;
	for (size_t i = 0; i < group->example.frame_count; i++) {
		const struct gcr_columns *columns = &group->columns[i];
		digest = every_mix(digest, columns->count * 2 + columns->mixed);
		for (size_t j = 0; j < columns->count; j++)
			digest = every_column(digest, &columns->items[j]);
	}
	return digest;
}

static void every_group(struct every_sum *sum, const struct gcr_group *group)
{
	const struct gcr_goroutine *g = &group->example;

	// A profile may say that there are none of them.
	REQUIRE(group->count > 0 || g->kind == GCR_STACK_PROFILE);
	if (g->kind == GCR_STACK_GOROUTINE)
		sum->headed += group->count;
	sum->digest += every_digest(group);
	REQUIRE(group->minutes_least <= group->minutes_most);
	REQUIRE(group->id_count <= GCR_GROUP_IDS);
	REQUIRE(group->locked <= group->count);
	REQUIRE(group->labelled <= group->count);
	every_touch(sum, g->state);
	every_touch(sum, g->labels);
	for (size_t i = 0; i < group->label_count; i++)
		every_touch(sum, group->labels[i]);
	for (size_t i = 0; i < g->frame_count; i++)
		every_frame(sum, &g->frames[i]);
	for (size_t i = 0; group->columns != NULL && i < g->frame_count; i++)
		every_columns(&group->columns[i]);
	if (g->created_by != NULL)
		every_frame(sum, g->created_by);
}

// Nothing that a terminal would obey.
static void every_plain(const struct every_buffer *buffer)
{
	for (size_t i = 0; i < buffer->size; i++) {
		unsigned char c = (unsigned char)buffer->data[i];
		REQUIRE(c >= ' ' || c == '\n' || c == '\t');
		REQUIRE(c != 0x7f);
		// C1 controls, and bidirectional overrides.
		REQUIRE(c != 0xc2 || i + 1 == buffer->size ||
			(unsigned char)buffer->data[i + 1] >= 0xa0);
		REQUIRE(i + 2 >= buffer->size ||
			memcmp(&buffer->data[i], "\xe2\x80\xae", 3) != 0);
	}
}

// Each line a path, a blank and a number; in sum, the goroutines.
static void every_folded(const struct every_buffer *buffer, uint64_t want)
{
	uint64_t sum = 0, count = 0, times = 1;

	every_plain(buffer);
	for (size_t i = buffer->size; i > 0; i--) {
		char c = buffer->data[i - 1];
		if (c == '\n') {
			count = 0;
			times = 1;
		} else if (times > 0 && c >= '0' && c <= '9') {
			count += times * (uint64_t)(c - '0');
			times *= 10;
		} else if (times > 0) {
			REQUIRE(c == ' ' && times > 1);
			sum += count;
			times = 0;
		}
	}
	REQUIRE(sum == want);
}

static bool every_begins(const struct every_buffer *buffer, size_t at,
			 const char *text)
{
	size_t size = strlen(text);

	return buffer->size - at >= size &&
	       memcmp(buffer->data + at, text, size) == 0;
}

// Behind the sheet every `<` begins a tag that is ours, up to the script.
static void every_page(const struct every_buffer *buffer)
{
	static const char *const tags[] = {
		"<body>",   "<div",    "</div",	   "<input ",	 "<label>",
		"</label>", "<select", "</select", "<option",	 "<button",
		"</button", "<output", "</output", "<main>",	 "</main",
		"<section", "</sect",  "<p>",	   "<p ",	 "</p>",
		"<h1>",	    "</h1>",   "<h2>",	   "</h2>",	 "<dl>",
		"</dl>",    "<dt>",    "</dt>",	   "<dd>",	 "</dd>",
		"<br>",	    "<table>", "</table>", "<thead>",	 "</thead>",
		"<tbody>",  "</tbody", "<tr>",	   "</tr>",	 "<th",
		"</th>",    "<td",     "</td>",	   "<i ",	 "</i>",
		"<details", "</deta",  "<summary", "</summ",	 "<span ",
		"</span>",  "<ol",     "</ol>",	   "<ul",	 "</ul>",
		"<li",	    "</li>",   "<b>",	   "</b>",	 "<code>",
		"</code>",  "<a href", "</a>",	   "<footer",	 "</foot",
		"<kbd>",    "</kbd>",  "</ul>",	   "<pre class", "</pre>",
	};
	size_t at = 0;

	every_plain(buffer);
	while (at < buffer->size && !every_begins(buffer, at, "<body>"))
		at++;
	for (; at < buffer->size; at++) {
		bool ours = false;
		if (buffer->data[at] != '<')
			continue;
		if (every_begins(buffer, at, "<script>"))
			break;
		for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
			ours = ours || every_begins(buffer, at, tags[i]);
		REQUIRE(ours);
	}
	REQUIRE(buffer->size == 0 || at < buffer->size);
}

/* Who watches the census. */
struct every_watch {
	struct every_sum *sum;
	struct gcr_profile_writer *profile;
	struct gcr_lines_writer *lines;
};

static int every_each(void *from, const struct gcr_tally *tally,
		      const struct gcr_group *group,
		      const struct gcr_goroutine *goroutine,
		      struct gcr_error *err)
{
	const struct every_watch *watch = from;

	watch->sum->each += goroutine->count;
	watch->sum->shown++;
	REQUIRE(gcr_profile_writer_put(watch->profile, tally->number, group,
				       goroutine, err) == 0);
	REQUIRE(gcr_lines_writer_put(watch->lines, tally->number, group,
				     goroutine, err) == 0);
	return 0;
}

// What one dump is to each writer.
static void every_dump(struct every_sum *sum, const struct gcr_tally *tally,
		       struct gcr_html_writer *page)
{
	const struct gcr_view view = { .width = 100 };
	struct every_buffer text = { 0 }, folded = { 0 };
	struct gcr_output to_text = { every_put, &text };
	struct gcr_output to_folded = { every_put, &folded };
	struct gcr_span name = { "dump.txt", 8 };
	struct gcr_error err;
	uint64_t count = 0;

	for (size_t i = 0; i < tally->group_count; i++) {
		every_group(sum, tally->groups[i]);
		count += tally->groups[i]->count;
	}
	REQUIRE(count == tally->count);
	sum->goroutines += count;
	sum->groups += tally->group_count;
	REQUIRE(gcr_write_tally(tally, &view, &to_text, &err) == 0);
	every_plain(&text);
	REQUIRE(gcr_write_folded(tally, &to_folded, &err) == 0);
	every_folded(&folded, tally->count);
	REQUIRE(gcr_html_writer_put(page, name, tally, &err) == 0);
	free(text.data);
	free(folded.data);
}

static void every_lines(const struct every_buffer *lines, uint64_t want)
{
	uint64_t count = 0;

	every_plain(lines);
	for (size_t i = 0; i < lines->size; i++)
		count += lines->data[i] == '\n';
	REQUIRE(count == want);
	REQUIRE(lines->size == 0 || (lines->data[0] == '{' &&
				     lines->data[lines->size - 1] == '\n'));
}

static struct gcr_census *every_count(struct gcr_span text,
				      const struct gcr_limits *limits,
				      struct every_sum *sum)
{
	static const struct gcr_target target = { 0 };
	static const struct gcr_view view = { 0 };
	struct every_buffer packed = { 0 }, lines = { 0 };
	struct gcr_output to_packed = { every_put, &packed };
	struct gcr_output to_lines = { every_put, &lines };
	struct every_watch watch = { .sum = sum };
	struct gcr_census_request request = { .from = &watch,
					      .each = every_each,
					      .columns = true,
					      .waits = true };
	struct gcr_census *census;
	struct gcr_error err;

	REQUIRE(gcr_profile_writer_new(&to_packed, &watch.profile, &err) == 0);
	REQUIRE(gcr_lines_writer_new(&target, &view, &to_lines, &watch.lines,
				     &err) == 0);
	REQUIRE(gcr_census_take(text, limits, &request, &census, &err) == 0);
	REQUIRE(gcr_profile_writer_done(watch.profile, &err) == 0);
	REQUIRE(gcr_lines_writer_done(watch.lines, &err) == 0);
	REQUIRE(packed.size > 2 && memcmp(packed.data, "\x1f\x8b", 2) == 0);
	every_lines(&lines, sum->shown);
	free(packed.data);
	free(lines.data);
	return census;
}

/* The census of a text by every writer. */
static struct every_sum every_writer(struct gcr_span text,
				     const struct gcr_limits *limits)
{
	static const struct gcr_view view = { 0 };
	struct every_buffer page = { 0 };
	struct gcr_output to_page = { every_put, &page };
	struct every_sum sum = { 0 };
	struct gcr_html_writer *writer;
	struct gcr_error err;
	struct gcr_census *census = every_count(text, limits, &sum);

	REQUIRE(gcr_html_writer_new(&view, &to_page, &writer, &err) == 0);
	sum.dumps = gcr_census_dump_count(census);
	for (size_t i = 0; i < sum.dumps; i++) {
		REQUIRE(gcr_census_dump(census, i)->number == i);
		every_dump(&sum, gcr_census_dump(census, i), writer);
	}
	REQUIRE(gcr_html_writer_done(writer, &err) == 0);
	every_page(&page);
	REQUIRE(sum.each == sum.goroutines);
	REQUIRE(gcr_census_dump(census, sum.dumps) == NULL);
	free(page.data);
	gcr_census_free(census);
	return sum;
}

/* The same goroutines, parsed and collected: another way to the same groups. */
static struct every_sum every_parsed(struct gcr_span text,
				     const struct gcr_limits *limits)
{
	const struct gcr_census_request request = { .columns = true,
						    .waits = true };
	struct every_sum sum = { 0 };
	struct gcr_census *census;
	struct gcr_dump *dump;
	struct gcr_error err;

	REQUIRE(gcr_dump_parse(text, limits, &dump, &err) == 0);
	sum.dumps = gcr_dump_crash_count(dump);
	for (size_t i = 0; i < sum.dumps; i++) {
		REQUIRE(gcr_census_crash(gcr_dump_crash(dump, i), &request,
					 &census, &err) == 0);
		const struct gcr_tally *tally = gcr_census_dump(census, 0);
		sum.goroutines += tally->count;
		sum.groups += tally->group_count;
		for (size_t j = 0; j < tally->group_count; j++)
			sum.digest += every_digest(tally->groups[j]);
		gcr_census_free(census);
	}
	gcr_dump_free(dump);
	return sum;
}

#endif
