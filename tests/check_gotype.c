/*
 * Sizes and alignment, by Go's own rules; what names stand for; integer
 * literals; floating point texts.
 */

#include "arena.h"
#include "declaration.h"
#include "gofloat.h"
#include "goparse.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>

static const char source[] =
	"package p\n"
	"import (\n\t\"time\"\n\tio2 \"io\"\n\t\"example.com/m/q\"\n)\n"
	"const (\n\tfour = 4\n\tnine = four*2 + 1\n\tbig = 1 << 20\n\tloop = loop\n)\n"
	"type Int int\n"
	"type Alias = []Int\n"
	"type Point struct{ x, y int16 }\n"
	"type Line [2]Point\n"
	"type List struct {\n\tnext *List\n\tvalue Int\n}\n"
	"type Endless struct{ e Endless }\n"
	"type Ring [2]Ring2\ntype Ring2 struct{ r Ring }\n"
	"type Pair[A any, B comparable] struct {\n\ta A\n\tb B\n}\n"
	"type Nest[T any] struct{ p Pair[T, Pair[T, int8]] }\n"
	"type (\n\tOne struct{ Point; n uint8 }\n\tTwo interface{ M() }\n)\n"
	"type T0 struct{ a, b T1 }\ntype T1 struct{ a, b T2 }\n"
	"type T2 struct{ a, b T3 }\ntype T3 struct{ a, b T4 }\n"
	"type T4 struct{ a, b T5 }\ntype T5 struct{ a, b T6 }\n"
	"type T6 struct{ a, b T7 }\ntype T7 struct{ a, b T8 }\n"
	"type T8 struct{ a, b T9 }\ntype T9 struct{ a, b T10 }\n"
	"type T10 struct{ a, b T11 }\ntype T11 struct{ a, b T12 }\n"
	"type T12 struct{ a, b T13 }\ntype T13 struct{ a, b T14 }\n"
	"type T14 struct{ a, b int }\n"
	"type string2 string\n"
	"type error2 = error\n";

struct size {
	const char *type;
	enum gcr_kind kind;
	unsigned size64, align64, size32, align32; // size 999: not known
};

// clang-format off
static const struct size sizes[] = {
	{ "bool", GCR_BOOL, 1, 1, 1, 1 },
	{ "int", GCR_INT, 8, 8, 4, 4 },
	{ "int64", GCR_INT64, 8, 8, 8, 4 },
	{ "float64", GCR_FLOAT64, 8, 8, 8, 4 },
	{ "complex64", GCR_COMPLEX64, 8, 4, 8, 4 },
	{ "complex128", GCR_COMPLEX128, 16, 8, 16, 4 },
	{ "string", GCR_STRING, 16, 8, 8, 4 },
	{ "[]int", GCR_SLICE, 24, 8, 12, 4 },
	{ "error", GCR_INTERFACE, 16, 8, 8, 4 },
	{ "any", GCR_INTERFACE, 16, 8, 8, 4 },
	{ "interface{ M() }", GCR_INTERFACE, 16, 8, 8, 4 },
	{ "map[string]int", GCR_MAP, 8, 8, 4, 4 },
	{ "<-chan int", GCR_CHAN, 8, 8, 4, 4 },
	{ "func()", GCR_FUNC, 8, 8, 4, 4 },
	{ "unsafe.Pointer", GCR_UNSAFE_POINTER, 8, 8, 4, 4 },
	{ "rune", GCR_INT32, 4, 4, 4, 4 },
	{ "byte", GCR_UINT8, 1, 1, 1, 1 },
	{ "struct{}", GCR_STRUCT, 0, 1, 0, 1 },
	{ "[0]int", GCR_ARRAY, 0, 8, 0, 4 },
	{ "[3]int16", GCR_ARRAY, 6, 2, 6, 2 },
	{ "[3][2]byte", GCR_ARRAY, 6, 1, 6, 1 },
	{ "struct{ a byte; b int64; c byte }", GCR_STRUCT, 24, 8, 16, 4 },
	{ "struct{ a byte; b struct{} }", GCR_STRUCT, 2, 1, 2, 1 },
	{ "struct{ a int32; b struct{}; c int32 }", GCR_STRUCT, 8, 4, 8, 4 },
	{ "struct{ b [0]int64 }", GCR_STRUCT, 0, 8, 0, 4 },
	{ "Int", GCR_INT, 8, 8, 4, 4 },
	{ "Alias", GCR_SLICE, 24, 8, 12, 4 },
	{ "Line", GCR_ARRAY, 8, 2, 8, 2 },
	{ "List", GCR_STRUCT, 16, 8, 8, 4 },
	{ "One", GCR_STRUCT, 6, 2, 6, 2 },
	{ "Two", GCR_INTERFACE, 16, 8, 8, 4 },
	{ "string2", GCR_STRING, 16, 8, 8, 4 },
	{ "error2", GCR_INTERFACE, 16, 8, 8, 4 },
	{ "Pair[int8, int16]", GCR_STRUCT, 4, 2, 4, 2 },
	{ "Pair[string, Pair[int8, bool]]", GCR_STRUCT, 24, 8, 12, 4 },
	{ "Nest[int16]", GCR_STRUCT, 6, 2, 6, 2 },
	{ "Pair[int8]", GCR_STRUCT, 999, 0, 999, 0 },
	{ "time.Duration", GCR_INT64, 8, 8, 8, 4 },
	{ "time.Time", GCR_STRUCT, 24, 8, 20, 4 },
	{ "io2.Reader", GCR_INTERFACE, 16, 8, 8, 4 },
	{ "io.Reader", GCR_INTERFACE, 16, 8, 8, 4 },
	{ "q.Reader", GCR_OPAQUE, 999, 0, 999, 0 },
	{ "Missing", GCR_OPAQUE, 999, 0, 999, 0 },
	{ "*Missing", GCR_POINTER, 8, 8, 4, 4 },
	{ "[]Missing", GCR_SLICE, 24, 8, 12, 4 },
	{ "[2]Missing", GCR_ARRAY, 999, 0, 999, 0 },
	{ "struct{ a int; b Missing }", GCR_STRUCT, 999, 0, 999, 0 },
	{ "[four]byte", GCR_ARRAY, 4, 1, 4, 1 },
	{ "[nine]byte", GCR_ARRAY, 9, 1, 9, 1 },
	{ "[big >> 18]byte", GCR_ARRAY, 4, 1, 4, 1 },
	{ "[(four + 2) * 0x10]byte", GCR_ARRAY, 96, 1, 96, 1 },
	{ "[loop]byte", GCR_OPAQUE, 999, 0, 999, 0 },
	{ "[other]byte", GCR_OPAQUE, 999, 0, 999, 0 },
	{ "[four / 0]byte", GCR_OPAQUE, 999, 0, 999, 0 },
	{ "[...]byte", GCR_OPAQUE, 999, 0, 999, 0 },
	{ "[1 - 2]byte", GCR_OPAQUE, 999, 0, 999, 0 },
	{ "[len(x)]byte", GCR_OPAQUE, 999, 0, 999, 0 },
	{ "[big][big][big]Int", GCR_OPAQUE, 999, 0, 999, 0 },
	{ "Endless", GCR_STRUCT, 999, 0, 999, 0 },
	{ "Ring", GCR_ARRAY, 999, 0, 999, 0 },
	{ "T0", GCR_STRUCT, 999, 0, 999, 0 },
	{ "T8", GCR_STRUCT, 1024, 8, 512, 4 },
};
// clang-format on

enum {
	SIZES = sizeof(sizes) / sizeof(sizes[0])
};

static const struct gcr_gotype *parse(struct gcr_arena *arena, const char *text)
{
	struct gcr_error err = { 0 };
	struct gcr_parser parser = { .arena = arena, .err = &err };
	const struct gcr_gotype *type = NULL;

	gcr_lexer_init(&parser.lexer, gcr_span_of(text), 0);
	ck_assert_msg(gcr_parse_type(&parser, &type) == 0, "%s: %s", text,
		      err.text);
	ck_assert_msg(parser.lexer.token.kind == GCR_TOKEN_END, "%s", text);
	return type;
}

static void check_size(const struct size *row, unsigned word_size)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_declarations *set;
	struct gcr_error err;
	const struct gcr_layout *layout;
	struct gcr_layouter layouter = { .arena = arena,
					 .err = &err,
					 .word_size = word_size,
					 .nodes = GCR_LAYOUT_NODES };
	unsigned size = word_size == 8 ? row->size64 : row->size32;
	unsigned align = word_size == 8 ? row->align64 : row->align32;

	ck_assert_int_eq(gcr_declarations_new(&set, &err), 0);
	ck_assert_int_eq(gcr_declarations_add_source(set, GCR_SPAN("p/p.go"),
						     gcr_span_of(source), &err),
			 0);
	struct gcr_scope scope = { .set = set, .package_name = GCR_SPAN("p") };
	const struct gcr_gotypedef *known = gcr_scope_find_type(
		&scope, (struct gcr_span){ 0 }, GCR_SPAN("Int"));
	ck_assert_ptr_nonnull(known);
	scope.package = known->package;
	scope.file = known->file;
	ck_assert_int_eq(gcr_layout_make(&layouter, parse(arena, row->type),
					 &scope, NULL, &layout),
			 0);
	ck_assert_msg(layout->kind == row->kind, "%s: kind %d", row->type,
		      (int)layout->kind);
	ck_assert_msg(layout->sized == (size != 999), "%s", row->type);
	if (layout->sized)
		ck_assert_msg(layout->size == size && layout->align == align,
			      "%s: size %d, align %d", row->type,
			      (int)layout->size, (int)layout->align);
	ck_assert(gcr_span_is(layout->type, row->type));
	gcr_declarations_free(set);
	gcr_arena_free(arena);
}

START_TEST(sizes_are_those_of_64_bit_machines)
{
	check_size(&sizes[_i], 8);
}
END_TEST

START_TEST(sizes_are_those_of_32_bit_machines)
{
	check_size(&sizes[_i], 4);
}
END_TEST

struct integer {
	const char *text;
	bool good;
	uint64_t value;
};

// clang-format off
static const struct integer integers[] = {
	{ "0", true, 0 }, { "10", true, 10 }, { "1_000", true, 1000 },
	{ "0x1F", true, 31 }, { "0X_1f", true, 31 }, { "0b101", true, 5 },
	{ "0o17", true, 15 }, { "017", true, 15 }, { "0_17", true, 15 },
	{ "18446744073709551615", true, UINT64_MAX },
	{ "18446744073709551616", false, 0 }, { "0x", false, 0 },
	{ "0b2", false, 0 }, { "08", false, 0 }, { "", false, 0 },
	{ "1e3", false, 0 }, { "a", false, 0 },
};
// clang-format on

START_TEST(integers_have_all_spellings)
{
	const struct integer *row = &integers[_i];
	uint64_t value = 0;

	ck_assert_msg(gcr_go_integer(gcr_span_of(row->text), &value) ==
			      row->good,
		      "%s", row->text);
	ck_assert_uint_eq(value, row->value);
}
END_TEST

struct number {
	uint64_t bits;
	unsigned size;
	const char *text;
};

// clang-format off
// As `fmt.Println` prints them.
static const struct number numbers[] = {
	{ 0, 8, "0" }, { UINT64_C(1) << 63, 8, "-0" },
	{ UINT64_C(0x3ff8000000000000), 8, "1.5" },
	{ UINT64_C(0xbfd0000000000000), 8, "-0.25" },
	{ UINT64_C(0x4415af1d78b58c40), 8, "1e+20" },
	{ UINT64_C(0x412e848000000000), 8, "1e+06" },
	{ UINT64_C(0x40f86a0000000000), 8, "100000" },
	{ UINT64_C(0x419d6f3454000000), 8, "1.23456789e+08" },
	{ UINT64_C(0x3f1a36e2eb1c432d), 8, "0.0001" },
	{ UINT64_C(0x3ee4f8b588e368f1), 8, "1e-05" },
	{ 1, 8, "5e-324" },
	{ UINT64_C(0x7fefffffffffffff), 8, "1.7976931348623157e+308" },
	{ UINT64_C(0x0010000000000000), 8, "2.2250738585072014e-308" },
	{ UINT64_C(0x3fb999999999999a), 8, "0.1" },
	{ UINT64_C(0x43e56a95319d63e1), 8, "1.2345678901234567e+19" },
	{ UINT64_C(0x7ff0000000000000), 8, "+Inf" },
	{ UINT64_C(0xfff0000000000000), 8, "-Inf" },
	{ UINT64_C(0x7ff8000000000001), 8, "NaN" },
	{ 0x3dcccccd, 4, "0.1" }, { 0x3fc00000, 4, "1.5" },
	{ 0x4b800000, 4, "1.6777216e+07" }, { 1, 4, "1e-45" },
	{ 0x7f7fffff, 4, "3.4028235e+38" }, { 0xff800000, 4, "-Inf" },
	{ 0x7fc00000, 4, "NaN" }, { 0x80000000, 4, "-0" },
};
// clang-format on

START_TEST(floats_have_the_shortest_digits)
{
	const struct number *row = &numbers[_i];
	char text[GCR_FLOAT_TEXT];
	struct gcr_span span = { text, 0 };

	span.size = gcr_float_text(row->bits, row->size, false, text);
	ck_assert_msg(gcr_span_is(span, row->text), "%.*s, not %s",
		      GCR_PRINT_SPAN(span), row->text);
}
END_TEST

// The shortest digits read back as the same number, and none has more than 17.
START_TEST(floats_survive_reading_back)
{
	uint64_t bits = UINT64_C(0x9e3779b97f4a7c15) * (unsigned)(_i + 1);

	for (int i = 0; i < 2000; i++) {
		char text[GCR_FLOAT_TEXT + 1] = { 0 };
		double number;
		uint64_t again;
		bits = bits * UINT64_C(6364136223846793005) +
		       1442695040888963407;
		if ((bits >> 52 & 0x7ff) == 0x7ff)
			continue;
		size_t size = gcr_float_text(bits, 8, false, text);
		ck_assert_uint_le(size, 24);
		number = strtod(text, NULL);
		memcpy(&again, &number, sizeof(again));
		ck_assert_msg(again == bits, "%s", text);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gotype");
	TCase *types = tcase_create("types");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(types, sizes_are_those_of_64_bit_machines, 0,
			    SIZES);
	tcase_add_loop_test(types, sizes_are_those_of_32_bit_machines, 0,
			    SIZES);
	tcase_add_loop_test(types, integers_have_all_spellings, 0,
			    sizeof(integers) / sizeof(integers[0]));
	tcase_add_loop_test(types, floats_have_the_shortest_digits, 0,
			    sizeof(numbers) / sizeof(numbers[0]));
	tcase_add_loop_test(types, floats_survive_reading_back, 0, 4);
	suite_add_tcase(suite, types);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
