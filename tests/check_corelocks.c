/* Which locks of its own data a function has taken where it stands. */

#include "support.h"
#include "support_program.h"

#include "corelocks.h"
#include "disasm.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum {
	LOCK = PROGRAM_DATA + 0x10,
	OTHER = PROGRAM_DATA + 0x20,
	MOST_CODE = 256,
};

/* main.caller, byte by byte. */
static struct {
	char bytes[MOST_CODE];
	size_t size;
	uint64_t pc; /* behind the call */
} code;

static void put(const char *bytes, size_t size)
{
	ck_assert_uint_lt(code.size + size, MOST_CODE);
	memcpy(code.bytes + code.size, bytes, size);
	code.size += size;
}

static void put_distance(uint64_t to)
{
	uint32_t distance = (uint32_t)(to - (PROGRAM_TEXT + code.size + 4));

	for (unsigned i = 0; i < 4; i++)
		put(&(char){ (char)(distance >> 8 * i & 0xff) }, 1);
}

/*
 * What a letter does: `a` and `b` load the address of LOCK or OTHER, `t` takes
 * what was loaded, `g` gives it back, `x` loads something else, `c` is the call at
 * which the function stands, `d` another one.
 */
static void put_letter(char letter)
{
	switch (letter) {
	case 'a':
	case 'b':
		put("\x48\x8d\x0d", 3);
		put_distance(letter == 'a' ? LOCK : OTHER);
		break;
	case 't':
		put("\xf0\x0f\xb1\x11", 4);
		break;
	case 'g':
		put("\xf0\x0f\xc1\x11", 4);
		break;
	case 'x':
		put("\x48\x89\xc1", 3);
		break;
	default:
		put("\xe8", 1);
		put_distance(PROGRAM_TEXT);
		if (letter == 'c')
			code.pc = PROGRAM_TEXT + code.size;
		break;
	}
}

static const struct {
	const char *letters;
	bool holds;
} functions[] = {
	{ "atcag", true },	{ "atdcag", true },
	{ "agatcag", true },	{ "cag", false },    // it takes nothing
	{ "atc", false },			     // it keeps it
	{ "catag", false },			     // not yet
	{ "atagc", false },			     // no more
	{ "atagcatag", false },			     // once before, once later
	{ "btcbg", false },			     // another lock
	{ "atcbg", false },	{ "axtcag", false }, // nobody knows which
	{ "adtcag", false }, // the call changed the register
	{ "atcagat", true },	{ "", false },
};

START_TEST(a_lock_is_held_between_taking_it_and_giving_it_back)
{
	struct gcr_image_function function;
	struct gcr_disasm disasm = { 0 };
	struct gcr_image *image;
	struct gcr_error err;

	memset(&code, 0, sizeof(code));
	for (const char *at = functions[_i].letters; *at != '\0'; at++)
		put_letter(*at);
	put("\xc3", 1);
	if (code.pc == 0)
		code.pc = PROGRAM_TEXT + 1;

	struct text program =
		compose_program_of((struct gcr_span){ code.bytes, code.size });
	struct gcr_span span = { program.data, program.size };
	if (gcr_image_open(span, NULL, &image, &err) != 0) {
		// A build that reads no programs.
		ck_assert_int_eq(err.code, GCR_UNSUPPORTED);
		text_free(&program);
		return;
	}
	ck_assert(gcr_image_function_at(image, PROGRAM_TEXT, &function));
	bool reads = gcr_disasm_init(&disasm, GCR_AMD64, &err) == 0;
	gcr_disasm_done(&disasm);
	ck_assert_msg(gcr_code_holds(image, &function, code.pc, LOCK) ==
			      (reads && functions[_i].holds),
		      "%s", functions[_i].letters);
	gcr_image_free(image);
	text_free(&program);
}
END_TEST

static Suite *corelocks_suite(void)
{
	Suite *suite = suite_create("corelocks");
	TCase *held = tcase_create("held");

	tcase_add_loop_test(held,
			    a_lock_is_held_between_taking_it_and_giving_it_back,
			    0, sizeof(functions) / sizeof(functions[0]));
	suite_add_tcase(suite, held);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(corelocks_suite());

	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
