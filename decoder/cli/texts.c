/* Source files, opened once each: see texts.h. */

#include "texts.h"

#include "input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	MOST_TEXTS = 1000,
	LONGEST_PATH = 4096,
	LARGEST_FILE = 8 << 20
};

struct text {
	char *name; /* as asked for */
	struct input input;
	bool found;
};

struct texts {
	const struct settings *settings;
	struct text items[MOST_TEXTS];
	size_t count;
};

struct texts *texts_new(const struct settings *settings)
{
	struct texts *texts = calloc(1, sizeof(*texts));

	if (texts != NULL)
		texts->settings = settings;
	return texts;
}

void texts_free(struct texts *texts)
{
	if (texts == NULL)
		return;
	for (size_t i = 0; i < texts->count; i++) {
		free(texts->items[i].name);
		if (texts->items[i].found)
			input_done(&texts->items[i].input);
	}
	free(texts);
}

// A listing may name a device or a pipe: only files, and of a source's size.
static bool open_regular(const char *path, struct input *ret)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISREG(about.st_mode) &&
	       about.st_size <= LARGEST_FILE && input_open(path, ret) == 0;
}

// `/src/app/x.go` below `dir`: dir/src/app/x.go, dir/app/x.go, dir/x.go.
static bool open_below(const char *directory, const char *name,
		       struct input *ret)
{
	char path[LONGEST_PATH];

	for (; name != NULL; name = strchr(name, '/')) {
		int size;

		while (*name == '/')
			name++;
		size = snprintf(path, sizeof(path), "%s/%s", directory, name);
		if (size > 0 && size < LONGEST_PATH &&
		    strstr(name, "..") == NULL && open_regular(path, ret))
			return true;
	}
	return false;
}

// What a listing or binary from elsewhere names is no reason to show any file.
static bool is_source(const char *name)
{
	size_t size = strlen(name);

	return (size > 3 && strcmp(name + size - 3, ".go") == 0) ||
	       (size > 2 && strcmp(name + size - 2, ".s") == 0);
}

static bool open_text(const struct settings *settings, const char *name,
		      struct input *ret)
{
	for (size_t i = 0; i < settings->source_count; i++)
		if (open_below(settings->sources[i], name, ret))
			return true;
	return settings->source_count == 0 && is_source(name) &&
	       open_regular(name, ret);
}

// Keeps what was found, and that nothing was.
static struct text *open_named(struct texts *texts, struct gcr_span file)
{
	struct text *text = &texts->items[texts->count];
	char name[LONGEST_PATH];

	if (texts->count == MOST_TEXTS || file.size >= LONGEST_PATH ||
	    memchr(file.data, '\0', file.size) != NULL)
		return NULL;
	memcpy(name, file.data, file.size);
	name[file.size] = '\0';
	text->name = strdup(name);
	if (text->name == NULL)
		return NULL;
	text->found = open_text(texts->settings, name, &text->input);
	texts->count++;
	return text;
}

struct gcr_span texts_find(void *from, struct gcr_span file)
{
	struct gcr_span none = { 0 };
	struct texts *texts = from;
	struct text *text = NULL;

	if (file.size == 0)
		return none;
	for (size_t i = 0; i < texts->count && text == NULL; i++)
		if (strlen(texts->items[i].name) == file.size &&
		    memcmp(texts->items[i].name, file.data, file.size) == 0)
			text = &texts->items[i];
	if (text == NULL)
		text = open_named(texts, file);
	return text != NULL && text->found ? text->input.text : none;
}
