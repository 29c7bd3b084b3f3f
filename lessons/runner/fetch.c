/* Cores that went elsewhere. */

#define _XOPEN_SOURCE 700 // st_mtim, ftruncate

#include "fetch.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
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
	HEADERS_MOST = 64, /* the kernel puts the notes' one first */
	NOTES_MOST = 64,   /* the process's is the second one */
	NOTE_NAME = 8,	   /* `CORE` and zeros */
	GROUP_AT = 32,	   /* pr_pgrp in struct elf_prpsinfo, of 64 bits */
	INFO_SIZE = 136,   /* of that */
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

static uint64_t up_to_four(uint64_t size)
{
	return (size + 3) & ~3ULL;
}

static bool read_at(int fd, uint64_t at, void *to, size_t size)
{
	return at <= INT64_MAX - size &&
	       pread(fd, to, size, (off_t)at) == (ssize_t)size;
}

struct note {
	Elf64_Nhdr head;
	char name[NOTE_NAME];
};

// What the kernel says of the process, behind whatever it says of its threads.
static bool find_info(int fd, uint64_t at, uint64_t size, uint64_t *ret)
{
	static const char kernels[NOTE_NAME] = "CORE";
	struct note note;

	for (int i = 0; i < NOTES_MOST && size >= sizeof(note); i++) {
		uint64_t name, whole;

		if (!read_at(fd, at, &note, sizeof(note)))
			return false;
		name = up_to_four(note.head.n_namesz);
		whole = sizeof(note.head) + name +
			up_to_four(note.head.n_descsz);
		if (whole > size)
			return false;
		*ret = at + sizeof(note);
		if (note.head.n_type == NT_PRPSINFO && name == NOTE_NAME &&
		    memcmp(note.name, kernels, NOTE_NAME) == 0)
			return note.head.n_descsz == INFO_SIZE;
		at += whole;
		size -= whole;
	}
	return false;
}

static bool find_notes(int fd, Elf64_Phdr *ret)
{
	Elf64_Ehdr head;

	if (!read_at(fd, 0, &head, sizeof(head)) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
	    head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_type != ET_CORE ||
	    head.e_phentsize != sizeof(*ret) || head.e_phoff > INT64_MAX)
		return false;
	for (unsigned i = 0; i < head.e_phnum && i < HEADERS_MOST; i++) {
		if (!read_at(fd, head.e_phoff + i * sizeof(*ret), ret,
			     sizeof(*ret)))
			return false;
		if (ret->p_type == PT_NOTE)
			return ret->p_offset <= INT64_MAX;
	}
	return false;
}

// The group of the process that a core is of; 0 where that is not told.
static pid_t group_of_core(int fd)
{
	Elf64_Phdr notes;
	uint64_t info;
	int32_t group;

	if (find_notes(fd, &notes) &&
	    find_info(fd, notes.p_offset, notes.p_filesz, &info) &&
	    read_at(fd, info + GROUP_AT, &group, sizeof(group)))
		return group;
	return 0;
}

static bool may_be_ours(const struct stat *status, const struct hunt *hunt)
{
	return S_ISREG(status->st_mode) && status->st_uid == geteuid() &&
	       status->st_mtime >= hunt->since;
}

// Open it if it is the core of the run; -1 if not, or if that is not told.
static int open_ours(const char *path, const struct hunt *hunt,
		     struct stat *status)
{
	int fd;

	// What is a device or a pipe is not even opened.
	if (lstat(path, status) != 0 || !may_be_ours(status, hunt))
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return -1;
	if (fstat(fd, status) == 0 && may_be_ours(status, hunt) &&
	    hunt->group > 0 && group_of_core(fd) == hunt->group)
		return fd;
	close(fd);
	return -1;
}

struct found {
	const char *path;
	int fd; /* -1: none was found */
	struct stat status;
};

static struct found newest_in(const char *folder, const struct hunt *hunt,
			      struct pool *pool)
{
	size_t count;
	const char **names = folder_names(folder, pool, &count);
	struct found ret = { .fd = -1 };

	for (size_t i = 0; i < count; i++) {
		struct found next = { .path = pool_format(pool, "%s/%s", folder,
							  names[i]) };

		next.fd = open_ours(next.path, hunt, &next.status);
		if (next.fd < 0)
			continue;
		if (ret.fd >= 0 && next.status.st_mtime < ret.status.st_mtime) {
			close(next.fd);
			continue;
		}
		if (ret.fd >= 0)
			close(ret.fd);
		ret = next;
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

// Is what has the name now still what was found?
static bool is_there(const struct found *found)
{
	struct stat now;

	return lstat(found->path, &now) == 0 &&
	       now.st_dev == found->status.st_dev &&
	       now.st_ino == found->status.st_ino;
}

static bool move_core(const struct found *found, const char *wanted)
{
	int to;
	bool ret;

	if (is_there(found) && rename(found->path, wanted) == 0)
		return true;
	to = open(wanted, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	if (to < 0)
		return false;
	ret = copy_sparse(found->fd, to);
	if (close(to) != 0)
		ret = false;
	if (!ret)
		(void)remove(wanted);
	else if (is_there(found)) // and the keeper alone may delete there
		(void)remove(found->path);
	return ret;
}

static const char *from_folder(const char *folder, const struct hunt *hunt,
			       struct pool *pool)
{
	struct found found = newest_in(folder, hunt, pool);
	bool moved;

	if (found.fd < 0)
		return NULL;
	moved = move_core(&found, pool_format(pool, "%s/core", hunt->folder));
	close(found.fd);
	return moved ? pool_format(pool, "the kernel wrote it to %s",
				   found.path)
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
