/*
 * A tally as a digest of one dump. Texts that are not UTF-8 become what JSON
 * makes of them, so that a dump and its own document are the same.
 */

#include "digestadd.h"

#include "arena.h"
#include "digest.h"
#include "error.h"
#include "sink.h"
#include "span.h"

#include <stdlib.h>

static struct gcr_span base_name(struct gcr_span file)
{
	ptrdiff_t slash = gcr_span_find_last(file, '/');

	return gcr_span_tail(file, (size_t)(slash + 1));
}

// Bytes from the start on that are UTF-8.
static size_t clean_bytes(struct gcr_span text)
{
	size_t at = 0;
	uint32_t point;

	while (at < text.size) {
		size_t size = gcr_utf8(gcr_span_tail(text, at), &point);

		if (size == 0)
			break;
		at += size;
	}
	return at;
}

static int clean(struct gcr_span *text, struct gcr_arena *arena,
		 struct gcr_error *err)
{
	size_t at = clean_bytes(*text), size = 0;
	struct gcr_span rest = *text;
	char *copy;

	if (at == text->size) {
		if (text->data == NULL)
			*text = (struct gcr_span){ "", 0 };
		return 0;
	}
	copy = gcr_arena_array(arena, text->size, 3, err);
	if (copy == NULL)
		return -1;
	while (rest.size > 0) {
		at = clean_bytes(rest);
		memcpy(copy + size, rest.data, at);
		size += at;
		if (at < rest.size)
			size += gcr_utf8_put(copy + size, 0xfffd);
		rest = gcr_span_tail(rest, at + 1);
	}
	*text = (struct gcr_span){ copy, size };
	return 0;
}

static int take_in_frame(const struct gcr_frame *frame, struct gcr_arena *arena,
			 struct gcr_digest_frame *ret, struct gcr_error *err)
{
	*ret = (struct gcr_digest_frame){
		.function = frame->function,
		.file = base_name(frame->file),
		.line = frame->line,
	};
	return clean(&ret->function, arena, err) != 0 ||
			       clean(&ret->file, arena, err) != 0
		       ? -1
		       : 0;
}

static struct gcr_span kind_name(enum gcr_stack_kind kind)
{
	switch (kind) {
	case GCR_STACK_BARE:
		return GCR_SPAN("bare");
	case GCR_STACK_PROFILE:
		return GCR_SPAN("profile");
	case GCR_STACK_GOROUTINE:
	case GCR_STACK_RUNTIME:
	case GCR_STACK_RACE:
		break;
	}
	return GCR_SPAN("goroutine");
}

static int identify(const struct gcr_group *group, struct gcr_arena *arena,
		    struct gcr_digest_identity *ret, struct gcr_error *err)
{
	const struct gcr_goroutine *g = &group->example;
	struct gcr_digest_frame *frames = gcr_arena_array(
		arena, g->frame_count + 1, sizeof(*frames), err);

	if (frames == NULL)
		return -1;
	*ret = (struct gcr_digest_identity){
		.fingerprint = group->fingerprint,
		.kind = kind_name(g->kind),
		.state = g->state,
		.elided = (g->flags & GCR_G_ELIDED) != 0,
		.frames = frames,
		.frame_count = g->frame_count,
	};
	for (size_t i = 0; i < g->frame_count; i++)
		if (take_in_frame(&g->frames[i], arena, &frames[i], err) != 0)
			return -1;
	if (g->created_by != NULL) {
		ret->creator = &frames[g->frame_count];
		if (take_in_frame(g->created_by, arena, ret->creator, err) != 0)
			return -1;
	}
	return clean(&ret->state, arena, err);
}

static int add_group(struct gcr_digest *digest, const struct gcr_group *group,
		     const struct gcr_hosts *hosts, struct gcr_arena *scratch,
		     struct gcr_error *err)
{
	struct gcr_digest_group more = {
		.count = group->count,
		.least = group->minutes_least,
		.most = group->minutes_most,
		.dumps = 1,
		.hosts = *hosts,
		.example = group->oldest,
	};
	struct gcr_digest_group *to;

	if (hosts->name_count > 0)
		more.example_host = hosts->names[0];
	if (identify(group, scratch, &more.is, err) != 0 ||
	    gcr_digest_find(digest, &more.is, &to, err) != 0)
		return -1;
	return gcr_digest_count(digest, to, &more, err);
}

static int add_groups(struct gcr_digest *digest, const struct gcr_tally *tally,
		      const struct gcr_hosts *hosts, struct gcr_arena *scratch,
		      struct gcr_error *err)
{
	struct gcr_arena_mark mark = gcr_arena_mark(scratch);

	for (size_t i = 0; i < tally->group_count; i++) {
		if (add_group(digest, tally->groups[i], hosts, scratch, err) !=
		    0)
			return -1;
		gcr_arena_rewind(scratch, mark);
	}
	digest->dumps = gcr_digest_sum(digest->dumps, 1);
	digest->goroutines = gcr_digest_sum(digest->goroutines, tally->count);
	return gcr_digest_unite(digest, &digest->hosts, hosts, err);
}

int gcr_digest_add(struct gcr_digest *digest, const struct gcr_tally *tally,
		   struct gcr_span host, struct gcr_error *err)
{
	struct gcr_arena *scratch = gcr_arena_new(0);
	struct gcr_hosts hosts = { 0 };
	int result = -1;

	if (scratch == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	if (host.data == NULL ||
	    (clean(&host, scratch, err) == 0 &&
	     gcr_hosts_add(&hosts, host, scratch, err) == 0))
		result = add_groups(digest, tally, &hosts, scratch, err);
	gcr_arena_free(scratch);
	return result;
}
