/* Ways through a function on which nothing writes to a slot. */

#include "support.h"

#include "stores.h"

#include <check.h>
#include <stdlib.h>

enum {
	MOST = 8,
	ENTRY = 0x100,
	AT = 0x180,   /* where it stands */
	FRAME = 0x60, /* arguments begin there */
};

struct made {
	int64_t offset; /* of the slot in question, of 8 bytes */
	struct gcr_store stores[MOST];
	struct gcr_turn turns[MOST];
	bool skipped;
};

#define STORE(where)                                                           \
	{                                                                      \
		.address = (where), .offset = 16, .size = 8, .sure = true      \
	}

// clang-format off
static const struct made functions[] = {
	{ 16, { STORE(0x110) }, { { 0 } }, false },
	// Nothing is ever written there.
	{ 16, { { 0 } }, { { 0 } }, true },
	// Only behind where it stands.
	{ 16, { STORE(0x190) }, { { 0 } }, true },
	// A branch around it; and a store on the other way as well.
	{ 16, { STORE(0x120) }, { { 0x110, 0x112, 0x130, GCR_TURN_BRANCH } }, true },
	{ 16, { STORE(0x120), STORE(0x140) },
	  { { 0x110, 0x112, 0x140, GCR_TURN_BRANCH },
	    { 0x130, 0x132, 0x150, GCR_TURN_JUMP } }, false },
	// Before the branch, behind where the ways meet.
	{ 16, { STORE(0x108) }, { { 0x110, 0x112, 0x130, GCR_TURN_BRANCH } }, false },
	{ 16, { STORE(0x140) }, { { 0x110, 0x112, 0x130, GCR_TURN_BRANCH } }, false },
	// The way around it never comes back, or leaves.
	{ 16, { STORE(0x130) },
	  { { 0x110, 0x112, 0x130, GCR_TURN_BRANCH }, { 0x120, 0x122, 0, GCR_TURN_END } },
	  false },
	{ 16, { STORE(0x120) },
	  { { 0x110, 0x112, 0x190, GCR_TURN_BRANCH }, { 0x1a0, 0x1a2, 0, GCR_TURN_END } },
	  false },
	// … or does: from behind where it stands.
	{ 16, { STORE(0x120) },
	  { { 0x110, 0x112, 0x190, GCR_TURN_BRANCH },
	    { 0x1a0, 0x1a2, 0x140, GCR_TURN_JUMP } }, true },
	// A loop is gone through once more, and ends.
	{ 16, { STORE(0x140) },
	  { { 0x110, 0x112, 0x108, GCR_TURN_BRANCH },
	    { 0x130, 0x132, 0x104, GCR_TURN_JUMP } }, false },
	// Half of it; something that may write there; an address that was taken.
	{ 16, { { .address = 0x110, .offset = 16, .size = 4, .sure = true } },
	  { { 0 } }, true },
	{ 16, { { .address = 0x110, .offset = 16, .size = 8 } },
	  { { 0 } }, true },
	{ 16, { { .address = 0x110, .offset = 8 } }, { { 0 } }, true },
	// More than it.
	{ 16, { { .address = 0x110, .offset = 8, .size = 16, .sure = true } },
	  { { 0 } }, false },
	// A jump to nobody knows where.
	{ 16, { { 0 } }, { { 0x110, 0x112, 0, GCR_TURN_LOST } }, false },
	// The caller's stores: unless the function has some of its own.
	{ FRAME + 8, { STORE(0x110) }, { { 0 } }, false },
	{ FRAME + 8,
	  { { .address = 0x120, .offset = FRAME + 8, .size = 8, .sure = true } },
	  { { 0x110, 0x112, 0x130, GCR_TURN_BRANCH } }, true },
};
// clang-format on

static struct gcr_stores stores_of(struct made *made)
{
	struct gcr_stores stores = { .entry = ENTRY,
				     .items = made->stores,
				     .turns = made->turns,
				     .known = true };

	while (stores.count < MOST && made->stores[stores.count].address != 0)
		stores.count++;
	while (stores.turn_count < MOST &&
	       made->turns[stores.turn_count].address != 0)
		stores.turn_count++;
	return stores;
}

START_TEST(a_way_that_writes_nothing_is_found)
{
	struct made made = functions[_i];
	struct gcr_stores stores = stores_of(&made);
	struct gcr_stores_query query = { .offset = made.offset,
					  .size = 8,
					  .at = AT };

	ck_assert_int_eq(gcr_stores_skipped(&stores, &query, FRAME),
			 made.skipped);
	query.wary = true;
	ck_assert_int_eq(gcr_stores_skipped(&stores, &query, FRAME),
			 made.skipped || made.turns[0].kind == GCR_TURN_LOST);
	stores.known = false;
	ck_assert(!gcr_stores_skipped(&stores, &query, FRAME));
}
END_TEST

/* What is read again: lines count from `LINE` on. */

enum {
	LINE = 20,
	NEXT = 0x188, /* with what it goes on */
};

#define READ(where, at_line)                                                   \
	{                                                                      \
		.address = (where), .offset = 16, .size = 8, .line = (at_line) \
	}

struct read_again {
	struct gcr_store reads[MOST], stores[MOST];
	struct gcr_turn turns[MOST];
	bool needed;
};

// clang-format off
static const struct read_again reads[] = {
	{ { READ(0x190, LINE) }, { { 0 } }, { { 0 } }, true },
	{ { READ(0x190, LINE - 1) }, { { 0 } }, { { 0 } }, false },
	{ { READ(0x190, LINE - 1), READ(0x194, LINE) }, { { 0 } }, { { 0 } }, true },
	// Nothing reads it; only before; it is written to before; at once.
	{ { { 0 } }, { { 0 } }, { { 0 } }, false },
	{ { READ(0x150, LINE) }, { { 0 } }, { { 0 } }, false },
	{ { READ(0x198, LINE) }, { STORE(0x190) }, { { 0 } }, false },
	{ { READ(0x190, LINE) }, { STORE(0x190) }, { { 0 } }, true },
	// Half of it is written; of it is read.
	{ { READ(0x198, LINE) },
	  { { .address = 0x190, .offset = 20, .size = 4, .sure = true } },
	  { { 0 } }, false },
	{ { { .address = 0x190, .offset = 8, .size = 16, .line = LINE } },
	  { { 0 } }, { { 0 } }, true },
	{ { { .address = 0x190, .offset = 8, .size = 8, .line = LINE } },
	  { { 0 } }, { { 0 } }, false },
	// It may be what the compiler made of an assignment.
	{ { { .address = 0x190, .offset = 16, .size = 8, .line = LINE,
	      .chosen = true } }, { { 0 } }, { { 0 } }, false },
	{ { { .address = 0x190, .offset = 16, .size = 8, .line = LINE,
	      .summed = true } }, { { 0 } }, { { 0 } }, false },
	// On one way; behind a call that never comes back; in the next turn.
	{ { READ(0x1b0, LINE) }, { STORE(0x198) },
	  { { 0x190, 0x192, 0x1a0, GCR_TURN_BRANCH } }, true },
	{ { READ(0x1b0, LINE) }, { { 0 } },
	  { { 0x190, 0x195, 0, GCR_TURN_END } }, false },
	{ { READ(0x140, LINE) }, { { 0 } },
	  { { 0x190, 0x192, 0x130, GCR_TURN_JUMP } }, true },
	{ { READ(0x140, LINE) }, { STORE(0x138) },
	  { { 0x190, 0x192, 0x130, GCR_TURN_JUMP } }, false },
	// Nobody knows where it goes on; it ends all the same.
	{ { READ(0x1b0, LINE) }, { { 0 } },
	  { { 0x190, 0x192, 0, GCR_TURN_LOST } }, false },
	{ { READ(0x1b0, LINE) }, { { 0 } },
	  { { 0x190, 0x192, 0x188, GCR_TURN_JUMP } }, false },
};
// clang-format on

static bool is_below(void *of, const struct gcr_store *read)
{
	(void)of;
	return read->line >= LINE;
}

START_TEST(what_is_read_again_is_needed)
{
	struct read_again made = reads[_i];
	struct gcr_stores stores = { .entry = ENTRY,
				     .items = made.stores,
				     .reads = made.reads,
				     .turns = made.turns,
				     .known = true };
	struct gcr_stores_query query = { .offset = 16, .size = 8, .at = AT };

	while (made.stores[stores.count].address != 0)
		stores.count++;
	while (made.reads[stores.read_count].address != 0)
		stores.read_count++;
	while (made.turns[stores.turn_count].address != 0)
		stores.turn_count++;
	ck_assert_int_eq(
		gcr_stores_needed(&stores, &query, NEXT, is_below, NULL),
		made.needed);
	stores.known = false;
	ck_assert(!gcr_stores_needed(&stores, &query, NEXT, is_below, NULL));
}
END_TEST

START_TEST(what_another_store_covers_does_not_reach)
{
	struct gcr_store items[] = { STORE(0x110), STORE(0x140) };
	struct gcr_turn turns[] = { { 0x120, 0x122, 0x150, GCR_TURN_BRANCH },
				    { 0x17c, 0x182, 0, GCR_TURN_END } };
	struct gcr_stores stores = { .entry = ENTRY,
				     .items = items,
				     .count = 2,
				     .turns = turns,
				     .turn_count = 1,
				     .known = true };
	struct gcr_stores_query query = { .offset = 16, .size = 8, .at = AT };

	ck_assert(gcr_stores_reach(&stores, &query, 0x114));
	ck_assert(gcr_stores_reach(&stores, &query, 0x144));
	stores.turn_count = 0;
	ck_assert(!gcr_stores_reach(&stores, &query, 0x114));
	// It stands in the middle of a call that never comes back.
	stores.turns = &turns[1];
	stores.turn_count = 1;
	ck_assert(gcr_stores_reach(&stores, &query, 0x144));
	ck_assert_ptr_eq(gcr_stores_turn(&stores, AT), &turns[1]);
	ck_assert_ptr_null(gcr_stores_turn(&stores, 0x182));
	stores.known = false;
	ck_assert(gcr_stores_reach(&stores, &query, 0x114));
}
END_TEST

static Suite *stores_suite(void)
{
	Suite *suite = suite_create("stores");
	TCase *ways = tcase_create("ways");

	tcase_add_loop_test(ways, a_way_that_writes_nothing_is_found, 0,
			    sizeof(functions) / sizeof(functions[0]));
	tcase_add_loop_test(ways, what_is_read_again_is_needed, 0,
			    sizeof(reads) / sizeof(reads[0]));
	tcase_add_test(ways, what_another_store_covers_does_not_reach);
	suite_add_tcase(suite, ways);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(stores_suite());

	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
