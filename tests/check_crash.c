/* What can be said of functions by their names. */

#include "crash.h"

#include "span.h"
#include "support.h"

#include <check.h>

// clang-format off
static const struct split_row {
	const char *function, *package, *receiver, *name;
} splits[] = {
	{ "main.main",                     "main", NULL, "main" },
	{ "main.(*T).M",                   "main", "*T", "M" },
	{ "main.T.M",                      "main", "T", "M" },
	{ "main.f.func1",                  "main", NULL, "f.func1" },
	{ "main.f.func1.2",                "main", NULL, "f.func1.2" },
	{ "main.(*T).M.func1",             "main", "*T", "M.func1" },
	{ "main.(*T).M-fm",                "main", "*T", "M-fm" },
	{ "main.glob..func1",              "main", NULL, "glob..func1" },
	{ "main.init.0",                   "main", NULL, "init.0" },
	{ "main.init.0.func1",             "main", NULL, "init.0.func1" },
	{ "main.main.gowrap1",             "main", NULL, "main.gowrap1" },
	{ "main.main.deferwrap2",          "main", NULL, "main.deferwrap2" },
	{ "main.main-range1",              "main", NULL, "main-range1" },
	{ "main.main\xc2\xb7" "dwrap\xc2\xb7" "1", "main", NULL, "main\xc2\xb7" "dwrap\xc2\xb7" "1" },
	{ "main.F[...]",                   "main", NULL, "F[...]" },
	{ "main.(*G[...]).P",              "main", "*G[...]", "P" },
	{ "main.G[...].P",                 "main", "G[...]", "P" },
	{ "main.F[go.shape.int]",          "main", NULL, "F[go.shape.int]" },
	{ "main.main.gen[...].func8",      "main", NULL, "main.gen[...].func8" },
	{ "net/http.(*conn).serve",        "net/http", "*conn", "serve" },
	{ "net/http.HandlerFunc.ServeHTTP", "net/http", "HandlerFunc", "ServeHTTP" },
	{ "example.com/my.mod/dot%2epkg.F", "example.com/my.mod/dot%2epkg", NULL, "F" },
	{ "github.com/a/b/v2.(*C).D",      "github.com/a/b/v2", "*C", "D" },
	{ "gopkg.in/yaml%2ev3.(*parser).parse", "gopkg.in/yaml%2ev3", "*parser", "parse" },
	{ "runtime.goexit",                "runtime", NULL, "goexit" },
	{ "internal/poll.(*FD).Read",      "internal/poll", "*FD", "Read" },
	{ "type:.eq.struct { main.a int; b/c.D string }", NULL, NULL, "type:.eq.struct { main.a int; b/c.D string }" },
	{ "type..eq.main.T",               NULL, NULL, "type..eq.main.T" },
	{ "main.F[example.com/x/y.T]",     "main", NULL, "F[example.com/x/y.T]" },
	{ "main._Cfunc_crash",             "main", NULL, "_Cfunc_crash" },
	{ "panic",                         NULL, NULL, "panic" },
	{ "aeshashbody",                   NULL, NULL, "aeshashbody" },
	{ "non-Go function",               NULL, NULL, "non-Go function" },
	{ "",                              NULL, NULL, "" },
	{ ".",                             NULL, NULL, "." },
	{ "a.",                            "a", NULL, "" },
	{ ".a",                            NULL, NULL, ".a" },
	{ "a/",                            NULL, NULL, "a/" },
	{ "main.(*",                       "main", NULL, "(*" },
	{ "main.(*T)",                     "main", NULL, "(*T)" },
};

static const struct kind_row {
	const char *function;
	bool runtime, standard;
} kinds[] = {
	{ "runtime.gopark",              true,  true },
	{ "runtime/debug.Stack",         true,  true },
	{ "internal/runtime/maps.fatal", true,  true },
	{ "panic",                       true,  true },
	{ "net/http.(*conn).serve",      false, true },
	{ "sync.(*Mutex).Lock",          false, true },
	{ "fmt.Println",                 false, true },
	{ "main.main",                   false, false },
	{ "runtimes.f",                  false, false },
	{ "nets/x.F",                    false, false },
	{ "github.com/a/b.C",            false, false },
	{ "example.com/net/http.F",      false, false },
	{ "",                            false, false },
};
// clang-format on

enum {
	SPLITS = sizeof(splits) / sizeof(splits[0]),
	KINDS = sizeof(kinds) / sizeof(kinds[0])
};

static void assert_part(struct gcr_span part, const char *want,
			const char *what)
{
	if (want == NULL)
		ck_assert_msg(part.data == NULL, "%s has '%.*s'", what,
			      GCR_PRINT_SPAN(part));
	else
		assert_span(part, want, what);
}

START_TEST(a_function_has_a_package_a_receiver_and_a_name)
{
	const struct split_row *row = &splits[_i];
	struct gcr_function_parts parts =
		gcr_function_split(gcr_span_of(row->function));

	assert_part(parts.package, row->package, row->function);
	assert_part(parts.receiver, row->receiver, row->function);
	assert_part(parts.name, row->name, row->function);
}
END_TEST

START_TEST(the_runtime_and_the_standard_library_are_known_by_name)
{
	const struct kind_row *row = &kinds[_i];
	struct gcr_span function = gcr_span_of(row->function);

	ck_assert_msg(gcr_function_is_runtime(function) == row->runtime, "%s",
		      row->function);
	ck_assert_msg(gcr_function_is_standard(function) == row->standard, "%s",
		      row->function);
}
END_TEST

static Suite *crash_suite(void)
{
	Suite *suite = suite_create("crash");
	TCase *tcase = tcase_create("names");

	tcase_add_loop_test(tcase,
			    a_function_has_a_package_a_receiver_and_a_name, 0,
			    SPLITS);
	tcase_add_loop_test(
		tcase, the_runtime_and_the_standard_library_are_known_by_name,
		0, KINDS);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(crash_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
