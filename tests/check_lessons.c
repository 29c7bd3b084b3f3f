/*
 * The runner's pure parts: lesson.md to a lesson, prose to lines, seeds to
 * values, captures to sheets, answer files to answers, results to reports,
 * progress to a file and back.
 */

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner/draw.h"
#include "runner/grade.h"
#include "runner/paths.h"
#include "runner/progress.h"
#include "runner/prose.h"
#include "runner/query.h"
#include "runner/report.h"
#include "runner/sheet.h"
#include "runner/text.h"

#define HEAD                                                                   \
	"# T\n\n"                                                              \
	"```lesson\n"                                                          \
	"objective: see\n  further\n"                                          \
	"```\n\n"

#define QUESTION                                                               \
	"```question one\n"                                                    \
	"kind: int\n"                                                          \
	"ask: How \\(\"m\" + \"any\")?\n"                                      \
	"place: here\n"                                                        \
	"answer: .drawn.n\n"                                                   \
	"witness: .drawn.w\n"                                                  \
	"evidence: quote(\"n is 7\"; \"[0-9]\")\n"                             \
	"misread: .drawn.n + 1 => One too many.\n"                             \
	"misread: .drawn.n => Never told.\n"                                   \
	"hint: a\n"                                                            \
	"hint: b\n"                                                            \
	"reason: because\n"                                                    \
	"```\n\n"

static struct pool pool;
static struct text errors;

static void begin(void)
{
	pool = (struct pool){ 0 };
	errors = (struct text){ 0 };
}

static void end(void)
{
	pool_done(&pool);
	text_done(&errors);
}

static int parse(const char *text, struct lesson *ret)
{
	*ret = (struct lesson){ .number = 9, .folder = "." };
	return lesson_parse(text, strlen(text), "lesson.md", &pool, ret,
			    &errors);
}

static struct lesson parsed(const char *text)
{
	struct lesson lesson;

	ck_assert_msg(parse(text, &lesson) == 0, "%s", text_string(&errors));
	return lesson;
}

START_TEST(steps_beside_others_name_their_server)
{
	struct lesson lesson = parsed(
		HEAD
		"```sh server serve status=2\nrun {port}\n```\n\n"
		"```sh load load=server\nhey\n```\n\n"
		"```sh quit signal=server after=2\nkill\n```\n\n" QUESTION);

	ck_assert_uint_eq(lesson.steps[0].flags, STEP_SERVE);
	ck_assert_uint_eq(lesson.steps[1].flags, STEP_LOAD);
	ck_assert_str_eq(lesson.steps[1].server, "server");
	ck_assert_uint_eq(lesson.steps[2].flags, STEP_SIGNAL);
	ck_assert_str_eq(lesson.steps[2].server, "server");
	ck_assert_uint_eq(lesson.steps[2].after, 2);
}
END_TEST

static const struct {
	const char *steps, *fault;
} misplaced[] = {
	{ "```sh load load=server\nhey\n```\n\n",
	  "no step 'server' above serves" },
	{ "```sh server\nls\n```\n\n```sh quit signal=server\nkill\n```\n\n",
	  "no step 'server' above serves" },
	{ "```sh one after=2\nls\n```\n\n", "after= goes with signal=" },
	{ "```sh one after=two\nls\n```\n\n", "no such word" },
};

START_TEST(a_step_for_no_server_is_refused)
{
	struct lesson lesson;
	const char *text = pool_format(&pool, "%s%s%s", HEAD,
				       misplaced[_i].steps, QUESTION);

	ck_assert_int_ne(parse(text, &lesson), 0);
	ck_assert_ptr_nonnull(
		strstr(text_string(&errors), misplaced[_i].fault));
}
END_TEST

START_TEST(a_value_takes_the_place_of_its_name)
{
	jv values =
		jv_object_set(jv_object(), jv_string("port"), jv_number(4000));
	struct text text = { 0 };

	draw_fill("-p {port} ${port} {other} {print $1} {port", values, &text);
	ck_assert_str_eq(text_string(&text),
			 "-p 4000 ${port} {other} {print $1} {port");
	text_done(&text);
	jv_free(values);
}
END_TEST

START_TEST(a_lesson_has_its_blocks_in_order)
{
	struct lesson lesson =
		parsed(HEAD "First *words* of `code`.\n\n"
			    "```sh one status=2 dump\nls\n```\n\n"
			    "between\n\n"
			    "```sh two needs=gdb,core seconds=9\n"
			    "ls\nls\n```\n\nlast\n\n" QUESTION
			    "more\n\n## What you now know\n\nit\n\n"
			    "## Else\n\nnot shown\n");

	ck_assert_str_eq(lesson.title, "T");
	ck_assert_str_eq(lesson.objective, "see further");
	ck_assert_uint_eq(lesson.step_count, 2);
	ck_assert_str_eq(lesson.steps[0].before, "First words of `code`.\n");
	ck_assert_int_eq(lesson.steps[0].status, 2);
	ck_assert_uint_eq(lesson.steps[0].flags, STEP_DUMP);
	ck_assert_str_eq(lesson.steps[1].needs, "gdb,core");
	ck_assert_uint_eq(lesson.steps[1].seconds, 9);
	ck_assert_str_eq(lesson.steps[1].command, "ls\nls\n");
	ck_assert_str_eq(lesson.outro, "last\n");
	ck_assert_uint_eq(lesson.question_count, 1);
	ck_assert_str_eq(lesson.questions[0].after, "more\n");
	ck_assert_uint_eq(lesson.questions[0].misreading_count, 2);
	ck_assert_str_eq(lesson.learned, "it\n");
}
END_TEST

// clang-format off
static const struct {
	const char *text, *message;
} faults[] = {
	{ "", "no title" },
	{ "# T\n\n```lesson\nobjective: o\ncolour: red\n```\n", "'colour'" },
	{ HEAD "```sh\nls\n```\n", "name of its own" },
	{ HEAD "```sh a\nls\n```\n\n```sh a\nls\n```\n", "name of its own" },
	{ HEAD "```sh a speed=9\nls\n```\n", "no such word: 'speed=9'" },
	{ HEAD "```question q\nkind: int\n```\n", "a question has" },
	{ HEAD "```question q\nkind: number\n```\n", "no such field or kind" },
	{ HEAD "```question q\nthis is no field\n```\n", "lesson.md:9: this is no" },
	{ HEAD "```question q\nmisread: 3, wrong\n```\n", "a misreading is" },
	{ HEAD "```question q\nmark: yes\n```\n", "'mark' is 'no' or" },
	{ HEAD QUESTION "```sh a\nls\n```\n", "before the questions" },
	{ HEAD "```draw\nn: 3\n```\n", "'n' is no draw" },
	{ HEAD "```draw\nn: 3, 9..4\n```\n", "'n' is no draw" },
	{ HEAD "```draw\ns: a, word 0..4\n```\n", "'s' is no draw" },
	{ HEAD "```need n\nok: true\n```\n", "a need has" },
};
// clang-format on

START_TEST(a_fault_of_the_author_is_told_with_its_line)
{
	struct lesson lesson;

	ck_assert_int_eq(parse(faults[_i].text, &lesson), -1);
	ck_assert_msg(strstr(text_string(&errors), faults[_i].message) != NULL,
		      "no '%s' in: %s", faults[_i].message,
		      text_string(&errors));
}
END_TEST

START_TEST(prose_is_wrapped_and_what_is_indented_keeps_its_blanks)
{
	struct text text = { 0 };

	prose_wrap("one two three four five six\n\n- an item that is long\n"
		   "  as it    stands, however long it is\n",
		   1, 20, &text);
	ck_assert_str_eq(
		text_string(&text),
		" one two three four\n five six\n\n - an item that is\n"
		"   long\n   as it    stands,\n       however long\n"
		"       it is\n");
	text_done(&text);
}
END_TEST

START_TEST(control_characters_are_spelled_out)
{
	struct text text = { 0 };

	text_add_safe(&text, "a\tb\033[0m\x80\xc3\xa9\xc2\x9b", 12, true);
	ck_assert_str_eq(text_string(&text),
			 "a       b\\x1b[0m\\x80\xc3\xa9\\xc2\\x9b");
	text_done(&text);
	text_add_safe(&text, "\xc3\xa9", 2, false);
	ck_assert_str_eq(text_string(&text), "\\xc3\\xa9");
	text_done(&text);
}
END_TEST

#define DRAWN                                                                  \
	HEAD "```draw\nprogram: p\ncall: f({n}, \"{s}\", {b}, {x})\n"          \
	     "n: 7, 10..99\ns: hello, word 6..8\nb: true, bool\n"              \
	     "keep: .n % 2 == 0\n```\n"

static jv draw(const struct lesson *lesson, unsigned long long seed)
{
	jv values;

	ck_assert_msg(draw_values(lesson, seed, &values, &errors) == 0, "%s",
		      text_string(&errors));
	return values;
}

START_TEST(one_seed_gives_one_draw_and_keep_is_kept)
{
	struct lesson lesson = parsed(DRAWN);

	for (unsigned long long seed = 1; seed < 9; seed++) {
		jv one = draw(&lesson, seed), two = draw(&lesson, seed);
		jv n = jv_object_get(jv_copy(one), jv_string("n"));

		ck_assert(jv_equal(jv_copy(one), two));
		ck_assert_int_eq((int)jv_number_value(n) % 2, 0);
		ck_assert(jv_number_value(n) >= 10 && jv_number_value(n) <= 99);
		jv_free(one);
	}
}
END_TEST

START_TEST(the_call_of_the_program_gets_the_drawn_values)
{
	struct lesson lesson = parsed(DRAWN);
	struct text source = { 0 };
	jv values = jv_parse("{\"n\":3,\"s\":\"x\",\"b\":false}");

	ck_assert_int_eq(draw_source(&lesson, jv_copy(values),
				     "a\nf(7, \"hello\", true, {x})\nb\n",
				     &source, &errors),
			 0);
	ck_assert_str_eq(text_string(&source),
			 "a\nf(3, \"x\", false, {x})\nb\n");
	ck_assert_int_eq(
		draw_source(&lesson, values, "nothing of it", &source, &errors),
		-1);
	text_done(&source);
}
END_TEST

START_TEST(a_draw_that_nothing_passes_is_refused)
{
	struct lesson lesson =
		parsed(HEAD "```draw\nprogram: p\ncall: {n}\nn: 1, 1..3\n"
			    "keep: .n > 3\n```\n");
	jv values;

	ck_assert_int_eq(draw_values(&lesson, 5, &values, &errors), -1);
	ck_assert_str_eq(text_string(&errors), "'keep' refuses every draw");
}
END_TEST

static struct sheet sheet_of(const struct lesson *lesson, const char *capture)
{
	struct sheet sheet;
	jv value = jv_parse(capture);

	ck_assert_msg(sheet_make(lesson, value, &pool, &sheet, &errors) == 0,
		      "%s", text_string(&errors));
	jv_free(value);
	return sheet;
}

START_TEST(a_question_is_asked_when_answer_and_witness_agree)
{
	struct lesson lesson = parsed(HEAD QUESTION);
	struct sheet sheet =
		sheet_of(&lesson, "{\"drawn\":{\"n\":7,\"w\":\"0x7\"}}");
	const struct item *item = &sheet.items[0];
	const struct misread *misread;
	struct answer got;
	const char *why;

	ck_assert_int_eq(item->standing, STANDING_ASKED);
	ck_assert_str_eq(item->ask, "How many?");
	ck_assert_uint_eq(item->mark_count, 1);
	ck_assert_uint_eq(item->marks[0].from, 5);
	ck_assert_int_eq(sheet_judge(item, "0x7", &pool, &got, &why), 1);
	ck_assert_int_eq(sheet_judge(item, "8", &pool, &got, &why), 0);
	misread = sheet_misread(item, &got, &pool);
	ck_assert_str_eq(misread->sentence, "One too many.");
	ck_assert_int_eq(sheet_judge(item, "x", &pool, &got, &why), -1);
}
END_TEST

START_TEST(a_question_is_not_asked_when_they_differ)
{
	struct lesson lesson = parsed(HEAD QUESTION);
	struct sheet sheet = sheet_of(&lesson, "{\"drawn\":{\"n\":7,\"w\":8}}");

	ck_assert_int_eq(sheet.items[0].standing, STANDING_UNEQUAL);
	ck_assert_str_eq(sheet.items[0].why,
			 "the answer is 7, its witness says 8");
	ck_assert_uint_eq(sheet.broken, 1);
	sheet = sheet_of(&lesson, "{\"drawn\":{\"n\":7}}");
	ck_assert_int_eq(sheet.items[0].standing, STANDING_BROKEN);
	sheet = sheet_of(&lesson, "{\"drawn\":3}");
	ck_assert_int_eq(sheet.items[0].standing, STANDING_BROKEN);
	ck_assert_ptr_nonnull(strstr(sheet.items[0].why, "--verbose"));
	ck_assert_ptr_null(strstr(sheet.items[0].why, "Cannot index"));
	ck_assert_ptr_nonnull(strstr(text_string(&errors), "Cannot index"));
}
END_TEST

START_TEST(a_disturbed_capture_is_told_from_one_that_lacks_something)
{
	struct lesson lesson =
		parsed(HEAD "```question one\nkind: int\nask: a\n"
			    "unless: .old\nagain: .busy\n"
			    "answer: .n\nwitness: .w\n```\n\n");
	struct sheet sheet = sheet_of(&lesson, "{\"busy\":\"it was busy\"}");

	ck_assert_uint_eq(sheet.disturbed, 1);
	ck_assert_uint_eq(sheet.broken, 0);
	ck_assert_int_eq(sheet.items[0].standing, STANDING_UNLESS);
	ck_assert_str_eq(sheet.items[0].why, "it was busy");
	sheet = sheet_of(&lesson, "{\"old\":\"too old\",\"busy\":\"busy\"}");
	ck_assert_uint_eq(sheet.disturbed, 0);
	ck_assert_str_eq(sheet.items[0].why, "too old");
	ck_assert_ptr_nonnull(strstr(sheet.refused, ": too old"));
	// What another capture would not change is a fault.
	sheet = sheet_of(&lesson, "{\"n\":7,\"w\":8}");
	ck_assert_uint_eq(sheet.disturbed, 0);
	ck_assert_uint_eq(sheet.broken, 1);
}
END_TEST

START_TEST(a_fault_in_a_lessons_jq_is_told_with_the_fields_name)
{
	struct lesson lesson =
		parsed(HEAD "```question q\nkind: int\nask: a\nanswer: .n + (\n"
			    "witness: 1\n```\n");
	struct sheet sheet;
	jv capture = jv_object();

	ck_assert_int_eq(sheet_make(&lesson, capture, &pool, &sheet, &errors),
			 -1);
	ck_assert_msg(
		strstr(text_string(&errors), "lesson.md:8: answer of 'q'"),
		"%s", text_string(&errors));
	jv_free(capture);
}
END_TEST

// What the prelude of lessons computes: program, input, result.
static const char *const queries[][3] = {
	{ "[\"0xff\", \"10\", \"C0\"] | map(unhex)", "null", "[255,16,192]" },
	{ "[25, 255, 0] | map(hex)", "null", "[\"0x19\",\"0xff\",\"0x0\"]" },
	{ "[25, 31] | map(hex_as_decimal)", "null", "[19,null]" },
	{ "25 | decimal_as_hex", "null", "37" },
	{ "line(\"a\"; \"^x\")",
	  "{\"steps\":[{\"name\":\"a\",\"lines\":[\"y\",\"x1\"]}]}", "\"x1\"" },
	{ "mark(\"a\"; \"^x\"; \"[0-9]+\") | map([.line, .from, .length])",
	  "{\"steps\":[{\"name\":\"a\",\"lines\":[\"y\",\"x12 3\"]}]}",
	  "[[2,1,2],[2,4,1]]" },
	{ "mark(\"a\"; \"^x\"; \"=([0-9]+)\") | map([.line, .from, .length])",
	  "{\"steps\":[{\"name\":\"a\",\"lines\":[\"x=12 3\"]}]}",
	  "[[1,2,2]]" },
	{ "below(\"a\"; \"^x\"; \"[0-9]+\") | map([.line, .from])",
	  "{\"steps\":[{\"name\":\"a\",\"lines\":[\"x 1\",\"y 2\",\"3\"]}]}",
	  "[[2,2]]" },
	{ "without(\"a\")",
	  "{\"steps\":[{\"name\":\"a\",\"skipped\":\"no gdb\"}]}",
	  "\"no gdb\"" },
};

START_TEST(the_functions_of_lessons_compute_what_they_say)
{
	jv result, wanted = jv_parse(queries[_i][2]), text;

	ck_assert_msg(query_run(queries[_i][0], jv_parse(queries[_i][1]),
				&result, &errors) == 0,
		      "%s: %s", queries[_i][0], text_string(&errors));
	text = jv_dump_string(jv_copy(result), 0);
	ck_assert_msg(jv_equal(result, wanted), "%s gives %s", queries[_i][0],
		      jv_string_value(text));
	jv_free(text);
}
END_TEST

START_TEST(texts_keep_everything_but_their_expressions)
{
	struct text program = { 0 };
	jv result;

	query_template("a \"b\" \\n \\(1 + (2)) \\(\")\") \\( end\ntab\t",
		       &program);
	ck_assert_msg(query_run(text_string(&program), jv_null(), &result,
				&errors) == 0,
		      "%s", text_string(&errors));
	ck_assert_str_eq(jv_string_value(result),
			 "a \"b\" \\n 3 ) \\( end tab\t");
	jv_free(result);
	text_done(&program);
}
END_TEST

START_TEST(answer_files_are_read_by_number_id_and_order)
{
	struct lesson lesson = parsed(HEAD QUESTION QUESTION QUESTION);
	const char *items[4] = { NULL };
	struct answers answers = { .items = items };

	lesson.questions[1].id = "two";
	lesson.questions[2].id = "three";
	grade_read(&lesson,
		   "# mine\r\n two : 0x4 \n\nafter two\nseed: 8f31\n1: 6\n"
		   "9: none\nnobody: 3\n",
		   &pool, &answers);
	ck_assert_str_eq(items[0], "6");
	ck_assert_str_eq(items[1], "0x4");
	ck_assert_str_eq(items[2], "after two");
	ck_assert_str_eq(answers.seed, "8f31");
	ck_assert_str_eq(answers.remarks,
			 "line 7: lesson 9 has no question '9'\n"
			 "line 8: lesson 9 has no question 'nobody'\n");
}
END_TEST

static struct results results_of(void)
{
	struct results results = { .pool = &pool,
				   .seed = "8f31",
				   .go = "1.26" };

	results_add(&results, &(struct result){ 1, 1, "len", "int",
						VERDICT_SOLVED, "2", "" });
	results_add(&results,
		    &(struct result){ 1, 2, "cap", "int", VERDICT_NOT_YET,
				      "<2>\033", "length & \"co\"" });
	results_add(&results,
		    &(struct result){ 1, 3, "core", "int", VERDICT_NOT_ASKED,
				      "", "no core # here" });
	return results;
}

// clang-format off
static const struct {
	const char *format, *part;
} reports[] = {
	{ NULL, "TAP version 14\n1..3\n# seed 8f31, go1.26\nok 1 - lesson1.len\n"
		"not ok 2 - lesson1.cap\n  ---\n  got: \"<2>\\u001b\"\n  kind: \"int\"\n"
		"  seen: \"length & \\\"co\\\"\"\n  ...\n"
		"ok 3 - lesson1.core # SKIP no core . here\n" },
	{ "gradescope", "\"status\": \"failed\"" },
	{ "gradescope", "lesson1.core was not asked: no core # here" },
	{ "exercism", "\"version\": 3" },
	{ "junit", "tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\"" },
	{ "junit", "message=\"got &lt;2&gt; . length &amp; &quot;co&quot;\"" },
	{ "github", "eyJ" },
};
// clang-format on

START_TEST(each_report_has_its_form)
{
	struct results results = results_of();
	struct text text = { 0 };

	ck_assert_int_eq(results_status(&results), 1);
	ck_assert_int_eq(results_write(&results, reports[_i].format, &text), 0);
	ck_assert_msg(strstr(text_string(&text), reports[_i].part) != NULL,
		      "no '%s' in:\n%s", reports[_i].part, text_string(&text));
	text_done(&text);
}
END_TEST

START_TEST(no_other_format_is_known)
{
	struct results results = results_of();
	struct text text = { 0 };

	ck_assert_int_eq(results_write(&results, "xls", &text), -1);
	text_done(&text);
}
END_TEST

static const char *room(void)
{
	char *path = pool_string(&pool, "/tmp/check-lessons-XXXXXX");

	ck_assert_ptr_nonnull(mkdtemp(path));
	return path;
}

START_TEST(progress_is_read_as_it_was_written)
{
	const char *folder = room(), *why = NULL;
	struct progress progress;
	unsigned long long seed;

	ck_assert_int_eq(progress_open(folder, &pool, &progress, &why), 0);
	progress.last = 2;
	progress_set_seed(&progress, 1, 0);
	progress_set_seed(&progress, 2, 0x8f31);
	progress_row(&progress, 2, "word")->state = STATE_SOLVED;
	progress_row(&progress, 2, "word")->misses = 3;
	progress_row(&progress, 2, "other")->hints = 1;
	progress_row(&progress, 1, "gone")->state = STATE_SKIPPED;
	progress_forget(&progress, 1);
	ck_assert_int_eq(progress_save(&progress), 0);
	progress_close(&progress);

	ck_assert_int_eq(progress_open(folder, &pool, &progress, &why), 0);
	ck_assert_int_eq(progress.last, 2);
	ck_assert_uint_eq(progress.row_count, 2);
	ck_assert(progress_seed(&progress, 2, &seed));
	ck_assert_uint_eq(seed, 0x8f31);
	ck_assert(!progress_seed(&progress, 1, &seed));
	ck_assert_int_eq(progress_row(&progress, 2, "word")->state,
			 STATE_SOLVED);
	ck_assert_uint_eq(progress_row(&progress, 2, "word")->misses, 3);
	ck_assert_uint_eq(progress_row(&progress, 2, "other")->hints, 1);
	progress_close(&progress);
	ck_assert_int_eq(remove_all(folder), 0);
}
END_TEST

START_TEST(a_progress_file_of_another_format_is_left_alone)
{
	const char *folder = room(), *why = NULL;
	const char *path = pool_format(&pool, "%s/progress", folder);
	struct progress progress;
	struct text text = { 0 }, after = { 0 };

	text_puts(&text, "gocrash-progress 9 of the future\n");
	ck_assert_int_eq(text_write(&text, path), 0);
	ck_assert_int_eq(progress_open(folder, &pool, &progress, &why), -1);
	ck_assert_ptr_nonnull(strstr(why, "left as it is"));
	ck_assert_int_eq(text_read(&after, path, 1000), 0);
	ck_assert_str_eq(text_string(&after), text_string(&text));
	text_done(&text);
	text_done(&after);
	ck_assert_int_eq(remove_all(folder), 0);
}
END_TEST

START_TEST(removing_a_folder_does_not_follow_links)
{
	const char *folder = room(), *kept = room();
	struct text text = { 0 };

	text_puts(&text, "x");
	ck_assert_int_eq(text_write(&text, pool_format(&pool, "%s/f", kept)),
			 0);
	ck_assert_int_eq(make_folders(pool_format(&pool, "%s/a/b", folder)), 0);
	ck_assert_int_eq(symlink(kept, pool_format(&pool, "%s/a/l", folder)),
			 0);
	ck_assert_int_eq(remove_all(folder), 0);
	ck_assert(!is_folder(folder));
	ck_assert(is_file(pool_format(&pool, "%s/f", kept)));
	ck_assert_int_eq(remove_all(kept), 0);
	text_done(&text);
}
END_TEST

START_TEST(seeds_are_hexadecimal_or_the_courses)
{
	unsigned long long seed = 1;

	ck_assert_int_eq(seed_read("course", &seed), 0);
	ck_assert_uint_eq(seed, 0);
	ck_assert_int_eq(seed_read("8F31", &seed), 0);
	ck_assert_str_eq(seed_name(seed, &pool), "8f31");
	ck_assert_int_eq(seed_read("", &seed), -1);
	ck_assert_int_eq(seed_read("0x12", &seed), -1);
	ck_assert_int_eq(seed_read("12345678901234567", &seed), -1);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

static TCase *reading(void)
{
	TCase *tcase = tcase_create("lessons");

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, a_lesson_has_its_blocks_in_order);
	tcase_add_test(tcase, steps_beside_others_name_their_server);
	tcase_add_loop_test(tcase, a_step_for_no_server_is_refused, 0,
			    sizeof(misplaced) / sizeof(*misplaced));
	tcase_add_test(tcase, a_value_takes_the_place_of_its_name);
	tcase_add_loop_test(tcase, a_fault_of_the_author_is_told_with_its_line,
			    0, ROWS(faults));
	tcase_add_test(tcase,
		       prose_is_wrapped_and_what_is_indented_keeps_its_blanks);
	tcase_add_test(tcase, control_characters_are_spelled_out);
	tcase_add_test(tcase, one_seed_gives_one_draw_and_keep_is_kept);
	tcase_add_test(tcase, the_call_of_the_program_gets_the_drawn_values);
	tcase_add_test(tcase, a_draw_that_nothing_passes_is_refused);
	tcase_add_test(tcase, seeds_are_hexadecimal_or_the_courses);
	return tcase;
}

static TCase *judging(void)
{
	TCase *tcase = tcase_create("sheets");

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase,
		       a_question_is_asked_when_answer_and_witness_agree);
	tcase_add_test(tcase, a_question_is_not_asked_when_they_differ);
	tcase_add_test(
		tcase,
		a_disturbed_capture_is_told_from_one_that_lacks_something);
	tcase_add_test(tcase,
		       a_fault_in_a_lessons_jq_is_told_with_the_fields_name);
	tcase_add_loop_test(tcase,
			    the_functions_of_lessons_compute_what_they_say, 0,
			    ROWS(queries));
	tcase_add_test(tcase, texts_keep_everything_but_their_expressions);
	tcase_add_test(tcase, answer_files_are_read_by_number_id_and_order);
	tcase_add_loop_test(tcase, each_report_has_its_form, 0, ROWS(reports));
	tcase_add_test(tcase, no_other_format_is_known);
	return tcase;
}

static TCase *keeping(void)
{
	TCase *tcase = tcase_create("progress");

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, progress_is_read_as_it_was_written);
	tcase_add_test(tcase, a_progress_file_of_another_format_is_left_alone);
	tcase_add_test(tcase, removing_a_folder_does_not_follow_links);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("lessons");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, reading());
	suite_add_tcase(suite, judging());
	suite_add_tcase(suite, keeping());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
