/*
 * Lists under declarations: what each value is, and how far it is vouched for.
 * The rows are readings by hand of Go's own sources and of real traces; the
 * proof in bulk is check_signatures.c and live_values.sh.
 */

#include "support_values.h"

#include "arena.h"
#include "declaration.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>

struct row {
	const char *declaration, *function, *list;
	enum gcr_arch arch;
	unsigned go_min, go_max;
	const char *path;
	enum gcr_certainty certainty;
	const char *text; // NULL: none
};

#define ANY GCR_ARCH_UNKNOWN
#define EXAMPLE "main.example(slice []string, str string, i int) error"
#define EXAMPLE_LIST                                                           \
	"0xc000042748, 0x2, 0x4, 0x106abae, 0x5, 0xa, 0x0, 0xc000054778"
#define BOOLS "main.example(b1, b2, b3 bool, i uint8) error"
#define BOOLS_LIST "0xc019010001, 0x1064ee0, 0xc000076058"

// clang-format off
static const struct row rows[] = {
	// The course's traces prove their era and machine by themselves.
	{ EXAMPLE, "main.example", EXAMPLE_LIST, ANY, 0, 0, "slice", GCR_EXACT, "[]string(len 2, cap 4, 0xc000042748)" },
	{ EXAMPLE, "main.example", EXAMPLE_LIST, ANY, 0, 0, "str", GCR_EXACT, "string(len 5, 0x106abae)" },
	{ EXAMPLE, "main.example", EXAMPLE_LIST, ANY, 0, 0, "i", GCR_EXACT, "10" },
	{ BOOLS, "main.example", BOOLS_LIST, ANY, 0, 0, "b1", GCR_EXACT, "true" },
	{ BOOLS, "main.example", BOOLS_LIST, ANY, 0, 0, "b2", GCR_EXACT, "false" },
	{ BOOLS, "main.example", BOOLS_LIST, ANY, 0, 0, "i", GCR_EXACT, "25" },
	// Typed lists, by release.
	{ "f(a int)", "main.f", "0x5", GCR_AMD64, 17, 17, "a", GCR_UNMARKED, "5" },
	{ "f(a int)", "main.f", "0x5", GCR_386, 17, 17, "a", GCR_EXACT, "5" },
	{ "f(a int)", "main.f", "0x5", GCR_ARM64, 17, 17, "a", GCR_EXACT, "5" },
	{ "f(a int)", "main.f", "0x5", GCR_AMD64, 18, 25, "a", GCR_EXACT, "5" },
	{ "f(a int)", "main.f", "0x5", GCR_AMD64, 26, 26, "a", GCR_EXACT, "5" },
	{ "f(a int)", "main.f", "0x5?", GCR_AMD64, 22, 22, "a", GCR_STALE, "5" },
	{ "f(a int)", "main.f", "0x5", GCR_AMD64, 0, 16, "a", GCR_EXACT, "5" },
	{ "f(a int)", "main.f", "0x5", GCR_AMD64, 0, 0, "a", GCR_UNMARKED, "5" },
	{ "f(a int)", "main.f", "0x5", GCR_386, 0, 0, "a", GCR_EXACT, "5" },
	{ "f(a int)", "main.f", "0x5?", ANY, 0, 0, "a", GCR_STALE, "5" },
	// A mark shows go1.18 or later; what go1.26 leaves out is doubtful then.
	{ "f(a, b int)", "main.f", "0x5?, 0x6", GCR_AMD64, 0, 25, "b", GCR_EXACT, "6" },
	{ "f(a, b int)", "main.f", "0x5?, 0x6", GCR_AMD64, 26, 26, "b", GCR_UNMARKED, "6" },
	{ "f(a, b int)", "main.f", "0x5?, 0x6", GCR_AMD64, 0, 0, "b", GCR_UNMARKED, "6" },
	{ "f(a int, b [2]int8)", "main.f", "0x5?, {0x6, 0xff}", GCR_AMD64, 0, 0, "b[1]", GCR_EXACT, "-1" },
	{ "f(s struct{ a, b, c, d, e int })", "main.f", "{0x1, 0x2, 0x3, 0x4, 0x5}", GCR_AMD64, 26, 26, "s.e", GCR_UNMARKED, "5" },
	{ "f(s struct{ a, b, c, d, e int })", "main.f", "{0x1, 0x2, 0x3, 0x4, 0x5}", GCR_AMD64, 25, 25, "s.e", GCR_EXACT, "5" },
	{ "f(s struct{ a, b, c, d, e int }, x int)", "main.f", "{0x1, 0x2, 0x3, 0x4, 0x5}, 0x6", GCR_AMD64, 26, 26, "s.e", GCR_EXACT, "5" },
	{ "f(s struct{ a, b, c, d, e int }, x int)", "main.f", "{0x1, 0x2, 0x3, 0x4, 0x5}, 0x6", GCR_AMD64, 18, 0, "s.e", GCR_UNMARKED, "5" },
	{ "f(s struct{ a, b, c, d, e int }, x int)", "main.f", "{0x1, 0x2, 0x3, 0x4, 0x5}, 0x6", GCR_AMD64, 18, 0, "x", GCR_EXACT, "6" },
	// Parameters without a name print junk to go1.21.
	{ "f(a, _, b int)", "main.f", "0x5, 0x6, 0x7", GCR_AMD64, 20, 20, "a", GCR_EXACT, "5" },
	{ "f(a, _, b int)", "main.f", "0x5, 0x6, 0x7", GCR_AMD64, 20, 20, "_", GCR_UNMARKED, "6" },
	{ "f(a, _, b int)", "main.f", "0x5, 0x6, 0x7", GCR_AMD64, 21, 21, "b", GCR_UNMARKED, "7" },
	{ "f(a, _, b int)", "main.f", "0x5, 0x6, 0x7", GCR_AMD64, 22, 22, "b", GCR_EXACT, "7" },
	{ "f(a, _, b int)", "main.f", "0x5, 0x6, 0x7", GCR_386, 20, 20, "b", GCR_EXACT, "7" },
	// Limits: ten components, five levels, 240 bytes.
	{ "f(a [12]int8, b int)", "main.f", "{0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, ...}, ...", GCR_AMD64, 22, 22, "a[9]", GCR_EXACT, "9" },
	{ "f(a [12]int8, b int)", "main.f", "{0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, ...}, ...", GCR_AMD64, 22, 22, "a[10]", GCR_ELIDED, NULL },
	{ "f(a [12]int8, b int)", "main.f", "{0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, ...}, ...", GCR_AMD64, 22, 22, "b", GCR_ELIDED, NULL },
	{ "f(a [10]int8, s string)", "main.f", "{0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9}, ...", GCR_AMD64, 22, 22, "a[9]", GCR_EXACT, "9" },
	{ "f(a [9]int8, s string, x int)", "main.f", "{0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8}, {0x48000, ...}, ...", GCR_AMD64, 22, 22, "s", GCR_ELIDED, NULL },
	{ "f(a [1][1][1][1][1]int, b int)", "main.f", "{{{{{...}}}}}, 0x9", GCR_386, 22, 22, "b", GCR_EXACT, "9" },
	{ "f(a [1][1][1][1][1]int, b int)", "main.f", "{{{{{...}}}}}, 0x9", GCR_386, 22, 22, "a[0][0][0][0]", GCR_ELIDED, NULL },
	{ "f(a [1][1][1][1]struct{ x int; y string }, b int)", "main.f", "{{{{{...}}}}}, 0x9", GCR_AMD64, 22, 22, "b", GCR_UNMARKED, "9" },
	{ "f(a, b int) [40]int", "main.f", "_, _", GCR_AMD64, 22, 22, "b", GCR_ELIDED, NULL },
	{ "f(a struct{}, b [0]int, c int)", "main.f", "{}, {}, 0x1", GCR_AMD64, 22, 22, "c", GCR_EXACT, "1" },
	{ "f(a struct{})", "main.f", "{}", GCR_AMD64, 22, 22, "a", GCR_EXACT, "{}" },
	// Scalars.
	{ "f(a int8)", "main.f", "0xfe", GCR_AMD64, 22, 22, "a", GCR_EXACT, "-2" },
	{ "f(a int64)", "main.f", "0x8000000000000000", GCR_AMD64, 22, 22, "a", GCR_EXACT, "-9223372036854775808" },
	{ "f(a int)", "main.f", "0xffffffff", GCR_386, 22, 22, "a", GCR_EXACT, "-1" },
	{ "f(a int64)", "main.f", "0xffffffffffffffff", GCR_386, 22, 22, "a", GCR_EXACT, "-1" },
	{ "f(a rune)", "main.f", "0x61", GCR_AMD64, 22, 22, "a", GCR_EXACT, "97" },
	{ "f(a byte)", "main.f", "0x61", GCR_AMD64, 22, 22, "a", GCR_EXACT, "97" },
	{ "f(a uintptr)", "main.f", "0xbeef", GCR_AMD64, 22, 22, "a", GCR_EXACT, "0xbeef" },
	{ "f(a uintptr)", "main.f", "0x0", GCR_AMD64, 22, 22, "a", GCR_EXACT, "0x0" },
	{ "f(a unsafe.Pointer)", "main.f", "0xbeef", GCR_AMD64, 22, 22, "a", GCR_EXACT, "0xbeef" },
	{ "f(a *int)", "main.f", "0x0", GCR_AMD64, 22, 22, "a", GCR_EXACT, "nil" },
	{ "f(a chan int)", "main.f", "0xc000012345", GCR_AMD64, 22, 22, "a", GCR_EXACT, "0xc000012345" },
	{ "f(a error)", "main.f", "{0x0, 0x0}", GCR_AMD64, 22, 22, "a", GCR_EXACT, "nil" },
	{ "f(a error)", "main.f", "{0x4a, 0xc0}", GCR_AMD64, 22, 22, "a", GCR_EXACT, "error(0x4a, 0xc0)" },
	{ "f(a float32)", "main.f", "0x3fc00000", GCR_AMD64, 22, 22, "a", GCR_EXACT, "1.5" },
	{ "f(a float64)", "main.f", "0x7ff8000000000001", GCR_AMD64, 22, 22, "a", GCR_EXACT, "NaN" },
	{ "f(a complex64)", "main.f", "{0x3f800000, 0xbf800000}", GCR_AMD64, 22, 22, "a", GCR_EXACT, "(1-1i)" },
	{ "f(a complex128)", "main.f", "{0x3ff0000000000000?, 0x0}", GCR_AMD64, 22, 22, "a", GCR_STALE, "(1+0i)" },
	{ "f(a string)", "main.f", "{0x48000, 0x0}", GCR_AMD64, 22, 22, "a", GCR_EXACT, "\"\"" },
	{ "f(a []int)", "main.f", "{0x0, 0x0, 0x0}", GCR_AMD64, 22, 22, "a", GCR_EXACT, "[]int(len 0, cap 0, 0x0)" },
	{ "f(a ...string)", "main.f", "{0x48000, 0x1, 0x1}", GCR_AMD64, 22, 22, "a", GCR_EXACT, "[]string(len 1, cap 1, 0x48000)" },
	{ "f(a time.Duration)", "main.f", "0x3b9aca00", GCR_AMD64, 22, 22, "a", GCR_EXACT, "1000000000" },
	{ "f(p struct{ x, y int8 })", "main.f", "{0x1, 0xff}", GCR_AMD64, 22, 22, "p", GCR_EXACT, "{x: 1, y: -1}" },
	{ "f(p struct{ x, _ int8 })", "main.f", "{0x1, 0xff}", GCR_AMD64, 22, 22, "p._", GCR_UNKNOWN, NULL },
	// What no Go program holds.
	{ "f(a bool)", "main.f", "0x2", GCR_AMD64, 22, 22, "a", GCR_UNKNOWN, NULL },
	{ "f(a bool)", "main.f", "0x2?", GCR_AMD64, 22, 22, "a", GCR_STALE, NULL },
	{ "f(a bool)", "main.f", "0x1ff", GCR_AMD64, 22, 22, "a", GCR_UNKNOWN, NULL },
	{ "f(a []int)", "main.f", "{0x1000, 0x5, 0x4}", GCR_AMD64, 22, 22, "a", GCR_UNKNOWN, NULL },
	{ "f(a string)", "main.f", "{0x0, 0x5}", GCR_AMD64, 22, 22, "a", GCR_UNKNOWN, NULL },
	// Lists of something else.
	{ "f(a int, b string)", "main.f", "0x1", GCR_AMD64, 22, 22, "a", GCR_UNKNOWN, NULL },
	{ "f(a int)", "main.f", "{0x1}", GCR_AMD64, 22, 22, "a", GCR_UNKNOWN, NULL },
	{ "f(a int)", "main.f", "0x1, 0x2", GCR_AMD64, 22, 22, "a", GCR_UNKNOWN, NULL },
	{ "f(a int)", "main.f", "0x1, {", GCR_AMD64, 22, 22, "a", GCR_UNKNOWN, NULL },
	{ "f(a int)", "main.f", "...", GCR_AMD64, 22, 22, "a", GCR_ELIDED, NULL },
	{ "f(a int)", "main.f", "", GCR_AMD64, 22, 22, "a", GCR_ELIDED, NULL },
	// Types nobody defined: one component or one group.
	{ "f(a T, b int)", "main.f", "{0x1, {0x2}}, 0x7", GCR_AMD64, 22, 22, "b", GCR_EXACT, "7" },
	{ "f(a T, b int)", "main.f", "0x1, 0x7", GCR_AMD64, 22, 22, "b", GCR_EXACT, "7" },
	{ "f(a T, b int)", "main.f", "0x1, 0x7", GCR_AMD64, 22, 22, "a", GCR_UNKNOWN, NULL },
	{ "f(b int, a T, c int)", "main.f", "0x1, 0x7, 0x8", GCR_AMD64, 16, 16, "b", GCR_EXACT, "1" },
	{ "f(b int, a T, c int)", "main.f", "0x1, 0x7, 0x8", GCR_AMD64, 16, 16, "c", GCR_UNKNOWN, NULL },
	// Generic code.
	{ "func f[T any](x T, y int)", "main.f[...]", "0x1, 0x2", GCR_386, 22, 22, "y", GCR_EXACT, "2" },
	{ "func f[T any](x T, y int)", "main.f[...]", "0x1, 0x2", GCR_AMD64, 22, 22, "y", GCR_UNMARKED, "2" },
	{ "func (r *G[T]) M(y int)", "main.(*G[...]).M", "0x48000, 0x2", GCR_386, 22, 22, "r", GCR_UNKNOWN, NULL },
	{ "func (r *G[T]) M(y int)", "main.(*G[...]).M", "0x48000, 0x2", GCR_386, 22, 22, "y", GCR_EXACT, "2" },
	{ "func (r *G[T]) M(y int)", "main.(*G[...]).M", "0x48000, 0x2", GCR_386, 19, 19, "r", GCR_EXACT, "0x48000" },
	{ "func (r *G[T]) M(y int)", "main.(*G[...]).M", "0x48000, 0x2", GCR_386, 0, 0, "r", GCR_UNKNOWN, NULL },
	{ "main.f[...].func1(p, q int)", "main.f[...].func1", "0x2", GCR_386, 22, 22, "p", GCR_ELIDED, NULL },
	{ "main.f[...].func1(p, q int)", "main.f[...].func1", "0x2", GCR_386, 22, 22, "q", GCR_EXACT, "2" },
	// Flat words: packing, padding, 386, what is cut.
	{ "f(a int8, b bool)", "main.f", "0xc0000001ff", GCR_AMD64, 0, 16, "a", GCR_EXACT, "-1" },
	{ "f(a int8, b int64)", "main.f", "0xff, 0x5", GCR_AMD64, 0, 16, "b", GCR_EXACT, "5" },
	{ "f(a int64)", "main.f", "0xffffffff, 0xffffffff", GCR_386, 0, 16, "a", GCR_EXACT, "-1" },
	{ "f(a int8, b int64)", "main.f", "0x1, 0x5, 0x0", GCR_386, 0, 16, "b", GCR_EXACT, "5" },
	{ "f(a [12]int)", "main.f", "0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, ...", GCR_AMD64, 0, 16, "a[9]", GCR_EXACT, "9" },
	{ "f(a [12]int)", "main.f", "0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, ...", GCR_AMD64, 0, 16, "a[10]", GCR_ELIDED, NULL },
	{ "f(a [9]int, s string)", "main.f", "0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, ...", GCR_AMD64, 0, 16, "s", GCR_ELIDED, NULL },
	{ "f(a bool)", "main.f", "0xc000000002", GCR_AMD64, 0, 16, "a", GCR_UNKNOWN, NULL },
	{ "f(a, b int8)", "main.f", "0x201", GCR_ARCH_OTHER_64, 0, 16, "a", GCR_UNKNOWN, NULL },
	{ "f(a, b int)", "main.f", "0x1, 0x2", GCR_ARCH_OTHER_64, 0, 16, "b", GCR_EXACT, "2" },
	{ "main.f.func1(a int)", "main.f.func1", "0x5, 0x6", GCR_AMD64, 0, 16, "a", GCR_UNKNOWN, NULL },
	{ "main.f.func1(a int)", "main.f.func1", "0x5", GCR_AMD64, 0, 16, "a", GCR_EXACT, "5" },
	{ "main.f(a int)", "main.f", "0x5, 0x6", GCR_AMD64, 0, 16, "a", GCR_EXACT, "5" },
	// The machine, where it is not known.
	{ "f(a int)", "main.f", "0xffffffff", ANY, 22, 22, "a", GCR_UNKNOWN, NULL },
	{ "f(a int, p *int)", "main.f", "0xffffffff, 0x9c12000", ANY, 22, 22, "a", GCR_EXACT, "-1" },
	{ "f(a int, p *int)", "main.f", "0xffffffff, 0x4c1200", ANY, 22, 22, "a", GCR_EXACT, "4294967295" },
	{ "f(a int, p *int)", "main.f", "0xffffffff, 0xc000012000", ANY, 22, 22, "a", GCR_EXACT, "4294967295" },
	{ "f(a, b int)", "main.f", "0xffffffff, 0x1?", ANY, 22, 22, "a", GCR_EXACT, "4294967295" },
	// Eras that both fit.
	{ "f(a, b int8)", "main.f", "0x1, 0x2", GCR_AMD64, 0, 0, "b", GCR_UNMARKED, "2" },
	{ "f(a int8)", "main.f", "0x1ff", GCR_AMD64, 0, 0, "a", GCR_EXACT, "-1" },
	{ "f(s string)", "main.f", "{0x48000, 0x3}", GCR_AMD64, 0, 13, "s", GCR_UNMARKED, "string(len 3, 0x48000)" },
};
// clang-format on

enum {
	ROWS = sizeof(rows) / sizeof(rows[0])
};

START_TEST(each_value_is_what_it_must_be)
{
	const struct row *row = &rows[_i];
	struct gcr_target target = { row->arch, row->go_min, row->go_max };
	struct decoded decoded =
		decode_list(row->declaration, row->function, row->list, target);
	const struct gcr_value *value = value_at(&decoded.decoding, row->path);

	ck_assert_ptr_nonnull(value);
	ck_assert_msg(value->certainty == row->certainty &&
			      (row->text == NULL
				       ? value->text.data == NULL
				       : gcr_span_is(value->text, row->text)),
		      "%s(%s): %s is %s '%.*s'", row->declaration, row->list,
		      row->path, gcr_certainty_name(value->certainty),
		      GCR_PRINT_SPAN(value->text));
	decoded_free(&decoded);
}
END_TEST

struct noted {
	const char *declaration, *function, *list;
	unsigned go_min, go_max;
	const char *note;
};

// clang-format off
static const struct noted noted[] = {
	{ "f(a int, b string)", "main.f", "0x1", 22, 22, "it has too few values" },
	{ "f(a bool)", "main.f", "0x1ff", 22, 22, "a value is wider than its type" },
	{ "f(a bool)", "main.f", "0x1ff", 22, 22, "go1.16 and older would print it so" },
	{ "f(a int)", "main.f", "{0x1}", 22, 22, "a brace or '...' stands" },
	{ "f(a string)", "main.f", "0x1, 0x2", 22, 22, "a single value stands where a brace should" },
	{ "f(a int)", "main.f", "0x1, 0x2", 22, 22, "it has too many values" },
	{ "f(a int) int", "main.f", "0x1", 16, 16, "it has too few words" },
	{ "f(a int) int", "main.f", "0x1, 0x2, 0x3", 16, 16, "it has too many words" },
	{ "f(a int)", "main.f", "0x1, {", 22, 22, "the argument list ends early" },
	{ "f(a int)", "main.f", "hello", 22, 22, "not an argument list at 'hello'" },
	{ "f(a string)", "main.f", "{0x1, 0x2}", 0, 13, "of go1.17 or later, not of go1.13" },
	{ "f(a int)", "main.f", "0xffffffff", 22, 22, "--arch settles it" },
	{ "f(a, b int8) (c, d int64)", "main.f", "0x1, 0x2", 0, 16, "it has too few words" },
	{ "func (r *G[T]) M(y int)", "main.(*G[...]).M", "0x48000, 0x2", 22, 22, "dictionary, not its receiver" },
};
// clang-format on

START_TEST(what_is_open_is_noted)
{
	const struct noted *row = &noted[_i];
	struct gcr_target target = { ANY, row->go_min, row->go_max };
	struct decoded decoded =
		decode_list(row->declaration, row->function, row->list, target);

	assert_note(&decoded, row->note);
	decoded_free(&decoded);
}
END_TEST

START_TEST(flat_bits_are_given_to_their_owners)
{
	struct decoded decoded = decode_list(BOOLS, "main.example", BOOLS_LIST,
					     (struct gcr_target){ 0 });
	const struct gcr_decoding *decoding = &decoded.decoding;

	ck_assert(decoding->flat);
	ck_assert_uint_eq(decoding->result_word, 1);
	ck_assert_uint_eq(decoding->part_count, 5);
	ck_assert(gcr_span_is(decoding->parts[3].name, "i"));
	ck_assert(gcr_span_is(decoding->parts[3].text, "25"));
	ck_assert_uint_eq(decoding->parts[3].low, 24);
	ck_assert_uint_eq(decoding->parts[3].high, 31);
	ck_assert_ptr_null(decoding->parts[4].name.data);
	ck_assert_uint_eq(decoding->parts[4].bits, 0xc0);
	decoded_free(&decoded);
}
END_TEST

START_TEST(words_behind_the_parameters_are_results)
{
	struct decoded decoded = decode_list(
		"main.example(slice []string, str string, i int)",
		"main.example", EXAMPLE_LIST, (struct gcr_target){ 0 });

	ck_assert_uint_eq(decoded.decoding.result_word, 6);
	ck_assert_uint_eq(decoded.decoding.result_count, 2);
	ck_assert(
		gcr_span_is(decoded.decoding.results[1].text, "0xc000054778"));
	ck_assert_int_eq(decoded.decoding.results[1].certainty, GCR_UNKNOWN);
	assert_value(&decoded, "i", GCR_EXACT, "10");
	decoded_free(&decoded);
}
END_TEST

static const char source[] =
	"package shop\n"
	"const size = 2\n"
	"type Item struct {\n\tid int32\n\tname string\n}\n"
	"type Cart [size]Item\n"
	"type Price float64\n"
	"func (c Cart) total(p Price, next *Cart) (sum Price) {\n"
	"\tpanic(p)\n"
	"}\n";

START_TEST(types_come_from_the_sources)
{
	struct gcr_frame frame = {
		.function = GCR_SPAN("example.com/m/shop.Cart.total"),
		.arguments = GCR_SPAN("{{0x1, {0x48000, 0x3}}, {0x2, {0x0, 0x0}"
				      "}}, 0x3ff8000000000000, 0x0"),
		.file = GCR_SPAN("/home/u/m/shop/shop.go"),
		.line = 10,
	};
	struct decoded decoded = decode_with_source(
		"shop/shop.go", source, &frame, target_of(GCR_AMD64, 22));

	assert_value(&decoded, "p", GCR_EXACT, "1.5");
	assert_value(&decoded, "c[0].id", GCR_EXACT, "1");
	assert_value(&decoded, "c[0].name", GCR_EXACT,
		     "string(len 3, 0x48000)");
	assert_value(&decoded, "c[1].name", GCR_EXACT, "\"\"");
	assert_value(&decoded, "next", GCR_EXACT, "nil");
	ck_assert(gcr_span_is(value_at(&decoded.decoding, "c")->type, "Cart"));
	decoded_free(&decoded);
}
END_TEST

START_TEST(without_a_declaration_there_are_words)
{
	struct decoded decoded =
		decode_list("main.g(a int)", "main.f", "0x1, 0x2",
			    (struct gcr_target){ 0 });

	ck_assert_ptr_null(decoded.decoding.declaration.data);
	ck_assert_uint_eq(decoded.decoding.words.count, 2);
	ck_assert_uint_eq(decoded.decoding.argument_count, 0);
	decoded_free(&decoded);
}
END_TEST

static char *nested(unsigned depth)
{
	static char text[8192];
	size_t at = 0;

	memcpy(text, "f(a ", 4);
	at = 4;
	for (unsigned i = 0; i < depth; i++) {
		memcpy(text + at, "[9]", 3);
		at += 3;
	}
	memcpy(text + at, "int8)", 6);
	return text;
}

START_TEST(huge_types_cost_little)
{
	struct decoded decoded =
		decode_list(nested(15), "main.f", "0x1, 0x2, ...",
			    target_of(GCR_AMD64, 16));

	ck_assert_uint_lt(gcr_arena_used(decoded.arena), 8 << 20);
	decoded_free(&decoded);
	decoded = decode_list("f(a [1000000000]struct{}, b int)", "main.f",
			      "0x5", target_of(GCR_AMD64, 16));
	assert_value(&decoded, "b", GCR_EXACT, "5");
	ck_assert_uint_lt(gcr_arena_used(decoded.arena), 8 << 20);
	decoded_free(&decoded);
}
END_TEST

static void fail_every_allocation(const char *declaration, const char *function,
				  const char *list)
{
	struct gcr_declarations *set;
	struct gcr_error err = { 0 };
	struct gcr_frame frame = { .function = gcr_span_of(function),
				   .arguments = gcr_span_of(list) };
	struct gcr_decoding decoding;
	int result = -1;
	size_t n = 0;

	ck_assert_int_eq(gcr_declarations_new(&set, &err), 0);
	ck_assert_int_eq(
		gcr_declarations_add(set, gcr_span_of(declaration), &err), 0);
	while (result != 0) {
		struct gcr_arena *arena = gcr_arena_new(0);
		gcr_arena_fail_at(arena, ++n);
		decoding.note_count = 77;
		result = gcr_frame_decode(&frame, set, NULL, arena, &decoding,
					  &err);
		if (result != 0)
			ck_assert_int_eq(err.code, GCR_NOMEM);
		if (result != 0)
			ck_assert_uint_eq(decoding.note_count, 77);
		gcr_arena_free(arena);
	}
	ck_assert_uint_gt(n, 5);
	gcr_declarations_free(set);
}

START_TEST(every_allocation_may_fail)
{
	fail_every_allocation(EXAMPLE, "main.example", EXAMPLE_LIST);
	fail_every_allocation("f(a [2]struct{ x int; y string }, b complex64, "
			      "c float32, d T, e error)",
			      "main.f",
			      "{{0x1, {0x2, 0x3}}, {0x4, {0x5, 0x0}}}, {0x1, "
			      "0x2}, 0x3, {0x1}, ...");
	fail_every_allocation("f(a int8, b [2]int16, c int64)", "main.f",
			      "0x1ff, 0xffffffff, 0x5");
	fail_every_allocation("f(a int)", "main.f", "0x1, 0x2, {}");
	fail_every_allocation("f(a int)", "main.f", "0x1, 0x2, {");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("values");
	TCase *values = tcase_create("values");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(values, each_value_is_what_it_must_be, 0, ROWS);
	tcase_add_loop_test(values, what_is_open_is_noted, 0,
			    sizeof(noted) / sizeof(noted[0]));
	tcase_add_test(values, flat_bits_are_given_to_their_owners);
	tcase_add_test(values, words_behind_the_parameters_are_results);
	tcase_add_test(values, types_come_from_the_sources);
	tcase_add_test(values, without_a_declaration_there_are_words);
	tcase_add_test(values, huge_types_cost_little);
	tcase_add_test(values, every_allocation_may_fail);
	suite_add_tcase(suite, values);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
