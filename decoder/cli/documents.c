/*
 * Where a document ends is where its brackets do, those in texts aside. Whether
 * it is well formed is for its reader to say.
 */

#include "documents.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PIECE = 1 << 16
};

static const size_t most_of_document = (size_t)1 << 30;

void documents_init(struct documents *documents, int fd)
{
	*documents = (struct documents){ .fd = fd, .line = 1 };
}

void documents_done(struct documents *documents)
{
	free(documents->data);
}

// What was given out makes room; then the buffer grows.
static int make_room(struct documents *documents)
{
	char *data;

	if (documents->start > 0) {
		documents->used -= documents->start;
		documents->scanned -= documents->start;
		memmove(documents->data, documents->data + documents->start,
			documents->used);
		documents->start = 0;
	}
	if (documents->room - documents->used >= PIECE)
		return 0;
	if (documents->room >= most_of_document) {
		errno = EFBIG;
		return -1;
	}
	data = realloc(documents->data, documents->room * 2 + PIECE);
	if (data == NULL)
		return -1;
	documents->data = data;
	documents->room = documents->room * 2 + PIECE;
	return 0;
}

static int read_more(struct documents *documents)
{
	ssize_t got;

	if (make_room(documents) != 0)
		return -1;
	do
		got = read(documents->fd, documents->data + documents->used,
			   documents->room - documents->used);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -1;
	documents->ended = got == 0;
	documents->used += (size_t)got;
	return 0;
}

static void look_in_text(struct documents *documents, char c)
{
	if (documents->escaped)
		documents->escaped = false;
	else if (c == '\\')
		documents->escaped = true;
	else if (c == '"')
		documents->in_text = false;
}

// Whether a document ends with `c`.
static bool look_at(struct documents *documents, char c)
{
	if (documents->in_text) {
		look_in_text(documents, c);
		return false;
	}
	switch (c) {
	case '"':
		documents->in_text = true;
		return false;
	case '{':
	case '[':
		documents->depth++;
		return false;
	case '}':
	case ']':
		if (documents->depth > 0)
			documents->depth--;
		return documents->depth == 0;
	default:
		return false;
	}
}

static bool scan(struct documents *documents)
{
	while (documents->scanned < documents->used)
		if (look_at(documents, documents->data[documents->scanned++]))
			return true;
	return false;
}

static bool is_blank(struct gcr_span text)
{
	for (size_t i = 0; i < text.size; i++)
		if (strchr(" \t\r\n", text.data[i]) == NULL ||
		    text.data[i] == '\0')
			return false;
	return true;
}

static uint64_t count_lines(const char *data, size_t size)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	return lines;
}

int documents_next(struct documents *documents, struct gcr_span *ret)
{
	if (documents->start < documents->scanned && documents->data != NULL) {
		documents->line +=
			count_lines(documents->data + documents->start,
				    documents->scanned - documents->start);
		documents->start = documents->scanned;
	}
	while (!scan(documents)) {
		if (documents->ended)
			break;
		if (read_more(documents) != 0)
			return -1;
	}
	*ret = (struct gcr_span){ documents->data + documents->start,
				  documents->scanned - documents->start };
	return !is_blank(*ret);
}
