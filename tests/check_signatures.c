/*
 * Random signatures called with known values, by real toolchains: go1.13 to
 * go1.26, default builds, `-N -l` builds and 386 builds. See
 * tests/data/signatures/make.sh for the tables.
 *
 * The first law: a wrong value is never called exact. The second: where the
 * trace holds the true values (to go1.16, without optimisation, on 386) every
 * leaf is right, and exact unless go1.17 printed it.
 */

#include "support.h"
#include "support_values.h"

#include "span.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned releases[] = { 13, 16, 17, 19, 20, 22, 24, 26 };

enum {
	RELEASES = sizeof(releases) / sizeof(releases[0]),
	COLUMNS = 6
};

enum knowledge {
	ARCH_KNOWN,
	ARCH_UNKNOWN,
	NOTHING_KNOWN,
	KNOWLEDGES
};

struct counts {
	unsigned leaves, exact, unmarked, stale, elided, unknown, wrong;
};

// A case of a table, and the decoding of its list.
struct one_case {
	struct gcr_span column[COLUMNS];
	unsigned minor;
	struct decoded decoded;
	struct counts *counts;
	enum knowledge knowledge;
};

static size_t split(struct gcr_span line, struct gcr_span *columns)
{
	size_t count = 0;

	while (count < COLUMNS) {
		bool last = gcr_span_find(line, '\t') == GCR_NOWHERE;
		columns[count++] = gcr_span_until(&line, '\t');
		if (last)
			break;
	}
	return count;
}

static char *copy(struct gcr_span span)
{
	char *text = calloc(1, span.size + 1);

	ck_assert_ptr_nonnull(text);
	memcpy(text, span.data, span.size);
	return text;
}

static bool mode_is(const struct one_case *one, const char *mode)
{
	return gcr_span_is(one->column[1], mode);
}

static void begin_case(struct one_case *one)
{
	char *declaration = copy(one->column[3]);
	char *function = copy(one->column[4]);
	char *list = copy(one->column[5]);
	struct gcr_target target = target_of(
		mode_is(one, "386") ? GCR_386 : GCR_AMD64, one->minor);

	if (one->knowledge != ARCH_KNOWN)
		target.arch = GCR_ARCH_UNKNOWN;
	if (one->knowledge == NOTHING_KNOWN)
		target = (struct gcr_target){ 0 };
	one->decoded = decode_list(declaration, function, list, target);
	free(declaration);
	free(function);
	free(list);
}

static uint64_t number(struct gcr_span span)
{
	uint64_t value = 0;

	ck_assert_int_eq(gcr_span_decimal(&span, &value), GCR_NUMBER_OK);
	return value;
}

static bool is_right(const struct gcr_value *value,
		     const struct gcr_span *column)
{
	if (gcr_span_is(column[2], "text"))
		return gcr_span_equal(value->text, column[3]);
	if (value->part_count < 2 || value->part[1] != number(column[3]))
		return false;
	if (gcr_span_is(column[2], "slice"))
		return value->part_count == 3 &&
		       value->part[2] == number(column[4]);
	return value->content.data == NULL ||
	       gcr_span_equal(value->content, column[4]);
}

static bool tells_truth(const struct one_case *one)
{
	return one->minor <= 16 || !mode_is(one, "default");
}

static void count(struct counts *counts, enum gcr_certainty certainty)
{
	counts->leaves++;
	counts->exact += certainty == GCR_EXACT;
	counts->unmarked += certainty == GCR_UNMARKED;
	counts->stale += certainty == GCR_STALE;
	counts->elided += certainty == GCR_ELIDED;
	counts->unknown += certainty == GCR_UNKNOWN;
}

// What a trace that holds the true value must give, everything being known.
static void check_truth(const struct one_case *one,
			const struct gcr_value *value, bool right)
{
	enum gcr_certainty expected = one->minor == 17 && !mode_is(one, "386")
					      ? GCR_UNMARKED
					      : GCR_EXACT;

	if (value->certainty == GCR_ELIDED) {
		ck_assert(gcr_span_find_text(one->column[5], "...") >= 0 ||
			  gcr_span_find(one->column[5], '_') >= 0);
		return;
	}
	ck_assert_msg(
		right && value->certainty == expected,
		"go1.%u %.*s %.*s(%.*s): %.*s is %s '%.*s'", one->minor,
		GCR_PRINT_SPAN(one->column[1]), GCR_PRINT_SPAN(one->column[3]),
		GCR_PRINT_SPAN(one->column[5]), GCR_PRINT_SPAN(value->name),
		gcr_certainty_name(value->certainty),
		GCR_PRINT_SPAN(value->text));
}

static void check_leaf(const struct one_case *one,
		       const struct gcr_span *column)
{
	char *path = copy(column[1]);
	const struct gcr_value *value = value_at(&one->decoded.decoding, path);

	ck_assert_msg(value != NULL, "%.*s: no '%s'",
		      GCR_PRINT_SPAN(one->column[3]), path);
	bool right = is_right(value, column);
	count(one->counts, value->certainty);
	one->counts->wrong += !right;
	ck_assert_msg(right || value->certainty != GCR_EXACT,
		      "go1.%u %.*s %.*s(%.*s): %s is wrong but exact: '%.*s'",
		      one->minor, GCR_PRINT_SPAN(one->column[1]),
		      GCR_PRINT_SPAN(one->column[3]),
		      GCR_PRINT_SPAN(one->column[5]), path,
		      GCR_PRINT_SPAN(value->text));
	if (tells_truth(one) && one->knowledge == ARCH_KNOWN)
		check_truth(one, value, right);
	free(path);
}

static void check_table(unsigned minor, const char *mode,
			enum knowledge knowledge, struct counts *counts)
{
	char path[64];
	struct one_case one = { .minor = minor,
				.counts = counts,
				.knowledge = knowledge };
	bool open = false;

	snprintf(path, sizeof(path), "tests/data/signatures/go1.%u.tsv", minor);
	struct file file = load_file(path);
	struct gcr_span rest = file_span(&file);
	while (rest.size > 0) {
		struct gcr_span line = gcr_span_until(&rest, '\n');
		struct gcr_span column[COLUMNS] = { { 0 } };
		size_t columns = split(line, column);
		if (gcr_span_is(column[0], "case")) {
			ck_assert_uint_eq(columns, 6);
			if (open)
				decoded_free(&one.decoded);
			memcpy(one.column, column, sizeof(column));
			open = mode_is(&one, mode);
			if (open)
				begin_case(&one);
		} else if (open) {
			check_leaf(&one, column);
		}
	}
	if (open)
		decoded_free(&one.decoded);
	unload_file(&file);
}

static void show(unsigned minor, const char *mode, const char *known,
		 const struct counts *counts)
{
	printf("go1.%u %-7s %-12s %3u leaves: %3u exact, %3u unmarked, "
	       "%3u stale, %3u elided, %3u unknown; %3u not right\n",
	       minor, mode, known, counts->leaves, counts->exact,
	       counts->unmarked, counts->stale, counts->elided, counts->unknown,
	       counts->wrong);
}

static void check_release(unsigned minor, enum knowledge knowledge,
			  const char *known)
{
	static const char *const modes[] = { "default", "noopt", "386" };

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct counts counts = { 0 };
		check_table(minor, modes[i], knowledge, &counts);
		ck_assert_uint_gt(counts.leaves, 100);
		show(minor, modes[i], known, &counts);
	}
}

START_TEST(every_value_is_right_or_not_called_exact)
{
	check_release(releases[_i], ARCH_KNOWN, "arch, go");
}
END_TEST

START_TEST(without_the_architecture_nothing_wrong_is_exact)
{
	check_release(releases[_i], ARCH_UNKNOWN, "go");
}
END_TEST

START_TEST(without_any_knowledge_nothing_wrong_is_exact)
{
	check_release(releases[_i], NOTHING_KNOWN, "nothing");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("signatures");
	TCase *corpus = tcase_create("corpus");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(corpus, every_value_is_right_or_not_called_exact, 0,
			    RELEASES);
	tcase_add_loop_test(corpus,
			    without_the_architecture_nothing_wrong_is_exact, 0,
			    RELEASES);
	tcase_add_loop_test(corpus,
			    without_any_knowledge_nothing_wrong_is_exact, 0,
			    RELEASES);
	suite_add_tcase(suite, corpus);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
