/*
 * Prefixes of logs, the anchors that teach them, and what a text shows of the
 * release that printed it, row by row.
 */

#include "lines.h"
#include "prefix.h"
#include "span.h"
#include "support.h"

#include <check.h>

// clang-format off
static const struct prefix_row {
	const char *sample, *line;
	int size; /* of the prefix of `line`; -1: it has none */
} prefixes[] = {
	{ "2026/11/23 10:00:00 ", "2026/11/24 23:59:59 x", 20 },
	{ "2026/11/23 10:00:00.123456 ", "2026/11/23 10:00:00.1 x", 22 },
	{ "2026-11-23T10:00:00.123Z stderr F ", "2026-11-23T10:00:00.9Z stderr F x", 32 },
	{ "2026-11-23T10:00:00.123Z stderr F ", "2026-11-23T10:00:00.123Z stdout F x", -1 },
	{ "2026-11-23T10:00:00.123Z stderr F ", "2026-11-23T10:00:00.123Z stderr F", 33 },
	{ "Nov 23 10:00:00 web app[4711]: ", "Nov  3 10:00:00 web app[4711]: x", 31 },
	{ "Nov 23 10:00:00 web app[4711]: ", "Nov 23 10:00:00 web app[4712]: x", -1 },
	{ "Nov 23 10:00:00 web app[4711]: ", "Dec 23 10:00:00 web app[4711]: x", -1 },
	{ "[pod/web-7f9c-x1/app] ", "[pod/web-7f9c-x1/app] x", 22 },
	{ "[pod/web-7f9c-x1/app] ", "[pod/web-7f9c-x2/app] x", -1 },
	{ "web_1  | ", "web_1  | x", 9 },
	{ "web_1  | ", "web_2  | x", -1 },
	{ "1700000000 ", "1700000123 x", 11 },
	{ "1700000000.5 ", "1700000123.25 x", 14 },
	{ "pid 17 ", "pid 18 x", -1 },
	{ "10:00:00,123 ", "10:00:01,5 x", 11 },
	{ "> ", "> x", 2 },
	{ "> ", ">", 1 },
	{ "> ", "x", -1 },
};

static const struct anchor_row {
	const char *text;
	int at; /* of the anchor; -1: there is none */
	bool folded;
} anchors[] = {
	{ "goroutine 7 [running]:", 0, false },
	{ "x goroutine 7 [running]:\n", 2, false },
	{ "x goroutine 7 [running]:\r\n", 2, false },
	{ "x goroutine 7 gp=0x1 m=nil [select, 2 minutes]:\n", 2, false },
	{ "x goroutine 7 [running]:\\n", 2, true },
	{ "x goroutine 7 [running]:\"", 2, true },
	{ "x goroutine 7 [a]: b]:\n", 2, false },
	{ "x goroutine 7 [running]: y", -1, false },
	{ "x goroutine 7 [run\nning]:\n", -1, false },
	{ "goroutine x goroutine 7 [running]:\n", 12, false },
	{ "goroutine 1 [ goroutine 7 [running]:\n", 0, false },
	{ "x goroutine profile: total 4\n", 2, false },
	{ "x goroutineleak profile: total 4\n", 2, false },
	{ "x goroutine profile: total many\n", -1, false },
	{ "x WARNING: DATA RACE\n", 2, false },
	{ "x WARNING: DATA RACES\n", -1, false },
	{ "x runtime stack:\n", 2, false },
	{ "x [signal SIGSEGV: s code=0x1 addr=0x0 pc=0x4]\n", 2, false },
	{ "x [signal SIGSEGV: s code=0x1 addr=0x0 pc=0x4] y\n", -1, false },
	{ "x [signal to stop]\n", -1, false },
	{ "x PC=0x408d6e m=0 sigcode=0\n", 2, false },
	{ "x PC=0x408d6e m=0 sigcode=0 addr=0x10\n", 2, false },
	{ "x PC=0x408d6e m=0\n", -1, false },
};

static const struct evidence_row {
	const char *header, *function, *location;
	unsigned least, most;
	enum gcr_arch arch;
} evidence[] = {
	{ "timer goroutine (idle)", "main.f()", "/m.go:1", 0, 19, GCR_ARCH_UNKNOWN },
	{ "sync.Cond.Wait", "main.f()", "/m.go:1", 11, 0, GCR_ARCH_UNKNOWN },
	{ "GC scavenge wait", "main.f()", "/m.go:1", 13, 0, GCR_ARCH_UNKNOWN },
	{ "preempted", "main.f()", "/m.go:1", 14, 0, GCR_ARCH_UNKNOWN },
	{ "debug call", "main.f()", "/m.go:1", 15, 0, GCR_ARCH_UNKNOWN },
	{ "sync.Mutex.Lock", "main.f()", "/m.go:1", 20, 0, GCR_ARCH_UNKNOWN },
	{ "sync.RWMutex.RLock", "main.f()", "/m.go:1", 20, 0, GCR_ARCH_UNKNOWN },
	{ "coroutine", "main.f()", "/m.go:1", 22, 0, GCR_ARCH_UNKNOWN },
	{ "sync.WaitGroup.Wait", "main.f()", "/m.go:1", 24, 0, GCR_ARCH_UNKNOWN },
	{ "select (synctest)", "main.f()", "/m.go:1", 24, 24, GCR_ARCH_UNKNOWN },
	{ "select (durable)", "main.f()", "/m.go:1", 25, 0, GCR_ARCH_UNKNOWN },
	{ "cleanup wait", "main.f()", "/m.go:1", 25, 0, GCR_ARCH_UNKNOWN },
	{ "waiting for cgo callback", "main.f()", "/m.go:1", 26, 0, GCR_ARCH_UNKNOWN },
	{ "x (leaked)", "main.f()", "/m.go:1", 26, 0, GCR_ARCH_UNKNOWN },
	{ "x, synctest group 1", "main.f()", "/m.go:1", 24, 0, GCR_ARCH_UNKNOWN },
	{ "x", "main.main\xc2\xb7" "dwrap\xc2\xb7" "1()", "/m.go:1", 17, 17, GCR_ARCH_UNKNOWN },
	{ "x", "main.main.gowrap1()", "/m.go:1", 22, 0, GCR_ARCH_UNKNOWN },
	{ "x", "main.main.gowrapped()", "/m.go:1", 0, 0, GCR_ARCH_UNKNOWN },
	{ "x", "main.main.deferwrap2()", "/m.go:1", 22, 0, GCR_ARCH_UNKNOWN },
	{ "x", "main.main-range1()", "/m.go:1", 23, 0, GCR_ARCH_UNKNOWN },
	{ "x", "main.F[...]()", "/m.go:1", 18, 0, GCR_ARCH_UNKNOWN },
	{ "x", "main.glob..func1()", "/m.go:1", 0, 21, GCR_ARCH_UNKNOWN },
	{ "x", "type..eq.main.T()", "/m.go:1", 0, 19, GCR_ARCH_UNKNOWN },
	{ "x", "type:.eq.main.T()", "/m.go:1", 20, 0, GCR_ARCH_UNKNOWN },
	{ "x", "internal/sync.fatal()", "/m.go:1", 24, 0, GCR_ARCH_UNKNOWN },
	{ "x", "runtime.runCleanups()", "/m.go:1", 25, 0, GCR_ARCH_UNKNOWN },
	{ "x", "runtime.runfinq()", "/m.go:1", 0, 24, GCR_ARCH_UNKNOWN },
	{ "x", "main.f(0x1?)", "/m.go:1", 18, 0, GCR_ARCH_UNKNOWN },
	{ "x", "main.f({0x1, 0x2})", "/m.go:1", 17, 0, GCR_ARCH_UNKNOWN },
	{ "x", "panic(0x1, 0x2)", "/m.go:1", 0, 16, GCR_ARCH_UNKNOWN },
	{ "x", "main.f()", "/usr/local/go1.22.6/src/m.go:1", 0, 0, GCR_ARCH_UNKNOWN },
	{ "x", "runtime.main()", "/usr/local/go1.22.6/src/runtime/proc.go:1", 22, 22, GCR_ARCH_UNKNOWN },
	{ "x", "runtime.main()", "/usr/lib/go-1.19/src/runtime/proc.go:1", 19, 19, GCR_ARCH_UNKNOWN },
	{ "x", "runtime.main()", "/x/toolchain@v0.0.1-go1.24.6.linux-amd64/src/runtime/proc.go:1", 24, 24, GCR_ARCH_UNKNOWN },
	{ "x", "runtime.main()", "/usr/local/go/src/runtime/proc.go:1", 0, 0, GCR_ARCH_UNKNOWN },
	{ "x", "runtime.f()", "/go/src/runtime/asm_amd64.s:1", 0, 0, GCR_AMD64 },
	{ "x", "runtime.f()", "/go/src/runtime/asm_386.s:1", 0, 0, GCR_386 },
	{ "x", "runtime.f()", "/go/src/runtime/asm_arm64.s:1", 0, 0, GCR_ARM64 },
	{ "x", "runtime.f()", "/go/src/runtime/asm_arm.s:1", 0, 0, GCR_ARCH_OTHER_32 },
	{ "x", "runtime.f()", "/go/src/runtime/asm_s390x.s:1", 0, 0, GCR_ARCH_OTHER_64 },
	{ "x", "main.f()", "/src/my_386.s:1", 0, 0, GCR_ARCH_UNKNOWN },
};
// clang-format on

enum {
	PREFIXES = sizeof(prefixes) / sizeof(prefixes[0]),
	ANCHORS = sizeof(anchors) / sizeof(anchors[0]),
	EVIDENCE = sizeof(evidence) / sizeof(evidence[0])
};

START_TEST(a_prefix_fits_lines_of_its_writer_and_no_others)
{
	const struct prefix_row *row = &prefixes[_i];
	static struct gcr_prefix prefix;
	size_t size = 0;

	ck_assert(gcr_prefix_learn(&prefix, gcr_span_of(row->sample), false));
	bool fits = gcr_prefix_match(&prefix, gcr_span_of(row->line), &size);
	ck_assert_msg((fits ? (int)size : -1) == row->size,
		      "'%s' of '%s': %d, not %d", row->sample, row->line,
		      fits ? (int)size : -1, row->size);
}
END_TEST

START_TEST(a_text_that_is_too_long_is_no_prefix)
{
	static const char text[GCR_PREFIX_MAX + 1];
	static struct gcr_prefix prefix;

	ck_assert(gcr_prefix_learn(
		&prefix, (struct gcr_span){ text, GCR_PREFIX_MAX }, false));
	ck_assert(!gcr_prefix_learn(
		&prefix, (struct gcr_span){ text, GCR_PREFIX_MAX + 1 }, false));
}
END_TEST

START_TEST(an_anchor_is_found_where_a_dump_shows_itself)
{
	const struct anchor_row *row = &anchors[_i];
	struct gcr_span text = gcr_span_of(row->text);
	struct gcr_anchor anchor = { 0 };
	bool found = gcr_anchor_find(&anchor, text.data, text.data,
				     text.data + text.size);
	int at = found ? (int)(anchor.text - text.data) : -1;

	ck_assert_msg(at == row->at, "'%s': %d, not %d", row->text, at,
		      row->at);
	ck_assert_msg(!found || anchor.folded == row->folded, "'%s'",
		      row->text);
}
END_TEST

START_TEST(a_text_shows_its_release_and_architecture)
{
	const struct evidence_row *row = &evidence[_i];
	struct text text = { 0 };

	text_print(&text, "goroutine 1 [%s]:\n%s\n\t%s +0x1\n", row->header,
		   row->function, row->location);
	struct gcr_dump *dump =
		parse_text((struct gcr_span){ text.data, text.size });
	const struct gcr_target *target = &gcr_dump_crash(dump, 0)->target;
	ck_assert_msg(target->go_min == row->least &&
			      target->go_max == row->most &&
			      target->arch == row->arch,
		      "%s: go1.%u to go1.%u, architecture %d", text.data,
		      target->go_min, target->go_max, (int)target->arch);
	gcr_dump_free(dump);
	text_free(&text);
}
END_TEST

static Suite *lines_suite(void)
{
	Suite *suite = suite_create("lines");
	TCase *tcase = tcase_create("lines");

	tcase_add_loop_test(tcase,
			    a_prefix_fits_lines_of_its_writer_and_no_others, 0,
			    PREFIXES);
	tcase_add_test(tcase, a_text_that_is_too_long_is_no_prefix);
	tcase_add_loop_test(tcase, an_anchor_is_found_where_a_dump_shows_itself,
			    0, ANCHORS);
	tcase_add_loop_test(tcase, a_text_shows_its_release_and_architecture, 0,
			    EVIDENCE);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(lines_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
