/*
 * What a run through a caller tells for other numbers than its own: where it says
 * that it does, a run with those has to tell the same.
 */

#include "support_program.h"

#include "arena.h"
#include "execute.h"
#include "siterun.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

// Instructions -----------------------------------------------------------------------

enum {
	MADE, /* of the number, with a constant added */
	MIXED,
	OF_CODE,
	NOTHING, /* is told for other numbers */
};

// clang-format off
/* CX is a number of the entry. */
static const struct {
	const char *what;
	unsigned char size, code[32];
	unsigned reg;
	int expected;
} rows[] = {
	{ "MOVQ CX, AX", 3, { 0x48, 0x89, 0xc8 }, GCR_R_AX, MADE },
	{ "LEAQ 8(CX), AX", 4, { 0x48, 0x8d, 0x41, 8 }, GCR_R_AX, MADE },
	{ "SUBQ $8, CX", 4, { 0x48, 0x83, 0xe9, 8 }, GCR_R_CX, MADE },
	{ "INCQ CX", 3, { 0x48, 0xff, 0xc1 }, GCR_R_CX, MADE },
	{ "MOVL $5, AX; ADDQ CX, AX", 8,
	  { 0xb8, 5, 0, 0, 0, 0x48, 0x01, 0xc8 }, GCR_R_AX, MADE },
	{ "MOVL $5, AX; SUBQ CX, AX", 8,
	  { 0xb8, 5, 0, 0, 0, 0x48, 0x29, 0xc8 }, GCR_R_AX, MIXED },
	{ "MOVL CX, AX", 2, { 0x89, 0xc8 }, GCR_R_AX, MIXED },
	{ "MOVBLZX CX, AX", 3, { 0x0f, 0xb6, 0xc1 }, GCR_R_AX, MIXED },
	{ "ANDQ $7, CX", 4, { 0x48, 0x83, 0xe1, 7 }, GCR_R_CX, MIXED },
	{ "ADDQ CX, CX", 3, { 0x48, 0x01, 0xc9 }, GCR_R_CX, MIXED },
	{ "LEAQ (CX)(CX*8), AX", 4, { 0x48, 0x8d, 0x04, 0xc9 },
	  GCR_R_AX, MIXED },
	{ "MOVL $5, AX; SHLQ CX, AX", 8,
	  { 0xb8, 5, 0, 0, 0, 0x48, 0xd3, 0xe0 }, GCR_R_AX, MIXED },
	{ "MOVB $5, AX; SHLB CX, AX", 4, { 0xb0, 5, 0xd2, 0xe0 },
	  GCR_R_AX, NOTHING },
	{ "XORL CX, CX", 2, { 0x31, 0xc9 }, GCR_R_CX, OF_CODE },
	{ "MOVL $5, AX; MOVB CX, AX", 7, { 0xb8, 5, 0, 0, 0, 0x88, 0xc8 },
	  GCR_R_AX, MIXED },
	{ "PUSHQ CX; POPQ AX", 2, { 0x51, 0x58 }, GCR_R_AX, MADE },
	{ "PUSHQ CX; MOVB 1(SP), AX", 5, { 0x51, 0x8a, 0x44, 0x24, 1 },
	  GCR_R_AX, MIXED },
	{ "MOVQ $7, 8(SP); MOVB CX, 9(SP); MOVQ 8(SP), AX", 18,
	  { 0x48, 0xc7, 0x44, 0x24, 8, 7, 0, 0, 0, 0x88, 0x4c, 0x24, 9,
	    0x48, 0x8b, 0x44, 0x24, 8 }, GCR_R_AX, MIXED },
	{ "MOVQ $7, (SP)(CX*1)", 8,
	  { 0x48, 0xc7, 0x04, 0x0c, 7, 0, 0, 0 }, GCR_R_AX, NOTHING },
	{ "MOVQ (SP)(CX*1), AX", 4, { 0x48, 0x8b, 0x04, 0x0c },
	  GCR_R_AX, NOTHING },
	{ "MOVQ $7, (CX)", 7, { 0x48, 0xc7, 0x01, 7, 0, 0, 0 },
	  GCR_R_CX, MADE },
	{ "LEAQ -32(SP), DI; XORL AX, AX; REP STOSQ", 10,
	  { 0x48, 0x8d, 0x7c, 0x24, 0xe0, 0x31, 0xc0, 0xf3, 0x48, 0xab },
	  GCR_R_AX, NOTHING },
	{ "MOVQ CX, X0; MOVQ X0, AX", 10,
	  { 0x66, 0x48, 0x0f, 0x6e, 0xc1, 0x66, 0x48, 0x0f, 0x7e, 0xc0 },
	  GCR_R_AX, MADE },
};
// clang-format on

static struct gcr_fact given(uint64_t number)
{
	return (struct gcr_fact){
		.kind = GCR_FACT_NUMBER,
		.bytes = 8,
		.symbol = 1,
		.number = number,
	};
}

static void execute(struct gcr_disasm *disasm, int row, uint64_t number,
		    struct gcr_state *state)
{
	struct gcr_execution execution = { .disasm = disasm, .state = state };
	struct gcr_callee callee = { GCR_CALLEE_ORDINARY, -1 };
	struct gcr_span code = { (const char *)rows[row].code, rows[row].size };
	struct gcr_instruction insn;
	uint64_t address = 0x1000;

	gcr_state_init(state, gcr_arena_new(0));
	state->registers[GCR_R_CX] = given(number);
	while (gcr_disasm_next(disasm, &code, &address, &insn))
		gcr_execute(&execution, &insn, &callee);
	ck_assert_uint_eq(code.size, 0);
}

START_TEST(what_a_number_was_made_of_is_told)
{
	const struct gcr_fact *one, *other;
	struct gcr_state with_one, with_other;
	struct gcr_disasm disasm;
	struct gcr_error err;
	int told = NOTHING;

	if (gcr_disasm_init(&disasm, GCR_AMD64, &err) != 0)
		return; // a build without
	execute(&disasm, _i, 27, &with_one);
	execute(&disasm, _i, 0x12345678, &with_other);
	one = &with_one.registers[rows[_i].reg];
	other = &with_other.registers[rows[_i].reg];
	if (!with_one.depends)
		told = one->symbol == 0 ? OF_CODE : MADE;
	if (told == MADE && one->symbol == GCR_SYMBOL_MIXED)
		told = MIXED;
	ck_assert_msg(told == rows[_i].expected, "%s: %d", rows[_i].what, told);
	ck_assert_int_eq(with_one.depends, with_other.depends);
	if (told == MADE)
		ck_assert_uint_eq(other->number - one->number, 0x12345678 - 27);
	if (told == OF_CODE)
		ck_assert(gcr_fact_equal(one, other));
	gcr_arena_free(with_one.arena);
	gcr_arena_free(with_other.arena);
	gcr_disasm_done(&disasm);
}
END_TEST

static bool join_depends(struct gcr_fact a, struct gcr_fact b)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_state one, other;
	bool depends;

	gcr_state_init(&one, arena);
	gcr_state_init(&other, arena);
	one.registers[GCR_R_AX] = a;
	other.registers[GCR_R_AX] = b;
	gcr_state_join(&one, &other);
	depends = one.depends;
	gcr_arena_free(arena);
	return depends;
}

START_TEST(ways_that_meet_may_agree_for_other_numbers)
{
	struct gcr_fact code = { .kind = GCR_FACT_NUMBER, .bytes = 8 };
	struct gcr_fact moved = given(11), second = given(3), none = { 0 };
	struct gcr_fact entry = { .kind = GCR_FACT_ENTRY, .bytes = 8 };

	second.symbol = 2;
	ck_assert(join_depends(given(3), code));
	ck_assert(join_depends(code, given(0)));
	ck_assert(join_depends(given(3), second));
	ck_assert(!join_depends(given(3), given(3)));
	ck_assert(!join_depends(given(3), moved));
	ck_assert(!join_depends(given(3), none));
	ck_assert(!join_depends(none, given(3)));
	ck_assert(!join_depends(given(3), entry));
	ck_assert(!join_depends(code, code));
}
END_TEST

// Runs -----------------------------------------------------------------------------

// clang-format off
/*
 * LEAQ 8(AX), BX; MOVQ AX, CX; MOVL BX, AX or NOPs; CALL main.callee; RET. The
 * CALL ends at 0x2a.
 */
static unsigned char code[] = {
	0x48, 0x8d, 0x58, 8,
	0x48, 0x89, 0xc1,
	0x90, 0x90,
	0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
	0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
	0x90, 0x90, 0x90, 0x90,
	0xe8, 0x16, 0, 0, 0,
	0xc3,
};
// clang-format on

struct bench {
	struct text program;
	struct gcr_image *image;
	struct gcr_disasm disasm;
	struct gcr_arena *scratch, *kept;
	struct gcr_site site;
	struct gcr_site_runs runs;
};

// False in a build that reads no code.
static bool set_up(struct bench *bench)
{
	struct gcr_span bytes = { (const char *)code, sizeof(code) };
	struct gcr_image_function *caller = &bench->site.caller_function;
	struct gcr_error err;
	size_t after = 0;

	*bench = (struct bench){ .kept = gcr_arena_new(0) };
	if (gcr_disasm_init(&bench->disasm, GCR_AMD64, &err) != 0) {
		gcr_arena_free(bench->kept);
		return false;
	}
	bench->program = compose_program_of(bytes);
	ck_assert_int_eq(
		gcr_image_open((struct gcr_span){ bench->program.data,
						  bench->program.size },
			       NULL, &bench->image, &err),
		0);
	bench->scratch = gcr_arena_new(0);
	ck_assert(gcr_image_function_named(
		bench->image, GCR_SPAN("main.caller"), &after, caller));
	bench->site.return_address = caller->entry + 0x2a;
	bench->site.call_address = caller->entry + 0x25;
	return true;
}

static void tear_down(struct bench *bench)
{
	gcr_arena_free(bench->kept);
	gcr_arena_free(bench->scratch);
	gcr_disasm_done(&bench->disasm);
	gcr_image_free(bench->image);
	text_free(&bench->program);
}

// With `number` in AX; `known` or not.
static void run(struct bench *bench, uint64_t number, bool known, bool keeps,
		struct gcr_site_run *ret)
{
	struct gcr_abi_part part = { .size = 8, .reg = GCR_R_AX };
	struct gcr_recovered_part told = { .known = known, .value = number };
	struct gcr_recovery caller = { .dictionary = SIZE_MAX,
				       .parts = &told,
				       .abi = { &part, 1 } };
	struct gcr_site_request request = { .image = bench->image,
					    .disasm = &bench->disasm,
					    .site = &bench->site,
					    .caller = &caller,
					    .name = GCR_SPAN("main.caller"),
					    .after = true,
					    .scratch = bench->scratch };
	struct gcr_error err;

	ck_assert_int_eq(gcr_site_run(&request, keeps ? &bench->runs : NULL,
				      keeps ? bench->kept : NULL, ret, &err),
			 0);
}

static void assert_same(const struct gcr_site_run *a,
			const struct gcr_site_run *b)
{
	for (unsigned i = 0; i < 16; i++) {
		ck_assert(gcr_fact_equal(&a->at_call.registers[i],
					 &b->at_call.registers[i]));
		ck_assert_uint_eq(a->at_call.registers[i].origin,
				  b->at_call.registers[i].origin);
	}
	ck_assert_uint_eq(a->at_call.slot_count, b->at_call.slot_count);
}

START_TEST(one_run_serves_all_numbers)
{
	struct gcr_site_run kept, fresh;
	struct bench bench;

	if (!set_up(&bench))
		return;
	for (uint64_t number = 1; number < 100; number += 7) {
		run(&bench, number << 32, true, true, &kept);
		run(&bench, number << 32, true, false, &fresh);
		assert_same(&kept, &fresh);
		ck_assert_uint_eq(kept.at_call.registers[GCR_R_BX].number,
				  (number << 32) + 8);
	}
	ck_assert_uint_eq(bench.runs.count, 1);
	// A symbol is no number.
	run(&bench, 0, false, true, &kept);
	ck_assert_int_eq(kept.at_call.registers[GCR_R_CX].kind, GCR_FACT_ENTRY);
	ck_assert_uint_eq(bench.runs.count, 2);
	tear_down(&bench);
}
END_TEST

START_TEST(a_run_that_depends_on_its_number_serves_that_one)
{
	struct gcr_site_run kept, fresh;
	struct bench bench;

	code[7] = 0x89; // MOVL BX, AX
	code[8] = 0xd8;
	if (!set_up(&bench))
		return;
	for (uint64_t number = 1; number < 100; number += 7)
		for (int again = 0; again < 2; again++) {
			run(&bench, number << 28, true, true, &kept);
			run(&bench, number << 28, true, false, &fresh);
			assert_same(&kept, &fresh);
		}
	// No more than so many are kept.
	ck_assert_uint_eq(bench.runs.count, 8);
	tear_down(&bench);
	code[7] = code[8] = 0x90;
}
END_TEST

START_TEST(what_made_a_fact_is_kept_with_it)
{
	struct gcr_site_request request = { .name = GCR_SPAN("main.caller") };
	struct gcr_site_run kept;
	struct bench bench;
	struct gcr_span text;
	struct gcr_error err;

	if (!set_up(&bench))
		return;
	for (int i = 0; i < 2; i++) {
		run(&bench, 64, true, true, &kept);
		request.image = bench.image;
		ck_assert_int_eq(
			gcr_site_made(&request, &kept,
				      kept.at_call.registers[GCR_R_BX].origin,
				      bench.scratch, &text, &err),
			0);
		ck_assert_msg(gcr_span_is(text, "LEAQ 0x8(AX), BX at "
						"main.caller+0x0, line 10"),
			      "%.*s", GCR_PRINT_SPAN(text));
	}
	tear_down(&bench);
}
END_TEST

static void add_tests(Suite *suite)
{
	TCase *tests = tcase_create("instructions"), *runs;

	tcase_add_loop_test(tests, what_a_number_was_made_of_is_told, 0,
			    (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tests, ways_that_meet_may_agree_for_other_numbers);
	suite_add_tcase(suite, tests);
	runs = tcase_create("runs");
	tcase_add_test(runs, one_run_serves_all_numbers);
	tcase_add_test(runs, a_run_that_depends_on_its_number_serves_that_one);
	tcase_add_test(runs, what_made_a_fact_is_kept_with_it);
	suite_add_tcase(suite, runs);
}

int main(void)
{
	Suite *suite = suite_create("siterun");
	SRunner *runner;

	add_tests(suite);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
