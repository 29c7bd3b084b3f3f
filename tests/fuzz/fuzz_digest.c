/*
 * Documents of groups of any bytes: what is read folds with itself, is written,
 * and what was written is read again to the same bytes. Compared with itself,
 * nothing grows.
 */

#include "gocrash.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
	char *data;
	size_t size;
};

static int append(void *to, const char *data, size_t size)
{
	struct bytes *bytes = to;
	char *grown = realloc(bytes->data, bytes->size + size + 1);

	if (grown == NULL)
		abort();
	memcpy(grown + bytes->size, data, size);
	bytes->data = grown;
	bytes->size += size;
	return 0;
}

static struct gcr_digest *read_document(struct gcr_span text)
{
	struct gcr_digest *digest;
	struct gcr_error err;

	if (gcr_digest_new(NULL, &digest, &err) != 0)
		abort();
	if (gcr_digest_merge(digest, text, &err) == 0)
		return digest;
	if (err.code != GCR_FORMAT || err.line == 0 || err.column == 0)
		abort();
	gcr_digest_free(digest);
	return NULL;
}

static struct bytes write_document(struct gcr_digest *digest)
{
	struct bytes bytes = { 0 };
	struct gcr_output output = { append, &bytes };
	struct gcr_error err;

	if (gcr_write_digest(digest, &output, &err) != 0)
		abort();
	return bytes;
}

static void check_again(const struct bytes *first)
{
	struct gcr_digest *digest =
		read_document((struct gcr_span){ first->data, first->size });

	if (digest == NULL)
		abort();
	struct bytes second = write_document(digest);
	if (second.size != first->size ||
	    memcmp(second.data, first->data, first->size) != 0)
		abort();
	free(second.data);
	gcr_digest_free(digest);
}

static void check_diff(const struct gcr_digest *digest)
{
	struct gcr_span name = { "x", 1 };
	struct bytes text = { 0 };
	struct gcr_output output = { append, &text };
	struct gcr_view view = { .all = true };
	struct gcr_diff *diff;
	struct gcr_error err;
	uint64_t growth;

	if (gcr_diff_new(NULL, &diff, &err) != 0 ||
	    gcr_diff_add(diff, digest, name, &err) != 0 ||
	    gcr_diff_add(diff, digest, name, &err) != 0 ||
	    gcr_diff_growth(diff, &growth, &err) != 0 || growth != 0 ||
	    gcr_write_diff(diff, &view, &output, &err) != 0 ||
	    gcr_write_diff_json(diff, &output, &err) != 0)
		abort();
	gcr_diff_free(diff);
	free(text.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gcr_span text = { (const char *)data, size };
	struct gcr_digest *digest = read_document(text);

	if (digest == NULL)
		return 0;
	struct bytes first = write_document(digest);
	check_again(&first);
	check_diff(digest);
	free(first.data);
	gcr_digest_free(digest);
	return 0;
}
