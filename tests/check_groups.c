/* Groups, against an implementation that writes keys out and sorts them. */

#include "support.h"

#include "arena.h"
#include "groups.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>

static struct gcr_arena *arena;
static struct gcr_groups *groups;
static struct gcr_error err;

static void make(void)
{
	arena = gcr_arena_new(0);
	ck_assert_ptr_nonnull(arena);
	ck_assert_int_eq(gcr_groups_new(arena, &groups, &err), 0);
}

static void release(void)
{
	gcr_arena_free(arena);
}

static struct gcr_group *add(const struct gcr_goroutine *stack)
{
	struct gcr_group *group = NULL;

	ck_assert_int_eq(gcr_groups_add(groups, stack, &group, &err), 0);
	return group;
}

static void put_frame(struct text *key, const struct gcr_frame *frame)
{
	struct gcr_span file = frame->file;
	ptrdiff_t slash = gcr_span_find_last(file, '/');

	file = gcr_span_tail(file, (size_t)(slash + 1));
	text_put(key, frame->function.data, frame->function.size);
	text_print(key, "|%.*s|%u;", GCR_PRINT_SPAN(file), frame->line);
}

static char *key_of(const struct gcr_goroutine *stack)
{
	struct text key = { 0 };

	text_print(&key, "%d|%.*s|%d;", (int)stack->kind,
		   GCR_PRINT_SPAN(stack->state),
		   (stack->flags & GCR_G_ELIDED) != 0);
	for (size_t i = 0; i < stack->frame_count; i++)
		put_frame(&key, &stack->frames[i]);
	text_print(&key, "by");
	if (stack->created_by != NULL)
		put_frame(&key, stack->created_by);
	return key.data;
}

static int compare_keys(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static size_t count_distinct(const struct gcr_crash *crash)
{
	size_t count = crash->goroutine_count, distinct = 0;
	char **keys = calloc(count + 1, sizeof(*keys));

	ck_assert_ptr_nonnull(keys);
	for (size_t i = 0; i < count; i++)
		keys[i] = key_of(&crash->goroutines[i]);
	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < count; i++)
		distinct += i == 0 || strcmp(keys[i], keys[i - 1]) != 0;
	for (size_t i = 0; i < count; i++)
		free(keys[i]);
	free(keys);
	return distinct;
}

START_TEST(recordings_have_the_groups_that_sorted_keys_have)
{
	struct file_list files = list_files("tests/data/recorded", ".txt");
	size_t several = 0;

	for (size_t i = 0; i < files.count; i++) {
		struct file file = load_file(files.paths[i]);
		struct gcr_dump *dump = parse_text(file_span(&file));
		for (size_t j = 0; j < gcr_dump_crash_count(dump); j++) {
			const struct gcr_crash *crash = gcr_dump_crash(dump, j);
			uint64_t sum = 0;
			make();
			for (size_t k = 0; k < crash->goroutine_count; k++)
				add(&crash->goroutines[k]);
			for (size_t k = 0; k < gcr_groups_count(groups); k++)
				sum += gcr_groups_get(groups, k)->count;
			ck_assert_msg(gcr_groups_count(groups) ==
					      count_distinct(crash),
				      "%s", file.path);
			ck_assert_uint_eq(sum, crash->goroutine_count);
			several += sum > gcr_groups_count(groups);
			release();
		}
		gcr_dump_free(dump);
		unload_file(&file);
	}
	ck_assert_uint_gt(several, 100);
	free_list(&files);
}
END_TEST

static struct gcr_frame some_frame(void)
{
	return (struct gcr_frame){
		.function = GCR_LITERAL("main.f"),
		.arguments = GCR_LITERAL("0x1"),
		.file = GCR_LITERAL("/src/a.go"),
		.line = 7,
	};
}

static struct gcr_goroutine some_stack(struct gcr_frame *frame)
{
	return (struct gcr_goroutine){
		.id = 1,
		.count = 1,
		.state = GCR_LITERAL("select"),
		.frames = frame,
		.frame_count = 1,
	};
}

START_TEST(ids_addresses_minutes_and_folders_do_not_count)
{
	struct gcr_frame a = some_frame(), b = some_frame();
	struct gcr_goroutine x = some_stack(&a), y = some_stack(&b);

	b.arguments = GCR_SPAN("0xc000076058?");
	b.file = GCR_SPAN("/another/machine/a.go");
	b.fp = 0xc000010000;
	y.id = 99;
	y.minutes = 5;
	make();
	struct gcr_group *group = add(&x);
	ck_assert_ptr_eq(add(&y), group);
	ck_assert_uint_eq(group->count, 2);
	ck_assert_uint_eq(group->minutes_least, 0);
	ck_assert_uint_eq(group->minutes_most, 5);
	release();
}
END_TEST

START_TEST(state_line_function_creator_and_elision_count)
{
	struct gcr_frame frame = some_frame(), other = some_frame();
	struct gcr_goroutine base = some_stack(&frame);
	struct gcr_goroutine state = base, line = base, creator = base,
			     elided = base;

	make();
	add(&base);
	state.state = GCR_SPAN("running");
	add(&state);
	other.line = 8;
	line.frames = &other;
	add(&line);
	creator.created_by = &frame;
	add(&creator);
	elided.flags |= GCR_G_ELIDED;
	add(&elided);
	ck_assert_uint_eq(gcr_groups_count(groups), 5);
	release();
}
END_TEST

// What a release once printed stays; see groups.c.
START_TEST(a_fingerprint_is_part_of_the_format)
{
	struct gcr_frame frame = some_frame();
	struct gcr_goroutine stack = some_stack(&frame);

	make();
	ck_assert_uint_eq(add(&stack)->fingerprint,
			  UINT64_C(0x7b0cf94a3f3665fc));
	release();
}
END_TEST

START_TEST(each_goroutine_its_own_group_is_no_special_case)
{
	struct gcr_frame frame = some_frame();
	struct gcr_goroutine stack = some_stack(&frame);

	make();
	for (unsigned i = 0; i < 100000; i++) {
		frame.line = i;
		ck_assert_uint_eq(add(&stack)->index, i);
	}
	ck_assert_uint_eq(gcr_groups_count(groups), 100000);
	release();
}
END_TEST

START_TEST(every_failing_allocation_is_reported)
{
	struct gcr_frame frame = some_frame();
	struct gcr_goroutine stack = some_stack(&frame);
	struct gcr_group *unused;
	size_t n = 1;

	for (;; n++) {
		bool failed = false;
		arena = gcr_arena_new(0);
		gcr_arena_fail_at(arena, n);
		failed = gcr_groups_new(arena, &groups, &err) != 0;
		for (unsigned i = 0; i < 300 && !failed; i++) {
			frame.line = i;
			failed = gcr_groups_add(groups, &stack, &unused,
						&err) != 0;
		}
		gcr_arena_free(arena);
		if (!failed)
			break;
		ck_assert_int_eq(err.code, GCR_NOMEM);
	}
	ck_assert_uint_gt(n, 300);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("groups");
	TCase *tcase = tcase_create("groups");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, recordings_have_the_groups_that_sorted_keys_have);
	tcase_add_test(tcase, ids_addresses_minutes_and_folders_do_not_count);
	tcase_add_test(tcase, state_line_function_creator_and_elision_count);
	tcase_add_test(tcase, a_fingerprint_is_part_of_the_format);
	tcase_add_test(tcase, each_goroutine_its_own_group_is_no_special_case);
	tcase_add_test(tcase, every_failing_allocation_is_reported);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
