/* What speaks against a place: see coredoubt.h. */

#include "coredoubt.h"

#include "corelocals.h"
#include "locationfit.h"

enum {
	SKIPPED_WORDS = 4,   /* no type that registers have is larger */
	ARGUMENTS = 1 << 16, /* bytes of them, at most */
};

static struct gcr_stores_query query_of(const struct gcr_coredoubt *doubt,
					const struct gcr_variable *variable,
					const struct gcr_location_piece *piece)
{
	return (struct gcr_stores_query){
		.offset = (int64_t)(piece->value - doubt->sp),
		.size = piece->size > 0 ? piece->size : variable->layout->size,
		.parameter = variable->parameter && !variable->result,
		.declared = variable->line,
		.line = doubt->proof.line,
		.at = doubt->proof.frame.pc,
	};
}

// What has one place all its life holds it from its declaration on. Parameters
// are stored before any call; of inlined functions the lines are not told apart.
bool gcr_coredoubt_assigned(const struct gcr_coredoubt *doubt,
			    const struct gcr_variable *variable)
{
	const struct gcr_layout *layout = variable->layout;
	const struct gcr_location_piece *piece = &variable->location.pieces[0];
	struct gcr_stores_query query;

	if (variable->location.count == 0 ||
	    (variable->location.listed && piece->size > 0) ||
	    (variable->parameter && variable->name.data[0] != '&'))
		return true;
	if (doubt->proof.depth > 0 || piece->kind != GCR_LOCATION_MEMORY)
		return false;
	query = query_of(doubt, variable, piece);
	query.size = layout->size;
	query.whole = layout->kind != GCR_STRUCT && layout->kind != GCR_ARRAY;
	return gcr_stores_assigned(doubt->proof.stores, &query);
}

// A larger one is written word by word.
static bool is_skipped(const struct gcr_coredoubt *doubt,
		       struct gcr_stores_query query)
{
	int64_t frame_size = (int64_t)(doubt->fp - doubt->sp);
	uint64_t size = query.size;

	// Go1.17 and go1.18 place there what came in a register and stayed in it.
	query.wary = doubt->go == 17 || doubt->go == 18;
	if (query.wary)
		frame_size = INT64_MAX;
	for (unsigned i = 0; i < SKIPPED_WORDS && size > 8 * i; i++) {
		query.size = size - 8 * i < 8 ? size - 8 * i : 8;
		if (gcr_stores_skipped(doubt->proof.stores, &query, frame_size))
			return true;
		query.offset += 8;
	}
	return false;
}

// Where the caller has put it, or would have: nothing else is ever put there.
static bool is_home(const struct gcr_coredoubt *doubt,
		    const struct gcr_variable *variable,
		    const struct gcr_location_piece *piece)
{
	return variable->parameter && !variable->result &&
	       doubt->proof.depth == 0 && piece->value >= doubt->fp;
}

/*
 * Some of a parameter is where it came in, some elsewhere: it was assigned to. What
 * was assigned and is a constant DWARF does not place, and it leaves the old
 * length there, say, beside the new pointer.
 */
static bool is_mixed(const struct gcr_coredoubt *doubt,
		     const struct gcr_variable *variable)
{
	const struct gcr_location *from = &variable->location;
	bool home = false, elsewhere = false;

	for (size_t i = 0; i < from->count; i++) {
		const struct gcr_location_piece *piece = &from->pieces[i];
		bool at_home = piece->kind == GCR_LOCATION_MEMORY &&
			       piece->value >= doubt->fp;

		home |= at_home;
		elsewhere |=
			!at_home && piece->kind != GCR_LOCATION_UNAVAILABLE;
	}
	return variable->parameter && from->listed && home && elsewhere;
}

static bool is_stored(const struct gcr_coredoubt *doubt,
		      const struct gcr_stores_query *query)
{
	const struct gcr_stores *stores = doubt->proof.stores;

	for (size_t i = 0; i < stores->count; i++)
		if (gcr_store_touches(&stores->items[i], query) &&
		    gcr_stores_reach(stores, query, stores->items[i].end))
			return true;
	return !stores->known;
}

// To go1.16 the caller's place is that of what was assigned, too, of some of it.
// Where DWARF has no place for a part, it may be any.
static bool is_rewritten(const struct gcr_coredoubt *doubt,
			 const struct gcr_variable *variable)
{
	const struct gcr_location *from = &variable->location;
	struct gcr_stores_query query = {
		.offset = (int64_t)(doubt->fp - doubt->sp),
		.size = ARGUMENTS,
		.at = doubt->proof.frame.pc,
	};

	if (doubt->go > 16 || !variable->parameter || variable->result ||
	    doubt->proof.depth > 0 || (!from->listed && from->count > 0) ||
	    gcr_location_whole(variable->layout, sizeof(uint64_t)))
		return false;
	for (size_t i = 0; i < from->count; i++) {
		if (!is_home(doubt, variable, &from->pieces[i]) ||
		    from->pieces[i].kind != GCR_LOCATION_MEMORY)
			return is_stored(doubt, &query);
	}
	for (size_t i = 0; i < from->count; i++) {
		query = query_of(doubt, variable, &from->pieces[i]);
		if (is_stored(doubt, &query))
			return true;
	}
	return from->count == 0 && is_stored(doubt, &query);
}

bool gcr_coredoubt_torn(const struct gcr_coredoubt *doubt,
			const struct gcr_variable *variable)
{
	const struct gcr_stores *stores = doubt->proof.stores;
	uint64_t at = doubt->proof.frame.pc, start, end;
	bool before = false, behind = false;

	if (is_rewritten(doubt, variable))
		return true;
	if (!doubt->stopped || variable->layout->size <= 8)
		return false;
	gcr_stores_step(stores, at, &start, &end);
	// Where DWARF has no place for it the words tell it all the same.
	if (variable->parameter && doubt->proof.depth == 0) {
		struct gcr_stores_query words = {
			.offset = (int64_t)(doubt->fp - doubt->sp),
			.size = ARGUMENTS,
		};

		before = gcr_stores_touched(stores, &words, start, at);
		behind = gcr_stores_touched(stores, &words, at, end);
	}
	for (size_t i = 0; i < variable->location.count; i++) {
		const struct gcr_location_piece *piece =
			&variable->location.pieces[i];
		struct gcr_stores_query query =
			query_of(doubt, variable, piece);

		if (piece->kind != GCR_LOCATION_MEMORY)
			continue;
		if (!stores->known)
			return true;
		before |= gcr_stores_touched(stores, &query, start, at);
		behind |= gcr_stores_touched(stores, &query, at, end);
	}
	return before && behind;
}

bool gcr_coredoubt_late(struct gcr_coredoubt *doubt,
			const struct gcr_variable *variable)
{
	const struct gcr_location *from = &variable->location;
	const struct gcr_stores *stores = doubt->proof.stores;
	bool fixed = gcr_variable_escaped(variable);

	if (!fixed &&
	    (gcr_corelocals_shared(doubt->proof.variables, variable) ||
	     is_mixed(doubt, variable) || gcr_coredoubt_torn(doubt, variable)))
		return true;
	if (!from->listed)
		return false;
	for (size_t i = 0; i < from->count; i++) {
		const struct gcr_location_piece *piece = &from->pieces[i];
		struct gcr_stores_query query =
			query_of(doubt, variable, piece);

		if (piece->kind == GCR_LOCATION_VALUE && piece->reg > 0 &&
		    !gcr_coreproof_register(&doubt->proof, variable, i))
			return true;
		if (piece->kind != GCR_LOCATION_MEMORY)
			continue;
		if (!fixed && doubt->proof.depth == 0 &&
		    gcr_stores_late(stores, &query))
			return true;
		if (is_skipped(doubt, query) ||
		    (!is_home(doubt, variable, piece) &&
		     !gcr_coreproof(&doubt->proof, variable, i)))
			return true;
	}
	return false;
}
