/*
 * Texts and the model they have to become: tests/data/reader/NAME.cases holds
 * cases of this form.
 *
 *	## what the case is about
 *	the input, any lines
 *	--                     or `--cut` when the input has no last line end
 *	the model, as describe_dump() writes it
 *
 * GOLDEN=write in the environment writes the models anew, to be reviewed.
 */

#include "span.h"
#include "support.h"
#include "support_model.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define CASES "tests/data/reader"

static struct file_list files;

static void open_files(void)
{
	files = list_files(CASES, ".cases");
}

static void close_files(void)
{
	free_list(&files);
}

struct golden {
	struct gcr_span title, input, model;
	bool cut;
};

// Up to the next line that is or starts with `mark`; that line is left.
static struct gcr_span until_line(struct gcr_span *text, const char *mark)
{
	struct gcr_span rest = *text;

	while (rest.size > 0 && !gcr_span_starts(rest, mark))
		gcr_span_until(&rest, '\n');
	struct gcr_span head = gcr_span_head(*text, text->size - rest.size);
	*text = rest;
	return head;
}

// `-----` may well stand in an input.
static struct gcr_span until_input_end(struct gcr_span *text)
{
	struct gcr_span rest = *text, line = rest;

	while (rest.size > 0) {
		line = rest;
		struct gcr_span first = gcr_span_until(&rest, '\n');
		if (gcr_span_is(first, "--") || gcr_span_is(first, "--cut"))
			break;
		line = rest;
	}
	struct gcr_span head = gcr_span_head(*text, text->size - line.size);
	*text = line;
	return head;
}

static bool next_case(struct gcr_span *text, struct golden *ret)
{
	struct gcr_span mark;

	until_line(text, "## ");
	if (text->size == 0)
		return false;
	ret->title = gcr_span_tail(gcr_span_until(text, '\n'), 3);
	ret->input = until_input_end(text);
	mark = gcr_span_until(text, '\n');
	ret->cut = gcr_span_is(mark, "--cut");
	if (ret->cut && ret->input.size > 0)
		ret->input.size--;
	ret->model = until_line(text, "## ");
	return true;
}

static void describe_case(struct text *to, const struct golden *golden)
{
	// A copy of its own, so that a read beyond its end is seen.
	char *copy = malloc(golden->input.size + 1);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, golden->input.data, golden->input.size);
	char *exact =
		realloc(copy, golden->input.size > 0 ? golden->input.size : 1);
	ck_assert_ptr_nonnull(exact);
	struct gcr_dump *dump =
		parse_text((struct gcr_span){ exact, golden->input.size });
	describe_dump(to, dump);
	gcr_dump_free(dump);
	free(exact);
}

static void rewrite(const char *path, const struct text *text)
{
	FILE *stream = fopen(path, "wb");

	ck_assert_ptr_nonnull(stream);
	fwrite(text->data, 1, text->size, stream);
	ck_assert_int_eq(fclose(stream), 0);
}

static size_t run_file(const char *path, bool writing)
{
	struct file file = load_file(path);
	struct gcr_span text = file_span(&file);
	struct text all = { 0 };
	struct golden golden;
	size_t count = 0;

	for (; next_case(&text, &golden); count++) {
		struct text model = { 0 };
		describe_case(&model, &golden);
		text_print(&all, "## %.*s\n", GCR_PRINT_SPAN(golden.title));
		text_put(&all, golden.input.data, golden.input.size);
		if (golden.cut)
			text_print(&all, "%s--cut\n",
				   golden.input.size > 0 ? "\n" : "");
		else
			text_print(&all, "--\n");
		text_put(&all, model.data, model.size);
		struct gcr_span got = { model.data, model.size };
		ck_assert_msg(writing || gcr_span_equal(got, golden.model),
			      "%s, %.*s: is\n%.*s\nand should be\n%.*s", path,
			      GCR_PRINT_SPAN(golden.title), GCR_PRINT_SPAN(got),
			      GCR_PRINT_SPAN(golden.model));
		text_free(&model);
	}
	if (writing)
		rewrite(path, &all);
	text_free(&all);
	unload_file(&file);
	return count;
}

START_TEST(every_case_becomes_the_model_that_stands_below_it)
{
	const char *golden = getenv("GOLDEN");
	bool writing = golden != NULL && strcmp(golden, "write") == 0;
	size_t count = 0;

	for (size_t i = 0; i < files.count; i++)
		count += run_file(files.paths[i], writing);
	ck_assert_uint_ge(count, 60);
}
END_TEST

static Suite *reader_suite(void)
{
	Suite *suite = suite_create("reader");
	TCase *tcase = tcase_create("cases");

	tcase_add_unchecked_fixture(tcase, open_files, close_files);
	tcase_add_test(tcase,
		       every_case_becomes_the_model_that_stands_below_it);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(reader_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
