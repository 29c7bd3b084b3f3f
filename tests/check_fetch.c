/*
 * Cores that the kernel sent elsewhere: each way core_pattern can point, and what
 * must not be taken for the core of a run.
 */

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "runner/child.h"
#include "runner/cores.h"
#include "runner/fetch.h"
#include "runner/paths.h"
#include "runner/text.h"

enum {
	HOLE = 1 << 20,
	SIZE = HOLE + 4
};

static struct pool pool;
static char room[64];
static const char *run, *away;
static time_t before;

static void begin(void)
{
	pool = (struct pool){ 0 };
	snprintf(room, sizeof(room), "/tmp/gocrash-fetch-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(room));
	run = pool_format(&pool, "%s/run", room);
	away = pool_format(&pool, "%s/away", room);
	ck_assert_int_eq(make_folders(run), 0);
	ck_assert_int_eq(make_folders(away), 0);
	before = time(NULL);
}

static void end(void)
{
	ck_assert_int_eq(remove_all(room), 0);
	pool_done(&pool);
}

static void put_number(char *at, unsigned long long value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		at[i] = (char)(value >> 8 * i);
}

enum {
	THIS_GROUP = 70001,
	OTHER_GROUP = 70002,
	NOTES_AT = 64 + 2 * 56, /* behind the header and two program headers */
	STATE_SIZE = 20 + 336,	/* the first thread's registers, NT_PRSTATUS */
	STATUS_SIZE = 20 + 136, /* NT_PRPSINFO */
	HEAD_SIZE = NOTES_AT + STATE_SIZE + STATUS_SIZE
};

static void put_note(char *at, unsigned size, unsigned type)
{
	put_number(at, 5, 4);
	put_number(at + 4, size, 4);
	put_number(at + 8, type, 4);
	memcpy(at + 12, "CORE", 4);
}

// An ELF file of this type, and what the kernel notes of a process of the group.
static void put_head(char head[HEAD_SIZE], char type, unsigned group)
{
	memcpy(head, "\177ELF\2\1\1", 7);
	head[16] = type;
	put_number(head + 32, 64, 8);
	put_number(head + 54, 56, 2);
	put_number(head + 56, 2, 2);
	put_number(head + 64, 1, 4);
	put_number(head + 64 + 56, 4, 4);
	put_number(head + 64 + 56 + 8, NOTES_AT, 8);
	put_number(head + 64 + 56 + 32, STATE_SIZE + STATUS_SIZE, 8);
	put_note(head + NOTES_AT, 336, 1);
	put_note(head + NOTES_AT + STATE_SIZE, 136, 3);
	put_number(head + NOTES_AT + STATE_SIZE + 20 + 32, group, 4);
}

static const char *put_core(const char *folder, const char *name,
			    const char head[HEAD_SIZE])
{
	const char *path = pool_format(&pool, "%s/%s", folder, name);
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(head, 1, HEAD_SIZE, file), HEAD_SIZE);
	ck_assert_int_eq(fseek(file, HOLE, SEEK_SET), 0);
	ck_assert_int_ge(fputs("end.", file), 0);
	ck_assert_int_eq(fclose(file), 0);
	return path;
}

// It has a hole, and an end.
static const char *elf(const char *folder, const char *name, char type)
{
	char head[HEAD_SIZE] = "";

	put_head(head, type, THIS_GROUP);
	return put_core(folder, name, head);
}

static const char *fetch(const char *pattern)
{
	static char path[256];
	static char *environment[] = { path, NULL };

	snprintf(path, sizeof(path), "PATH=%s/bin:/usr/bin:/bin", room);
	return core_fetch(&(struct hunt){ .folder = run,
					  .pattern = pattern,
					  .apport = away,
					  .since = before,
					  .group = THIS_GROUP,
					  .environment = environment },
			  &pool);
}

static void assert_fetched(const char *found, const char *where)
{
	struct text text = { 0 };

	ck_assert_ptr_nonnull(found);
	ck_assert_msg(strstr(found, where) != NULL, "%s", found);
	ck_assert_int_eq(
		text_read(&text, pool_format(&pool, "%s/core", run), SIZE), 0);
	ck_assert_uint_eq(text.size, SIZE);
	ck_assert_int_eq(memcmp(text.data, "\177ELF", 4), 0);
	ck_assert_int_eq(memcmp(text.data + HOLE, "end.", 4), 0);
	text_done(&text);
}

START_TEST(a_core_in_another_folder_is_moved)
{
	const char *path = elf(away, "core.ex1.1234", 4);

	assert_fetched(fetch(pool_format(&pool, "%s/core.%%e.%%p", away)),
		       path);
	ck_assert(!is_file(path));
}
END_TEST

START_TEST(a_core_of_another_name_is_renamed)
{
	elf(run, "ex1.core", 4);
	assert_fetched(fetch("%e.core"), "ex1.core");
}
END_TEST

START_TEST(a_core_that_apport_keeps_is_taken)
{
	elf(away, "core._tmp_ex1.0.boot.1234.99", 4);
	assert_fetched(fetch("|/usr/share/apport/apport -p%p -s%s"), "core._");
}
END_TEST

START_TEST(a_core_on_another_disk_is_copied_with_its_holes)
{
	char other[] = "/dev/shm/gocrash-fetch-XXXXXX";
	struct stat status;

	if (!mkdtemp(other))
		return;
	elf(other, "core.1", 4);
	assert_fetched(fetch(pool_format(&pool, "%s/core.%%p", other)),
		       "core.1");
	ck_assert_int_eq(stat(pool_format(&pool, "%s/core", run), &status), 0);
	ck_assert_int_lt(status.st_blocks * 512, HOLE / 2);
	ck_assert_int_eq(remove_all(other), 0);
}
END_TEST

static void put_program(const char *name, const char *script)
{
	struct text text = { 0 };
	const char *bin = pool_format(&pool, "%s/bin", room);
	const char *path = pool_format(&pool, "%s/%s", bin, name);

	ck_assert_int_eq(make_folders(bin), 0);
	text_puts(&text, script);
	ck_assert_int_eq(text_write(&text, path), 0);
	ck_assert_int_eq(chmod(path, 0755), 0);
	text_done(&text);
}

START_TEST(systemd_is_asked_for_the_core_of_this_folder)
{
	struct text asked = { 0 };
	const char *path = elf(away, "zipped", 4);

	put_program("coredumpctl",
		    pool_format(&pool,
				"#!/bin/sh\necho \"$*\" >%s/asked\n"
				"test -e %s/again || { touch %s/again; "
				"exit 1; }\ncp %s core\n",
				room, room, room, path));
	assert_fetched(fetch("|/usr/lib/systemd/systemd-coredump %P %u"),
		       "coredumpctl dump");
	ck_assert_int_eq(
		text_read(&asked, pool_format(&pool, "%s/asked", room), 4096),
		0);
	ck_assert_str_eq(text_string(&asked),
			 pool_format(&pool,
				     "--since=@%lld -o core dump "
				     "COREDUMP_CWD=%s\n",
				     (long long)before, run));
	text_done(&asked);
}
END_TEST

START_TEST(what_is_no_core_of_this_run_is_left_alone)
{
	const char *pattern = pool_format(&pool, "%s/core", away);
	const char *program = elf(away, "core.program", 2);
	const char *old = elf(away, "core.old", 4);
	struct timespec times[2] = { { before - 60, 0 }, { before - 60, 0 } };

	ck_assert_int_eq(utimensat(AT_FDCWD, old, times, 0), 0);
	ck_assert_int_eq(symlink(elf(room, "core", 4),
				 pool_format(&pool, "%s/core.link", away)),
			 0);
	ck_assert_ptr_null(fetch(pattern));
	ck_assert_ptr_null(fetch("|/bin/collector"));
	ck_assert_ptr_null(fetch(""));
	ck_assert_ptr_null(fetch("/var/%u/core"));
	ck_assert_ptr_null(fetch("a/core"));
	ck_assert_ptr_null(fetch(pool_format(&pool, "%s/none/core", room)));
	ck_assert(is_file(program) && is_file(old));
	ck_assert(!is_file(pool_format(&pool, "%s/core", run)));
}
END_TEST

START_TEST(the_core_of_another_group_is_left_alone)
{
	const char *pattern = pool_format(&pool, "%s/core", away);
	char head[HEAD_SIZE] = "";
	const char *theirs, *ours;

	put_head(head, 4, OTHER_GROUP);
	theirs = put_core(away, "core.theirs", head);
	ck_assert_ptr_null(fetch(pattern));
	ck_assert_ptr_null(fetch("|/usr/share/apport/apport -p%p"));
	ck_assert(is_file(theirs));
	ck_assert(!is_file(pool_format(&pool, "%s/core", run)));
	ours = elf(away, "core.ours", 4);
	assert_fetched(fetch(pattern), ours);
	ck_assert(is_file(theirs) && !is_file(ours));
}
END_TEST

// What a core has to be to say whose it is; each is spoilt in one place.
START_TEST(a_core_that_does_not_tell_its_group_is_left_alone)
{
	static const struct {
		size_t at;
		unsigned size;
		unsigned long long value;
	} spoilt[] = {
		{ 4, 1, 1 },		   /* 32 bits */
		{ 32, 8, 1ULL << 63 },	   /* program headers nowhere */
		{ 54, 2, 8 },		   /* too small ones */
		{ 56, 2, 1 },		   /* the notes' is not among them */
		{ 64 + 56 + 8, 8, -1ULL }, /* the notes are nowhere */
		{ 64 + 56 + 32, 8, STATE_SIZE },	/* they end early */
		{ NOTES_AT + 4, 4, UINT32_MAX },	/* a note without end */
		{ NOTES_AT + STATE_SIZE + 4, 4, 32 },	/* too short a note */
		{ NOTES_AT + STATE_SIZE + 8, 4, 6 },	/* another note */
		{ NOTES_AT + STATE_SIZE + 12, 1, 'c' }, /* not the kernel's */
	};
	const char *pattern = pool_format(&pool, "%s/core", away);

	for (size_t i = 0; i < sizeof(spoilt) / sizeof(*spoilt); i++) {
		char head[HEAD_SIZE] = "";
		const char *path;

		put_head(head, 4, THIS_GROUP);
		put_number(head + spoilt[i].at, spoilt[i].value,
			   spoilt[i].size);
		path = put_core(away, "core.1", head);
		ck_assert_msg(fetch(pattern) == NULL, "%zu was taken", i);
		ck_assert(is_file(path));
	}
}
END_TEST

// Where it writes one beside the program.
START_TEST(the_kernels_own_core_tells_its_group)
{
	static char path[] = "PATH=/usr/bin:/bin";
	struct child_result result;
	struct hunt hunt = { .folder = run,
			     .pattern = pool_format(&pool, "%s/%%p", away),
			     .since = before };
	const char *name, *moved = pool_format(&pool, "%s/1234", away);

	child_run(&(struct child_request){ .folder = run,
					   .command =
						   "ulimit -c unlimited || :\n"
						   "sh -c 'kill -ABRT $$'\n",
					   .environment =
						   (char *[]){ path, NULL },
					   .seconds = 30 },
		  &result);
	ck_assert_int_eq(result.end, CHILD_ENDED);
	ck_assert_int_gt(result.group, 0);
	child_done(&result);
	name = core_in(run, &pool);
	if (!name)
		return;
	ck_assert_int_eq(rename(pool_format(&pool, "%s/%s", run, name), moved),
			 0);
	hunt.group = result.group + 1;
	ck_assert_ptr_null(core_fetch(&hunt, &pool));
	hunt.group = result.group;
	ck_assert_ptr_nonnull(core_fetch(&hunt, &pool));
	ck_assert(!is_file(moved));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fetch");
	TCase *tcase = tcase_create("elsewhere");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_core_in_another_folder_is_moved);
	tcase_add_test(tcase, a_core_of_another_name_is_renamed);
	tcase_add_test(tcase, a_core_that_apport_keeps_is_taken);
	tcase_add_test(tcase, a_core_on_another_disk_is_copied_with_its_holes);
	tcase_add_test(tcase, systemd_is_asked_for_the_core_of_this_folder);
	tcase_add_test(tcase, what_is_no_core_of_this_run_is_left_alone);
	tcase_add_test(tcase, the_core_of_another_group_is_left_alone);
	tcase_add_test(tcase,
		       a_core_that_does_not_tell_its_group_is_left_alone);
	tcase_add_test(tcase, the_kernels_own_core_tells_its_group);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
