/*
 * The JSON documents, read back by libjq: valid for every recording, with
 * every field of the contract, and null where nothing is known.
 */

#include "support.h"

#include <check.h>
#include <jv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORDED "tests/data/recorded"

/* All recordings take long under a sanitizer: a test sees one in four. */
enum {
	QUARTERS = 4
};

static int put(void *to, const char *data, size_t size)
{
	text_put(to, data, size);
	return 0;
}

static int refuse(void *to, const char *data, size_t size)
{
	(void)to;
	(void)data;
	(void)size;
	return -1;
}

static const struct gcr_view plain_view;

// The document of the crash at `index`, its one line checked.
static jv document(const struct gcr_dump *dump, size_t index,
		   const struct gcr_view *view)
{
	struct text out = { 0 };
	struct gcr_output output = { .write = put, .to = &out };
	struct gcr_error err;
	jv value;

	ck_assert_int_eq(gcr_write_json(gcr_dump_crash(dump, index), view,
					&output, &err),
			 0);
	ck_assert_ptr_eq(memchr(out.data, '\n', out.size),
			 out.data + out.size - 1);
	value = jv_parse_sized(out.data, (int)out.size);
	ck_assert_msg(jv_is_valid(value), "not JSON: %.200s", out.data);
	text_free(&out);
	return value;
}

static jv document_of(const char *text, const struct gcr_view *view)
{
	struct gcr_dump *dump =
		parse_text((struct gcr_span){ text, strlen(text) });
	ck_assert_uint_ge(gcr_dump_crash_count(dump), 1);
	jv value = document(dump, 0, view);

	gcr_dump_free(dump);
	return value;
}

// `cause.signal.name` of an object; numbers are indexes: `goroutines.0.id`.
static jv at(jv from, const char *path)
{
	char name[64];

	from = jv_copy(from);
	while (*path != '\0') {
		size_t size = strcspn(path, ".");

		memcpy(name, path, size);
		name[size] = '\0';
		path += size + (path[size] == '.');
		if (jv_get_kind(from) == JV_KIND_ARRAY) {
			from = jv_array_get(from, name[0] - '0');
		} else {
			ck_assert_msg(
				jv_object_has(jv_copy(from), jv_string(name)),
				"no field '%s'", name);
			from = jv_object_get(from, jv_string(name));
		}
	}
	return from;
}

// The value at `path` as compact JSON is `want`.
static void assert_at(jv document_value, const char *path, const char *want)
{
	jv text = jv_dump_string(at(document_value, path), 0);

	ck_assert_msg(strcmp(jv_string_value(text), want) == 0,
		      "%s is %s, not %s", path, jv_string_value(text), want);
	jv_free(text);
}

static void assert_kind(jv document_value, const char *path, jv_kind kind)
{
	jv value = at(document_value, path);

	ck_assert_msg(jv_get_kind(value) == kind, "%s is a %s", path,
		      jv_kind_name(jv_get_kind(value)));
	jv_free(value);
}

static void assert_fields(jv document_value, const char *path,
			  const char *const *names)
{
	jv object = at(document_value, path);

	for (; *names != NULL; names++)
		ck_assert_msg(jv_object_has(jv_copy(object), jv_string(*names)),
			      "'%s' has no '%s'", path, *names);
	jv_free(object);
}

static const char *const top_fields[] = { "format", "go",	  "arch",
					  "cause",  "goroutines", "registers",
					  "notes",  NULL };
static const char *const cause_fields[] = { "kind", "text", "panics", "signal",
					    NULL };
static const char *const goroutine_fields[] = {
	"id",	  "state",  "minutes",	  "locked",    "labels", "group",
	"frames", "elided", "created_by", "ancestors", NULL
};
static const char *const frame_fields[] = {
	"function",    "package",   "receiver", "name", "file",	   "line",
	"offset",      "pc",	    "fp",	"sp",	"inlined", "words",
	"declaration", "arguments", "results",	NULL
};

START_TEST(every_recording_is_a_valid_document_with_every_field)
{
	struct file_list files = list_files(RECORDED, ".txt");

	for (size_t i = (size_t)_i; i < files.count; i += QUARTERS) {
		struct file file = load_file(files.paths[i]);
		struct gcr_dump *dump = parse_text(file_span(&file));

		for (size_t j = 0; j < gcr_dump_crash_count(dump); j++) {
			const struct gcr_crash *crash = gcr_dump_crash(dump, j);
			jv doc = document(dump, j, &plain_view);

			assert_fields(doc, "", top_fields);
			assert_fields(doc, "cause", cause_fields);
			if (crash->goroutine_count > 0)
				assert_fields(doc, "goroutines.0",
					      goroutine_fields);
			if (crash->goroutine_count > 0 &&
			    crash->goroutines[0].frame_count > 0)
				assert_fields(doc, "goroutines.0.frames.0",
					      frame_fields);
			jv_free(doc);
		}
		gcr_dump_free(dump);
		unload_file(&file);
	}
	free_list(&files);
}
END_TEST

static const char nil_trace[] =
	"panic: runtime error: invalid memory address or nil pointer "
	"dereference\n"
	"[signal SIGSEGV: segmentation violation code=0x1 addr=0x20 "
	"pc=0x45d144]\n"
	"\n"
	"goroutine 7 [chan receive, 3 minutes, locked to thread]:\n"
	"main.(*server).quota(0xc000034740?, {0x0, _, ...}, 0x0?)\n"
	"\t/src/nilfield.go:16 +0x4\n"
	"main.inlined(...)\n"
	"\t/src/nilfield.go:20\n"
	"created by main.main in goroutine 1\n"
	"\t/src/nilfield.go:21 +0x54\n";

START_TEST(addresses_are_strings_and_counts_are_numbers)
{
	jv doc = document_of(nil_trace, &plain_view);

	assert_at(doc, "format", "\"gocrash/1\"");
	assert_at(doc, "cause.kind", "\"panic\"");
	assert_at(doc, "cause.signal.addr", "\"0x20\"");
	assert_at(doc, "cause.signal.pc", "\"0x45d144\"");
	assert_at(doc, "cause.panics.0.recovered", "false");
	assert_at(doc, "goroutines.0.id", "7");
	assert_at(doc, "goroutines.0.state", "\"chan receive\"");
	assert_at(doc, "goroutines.0.minutes", "3");
	assert_at(doc, "goroutines.0.locked", "true");
	assert_at(doc, "goroutines.0.labels", "{}");
	assert_at(doc, "goroutines.0.elided", "0");
	assert_at(doc, "goroutines.0.frames.0.receiver", "\"*server\"");
	assert_at(doc, "goroutines.0.frames.0.line", "16");
	assert_at(doc, "goroutines.0.frames.0.offset", "4");
	assert_at(doc, "goroutines.0.created_by.goroutine", "1");
	assert_at(doc, "goroutines.0.created_by.line", "21");
	jv_free(doc);
}
END_TEST

START_TEST(what_is_not_known_is_null)
{
	jv doc = document_of(nil_trace, &plain_view);

	assert_at(doc, "go", "null");
	assert_at(doc, "goroutines.0.frames.0.pc", "null");
	assert_at(doc, "goroutines.0.frames.0.sp", "null");
	assert_at(doc, "goroutines.0.frames.0.declaration", "null");
	assert_at(doc, "goroutines.0.frames.1.offset", "null");
	assert_at(doc, "goroutines.0.frames.1.receiver", "null");
	assert_at(doc, "goroutines.0.frames.1.inlined", "true");
	assert_at(doc, "registers", "{}");
	jv_free(doc);
}
END_TEST

START_TEST(gaps_are_words_and_braces_are_not)
{
	jv doc = document_of(nil_trace, &plain_view);

	assert_at(doc, "goroutines.0.frames.0.words",
		  "[{\"word\":\"0xc000034740\",\"certainty\":\"stale\","
		  "\"depth\":0},"
		  "{\"word\":\"0x0\",\"certainty\":\"unmarked\","
		  "\"depth\":1},"
		  "{\"word\":\"_\",\"certainty\":\"elided\",\"depth\":1},"
		  "{\"word\":\"...\",\"certainty\":\"elided\",\"depth\":1},"
		  "{\"word\":\"0x0\",\"certainty\":\"stale\",\"depth\":0}]");
	jv_free(doc);
}
END_TEST

static const struct {
	const char *words, *last; /* certainty of the last of `words` */
	struct gcr_target given;
} unmarked_words[] = {
	{ "{0x1, 0x2}", "unmarked", { .arch = GCR_AMD64 } },
	{ "{0x1, 0x2}", "unmarked", { GCR_AMD64, 17, 17 } },
	{ "{0x1, 0x2}", "exact", { GCR_AMD64, 18, 18 } },
	{ "{0x1, 0x2}", "exact", { .arch = GCR_386 } },
	{ "{0x1, 0x2}", "exact", { GCR_ARM64, 17, 17 } },
	{ "{0x1?, 0x2}", "exact", { GCR_AMD64, 22, 22 } },
	{ "{0x1?, 0x2}", "unmarked", { GCR_AMD64, 26, 26 } },
	{ "{0x1?, 0x2}", "unmarked", { 0 } },
	{ "0x1, 0x2?", "stale", { GCR_AMD64, 22, 22 } },
	{ "0x1, 0x2", "exact", { GCR_AMD64, 13, 13 } },
	{ "0x1, 0x2", "unmarked", { 0 } },
};

START_TEST(an_unmarked_word_is_exact_where_a_mark_would_stand)
{
	struct gcr_view view = { .given = unmarked_words[_i].given };
	char text[200], want[40];

	snprintf(text, sizeof(text),
		 "panic: x\n\ngoroutine 1 [running]:\nmain.f(%s)\n"
		 "\t/f.go:1 +0x1\n",
		 unmarked_words[_i].words);
	snprintf(want, sizeof(want), "\"%s\"", unmarked_words[_i].last);
	jv doc = document_of(text, &view);
	assert_at(doc, "goroutines.0.frames.0.words.1.certainty", want);
	jv_free(doc);
}
END_TEST

START_TEST(the_release_is_said_when_it_is_one)
{
	struct gcr_view view = {
		.given = { .arch = GCR_ARM64, .go_min = 22, .go_max = 22 },
	};
	jv doc = document_of(nil_trace, &view);

	assert_at(doc, "go", "\"1.22\"");
	assert_at(doc, "arch", "\"arm64\"");
	jv_free(doc);
}
END_TEST

START_TEST(elided_is_null_when_the_runtime_did_not_count)
{
	jv doc = document_of("panic: x\n\ngoroutine 1 [running]:\n"
			     "main.f(0x1)\n\t/f.go:1 +0x1\n"
			     "...additional frames elided...\n",
			     &plain_view);

	assert_at(doc, "goroutines.0.elided", "null");
	jv_free(doc);
	doc = document_of("panic: x\n\ngoroutine 1 [running]:\n"
			  "main.f(0x1)\n\t/f.go:1 +0x1\n"
			  "...23 frames elided...\n"
			  "main.g(0x1)\n\t/f.go:1 +0x1\n",
			  &plain_view);
	assert_at(doc, "goroutines.0.elided", "23");
	assert_at(doc, "goroutines.0.elided_at", "1");
	jv_free(doc);
}
END_TEST

START_TEST(labels_are_an_object_with_their_quotes_undone)
{
	jv doc = document_of(
		"panic: x\n\n"
		"goroutine 1 [running labels:{\"k\": \"\\u00e9\\x01\\n\", "
		"\"b\": \"\\\"\"}]:\n"
		"main.f(0x1)\n\t/f.go:1 +0x1\n",
		&plain_view);

	assert_at(doc, "goroutines.0.labels",
		  "{\"k\":\"\xc3\xa9\\u0001\\n\",\"b\":\"\\\"\"}");
	jv_free(doc);
}
END_TEST

START_TEST(labels_behind_the_state_need_no_quotes)
{
	jv doc = document_of("panic: x\n\n"
			     "goroutine 1 [select, 2 minutes] "
			     "{a.b/c_: v1, e: , \"k 1\": \"] {x}:\"}:\n"
			     "main.f(0x1)\n\t/f.go:1 +0x1\n",
			     &plain_view);

	assert_at(doc, "goroutines.0.labels",
		  "{\"a.b/c_\":\"v1\",\"e\":\"\",\"k 1\":\"] {x}:\"}");
	assert_at(doc, "goroutines.0.state", "\"select\"");
	assert_at(doc, "goroutines.0.minutes", "2");
	jv_free(doc);
}
END_TEST

START_TEST(bytes_that_are_no_text_are_replaced)
{
	jv doc = document_of("panic: a\xff\033[31mb\n\n"
			     "goroutine 1 [running]:\n"
			     "main.f(0x1)\n\t/f.go:1 +0x1\n",
			     &plain_view);

	assert_at(doc, "cause.text", "\"a\xef\xbf\xbd\\u001b[31mb\"");
	jv_free(doc);
}
END_TEST

START_TEST(stacks_that_are_no_goroutines_have_their_own_fields)
{
	jv doc =
		document_of("==================\n"
			    "WARNING: DATA RACE\n"
			    "Read at 0x00c00009a018 by goroutine 6:\n"
			    "  main.f()\n      /race.go:9 +0x30\n"
			    "\n"
			    "Previous write at 0x00c00009a018 by goroutine 7:\n"
			    "  main.f()\n      /race.go:9 +0x47\n"
			    "==================\n",
			    &plain_view);

	assert_at(doc, "cause.kind", "\"none\"");
	assert_at(doc, "cause.panics", "[]");
	assert_at(doc, "goroutines", "[]");
	assert_kind(doc, "races.1", JV_KIND_OBJECT);
	assert_at(doc, "races.0.address", "\"0xc00009a018\"");
	assert_at(doc, "races.1.state", "\"Previous write\"");
	assert_at(doc, "profile", "[]");
	jv_free(doc);
}
END_TEST

START_TEST(words_by_hand_have_the_shape_of_a_frame)
{
	static const char *const fields[] = { "format",	 "declaration",
					      "words",	 "arguments",
					      "results", "notes",
					      NULL };
	const char *signature = "main.example(b1, b2, b3 bool, i uint8)";
	const char *list = "0xc019010001, 0x1064ee0, 0xc000076058";
	struct text out = { 0 };
	struct gcr_output output = { .write = put, .to = &out };
	struct gcr_error err;
	jv doc;

	ck_assert_int_eq(
		gcr_write_words(
			(struct gcr_span){ signature, strlen(signature) },
			(struct gcr_span){ list, strlen(list) }, &plain_view,
			true, &output, &err),
		0);
	doc = jv_parse_sized(out.data, (int)out.size);
	assert_fields(doc, "", fields);
	assert_at(doc, "declaration",
		  "\"func example(b1, b2, b3 bool, i uint8)\"");
	assert_at(doc, "words.0.word", "\"0xc019010001\"");
	assert_at(doc, "arguments.3.name", "\"i\"");
	assert_at(doc, "arguments.3.text", "\"25\"");
	assert_at(doc, "arguments.3.certainty", "\"exact\"");
	jv_free(doc);
	text_free(&out);
}
END_TEST

START_TEST(a_failed_write_is_an_error)
{
	struct gcr_output output = { .write = refuse };
	struct gcr_dump *dump = parse_text(
		(struct gcr_span){ nil_trace, sizeof(nil_trace) - 1 });
	struct gcr_error err = { 0 };

	ck_assert_int_eq(gcr_write_json(gcr_dump_crash(dump, 0), &plain_view,
					&output, &err),
			 -1);
	ck_assert_int_eq((int)err.code, GCR_IO);
	gcr_dump_free(dump);
}
END_TEST

START_TEST(every_failed_allocation_is_an_error)
{
	struct gcr_dump *dump = parse_text(
		(struct gcr_span){ nil_trace, sizeof(nil_trace) - 1 });
	struct gcr_view view = { 0 };
	int result = -1;

	for (view.fail_at = 1; result != 0; view.fail_at++) {
		struct text out = { 0 };
		struct gcr_output output = { .write = put, .to = &out };
		struct gcr_error err = { .code = GCR_BUG };

		ck_assert_uint_lt(view.fail_at, 1000);
		result = gcr_write_json(gcr_dump_crash(dump, 0), &view, &output,
					&err);
		if (result != 0)
			ck_assert_int_eq((int)err.code, GCR_NOMEM);
		text_free(&out);
	}
	ck_assert_uint_gt(view.fail_at, 2);
	gcr_dump_free(dump);
}
END_TEST

static Suite *json_suite(void)
{
	Suite *suite = suite_create("json");
	TCase *tcase = tcase_create("documents");

	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(
		tcase, every_recording_is_a_valid_document_with_every_field, 0,
		QUARTERS);
	tcase_add_test(tcase, addresses_are_strings_and_counts_are_numbers);
	tcase_add_test(tcase, what_is_not_known_is_null);
	tcase_add_test(tcase, gaps_are_words_and_braces_are_not);
	tcase_add_loop_test(
		tcase, an_unmarked_word_is_exact_where_a_mark_would_stand, 0,
		(int)(sizeof(unmarked_words) / sizeof(unmarked_words[0])));
	tcase_add_test(tcase, the_release_is_said_when_it_is_one);
	tcase_add_test(tcase, elided_is_null_when_the_runtime_did_not_count);
	tcase_add_test(tcase, labels_are_an_object_with_their_quotes_undone);
	tcase_add_test(tcase, labels_behind_the_state_need_no_quotes);
	tcase_add_test(tcase, bytes_that_are_no_text_are_replaced);
	tcase_add_test(tcase,
		       stacks_that_are_no_goroutines_have_their_own_fields);
	tcase_add_test(tcase, words_by_hand_have_the_shape_of_a_frame);
	tcase_add_test(tcase, a_failed_write_is_an_error);
	tcase_add_test(tcase, every_failed_allocation_is_an_error);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(json_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
