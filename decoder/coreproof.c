/* Proofs of slots: see coreproof.h. */

#include "coreproof.h"

#include "disasm.h"
#include "locationfit.h"
#include "pclntab.h"
#include "registerways.h"
#include "span.h"

enum {
	LONGEST_STEP = 512, /* bytes between a branch and a panic */
	WORD = 8,
	LONGEST_CODE = 1 << 14, /* whose lines are looked through */
	MOST_LINES = 512,	/* between a declaration and where it stands */
};

/* One piece while it is proved. */
struct claim {
	struct gcr_coreproof *proof;
	const struct gcr_variable *variable;
	size_t index;
	struct gcr_stores_query query;
	bool fixed; /* it is never given another value */
};

/* Lines ------------------------------------------------------------------------- */

void gcr_coreproof_start(struct gcr_coreproof *proof)
{
	struct gcr_error lost;

	proof->lines = (struct gcr_image_lines){ 0 };
	if (proof->depth > 0 &&
	    gcr_image_lines_at(proof->image, proof->frame.pc, proof->arena,
			       &proof->lines, &lost) != 0)
		proof->lines = (struct gcr_image_lines){ 0 };
}

// Are both in the same calls, as far as the one in question is inside?
static bool same_calls(const struct gcr_coreproof *proof,
		       const struct gcr_image_lines *other)
{
	const struct gcr_image_lines *lines = &proof->lines;
	unsigned depth = proof->depth;

	if (depth >= other->count || (depth > 0 && depth >= lines->count))
		return false;
	for (unsigned i = 1; i <= depth; i++) {
		const struct gcr_image_line *a =
			&lines->items[lines->count - 1 - i];
		const struct gcr_image_line *b =
			&other->items[other->count - 1 - i];

		if (a->parent_offset != b->parent_offset ||
		    !gcr_span_equal(a->symbol, b->symbol))
			return false;
	}
	return true;
}

// The line at `pc` of the call that the variable is of; 0: it is not inside.
static unsigned line_at(const struct gcr_coreproof *proof, uint64_t pc)
{
	struct gcr_image_lines lines;
	struct gcr_error lost;
	struct gcr_span file;
	unsigned line;

	if (proof->depth == 0 &&
	    gcr_image_pcdata(proof->image, proof->function,
			     GCR_PCDATA_INLINE_TREE, pc) < 0)
		return gcr_image_line_at(proof->image, pc, &file, &line) ? line
									 : 0;
	if (gcr_image_lines_at(proof->image, pc, proof->arena, &lines, &lost) !=
		    0 ||
	    !same_calls(proof, &lines))
		return 0;
	return lines.items[lines.count - 1 - proof->depth].line;
}

/* Who wrote it --------------------------------------------------------------------- */

// DWARF's numbers of ax, cx, dx, bx, sp, bp, si, di; the others are the same.
static unsigned dwarf_register(unsigned reg)
{
	static const unsigned char first[] = { 0, 2, 1, 3, 7, 6, 4, 5 };

	if (reg < sizeof(first))
		return first[reg];
	return reg >= GCR_R_X0 ? reg - GCR_R_X0 + GCR_LOCATION_X0 : reg;
}

static struct gcr_location_piece piece_at(const struct claim *claim,
					  uint64_t pc)
{
	struct gcr_location_frame frame = claim->proof->frame;
	struct gcr_location location;

	frame.pc = pc;
	gcr_debugscope_location(claim->proof->image, claim->variable, &frame,
				&location);
	if (location.count != claim->variable->location.listed_count)
		return (struct gcr_location_piece){ 0 };
	return location.pieces[claim->index];
}

static bool in_slot(const struct claim *claim,
		    const struct gcr_location_piece *piece)
{
	return piece->kind == GCR_LOCATION_MEMORY &&
	       piece->value ==
		       claim->variable->location.pieces[claim->index].value;
}

// A loop's variable is in its slot before and behind the store; the line tells.
static bool is_own(const struct claim *claim, const struct gcr_store *store)
{
	struct gcr_location_piece before = piece_at(claim, store->address);
	struct gcr_location_piece behind = piece_at(claim, store->end);

	if (store->reg < GCR_R_PC &&
	    before.reg == dwarf_register(store->reg) + 1)
		return true;
	if (!in_slot(claim, &behind))
		return false;
	return !in_slot(claim, &before) ||
	       line_at(claim->proof, store->address) == claim->variable->line;
}

static bool has_it(const struct claim *claim, const struct gcr_variable *other,
		   const struct gcr_store *store, uint64_t pc)
{
	struct gcr_location_frame frame = claim->proof->frame;
	struct gcr_location location;

	frame.pc = pc;
	gcr_debugscope_location(claim->proof->image, other, &frame, &location);
	for (size_t i = 0; i < location.count; i++)
		if (in_slot(claim, &location.pieces[i]) ||
		    (store->reg < GCR_R_PC &&
		     location.pieces[i].reg == dwarf_register(store->reg) + 1))
			return true;
	return false;
}

// What was stored for another one, too, may be that one's alone by now.
static bool is_others(const struct claim *claim, const struct gcr_store *store)
{
	const struct gcr_variables *all = claim->proof->variables;

	for (size_t i = 0; i < all->count; i++)
		if (&all->items[i] != claim->variable &&
		    all->items[i].location.listed &&
		    (has_it(claim, &all->items[i], store, store->address) ||
		     has_it(claim, &all->items[i], store, store->end)))
			return true;
	return false;
}

// A variable without a place may be what another one is: a sum or a load that is
// written twice is done once, and has the name of one of them. So has a copy that
// went through a struct, say. A result without a name is nothing until the return.
static bool has_nameless(const struct claim *claim)
{
	const struct gcr_variables *all = claim->proof->variables;

	for (size_t i = 0; i < all->count; i++) {
		const struct gcr_variable *other = &all->items[i];
		bool later = other->result && other->depth == 0 &&
			     other->name.data[0] == '~';

		if (other != claim->variable && !later &&
		    other->depth <= claim->proof->depth &&
		    other->location.listed_count == 0 &&
		    other->line < claim->proof->line)
			return true;
	}
	return false;
}

// Is it a value that only this variable has? What is computed may be so again.
static bool is_unique(struct claim *claim, const struct gcr_store *store)
{
	const struct gcr_stores *stores = claim->proof->stores;

	for (size_t i = 0; i < stores->turn_count; i++)
		if (stores->turns[i].target > store->since &&
		    stores->turns[i].target <= store->address)
			return false;
	return (store->origin == GCR_ORIGIN_CALL ||
		store->origin == GCR_ORIGIN_LOAD) &&
	       !has_nameless(claim);
}

static bool all_own(struct claim *claim)
{
	const struct gcr_stores *stores = claim->proof->stores;
	const struct gcr_stores_query *query = &claim->query;
	int64_t end = query->offset + (int64_t)query->size;

	for (size_t i = 0; i < stores->count; i++) {
		const struct gcr_store *store = &stores->items[i];
		int64_t behind = store->offset + (int64_t)store->size;

		if (!gcr_store_writes(store, query) ||
		    !gcr_stores_reach(stores, query, store->end))
			continue;
		if (!store->sure || store->offset > query->offset ||
		    behind < end || !is_own(claim, store) ||
		    (!claim->fixed &&
		     (is_others(claim, store) || !is_unique(claim, store))))
			return false;
	}
	return true;
}

// Only what is in memory for good is changed there, or has its address taken.
static bool in_memory(const struct claim *claim)
{
	const struct gcr_stores *stores = claim->proof->stores;
	const struct gcr_variable *variable = claim->variable;

	if (gcr_location_whole(variable->layout, WORD))
		return true;
	for (size_t i = 0; i < stores->count; i++)
		if (stores->items[i].size == 0 &&
		    gcr_store_touches(&stores->items[i], &claim->query))
			return true;
	return false;
}

/*
 * Since go1.23 variables whose lives do not meet share a slot, and so do temporaries,
 * which DWARF does not have: only what the declaration's line wrote is surely its own.
 */
static bool is_merged(const struct claim *claim)
{
	const struct gcr_stores *stores = claim->proof->stores;
	const struct gcr_stores_query *query = &claim->query;

	for (size_t i = 0; i < stores->count; i++) {
		const struct gcr_store *store = &stores->items[i];

		if (gcr_store_writes(store, query) &&
		    line_at(claim->proof, store->address) !=
			    claim->variable->line &&
		    gcr_stores_reach(stores, query, store->end))
			return true;
	}
	return false;
}

/* What leaves no trace ------------------------------------------------------------- */

// May it stand there again without having been declared again?
static bool is_repeated(const struct claim *claim)
{
	const struct gcr_coreproof *proof = claim->proof;
	const struct gcr_stores *stores = proof->stores;
	uint64_t at = proof->frame.pc, declared = 0;

	for (size_t i = 0; i < stores->count; i++) {
		const struct gcr_store *store = &stores->items[i];

		if (store->address < at &&
		    gcr_store_touches(store, &claim->query) &&
		    line_at(proof, store->address) == claim->variable->line)
			declared = store->address;
	}
	for (size_t i = 0; i < stores->turn_count; i++) {
		const struct gcr_turn *turn = &stores->turns[i];
		bool jumps = turn->kind == GCR_TURN_BRANCH ||
			     turn->kind == GCR_TURN_JUMP;
		unsigned line;

		if (turn->end <= at || (turn->kind != GCR_TURN_LOST &&
					(!jumps || turn->target > at ||
					 turn->target == stores->entry)))
			continue;
		line = jumps ? line_at(proof, turn->target) : 0;
		if (line == 0 || line > claim->variable->line ||
		    turn->target > declared)
			return true;
	}
	return false;
}

/*
 * A line between the declaration and the place that has no instruction may be an
 * assignment that is none: of a constant, say, while a copy without a name is what
 * is read below. So may a blank one and a comment's be, as far as can be told.
 */
static bool has_silent_line(const struct claim *claim)
{
	const struct gcr_coreproof *proof = claim->proof;
	unsigned first = claim->variable->line + 1, last = proof->line;
	uint64_t pc = proof->function->entry, end = pc + proof->function->size;
	unsigned char seen[MOST_LINES] = { 0 };
	unsigned count = 0;

	if (first > last || last - first > MOST_LINES ||
	    (first < last && end - pc > LONGEST_CODE))
		return true; // a loop's, or of another file
	while (pc < end && count < last - first) {
		uint64_t next = gcr_image_line_end(proof->image, pc);
		unsigned line = line_at(proof, pc);

		if (line >= first && line < last && !seen[line - first]) {
			seen[line - first] = 1;
			count++;
		}
		pc = next;
	}
	return count < last - first;
}

// What is inlined there may assign to it: a function literal that is called.
static bool is_inside(const struct gcr_coreproof *proof)
{
	struct gcr_image_lines lines;
	struct gcr_error lost;

	return gcr_image_lines_at(proof->image, proof->frame.pc, proof->arena,
				  &lines, &lost) != 0 ||
	       lines.count > proof->depth + 1;
}

/* Who will read it ------------------------------------------------------------------ */

// Is the line one with which a loop goes on? It may read what it made of its own.
static bool is_turning(const struct gcr_coreproof *proof, unsigned line)
{
	const struct gcr_stores *stores = proof->stores;

	for (size_t i = 0; i < stores->turn_count; i++) {
		const struct gcr_turn *turn = &stores->turns[i];

		if ((turn->kind == GCR_TURN_BRANCH ||
		     turn->kind == GCR_TURN_JUMP) &&
		    turn->target <= turn->address &&
		    (line_at(proof, turn->address) == line ||
		     line_at(proof, turn->target) == line))
			return true;
	}
	return false;
}

static bool counts(void *of, const struct gcr_store *read)
{
	const struct claim *claim = of;
	const struct gcr_coreproof *proof = claim->proof;
	unsigned line = line_at(proof, read->address);

	if (line == 0)
		return false;
	if (line >= proof->line)
		return line > proof->line && line > claim->variable->line;
	return read->address < proof->frame.pc &&
	       line > claim->variable->line && !is_turning(proof, line);
}

/* Where nothing follows -------------------------------------------------------------- */

static bool is_one_line(const struct gcr_coreproof *proof, uint64_t start)
{
	if (proof->frame.pc - start > LONGEST_STEP)
		return false;
	for (uint64_t pc = start; pc < proof->frame.pc; pc++)
		if (line_at(proof, pc) != proof->line)
			return false;
	return true;
}

// Then there may be an assignment before it that is no instruction.
static bool is_written_panic(const struct gcr_coreproof *proof,
			     const struct gcr_turn *turn)
{
	struct gcr_image_function function;

	return !gcr_image_function_at(proof->image, turn->target, &function) ||
	       gcr_span_is(function.symbol, "runtime.gopanic");
}

/*
 *	CMPQ   CX, 0x18(SP)		line 7
 *	JCC    panic			line 7
 *	MOVQ   0x20(SP), AX		line 8: what would follow
 *	...
 * panic: CALL   runtime.panicIndex	line 7
 */
static bool is_needed_beside(const struct claim *claim,
			     const struct gcr_turn *panic)
{
	const struct gcr_coreproof *proof = claim->proof;
	const struct gcr_stores *stores = proof->stores;
	uint64_t start, end;
	bool any = false;

	gcr_stores_step(stores, proof->frame.pc, &start, &end);
	if (is_written_panic(proof, panic) || !is_one_line(proof, start))
		return false;
	for (size_t i = 0; i < stores->turn_count; i++) {
		const struct gcr_turn *turn = &stores->turns[i];
		bool branch = turn->kind == GCR_TURN_BRANCH;
		bool jumps = (branch || turn->kind == GCR_TURN_JUMP) &&
			     turn->target == start;
		uint64_t other = jumps ? turn->end : turn->target;

		if (!jumps && (turn->end != start || !branch))
			continue;
		if (!branch || line_at(proof, turn->address) != proof->line ||
		    !gcr_stores_needed(stores, &claim->query, other, counts,
				       (void *)(uintptr_t)claim))
			return false;
		any = true;
	}
	return any;
}

bool gcr_coreproof(struct gcr_coreproof *proof,
		   const struct gcr_variable *variable, size_t index)
{
	const struct gcr_location_piece *piece =
		&variable->location.pieces[index];
	struct claim claim = { .proof = proof,
			       .variable = variable,
			       .index = index };
	const struct gcr_turn *turn;

	claim.query.offset = (int64_t)(piece->value - proof->sp);
	claim.query.size =
		piece->size > 0 ? piece->size : variable->layout->size;
	claim.query.at = proof->frame.pc;
	if (!proof->stores->known)
		return false;
	if (in_memory(&claim))
		return !proof->merges || !is_merged(&claim);
	claim.fixed = gcr_variable_escaped(variable);
	if (!all_own(&claim))
		return false;
	if (claim.fixed)
		return true;
	if (has_silent_line(&claim) || is_inside(proof) || is_repeated(&claim))
		return false;
	turn = gcr_stores_turn(proof->stores, proof->frame.pc);
	if (turn != NULL && turn->kind == GCR_TURN_END)
		return is_needed_beside(&claim, turn);
	return gcr_stores_needed(proof->stores, &claim.query, proof->next,
				 counts, &claim);
}

static unsigned machine_register(unsigned number)
{
	for (unsigned reg = 0; reg <= GCR_R_X15; reg++)
		if (dwarf_register(reg) == number)
			return reg;
	return GCR_R_NONE;
}

bool gcr_coreproof_register(struct gcr_coreproof *proof,
			    const struct gcr_variable *variable, size_t index)
{
	struct claim claim = { .proof = proof,
			       .variable = variable,
			       .index = index };
	unsigned reg = variable->location.pieces[index].reg;

	return variable->parameter && !variable->result && proof->depth == 0 &&
	       piece_at(&claim, proof->function->entry).reg == reg &&
	       gcr_register_kept(proof->image, proof->function, proof->stores,
				 machine_register(reg - 1), proof->frame.pc);
}
