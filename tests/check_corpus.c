/*
 * Every recording of tests/data/recorded, as the runtime wrote it and as
 * people really have it: in logs, in JSON, on Windows, with tabs lost, cut.
 */

#include "support.h"

#include "span.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define RECORDED "tests/data/recorded"

static struct file_list files;

static void open_files(void)
{
	files = list_files(RECORDED, ".txt");
}

static void close_files(void)
{
	free_list(&files);
}

static void assert_totals(const struct totals *got, const struct totals *want,
			  const char *path)
{
	ck_assert_msg(got->goroutines == want->goroutines,
		      "%s: %zu goroutines, the scan says %zu", path,
		      got->goroutines, want->goroutines);
	ck_assert_msg(got->frames == want->frames,
		      "%s: %zu frames, the scan says %zu", path, got->frames,
		      want->frames);
	ck_assert_msg(got->words == want->words,
		      "%s: %zu words, the scan says %zu", path, got->words,
		      want->words);
	ck_assert_msg(got->registers == want->registers,
		      "%s: %zu registers, the scan says %zu", path,
		      got->registers, want->registers);
}

START_TEST(every_recording_agrees_with_the_scan_and_has_no_note)
{
	ck_assert_uint_ge(files.count, 1200);
	for (size_t i = 0; i < files.count; i++) {
		struct file file = load_file(files.paths[i]);
		struct gcr_dump *dump = parse_text(file_span(&file));
		struct totals got = total_dump(dump);
		struct totals want = scan_text(file_span(&file));
		assert_totals(&got, &want, file.path);
		ck_assert_msg(got.notes == 0, "%s: %zu notes", file.path,
			      got.notes);
		gcr_dump_free(dump);
		unload_file(&file);
	}
}
END_TEST

/* Ways in which a recording reaches people. */

typedef void (*wrap_line)(struct text *to, struct gcr_span line, size_t number);

static void crlf(struct text *to, struct gcr_span line, size_t number)
{
	(void)number;
	text_put(to, line.data, line.size);
	text_put(to, "\r\n", 2);
}

static void plain(struct text *to, struct gcr_span line)
{
	text_put(to, line.data, line.size);
	text_put(to, "\n", 1);
}

static void four_spaces(struct text *to, struct gcr_span line, size_t number)
{
	(void)number;
	for (size_t i = 0; i < line.size; i++)
		if (line.data[i] == '\t')
			text_put(to, "    ", 4);
		else
			text_put(to, line.data + i, 1);
	text_put(to, "\n", 1);
}

static void lost_tabs(struct text *to, struct gcr_span line, size_t number)
{
	(void)number;
	gcr_span_skip_char(&line, '\t');
	plain(to, line);
}

static void indented(struct text *to, struct gcr_span line, size_t number)
{
	(void)number;
	text_put(to, "    ", 4);
	plain(to, line);
}

static void quoted_mail(struct text *to, struct gcr_span line, size_t number)
{
	(void)number;
	text_put(to, "> ", 2);
	plain(to, line);
}

static void go_log(struct text *to, struct gcr_span line, size_t number)
{
	text_print(to, "2026/11/23 10:%02zu:%02zu.%06zu ", number / 60 % 60,
		   number % 60, number);
	plain(to, line);
}

static void container(struct text *to, struct gcr_span line, size_t number)
{
	text_print(to, "2026-11-23T10:%02zu:%02zu.%09zuZ stderr F ",
		   number / 60 % 60, number % 60, number * 7919);
	plain(to, line);
}

static void journald(struct text *to, struct gcr_span line, size_t number)
{
	text_print(to, "Nov %2zu 10:00:%02zu web-1 app[4711]:%s",
		   9 + number / 60 % 20, number % 60, line.size ? " " : "");
	plain(to, line);
}

static void compose(struct text *to, struct gcr_span line, size_t number)
{
	(void)number;
	text_print(to, "web_1  | ");
	plain(to, line);
}

static void pod(struct text *to, struct gcr_span line, size_t number)
{
	(void)number;
	text_print(to, "[pod/web-7f9c-x1/app] ");
	plain(to, line);
}

static void json_string(struct text *to, struct gcr_span line)
{
	for (size_t i = 0; i < line.size; i++) {
		unsigned char c = (unsigned char)line.data[i];
		if (c == '"' || c == '\\')
			text_print(to, "\\%c", c);
		else if (c == '\t')
			text_print(to, "\\t");
		else if (c < 0x20)
			text_print(to, "\\u%04x", c);
		else
			text_put(to, line.data + i, 1);
	}
}

static void docker(struct text *to, struct gcr_span line, size_t number)
{
	text_print(to, "{\"log\":\"");
	json_string(to, line);
	text_print(to,
		   "\\n\",\"stream\":\"stderr\","
		   "\"time\":\"2026-11-23T10:00:00.%09zuZ\"}\n",
		   number);
}

static void docker_time_first(struct text *to, struct gcr_span line,
			      size_t number)
{
	text_print(to, "{\"time\":\"2026-11-23T10:00:00.%09zuZ\",\"log\":\"",
		   number);
	json_string(to, line);
	text_print(to, "\\n\"}\n");
}

static const struct {
	const char *name;
	wrap_line wrap;
} wraps[] = {
	{ "CRLF", crlf },
	{ "tabs turned to spaces", four_spaces },
	{ "tabs lost", lost_tabs },
	{ "indented", indented },
	{ "quoted in a mail", quoted_mail },
	{ "Go's own log prefix", go_log },
	{ "container runtime", container },
	{ "journald", journald },
	{ "compose", compose },
	{ "kubectl --prefix", pod },
	{ "docker's JSON lines", docker },
	{ "docker's JSON lines, time first", docker_time_first },
};

static bool next_line(struct gcr_span *text, struct gcr_span *line)
{
	if (text->size == 0)
		return false;
	*line = gcr_span_until(text, '\n');
	return true;
}

static void wrap_all(struct text *to, struct gcr_span text, wrap_line wrap)
{
	struct gcr_span line;

	for (size_t number = 0; next_line(&text, &line); number++)
		wrap(to, line, number);
}

// With tabs lost a header inside of a panic's value is one like any other.
static bool is_ambiguous(const char *path, wrap_line wrap)
{
	return wrap == lost_tabs &&
	       gcr_span_find_text(gcr_span_of(path), "multiline") !=
		       GCR_NOWHERE;
}

START_TEST(a_wrapped_recording_reads_like_the_original)
{
	for (size_t i = (size_t)_i; i < files.count; i += 12) {
		struct file file = load_file(files.paths[i]);
		struct gcr_dump *dump = parse_text(file_span(&file));
		struct totals want = total_dump(dump);
		struct text text = { 0 };
		wrap_all(&text, file_span(&file), wraps[_i].wrap);
		struct gcr_span span = { text.data, text.size };
		struct gcr_dump *wrapped = parse_text(span);
		struct totals got = total_dump(wrapped);
		if (want.goroutines > 0 &&
		    !is_ambiguous(file.path, wraps[_i].wrap))
			assert_totals(&got, &want, file.path);
		gcr_dump_free(wrapped);
		gcr_dump_free(dump);
		text_free(&text);
		unload_file(&file);
	}
}
END_TEST

// A whole dump inside one string of a log line, once and twice escaped.
static void fold(struct text *to, struct gcr_span text)
{
	struct gcr_span line;

	text_print(to, "{\"level\":\"error\",\"ts\":1700000000.5,\"msg\":\"");
	while (next_line(&text, &line)) {
		json_string(to, line);
		text_print(to, "\\n");
	}
	text_print(to, "\",\"caller\":\"main.go:1\"}\n");
}

START_TEST(a_folded_recording_reads_like_the_original)
{
	for (size_t i = 0; i < files.count; i += 5) {
		struct file file = load_file(files.paths[i]);
		struct gcr_dump *dump = parse_text(file_span(&file));
		struct totals want = total_dump(dump);
		struct text once = { 0 }, twice = { 0 };
		fold(&once, file_span(&file));
		fold(&twice, (struct gcr_span){ once.data, once.size });
		struct gcr_span spans[2] = { { once.data, once.size },
					     { twice.data, twice.size } };
		for (size_t j = 0; j < 2; j++) {
			struct gcr_dump *folded = parse_text(spans[j]);
			struct totals got = total_dump(folded);
			if (want.goroutines > 0)
				assert_totals(&got, &want, file.path);
			gcr_dump_free(folded);
		}
		gcr_dump_free(dump);
		text_free(&once);
		text_free(&twice);
		unload_file(&file);
	}
}
END_TEST

START_TEST(lines_around_a_crash_are_kept_with_their_place)
{
	static const char before[] = "starting\nlistening on :4000\n";
	static const char after[] = "exit status 2\nFAIL\tpkg\t0.1s\n";

	for (size_t i = 0; i < files.count; i += 3) {
		struct file file = load_file(files.paths[i]);
		struct totals want = scan_text(file_span(&file));
		struct text text = { 0 };
		text_print(&text, "%s", before);
		text_put(&text, file.data, file.size);
		text_print(&text, "\n%s", after);
		struct gcr_dump *dump =
			parse_text((struct gcr_span){ text.data, text.size });
		struct totals got = total_dump(dump);
		if (want.goroutines == 0) {
			gcr_dump_free(dump);
			text_free(&text);
			unload_file(&file);
			continue;
		}
		assert_totals(&got, &want, file.path);
		const struct gcr_crash *first = gcr_dump_crash(dump, 0);
		const struct gcr_crash *last =
			gcr_dump_crash(dump, got.crashes - 1);
		struct gcr_span head =
			gcr_span_head(first->others[0].text, strlen(before));
		assert_span(head, before, file.path);
		ck_assert_uint_eq(first->others[0].place.line, 1);
		const struct gcr_other *tail =
			&last->others[last->other_count - 1];
		ck_assert_msg(gcr_span_ends(tail->text, after), "%s",
			      file.path);
		gcr_dump_free(dump);
		text_free(&text);
		unload_file(&file);
	}
}
END_TEST

// Cut anywhere: nothing invented, nothing of the whole lines before it lost.
START_TEST(a_recording_cut_anywhere_keeps_what_is_whole)
{
	static const char *const some[] = {
		RECORDED "/go1.13/example1.default.txt",
		RECORDED "/go1.16/repanic.default.txt",
		RECORDED "/go1.22/ancestors.default.txt",
		RECORDED "/go1.24/panicvalues.multiline.default.txt",
		RECORDED "/go1.26/nilfield.default.txt",
		RECORDED "/go1.26/race.default.txt",
		RECORDED "/go1.20/profile.default.txt",
		RECORDED "/go1.26/levels.system.default.txt",
	};
	struct file file = load_file(some[_i]);

	for (size_t size = 0; size < file.size; size++) {
		// A copy of its own, so that a read beyond the cut is seen.
		char *copy = malloc(size + 1);
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, file.data, size);
		struct gcr_span cut = { copy, size };
		struct gcr_dump *dump = parse_text(cut);
		struct totals got = total_dump(dump);
		struct totals want = scan_text(cut);
		ck_assert_msg(got.goroutines == want.goroutines,
			      "cut at %zu: %zu goroutines, not %zu", size,
			      got.goroutines, want.goroutines);
		ck_assert_msg(got.frames >= want.frames &&
				      got.frames <= want.frames + 1,
			      "cut at %zu: %zu frames, not %zu", size,
			      got.frames, want.frames);
		gcr_dump_free(dump);
		free(copy);
	}
	unload_file(&file);
}
END_TEST

START_TEST(two_recordings_in_one_stream_are_two_crashes)
{
	struct file a = load_file(RECORDED "/go1.16/example1.default.txt");
	struct file b = load_file(RECORDED "/go1.26/nilfield.noopt.txt");
	struct text text = { 0 };

	text_put(&text, a.data, a.size);
	text_print(&text, "exit status 2\nrestarted\n");
	text_put(&text, b.data, b.size);
	struct gcr_dump *dump =
		parse_text((struct gcr_span){ text.data, text.size });
	ck_assert_uint_eq(gcr_dump_crash_count(dump), 2);
	const struct gcr_crash *first = gcr_dump_crash(dump, 0);
	const struct gcr_crash *second = gcr_dump_crash(dump, 1);
	assert_span(first->cause.text, "Want stack trace", "first cause");
	ck_assert_ptr_null(first->cause.signal);
	ck_assert_ptr_nonnull(second->cause.signal);
	assert_span(first->others[0].text, "exit status 2\nrestarted\n",
		    "between them");
	gcr_dump_free(dump);
	text_free(&text);
	unload_file(&a);
	unload_file(&b);
}
END_TEST

// The releases of the folder names: what a text shows must not deny them.
START_TEST(no_recording_denies_its_own_release)
{
	for (size_t i = 0; i < files.count; i++) {
		struct file file = load_file(files.paths[i]);
		struct gcr_span path = gcr_span_of(file.path);
		struct gcr_span name =
			gcr_span_tail(path, strlen(RECORDED) + 1);
		unsigned minor = gcr_go_minor(gcr_span_until(&name, '/'));
		bool is_386 = gcr_span_ends(path, ".386.txt");
		struct gcr_dump *dump = parse_text(file_span(&file));
		ck_assert_uint_ge(minor, 10);
		for (size_t j = 0; j < gcr_dump_crash_count(dump); j++) {
			const struct gcr_target *target =
				&gcr_dump_crash(dump, j)->target;
			ck_assert_msg(target->go_min <= minor &&
					      (target->go_max == 0 ||
					       target->go_max >= minor),
				      "%s: go1.%u to go1.%u", file.path,
				      target->go_min, target->go_max);
			ck_assert_msg(target->arch == GCR_ARCH_UNKNOWN ||
					      (target->arch == GCR_386) ==
						      is_386,
				      "%s: wrong architecture", file.path);
		}
		gcr_dump_free(dump);
		unload_file(&file);
	}
}
END_TEST

static Suite *corpus_suite(void)
{
	Suite *suite = suite_create("corpus");
	TCase *tcase = tcase_create("recordings");

	tcase_add_unchecked_fixture(tcase, open_files, close_files);
	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase,
		       every_recording_agrees_with_the_scan_and_has_no_note);
	tcase_add_loop_test(tcase, a_wrapped_recording_reads_like_the_original,
			    0, (int)(sizeof(wraps) / sizeof(wraps[0])));
	tcase_add_test(tcase, a_folded_recording_reads_like_the_original);
	tcase_add_test(tcase, lines_around_a_crash_are_kept_with_their_place);
	tcase_add_loop_test(tcase, a_recording_cut_anywhere_keeps_what_is_whole,
			    0, 8);
	tcase_add_test(tcase, two_recordings_in_one_stream_are_two_crashes);
	tcase_add_test(tcase, no_recording_denies_its_own_release);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(corpus_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
