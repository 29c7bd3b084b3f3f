/* Files and folders. */

#include "paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

enum {
	FOLDER_MODE = 0777, /* and the umask */
	FILE_MOST = 64 << 20,
	DEPTH_MOST = 64,
};

bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

int make_folders(const char *path)
{
	struct pool pool = { 0 };
	char *copy = pool_string(&pool, path);
	int ret = 0;

	for (char *at = copy + 1; *at && ret == 0; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(copy, FOLDER_MODE) != 0 && errno != EEXIST)
			ret = -1;
		*at = '/';
	}
	if (ret == 0 && mkdir(copy, FOLDER_MODE) != 0 && errno != EEXIST)
		ret = -1;
	pool_done(&pool);
	return ret;
}

static int remove_at(int parent, const char *name, int depth);

static int remove_inside(int fd, int depth)
{
	DIR *dir = fdopendir(fd);
	const struct dirent *entry;
	int ret = 0;

	if (!dir) {
		close(fd);
		return -1;
	}
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    remove_at(dirfd(dir), entry->d_name, depth + 1) != 0)
			ret = -1;
	closedir(dir);
	return ret;
}

static int remove_at(int parent, const char *name, int depth)
{
	int fd;

	if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
		return 0;
	if ((errno != EISDIR && errno != EPERM) || depth > DEPTH_MOST)
		return -1;
	fd = openat(parent, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || remove_inside(fd, depth) != 0)
		return -1;
	return unlinkat(parent, name, AT_REMOVEDIR);
}

int remove_all(const char *path)
{
	return remove_at(AT_FDCWD, path, 0);
}

int copy_file(const char *from, const char *to)
{
	struct text text = { 0 };
	FILE *file = NULL;
	int ret = text_read(&text, from, FILE_MOST);

	if (ret == 0) {
		file = fopen(to, "wb");
		if (!file ||
		    fwrite(text_string(&text), 1, text.size, file) != text.size)
			ret = -1;
		if (file && fclose(file) != 0)
			ret = -1;
	}
	text_done(&text);
	return ret;
}

static int compare_names(const void *one, const void *other)
{
	const char *const *a = one, *const *b = other;

	return strcmp(*a, *b);
}

const char **folder_names(const char *path, struct pool *pool, size_t *count)
{
	const char **names = NULL;
	DIR *dir = opendir(path);
	const struct dirent *entry;

	*count = 0;
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		names = pool_more(pool, names, *count, sizeof(*names));
		names[(*count)++] = pool_string(pool, entry->d_name);
	}
	if (dir)
		closedir(dir);
	if (names)
		qsort(names, *count, sizeof(*names), compare_names);
	return names;
}

const char *find_program(const char *name, const char *search,
			 struct pool *pool)
{
	while (*search) {
		size_t size = strcspn(search, ":");
		const char *path =
			pool_format(pool, "%.*s/%s", (int)size, search, name);

		if (size && is_file(path) && access(path, X_OK) == 0)
			return path;
		search += size + (search[size] == ':');
	}
	return NULL;
}
