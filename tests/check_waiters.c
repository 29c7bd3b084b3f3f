/* Who waits on the same thing, who holds it, and who waits for whom. */

#include "support.h"

#include "arena.h"
#include "groups.h"
#include "span.h"
#include "waiters.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static struct gcr_arena *arena;
static struct gcr_groups *groups;
static struct gcr_waits *waits;
static struct gcr_error err;

static void make(void)
{
	arena = gcr_arena_new(0);
	ck_assert_ptr_nonnull(arena);
	ck_assert_int_eq(gcr_groups_new(arena, &groups, &err), 0);
	ck_assert_int_eq(gcr_waits_new(arena, &waits, &err), 0);
}

static void release(void)
{
	gcr_arena_free(arena);
}

static void add(const struct gcr_goroutine *stack)
{
	struct gcr_group *group;

	ck_assert_int_eq(gcr_groups_add(groups, stack, &group, &err), 0);
	ck_assert_int_eq(gcr_waits_add(waits, group, stack, &err), 0);
}

static void gather(const struct gcr_crash *crash)
{
	make();
	for (size_t i = 0; i < crash->goroutine_count; i++)
		add(&crash->goroutines[i]);
	ck_assert_int_eq(gcr_waits_settle(waits, &crash->target, &err), 0);
}

static void settle(void)
{
	static const struct gcr_crash nothing = {
		.target = { .arch = GCR_AMD64, .go_min = 26, .go_max = 26 },
	};

	ck_assert_int_eq(gcr_waits_settle(waits, &nothing.target, &err), 0);
}

/* Recordings of programs that print who holds what --------------------------- */

static unsigned minor_of(const struct file *file)
{
	unsigned minor = 0;

	ck_assert_int_eq(sscanf(strrchr(file->path, '/'), "/1.%u", &minor), 1);
	return minor;
}

// `holder KIND ADDRESS GOROUTINE`
static void check_holder(const struct file *file, const char *line,
			 unsigned minor)
{
	char kind[20], address[20];
	unsigned long long id;
	struct gcr_thing *lock = NULL;

	if (sscanf(line, "holder %19s %19s %llu", kind, address, &id) != 3)
		return;
	for (size_t i = 0; i < waits->thing_count; i++)
		if (waits->things[i]->address == strtoull(address, NULL, 16) &&
		    gcr_wait_is_lock(waits->things[i]->kind))
			lock = waits->things[i];
	// In a text without the runtime's frames, readers have no lock.
	if (lock == NULL && strcmp(kind, "rwmutex") == 0 && minor > 16)
		return;
	ck_assert_msg(lock != NULL, "%s: no lock %s", file->path, address);
	ck_assert_str_eq(gcr_wait_kind_name(lock->kind), kind);
	ck_assert_msg(lock->holder_count > 0, "%s: nobody holds %s", file->path,
		      address);
	ck_assert_msg(lock->holders[0].goroutine == id,
		      "%s: %s is held by %llu, not %llu", file->path, address,
		      id, (unsigned long long)lock->holders[0].goroutine);
	ck_assert_uint_eq(lock->candidates, 1);
	ck_assert(gcr_holder_likely(lock, &lock->holders[0]));
	ck_assert(lock->holders[0].itself ==
		  (strstr(file->path, ".self.") != NULL));
}

static bool is_in_cycle(const struct gcr_lock_cycle *cycle, uint64_t address)
{
	for (size_t i = 0; i < cycle->count; i++)
		if (cycle->locks[i]->address == address)
			return true;
	return false;
}

// `cycle ADDRESS ADDRESS…`
static void check_cycle(const struct file *file, const char *line)
{
	size_t count = 0;
	char *at;

	if (strncmp(line, "cycle ", 6) != 0)
		return;
	ck_assert_msg(waits->cycle_count == 1, "%s: %zu cycles", file->path,
		      waits->cycle_count);
	line += 6;
	for (;; line = at, count++) {
		uint64_t address = strtoull(line, &at, 16);
		if (address == 0)
			break;
		ck_assert(is_in_cycle(&waits->cycles[0], address));
		if (*at == '\n')
			break;
	}
	ck_assert_uint_eq(waits->cycles[0].count, count + 1);
	ck_assert(waits->cycles[0].sure);
}

static void check_key(const struct file *file)
{
	bool cycle = strstr(file->data, "\ncycle ") != NULL;

	for (const char *line = file->data; line != NULL;
	     line = strchr(line, '\n')) {
		line += *line == '\n';
		check_holder(file, line, minor_of(file));
		check_cycle(file, line);
	}
	ck_assert_msg(cycle == (waits->cycle_count > 0), "%s", file->path);
}

START_TEST(holders_and_cycles_are_those_that_the_program_printed)
{
	struct file_list files =
		list_files("tests/data/waits/recorded", ".txt");

	ck_assert_uint_gt(files.count, 20);
	for (size_t i = 0; i < files.count; i++) {
		struct file file = load_file(files.paths[i]);
		struct gcr_dump *dump = parse_text(file_span(&file));
		size_t count = gcr_dump_crash_count(dump);

		ck_assert_uint_gt(count, 0);
		gather(gcr_dump_crash(dump, count - 1));
		check_key(&file);
		release();
		gcr_dump_free(dump);
		unload_file(&file);
	}
	free_list(&files);
}
END_TEST

/* Composed ones -------------------------------------------------------------- */

// One that waits for a mutex in `lock`, with other words in a frame of its own.
static void add_locker(uint64_t id, uint64_t lock, const char *words)
{
	char address[32];
	struct gcr_frame frames[] = {
		{ .function = GCR_LITERAL("internal/sync.(*Mutex).lockSlow"),
		  .file = GCR_LITERAL("mutex.go"),
		  .line = 149 },
		{ .function = GCR_LITERAL("main.use"),
		  .arguments = gcr_span_of(words),
		  .file = GCR_LITERAL("main.go"),
		  .line = 7 },
	};
	struct gcr_goroutine stack = {
		.id = id,
		.count = 1,
		.state = GCR_LITERAL("sync.Mutex.Lock"),
		.frames = frames,
		.frame_count = 2,
	};

	snprintf(address, sizeof(address), "0x%llx", (unsigned long long)lock);
	frames[0].arguments = gcr_span_of(address);
	add(&stack);
}

static void add_other(uint64_t id, const char *function, const char *words)
{
	struct gcr_frame frame = { .function = gcr_span_of(function),
				   .arguments = gcr_span_of(words),
				   .file = GCR_LITERAL("main.go"),
				   .line = 9 };
	struct gcr_goroutine stack = {
		.id = id,
		.count = 1,
		.state = GCR_LITERAL("select"),
		.frames = &frame,
		.frame_count = 1,
	};

	add(&stack);
}

static void add_reader(uint64_t id, uint64_t descriptor)
{
	char address[32];
	struct gcr_frame frame = { .function = GCR_LITERAL(
					   "internal/poll.runtime_pollWait"),
				   .file = GCR_LITERAL("netpoll.go"),
				   .line = 351 };
	struct gcr_goroutine stack = {
		.id = id,
		.count = 1,
		.state = GCR_LITERAL("IO wait"),
		.frames = &frame,
		.frame_count = 1,
	};

	snprintf(address, sizeof(address), "0x%llx, 0x72",
		 (unsigned long long)descriptor);
	frame.arguments = gcr_span_of(address);
	add(&stack);
}

START_TEST(a_marked_word_is_no_sign_of_a_holder)
{
	make();
	add_locker(1, 0xc000010008, "0xc000010000");
	add_other(2, "main.stale", "0xc000010000?");
	settle();
	ck_assert_uint_eq(waits->thing_count, 1);
	ck_assert_uint_eq(waits->things[0]->candidates, 0);
	release();
}
END_TEST

START_TEST(a_word_below_the_struct_is_no_sign_of_a_holder)
{
	make();
	add_locker(1, 0xc000010048, "0xc000010040");
	add_other(2, "main.neighbour", "0xc000010038");
	add_other(3, "main.above", "0xc000010050");
	settle();
	ck_assert_uint_eq(waits->things[0]->base, 0xc000010040);
	ck_assert_uint_eq(waits->things[0]->candidates, 0);
	release();
}
END_TEST

START_TEST(who_has_the_struct_comes_before_who_has_what_lies_in_it)
{
	make();
	add_locker(1, 0xc000010048, "0xc000010000");
	add_other(2, "main.field", "0xc000010020");
	add_other(3, "main.whole", "0xc000010000");
	settle();
	ck_assert_uint_eq(waits->things[0]->holder_count, 2);
	ck_assert_uint_eq(waits->things[0]->holders[0].goroutine, 3);
	ck_assert_uint_eq(waits->things[0]->holders[1].goroutine, 2);
	release();
}
END_TEST

START_TEST(things_beyond_the_limit_go_but_not_those_with_many_waiters)
{
	uint64_t id = 0;

	make();
	for (int i = 0; i < 3; i++)
		add_locker(++id, 0xc000010008, "0x7");
	for (uint64_t i = 0; i < 3 * GCR_MOST_THINGS; i++) {
		add_reader(++id, 0x7f0000000000 + i * 64);
		if (i % 1000 == 0)
			add_locker(++id, 0xc000010008, "0x7");
	}
	settle();
	ck_assert_uint_le(waits->thing_count, GCR_MOST_THINGS);
	ck_assert_uint_eq(waits->things[0]->address, 0xc000010008);
	ck_assert_uint_eq(waits->things[0]->count,
			  3 + (3 * GCR_MOST_THINGS + 999) / 1000);
	ck_assert(!waits->things[0]->at_least);
	ck_assert_uint_eq(waits->kinds[GCR_WAIT_DESCRIPTOR].count,
			  3 * GCR_MOST_THINGS);
	ck_assert(waits->kinds[GCR_WAIT_DESCRIPTOR].more);
	ck_assert_uint_gt(waits->kinds[GCR_WAIT_DESCRIPTOR].things, 1000);
	ck_assert_uint_lt(gcr_arena_used(arena), 48u << 20);
	release();
}
END_TEST

// Every goroutine is a group of its own: functions differ.
START_TEST(clues_beyond_the_limit_are_told_and_bounded)
{
	make();
	for (uint64_t i = 0; i < 5000; i++) {
		char words[800] = "", name[40];
		size_t at = 0;

		for (uint64_t j = 0; j < 40; j++)
			at += (size_t)snprintf(
				words + at, sizeof(words) - at, "0x%llx, ",
				(unsigned long long)(0xc000000000 + i * 4096 +
						     j));
		snprintf(name, sizeof(name), "main.f%llu",
			 (unsigned long long)(i % 500));
		add_other(i, name, words);
	}
	settle();
	ck_assert(waits->limited);
	ck_assert_uint_gt(waits->searched, 0);
	ck_assert_uint_lt(gcr_arena_used(arena), 48u << 20);
	release();
}
END_TEST

START_TEST(a_long_chain_of_locks_is_one_cycle)
{
	enum {
		COUNT = 2000
	};

	make();
	for (uint64_t i = 0; i < COUNT; i++) {
		char words[64];
		uint64_t held = 0xc000000000 + i * 4096;
		uint64_t wanted = 0xc000000000 + (i + 1) % COUNT * 4096;

		snprintf(words, sizeof(words), "0x%llx, 0x%llx",
			 (unsigned long long)held, (unsigned long long)wanted);
		add_locker(i + 1, wanted + 16, words);
	}
	settle();
	ck_assert_uint_eq(waits->cycle_count, 1);
	ck_assert_uint_eq(waits->cycles[0].count, COUNT);
	release();
}
END_TEST

START_TEST(two_who_wait_for_two_locks_of_one_struct_are_no_cycle)
{
	make();
	add_locker(1, 0xc000000010, "0xc000000000");
	add_locker(2, 0xc000000018, "0xc000000000");
	settle();
	ck_assert_uint_eq(waits->cycle_count, 0);
	ck_assert_uint_eq(waits->thing_count, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct gcr_thing *lock = waits->things[i];

		ck_assert_uint_eq(lock->candidates, 1);
		ck_assert(!gcr_holder_likely(lock, &lock->holders[0]));
	}
	release();
}
END_TEST

START_TEST(a_word_of_its_own_for_each_lock_of_one_struct_is_a_cycle)
{
	make();
	// The struct's parts: each has a lock, and a method that was called.
	add_locker(1, 0xc000000110, "0xc000000000, 0xc000000100");
	add_locker(2, 0xc000000010, "0xc000000100, 0xc000000000");
	settle();
	ck_assert_uint_eq(waits->cycle_count, 1);
	ck_assert(waits->cycles[0].sure);
	release();
}
END_TEST

START_TEST(a_channel_that_others_have_is_mentioned)
{
	struct gcr_frame frame = { .function = GCR_LITERAL("runtime.chanrecv"),
				   .arguments = GCR_LITERAL(
					   "0xc0000640c0, 0x0, 0x1"),
				   .file = GCR_LITERAL("chan.go"),
				   .line = 583 };
	struct gcr_goroutine stack = {
		.id = 1,
		.count = 1,
		.state = GCR_LITERAL("chan receive"),
		.frames = &frame,
		.frame_count = 1,
	};

	make();
	add(&stack);
	settle();
	ck_assert_uint_eq(waits->things[0]->mentions, 0);
	release();
	make();
	add(&stack);
	add_other(2, "main.feed", "0x1, 0xc0000640c0");
	settle();
	ck_assert_uint_eq(waits->things[0]->mentions, 1);
	release();
}
END_TEST

START_TEST(allocations_fail_one_after_the_other)
{
	for (size_t n = 1;; n++) {
		struct gcr_group group = { .index = 0 };
		struct gcr_frame frame = {
			.function = GCR_LITERAL("runtime.chansend"),
			.arguments = GCR_LITERAL("0xc0000640c0, 0x0"),
		};
		struct gcr_goroutine stack = { .id = 1,
					       .count = 1,
					       .state =
						       GCR_LITERAL("chan send"),
					       .frames = &frame,
					       .frame_count = 1 };
		struct gcr_crash crash = { 0 };

		arena = gcr_arena_new(0);
		ck_assert_ptr_nonnull(arena);
		gcr_arena_fail_at(arena, n);
		bool done = gcr_waits_new(arena, &waits, &err) == 0 &&
			    gcr_waits_add(waits, &group, &stack, &err) == 0 &&
			    gcr_waits_settle(waits, &crash.target, &err) == 0;
		gcr_arena_free(arena);
		if (done) {
			ck_assert_uint_gt(n, 5);
			break;
		}
		ck_assert_int_eq(err.code, GCR_NOMEM);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("waiters");
	TCase *recorded = tcase_create("recorded");
	TCase *composed = tcase_create("composed");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(recorded,
		       holders_and_cycles_are_those_that_the_program_printed);
	suite_add_tcase(suite, recorded);
	tcase_set_timeout(composed, 60);
	tcase_add_test(composed, a_marked_word_is_no_sign_of_a_holder);
	tcase_add_test(composed,
		       a_word_below_the_struct_is_no_sign_of_a_holder);
	tcase_add_test(composed,
		       who_has_the_struct_comes_before_who_has_what_lies_in_it);
	tcase_add_test(
		composed,
		things_beyond_the_limit_go_but_not_those_with_many_waiters);
	tcase_add_test(composed, clues_beyond_the_limit_are_told_and_bounded);
	tcase_add_test(composed, a_long_chain_of_locks_is_one_cycle);
	tcase_add_test(composed,
		       two_who_wait_for_two_locks_of_one_struct_are_no_cycle);
	tcase_add_test(
		composed,
		a_word_of_its_own_for_each_lock_of_one_struct_is_a_cycle);
	tcase_add_test(composed, a_channel_that_others_have_is_mentioned);
	tcase_add_test(composed, allocations_fail_one_after_the_other);
	suite_add_tcase(suite, composed);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
