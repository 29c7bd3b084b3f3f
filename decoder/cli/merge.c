/* gocrash merge: group summaries of many dumps, folded into one. */

#include "documents.h"
#include "input.h"
#include "terminal.h"
#include "verbs.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int complain_of_place(const char *name, uint64_t line,
			     const struct gcr_error *err)
{
	if (err->line > 0)
		complain("%s:%llu:%zu: %s", name,
			 (unsigned long long)(line + err->line - 1),
			 err->column, err->text);
	else
		complain("%s: %s", name, err->text);
	return FAILED;
}

// Documents come one at a time: a fleet's need not fit into memory.
static int merge_stream(struct gcr_digest *digest)
{
	struct documents documents;
	struct gcr_span text;
	struct gcr_error err;
	int status = DONE, got;

	documents_init(&documents, STDIN_FILENO);
	while ((got = documents_next(&documents, &text)) > 0) {
		if (gcr_digest_merge(digest, text, &err) != 0) {
			status = complain_of_place("standard input",
						   documents.line, &err);
			break;
		}
	}
	if (got < 0) {
		complain("standard input: %s", strerror(errno));
		status = FAILED;
	}
	documents_done(&documents);
	return status;
}

static int merge_path(struct gcr_digest *digest, const char *path)
{
	struct input input;
	struct gcr_error err;
	int status = DONE;

	if (strcmp(path, "-") == 0)
		return merge_stream(digest);
	if (input_open(path, &input) != 0)
		return FAILED;
	if (gcr_digest_merge(digest, input.text, &err) != 0)
		status = complain_of_place(input.name, 1, &err);
	input_done(&input);
	return status;
}

static int merge_all(struct gcr_digest *digest, const struct settings *settings)
{
	int status = DONE;

	if (settings->operand_count == 0)
		return merge_path(digest, "-");
	for (size_t i = 0; i < settings->operand_count; i++)
		if (merge_path(digest, settings->operands[i]) != DONE)
			status = FAILED;
	return status;
}

static int write_digest(struct gcr_digest *digest)
{
	struct gcr_output output = standard_output();
	struct gcr_error err;

	if (gcr_digest_dumps(digest) == 0) {
		complain("no group summaries in the input: they are what "
			 "'gocrash goroutines --groups --json' writes");
		return FAILED;
	}
	if (gcr_write_digest(digest, &output, &err) == 0)
		return output_failed() ? FAILED : DONE;
	if (!output_failed())
		complain_of(&err);
	return FAILED;
}

// Of what could not be read in full there is no sum.
int run_merge(const struct settings *settings)
{
	struct gcr_digest *digest;
	struct gcr_error err;
	int status;

	if (gcr_digest_new(NULL, &digest, &err) != 0) {
		complain_of(&err);
		return FAILED;
	}
	status = merge_all(digest, settings);
	if (status == DONE)
		status = write_digest(digest);
	gcr_digest_free(digest);
	return status;
}
