/* Digests: whatever the order and the bracketing, the same bytes. */

#include "support_writers.h"

#include "digest.h"
#include "span.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct gcr_error err;

static struct gcr_digest *new_digest(void)
{
	struct gcr_digest *digest;

	ck_assert_int_eq(gcr_digest_new(NULL, &digest, &err), 0);
	return digest;
}

// As a NUL-terminated document; the digest is freed.
static char *document_of(struct gcr_digest *digest)
{
	struct text text = { 0 };
	struct gcr_output output = text_output(&text);

	ck_assert_int_eq(gcr_write_digest(digest, &output, &err), 0);
	text_put(&text, "", 1);
	gcr_digest_free(digest);
	return text.data;
}

static void merge(struct gcr_digest *digest, const char *document)
{
	int result = gcr_digest_merge(digest, gcr_span_of(document), &err);

	ck_assert_msg(result == 0, "%zu:%zu: %s", err.line, err.column,
		      err.text);
}

static char *merge_two(const char *a, const char *b)
{
	struct gcr_digest *digest = new_digest();

	merge(digest, a);
	merge(digest, b);
	return document_of(digest);
}

static char *digest_text(struct gcr_span text, const char *host)
{
	struct gcr_census *census = count_text(text);
	struct gcr_digest *digest = new_digest();
	struct gcr_span name = { host, host != NULL ? strlen(host) : 0 };

	for (size_t i = 0; i < gcr_census_dump_count(census); i++)
		ck_assert_int_eq(gcr_digest_add(digest,
						gcr_census_dump(census, i),
						name, &err),
				 0);
	gcr_census_free(census);
	return document_of(digest);
}

/* The laws --------------------------------------------------------------------- */

enum {
	MOST_PARTS = 120
};

struct parts {
	char *items[MOST_PARTS];
	size_t count;
};

// Dumps of many releases; hosts come more than once, one is not known.
static struct parts make_parts(void)
{
	struct file_list files = list_files("tests/data/recorded", ".txt");
	struct parts parts = { .count = 0 };

	for (size_t i = 0; i < files.count && parts.count < MOST_PARTS;
	     i += files.count / MOST_PARTS + 1) {
		struct file file = load_file(files.paths[i]);
		char host[40];

		snprintf(host, sizeof(host), "web-%zu", i * 7919 % 97);
		parts.items[parts.count++] = digest_text(
			file_span(&file), i % 11 == 0 ? NULL : host);
		unload_file(&file);
	}
	free_list(&files);
	return parts;
}

static uint64_t random_state;

static size_t random_below(size_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (size_t)(random_state % limit);
}

// Two parts, any two, become one, until one is left.
static char *fold_at_random(const struct parts *parts)
{
	struct parts left = *parts;

	for (size_t i = 0; i < left.count; i++) {
		left.items[i] = strdup(left.items[i]);
		ck_assert_ptr_nonnull(left.items[i]);
	}
	while (left.count > 1) {
		size_t a = random_below(left.count), b;
		char *first = left.items[a], *second;

		left.items[a] = left.items[--left.count];
		b = random_below(left.count);
		second = left.items[b];
		left.items[b] = merge_two(first, second);
		free(first);
		free(second);
	}
	return left.items[0];
}

static char *fold_in_order(const struct parts *parts)
{
	struct gcr_digest *digest = new_digest();

	for (size_t i = 0; i < parts->count; i++)
		merge(digest, parts->items[i]);
	return document_of(digest);
}

static void free_parts(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		free(parts->items[i]);
}

START_TEST(any_order_and_any_bracketing_give_the_same_bytes)
{
	struct parts parts = make_parts();
	char *whole = fold_in_order(&parts);

	random_state = 0x9e3779b97f4a7c15;
	ck_assert_uint_gt(parts.count, 50);
	for (int i = 0; i < 12; i++) {
		char *other = fold_at_random(&parts);
		ck_assert_str_eq(other, whole);
		free(other);
	}
	free(whole);
	free_parts(&parts);
}
END_TEST

START_TEST(a_document_merged_alone_is_itself)
{
	struct parts parts = make_parts();

	for (size_t i = 0; i < parts.count; i++) {
		struct gcr_digest *digest = new_digest();
		merge(digest, parts.items[i]);
		char *again = document_of(digest);
		ck_assert_str_eq(again, parts.items[i]);
		free(again);
	}
	free_parts(&parts);
}
END_TEST

START_TEST(documents_and_the_dumps_themselves_fold_to_the_same)
{
	struct file file = load_file("tests/data/recorded/go1.22/"
				     "states.default.txt");
	struct gcr_census *census = count_text(file_span(&file));
	struct gcr_digest *direct = new_digest();

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(gcr_digest_add(direct,
						gcr_census_dump(census, 0),
						GCR_SPAN("a"), &err),
				 0);
	char *one = digest_text(file_span(&file), "a");
	char *two = merge_two(one, one), *three = merge_two(two, one);
	char *expected = document_of(direct);
	ck_assert_str_eq(three, expected);
	free(one);
	free(two);
	free(three);
	free(expected);
	gcr_census_free(census);
	unload_file(&file);
}
END_TEST

/* What a document says ----------------------------------------------------------- */

#define DUMP                                                                   \
	"goroutine 7 [select, 5 minutes]:\nmain.f(0x1)\n\t/src/a.go:7 +0x1d\n" \
	"created by main.main in goroutine 1\n\t/src/m.go:3 +0x5\n\n"          \
	"goroutine 8 [select]:\nmain.f(0x2)\n\t/src/a.go:7 +0x1d\n"            \
	"created by main.main in goroutine 1\n\t/src/m.go:3 +0x5\n"

START_TEST(a_document_has_what_makes_a_group_and_how_many_there_are)
{
	char *document = digest_text(GCR_SPAN(DUMP), "web-1");

	ck_assert_str_eq(
		document,
		"{\"format\":\"gocrash-groups/1\",\"hosts\":{\"count\":1,"
		"\"exact\":true,\"names\":[\"web-1\"]},\"dumps\":1,"
		"\"goroutines\":2,\"groups\":[{\"fingerprint\":"
		"\"095767bfa3d63087\",\"kind\":\"goroutine\",\"state\":"
		"\"select\",\"elided\":false,\"frames\":[{\"function\":"
		"\"main.f\",\"file\":\"a.go\",\"line\":7}],\"creator\":"
		"{\"function\":\"main.main\",\"file\":\"m.go\",\"line\":3},"
		"\"count\":2,\"minutes\":{\"least\":0,\"most\":5},\"dumps\":1,"
		"\"hosts\":{\"count\":1,\"exact\":true,\"names\":[\"web-1\"]},"
		"\"example\":{\"host\":\"web-1\",\"goroutine\":7}}]}\n");
	free(document);
}
END_TEST

static const struct gcr_digest_group *only_group(struct gcr_digest *digest)
{
	ck_assert_uint_eq(digest->group_count, 1);
	return digest->groups[0];
}

START_TEST(of_two_as_old_the_example_is_the_first_hosts)
{
	char *a = digest_text(GCR_SPAN(DUMP), "b"),
	     *b = digest_text(GCR_SPAN(DUMP), "a");
	struct gcr_digest *digest = new_digest();

	merge(digest, a);
	merge(digest, b);
	assert_span(only_group(digest)->example_host, "a", "host");
	ck_assert_uint_eq(only_group(digest)->count, 4);
	ck_assert_uint_eq(only_group(digest)->dumps, 2);
	ck_assert_uint_eq(gcr_hosts_count(&only_group(digest)->hosts), 2);
	gcr_digest_free(digest);
	free(a);
	free(b);
}
END_TEST

#define GROUP(count)                                                           \
	"{\"format\":\"gocrash-groups/1\",\"goroutines\":" count               \
	",\"dumps\":1,\"hosts\":{},\"groups\":[{\"fingerprint\":"              \
	"\"0000000000000001\",\"state\":\"a\",\"frames\":[],\"count\":" count  \
	",\"creator\":null}]}"

START_TEST(counts_stop_at_their_largest_value)
{
	struct gcr_digest *digest = new_digest();

	merge(digest, GROUP("18446744073709551615"));
	merge(digest, GROUP("5"));
	ck_assert_uint_eq(only_group(digest)->count, UINT64_MAX);
	ck_assert_uint_eq(digest->goroutines, UINT64_MAX);
	ck_assert_uint_eq(digest->dumps, 2);
	gcr_digest_free(digest);
}
END_TEST

START_TEST(members_of_other_names_and_white_space_do_not_matter)
{
	struct gcr_digest *digest = new_digest();

	merge(digest,
	      " {\n\t\"waits\": [ { \"x\" : [ 1.5e-7, null, true, \"\\u00e9\" ]"
	      " , \"y\" : { } } , [ ] ] ,\r\n \"groups\" : [ ] , \"format\" : "
	      "\"gocrash\\u002dgroups/1\" }\n\n");
	ck_assert_uint_eq(digest->group_count, 0);
	gcr_digest_free(digest);
}
END_TEST

START_TEST(same_fingerprints_of_different_groups_stay_apart)
{
	struct gcr_digest *digest = new_digest();

	merge(digest, GROUP("5"));
	merge(digest,
	      "{\"format\":\"gocrash-groups/1\",\"groups\":[{\"fingerprint\":"
	      "\"0000000000000001\",\"state\":\"b\",\"count\":1},"
	      "{\"fingerprint\":\"0000000000000001\",\"state\":\"a\","
	      "\"frames\":[{\"function\":\"f\"}],\"count\":1},"
	      "{\"fingerprint\":\"0000000000000001\",\"state\":\"a\","
	      "\"count\":2}]}");
	ck_assert_uint_eq(digest->group_count, 3);
	gcr_digest_sort(digest);
	ck_assert_uint_eq(digest->groups[0]->count, 7);
	gcr_digest_free(digest);
}
END_TEST

/* Hosts -------------------------------------------------------------------------- */

static struct gcr_digest *many_hosts(size_t count, size_t step)
{
	struct gcr_digest *digest = new_digest();
	struct gcr_census *census = count_text(GCR_SPAN(DUMP));

	for (size_t i = 0; i < count; i++) {
		char host[40];
		int size = snprintf(host, sizeof(host), "node-%06zu",
				    i * step % count);
		struct gcr_span name = { host, (size_t)size };
		ck_assert_int_eq(gcr_digest_add(digest,
						gcr_census_dump(census, 0),
						name, &err),
				 0);
	}
	gcr_census_free(census);
	return digest;
}

START_TEST(hosts_are_counted_once_and_the_first_names_kept)
{
	static const size_t counts[] = { 1, 8, 9, 63 };

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		size_t count = counts[i];
		char *a = document_of(many_hosts(count, 1));
		char *b = document_of(many_hosts(count, count > 9 ? 10 : 5));
		struct gcr_digest *digest = new_digest();

		merge(digest, a);
		merge(digest, b);
		ck_assert_uint_eq(gcr_hosts_count(&digest->hosts), count);
		ck_assert(gcr_hosts_exact(&digest->hosts));
		assert_span(digest->hosts.names[0], "node-000000", "first");
		ck_assert_uint_eq(digest->dumps, 2 * count);
		gcr_digest_free(digest);
		free(a);
		free(b);
	}
}
END_TEST

START_TEST(more_hosts_than_marks_are_estimated_and_said_to_be)
{
	static const size_t counts[] = { 100, 1000, 20000 };

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct gcr_digest *digest = many_hosts(counts[i], 1);
		uint64_t count = gcr_hosts_count(&digest->hosts);

		ck_assert(!gcr_hosts_exact(&digest->hosts));
		ck_assert_uint_gt(count, counts[i] * 7 / 10);
		ck_assert_uint_lt(count, counts[i] * 13 / 10);
		char *once = document_of(digest);
		char *twice = merge_two(once, once);
		ck_assert_ptr_nonnull(strstr(twice, "\"exact\":false"));
		free(once);
		free(twice);
	}
}
END_TEST

/* What is no document ------------------------------------------------------------ */

static const struct {
	const char *text;
	size_t line, column;
	const char *why;
} bad[] = {
	{ "x", 1, 1, "expected '{'" },
	{ "[]", 1, 1, "expected '{'" },
	{ "{", 1, 2, "expected '\"'" },
	{ "{}", 1, 3, "not of the format" },
	{ "{\"format\":\"gocrash/1\",\"groups\":[]}", 1, 22,
	  "not of the format" },
	{ "{\"format\":\"gocrash-groups/1\"}", 1, 30, "not of the format" },
	{ "{\"format\":\"gocrash-groups/1\",\"groups\":[{}]}", 1, 42,
	  "without a fingerprint" },
	{ "{\"dumps\":-1}", 1, 10, "whole number" },
	{ "{\"dumps\":1.5}", 1, 10, "whole number" },
	{ "{\"dumps\":18446744073709551616}", 1, 10, "whole number" },
	{ "{\"dumps\":\"1\"}", 1, 10, "whole number" },
	{ "{\"dumps\":01}", 1, 10, "whole number" },
	{ "{\"dumps\":1,}", 1, 12, "expected '\"'" },
	{ "{\"dumps\":1 \"x\":2}", 1, 12, "expected ','" },
	{ "{\n\n  \"a\":\x01}", 3, 7, "expected a value" },
	{ "{\"a\":\"\xff\"}", 1, 7, "no text" },
	{ "{\"a\":\"b", 1, 7, "without an end" },
	{ "{\"a\":nul}", 1, 6, "expected a value" },
	{ "{\"groups\":[{\"fingerprint\":\"12\"}]}", 1, 31, "16 hex" },
	{ "{\"groups\":[{\"state\":\"\\ud800\\x\"}]}", 1, 22,
	  "no such escape" },
	{ "{\"a\":\"\\u\"}", 1, 7, "four digits" },
	{ "{\"a\":\"\\u12\"}", 1, 7, "four digits" },
	{ "{\"groups\":[{\"frames\":[[]]}]}", 1, 23, "expected '{'" },
};

START_TEST(what_is_no_document_is_refused_with_its_place)
{
	struct gcr_digest *digest = new_digest();
	const char *why = bad[_i].why;

	ck_assert_int_eq(
		gcr_digest_merge(digest, gcr_span_of(bad[_i].text), &err), -1);
	ck_assert_msg(err.code == GCR_FORMAT && strstr(err.text, why) != NULL &&
			      err.line == bad[_i].line &&
			      err.column == bad[_i].column,
		      "%s: %zu:%zu: %s", bad[_i].text, err.line, err.column,
		      err.text);
	ck_assert_uint_eq(digest->group_count, 0);
	gcr_digest_free(digest);
}
END_TEST

START_TEST(deep_nesting_is_refused_and_does_not_recurse)
{
	struct text text = { 0 };
	struct gcr_digest *digest = new_digest();

	text_print(&text, "{\"x\":");
	for (int i = 0; i < 100000; i++)
		text_put(&text, "[", 1);
	ck_assert_int_eq(
		gcr_digest_merge(digest,
				 (struct gcr_span){ text.data, text.size },
				 &err),
		-1);
	ck_assert_ptr_nonnull(strstr(err.text, "nested too deeply"));
	gcr_digest_free(digest);
	text_free(&text);
}
END_TEST

START_TEST(a_document_cut_anywhere_is_refused)
{
	char *document = digest_text(GCR_SPAN(DUMP), "web-1");
	size_t size = strlen(document) - 1;

	for (size_t i = 1; i < size; i++) {
		struct gcr_digest *digest = new_digest();
		char *copy = malloc(i);

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, document, i);
		ck_assert_int_eq(gcr_digest_merge(digest,
						  (struct gcr_span){ copy, i },
						  &err),
				 -1);
		ck_assert_uint_eq(digest->group_count, 0);
		gcr_digest_free(digest);
		free(copy);
	}
	free(document);
}
END_TEST

START_TEST(allocations_fail_one_after_the_other)
{
	char *document = digest_text(GCR_SPAN(DUMP), "web-1");

	for (size_t n = 1;; n++) {
		struct gcr_limits limits = { .fail_at = n };
		struct gcr_digest *digest;
		bool done;

		if (gcr_digest_new(&limits, &digest, &err) != 0) {
			ck_assert_int_eq(err.code, GCR_NOMEM);
			continue;
		}
		done = gcr_digest_merge(digest, gcr_span_of(document), &err) ==
		       0;
		gcr_digest_free(digest);
		if (done) {
			ck_assert_uint_gt(n, 8);
			break;
		}
		ck_assert_int_eq(err.code, GCR_NOMEM);
	}
	free(document);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("digest");
	TCase *laws = tcase_create("laws");
	TCase *content = tcase_create("content");
	TCase *refused = tcase_create("refused");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(laws, 120);
	tcase_add_test(laws, any_order_and_any_bracketing_give_the_same_bytes);
	tcase_add_test(laws, a_document_merged_alone_is_itself);
	tcase_add_test(laws,
		       documents_and_the_dumps_themselves_fold_to_the_same);
	suite_add_tcase(suite, laws);
	tcase_set_timeout(content, 60);
	tcase_add_test(
		content,
		a_document_has_what_makes_a_group_and_how_many_there_are);
	tcase_add_test(content, of_two_as_old_the_example_is_the_first_hosts);
	tcase_add_test(content, counts_stop_at_their_largest_value);
	tcase_add_test(content,
		       members_of_other_names_and_white_space_do_not_matter);
	tcase_add_test(content,
		       same_fingerprints_of_different_groups_stay_apart);
	tcase_add_test(content,
		       hosts_are_counted_once_and_the_first_names_kept);
	tcase_add_test(content,
		       more_hosts_than_marks_are_estimated_and_said_to_be);
	suite_add_tcase(suite, content);
	tcase_set_timeout(refused, 60);
	tcase_add_loop_test(refused,
			    what_is_no_document_is_refused_with_its_place, 0,
			    (int)(sizeof(bad) / sizeof(bad[0])));
	tcase_add_test(refused, deep_nesting_is_refused_and_does_not_recurse);
	tcase_add_test(refused, a_document_cut_anywhere_is_refused);
	tcase_add_test(refused, allocations_fail_one_after_the_other);
	suite_add_tcase(suite, refused);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
