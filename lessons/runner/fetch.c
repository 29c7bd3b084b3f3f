/* Cores that went elsewhere. */

#define _XOPEN_SOURCE 700 // st_mtim, ftruncate

#include "fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "cores.h"
#include "paths.h"
#include "text.h"

enum {
	PATTERN_MOST = 4096,
	CTL_SECONDS = 30,
	BLOCK = 1 << 16,
	HEAD = 18, /* bytes of an ELF header up to the end of e_type */
	E_TYPE = 16,
	ET_CORE = 4,
};

const char *core_pattern(struct pool *pool)
{
	struct text text = { 0 };
	const char *ret = "";

	if (text_read(&text, "/proc/sys/kernel/core_pattern", PATTERN_MOST) ==
	    0)
		ret = pool_copy(pool, text_string(&text),
				strcspn(text_string(&text), "\n"));
	text_done(&text);
	return ret;
}

static bool is_elf_core(const char *path)
{
	unsigned char head[HEAD] = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = -1;

	if (fd >= 0) {
		got = read(fd, head, sizeof(head));
		close(fd);
	}
	return got == HEAD && memcmp(head, "\177ELF", 4) == 0 &&
	       head[E_TYPE] + (head[E_TYPE + 1] << 8) == ET_CORE;
}

// The newest core of ours in a folder, if it is not older than the run.
static const char *newest_in(const char *folder, const struct hunt *hunt,
			     struct pool *pool)
{
	size_t count;
	const char **names = folder_names(folder, pool, &count);
	const char *ret = NULL;
	time_t newest = hunt->since;

	for (size_t i = 0; i < count; i++) {
		const char *path = pool_format(pool, "%s/%s", folder, names[i]);
		struct stat status;

		if (lstat(path, &status) == 0 && S_ISREG(status.st_mode) &&
		    status.st_uid == geteuid() && status.st_mtime >= newest &&
		    is_elf_core(path)) {
			newest = status.st_mtime;
			ret = path;
		}
	}
	return ret;
}

static bool all_zero(const char *data, size_t size)
{
	return size == 0 ||
	       (data[0] == 0 && memcmp(data, data + 1, size - 1) == 0);
}

// Holes stay holes, and zeros become some.
static bool copy_sparse(int from, int to)
{
	static char block[BLOCK];
	off_t size = 0;
	ssize_t got;

	while ((got = read(from, block, sizeof(block))) > 0) {
		size += got;
		if (all_zero(block, (size_t)got)) {
			if (lseek(to, got, SEEK_CUR) < 0)
				return false;
		} else if (write(to, block, (size_t)got) != got) {
			return false;
		}
	}
	return got == 0 && ftruncate(to, size) == 0;
}

static bool move_file(const char *path, const char *wanted)
{
	int from, to;
	bool ret = false;

	if (rename(path, wanted) == 0)
		return true;
	from = open(path, O_RDONLY | O_CLOEXEC);
	to = open(wanted, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (from >= 0 && to >= 0)
		ret = copy_sparse(from, to);
	if (from >= 0)
		close(from);
	if (to >= 0 && close(to) != 0)
		ret = false;
	if (!ret)
		(void)remove(wanted);
	else // it may lie where only the keeper may delete
		(void)remove(path);
	return ret;
}

static const char *from_folder(const char *folder, const struct hunt *hunt,
			       struct pool *pool)
{
	const char *path = newest_in(folder, hunt, pool);

	return path && move_file(path,
				 pool_format(pool, "%s/core", hunt->folder))
		       ? pool_format(pool, "the kernel wrote it to %s", path)
		       : NULL;
}

// The journal may need a moment to know of it.
static const char *from_systemd(const struct hunt *hunt, struct pool *pool)
{
	struct child_result result;
	bool found;

	child_run(
		&(struct child_request){
			.folder = hunt->folder,
			.command = pool_format(
				pool,
				"for try in 1 2 3 4 5; do\n"
				"\tcoredumpctl --since=@%lld -o core dump "
				"\"COREDUMP_CWD=$(pwd -P)\" && "
				"test -s core && exit\n"
				"\trm -f core\n"
				"\tsleep 1\n"
				"done\n"
				"exit 1\n",
				(long long)hunt->since),
			.environment = hunt->environment,
			.seconds = CTL_SECONDS },
		&result);
	found = result.end == CHILD_ENDED && result.status == 0;
	child_done(&result);
	if (!found || !core_in(hunt->folder, pool))
		return NULL;
	return "the kernel gave it to systemd-coredump, and `coredumpctl dump` "
	       "gave it back";
}

// The folder a pattern names; NULL where that depends on the program.
static const char *folder_of_pattern(const struct hunt *hunt, struct pool *pool)
{
	const char *slash = strrchr(hunt->pattern, '/');
	const char *folder;

	if (*hunt->pattern != '/')
		return slash || !*hunt->pattern ? NULL : hunt->folder;
	folder = slash == hunt->pattern
			 ? "/"
			 : pool_copy(pool, hunt->pattern,
				     (size_t)(slash - hunt->pattern));
	return strchr(folder, '%') ? NULL : folder;
}

const char *core_fetch(const struct hunt *hunt, struct pool *pool)
{
	const char *folder;

	if (*hunt->pattern != '|') {
		folder = folder_of_pattern(hunt, pool);
		return folder ? from_folder(folder, hunt, pool) : NULL;
	}
	if (strstr(hunt->pattern, "systemd-coredump"))
		return from_systemd(hunt, pool);
	if (strstr(hunt->pattern, "apport"))
		return from_folder(hunt->apport, hunt, pool);
	return NULL;
}
