/* Cores in a run's folder. */

#include "cores.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "paths.h"
#include "text.h"

enum {
	MARGIN_MB = 256, /* for everybody else on this disk */
	STATUS_MOST = 1 << 16,
	BLOCK = 512, /* of st_blocks */
};

// The outputs of a step that is called `core` are none.
bool core_is(const char *name)
{
	const char *dot = strrchr(name, '.');

	return strcmp(name, "core") == 0 ||
	       (starts_with(name, "core.") && strcmp(dot, ".out") != 0 &&
		strcmp(dot, ".err") != 0);
}

// Called for each core; `data` is the caller's.
typedef void core_function(void *data, const char *path, const char *name);

static void each_core(const char *folder, core_function *call, void *data)
{
	struct pool pool = { 0 };
	size_t count;
	const char **names = folder_names(folder, &pool, &count);

	for (size_t i = 0; i < count; i++) {
		const char *path =
			pool_format(&pool, "%s/%s", folder, names[i]);

		if (core_is(names[i]) && is_file(path))
			call(data, path, names[i]);
	}
	pool_done(&pool);
}

struct found {
	struct pool *pool;
	const char *name;
};

static void keep_name(void *data, const char *path, const char *name)
{
	struct found *found = data;

	(void)path;
	found->name = pool_string(found->pool, name);
}

const char *core_in(const char *folder, struct pool *pool)
{
	struct found found = { .pool = pool };

	each_core(folder, keep_name, &found);
	return found.name;
}

static void add_size(void *data, const char *path, const char *name)
{
	unsigned long long *sum = data;
	struct stat status;

	(void)name;
	if (stat(path, &status) == 0)
		*sum += (unsigned long long)status.st_blocks * BLOCK;
}

unsigned long long cores_size(const char *folder)
{
	unsigned long long sum = 0;

	each_core(folder, add_size, &sum);
	return sum;
}

static void remove_core(void *data, const char *path, const char *name)
{
	int *ret = data;

	(void)name;
	if (remove_all(path) != 0)
		*ret = -1;
}

int cores_remove(const char *folder)
{
	int ret = 0;

	each_core(folder, remove_core, &ret);
	return ret;
}

// `VmSize:	 1264180 kB` of /proc/PID/status, in megabytes; 0 if it is gone.
static unsigned long long size_of_process(pid_t pid)
{
	struct pool pool = { 0 };
	struct text text = { 0 };
	const char *at = NULL;
	unsigned long long ret = 0;

	if (text_read(&text, pool_format(&pool, "/proc/%ld/status", (long)pid),
		      STATUS_MOST) == 0)
		at = strstr(text_string(&text), "VmSize:");
	if (at)
		ret = strtoull(at + strlen("VmSize:"), NULL, 10) / 1024 + 1;
	text_done(&text);
	pool_done(&pool);
	return ret;
}

const char *cores_no_room(const char *folder, pid_t pid, unsigned megabytes,
			  struct pool *pool)
{
	unsigned long long needed = pid ? size_of_process(pid) : megabytes;
	unsigned long long free_mb;
	struct statvfs disk;

	// What cannot be asked is left to the command to find out.
	if (statvfs(folder, &disk) != 0)
		return NULL;
	free_mb = (unsigned long long)disk.f_bavail * disk.f_frsize >> 20;
	if (free_mb >= needed + MARGIN_MB)
		return NULL;
	return pool_format(pool,
			   "a core may take %llu MB, and of the %llu MB free "
			   "on this disk %d are to stay",
			   needed, free_mb, MARGIN_MB);
}
