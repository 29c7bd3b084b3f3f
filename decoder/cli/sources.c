/*
 * --source=DIR: every Go file below it, but for what the go command passes
 * over too (vendor, testdata, names that start with `.` or `_`).
 */

#include "sources.h"

#include "input.h"
#include "terminal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum {
	MOST_DEPTH = 32,
	MOST_FILES = 100 * 1000,
	LARGEST_FILE = 8 << 20, /* larger ones are generated tables */
	LONGEST_PATH = 4096,
};

struct walk {
	struct gcr_declarations *declarations;
	size_t root_size; /* of the path that was given, with its slash */
	size_t files;
	bool full;
};

static bool is_skipped(const char *name)
{
	return name[0] == '.' || name[0] == '_' ||
	       strcmp(name, "vendor") == 0 || strcmp(name, "testdata") == 0 ||
	       strcmp(name, "node_modules") == 0;
}

static bool is_go_file(const char *name)
{
	size_t size = strlen(name);

	return size > 3 && strcmp(name + size - 3, ".go") == 0;
}

static int add_file(struct walk *walk, const char *path)
{
	const char *tail = path + walk->root_size;
	struct gcr_error err;
	struct input input;
	int result;

	if (input_open(path, &input) != 0)
		return FAILED;
	result = gcr_declarations_add_source(
		walk->declarations, (struct gcr_span){ tail, strlen(tail) },
		input.text, &err);
	input_done(&input);
	walk->files++;
	progress("Go files read", walk->files, "");
	if (result == 0)
		return DONE;
	complain("%s: %s", path, err.text);
	return FAILED;
}

static int walk_directory(struct walk *walk, const char *path, unsigned depth);

static int walk_entry(struct walk *walk, const char *directory,
		      const char *name, unsigned depth)
{
	char path[LONGEST_PATH];
	struct stat about;
	int size = snprintf(path, sizeof(path), "%s/%s", directory, name);

	// A link to a directory could lead in circles; lstat sees only links.
	if (size < 0 || size >= LONGEST_PATH || is_skipped(name) ||
	    lstat(path, &about) != 0)
		return DONE;
	if (S_ISDIR(about.st_mode))
		return depth < MOST_DEPTH
			       ? walk_directory(walk, path, depth + 1)
			       : DONE;
	if (!S_ISREG(about.st_mode) || !is_go_file(name) ||
	    about.st_size > LARGEST_FILE)
		return DONE;
	if (walk->files >= MOST_FILES) {
		walk->full = true;
		return DONE;
	}
	return add_file(walk, path);
}

static int walk_directory(struct walk *walk, const char *path, unsigned depth)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	int status = DONE;

	if (directory == NULL) {
		complain("cannot open '%s': %s", path, strerror(errno));
		return FAILED;
	}
	while (status == DONE && (entry = readdir(directory)) != NULL)
		status = walk_entry(walk, path, entry->d_name, depth);
	closedir(directory);
	return status;
}

static int read_source(struct gcr_declarations *declarations, const char *path)
{
	struct walk walk = { .declarations = declarations,
			     .root_size = strlen(path) + 1 };
	struct stat about;
	int status;

	if (stat(path, &about) != 0) {
		complain("cannot open '%s': %s", path, strerror(errno));
		return FAILED;
	}
	if (S_ISREG(about.st_mode)) {
		walk.root_size = 0;
		return add_file(&walk, path);
	}
	status = walk_directory(&walk, path, 0);
	progress_done();
	if (status == DONE && walk.files == 0)
		complain("no Go file below '%s'", path);
	if (walk.full)
		complain("only the first %d Go files below '%s' were read",
			 MOST_FILES, path);
	return status;
}

static int add_declaration(struct gcr_declarations *declarations,
			   const char *text)
{
	struct gcr_error err;

	if (gcr_declarations_add(declarations,
				 (struct gcr_span){ text, strlen(text) },
				 &err) == 0)
		return DONE;
	if (err.code != GCR_SYNTAX) {
		complain_of(&err);
		return FAILED;
	}
	complain_at("--decl", text, &err);
	return USAGE;
}

int read_declarations(const struct settings *settings,
		      struct gcr_declarations **ret)
{
	struct gcr_declarations *declarations;
	struct gcr_error err;
	int status = DONE;

	if (gcr_declarations_new(&declarations, &err) != 0) {
		complain_of(&err);
		return FAILED;
	}
	for (size_t i = 0; i < settings->declaration_count && status == DONE;
	     i++)
		status = add_declaration(declarations,
					 settings->declarations[i]);
	for (size_t i = 0; i < settings->source_count && status == DONE; i++)
		status = read_source(declarations, settings->sources[i]);
	if (status != DONE)
		gcr_declarations_free(declarations);
	else
		*ret = declarations;
	return status;
}

// `module example.com/m // comment`
static void read_module_line(const char *line, struct module_path *ret)
{
	size_t size;

	line += strspn(line, " \t");
	if (strncmp(line, "module", 6) != 0 || strcspn(line, " \t") != 6)
		return;
	line += 6;
	line += strspn(line, " \t\"");
	size = strcspn(line, " \t\r\n\"");
	if (size >= sizeof(ret->text))
		return;
	memcpy(ret->text, line, size);
	ret->text[size] = '\0';
}

struct module_path read_module_path(const struct settings *settings)
{
	struct module_path ret = { "" };
	char line[512], path[LONGEST_PATH];
	FILE *file = NULL;

	if (settings->source_count > 0 &&
	    snprintf(path, sizeof(path), "%s/go.mod", settings->sources[0]) <
		    LONGEST_PATH)
		file = fopen(path, "r");
	if (file == NULL)
		return ret;
	while (ret.text[0] == '\0' && fgets(line, sizeof(line), file) != NULL)
		read_module_line(line, &ret);
	fclose(file);
	return ret;
}

struct gcr_target given_target(const struct settings *settings)
{
	return (struct gcr_target){
		.arch = settings->arch,
		.go_min = settings->go,
		.go_max = settings->go,
	};
}
