/*
 * Dumps that are cut, interleaved, doubled, or made to be trouble: the census
 * counts what is there, and every writer writes it.
 */

#include "support_nasty.h"
#include "support_oracle.h"
#include "support_writers.h"

#include "arena.h"
#include "digest.h"
#include "names.h"
#include "span.h"
#include "waiters.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "everywriter.h"

void require(bool holds, const char *what)
{
	// Check notes each assertion in a file: only the one that fails.
	if (!holds)
		ck_abort_msg("does not hold: %s", what);
}

static struct gcr_span span_of(const struct text *text)
{
	return (struct gcr_span){ text->data, text->size };
}

// Every writer, and the same groups when the dump is parsed and kept.
static struct every_sum see(struct gcr_span text)
{
	struct every_sum sum = every_writer(text, NULL);
	struct every_sum parsed = every_parsed(text, NULL);

	ck_assert_uint_eq(sum.dumps, parsed.dumps);
	ck_assert_uint_eq(sum.goroutines, parsed.goroutines);
	ck_assert_uint_eq(sum.groups, parsed.groups);
	ck_assert_uint_eq(sum.digest, parsed.digest);
	return sum;
}

static void see_the_oracle(const struct text *text, const char *what)
{
	struct gcr_census *census = count_text(span_of(text));
	struct oracle got = oracle_of(census);
	struct oracle want = oracle_read(span_of(text));

	assert_same_groups(&got, &want, what);
	oracle_free(&want);
	oracle_free(&got);
	gcr_census_free(census);
}

START_TEST(a_dump_cut_anywhere_has_what_is_before_the_cut)
{
	struct text text = { 0 };
	uint64_t last = 0;

	text_print(&text, "SIGQUIT: quit\nPC=0x46e1a1 m=0 sigcode=0\n\n");
	nasty_server(&text, 0, 8);
	nasty_labels(&text, 3);
	for (size_t cut = 0; cut <= text.size; cut++) {
		// Its own block, so that a sanitizer sees the end of it.
		struct text part = { 0 };
		text_put(&part, text.data, cut);
		struct every_sum sum = see(span_of(&part));
		// A header cut behind `x]:` of a label looks whole.
		ck_assert_msg(sum.goroutines + 1 >= last, "cut at %zu", cut);
		ck_assert_uint_le(sum.goroutines, 11);
		last = sum.goroutines;
		text_free(&part);
	}
	ck_assert_uint_eq(last, 11);
	text_free(&text);
}
END_TEST

START_TEST(a_recording_cut_anywhere_is_read)
{
	struct file file = load_file("tests/data/recorded/go1.26/"
				     "states.default.txt");

	for (size_t cut = 0; cut <= file.size; cut += 7)
		see((struct gcr_span){ file.data, cut });
	unload_file(&file);
}
END_TEST

START_TEST(two_goroutines_that_crash_at_once_are_read)
{
	struct text a = { 0 }, b = { 0 };

	text_print(&a, "panic: one\n\n");
	nasty_server(&a, 0, 20);
	text_print(&b, "panic: two\n\n");
	nasty_server(&b, 500, 20);
	for (unsigned seed = 0; seed < 200; seed++) {
		struct text both = { 0 };
		nasty_interleaved(&both, span_of(&a), span_of(&b), seed);
		struct every_sum sum = see(span_of(&both));
		// Headers are whole lines: each is a goroutine. Frames that
		// lost theirs may be one more.
		ck_assert_uint_eq(sum.headed, 40);
		ck_assert_uint_le(sum.goroutines, 80);
		text_free(&both);
	}
	text_free(&a);
	text_free(&b);
}
END_TEST

START_TEST(a_doubled_dump_has_the_same_groups_twice)
{
	struct text once = { 0 }, twice = { 0 };

	text_print(&once, "SIGQUIT: quit\nPC=0x46e1a1 m=0 sigcode=0\n\n");
	nasty_server(&once, 0, 300);
	text_put(&twice, once.data, once.size);
	text_put(&twice, once.data, once.size);
	struct every_sum one = see(span_of(&once)), two = see(span_of(&twice));
	ck_assert_uint_eq(one.groups, 35);
	ck_assert_uint_eq(two.dumps, 2);
	ck_assert_uint_eq(two.groups, 2 * one.groups);
	ck_assert_uint_eq(two.goroutines, 600);
	see_the_oracle(&twice, "twice");
	text_free(&once);
	text_free(&twice);
}
END_TEST

START_TEST(labels_are_no_part_of_a_state)
{
	struct text text = { 0 };

	nasty_labels(&text, 900);
	struct every_sum sum = see(span_of(&text));
	ck_assert_uint_eq(sum.goroutines, 900);
	ck_assert_uint_eq(sum.groups, 1);
	text_free(&text);
}
END_TEST

START_TEST(ten_thousand_frames_are_one_stack)
{
	struct text text = { 0 };

	nasty_deep(&text, 10000);
	struct every_sum sum = see(span_of(&text));
	ck_assert_uint_eq(sum.goroutines, 2);
	ck_assert_uint_eq(sum.groups, 2);
	see_the_oracle(&text, "deep");
	text_free(&text);
}
END_TEST

START_TEST(every_goroutine_may_be_its_own_group)
{
	struct text text = { 0 };

	nasty_all_different(&text, 20000);
	struct every_sum sum = see(span_of(&text));
	ck_assert_uint_eq(sum.goroutines, 20000);
	ck_assert_uint_eq(sum.groups, 20000);
	text_free(&text);
}
END_TEST

START_TEST(groups_of_one_fingerprint_are_told_apart)
{
	enum {
		GROUPS = 10000
	};
	struct text text = { 0 };

	nasty_same_fingerprint(&text, GROUPS);
	nasty_same_fingerprint(&text, GROUPS);
	struct gcr_census *census = count_text(span_of(&text));
	const struct gcr_tally *tally = gcr_census_dump(census, 0);
	ck_assert_uint_eq(tally->group_count, GROUPS);
	for (size_t i = 0; i < GROUPS; i++) {
		ck_assert_uint_eq(tally->groups[i]->fingerprint,
				  tally->groups[0]->fingerprint);
		ck_assert_uint_eq(tally->groups[i]->count, 2);
	}
	gcr_census_free(census);
	see(span_of(&text));
	text_free(&text);
}
END_TEST

// A way through all states for each of them takes far longer than is allowed.
START_TEST(every_goroutine_may_be_in_a_state_of_its_own)
{
	const struct gcr_view view = { .width = 100 };
	struct text text = { 0 }, page = { 0 };
	struct gcr_output output = text_output(&page);
	struct gcr_error err;

	nasty_states(&text, 160000);
	nasty_states(&text, 160000);
	struct gcr_census *census = count_text(span_of(&text));
	ck_assert_int_eq(gcr_write_tally(gcr_census_dump(census, 0), &view,
					 &output, &err),
			 0);
	text_put(&page, "", 1);
	ck_assert_ptr_nonnull(strstr(page.data, "320000 in 160000 groups"));
	ck_assert_ptr_nonnull(strstr(page.data, "    2  state 0\n"));
	ck_assert_ptr_nonnull(strstr(page.data, "in 159994 other states"));
	gcr_census_free(census);
	text_free(&page);
	text_free(&text);
}
END_TEST

START_TEST(locks_made_to_meet_do_not)
{
	const struct gcr_census_request request = { .waits = true };
	struct gcr_census *census;
	struct gcr_error err;
	struct text text = { 0 };

	nasty_locks(&text, 20000);
	ck_assert_int_eq(
		gcr_census_take(span_of(&text), NULL, &request, &census, &err),
		0);
	const struct gcr_waits *waits = gcr_census_dump(census, 0)->waits;
	ck_assert_uint_eq(waits->thing_count, 20000);
	ck_assert_uint_lt(nasty_longest_run(waits->slots, waits->slot_count),
			  500);
	gcr_census_free(census);
	text_free(&text);
}
END_TEST

START_TEST(a_digest_of_one_fingerprint_has_its_groups_spread)
{
	struct text text = { 0 };
	struct gcr_digest *digest;
	struct gcr_error err;

	nasty_same_fingerprint(&text, 10000);
	struct gcr_census *census = count_text(span_of(&text));
	ck_assert_int_eq(gcr_digest_new(NULL, &digest, &err), 0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(gcr_digest_add(digest,
						gcr_census_dump(census, 0),
						(struct gcr_span){ 0 }, &err),
				 0);
	ck_assert_uint_eq(digest->group_count, 10000);
	for (size_t i = 0; i < digest->group_count; i++)
		ck_assert_uint_eq(digest->groups[i]->count, 2);
	ck_assert_uint_lt(nasty_longest_run(digest->slots, digest->slot_count),
			  500);
	gcr_digest_free(digest);
	gcr_census_free(census);
	text_free(&text);
}
END_TEST

// names.c's hash from a start that is known, by which names in one bucket are
// found.
static uint64_t plain_hash(const char *text)
{
	uint64_t value = UINT64_C(0xcbf29ce484222325);

	for (; *text != '\0'; text++) {
		value = (value ^ (unsigned char)*text) *
			UINT64_C(0x100000001b3);
		value ^= value >> 32;
	}
	return value;
}

static size_t longest_chain(const struct gcr_names *names)
{
	size_t longest = 0;

	for (size_t i = 0; i < names->bucket_count; i++) {
		size_t count = 0;

		for (struct gcr_named *n = names->buckets[i]; n != NULL;
		     n = n->next)
			count++;
		if (count > longest)
			longest = count;
	}
	return longest;
}

START_TEST(names_made_to_meet_do_not)
{
	enum {
		NAMES = 2000
	};
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_names names = { 0 };
	struct gcr_error err;
	char text[NAMES][16];
	size_t made = 0;

	ck_assert_ptr_nonnull(arena);
	for (unsigned i = 0; made < NAMES; i++) {
		snprintf(text[made], sizeof(text[made]), "main.f%u", i);
		if (plain_hash(text[made]) % 2048 != 0)
			continue;
		struct gcr_span name = gcr_span_of(text[made]);
		ck_assert_int_eq(
			gcr_names_add(&names, arena, name, text[made], &err),
			0);
		made++;
	}
	ck_assert_uint_lt(longest_chain(&names), 50);
	for (size_t i = 0; i < NAMES; i++)
		ck_assert_ptr_eq(
			gcr_names_find(&names, gcr_span_of(text[i]))->item,
			text[i]);
	gcr_arena_free(arena);
}
END_TEST

START_TEST(recordings_go_through_every_writer)
{
	struct file_list files = list_files("tests/data/recorded", ".txt");

	for (size_t i = 0; i < files.count; i++) {
		struct file file = load_file(files.paths[i]);
		see(file_span(&file));
		unload_file(&file);
	}
	free_list(&files);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nasty");
	TCase *tcase = tcase_create("nasty");
	TCase *slow = tcase_create("slow");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 240);
	tcase_add_test(tcase, a_dump_cut_anywhere_has_what_is_before_the_cut);
	tcase_add_test(tcase, a_recording_cut_anywhere_is_read);
	tcase_add_test(tcase, two_goroutines_that_crash_at_once_are_read);
	tcase_add_test(tcase, a_doubled_dump_has_the_same_groups_twice);
	tcase_add_test(tcase, labels_are_no_part_of_a_state);
	tcase_add_test(tcase, ten_thousand_frames_are_one_stack);
	tcase_add_test(tcase, every_goroutine_may_be_its_own_group);
	tcase_add_test(tcase, groups_of_one_fingerprint_are_told_apart);
	tcase_add_test(tcase, recordings_go_through_every_writer);
	tcase_add_test(tcase, locks_made_to_meet_do_not);
	tcase_add_test(tcase, names_made_to_meet_do_not);
	tcase_add_test(tcase,
		       a_digest_of_one_fingerprint_has_its_groups_spread);
	suite_add_tcase(suite, tcase);
	tcase_set_timeout(slow, 15);
	tcase_add_test(slow, every_goroutine_may_be_in_a_state_of_its_own);
	suite_add_tcase(suite, slow);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
