/* A digest as a document, its groups in their order: see gocrash.h. */

#include "digestjson.h"

#include "digestread.h"
#include "waitjson.h"

// The marks are left out where the names are all there is.
static void write_hosts(struct gcr_json *json, const char *key,
			const struct gcr_hosts *hosts)
{
	gcr_json_open(json, key, '{');
	gcr_json_number(json, "count", gcr_hosts_count(hosts));
	gcr_json_bool(json, "exact", gcr_hosts_exact(hosts));
	gcr_json_open(json, "names", '[');
	for (size_t i = 0; i < hosts->name_count; i++)
		gcr_json_span(json, NULL, hosts->names[i]);
	gcr_json_close(json, ']');
	if (hosts->mark_count > hosts->name_count) {
		gcr_json_open(json, "marks", '[');
		for (size_t i = 0; i < hosts->mark_count; i++)
			gcr_json_fingerprint(json, NULL, hosts->marks[i]);
		gcr_json_close(json, ']');
	}
	gcr_json_close(json, '}');
}

static void write_frame(struct gcr_json *json, const char *key,
			const struct gcr_digest_frame *frame)
{
	gcr_json_open(json, key, '{');
	gcr_json_span(json, "function", frame->function);
	gcr_json_span(json, "file", frame->file);
	gcr_json_number(json, "line", frame->line);
	gcr_json_close(json, '}');
}

void gcr_digest_identity_json(struct gcr_json *json,
			      const struct gcr_digest_identity *is)
{
	gcr_json_fingerprint(json, "fingerprint", is->fingerprint);
	gcr_json_span(json, "kind", is->kind);
	gcr_json_span(json, "state", is->state);
	gcr_json_bool(json, "elided", is->elided);
	gcr_json_open(json, "frames", '[');
	for (size_t i = 0; i < is->frame_count; i++)
		write_frame(json, NULL, &is->frames[i]);
	gcr_json_close(json, ']');
	if (is->creator != NULL)
		write_frame(json, "creator", is->creator);
	else
		gcr_json_null(json, "creator");
}

static void write_group(struct gcr_json *json,
			const struct gcr_digest_group *group)
{
	gcr_json_open(json, NULL, '{');
	gcr_digest_identity_json(json, &group->is);
	gcr_json_number(json, "count", group->count);
	gcr_json_open(json, "minutes", '{');
	gcr_json_number(json, "least", group->least);
	gcr_json_number(json, "most", group->most);
	gcr_json_close(json, '}');
	gcr_json_number(json, "dumps", group->dumps);
	write_hosts(json, "hosts", &group->hosts);
	gcr_json_open(json, "example", '{');
	gcr_json_span(json, "host", group->example_host);
	gcr_json_number(json, "goroutine", group->example);
	gcr_json_close(json, '}');
	gcr_json_close(json, '}');
}

// The document, with `waits` (or NULL) of its one dump.
static int write_document(struct gcr_digest *digest,
			  const struct gcr_waits *waits,
			  const struct gcr_output *output,
			  struct gcr_error *err)
{
	struct gcr_json json;

	gcr_digest_sort(digest);
	gcr_json_init(&json, output);
	gcr_json_open(&json, NULL, '{');
	gcr_json_text(&json, "format", GCR_DIGEST_FORMAT);
	write_hosts(&json, "hosts", &digest->hosts);
	gcr_json_number(&json, "dumps", digest->dumps);
	gcr_json_number(&json, "goroutines", digest->goroutines);
	gcr_json_open(&json, "groups", '[');
	for (size_t i = 0; i < digest->group_count; i++)
		write_group(&json, digest->groups[i]);
	gcr_json_close(&json, ']');
	if (waits != NULL)
		gcr_waits_json(&json, waits);
	gcr_json_close(&json, '}');
	return gcr_json_done(&json, err);
}

int gcr_write_digest(struct gcr_digest *digest, const struct gcr_output *output,
		     struct gcr_error *err)
{
	return write_document(digest, NULL, output, err);
}

int gcr_write_groups(const struct gcr_tally *tally, struct gcr_span host,
		     const struct gcr_output *output, struct gcr_error *err)
{
	struct gcr_digest *digest;
	int result;

	if (gcr_digest_new(NULL, &digest, err) != 0)
		return -1;
	result = gcr_digest_add(digest, tally, host, err);
	if (result == 0)
		result = write_document(digest, tally->waits, output, err);
	gcr_digest_free(digest);
	return result;
}
