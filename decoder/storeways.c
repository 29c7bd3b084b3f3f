/*
 * Ways through a function that write to nothing of a slot: see stores.h. A way is
 * followed from turn to turn; each is followed on once.
 */

#include "stores.h"

enum {
	MOST_TURNS = 2048,
	MOST_FORKS = 256,
	MOST_STEPS = 1 << 18, /* of a search, store by store */
};

struct search {
	const struct gcr_stores *stores;
	const struct gcr_stores_query *query;
	unsigned char seen[MOST_TURNS / 8];
	uint64_t forks[MOST_FORKS];
	size_t fork_count;
	size_t steps;
	bool lost, found;
};

// The address of what registers have as well is never taken: others' are no matter.
static bool writes(const struct gcr_store *store,
		   const struct gcr_stores_query *query)
{
	int64_t end = query->offset + (int64_t)query->size;

	return store->sure && store->size > 0 &&
	       store->offset <= query->offset &&
	       store->offset + (int64_t)store->size >= end;
}

// The first that writes there, from `from` on; UINT64_MAX: none.
static uint64_t next_store(struct search *search, uint64_t from)
{
	const struct gcr_stores *stores = search->stores;
	size_t low = 0, high = stores->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (stores->items[middle].address < from)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < stores->count && search->steps < MOST_STEPS;
	     low++, search->steps++)
		if (writes(&stores->items[low], search->query))
			return stores->items[low].address;
	search->lost |= search->steps >= MOST_STEPS;
	return UINT64_MAX;
}

// The turn at `from` or behind; turn_count: none.
static size_t next_turn(const struct gcr_stores *stores, uint64_t from)
{
	size_t low = 0, high = stores->turn_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (stores->turns[middle].address < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void fork_to(struct search *search, uint64_t to)
{
	if (search->fork_count == MOST_FORKS)
		search->lost = true;
	else
		search->forks[search->fork_count++] = to;
}

// Straight on to the next turn; what follows from it are forks.
static void follow(struct search *search, uint64_t from)
{
	const struct gcr_stores *stores = search->stores;
	size_t turn = next_turn(stores, from);
	uint64_t at = search->query->at, end = UINT64_MAX;
	uint64_t store = next_store(search, from);

	if (turn < stores->turn_count)
		end = stores->turns[turn].address;
	if (from <= at && at < store && at < end) {
		search->found = true;
		return;
	}
	if (store < end || turn == stores->turn_count)
		return;
	// A call that never comes back is where it stands, too.
	if (at >= end && at < stores->turns[turn].end) {
		search->found = true;
		return;
	}
	if ((search->seen[turn / 8] >> turn % 8 & 1) != 0)
		return;
	search->seen[turn / 8] |= (unsigned char)(1u << turn % 8);
	if (stores->turns[turn].kind == GCR_TURN_LOST)
		search->lost = true;
	if (stores->turns[turn].kind == GCR_TURN_BRANCH)
		fork_to(search, end + 1);
	if (stores->turns[turn].kind == GCR_TURN_BRANCH ||
	    stores->turns[turn].kind == GCR_TURN_JUMP)
		fork_to(search, stores->turns[turn].target);
}

static bool has_writer(const struct gcr_stores *stores,
		       const struct gcr_stores_query *query)
{
	for (size_t i = 0; i < stores->count; i++)
		if (writes(&stores->items[i], query))
			return true;
	return false;
}

bool gcr_stores_skipped(const struct gcr_stores *stores,
			const struct gcr_stores_query *query, int64_t arguments)
{
	struct search search = { .stores = stores, .query = query };

	if (!stores->known || stores->turn_count > MOST_TURNS ||
	    query->size == 0 || query->offset < 0 ||
	    (query->offset >= arguments && !has_writer(stores, query)))
		return false;
	fork_to(&search, stores->entry);
	while (search.fork_count > 0 && !search.found && !search.lost)
		follow(&search, search.forks[--search.fork_count]);
	return search.lost ? query->wary : search.found;
}

bool gcr_stores_reach(const struct gcr_stores *stores,
		      const struct gcr_stores_query *query, uint64_t from)
{
	struct search search = { .stores = stores, .query = query };

	if (!stores->known || stores->turn_count > MOST_TURNS)
		return true;
	fork_to(&search, from);
	while (search.fork_count > 0 && !search.found && !search.lost)
		follow(&search, search.forks[--search.fork_count]);
	return search.found || search.lost;
}

const struct gcr_turn *gcr_stores_turn(const struct gcr_stores *stores,
				       uint64_t at)
{
	size_t turn = next_turn(stores, at);

	if (turn < stores->turn_count && stores->turns[turn].address == at)
		return &stores->turns[turn];
	if (turn > 0 && at < stores->turns[turn - 1].end)
		return &stores->turns[turn - 1];
	return NULL;
}

/* What is read again -------------------------------------------------------------- */

// The first of `items` at `from` or behind.
static size_t first_from(const struct gcr_store *items, size_t count,
			 uint64_t from)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (items[middle].address < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

// Up to `end`, or the first that writes of it; whether that was before.
static bool is_read(struct search *search, uint64_t from, uint64_t end,
		    gcr_stores_counts *counts, void *of)
{
	const struct gcr_stores *stores = search->stores;
	size_t i = first_from(stores->items, stores->count, from);

	for (; i < stores->count && stores->items[i].address < end;
	     i++, search->steps++)
		if (gcr_store_writes(&stores->items[i], search->query)) {
			end = stores->items[i].address;
			search->lost = true;
			break;
		}
	i = first_from(stores->reads, stores->read_count, from);
	for (; i < stores->read_count && stores->reads[i].address <= end;
	     i++, search->steps++)
		if (gcr_store_writes(&stores->reads[i], search->query) &&
		    !stores->reads[i].chosen && !stores->reads[i].summed &&
		    counts(of, &stores->reads[i]))
			return true;
	return false;
}

static void follow_reads(struct search *search, uint64_t from,
			 gcr_stores_counts *counts, void *of)
{
	const struct gcr_stores *stores = search->stores;
	size_t turn = next_turn(stores, from);
	uint64_t end = turn < stores->turn_count ? stores->turns[turn].address
						 : UINT64_MAX;

	search->lost = false;
	search->found = is_read(search, from, end, counts, of);
	if (search->found || search->lost || turn == stores->turn_count ||
	    (search->seen[turn / 8] >> turn % 8 & 1) != 0)
		return;
	search->seen[turn / 8] |= (unsigned char)(1u << turn % 8);
	if (stores->turns[turn].kind == GCR_TURN_BRANCH)
		fork_to(search, stores->turns[turn].end);
	if (stores->turns[turn].kind == GCR_TURN_BRANCH ||
	    stores->turns[turn].kind == GCR_TURN_JUMP)
		fork_to(search, stores->turns[turn].target);
}

bool gcr_stores_needed(const struct gcr_stores *stores,
		       const struct gcr_stores_query *query, uint64_t from,
		       gcr_stores_counts *counts, void *of)
{
	struct search search = { .stores = stores, .query = query };

	if (!stores->known || stores->turn_count > MOST_TURNS)
		return false;
	fork_to(&search, from);
	while (search.fork_count > 0 && !search.found &&
	       search.steps < MOST_STEPS)
		follow_reads(&search, search.forks[--search.fork_count], counts,
			     of);
	return search.found;
}

/* Around a place ------------------------------------------------------------------- */

void gcr_stores_step(const struct gcr_stores *stores, uint64_t at,
		     uint64_t *ret_start, uint64_t *ret_end)
{
	uint64_t start = stores->entry, end = UINT64_MAX;

	for (size_t i = 0; i < stores->turn_count; i++) {
		const struct gcr_turn *turn = &stores->turns[i];

		if (turn->end <= at && turn->end > start)
			start = turn->end;
		if (turn->target <= at && turn->target > start)
			start = turn->target;
		if (turn->address >= at && turn->address < end)
			end = turn->address;
		if (turn->target > at && turn->target < end)
			end = turn->target;
	}
	*ret_start = start;
	*ret_end = end;
}

bool gcr_stores_touched(const struct gcr_stores *stores,
			const struct gcr_stores_query *query, uint64_t from,
			uint64_t end)
{
	size_t i = first_from(stores->items, stores->count, from);

	for (; i < stores->count && stores->items[i].address < end; i++)
		if (gcr_store_touches(&stores->items[i], query))
			return true;
	return false;
}
