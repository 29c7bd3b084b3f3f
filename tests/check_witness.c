/*
 * What slots of a core tell of arguments, and when they tell nothing: frames,
 * parts and memory by hand. Real cores are in live_locals.sh.
 */

#include "support.h"

#include "arena.h"
#include "arithmetic.h"
#include "span.h"
#include "witness.h"

#include <check.h>
#include <stdlib.h>

enum {
	PARTS = 3,
	FP = 0x1000,
	SP = 0xf00,
	FRAMES = 3,
};

/* A callee at 0, its caller, and the caller's. */
static struct gcr_frame frames[FRAMES];
static struct gcr_goroutine goroutine = { .frames = frames,
					  .frame_count = FRAMES };
static struct gcr_abi_part places[FRAMES][PARTS];
static struct gcr_recovery recoveries[FRAMES];
static struct gcr_recovery *all[FRAMES];
static struct gcr_callsite_input input;
static struct gcr_arena *arena;
static struct gcr_error err;

/* Memory: the word at an address; 0 is where nothing was saved. */
static struct {
	uint64_t address, value;
	bool alive;
} memory[4];

static bool read_memory(void *from, struct gcr_slot_query *query)
{
	ck_assert_ptr_null(from);
	for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++)
		if (memory[i].address == query->address) {
			query->value = memory[i].value;
			query->alive = memory[i].alive;
			return true;
		}
	return false;
}

static void set_up(void)
{
	memset(memory, 0, sizeof(memory));
	memset(recoveries, 0, sizeof(recoveries));
	arena = gcr_arena_new(0);
	input = (struct gcr_callsite_input){ .goroutine = &goroutine,
					     .read = read_memory };
	for (size_t i = 0; i < FRAMES; i++) {
		frames[i] = (struct gcr_frame){
			.function = GCR_SPAN("main.f"),
			.fp = FP + 0x1000 * i,
			.sp = SP + 0x1000 * i,
			.flags = GCR_FRAME_FP_SP,
		};
		for (size_t j = 0; j < PARTS; j++)
			places[i][j] = (struct gcr_abi_part){ .parameter = j,
							      .size = 8 };
		recoveries[i].abi = (struct gcr_abi){ .parts = places[i],
						      .part_count = PARTS };
		recoveries[i].dictionary = SIZE_MAX;
		recoveries[i].caller = i + 1;
		recoveries[i].handed =
			gcr_arena_array(arena, PARTS, sizeof(unsigned), &err);
		ck_assert_ptr_nonnull(recoveries[i].handed);
		all[i] = &recoveries[i];
	}
	recoveries[FRAMES - 1].handed = NULL;
}

static void tear_down(void)
{
	gcr_arena_free(arena);
}

static struct gcr_fact entry(unsigned symbol, unsigned bytes)
{
	return (struct gcr_fact){ .kind = GCR_FACT_ENTRY,
				  .bytes = (unsigned char)bytes,
				  .symbol = (unsigned short)symbol };
}

// Frame 0 has the given fact in the slot at fp - 8 - `below`, where `value` is.
static void put_slot(struct gcr_state *state, unsigned nth, int64_t below,
		     uint64_t size, struct gcr_fact fact, uint64_t value)
{
	gcr_state_store(state, -below, size, fact);
	memory[nth].address = FP - 8 - (uint64_t)below;
	memory[nth].value = value;
}

static void look(const struct gcr_state *state)
{
	ck_assert_int_eq(gcr_witness_slots(&input, &frames[0], state, arena,
					   &recoveries[0], &err),
			 0);
	ck_assert_int_eq(gcr_witness_apply(&input, all, arena, &err), 0);
}

static bool is_recovered(size_t frame, size_t part, uint64_t value)
{
	return recoveries[frame].parts != NULL &&
	       recoveries[frame].parts[part].known &&
	       recoveries[frame].parts[part].value == value;
}

static bool is_unknown(size_t frame, size_t part)
{
	return recoveries[frame].parts == NULL ||
	       !recoveries[frame].parts[part].known;
}

START_TEST(a_slot_that_still_holds_an_argument_tells_it)
{
	struct gcr_state state;

	gcr_state_init(&state, arena);
	put_slot(&state, 0, 16, 8, entry(1, 8), 0xabc);
	memory[0].alive = true;
	recoveries[0].reason = GCR_SPAN("no caller is in the trace");
	look(&state);
	ck_assert(is_recovered(0, 1, 0xabc));
	ck_assert(recoveries[0].parts[1].alive);
	ck_assert_ptr_nonnull(recoveries[0].parts[1].from.data);
	ck_assert_ptr_null(recoveries[0].reason.data);
	ck_assert(is_unknown(0, 0));
	ck_assert(is_unknown(1, 1));
}
END_TEST

static struct gcr_fact number_fact(void)
{
	return gcr_fact_number(0xabc);
}

// _i: what is wrong with the slot.
START_TEST(a_slot_tells_nothing)
{
	struct gcr_state state;

	gcr_state_init(&state, arena);
	if (_i == 0) // only half of the argument
		put_slot(&state, 0, 16, 8, entry(1, 4), 0xabc);
	else if (_i == 1) // too short for it
		put_slot(&state, 0, 16, 4, entry(1, 8), 0xabc);
	else if (_i == 2) // no argument
		put_slot(&state, 0, 16, 8, number_fact(), 0xabc);
	else if (_i == 3) // of no parameter
		put_slot(&state, 0, 16, 8, entry(PARTS, 8), 0xabc);
	else
		put_slot(&state, 0, 16, 8, entry(1, 8), 0xabc);
	if (_i == 4) // not saved
		memory[0].address = 0;
	if (_i == 5) // nobody knows where the frame is
		frames[0].flags = 0;
	if (_i == 6) // its address escaped: the call may have changed it
		state.escaped = -32;
	if (_i == 6)
		gcr_state_forget_escaped(&state);
	if (_i == 7) // another slot has another value
		put_slot(&state, 1, 24, 8, entry(1, 8), 0xabd);
	look(&state);
	ck_assert(is_unknown(0, 1));
}
END_TEST

START_TEST(only_the_bytes_of_a_part_count)
{
	struct gcr_state state;

	gcr_state_init(&state, arena);
	places[0][1].size = 1;
	put_slot(&state, 0, 16, 1, entry(1, 1), 0xffffffffffffff07);
	look(&state);
	ck_assert(is_recovered(0, 1, 7));
}
END_TEST

START_TEST(two_ways_meet_and_the_slot_tells_nothing)
{
	struct gcr_state state, other;

	gcr_state_init(&state, arena);
	gcr_state_init(&other, arena);
	put_slot(&state, 0, 16, 8, entry(1, 8), 0xabc);
	gcr_state_store(&other, -16, 8, entry(0, 8));
	gcr_state_join(&state, &other);
	look(&state);
	ck_assert(is_unknown(0, 0));
	ck_assert(is_unknown(0, 1));
}
END_TEST

START_TEST(what_was_handed_on_goes_back_through_all_callers)
{
	struct gcr_state state;
	struct gcr_fact first = entry(0, 8), last = entry(2, 8);

	gcr_state_init(&state, arena);
	put_slot(&state, 0, 16, 8, entry(1, 8), 0xabc);
	gcr_witness_handed(&recoveries[0], 1, &recoveries[1], &first);
	gcr_witness_handed(&recoveries[1], 0, &recoveries[2], &last);
	look(&state);
	ck_assert(is_recovered(1, 0, 0xabc));
	ck_assert(is_recovered(2, 2, 0xabc));
	ck_assert(gcr_span_starts(recoveries[2].parts[2].from,
				  "handed on to main.f, handed on"));
	ck_assert(is_unknown(2, 0));
}
END_TEST

// _i: whether the callee's own slot says something else.
START_TEST(what_was_handed_on_goes_to_the_callee)
{
	struct gcr_recovered_part parts[PARTS] = { 0 };
	struct gcr_fact fact = entry(1, 8);
	struct gcr_kept other = { .known = true, .differs = true };
	struct gcr_state state;

	gcr_state_init(&state, arena);
	memory[0].address = FP + 0x1000 - 8 - 16;
	memory[0].value = 0xabc;
	gcr_state_store(&state, -16, 8, entry(1, 8));
	recoveries[0].parts = parts;
	gcr_witness_handed(&recoveries[0], 2, &recoveries[1], &fact);
	gcr_witness_handed(&recoveries[0], 0, &recoveries[1], &fact);
	ck_assert_int_eq(gcr_witness_slots(&input, &frames[1], &state, arena,
					   &recoveries[1], &err),
			 0);
	recoveries[0].kept = gcr_arena_array(arena, PARTS,
					     sizeof(*recoveries[0].kept), &err);
	ck_assert_ptr_nonnull(recoveries[0].kept);
	if (_i == 1)
		recoveries[0].kept[2] = other;
	ck_assert_int_eq(gcr_witness_apply(&input, all, arena, &err), 0);
	if (_i == 1) {
		ck_assert(is_unknown(0, 2));
	} else {
		ck_assert(is_recovered(1, 1, 0xabc));
		ck_assert(is_recovered(0, 2, 0xabc));
		ck_assert(is_recovered(0, 0, 0xabc));
		ck_assert(gcr_span_starts(parts[2].from,
					  "handed on by main.f, kept by"));
	}
	ck_assert(is_unknown(0, 1));
	recoveries[0].parts = NULL;
}
END_TEST

// _i: why it is not the caller's argument.
START_TEST(what_was_not_handed_on_as_it_was_does_not_go_back)
{
	struct gcr_fact fact = entry(0, 8);
	struct gcr_state state;

	gcr_state_init(&state, arena);
	if (_i == 0)
		fact = entry(0, 4);
	else if (_i == 1)
		fact = number_fact();
	else if (_i == 2)
		fact = entry(PARTS, 8);
	else if (_i == 3)
		places[1][0].size = 4;
	else if (_i == 4)
		places[0][1].size = 1;
	else
		recoveries[0].handed = NULL;
	put_slot(&state, 0, 16, 8, entry(1, 8), 0xabc);
	gcr_witness_handed(&recoveries[0], 1, &recoveries[1], &fact);
	look(&state);
	ck_assert(!is_unknown(0, 1));
	ck_assert(is_unknown(1, 0));
}
END_TEST

// _i: whether the call site says the same, another value, or a local's address.
START_TEST(a_call_site_that_says_something_else_is_no_witness)
{
	struct gcr_recovered_part parts[PARTS] = { 0 };
	struct gcr_state state;

	gcr_state_init(&state, arena);
	put_slot(&state, 0, 16, 8, entry(1, 8), 0xabc);
	parts[1] = (struct gcr_recovered_part){
		.known = true,
		.value = _i == 0 ? 0xabc : 0xdef,
		.in_stack = _i == 2,
		.from = GCR_SPAN("MOVL"),
	};
	recoveries[0].parts = parts;
	look(&state);
	if (_i == 1)
		ck_assert(is_unknown(0, 1));
	else
		ck_assert(is_recovered(0, 1, _i == 0 ? 0xabc : 0xdef));
	recoveries[0].parts = NULL;
}
END_TEST

START_TEST(two_callees_parts_that_differ_tell_nothing)
{
	struct gcr_fact fact = entry(0, 8);
	struct gcr_state state;

	gcr_state_init(&state, arena);
	put_slot(&state, 0, 16, 8, entry(1, 8), 0xabc);
	put_slot(&state, 1, 24, 8, entry(2, 8), 0xabd);
	gcr_witness_handed(&recoveries[0], 1, &recoveries[1], &fact);
	gcr_witness_handed(&recoveries[0], 2, &recoveries[1], &fact);
	look(&state);
	ck_assert(is_recovered(0, 1, 0xabc));
	ck_assert(is_recovered(0, 2, 0xabd));
	ck_assert(is_unknown(1, 0));
}
END_TEST

START_TEST(memory_runs_out)
{
	struct gcr_fact fact = entry(0, 8);
	size_t n = 1;

	for (;; n++) {
		struct gcr_state state;
		int result;

		tear_down();
		set_up();
		gcr_state_init(&state, arena);
		put_slot(&state, 0, 16, 8, entry(1, 8), 0xabc);
		gcr_witness_handed(&recoveries[0], 1, &recoveries[1], &fact);
		gcr_arena_fail_at(arena, n);
		result = gcr_witness_slots(&input, &frames[0], &state, arena,
					   &recoveries[0], &err);
		if (result == 0)
			result = gcr_witness_apply(&input, all, arena, &err);
		if (result == 0)
			break;
		ck_assert_int_eq(err.code, GCR_NOMEM);
	}
	ck_assert_uint_gt(n, 4);
	ck_assert(is_recovered(1, 0, 0xabc));
}
END_TEST

static Suite *witness_suite(void)
{
	Suite *suite = suite_create("witness");
	TCase *slots = tcase_create("slots");

	tcase_add_checked_fixture(slots, set_up, tear_down);
	tcase_add_test(slots, a_slot_that_still_holds_an_argument_tells_it);
	tcase_add_loop_test(slots, a_slot_tells_nothing, 0, 8);
	tcase_add_test(slots, only_the_bytes_of_a_part_count);
	tcase_add_test(slots, two_ways_meet_and_the_slot_tells_nothing);
	tcase_add_test(slots, what_was_handed_on_goes_back_through_all_callers);
	tcase_add_loop_test(slots, what_was_handed_on_goes_to_the_callee, 0, 2);
	tcase_add_loop_test(
		slots, what_was_not_handed_on_as_it_was_does_not_go_back, 0, 6);
	tcase_add_loop_test(slots,
			    a_call_site_that_says_something_else_is_no_witness,
			    0, 3);
	tcase_add_test(slots, two_callees_parts_that_differ_tell_nothing);
	tcase_add_test(slots, memory_runs_out);
	suite_add_tcase(suite, slots);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(witness_suite());

	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
