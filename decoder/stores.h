#ifndef GCR_STORES_H
#define GCR_STORES_H

/*
 * Which instructions of a function write to its own frame, and for which source
 * line. A local variable that has one place all its life holds something else
 * until its declaration ran: this is how to tell whether it did.
 */

#include "image.h"

/* Where a value comes from that is stored. */
enum gcr_origin {
	GCR_ORIGIN_UNKNOWN,
	GCR_ORIGIN_CALL, /* a call gave it, or the caller: there is no second one */
	GCR_ORIGIN_LOAD, /* from memory outside of the frame */
};

struct gcr_store {
	uint64_t address, end; /* of the instruction; behind it */
	int64_t offset;	       /* from sp in the body of the function */
	uint64_t size; /* 0: its address was taken, what for is not told */
	unsigned line;
	bool sure;    /* it writes these bytes; else it may */
	bool foreign; /* the line is another file's, of an inlined call */
	unsigned reg; /* that was stored; GCR_R_NONE: no register as it is */
	/* Of that, if control only goes on from `since` to here. */
	enum gcr_origin origin;
	uint64_t since;
	/* Of a read: CMOVcc chose between this and something else. */
	bool chosen;
	/* Of a read: it went into a sum with something not told, may be a choice. */
	bool summed;
};

/* Where control does not simply go on. */
enum gcr_turn_kind {
	GCR_TURN_BRANCH, /* to `target`, or on */
	GCR_TURN_JUMP,	 /* to `target` */
	GCR_TURN_END,	 /* out of the function, or never back */
	GCR_TURN_LOST,	 /* to where nobody can tell */
};

struct gcr_turn {
	uint64_t address, end, target;
	enum gcr_turn_kind kind;
};

struct gcr_stores {
	uint64_t entry;
	struct gcr_store *items; /* by address */
	size_t count;
	struct gcr_store *reads; /* by address; what reads the frame */
	size_t read_count;
	struct gcr_turn *turns; /* by address */
	size_t turn_count;
	bool known; /* false: no disassembler, or too long a function */
};

GCR_MUST_CHECK int gcr_stores_read(const struct gcr_image *image,
				   const struct gcr_image_function *function,
				   struct gcr_arena *arena,
				   struct gcr_stores *ret,
				   struct gcr_error *err);

/* A variable and the point in question. */
struct gcr_stores_query {
	int64_t offset;
	uint64_t size;
	bool whole;	   /* is written at once: no struct and no array */
	bool wary;	   /* what cannot be followed may skip a store */
	bool parameter;	   /* has a value from the start: mostly that */
	unsigned declared; /* line */
	unsigned line;	   /* where the function is now */
	uint64_t at;	   /* instruction */
};

/* Does it write to some of these bytes, or take the address of one? */
static inline bool gcr_store_touches(const struct gcr_store *store,
				     const struct gcr_stores_query *query)
{
	int64_t end = query->offset + (int64_t)query->size;

	if (store->size == 0)
		return store->offset >= query->offset && store->offset < end;
	return store->offset < end &&
	       store->offset + (int64_t)store->size > query->offset;
}

static inline bool gcr_store_writes(const struct gcr_store *store,
				    const struct gcr_stores_query *query)
{
	return store->size > 0 && gcr_store_touches(store, query);
}

/* Was the variable given its value before `at`? True only if that is sure. */
bool gcr_stores_assigned(const struct gcr_stores *stores,
			 const struct gcr_stores_query *query);

/*
 * The compiler moves what an assignment computes behind calls of later lines;
 * then DWARF has the variable's old value there. Is there anything behind `at`
 * that may be such an assignment? All that a parked function needs later is in
 * its frame, so that the old value would be read there.
 */
bool gcr_stores_late(const struct gcr_stores *stores,
		     const struct gcr_stores_query *query);

/*
 * Is there a way from the entry to `at` on which nothing writes to these bytes?
 * DWARF before go1.19 places variables in slots that only one of several ways has
 * written to. False where that cannot be told, unless the query is wary. `arguments`:
 * the offset at which the caller's stores begin; what the
 * function itself never writes there is theirs.
 */
bool gcr_stores_skipped(const struct gcr_stores *stores,
			const struct gcr_stores_query *query,
			int64_t arguments);

/*
 * Is there a way from `from` to `at` on which nothing writes all of these bytes?
 * True where that cannot be told.
 */
bool gcr_stores_reach(const struct gcr_stores *stores,
		      const struct gcr_stores_query *query, uint64_t from);

/* Does a read count? */
typedef bool gcr_stores_counts(void *of, const struct gcr_store *read);

/*
 * Is there a way from `from` on which something reads of these bytes that counts,
 * before anything writes to them? False where that cannot be told.
 */
bool gcr_stores_needed(const struct gcr_stores *stores,
		       const struct gcr_stores_query *query, uint64_t from,
		       gcr_stores_counts *counts, void *of);

/* The code around `at` in which control only goes on. */
void gcr_stores_step(const struct gcr_stores *stores, uint64_t at,
		     uint64_t *ret_start, uint64_t *ret_end);

/* Is there an instruction from `from` to before `end` that may write of these? */
bool gcr_stores_touched(const struct gcr_stores *stores,
			const struct gcr_stores_query *query, uint64_t from,
			uint64_t end);

/* The turn that `at` is in the middle of or at; NULL: none. */
const struct gcr_turn *gcr_stores_turn(const struct gcr_stores *stores,
				       uint64_t at);

#endif
