/*
 * Replays inputs through a fuzz target without libFuzzer.
 *
 * Linked with one LLVMFuzzerTestOneInput, the program feeds it every file
 * named on the command line, and every file below every directory named
 * there, so that each `make check` runs the targets over the corpus and the
 * fixtures with any compiler. A target that finds a fault aborts; the file in
 * hand is then the last line of the GCR_REPLAY_TRACE listing (set it to 1).
 *
 * Each input is handed over in a block of exactly its own size, so that
 * AddressSanitizer sees a read of the first byte past the end.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	PATH_LIMIT = 4096,
};

struct replay {
	size_t files, bytes, failed;
	bool trace;
};

static void complain(struct replay *replay, const char *path)
{
	fprintf(stderr, "replay: cannot read '%s': %s\n", path,
		strerror(errno));
	replay->failed++;
}

static void replay_file(struct replay *replay, const char *path, size_t size)
{
	FILE *file = fopen(path, "rb");
	// malloc(0) may be NULL; one byte more would hide an overrun by one.
	uint8_t *data = malloc(size ? size : 1);

	if (!file || !data || fread(data, 1, size, file) != size) {
		complain(replay, path);
	} else {
		if (replay->trace)
			fprintf(stderr, "%s\n", path);
		(void)LLVMFuzzerTestOneInput(data, size);
		replay->files++;
		replay->bytes += size;
	}
	free(data);
	if (file)
		fclose(file);
}

static void replay_path(struct replay *replay, const char *path);

static void replay_directory(struct replay *replay, const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;

	if (!dir) {
		complain(replay, path);
		return;
	}
	while ((entry = readdir(dir))) {
		char inner[PATH_LIMIT];
		int length = snprintf(inner, sizeof(inner), "%s/%s", path,
				      entry->d_name);

		if (entry->d_name[0] == '.')
			continue;
		if (length < 0 || length >= PATH_LIMIT) {
			errno = ENAMETOOLONG;
			complain(replay, path);
			continue;
		}
		replay_path(replay, inner);
	}
	closedir(dir);
}

static void replay_path(struct replay *replay, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		complain(replay, path);
	else if (S_ISDIR(st.st_mode))
		replay_directory(replay, path);
	else
		replay_file(replay, path, (size_t)st.st_size);
}

int main(int argc, char **argv)
{
	struct replay replay = { .trace = getenv("GCR_REPLAY_TRACE") != NULL };

	for (int i = 1; i < argc; i++)
		replay_path(&replay, argv[i]);
	printf("%zu inputs replayed (%zu bytes), %zu unreadable\n",
	       replay.files, replay.bytes, replay.failed);
	// Nothing replayed is a fault in the call, not a success.
	return replay.files == 0 || replay.failed ? 1 : 0;
}
