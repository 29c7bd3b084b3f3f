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
	{ 16, { STORE(0x120) }, { { 0x110, 0x130, GCR_TURN_BRANCH } }, true },
	{ 16, { STORE(0x120), STORE(0x140) },
	  { { 0x110, 0x140, GCR_TURN_BRANCH },
	    { 0x130, 0x150, GCR_TURN_JUMP } }, false },
	// Before the branch, behind where the ways meet.
	{ 16, { STORE(0x108) }, { { 0x110, 0x130, GCR_TURN_BRANCH } }, false },
	{ 16, { STORE(0x140) }, { { 0x110, 0x130, GCR_TURN_BRANCH } }, false },
	// The way around it never comes back, or leaves.
	{ 16, { STORE(0x130) },
	  { { 0x110, 0x130, GCR_TURN_BRANCH }, { 0x120, 0, GCR_TURN_END } },
	  false },
	{ 16, { STORE(0x120) },
	  { { 0x110, 0x190, GCR_TURN_BRANCH }, { 0x1a0, 0, GCR_TURN_END } },
	  false },
	// … or does: from behind where it stands.
	{ 16, { STORE(0x120) },
	  { { 0x110, 0x190, GCR_TURN_BRANCH },
	    { 0x1a0, 0x140, GCR_TURN_JUMP } }, true },
	// A loop is gone through once more, and ends.
	{ 16, { STORE(0x140) },
	  { { 0x110, 0x108, GCR_TURN_BRANCH },
	    { 0x130, 0x104, GCR_TURN_JUMP } }, false },
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
	{ 16, { { 0 } }, { { 0x110, 0, GCR_TURN_LOST } }, false },
	// The caller's stores: unless the function has some of its own.
	{ FRAME + 8, { STORE(0x110) }, { { 0 } }, false },
	{ FRAME + 8,
	  { { .address = 0x120, .offset = FRAME + 8, .size = 8, .sure = true } },
	  { { 0x110, 0x130, GCR_TURN_BRANCH } }, true },
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
	stores.known = false;
	ck_assert(!gcr_stores_skipped(&stores, &query, FRAME));
}
END_TEST

static Suite *stores_suite(void)
{
	Suite *suite = suite_create("stores");
	TCase *ways = tcase_create("ways");

	tcase_add_loop_test(ways, a_way_that_writes_nothing_is_found, 0,
			    sizeof(functions) / sizeof(functions[0]));
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
