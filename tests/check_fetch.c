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

// A file that begins like an ELF file of this type, has a hole, and an end.
static const char *elf(const char *folder, const char *name, char type)
{
	const char *path = pool_format(&pool, "%s/%s", folder, name);
	char head[20] = "\177ELF\2\1\1";
	FILE *file = fopen(path, "w");

	head[16] = type;
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(head, 1, sizeof(head), file), sizeof(head));
	ck_assert_int_eq(fseek(file, HOLE, SEEK_SET), 0);
	ck_assert_int_ge(fputs("end.", file), 0);
	ck_assert_int_eq(fclose(file), 0);
	return path;
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
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
