#ifndef GCR_TEST_SUPPORT_H
#define GCR_TEST_SUPPORT_H

/*
 * What the tests share: files of tests/data, dumps parsed from texts, and the
 * sentences that hold for every dump. Tests run from the top of the tree.
 * Failures go through Check, so these are for its programs only.
 */

#include "gocrash.h"

/* A file's bytes; `data` has a NUL behind it that `size` does not count. */
struct file {
	char *data;
	size_t size;
	char path[256];
};

/* Fails the test when the file cannot be read. */
struct file load_file(const char *path);
void unload_file(struct file *file);
struct gcr_span file_span(const struct file *file);

/* Files below a directory whose names end in `suffix`, sorted. */
struct file_list {
	char (*paths)[256];
	size_t count;
};

struct file_list list_files(const char *directory, const char *suffix);
void free_list(struct file_list *list);

/* Growing text, for inputs that a test composes. */
struct text {
	char *data;
	size_t size, capacity;
};

void text_put(struct text *text, const char *data, size_t size);
GCR_PRINTF(2, 3)
void text_print(struct text *text, const char *format, ...);
void text_free(struct text *text);

/* Parse, failing the test on an error; the dump is checked for sanity. */
struct gcr_dump *parse_text(struct gcr_span text);

/*
 * What holds for every dump of `text`: places are inside it, in order; texts
 * are readable to the last byte; counts and pointers agree.
 */
void assert_sane_dump(const struct gcr_dump *dump, struct gcr_span text);

/* How much a dump holds, in sum over its crashes. */
struct totals {
	size_t crashes, goroutines, frames, words, registers, notes, others;
};

struct totals total_dump(const struct gcr_dump *dump);

/*
 * The same counted by a scan of the text that knows no more than the look of
 * the lines, for recordings as the runtime wrote them.
 */
struct totals scan_text(struct gcr_span text);

/* Is `span` exactly `text`? For messages that show both. */
void assert_span(struct gcr_span span, const char *text, const char *what);

#endif
