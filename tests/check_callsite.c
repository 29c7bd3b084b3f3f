/*
 * The parts of call sites that need no program: where arguments are passed, what
 * an instruction does to what is known, what two ways agree on. Whole programs
 * are in live_callsite.sh.
 */

#include "support.h"

#include "arena.h"
#include "arithmetic.h"
#include "declaration.h"
#include "execute.h"
#include "goasm.h"
#include "regabi.h"
#include "span.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Where arguments are passed -----------------------------------------------------

// clang-format off
/* Parts as `REGISTER` or `OFFSET`, behind it the spill space of a register. */
static const struct {
	const char *signature, *expected;
} signatures[] = {
	{ "f(a int, b string, c []byte)", "AX@0 BX@8 CX@16 DI@24 SI@32 R8@40" },
	{ "f(a float32, b int, c float64)", "X0@0 AX@8 X1@16" },
	{ "f(a bool, b int8, c int64)", "AX@0 BX@1 CX@8" },
	{ "f(a, b, c, d, e, f, g, h, i, j int)",
	  "AX@8 BX@16 CX@24 DI@32 SI@40 R8@48 R9@56 R10@64 R11@72 0" },
	// All or nothing: the string does not fit, the int behind it does.
	{ "f(a, b, c, d, e, f, g, h int, s string, i int)",
	  "AX@16 BX@24 CX@32 DI@40 SI@48 R8@56 R9@64 R10@72 0 8 R11@80" },
	{ "f(a [1]int, b [2]int, c [0]int, d int)", "AX@16 0 8 BX@24" },
	{ "f(s struct{ a uint8; b [1]string; c struct{} })", "AX@0 BX@8 CX@16" },
	{ "f(s struct{ a int; b [2]uint8 }, i int)", "0 8 9 AX@16" },
	{ "f(c complex64, d complex128)", "X0@0 X1@4 X2@8 X3@16" },
	{ "f(e error, i interface{}, m map[string]int, p *int, f func())",
	  "AX@0 BX@8 CX@16 DI@24 SI@32 R8@40 R9@48" },
	{ "f(a [3]uint8, b [2]uint16, c int8) (r [2]int, s string)",
	  "0 1 2 4 6 AX@24" },
	{ "f(_ int, x int)", "AX@0 BX@8" },
	{ "f()", "" },
};
// clang-format on

static const char *const register_names[] = {
	"AX", "CX", "DX",  "BX",  "SP",	 "BP",	"SI",  "DI",
	"R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15",
};

static void print_part(const struct gcr_abi_part *part, char *to, size_t room)
{
	size_t used = strlen(to);
	const char *space = used > 0 ? " " : "";

	to += used;
	room -= used;
	if (part->reg == GCR_R_NONE)
		snprintf(to, room, "%s%d", space, (int)part->stack);
	else if (part->reg < 16)
		snprintf(to, room, "%s%s@%d", space, register_names[part->reg],
			 (int)part->stack);
	else
		snprintf(to, room, "%sX%u@%d", space, part->reg - GCR_R_X0,
			 (int)part->stack);
}

static size_t lay_out(const struct gcr_gofields *fields,
		      struct gcr_arena *arena, const struct gcr_layout **to)
{
	static const struct gcr_scope scope;
	struct gcr_error err;

	for (size_t i = 0; i < fields->count; i++) {
		struct gcr_layouter layouter = {
			.arena = arena,
			.err = &err,
			.word_size = 8,
			.nodes = GCR_LAYOUT_NODES,
		};
		ck_assert_int_eq(gcr_layout_make(&layouter,
						 fields->items[i].type, &scope,
						 NULL, &to[i]),
				 0);
	}
	return fields->count;
}

START_TEST(arguments_go_where_the_abi_puts_them)
{
	struct gcr_declarations *declarations;
	struct gcr_error err;
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_function_name name;
	struct gcr_frame frame = { .function = GCR_SPAN("f") };
	const struct gcr_layout *layouts[32];
	struct gcr_abi abi;
	char text[512] = "";

	ck_assert_int_eq(gcr_declarations_new(&declarations, &err), 0);
	ck_assert_int_eq(gcr_declarations_add(
				 declarations,
				 gcr_span_of(signatures[_i].signature), &err),
			 0);
	ck_assert_int_eq(
		gcr_function_name_read(frame.function, arena, &name, &err), 0);
	const struct gcr_function *function =
		gcr_declarations_find(declarations, &name, &frame);
	ck_assert_ptr_nonnull(function);
	size_t count = lay_out(&function->parameters, arena, layouts);
	size_t results = lay_out(&function->results, arena, layouts + count);
	ck_assert_int_eq(gcr_abi_assign(layouts, count, layouts + count,
					results, arena, &abi, &err),
			 0);
	for (size_t i = 0; i < abi.part_count; i++)
		print_part(&abi.parts[i], text, sizeof(text));
	ck_assert_str_eq(text, signatures[_i].expected);
	gcr_declarations_free(declarations);
	gcr_arena_free(arena);
}
END_TEST

// Instructions --------------------------------------------------------------------

// clang-format off
/*
 * Code, then what a register holds: `number/bytes`, `sp+N`, `pc+N`, `?`. CX is
 * the first argument, a symbol; the rest is unknown.
 */
static const struct {
	const char *go;
	unsigned char size;
	unsigned char code[24];
	unsigned reg;
	const char *expected;
} instructions[] = {
	{ "MOVL $0x2, BX", 5, { 0xbb, 2, 0, 0, 0 }, GCR_R_BX, "0x2/8" },
	{ "MOVQ $-0x1, AX", 7, { 0x48, 0xc7, 0xc0, 255, 255, 255, 255 },
	  GCR_R_AX, "0xffffffffffffffff/8" },
	{ "MOVL $0xffffffff, AX", 5, { 0xb8, 255, 255, 255, 255 },
	  GCR_R_AX, "0xffffffff/8" },
	{ "MOVB $0x1, AX", 2, { 0xb0, 1 }, GCR_R_AX, "0x1/1" },
	{ "XORL AX, AX", 2, { 0x31, 0xc0 }, GCR_R_AX, "0x0/8" },
	{ "SUBQ AX, AX", 3, { 0x48, 0x29, 0xc0 }, GCR_R_AX, "0x0/8" },
	{ "LEAQ 0x58(SP), AX", 5, { 0x48, 0x8d, 0x44, 0x24, 0x58 },
	  GCR_R_AX, "sp+88" },
	{ "LEAQ 0x1017(SB), DI", 7, { 0x48, 0x8d, 0x3d, 0x10, 0, 0, 0 },
	  GCR_R_DI, "pc+4119" },
	{ "MOVQ CX, AX", 3, { 0x48, 0x89, 0xc8 }, GCR_R_AX, "entry 0/8" },
	{ "MOVBLZX CX, AX", 3, { 0x0f, 0xb6, 0xc1 }, GCR_R_AX, "entry 0/1" },
	{ "MOVQ DX, AX", 3, { 0x48, 0x89, 0xd0 }, GCR_R_AX, "?" },
	{ "ADDQ DX, CX", 3, { 0x48, 0x01, 0xd1 }, GCR_R_CX, "?" },
	// MOVL $-2, AX; MOVBLSX AX, BX (and LZX)
	{ "MOVL $0xfffffffe, AX", 8,
	  { 0xb8, 254, 255, 255, 255, 0x0f, 0xbe, 0xd8 }, GCR_R_BX,
	  "0xfffffffe/8" },
	{ "MOVL $0xfffffffe, AX", 9,
	  { 0xb8, 254, 255, 255, 255, 0x48, 0x0f, 0xbe, 0xd8 }, GCR_R_BX,
	  "0xfffffffffffffffe/8" },
	{ "MOVL $0xfffffffe, AX", 8,
	  { 0xb8, 254, 255, 255, 255, 0x0f, 0xb6, 0xd8 }, GCR_R_BX, "0xfe/8" },
	// MOVL $5, AX; LEAQ 1(AX)(AX*4), BX
	{ "MOVL $0x5, AX", 10,
	  { 0xb8, 5, 0, 0, 0, 0x48, 0x8d, 0x5c, 0x80, 1 }, GCR_R_BX,
	  "0x1a/8" },
	// MOVL $5, AX; NEGQ AX; SARQ $1, AX
	{ "MOVL $0x5, AX", 11,
	  { 0xb8, 5, 0, 0, 0, 0x48, 0xf7, 0xd8, 0x48, 0xd1, 0xf8 }, GCR_R_AX,
	  "0xfffffffffffffffd/8" },
	// MOVL $5, AX; SHLL $31, AX
	{ "MOVL $0x5, AX", 8, { 0xb8, 5, 0, 0, 0, 0xc1, 0xe0, 31 }, GCR_R_AX,
	  "0x80000000/8" },
	// MOVL $5, AX; CMOVQEQ DX, AX
	{ "MOVL $0x5, AX", 9, { 0xb8, 5, 0, 0, 0, 0x48, 0x0f, 0x44, 0xc2 },
	  GCR_R_AX, "?" },
	{ "CMPQ R12, 0x10(R14)", 4, { 0x4d, 0x3b, 0x66, 0x10 }, GCR_R_AX,
	  "?" },
	{ "TESTB $0x1, AX", 2, { 0xa8, 1 }, GCR_R_AX, "?" },
	{ "SETHI AX", 3, { 0x0f, 0x97, 0xc0 }, GCR_R_AX, "?" },
	{ "CMOVQLT DX, AX", 4, { 0x48, 0x0f, 0x4c, 0xc2 }, GCR_R_AX, "?" },
	// MOVL $5, AX; SETEQ AX
	{ "MOVL $0x5, AX", 8, { 0xb8, 5, 0, 0, 0, 0x0f, 0x94, 0xc0 },
	  GCR_R_AX, "?" },
	// MOVL $5, AX; PUSHQ AX; POPQ BX
	{ "MOVL $0x5, AX", 7, { 0xb8, 5, 0, 0, 0, 0x50, 0x5b }, GCR_R_BX,
	  "0x5/8" },
	// MOVQ $7, 8(SP); MOVL 8(SP), AX
	{ "MOVQ $0x7, 0x8(SP)", 13,
	  { 0x48, 0xc7, 0x44, 0x24, 8, 7, 0, 0, 0, 0x8b, 0x44, 0x24, 8 },
	  GCR_R_AX, "0x7/8" },
	// MOVQ $7, 8(SP); MOVB AL, 9(SP); MOVQ 8(SP), BX
	{ "MOVQ $0x7, 0x8(SP)", 18,
	  { 0x48, 0xc7, 0x44, 0x24, 8, 7, 0, 0, 0, 0x88, 0x44, 0x24, 9,
	    0x48, 0x8b, 0x5c, 0x24, 8 }, GCR_R_BX, "0x7/1" },
	// MOVL $5, AX; CALL AX
	{ "MOVL $0x5, AX", 7, { 0xb8, 5, 0, 0, 0, 0xff, 0xd0 }, GCR_R_AX,
	  "?" },
	// MOVL $5, AX; CPUID
	{ "MOVL $0x5, AX", 7, { 0xb8, 5, 0, 0, 0, 0x0f, 0xa2 }, GCR_R_AX,
	  "?" },
	// MOVL $5, R12; an instruction nobody knows (LOOP): all is lost
	{ "MOVL $0x5, R12", 8, { 0x41, 0xbc, 5, 0, 0, 0, 0xe2, 0xf0 }, 12,
	  "?" },
	// MOVL $5, AX; XCHGQ BX, AX
	{ "MOVL $0x5, AX", 7, { 0xb8, 5, 0, 0, 0, 0x48, 0x93 }, GCR_R_BX,
	  "0x5/8" },
	// XORPS X0, X0; MOVQ X0, BX
	{ "XORPS X0, X0", 8, { 0x0f, 0x57, 0xc0, 0x66, 0x48, 0x0f, 0x7e,
	  0xc3 }, GCR_R_BX, "0x0/8" },
	// LEAQ -32(SP), DI; MOVL $4, CX; XORL AX, AX; REP STOSQ; MOVQ -8(SP), BX
	{ "LEAQ -0x20(SP), DI", 20,
	  { 0x48, 0x8d, 0x7c, 0x24, 0xe0, 0xb9, 4, 0, 0, 0, 0x31, 0xc0,
	    0xf3, 0x48, 0xab, 0x48, 0x8b, 0x5c, 0x24, 0xf8 }, GCR_R_BX,
	  "0x0/8" },
};
// clang-format on

static void print_fact(const struct gcr_fact *fact, char *to, size_t room)
{
	switch ((enum gcr_fact_kind)fact->kind) {
	case GCR_FACT_UNKNOWN:
		snprintf(to, room, "?");
		break;
	case GCR_FACT_NUMBER:
		snprintf(to, room, "0x%llx/%u",
			 (unsigned long long)fact->number, fact->bytes);
		break;
	case GCR_FACT_IMAGE:
		snprintf(to, room, "pc+%lld", (long long)fact->number);
		break;
	case GCR_FACT_STACK:
		snprintf(to, room, "sp+%lld", (long long)fact->number);
		break;
	case GCR_FACT_ENTRY:
		snprintf(to, room, "entry %u/%u", fact->symbol, fact->bytes);
		break;
	}
}

static void set_entry(struct gcr_state *state, struct gcr_arena *arena)
{
	gcr_state_init(state, arena);
	state->registers[GCR_R_CX] = (struct gcr_fact){
		.kind = GCR_FACT_ENTRY,
		.bytes = 8,
	};
}

START_TEST(instructions_do_what_the_machine_does)
{
	struct gcr_disasm disasm;
	struct gcr_error err;
	struct gcr_state state;
	struct gcr_execution execution = { .disasm = &disasm, .state = &state };
	struct gcr_instruction insn;
	struct gcr_callee callee = { GCR_CALLEE_ORDINARY, -1 };
	struct gcr_span code = { (const char *)instructions[_i].code,
				 instructions[_i].size };
	uint64_t address = 0x1000;
	char text[GCR_GOASM_SIZE] = "", first[GCR_GOASM_SIZE] = "";

	if (gcr_disasm_init(&disasm, GCR_AMD64, &err) != 0)
		return; // a build without
	set_entry(&state, gcr_arena_new(0));
	for (unsigned i = 1; gcr_disasm_next(&disasm, &code, &address, &insn);
	     i++) {
		execution.origin = i;
		gcr_execute(&execution, &insn, &callee);
		if (i == 1)
			gcr_goasm_print(&insn, first, sizeof(first));
	}
	ck_assert_uint_eq(code.size, 0);
	ck_assert_str_eq(first, instructions[_i].go);
	print_fact(&state.registers[instructions[_i].reg], text, sizeof(text));
	ck_assert_msg(strcmp(text, instructions[_i].expected) == 0,
		      "row %d, %s ...: %s, not %s", _i, first, text,
		      instructions[_i].expected);
	gcr_arena_free(state.arena);
	gcr_disasm_done(&disasm);
}
END_TEST

// States ----------------------------------------------------------------------------

static struct gcr_fact at_stack(int64_t offset)
{
	return (struct gcr_fact){
		.kind = GCR_FACT_STACK,
		.bytes = 8,
		.number = (uint64_t)offset,
	};
}

static void assert_slot(const struct gcr_state *state, int64_t offset,
			unsigned size, const char *expected)
{
	struct gcr_fact fact = gcr_state_load(state, offset, size);
	char text[64];

	print_fact(&fact, text, sizeof(text));
	ck_assert_str_eq(text, expected);
}

START_TEST(a_store_into_a_slot_keeps_what_is_beside_it)
{
	struct gcr_state state;

	gcr_state_init(&state, gcr_arena_new(0));
	gcr_state_store(&state, -64, 64, gcr_fact_number(0));
	gcr_state_store(&state, -32, 8, gcr_fact_number(0x1122334455667788));
	gcr_state_store(&state, -30, 2, gcr_fact_number(0xabcd));
	assert_slot(&state, -64, 8, "0x0/8");
	assert_slot(&state, -24, 8, "0x0/8");
	assert_slot(&state, -32, 8, "0x11223344abcd7788/8");
	assert_slot(&state, -33, 2, "0x8800/2");
	gcr_state_forget(&state, -31, -29);
	assert_slot(&state, -32, 8, "0x88/1");
	assert_slot(&state, -29, 4, "0x223344ab/4");
	assert_slot(&state, 0, 8, "?");
	gcr_arena_free(state.arena);
}
END_TEST

START_TEST(what_two_ways_differ_in_is_unknown)
{
	struct gcr_state a, b;

	gcr_state_init(&a, gcr_arena_new(0));
	gcr_state_init(&b, a.arena);
	a.registers[GCR_R_AX] = gcr_fact_number(5);
	b.registers[GCR_R_AX] = gcr_fact_number(5);
	a.registers[GCR_R_AX].origin = 1;
	b.registers[GCR_R_AX].origin = 2;
	a.registers[GCR_R_BX] = gcr_fact_number(5);
	b.registers[GCR_R_BX] = gcr_fact_number(6);
	a.registers[GCR_R_DI] = gcr_fact_number(7);
	gcr_state_store(&a, -32, 32, gcr_fact_number(0));
	gcr_state_store(&b, -16, 8, gcr_fact_number(0));
	gcr_state_store(&a, -8, 8, gcr_fact_number(1));
	gcr_state_store(&b, -8, 8, gcr_fact_number(1));
	ck_assert(gcr_state_join(&a, &b));
	ck_assert(gcr_fact_is_number(&a.registers[GCR_R_AX], 8));
	ck_assert_uint_eq(a.registers[GCR_R_AX].origin, GCR_ORIGIN_SEVERAL);
	ck_assert_uint_eq(a.registers[GCR_R_BX].kind, GCR_FACT_UNKNOWN);
	ck_assert_uint_eq(a.registers[GCR_R_DI].kind, GCR_FACT_UNKNOWN);
	ck_assert_uint_eq(a.registers[GCR_R_SP].kind, GCR_FACT_STACK);
	assert_slot(&a, -32, 8, "?");
	assert_slot(&a, -8, 8, "0x1/8");
	ck_assert(!gcr_state_join(&a, &b));
	gcr_arena_free(a.arena);
}
END_TEST

START_TEST(only_slots_whose_address_escaped_are_changed_by_others)
{
	struct gcr_state state;
	struct gcr_fact local = at_stack(-24);

	gcr_state_init(&state, gcr_arena_new(0));
	gcr_state_store(&state, -32, 8, gcr_fact_number(1));
	gcr_state_store(&state, -16, 8, gcr_fact_number(2));
	gcr_state_store(&state, 8, 8, gcr_fact_number(3));
	gcr_state_forget_escaped(&state);
	assert_slot(&state, -16, 8, "0x2/8");
	gcr_state_escape(&state, &local);
	assert_slot(&state, -16, 8, "0x2/8");
	gcr_state_forget_escaped(&state);
	assert_slot(&state, -32, 8, "0x1/8");
	assert_slot(&state, -16, 8, "?");
	assert_slot(&state, 8, 8, "0x3/8");
	local = at_stack(8);
	gcr_state_escape(&state, &local);
	gcr_state_forget_escaped(&state);
	assert_slot(&state, 8, 8, "?");
	gcr_arena_free(state.arena);
}
END_TEST

START_TEST(an_address_lost_where_ways_meet_has_escaped)
{
	struct gcr_state a, b;

	gcr_state_init(&a, gcr_arena_new(0));
	gcr_state_init(&b, a.arena);
	gcr_state_store(&a, -16, 8, gcr_fact_number(2));
	gcr_state_store(&b, -16, 8, gcr_fact_number(2));
	b.registers[GCR_R_AX] = at_stack(-16);
	ck_assert(gcr_state_join(&a, &b));
	gcr_state_forget_escaped(&a);
	assert_slot(&a, -16, 8, "?");
	gcr_arena_free(a.arena);
}
END_TEST

static Suite *callsite_suite(void)
{
	Suite *suite = suite_create("callsite");
	TCase *abi = tcase_create("abi");
	TCase *machine = tcase_create("machine");

	tcase_add_loop_test(abi, arguments_go_where_the_abi_puts_them, 0,
			    sizeof(signatures) / sizeof(signatures[0]));
	tcase_add_loop_test(machine, instructions_do_what_the_machine_does, 0,
			    sizeof(instructions) / sizeof(instructions[0]));
	tcase_add_test(machine, a_store_into_a_slot_keeps_what_is_beside_it);
	tcase_add_test(machine, what_two_ways_differ_in_is_unknown);
	tcase_add_test(machine,
		       only_slots_whose_address_escaped_are_changed_by_others);
	tcase_add_test(machine, an_address_lost_where_ways_meet_has_escaped);
	suite_add_tcase(suite, abi);
	suite_add_tcase(suite, machine);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(callsite_suite());

	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
