/* What rows of values show: each part once, and nothing twice. */

#include "support_writers.h"

#include "decoded.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>

#define TEXT(name_, type_, text_, kind_)                                       \
	.name = GCR_LITERAL(name_), .type = GCR_LITERAL(type_),                \
	.text = GCR_LITERAL(text_), .kind = (kind_)
#define PARTS(parts)                                                           \
	.children = (parts), .child_count = sizeof(parts) / sizeof((parts)[0])

static struct gcr_error err;

static struct gcr_value strings[] = {
	{ TEXT("", "string", "\"the first of them\"", GCR_STRING) },
	{ TEXT("", "string", "\"and the second of them\"", GCR_STRING) },
};

static struct gcr_value entries[] = {
	{ TEXT("", "int", "7", GCR_INT) },
	{ TEXT("", "[]string",
	       "[]string(len 2, cap 2){\"the first of them\", \"and the second "
	       "of them\"}",
	       GCR_SLICE),
	  PARTS(strings) },
	{ TEXT("", "int", "8", GCR_INT) },
	{ TEXT("", "[]string", "nil", GCR_SLICE) },
};

static struct gcr_value fields[] = {
	{ TEXT("open", "bool", "true", GCR_BOOL) },
	{ TEXT("of", "map[int][]string",
	       "map[int][]string(len 3){7: []string(len 2, cap 2){\"the first "
	       "of them\", \"and the second of them\"}, 8: nil, ...}",
	       GCR_MAP),
	  PARTS(entries) },
};

static struct gcr_value pointee[] = {
	{ TEXT("", "struct { open bool; of map[int][]string }",
	       "{open: true, of: map[int][]string(len 3){7: []string(len 2, "
	       "cap 2){\"the first of them\", \"and the second of them\"}, 8: "
	       "nil, ...}}",
	       GCR_STRUCT),
	  PARTS(fields) },
};

static struct gcr_value pointer[] = {
	{ TEXT("", "*struct { open bool; of map[int][]string }",
	       "&{open: true, of: map[int][]string(len 3){7: []string(len 2, "
	       "cap 2){\"the first of them\", \"and the second of them\"}, 8: "
	       "nil, ...}}",
	       GCR_POINTER),
	  PARTS(pointee) },
};

static struct gcr_value long_one = {
	TEXT("x", "any",
	     "*struct { open bool; of map[int][]string }(&{open: true, of: "
	     "map[int][]string(len 3){7: []string(len 2, cap 2){\"the first of "
	     "them\", \"and the second of them\"}, 8: nil, ...}})",
	     GCR_INTERFACE),
	PARTS(pointer)
};

static struct gcr_value point[] = {
	{ TEXT("x", "int", "1", GCR_INT) },
	{ TEXT("y", "int", "2", GCR_INT) },
};
static struct gcr_value short_one = {
	TEXT("p", "main.point", "{x: 1, y: 2}", GCR_STRUCT), PARTS(point)
};

static struct gcr_value freed[] = {
	{ TEXT("", "main.point", "{x: 1, y: 2}", GCR_STRUCT),
	  .certainty = GCR_STALE },
};
static struct gcr_value dangling = {
	TEXT("p", "*main.point", "&{x: 1, y: 2}", GCR_POINTER), PARTS(freed)
};

static const struct {
	const struct gcr_value *value;
	unsigned width, depth;
	const char *rows;
} shown[] = {
	{ &short_one, 0, GCR_ROWS_DEEP,
	  "p  main.point  {x: 1, y: 2}  exact\n" },
	{ &short_one, 40, GCR_ROWS_DEEP,
	  "p  main.point  {x: 1, y: 2}  exact\n" },
	{ &dangling, 0, GCR_ROWS_DEEP,
	  "p  *main.point  &{…}  exact\n"
	  "  *  main.point  {x: 1, y: 2}  stale\n" },
	{ &long_one, 0, GCR_ROWS_DEEP,
	  "x  any  *struct { open bool; of map[int][]string }(&{…})  exact\n"
	  "  open  bool              true                        exact\n"
	  "  of    map[int][]string  map[int][]string(len 3){…}  exact\n"
	  "    7  []string  []string(len 2, cap 2){\"the first of them\", \"and "
	  "the second of them\"}  exact\n"
	  "    8  []string  nil  exact\n"
	  "    … and more\n" },
	{ &long_one, 0, 1,
	  "x  any  *struct { open bool; of map[int][]string }(&{…})  exact\n"
	  "  open  bool              true  exact\n"
	  "  of    map[int][]string  map[int][]string(len 3){7: []string(len 2, "
	  "cap 2){\"the first of…  exact\n" },
};

START_TEST(a_part_is_told_once)
{
	struct gcr_view view = { .width = shown[_i].width };
	struct gcr_rows rows = { .depth = shown[_i].depth };
	struct gcr_target target = { 0 };
	struct text out = { 0 };
	struct gcr_output output = text_output(&out);
	struct gcr_page page;

	ck_assert_int_eq(gcr_page_init(&page, &target, &view, &output, &err),
			 0);
	gcr_value_rows(&page, shown[_i].value, 1, &rows);
	ck_assert_int_eq(gcr_sink_done(&page.sink, &err), 0);
	gcr_page_done(&page);
	text_put(&out, "", 1);
	ck_assert_str_eq(out.data, shown[_i].rows);
	text_free(&out);
}
END_TEST

START_TEST(what_is_not_shown_is_counted)
{
	struct gcr_value values[] = { short_one, short_one, short_one };
	struct gcr_rows rows = { .limit = 1, .depth = GCR_ROWS_DEEP };
	struct gcr_view view = { 0 };
	struct gcr_target target = { 0 };
	struct text out = { 0 };
	struct gcr_output output = text_output(&out);
	struct gcr_page page;

	ck_assert_int_eq(gcr_page_init(&page, &target, &view, &output, &err),
			 0);
	gcr_value_rows(&page, values, 3, &rows);
	ck_assert_int_eq(gcr_sink_done(&page.sink, &err), 0);
	gcr_page_done(&page);
	text_put(&out, "", 1);
	ck_assert_str_eq(out.data, "p  main.point  {x: 1, y: 2}  exact\n"
				   "… and 2 more\n");
	text_free(&out);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("valuerows");
	TCase *tcase = tcase_create("valuerows");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, a_part_is_told_once, 0,
			    (int)(sizeof(shown) / sizeof(shown[0])));
	tcase_add_test(tcase, what_is_not_shown_is_counted);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
