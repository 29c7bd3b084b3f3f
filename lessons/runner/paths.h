#ifndef RUNNER_PATHS_H
#define RUNNER_PATHS_H

/* Files and folders: small things the modules share. */

#include <stdbool.h>

#include "pool.h"

bool is_folder(const char *path);
bool is_file(const char *path);

/* Make a folder and those above it. Returns 0, or -1 with errno. */
GCR_MUST_CHECK int make_folders(const char *path);

/*
 * Remove a file or a folder with all in it; symbolic links are removed, not
 * followed. What is not there is no failure. Returns 0, or -1 with errno.
 */
GCR_MUST_CHECK int remove_all(const char *path);

/* Copy one file's bytes. Returns 0, or -1 with errno. */
GCR_MUST_CHECK int copy_file(const char *from, const char *to);

/* The names in a folder, sorted, without those that start with a dot. */
const char **folder_names(const char *path, struct pool *pool, size_t *count);

/* The program `name` along `search` (as PATH is written), or NULL. */
const char *find_program(const char *name, const char *search,
			 struct pool *pool);

#endif
