/*
 * Declarations as people write them: what each is understood as, where wrong
 * ones go wrong, which frame means which.
 */

#include "arena.h"
#include "declaration.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>

static struct gcr_declarations *new_set(void)
{
	struct gcr_declarations *set;
	struct gcr_error err;

	ck_assert_int_eq(gcr_declarations_new(&set, &err), 0);
	return set;
}

static void add(struct gcr_declarations *set, const char *text)
{
	struct gcr_error err = { 0 };

	ck_assert_msg(gcr_declarations_add(set, gcr_span_of(text), &err) == 0,
		      "%s: %s", text, err.text);
}

static void add_source(struct gcr_declarations *set, const char *file,
		       const char *source)
{
	struct gcr_error err = { 0 };

	ck_assert_msg(gcr_declarations_add_source(set, gcr_span_of(file),
						  gcr_span_of(source),
						  &err) == 0,
		      "%s: %s", file, err.text);
}

// Its declaration's text, or "" when it means none.
static const struct gcr_function *find_at(const struct gcr_declarations *set,
					  const char *function,
					  const char *file, unsigned line)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_function_name name;
	struct gcr_error err;
	struct gcr_frame frame = { .function = gcr_span_of(function),
				   .line = line };

	if (file != NULL)
		frame.file = gcr_span_of(file);
	ck_assert_int_eq(
		gcr_function_name_read(frame.function, arena, &name, &err), 0);
	const struct gcr_function *found =
		gcr_declarations_find(set, &name, &frame);
	gcr_arena_free(arena);
	return found;
}

static const struct gcr_function *find(const struct gcr_declarations *set,
				       const char *function)
{
	return find_at(set, function, NULL, 0);
}

struct spelling {
	const char *text;
	const char *frame; // a function that it declares
	const char *declaration;
	size_t receivers, parameters, results;
};

// clang-format off
static const struct spelling spellings[] = {
	{ "main.example(slice []string, str string, i int) error", "main.example",
	  "func example(slice []string, str string, i int) error", 0, 3, 1 },
	{ "func example(b1, b2, b3 bool, i uint8) error", "main.example",
	  "func example(b1, b2, b3 bool, i uint8) error", 0, 4, 1 },
	{ "func f()", "main.f", "func f()", 0, 0, 0 },
	{ "f()", "main.f", "func f()", 0, 0, 0 },
	{ "  func  f( a  int,\n\tb /* two */ string, // three\n)  ( int ,error ) ", "main.f",
	  "func f( a int, b string, ) ( int ,error )", 0, 2, 2 },
	{ "func f(int, string, *T)", "main.f", "func f(int, string, *T)", 0, 3, 0 },
	{ "func f(a int, _ string, rest ...interface{})", "main.f",
	  "func f(a int, _ string, rest ...interface{})", 0, 3, 0 },
	{ "func f(...int)", "main.f", "func f(...int)", 0, 1, 0 },
	{ "func f(a, b int) (x, y int, err error)", "main.f",
	  "func f(a, b int) (x, y int, err error)", 0, 2, 3 },
	{ "func f(a int) (func(int) string)", "main.f",
	  "func f(a int) (func(int) string)", 0, 1, 1 },
	{ "func f(a func(x, y int) (int, error), b func())", "main.f",
	  "func f(a func(x, y int) (int, error), b func())", 0, 2, 0 },
	{ "func (s *Stack[T]) Push(x T) int", "main.(*Stack[...]).Push",
	  "func (s *Stack[T]) Push(x T) int", 1, 1, 1 },
	{ "func (s Stack[K, V]) Get(k K) (v V)", "main.Stack[...].Get",
	  "func (s Stack[K, V]) Get(k K) (v V)", 1, 1, 1 },
	{ "func (T) M()", "main.T.M", "func (T) M()", 1, 0, 0 },
	{ "func (*T) M()", "main.(*T).M", "func (*T) M()", 1, 0, 0 },
	{ "main.(*T).M(x int)", "main.(*T).M", "func (*T) M(x int)", 1, 1, 0 },
	{ "main.T.M(x int)", "main.T.M", "func (T) M(x int)", 1, 1, 0 },
	{ "net/http.(*conn).serve(ctx context.Context)", "net/http.(*conn).serve",
	  "func (*conn) serve(ctx context.Context)", 1, 1, 0 },
	{ "func net/http.(*conn).serve(ctx context.Context)", "net/http.(*conn).serve",
	  "func (*conn) serve(ctx context.Context)", 1, 1, 0 },
	{ "main.main.func1(a int)", "main.main.func1", "func main.func1(a int)", 0, 1, 0 },
	{ "main.(*T).M.func2(a int)", "main.(*T).M.func2", "func (*T).M.func2(a int)", 0, 1, 0 },
	{ "main.init.0()", "main.init.0", "func init.0()", 0, 0, 0 },
	{ "main.glob..func1(a int)", "main.glob..func1", "func glob..func1(a int)", 0, 1, 0 },
	{ "main.Map[...](x []int)", "main.Map[...]", "func Map[...](x []int)", 0, 1, 0 },
	{ "func Map[K comparable, V any](m map[K]V) []V", "main.Map[...]",
	  "func Map[K comparable, V any](m map[K]V) []V", 0, 1, 1 },
	{ "main.Map[K comparable, V ~int | ~string](m map[K]V)", "main.Map[...]",
	  "func Map[K comparable, V ~int | ~string](m map[K]V)", 0, 1, 0 },
	{ "gopkg.in/yaml%2ev2.F(x int)", "gopkg.in/yaml%2ev2.F", "func F(x int)", 0, 1, 0 },
	{ "func f(a [4]int, b [0x10]byte, c [1_000]int8, d [n]T, e [n * 2]T, f [0b11]int, g [0o17]int)",
	  "main.f", NULL, 0, 7, 0 },
	{ "func f(p Pair[int, string], q pkg.Pair[int, []T], r G[[4]int])", "main.f", NULL, 0, 3, 0 },
	{ "func f(Pair[int, string], [4]int, []int)", "main.f", NULL, 0, 3, 0 },
	{ "func f(c chan int, d <-chan int, e chan<- int, g chan (<-chan int), h <-chan (chan int))",
	  "main.f", NULL, 0, 5, 0 },
	{ "func f(m map[string]map[int][]string, p unsafe.Pointer, a any)", "main.f", NULL, 0, 3, 0 },
	{ "func f(i interface{ M(x int) (y int); ~int | ~string; error }, e error)", "main.f", NULL, 0, 2, 0 },
	{ "func f(s struct{ a, b int `json:\"a\"`; *T; pkg.U; G[int]; c [4]int; _ string })", "main.f", NULL, 0, 1, 0 },
	{ "func f(s struct {\n\ta int // one\n\tT\n\n\tb, c string\n})", "main.f",
	  "func f(s struct { a int; T; b, c string })", 0, 1, 0 },
	{ "func f(a (int), b *(T), c [](func()))", "main.f", NULL, 0, 3, 0 },
	{ "func f(a int) error { return nil }", "main.f", "func f(a int) error", 0, 1, 1 },
	{ "func f(a int) error;", "main.f", "func f(a int) error", 0, 1, 1 },
	{ "func gr\xc3\xb6\xc3\x9f\x65(x int)", "main.gr\xc3\xb6\xc3\x9f\x65", NULL, 0, 1, 0 },
	{ "func f(len int, string string, error error)", "main.f", NULL, 0, 3, 0 },
};
// clang-format on

enum {
	SPELLINGS = sizeof(spellings) / sizeof(spellings[0])
};

START_TEST(every_spelling_is_understood)
{
	const struct spelling *row = &spellings[_i];
	struct gcr_declarations *set = new_set();

	add(set, row->text);
	const struct gcr_function *function = find(set, row->frame);
	ck_assert_msg(function != NULL, "%s is not for %s", row->text,
		      row->frame);
	if (row->declaration != NULL)
		ck_assert_msg(
			gcr_span_is(function->declaration, row->declaration),
			"%s: %.*s", row->text,
			GCR_PRINT_SPAN(function->declaration));
	ck_assert_uint_eq(function->receiver.count, row->receivers);
	ck_assert_uint_eq(function->parameters.count, row->parameters);
	ck_assert_uint_eq(function->results.count, row->results);
	gcr_declarations_free(set);
}
END_TEST

struct mistake {
	const char *text;
	size_t line, column;
	const char *message;
};

// clang-format off
static const struct mistake mistakes[] = {
	{ "", 1, 1, "a function name is missing" },
	{ "func", 1, 5, "a function name is missing" },
	{ "func (", 1, 7, "a type is missing" },
	{ "f", 1, 2, "'(' is missing" },
	{ "f(", 1, 3, "a type is missing" },
	{ "f(a int", 1, 8, "',' or ')' is missing" },
	{ "f(a int))", 1, 9, "the end of the declaration expected instead of ')'" },
	{ "f(a int) error x", 1, 16, "the end of the declaration expected instead of 'x'" },
	{ "f(a int b)", 1, 9, "',' or ')' expected instead of 'b'" },
	{ "f(a int, string)", 1, 10, "a parameter without a type" },
	{ "f(a int, *T)", 1, 10, "a parameter without a name among named ones" },
	{ "f(a [", 1, 6, "']' is missing" },
	{ "f(a [)", 1, 7, "a type is missing" },
	{ "f(a map[int)", 1, 12, "']' expected instead of ')'" },
	{ "f(a map string)", 1, 9, "'[' expected instead of 'string'" },
	{ "f(a struct{ b int c })", 1, 19, "';' or '}' expected instead of 'c'" },
	{ "f(a struct{ b, 5 int })", 1, 16, "a field name expected instead of '5'" },
	{ "f(a,\n  b int,\n  c $)", 3, 5, "a type expected instead of '$'" },
	{ "main f(a int)", 1, 5, "a function name cannot have ' ' in it" },
	{ "main.(a int)", 1, 6, "a function name is missing" },
	{ "func (a, b T) M()", 1, 15, "one receiver expected instead of 'M'" },
	{ "func (a []T) M()", 1, 14, "a receiver of a named type expected instead of 'M'" },
	{ "func (t T) (x int)", 1, 12, "a function name expected instead of '('" },
	{ "f(a [1000000000][1000000000]int)", 1, 5, "the array is too large" },
	{ "f(a [2000000000]struct{ x [1000000]int })", 1, 5, "the array is too large" },
	{ "f(a chan)", 1, 9, "a type expected instead of ')'" },
	{ "f(a <-int)", 1, 7, "'chan' expected instead of 'int'" },
	{ "f(a pkg.)", 1, 9, "a type name expected instead of ')'" },
};
// clang-format on

enum {
	MISTAKES = sizeof(mistakes) / sizeof(mistakes[0])
};

START_TEST(a_mistake_is_told_with_its_place)
{
	const struct mistake *row = &mistakes[_i];
	struct gcr_declarations *set = new_set();
	struct gcr_error err = { 0 };

	ck_assert_msg(gcr_declarations_add(set, gcr_span_of(row->text), &err) ==
			      -1,
		      "%s is taken", row->text);
	ck_assert_int_eq(err.code, GCR_SYNTAX);
	ck_assert_msg(err.line == row->line && err.column == row->column &&
			      strcmp(err.text, row->message) == 0,
		      "%s: %zu:%zu: %s", row->text, err.line, err.column,
		      err.text);
	gcr_declarations_free(set);
}
END_TEST

static char *repeat(const char *head, const char *part, size_t count,
		    const char *tail)
{
	size_t size = strlen(part);
	char *text = calloc(1, strlen(head) + size * count + strlen(tail) + 1);
	char *at = text;

	ck_assert_ptr_nonnull(text);
	memcpy(at, head, strlen(head));
	at += strlen(head);
	for (size_t i = 0; i < count; i++, at += size)
		memcpy(at, part, size);
	memcpy(at, tail, strlen(tail));
	return text;
}

struct monster {
	const char *head, *part, *tail;
	size_t count;
	bool good;
};

// Long and deep ones: they end, in little time and memory, and with an error.
static const struct monster monsters[] = {
	{ "f(a ", "[]", "int)", 10000, false },
	{ "f(a ", "*", "int)", 10000, false },
	{ "f(a ", "func(", "int)", 10000, false },
	{ "f(a ", "struct{ a ", "int)", 10000, false },
	{ "f(a ", "G[", "int)", 10000, false },
	{ "f(a ", "map[int]", "int)", 10000, false },
	{ "f(a ", "(", "int)", 10000, false },
	{ "f(a ", "interface{", "int)", 10000, false },
	{ "f(a ", "chan ", "int)", 10000, false },
	{ "f(a ", "[2]", "int)", 60, false },
	{ "f(", "a int, ", ")", 150000, false },
	{ "f(", "int, ", ")", 200000, true },
	{ "f(", "a,", "b int)", 400000, true },
	{ "f(a struct{ ", "x int; ", "})", 150000, true },
	{ "f(", "[][", "", 300000, false },
	{ "f(", "a[", "", 300000, false },
	{ "f[", "a, ", "](x int)", 300000, true },
	{ "", "f", "(x int)", 1000000, true },
	{ "", "(*", ".f()", 300000, false },
	{ "f(a int) ", "(", "", 300000, false },
	{ "/*", "x", "*/ f()", 1000000, true },
	{ "f(a ", "\n", "int)", 1000000, false },
	{ "f(", "\n", "a int)", 1000000, true },
};

enum {
	MONSTERS = sizeof(monsters) / sizeof(monsters[0])
};

START_TEST(no_text_is_too_much)
{
	const struct monster *row = &monsters[_i];
	char *text = repeat(row->head, row->part, row->count, row->tail);
	struct gcr_declarations *set = new_set();
	struct gcr_error err = { 0 };
	int result = gcr_declarations_add(set, gcr_span_of(text), &err);

	// `f(a int, a int, )` is good Go but for the names.
	if (strcmp(row->part, "a int, ") != 0)
		ck_assert_msg(result == (row->good ? 0 : -1), "%s...: %s",
			      row->part, err.text);
	if (result != 0)
		ck_assert_uint_gt(err.column, 0);
	gcr_declarations_free(set);
	free(text);
}
END_TEST

START_TEST(sources_that_are_no_go_are_passed_over)
{
	const struct monster *row = &monsters[_i];
	char *text = repeat("package p\nfunc ", row->part, row->count,
			    "\nfunc good(a int) {}\n");
	char *lines = repeat("package p\n", "func f(a[\ntype T struct{\n",
			     20000, "\nfunc good(a int) {}\n");
	struct gcr_declarations *set = new_set();

	add_source(set, "p.go", text);
	add_source(set, "q.go", lines);
	gcr_declarations_free(set);
	free(lines);
	free(text);
}
END_TEST

struct match {
	const char *declarations[3];
	const char *frame;
	const char *expected; // NULL: none
};

// clang-format off
static const struct match matches[] = {
	{ { "main.f(a int)" }, "main.f", "func f(a int)" },
	{ { "main.f(a int)" }, "other.f", NULL },
	{ { "f(a int)" }, "other.f", "func f(a int)" },
	{ { "f(a int)" }, "example.com/m/other.f", "func f(a int)" },
	{ { "f(a int)" }, "runtime.f", NULL },
	{ { "pkg.f(a int)" }, "example.com/m/pkg.f", "func f(a int)" },
	{ { "m/pkg.f(a int)" }, "example.com/m/pkg.f", "func f(a int)" },
	{ { "g.f(a int)" }, "example.com/m/pkg.f", NULL },
	{ { "example.com/m/pkg.f(a int)", "pkg.f(b int)", "f(c int)" }, "example.com/m/pkg.f", "func f(a int)" },
	{ { "f(c int)", "pkg.f(b int)" }, "example.com/m/pkg.f", "func f(b int)" },
	{ { "f(a int)", "f(b int)" }, "main.f", NULL },
	{ { "f(a int)", "f(a int)" }, "main.f", "func f(a int)" },
	{ { "main.f(a int)", "main.f(b int)" }, "main.f", "func f(b int)" },
	{ { "dot.mod.f(a int)" }, "example.com/dot%2emod.f", NULL },
	{ { "example.com/dot%2emod.f(a int)" }, "example.com/dot%2emod.f", "func f(a int)" },
	{ { "func (t *T) M(a int)" }, "main.(*T).M", "func (t *T) M(a int)" },
	{ { "func (t *T) M(a int)" }, "main.T.M", NULL },
	{ { "func (t *T) M(a int)" }, "main.(*U).M", NULL },
	{ { "func (t *T) M(a int)" }, "main.(*T[...]).M", "func (t *T) M(a int)" },
	{ { "main.f(a int)" }, "main.f.func1", NULL },
	{ { "main.f(a int)" }, "main.f[...]", "func f(a int)" },
	{ { "main.f(a int)" }, "main.F", NULL },
	{ { "main.f(a int)" }, "", NULL },
	{ { "main.f(a int)" }, "[[[", NULL },
	{ { "main.f(a int)" }, "panic", NULL },
};
// clang-format on

enum {
	MATCHES = sizeof(matches) / sizeof(matches[0])
};

START_TEST(the_best_declaration_is_found)
{
	const struct match *row = &matches[_i];
	struct gcr_declarations *set = new_set();

	for (size_t i = 0; i < 3 && row->declarations[i] != NULL; i++)
		add(set, row->declarations[i]);
	const struct gcr_function *function = find(set, row->frame);
	if (row->expected == NULL)
		ck_assert_msg(function == NULL, "%s for %s",
			      row->declarations[0], row->frame);
	else
		ck_assert_msg(function != NULL &&
				      gcr_span_is(function->declaration,
						  row->expected),
			      "not %s for %s", row->expected, row->frame);
	gcr_declarations_free(set);
}
END_TEST

static const char source_a[] =
	"// Package doc.\n"
	"package main\n"
	"\n"
	"import (\n\t\"fmt\"\n\tht \"net/http\"\n)\n"
	"\n"
	"const n, m = 1, 2\n"
	"const (\n\tsize = 4\n\tlarge int = size * 2 // eight\n)\n"
	"\n"
	"type T struct {\n\ta [large]byte\n}\n"
	"\n"
	"var x = func(a int) { fmt.Println(`func no(a int) {`, '{', \"}\") }\n"
	"\n"
	"func (t *T) M(h ht.Handler) (err error) {\n"
	"\tfor { /* } */ }\n"
	"\treturn\n"
	"}\n"
	"\n"
	"func broken(a [) {\n}\n"
	"\n"
	"func Map[K comparable, V any](m map[K]V) []V { return nil }\n"
	"func declared(a int) int\n";

START_TEST(a_source_has_its_functions)
{
	struct gcr_declarations *set = new_set();

	add_source(set, "cmd/a/main.go", source_a);
	ck_assert_ptr_nonnull(
		find_at(set, "main.(*T).M", "/home/u/cmd/a/main.go", 21));
	ck_assert_ptr_nonnull(find(set, "main.Map[...]"));
	ck_assert_ptr_nonnull(find(set, "main.declared"));
	ck_assert_ptr_null(find(set, "main.no"));
	ck_assert_ptr_null(find(set, "main.broken"));
	gcr_declarations_free(set);
}
END_TEST

START_TEST(a_frame_must_stand_in_the_function)
{
	struct gcr_declarations *set = new_set();

	add_source(set, "cmd/a/main.go", source_a);
	ck_assert_ptr_nonnull(find_at(set, "main.(*T).M", "/x/main.go", 21));
	ck_assert_ptr_nonnull(find_at(set, "main.(*T).M", "/x/main.go", 24));
	ck_assert_ptr_null(find_at(set, "main.(*T).M", "/x/main.go", 25));
	ck_assert_ptr_null(find_at(set, "main.(*T).M", "/x/main.go", 20));
	ck_assert_ptr_null(find_at(set, "main.(*T).M", "/x/other.go", 20));
	gcr_declarations_free(set);
}
END_TEST

START_TEST(the_file_decides_between_same_names)
{
	struct gcr_declarations *set = new_set();

	add_source(set, "cmd/a/main.go", "package main\nfunc f(a int) {}\n");
	add_source(set, "cmd/b/main.go", "package main\nfunc f(b bool) {}\n");
	const struct gcr_function *function =
		find_at(set, "main.f", "/src/cmd/b/main.go", 2);
	ck_assert_ptr_nonnull(function);
	ck_assert(gcr_span_is(function->declaration, "func f(b bool)"));
	ck_assert_ptr_null(find_at(set, "main.f", "/src/main.go", 2));
	add(set, "f(c string)");
	function = find_at(set, "main.f", "/src/main.go", 2);
	ck_assert_ptr_nonnull(function);
	ck_assert(gcr_span_is(function->declaration, "func f(c string)"));
	gcr_declarations_free(set);
}
END_TEST

START_TEST(a_package_has_its_path_s_name)
{
	struct gcr_declarations *set = new_set();

	add_source(set, "yaml/y.go", "package yaml\nfunc F(a int) {}\n");
	ck_assert_ptr_nonnull(find(set, "gopkg.in/yaml%2ev2.F"));
	ck_assert_ptr_nonnull(find(set, "example.com/yaml/v3.F"));
	ck_assert_ptr_nonnull(find(set, "yaml.F"));
	ck_assert_ptr_null(find(set, "example.com/json.F"));
	gcr_declarations_free(set);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
	struct gcr_error err = { 0 };
	size_t n = 1;

	for (;; n++) {
		struct gcr_declarations *set = new_set();
		const char *text = "func (s *S[T]) f(a, b int, c struct{ x int"
				   "; y [4]T }, d ...T) (e error)";
		gcr_arena_fail_at(gcr_declarations_arena(set), n);
		int result = gcr_declarations_add(set, gcr_span_of(text), &err);
		gcr_arena_fail_at(gcr_declarations_arena(set), 0);
		// What failed has left nothing half made.
		if (result != 0) {
			ck_assert_int_eq(err.code, GCR_NOMEM);
			ck_assert_ptr_null(find(set, "main.(*S).f"));
		}
		gcr_declarations_free(set);
		if (result == 0)
			break;
	}
	ck_assert_uint_gt(n, 10);
}
END_TEST

START_TEST(every_allocation_of_a_source_may_fail)
{
	struct gcr_error err = { 0 };
	size_t n = 1;

	for (;; n++) {
		struct gcr_declarations *set = new_set();
		gcr_arena_fail_at(gcr_declarations_arena(set), n);
		int result = gcr_declarations_add_source(
			set, GCR_SPAN("a/b.go"), gcr_span_of(source_a), &err);
		gcr_arena_fail_at(gcr_declarations_arena(set), 0);
		if (result != 0)
			ck_assert_int_eq(err.code, GCR_NOMEM);
		find(set, "main.(*T).M");
		gcr_declarations_free(set);
		if (result == 0)
			break;
	}
	ck_assert_uint_gt(n, 20);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("declaration");
	TCase *given = tcase_create("given by hand");
	TCase *sources = tcase_create("sources");
	SRunner *runner;
	int failed;

	tcase_set_timeout(given, 30);
	tcase_set_timeout(sources, 30);
	tcase_add_loop_test(given, every_spelling_is_understood, 0, SPELLINGS);
	tcase_add_loop_test(given, a_mistake_is_told_with_its_place, 0,
			    MISTAKES);
	tcase_add_loop_test(given, no_text_is_too_much, 0, MONSTERS);
	tcase_add_loop_test(given, the_best_declaration_is_found, 0, MATCHES);
	tcase_add_test(given, every_allocation_may_fail);
	tcase_add_loop_test(sources, sources_that_are_no_go_are_passed_over, 0,
			    MONSTERS);
	tcase_add_test(sources, a_source_has_its_functions);
	tcase_add_test(sources, a_frame_must_stand_in_the_function);
	tcase_add_test(sources, the_file_decides_between_same_names);
	tcase_add_test(sources, a_package_has_its_path_s_name);
	tcase_add_test(sources, every_allocation_of_a_source_may_fail);
	suite_add_tcase(suite, given);
	suite_add_tcase(suite, sources);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
