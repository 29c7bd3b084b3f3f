/*
 * Documents of groups, read and folded in. A document is read to its end before
 * any of it is counted, so that one that is not as it should be leaves the
 * digest as it was.
 */

#include "digestread.h"

#include "arena.h"
#include "digest.h"
#include "error.h"
#include "jsonread.h"
#include "span.h"

#include <stdlib.h>

struct document {
	struct gcr_json_reader reader;
	struct gcr_hosts hosts;
	uint64_t dumps, goroutines;
	struct gcr_digest_group *groups;
	size_t group_count, group_capacity;
	bool has_format, has_groups;
};

static struct gcr_digest_frame take_frame(struct gcr_json_reader *reader)
{
	struct gcr_digest_frame frame = { { "", 0 }, { "", 0 }, 0 };
	struct gcr_span key;

	gcr_json_enter(reader, '{');
	while (gcr_json_member(reader, &key)) {
		if (gcr_span_is(key, "function"))
			frame.function = gcr_json_take_text(reader);
		else if (gcr_span_is(key, "file"))
			frame.file = gcr_json_take_text(reader);
		else if (gcr_span_is(key, "line"))
			frame.line = gcr_json_take_number(reader);
		else
			gcr_json_skip(reader);
	}
	return frame;
}

static void take_frames(struct gcr_json_reader *reader,
			struct gcr_digest_identity *is)
{
	size_t capacity = 0;

	is->frames = NULL;
	is->frame_count = 0;
	gcr_json_enter(reader, '[');
	while (gcr_json_element(reader)) {
		struct gcr_digest_frame frame = take_frame(reader);

		if (gcr_arena_grow(reader->arena, &is->frames, is->frame_count,
				   &capacity, sizeof(frame), reader->err) != 0)
			reader->failed = true;
		else
			is->frames[is->frame_count++] = frame;
	}
}

static void take_creator(struct gcr_json_reader *reader,
			 struct gcr_digest_identity *is)
{
	struct gcr_digest_frame frame;

	is->creator = NULL;
	if (gcr_json_take_null(reader))
		return;
	frame = take_frame(reader);
	is->creator =
		gcr_arena_alloc(reader->arena, sizeof(frame), reader->err);
	if (is->creator == NULL)
		reader->failed = true;
	else
		*is->creator = frame;
}

static void take_minutes(struct gcr_json_reader *reader,
			 struct gcr_digest_group *group)
{
	struct gcr_span key;

	gcr_json_enter(reader, '{');
	while (gcr_json_member(reader, &key)) {
		if (gcr_span_is(key, "least"))
			group->least = gcr_json_take_number(reader);
		else if (gcr_span_is(key, "most"))
			group->most = gcr_json_take_number(reader);
		else
			gcr_json_skip(reader);
	}
}

static void take_example(struct gcr_json_reader *reader,
			 struct gcr_digest_group *group)
{
	struct gcr_span key;

	gcr_json_enter(reader, '{');
	while (gcr_json_member(reader, &key)) {
		if (gcr_span_is(key, "goroutine"))
			group->example = gcr_json_take_number(reader);
		else if (!gcr_span_is(key, "host"))
			gcr_json_skip(reader);
		else if (!gcr_json_take_null(reader))
			group->example_host = gcr_json_take_text(reader);
	}
}

// Members that make two groups one; false: it is another.
static bool take_identity(struct gcr_json_reader *reader, struct gcr_span key,
			  struct gcr_digest_identity *is)
{
	if (gcr_span_is(key, "fingerprint"))
		is->fingerprint = gcr_json_take_fingerprint(reader);
	else if (gcr_span_is(key, "kind"))
		is->kind = gcr_json_take_text(reader);
	else if (gcr_span_is(key, "state"))
		is->state = gcr_json_take_text(reader);
	else if (gcr_span_is(key, "elided"))
		is->elided = gcr_json_take_bool(reader);
	else if (gcr_span_is(key, "frames"))
		take_frames(reader, is);
	else if (gcr_span_is(key, "creator"))
		take_creator(reader, is);
	else
		return false;
	return true;
}

static void take_member(struct gcr_json_reader *reader, struct gcr_span key,
			struct gcr_digest_group *group)
{
	if (take_identity(reader, key, &group->is))
		return;
	if (gcr_span_is(key, "count"))
		group->count = gcr_json_take_number(reader);
	else if (gcr_span_is(key, "minutes"))
		take_minutes(reader, group);
	else if (gcr_span_is(key, "dumps"))
		group->dumps = gcr_json_take_number(reader);
	else if (gcr_span_is(key, "hosts"))
		gcr_hosts_read(reader, &group->hosts);
	else if (gcr_span_is(key, "example"))
		take_example(reader, group);
	else
		gcr_json_skip(reader);
}

static struct gcr_digest_group take_group(struct gcr_json_reader *reader)
{
	struct gcr_digest_group group = {
		.is = { .kind = GCR_LITERAL("goroutine"),
			.state = GCR_LITERAL("") },
	};
	struct gcr_span key;
	bool marked = false;

	gcr_json_enter(reader, '{');
	while (gcr_json_member(reader, &key)) {
		marked |= gcr_span_is(key, "fingerprint");
		take_member(reader, key, &group);
	}
	if (!marked)
		gcr_json_refuse(reader, "a group without a fingerprint");
	if (group.count == 0)
		gcr_json_refuse(reader, "a group of nobody");
	return group;
}

static void take_groups(struct document *document)
{
	struct gcr_json_reader *reader = &document->reader;

	gcr_json_enter(reader, '[');
	while (gcr_json_element(reader)) {
		struct gcr_digest_group group = take_group(reader);

		if (gcr_arena_grow(reader->arena, &document->groups,
				   document->group_count,
				   &document->group_capacity, sizeof(group),
				   reader->err) != 0)
			reader->failed = true;
		else
			document->groups[document->group_count++] = group;
	}
	document->has_groups = true;
}

static void take_format(struct document *document)
{
	struct gcr_span format = gcr_json_take_text(&document->reader);

	document->has_format = true;
	if (!gcr_span_is(format, GCR_DIGEST_FORMAT))
		gcr_json_refuse(&document->reader,
				"not of the format '" GCR_DIGEST_FORMAT "'");
}

static void take_document(struct document *document)
{
	struct gcr_json_reader *reader = &document->reader;
	struct gcr_span key;

	gcr_json_enter(reader, '{');
	while (gcr_json_member(reader, &key)) {
		if (gcr_span_is(key, "format"))
			take_format(document);
		else if (gcr_span_is(key, "hosts"))
			gcr_hosts_read(reader, &document->hosts);
		else if (gcr_span_is(key, "dumps"))
			document->dumps = gcr_json_take_number(reader);
		else if (gcr_span_is(key, "goroutines"))
			document->goroutines = gcr_json_take_number(reader);
		else if (gcr_span_is(key, "groups"))
			take_groups(document);
		else
			gcr_json_skip(reader);
	}
	if (!document->has_format || !document->has_groups)
		gcr_json_refuse(reader,
				"not of the format '" GCR_DIGEST_FORMAT "'");
}

static int fold(struct gcr_digest *digest, const struct document *document,
		struct gcr_error *err)
{
	for (size_t i = 0; i < document->group_count; i++) {
		const struct gcr_digest_group *more = &document->groups[i];
		struct gcr_digest_group *group;

		if (gcr_digest_find(digest, &more->is, &group, err) != 0 ||
		    gcr_digest_count(digest, group, more, err) != 0)
			return -1;
	}
	digest->dumps = gcr_digest_sum(digest->dumps, document->dumps);
	digest->goroutines =
		gcr_digest_sum(digest->goroutines, document->goroutines);
	return gcr_digest_unite(digest, &digest->hosts, &document->hosts, err);
}

static int merge_one(struct gcr_digest *digest, struct gcr_json_reader *reader,
		     struct gcr_error *err)
{
	struct document document = { .reader = *reader };

	document.reader.first = true;
	take_document(&document);
	if (document.reader.failed)
		return -1;
	reader->rest = document.reader.rest;
	return fold(digest, &document, err);
}

int gcr_digest_merge_one(struct gcr_digest *digest, struct gcr_span *documents,
			 struct gcr_error *err)
{
	struct gcr_arena *scratch = gcr_arena_new(0);
	struct gcr_json_reader reader;
	int result = 0;

	if (scratch == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	gcr_json_read(&reader, *documents, scratch, err);
	if (gcr_json_more(&reader)) {
		result = merge_one(digest, &reader, err);
		if (result == 0)
			result = 1;
	}
	*documents = reader.rest;
	gcr_arena_free(scratch);
	return result;
}

int gcr_digest_merge(struct gcr_digest *digest, struct gcr_span documents,
		     struct gcr_error *err)
{
	struct gcr_arena *scratch = gcr_arena_new(0);
	struct gcr_json_reader reader;
	int result = 0;

	if (scratch == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	struct gcr_arena_mark mark = gcr_arena_mark(scratch);
	gcr_json_read(&reader, documents, scratch, err);
	while (result == 0 && gcr_json_more(&reader)) {
		result = merge_one(digest, &reader, err);
		gcr_arena_rewind(scratch, mark);
	}
	gcr_arena_free(scratch);
	return result;
}
