/*
 * TAP 14; Gradescope's results.json; the base64 of GitHub Classroom's runners;
 * Exercism's results.json version 3; JUnit XML as it is by custom.
 */

#include "report.h"

#include <jq.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

// clang-format off
static const struct {
	const char *gradescope, *github, *exercism;
	int status;
} verdicts[] = {
	[VERDICT_SOLVED]    = { "passed", "pass",  "pass",  0 },
	[VERDICT_NOT_YET]   = { "failed", "fail",  "fail",  1 },
	[VERDICT_NOT_ASKED] = { NULL,     NULL,    NULL,    0 },
	[VERDICT_BROKEN]    = { "failed", "error", "error", 2 },
};
// clang-format on

_Static_assert(sizeof(verdicts) / sizeof(*verdicts) == VERDICT_COUNT,
	       "a row a verdict");

void results_add(struct results *results, const struct result *result)
{
	results->items = pool_more(results->pool, results->items,
				   results->count, sizeof(*results->items));
	results->items[results->count++] = *result;
}

int results_status(const struct results *results)
{
	int status = 0;

	for (size_t i = 0; i < results->count; i++)
		if (verdicts[results->items[i].verdict].status > status)
			status = verdicts[results->items[i].verdict].status;
	return status;
}

static const char *name_of(const struct results *results,
			   const struct result *result)
{
	return pool_format(results->pool, "lesson%d%s%s", result->lesson,
			   *result->question ? "." : "", result->question);
}

static size_t count_of(const struct results *results, enum verdict verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < results->count; i++)
		count += results->items[i].verdict == verdict;
	return count;
}

static size_t asked(const struct results *results)
{
	return results->count - count_of(results, VERDICT_NOT_ASKED);
}

// A remark on one line, for TAP: without `#`, which would be a directive.
static void add_line(struct text *ret, const char *remark)
{
	for (; *remark; remark++) {
		if ((unsigned char)*remark < ' ')
			text_char(ret, ' ');
		else
			text_char(ret, *remark == '#' ? '.' : *remark);
	}
}

// A YAML string in double quotes.
static void add_yaml(struct text *ret, const char *key, const char *value)
{
	jv string;

	if (!*value)
		return;
	string = jv_dump_string(jv_string(value), 0);
	text_format(ret, "  %s: %s\n", key, jv_string_value(string));
	jv_free(string);
}

static void write_tap(const struct results *results, struct text *ret)
{
	text_format(ret, "TAP version 14\n1..%zu\n", results->count);
	if (results->seed)
		text_format(ret, "# seed %s, go%s\n", results->seed,
			    results->go);
	for (const char *at = results->remarks; at && *at;) {
		size_t size = strcspn(at, "\n");

		text_puts(ret, "# ");
		text_add_safe(ret, at, size, true);
		text_char(ret, '\n');
		at += size + (at[size] == '\n');
	}
	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->items[i];
		bool ok = verdicts[result->verdict].status == 0;

		text_format(ret, "%sok %zu - %s", ok ? "" : "not ", i + 1,
			    name_of(results, result));
		if (result->verdict == VERDICT_NOT_ASKED) {
			text_puts(ret, " # SKIP ");
			add_line(ret, result->remark);
		}
		text_char(ret, '\n');
		if (ok)
			continue;
		text_puts(ret, "  ---\n");
		add_yaml(ret, "got", result->got);
		add_yaml(ret, "kind", result->kind);
		add_yaml(ret,
			 result->verdict == VERDICT_BROKEN ? "broken" : "seen",
			 result->remark);
		text_puts(ret, "  ...\n");
	}
}

static jv set(jv object, const char *key, jv value)
{
	return jv_object_set(object, jv_string(key), value);
}

static const char *message_of(const struct results *results,
			      const struct result *result)
{
	if (result->verdict == VERDICT_SOLVED)
		return "";
	if (!*result->got)
		return *result->remark ? result->remark : "no answer given";
	return pool_format(results->pool, "got %s%s%s", result->got,
			   *result->remark ? ". " : "", result->remark);
}

static void add_json(struct text *ret, jv value)
{
	jv string = jv_dump_string(value, JV_PRINT_INDENT_FLAGS(2));

	text_puts(ret, jv_string_value(string));
	text_char(ret, '\n');
	jv_free(string);
}

static jv gradescope_test(const struct results *results,
			  const struct result *result)
{
	jv test = jv_object();
	bool solved = result->verdict == VERDICT_SOLVED;
	const char *number = pool_format(results->pool, "%d.%zu",
					 result->lesson, result->number);

	test = set(test, "score", jv_number(solved));
	test = set(test, "max_score", jv_number(1));
	test = set(test, "status",
		   jv_string(verdicts[result->verdict].gradescope));
	test = set(test, "name", jv_string(name_of(results, result)));
	test = set(test, "number", jv_string(number));
	return set(test, "output", jv_string(message_of(results, result)));
}

static void write_gradescope(const struct results *results, struct text *ret)
{
	jv tests = jv_array(), all = jv_object(), extra = jv_object();
	struct text output = { 0 };

	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->items[i];

		if (result->verdict != VERDICT_NOT_ASKED)
			tests = jv_array_append(
				tests, gradescope_test(results, result));
		else
			text_format(&output, "%s was not asked: %s\n",
				    name_of(results, result), result->remark);
	}
	if (results->seed)
		extra = set(extra, "seed", jv_string(results->seed));
	all = set(all, "output", jv_string(text_string(&output)));
	all = set(all, "extra_data", extra);
	add_json(ret, set(all, "tests", tests));
	text_done(&output);
}

static void add_base64(struct text *ret, const char *data, size_t size)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < size; i += 3) {
		size_t left = size - i < 3 ? size - i : 3;
		unsigned long bits = 0;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 |
			       (k < left ? (unsigned char)data[i + k] : 0u);
		for (size_t k = 0; k < 4; k++)
			text_char(
				ret,
				k > left ? '='
					 : digits[bits >> (18 - 6 * k) & 0x3f]);
	}
	text_char(ret, '\n');
}

static const char *overall(const struct results *results)
{
	static const char *const names[] = { "pass", "fail", "error" };

	return names[results_status(results)];
}

static void write_github(const struct results *results, struct text *ret)
{
	jv tests = jv_array(), all = jv_object(), string;

	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->items[i];
		jv test = jv_object();
		bool solved = result->verdict == VERDICT_SOLVED;

		if (result->verdict == VERDICT_NOT_ASKED) {
			jv_free(test);
			continue;
		}
		test = set(test, "name", jv_string(name_of(results, result)));
		test = set(test, "status",
			   jv_string(verdicts[result->verdict].github));
		test = set(test, "score", jv_number(solved));
		test = set(test, "message",
			   jv_string(message_of(results, result)));
		test = set(test, "test_code", jv_string(""));
		test = set(test, "filename", jv_string(""));
		test = set(test, "line_no", jv_number(0));
		test = set(test, "execution_time", jv_number(0));
		tests = jv_array_append(tests, test);
	}
	all = set(all, "version", jv_number(1));
	all = set(all, "status", jv_string(overall(results)));
	all = set(all, "max_score", jv_number((double)asked(results)));
	all = set(all, "tests", tests);
	string = jv_dump_string(all, 0);
	add_base64(ret, jv_string_value(string),
		   (size_t)jv_string_length_bytes(jv_copy(string)));
	jv_free(string);
}

static void write_exercism(const struct results *results, struct text *ret)
{
	jv tests = jv_array(), all = jv_object(), message = jv_null();

	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->items[i];
		jv test = jv_object();

		if (result->verdict == VERDICT_NOT_ASKED) {
			jv_free(test);
			continue;
		}
		if (result->verdict == VERDICT_BROKEN) {
			jv_free(message);
			message = jv_string(result->remark);
		}
		test = set(test, "name", jv_string(name_of(results, result)));
		test = set(test, "status",
			   jv_string(verdicts[result->verdict].exercism));
		test = set(test, "message",
			   result->verdict == VERDICT_SOLVED
				   ? jv_null()
				   : jv_string(message_of(results, result)));
		test = set(test, "task_id", jv_number((double)result->number));
		tests = jv_array_append(tests, test);
	}
	all = set(all, "version", jv_number(3));
	all = set(all, "status", jv_string(overall(results)));
	all = set(all, "message", message);
	add_json(ret, set(all, "tests", tests));
}

// XML 1.0 can hold neither control characters nor these five as they are.
static void add_xml(struct text *ret, const char *value)
{
	static const char special[] = "<>&\"'";
	static const char *const names[] = { "&lt;", "&gt;", "&amp;", "&quot;",
					     "&apos;" };

	for (; *value; value++) {
		const char *found = strchr(special, *value);

		if (found)
			text_puts(ret, names[found - special]);
		else if ((unsigned char)*value < ' ')
			text_char(ret, ' ');
		else
			text_char(ret, *value);
	}
}

static void junit_case(const struct results *results,
		       const struct result *result, struct text *ret)
{
	// clang-format off
	static const char *const elements[] = {
		[VERDICT_SOLVED]    = NULL,
		[VERDICT_NOT_YET]   = "failure",
		[VERDICT_NOT_ASKED] = "skipped",
		[VERDICT_BROKEN]    = "error",
	};
	// clang-format on
	const char *element = elements[result->verdict];

	text_format(ret, "  <testcase classname=\"lesson%d\" name=\"",
		    result->lesson);
	add_xml(ret, *result->question ? result->question : "capture");
	text_puts(ret, element ? "\">" : "\"/>\n");
	if (!element)
		return;
	text_format(ret, "<%s message=\"", element);
	add_xml(ret, message_of(results, result));
	text_puts(ret, "\"/></testcase>\n");
}

static void write_junit(const struct results *results, struct text *ret)
{
	text_puts(ret, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	text_format(ret,
		    "<testsuites>\n <testsuite name=\"lessons\" tests=\"%zu\" "
		    "failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
		    results->count, count_of(results, VERDICT_NOT_YET),
		    count_of(results, VERDICT_BROKEN),
		    count_of(results, VERDICT_NOT_ASKED));
	if (results->seed)
		text_format(ret,
			    "  <properties><property name=\"seed\" "
			    "value=\"%s\"/></properties>\n",
			    results->seed);
	for (size_t i = 0; i < results->count; i++)
		junit_case(results, &results->items[i], ret);
	text_puts(ret, " </testsuite>\n</testsuites>\n");
}

// clang-format off
static const struct {
	const char *name;
	void (*write)(const struct results *results, struct text *ret);
} formats[] = {
	{ "tap",        write_tap },
	{ "gradescope", write_gradescope },
	{ "github",     write_github },
	{ "exercism",   write_exercism },
	{ "junit",      write_junit },
};
// clang-format on

int results_write(const struct results *results, const char *format,
		  struct text *ret)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		if (strcmp(format ? format : "tap", formats[i].name) != 0)
			continue;
		formats[i].write(results, ret);
		return 0;
	}
	return -1;
}
