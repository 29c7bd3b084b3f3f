/* Files, texts and dumps for the tests: see support.h. */

#include "support.h"

#include "span.h"

#include <check.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct file load_file(const char *path)
{
	struct file file = { 0 };
	FILE *stream = fopen(path, "rb");
	struct stat status;

	ck_assert_msg(stream != NULL && stat(path, &status) == 0,
		      "cannot read %s", path);
	snprintf(file.path, sizeof(file.path), "%s", path);
	file.data = malloc((size_t)status.st_size + 1);
	ck_assert_ptr_nonnull(file.data);
	file.size = fread(file.data, 1, (size_t)status.st_size, stream);
	file.data[file.size] = '\0';
	fclose(stream);
	return file;
}

void unload_file(struct file *file)
{
	free(file->data);
	file->data = NULL;
}

struct gcr_span file_span(const struct file *file)
{
	return (struct gcr_span){ file->data, file->size };
}

static void add_path(struct file_list *list, const char *path)
{
	list->paths =
		realloc(list->paths, (list->count + 1) * sizeof(*list->paths));
	ck_assert_ptr_nonnull(list->paths);
	snprintf(list->paths[list->count], sizeof(*list->paths), "%s", path);
	list->count++;
}

static void walk(struct file_list *list, const char *directory,
		 const char *suffix)
{
	DIR *stream = opendir(directory);
	struct dirent *entry;
	char path[256];
	struct stat status;

	ck_assert_msg(stream != NULL, "cannot read %s", directory);
	while ((entry = readdir(stream)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%.120s/%.120s", directory,
			 entry->d_name);
		ck_assert_int_eq(stat(path, &status), 0);
		if (S_ISDIR(status.st_mode))
			walk(list, path, suffix);
		else if (gcr_span_ends(gcr_span_of(path), suffix))
			add_path(list, path);
	}
	closedir(stream);
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(a, b);
}

struct file_list list_files(const char *directory, const char *suffix)
{
	struct file_list list = { 0 };

	walk(&list, directory, suffix);
	ck_assert_msg(list.count > 0, "no %s in %s", suffix, directory);
	qsort(list.paths, list.count, sizeof(*list.paths), compare_paths);
	return list;
}

void free_list(struct file_list *list)
{
	free(list->paths);
	*list = (struct file_list){ 0 };
}

void text_put(struct text *text, const char *data, size_t size)
{
	if (text->size + size + 1 > text->capacity) {
		text->capacity = (text->size + size + 1) * 2;
		text->data = realloc(text->data, text->capacity);
		ck_assert_ptr_nonnull(text->data);
	}
	if (size > 0)
		memcpy(text->data + text->size, data, size);
	text->size += size;
	text->data[text->size] = '\0';
}

void text_print(struct text *text, const char *format, ...)
{
	char line[1024];
	va_list arguments;

	va_start(arguments, format);
	int size = vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	ck_assert_int_lt(size, (int)sizeof(line));
	text_put(text, line, (size_t)size);
}

void text_free(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}

struct gcr_dump *parse_text(struct gcr_span text)
{
	struct gcr_dump *dump;
	struct gcr_error err = { .text = "none" };

	if (gcr_dump_parse(text, NULL, &dump, &err) != 0)
		ck_abort_msg("not parsed: %s", err.text);
	assert_sane_dump(dump, text);
	return dump;
}

// Every byte is read, so that a wrong span is a sanitizer's report.
static unsigned touched;

static void touch(struct gcr_span span)
{
	for (size_t i = 0; i < span.size; i++)
		touched += (unsigned char)span.data[i];
}

static void assert_place(struct gcr_place place, struct gcr_span text)
{
	ck_assert_uint_le(place.offset, text.size);
	ck_assert_uint_ge(place.line, 1);
	ck_assert_uint_ge(place.column, 1);
}

static void sane_frame(const struct gcr_frame *frame, struct gcr_span text)
{
	assert_place(frame->place, text);
	ck_assert_uint_gt(frame->function.size, 0);
	touch(frame->function);
	touch(frame->arguments);
	touch(frame->file);
	if ((frame->flags & GCR_FRAME_INLINED) != 0)
		ck_assert((frame->flags & GCR_FRAME_OFFSET) == 0);
}

static void sane_stack(const struct gcr_goroutine *stack, struct gcr_span text)
{
	assert_place(stack->place, text);
	ck_assert_uint_ge(stack->count, 1);
	ck_assert_uint_le(stack->elided_at, stack->frame_count);
	touch(stack->state);
	touch(stack->labels);
	for (size_t i = 0; i < stack->frame_count; i++)
		sane_frame(&stack->frames[i], text);
	if (stack->created_by != NULL)
		sane_frame(stack->created_by, text);
	for (size_t i = 0; i < stack->ancestor_count; i++) {
		const struct gcr_ancestor *ancestor = &stack->ancestors[i];
		for (size_t j = 0; j < ancestor->frame_count; j++)
			sane_frame(&ancestor->frames[j], text);
	}
}

static void sane_others(const struct gcr_other *others, size_t count,
			struct gcr_span text)
{
	for (size_t i = 0; i < count; i++) {
		assert_place(others[i].place, text);
		ck_assert_uint_gt(others[i].text.size, 0);
		touch(others[i].text);
	}
}

static void sane_crash(const struct gcr_crash *crash, struct gcr_span text)
{
	assert_place(crash->place, text);
	ck_assert_uint_ge(crash->end.offset, crash->place.offset);
	touch(crash->cause.text);
	for (size_t i = 0; i < crash->cause.panic_count; i++)
		touch(crash->cause.panics[i].text);
	ck_assert_uint_ge(crash->report_count, 1);
	for (size_t i = 0; i < crash->goroutine_count; i++) {
		sane_stack(&crash->goroutines[i], text);
		ck_assert_uint_lt(crash->goroutines[i].report,
				  crash->report_count);
	}
	for (size_t i = 0; i < crash->stack_count; i++)
		sane_stack(&crash->stacks[i], text);
	sane_others(crash->others, crash->other_count, text);
	sane_others(crash->remarks, crash->remark_count, text);
	for (size_t i = 0; i < crash->note_count; i++) {
		assert_place(crash->notes[i].place, text);
		touch(crash->notes[i].text);
		touch(crash->notes[i].line);
	}
	if (crash->target.go_min > 0 && crash->target.go_max > 0)
		ck_assert_uint_le(crash->target.go_min, crash->target.go_max);
}

void assert_sane_dump(const struct gcr_dump *dump, struct gcr_span text)
{
	uint64_t last = 0;

	for (size_t i = 0; i < gcr_dump_crash_count(dump); i++) {
		const struct gcr_crash *crash = gcr_dump_crash(dump, i);
		ck_assert_uint_ge(crash->place.offset, last);
		last = crash->place.offset;
		sane_crash(crash, text);
	}
	for (size_t i = 0; i < gcr_dump_other_count(dump); i++)
		sane_others(gcr_dump_other(dump, i), 1, text);
}

// Values among the words of an argument list, read by eye.
static size_t count_words(struct gcr_span arguments)
{
	size_t count = 0;

	for (size_t i = 0; i + 1 < arguments.size; i++)
		count += arguments.data[i] == '0' &&
			 arguments.data[i + 1] == 'x';
	return count;
}

static void add_frames(struct totals *totals, const struct gcr_frame *frames,
		       size_t count)
{
	totals->frames += count;
	for (size_t i = 0; i < count; i++)
		totals->words += count_words(frames[i].arguments);
}

static void add_stack(struct totals *totals, const struct gcr_goroutine *stack)
{
	add_frames(totals, stack->frames, stack->frame_count);
	for (size_t i = 0; i < stack->ancestor_count; i++)
		add_frames(totals, stack->ancestors[i].frames,
			   stack->ancestors[i].frame_count);
}

struct totals total_dump(const struct gcr_dump *dump)
{
	struct totals totals = { .crashes = gcr_dump_crash_count(dump) };

	for (size_t i = 0; i < totals.crashes; i++) {
		const struct gcr_crash *crash = gcr_dump_crash(dump, i);
		totals.goroutines += crash->goroutine_count;
		totals.notes += crash->note_count;
		totals.others += crash->other_count;
		for (size_t j = 0; j < crash->goroutine_count; j++)
			add_stack(&totals, &crash->goroutines[j]);
		for (size_t j = 0; j < crash->stack_count; j++)
			add_stack(&totals, &crash->stacks[j]);
		for (size_t j = 0; j < crash->report_count; j++)
			totals.registers += crash->reports[j].register_count;
	}
	return totals;
}

void assert_span(struct gcr_span span, const char *text, const char *what)
{
	ck_assert_msg(gcr_span_is(span, text), "%s is '%.*s', not '%s'", what,
		      GCR_PRINT_SPAN(span), text);
}
