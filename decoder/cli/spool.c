/*
 * A pipe, read to its end. What is short stays in memory; when it turns out to be
 * long it goes on into a temporary file without a name, so that a dump of some
 * gigabytes costs disk and no memory.
 */

#include "input.h"

#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	FIRST_BUFFER = 1 << 16,
	MOST_IN_MEMORY = 32 << 20, /* a power of two times the first */
};

struct spool {
	int from;
	uint64_t most, total;
	char *data; /* what is not in the file */
	size_t used, room;
	int file; /* -1: none yet */
};

// In memory that would be no gain: /tmp may be memory.
static int make_file(void)
{
	const char *folders[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
	char path[4096];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		int size = snprintf(path, sizeof(path), "%s/gocrash-XXXXXX",
				    folders[i] != NULL ? folders[i] : "");
		int fd = -1;
		if (folders[i] != NULL && size > 0 && size < (int)sizeof(path))
			fd = mkstemp(path);
		if (fd < 0)
			continue;
		unlink(path);
		return fd;
	}
	return -1;
}

static int flush(struct spool *spool)
{
	size_t done = 0;

	if (spool->file < 0 && (spool->file = make_file()) < 0)
		return -1;
	while (done < spool->used) {
		ssize_t put = write(spool->file, spool->data + done,
				    spool->used - done);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		done += (size_t)put;
	}
	spool->used = 0;
	return 0;
}

static int make_room(struct spool *spool)
{
	char *larger;

	if (spool->used < spool->room)
		return 0;
	if (spool->room >= MOST_IN_MEMORY)
		return flush(spool);
	larger = realloc(spool->data,
			 spool->room > 0 ? spool->room * 2 : FIRST_BUFFER);
	if (larger == NULL)
		return -1;
	spool->data = larger;
	spool->room = spool->room > 0 ? spool->room * 2 : FIRST_BUFFER;
	return 0;
}

static int fill(struct spool *spool)
{
	for (;;) {
		if (make_room(spool) != 0)
			return -1;
		ssize_t got = read(spool->from, spool->data + spool->used,
				   spool->room - spool->used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return (int)got;
		spool->used += (size_t)got;
		spool->total += (uint64_t)got;
		progress("read", spool->total >> 20, "MB");
		if (spool->total >= spool->most) {
			errno = EFBIG;
			return -1;
		}
	}
}

// All of it into the file, which is mapped in place of the memory.
static int map_spool(struct spool *spool, struct input *input)
{
	if (flush(spool) != 0 ||
	    input_map(spool->file, (size_t)spool->total, input) != 0)
		return -1;
	free(spool->data);
	return 0;
}

int spool_read(int fd, uint64_t most, struct input *input)
{
	struct spool spool = { .from = fd, .most = most, .file = -1 };
	int result = fill(&spool), reason;

	if (result == 0 && spool.file < 0) {
		input->text = (struct gcr_span){ spool.data, spool.used };
		return 0;
	}
	if (result == 0 && map_spool(&spool, input) == 0)
		return 0;
	reason = errno;
	free(spool.data);
	if (spool.file >= 0)
		close(spool.file);
	errno = reason;
	return -1;
}
