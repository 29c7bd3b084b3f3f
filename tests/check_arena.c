/* The memory of a dump: alignment, limits, rewinding, failing on demand. */

#include "arena.h"

#include "span.h"
#include "support.h"

#include <check.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct gcr_arena *arena;
static struct gcr_error err;

static void set_up(void)
{
	arena = gcr_arena_new(0);
	ck_assert_ptr_nonnull(arena);
}

static void tear_down(void)
{
	gcr_arena_free(arena);
}

static unsigned char *take(size_t size)
{
	unsigned char *piece = gcr_arena_alloc(arena, size, &err);

	ck_assert_ptr_nonnull(piece);
	return piece;
}

START_TEST(pieces_are_aligned_zeroed_and_apart)
{
	unsigned char *last = NULL;

	for (size_t size = 0; size < 300; size++) {
		unsigned char *piece = take(size);
		ck_assert_uint_eq((uintptr_t)piece % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			ck_assert_uint_eq(piece[i], 0);
		memset(piece, 0xff, size);
		ck_assert_ptr_ne(piece, last);
		last = piece;
	}
}
END_TEST

START_TEST(a_piece_larger_than_any_chunk_is_given)
{
	static const size_t sizes[] = { 16 * 1024, 1 << 20, 9 << 20, 33 << 20 };

	for (size_t i = 0; i < 4; i++) {
		unsigned char *small = take(8), *large = take(sizes[i]);
		memset(large, 1, sizes[i]);
		ck_assert_uint_eq(small[0], 0);
	}
}
END_TEST

START_TEST(a_size_that_overflows_is_out_of_memory)
{
	ck_assert_ptr_null(gcr_arena_alloc(arena, SIZE_MAX, &err));
	ck_assert_int_eq((int)err.code, GCR_NOMEM);
	ck_assert_ptr_null(gcr_arena_array(arena, SIZE_MAX / 2, 4, &err));
	ck_assert_int_eq((int)err.code, GCR_NOMEM);
	ck_assert_ptr_nonnull(gcr_arena_array(arena, 0, 4, &err));
}
END_TEST

START_TEST(beyond_its_limit_an_arena_says_so_and_goes_on_below_it)
{
	struct gcr_arena *small = gcr_arena_new(1000);
	size_t used;

	ck_assert_ptr_nonnull(gcr_arena_alloc(small, 400, &err));
	used = gcr_arena_used(small);
	ck_assert_ptr_null(gcr_arena_alloc(small, 900, &err));
	ck_assert_int_eq((int)err.code, GCR_LIMIT);
	ck_assert_uint_eq(gcr_arena_used(small), used);
	ck_assert_ptr_nonnull(gcr_arena_alloc(small, 400, &err));
	gcr_arena_free(small);
}
END_TEST

START_TEST(rewinding_gives_the_same_bytes_again_zeroed)
{
	unsigned char *before = take(100);
	struct gcr_arena_mark mark = gcr_arena_mark(arena);
	unsigned char *first = take(100);

	before[0] = 7;
	memset(first, 0xff, 100);
	for (size_t i = 0; i < 1000; i++)
		take(10000);
	gcr_arena_rewind(arena, mark);
	unsigned char *again = take(100);
	ck_assert_ptr_eq(again, first);
	ck_assert_uint_eq(again[99], 0);
	ck_assert_uint_eq(before[0], 7);
}
END_TEST

START_TEST(rewinding_to_the_very_start_keeps_the_chunks)
{
	struct gcr_arena_mark start = gcr_arena_mark(arena);
	unsigned char *first = take(10);

	take(1 << 20);
	gcr_arena_rewind(arena, start);
	ck_assert_uint_eq(gcr_arena_used(arena), 0);
	ck_assert_ptr_eq(take(10), first);
}
END_TEST

START_TEST(rewinding_a_thousand_times_needs_no_more_memory)
{
	struct gcr_arena *small = gcr_arena_new(64 * 1024);
	struct gcr_arena_mark start = gcr_arena_mark(small);

	for (size_t i = 0; i < 1000; i++) {
		ck_assert_ptr_nonnull(gcr_arena_alloc(small, 50000, &err));
		gcr_arena_rewind(small, start);
	}
	gcr_arena_free(small);
}
END_TEST

START_TEST(the_nth_allocation_fails_and_the_next_does_not)
{
	for (size_t n = 1; n < 5; n++) {
		gcr_arena_fail_at(arena, n);
		for (size_t i = 1; i < n; i++)
			take(1);
		ck_assert_ptr_null(gcr_arena_alloc(arena, 1, &err));
		ck_assert_int_eq((int)err.code, GCR_NOMEM);
		take(1);
	}
}
END_TEST

START_TEST(a_growing_array_keeps_its_elements)
{
	size_t *items = NULL, capacity = 0;

	for (size_t count = 0; count < 5000; count++) {
		ck_assert_int_eq(gcr_arena_grow(arena, &items, count, &capacity,
						sizeof(*items), &err),
				 0);
		items[count] = count;
	}
	for (size_t i = 0; i < 5000; i++)
		ck_assert_uint_eq(items[i], i);
}
END_TEST

START_TEST(an_array_that_cannot_grow_is_left_as_it_was)
{
	size_t *items = NULL, capacity = 0, *kept;

	ck_assert_int_eq(gcr_arena_grow(arena, &items, 0, &capacity,
					sizeof(*items), &err),
			 0);
	kept = items;
	gcr_arena_fail_at(arena, 1);
	ck_assert_int_eq(gcr_arena_grow(arena, &items, capacity, &capacity,
					sizeof(*items), &err),
			 -1);
	ck_assert_ptr_eq(items, kept);
}
END_TEST

START_TEST(copies_and_prints_end_in_a_NUL_that_they_do_not_count)
{
	struct gcr_span copy, text;

	ck_assert_int_eq(gcr_arena_copy(arena, GCR_SPAN("a\0b"), &copy, &err),
			 0);
	ck_assert_uint_eq(copy.size, 3);
	ck_assert_int_eq(memcmp(copy.data, "a\0b", 4), 0);
	ck_assert_int_eq(gcr_arena_print(arena, &text, &err, "%d-%s", 7, "x"),
			 0);
	assert_span(text, "7-x", "printed");
	ck_assert_int_eq(text.data[3], 0);
	ck_assert_int_eq(
		gcr_arena_copy(arena, (struct gcr_span){ 0 }, &copy, &err), 0);
	ck_assert_uint_eq(copy.size, 0);
}
END_TEST

START_TEST(freeing_nothing_is_allowed)
{
	gcr_arena_free(NULL);
}
END_TEST

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED
// Does reading at `at` end a child in a report?
static bool is_reported(const volatile unsigned char *at)
{
	pid_t child = fork();
	int status;

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		// The report is expected, nobody has to read it.
		fclose(stderr);
		close(2);
		_exit(*at == 1 ? 0 : 0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

START_TEST(a_read_behind_a_piece_is_reported)
{
	unsigned char *piece = take(16);

	take(16);
	ck_assert(!is_reported(piece + 15));
	ck_assert(is_reported(piece + 16));
}
END_TEST

START_TEST(a_read_of_what_was_rewound_is_reported)
{
	struct gcr_arena_mark mark = gcr_arena_mark(arena);
	unsigned char *piece = take(16);

	ck_assert(!is_reported(piece));
	gcr_arena_rewind(arena, mark);
	ck_assert(is_reported(piece));
}
END_TEST
#endif

static Suite *arena_suite(void)
{
	Suite *suite = suite_create("arena");
	TCase *tcase = tcase_create("arena");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, pieces_are_aligned_zeroed_and_apart);
	tcase_add_test(tcase, a_piece_larger_than_any_chunk_is_given);
	tcase_add_test(tcase, a_size_that_overflows_is_out_of_memory);
	tcase_add_test(tcase,
		       beyond_its_limit_an_arena_says_so_and_goes_on_below_it);
	tcase_add_test(tcase, rewinding_gives_the_same_bytes_again_zeroed);
	tcase_add_test(tcase, rewinding_to_the_very_start_keeps_the_chunks);
	tcase_add_test(tcase, rewinding_a_thousand_times_needs_no_more_memory);
	tcase_add_test(tcase, the_nth_allocation_fails_and_the_next_does_not);
	tcase_add_test(tcase, a_growing_array_keeps_its_elements);
	tcase_add_test(tcase, an_array_that_cannot_grow_is_left_as_it_was);
	tcase_add_test(tcase,
		       copies_and_prints_end_in_a_NUL_that_they_do_not_count);
	tcase_add_test(tcase, freeing_nothing_is_allowed);
#ifdef SANITIZED
	tcase_add_test(tcase, a_read_behind_a_piece_is_reported);
	tcase_add_test(tcase, a_read_of_what_was_rewound_is_reported);
#endif
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(arena_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
