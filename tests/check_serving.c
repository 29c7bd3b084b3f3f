/*
 * Servers under load, and what goes wrong with them: they die early, do not
 * listen, find their port taken, print a hundred megabytes; the load outlives
 * them; the runner is stopped or killed. Whatever happens, nothing goes on.
 */

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/capture.h"
#include "runner/child.h"
#include "runner/paths.h"
#include "runner/signals.h"
#include "runner/sockets.h"
#include "runner/text.h"
#include "support_serving.h"

#define HEAD "# T\n\n```lesson\nobjective: see\n```\n\n"
#define STEP(words, command) "```sh " words "\n" command "\n```\n\n"
#define SERVE(bytes)                                                           \
	STEP("server serve status=2 dump", "PROGRAM serve {port} " bytes)
#define LOAD STEP("load load=server", "PROGRAM connect {port} 5")
#define QUIT STEP("quit signal=server", "kill -QUIT {server}")

enum {
	SECONDS_MOST = 240, /* sanitizers are slow */
};

static struct pool pool;
static struct text errors;
static char folder[64];
static const char *program;
static jv capture;

static void begin(void)
{
	char own[4096];
	ssize_t size = readlink("/proc/self/exe", own, sizeof(own));

	ck_assert_int_gt(size, 0);
	pool = (struct pool){ 0 };
	errors = (struct text){ 0 };
	program = pool_copy(&pool, own, (size_t)size);
	snprintf(folder, sizeof(folder), "/tmp/gocrash-serving-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	capture = jv_invalid();
}

static void end(void)
{
	jv_free(capture);
	ck_assert_int_eq(remove_all(folder), 0);
	pool_done(&pool);
	text_done(&errors);
}

// The text with this program's path where PROGRAM stands.
static const char *named(const char *text)
{
	struct text ret = { 0 };
	const char *copy;

	while (*text) {
		if (starts_with(text, "PROGRAM")) {
			text_format(&ret, "'%s'", program);
			text += strlen("PROGRAM");
		} else {
			text_char(&ret, *text++);
		}
	}
	copy = pool_string(&pool, text_string(&ret));
	text_done(&ret);
	return copy;
}

static enum outcome run(const char *text)
{
	struct surroundings here = { .root = ".",
				     .own = "/usr/bin",
				     .state = folder,
				     .go_line = "",
				     .go_version = "",
				     .arch = "" };
	struct lesson lesson = { .number = 9, .folder = "." };

	text = named(text);
	ck_assert_msg(lesson_parse(text, strlen(text), "lesson.md", &pool,
				   &lesson, &errors) == 0,
		      "%s", text_string(&errors));
	jv_free(capture);
	return capture_run(
		&(struct capture_request){
			.lesson = &lesson,
			.here = &here,
			.folder = pool_format(&pool, "%s/run", folder) },
		&capture, &errors);
}

static double number_of(const char *step, const char *key)
{
	jv record = capture_step(capture, step), value;
	double ret = -1;

	if (!jv_is_valid(record)) {
		jv_free(record);
		return ret;
	}
	value = jv_object_get(record, jv_string(key));
	if (jv_get_kind(value) == JV_KIND_NUMBER)
		ret = jv_number_value(value);
	else if (jv_get_kind(value) == JV_KIND_TRUE)
		ret = 1;
	jv_free(value);
	return ret;
}

static const char *text_of(const char *step, const char *key)
{
	jv record = capture_step(capture, step);
	const char *ret = "";

	if (jv_is_valid(record))
		ret = capture_text(record, key, NULL, &pool);
	jv_free(record);
	return ret;
}

// Processes whose working folder is the run's; the dead have none.
static size_t running(void)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	size_t count = 0;

	ck_assert_ptr_nonnull(processes);
	while ((entry = readdir(processes)) != NULL) {
		char path[64], target[256];
		ssize_t size;

		snprintf(path, sizeof(path), "/proc/%.20s/cwd", entry->d_name);
		size = readlink(path, target, sizeof(target) - 1);
		if (size <= 0)
			continue;
		target[size] = '\0';
		count += starts_with(target, folder);
	}
	closedir(processes);
	return count;
}

// What was killed may take a moment to be gone.
static void assert_all_ends(void)
{
	for (int i = 0; i < 100 && running(); i++)
		child_pause(50);
	ck_assert_uint_eq(running(), 0);
}

START_TEST(sockets_are_counted_just_before_the_signal)
{
	ck_assert_int_eq(run(HEAD SERVE("100") LOAD QUIT), OUTCOME_EXPECTED);
	ck_assert_double_eq(number_of("quit", "sockets"), 5);
	ck_assert_double_eq(number_of("server", "status"), 2);
	ck_assert_double_gt(number_of("server", "pid"), 1);
	ck_assert_double_gt(number_of("server", "port"), 0);
	ck_assert_ptr_nonnull(
		strstr(text_of("server", "stderr"), "SIGQUIT: quit"));
	ck_assert_ptr_nonnull(
		strstr(text_of("server", "stdout"), "listening on"));
	assert_all_ends();
}
END_TEST

START_TEST(a_command_is_kept_as_it_ran)
{
	ck_assert_int_eq(run(HEAD SERVE("100") QUIT), OUTCOME_EXPECTED);
	ck_assert_str_eq(text_of("quit", "command"),
			 pool_format(&pool, "kill -QUIT %d\n",
				     (int)number_of("server", "pid")));
}
END_TEST

START_TEST(a_load_that_outlives_its_server_is_interrupted_and_reports)
{
	ck_assert_int_eq(run(HEAD SERVE("100") LOAD QUIT), OUTCOME_EXPECTED);
	ck_assert_double_eq(number_of("load", "stopped"), 1);
	ck_assert_str_eq(text_of("load", "stdout"), "report of 5\n");
}
END_TEST

START_TEST(a_load_that_does_not_listen_to_reason_is_ended)
{
	ck_assert_int_eq(
		run(HEAD SERVE("100") STEP("load load=server",
					   "PROGRAM stubborn {port} 3") QUIT),
		OUTCOME_EXPECTED);
	ck_assert_double_eq(number_of("load", "stopped"), 1);
	assert_all_ends();
}
END_TEST

START_TEST(a_server_that_no_step_ends_is_stopped)
{
	ck_assert_int_eq(run(HEAD SERVE("100") LOAD), OUTCOME_EXPECTED);
	ck_assert_double_eq(number_of("server", "stopped"), 1);
	ck_assert_double_eq(number_of("load", "stopped"), 1);
	assert_all_ends();
}
END_TEST

START_TEST(a_server_that_dies_early_is_told_with_its_words)
{
	ck_assert_int_eq(
		run(HEAD STEP("server serve", "echo no >&2; exit 3") LOAD QUIT),
		OUTCOME_NOT_SERVING);
	ck_assert_str_eq(text_of("server", "stderr"), "no\n");
	ck_assert_double_eq(number_of("server", "status"), 3);
	ck_assert_double_eq(number_of("load", "status"), -1);
}
END_TEST

START_TEST(a_server_that_never_listens_is_ended)
{
	ck_assert_int_eq(run(HEAD STEP("server serve seconds=1", "sleep 60")),
			 OUTCOME_DEAF);
	assert_all_ends();
}
END_TEST

START_TEST(a_server_that_ends_before_the_signal_is_told)
{
	ck_assert_int_eq(
		run(HEAD STEP("server serve status=2", "PROGRAM brief {port}")
			    STEP("quit signal=server after=5",
				 "kill -QUIT {server}")),
		OUTCOME_EARLY);
	ck_assert_double_eq(number_of("quit", "status"), -1);
}
END_TEST

START_TEST(another_port_is_taken_when_one_is_lost)
{
	unsigned free_port = sockets_free_port(PORT_USUAL);

	ck_assert_int_eq(run(HEAD STEP("server serve status=2 dump",
				       "PROGRAM thief {port} ../flag") QUIT),
			 OUTCOME_EXPECTED);
	ck_assert_double_ne(number_of("server", "port"), free_port);
	assert_all_ends();
}
END_TEST

START_TEST(a_taken_port_is_not_chosen)
{
	pid_t other = fork();

	if (other == 0) {
		execl(program, program, "serve", "4000", "100", (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 100 && !sockets_taken(PORT_USUAL); i++)
		child_pause(20);
	ck_assert(sockets_taken(PORT_USUAL));
	ck_assert_int_eq(run(HEAD SERVE("100") QUIT), OUTCOME_EXPECTED);
	ck_assert_double_ne(number_of("server", "port"), PORT_USUAL);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
}
END_TEST

START_TEST(a_load_that_fails_is_told)
{
	ck_assert_int_eq(
		run(HEAD SERVE("100") STEP("load load=server", "exit 7") QUIT),
		OUTCOME_STATUS);
	ck_assert_double_eq(number_of("load", "status"), 7);
	assert_all_ends();
}
END_TEST

START_TEST(a_load_that_is_over_before_the_signal_is_told)
{
	ck_assert_int_eq(
		run(HEAD SERVE("100") STEP("load load=server", "true") QUIT),
		OUTCOME_NO_LOAD);
	assert_all_ends();
}
END_TEST

START_TEST(without_its_program_a_load_is_left_out)
{
	ck_assert_int_eq(run(HEAD SERVE("100") STEP(
				 "load load=server needs=no-such-program",
				 "no-such-program") QUIT),
			 OUTCOME_EXPECTED);
	ck_assert_str_eq(text_of("load", "skipped"),
			 "no-such-program is not here");
	ck_assert_double_eq(number_of("quit", "sockets"), 0);
}
END_TEST

START_TEST(without_its_server_a_signal_is_left_out)
{
	ck_assert_int_eq(run(HEAD STEP("server serve needs=no-such-program",
				       "no-such-program") LOAD QUIT),
			 OUTCOME_EXPECTED);
	ck_assert_str_eq(text_of("quit", "skipped"), "`server` was left out");
}
END_TEST

START_TEST(a_dump_of_100_MB_is_kept_whole)
{
	struct stat status;

	ck_assert_int_eq(run(HEAD SERVE("100000000") QUIT), OUTCOME_EXPECTED);
	ck_assert_int_eq(
		stat(pool_format(&pool, "%s/run/server.err", folder), &status),
		0);
	ck_assert_int_ge(status.st_size, 100000000);
	// The record has its head, and says that there is more.
	ck_assert_double_eq(number_of("server", "cut"), (double)status.st_size);
	ck_assert_uint_gt(strlen(text_of("server", "stderr")), 1 << 20);
	ck_assert_uint_le(strlen(text_of("server", "stderr")), 4 << 20);
}
END_TEST

START_TEST(what_floods_a_file_is_ended)
{
	struct child child;

	child_start(
		&(struct child_request){
			.folder = folder,
			.command = "while :; do echo flood; done",
			.environment = (char *[]){ NULL },
			.output_limit = 100000,
			.out_path = pool_format(&pool, "%s/out", folder),
			.err_path = pool_format(&pool, "%s/err", folder) },
		&child);
	while (!child_over(&child))
		child_pause(5);
	child_end(&child);
	ck_assert_int_eq(child.result.end, CHILD_FLOODED);
	child_done(&child.result);
	assert_all_ends();
}
END_TEST

START_TEST(what_cannot_be_started_says_why)
{
	struct child child;

	child_start(
		&(struct child_request){
			.folder = folder,
			.command = "true",
			.environment = (char *[]){ NULL },
			.out_path = pool_format(&pool, "%s/no/out", folder) },
		&child);
	child_end(&child);
	ck_assert_int_eq(child.result.end, CHILD_NOT_RUN);
	ck_assert_int_eq(child.result.error, ENOENT);
	child_done(&child.result);
	assert_all_ends();
}
END_TEST

// It is the process that the runner made, which lets debuggers attach.
START_TEST(a_server_takes_the_place_of_its_shell)
{
	const char *program_of = STEP(
		"parent check", "sed -n 's/^PPid:.//p' /proc/{server}/status");

	ck_assert_int_eq(run(pool_format(&pool, "%s%s%s%s", HEAD, SERVE("100"),
					 program_of, QUIT)),
			 OUTCOME_EXPECTED);
	ck_assert_str_eq(text_of("parent", "stdout"),
			 pool_format(&pool, "%d\n", (int)getpid()));
}
END_TEST

// What the test itself was given beside its three.
static size_t inherited(void)
{
	size_t ret = 0;

	for (int fd = STDERR_FILENO + 1; fd < 1024; fd++)
		ret += fcntl(fd, F_GETFD) == 0;
	return ret;
}

// Nothing of the runner's is open in a command but its three; closed ones, too.
START_TEST(a_command_has_its_outputs_and_no_more)
{
	struct child_result result;
	struct text out = { 0 };
	size_t lines = 0, given = inherited();
	int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);

	close(STDIN_FILENO);
	child_run(
		&(struct child_request){
			.folder = folder,
			.command = "exec ls /proc/self/fd",
			.environment = (char *[]){ NULL },
			.out_path = pool_format(&pool, "%s/out", folder),
			.err_path = pool_format(&pool, "%s/err", folder) },
		&result);
	dup2(input, STDIN_FILENO);
	close(input);
	ck_assert_int_eq(result.end, CHILD_ENDED);
	ck_assert_int_eq(
		text_read(&out, pool_format(&pool, "%s/out", folder), 1000), 0);
	for (const char *at = text_string(&out); *at; at++)
		lines += *at == '\n';
	// One is the folder that `ls` reads.
	ck_assert_uint_eq(lines, 3 + given + 1);
	text_done(&out);
	child_done(&result);
}
END_TEST

// Signals that the runner ignores or blocks, and its group, are not the child's.
START_TEST(a_command_starts_as_from_a_shell)
{
	struct child_result result;
	sigset_t blocked, before;
	void (*handler)(int) = signal(SIGUSR1, SIG_IGN);

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR2);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	child_run(
		&(struct child_request){
			.folder = folder,
			.command = "sed -nE 's/^Sig(Blk|Ign):.*(.{7})$/\\2/p' "
				   "/proc/self/status",
			.environment = (char *[]){ NULL } },
		&result);
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGUSR1, handler);
	ck_assert_int_eq(result.end, CHILD_ENDED);
	// The C library has its way with those above 31.
	ck_assert_str_eq(result.out.data, "0000000\n0000000\n");
	child_done(&result);
}
END_TEST

// A runner of its own that runs the lesson; `number` comes after `ms`.
static int run_interrupted(int number, unsigned ms)
{
	pid_t runner = fork();
	int status = 0;

	ck_assert_int_ge(runner, 0);
	if (runner == 0) {
		signals_catch();
		_exit(run(HEAD SERVE("100") LOAD STEP(
			      "quit signal=server after=1",
			      "kill -QUIT {server}") STEP("end", "sleep 60")) ==
				      OUTCOME_STOPPED
			      ? 0
			      : 1);
	}
	child_pause(ms);
	kill(runner, number);
	ck_assert_int_eq(waitpid(runner, &status, 0), runner);
	return status;
}

static const unsigned moments[] = { 20, 100, 400, 900, 1300, 3500 };

START_TEST(an_interrupt_at_any_moment_ends_everything)
{
	int status = run_interrupted(SIGINT, moments[_i]);

	// Before the handler stands, a signal ends a program as always.
	ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	assert_all_ends();
}
END_TEST

START_TEST(nothing_outlives_a_runner_that_was_killed)
{
	int status = run_interrupted(SIGKILL, moments[_i]);

	ck_assert(WIFSIGNALED(status));
	assert_all_ends();
}
END_TEST

START_TEST(a_row_of_the_kernels_table_is_counted_by_port_and_state)
{
	static const char table[] =
		"  sl  local_address rem_address   st tx_queue rx_queue\n"
		"   0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:0 0 0 "
		"0 11 1\n"
		"   1: 0100007F:0FA0 0100007F:9C40 01 00000000:00000000 00:0 0 0 "
		"0 12 1\n"
		"   2: 0100007F:9C40 0100007F:0FA0 01 00000000:00000000 00:0 0 0 "
		"0 13 1\n"
		"   3: 00000000000000000000000001000000:0FA0 "
		"00000000000000000000000001000000:9C42 01 0:0 00:0 0 0 0 14 1";

	ck_assert_uint_eq(sockets_count(table, 4000, SOCKET_ESTABLISHED), 2);
	ck_assert_uint_eq(sockets_count(table, 4000, SOCKET_LISTEN), 1);
	ck_assert_uint_eq(sockets_count(table, 4001, SOCKET_LISTEN), 0);
	ck_assert_uint_eq(sockets_count("", 4000, SOCKET_LISTEN), 0);
	ck_assert_uint_eq(sockets_count("no table", 4000, SOCKET_LISTEN), 0);
}
END_TEST

static TCase *serving(void)
{
	TCase *tcase = tcase_create("serving");

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_set_timeout(tcase, SECONDS_MOST);
	tcase_add_test(tcase, sockets_are_counted_just_before_the_signal);
	tcase_add_test(tcase, a_command_is_kept_as_it_ran);
	tcase_add_test(
		tcase,
		a_load_that_outlives_its_server_is_interrupted_and_reports);
	tcase_add_test(tcase, a_load_that_does_not_listen_to_reason_is_ended);
	tcase_add_test(tcase, a_server_that_no_step_ends_is_stopped);
	tcase_add_test(tcase, a_dump_of_100_MB_is_kept_whole);
	tcase_add_test(tcase, what_floods_a_file_is_ended);
	tcase_add_test(tcase, what_cannot_be_started_says_why);
	tcase_add_test(tcase, a_server_takes_the_place_of_its_shell);
	tcase_add_test(tcase, a_command_has_its_outputs_and_no_more);
	tcase_add_test(tcase, a_command_starts_as_from_a_shell);
	return tcase;
}

static TCase *failing(void)
{
	TCase *tcase = tcase_create("failing");

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_set_timeout(tcase, SECONDS_MOST);
	tcase_add_test(tcase, a_server_that_dies_early_is_told_with_its_words);
	tcase_add_test(tcase, a_server_that_never_listens_is_ended);
	tcase_add_test(tcase, a_server_that_ends_before_the_signal_is_told);
	tcase_add_test(tcase, another_port_is_taken_when_one_is_lost);
	tcase_add_test(tcase, a_taken_port_is_not_chosen);
	tcase_add_test(tcase, a_load_that_fails_is_told);
	tcase_add_test(tcase, a_load_that_is_over_before_the_signal_is_told);
	tcase_add_test(tcase, without_its_program_a_load_is_left_out);
	tcase_add_test(tcase, without_its_server_a_signal_is_left_out);
	return tcase;
}

static TCase *stopping(void)
{
	TCase *tcase = tcase_create("stopping");
	int count = (int)(sizeof(moments) / sizeof(*moments));

	tcase_add_checked_fixture(tcase, begin, end);
	tcase_set_timeout(tcase, SECONDS_MOST);
	tcase_add_loop_test(tcase, an_interrupt_at_any_moment_ends_everything,
			    0, count);
	tcase_add_loop_test(tcase, nothing_outlives_a_runner_that_was_killed, 0,
			    count);
	tcase_add_test(tcase,
		       a_row_of_the_kernels_table_is_counted_by_port_and_state);
	return tcase;
}

int main(int argc, char **argv)
{
	Suite *suite = suite_create("serving");
	int status = stand_in(argc, argv);
	SRunner *runner;

	if (status >= 0)
		return status;
	suite_add_tcase(suite, serving());
	suite_add_tcase(suite, failing());
	suite_add_tcase(suite, stopping());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	status = srunner_ntests_failed(runner);
	srunner_free(runner);
	return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
