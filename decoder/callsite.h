#ifndef GCR_CALLSITE_H
#define GCR_CALLSITE_H

/*
 * What a function was given when it was called, told by its caller's
 * instructions. Since go1.17 a trace prints words that were never stored; the
 * caller, though, loaded the values one instruction before its CALL.
 *
 * A value is recovered when it holds on every way through the caller to this
 * call; all else is unknown. It is the value at the call: a function that
 * assigns to its parameters goes on with others.
 */

#include "image.h"
#include "regabi.h"

/* A word of a frame in the memory of a run, and what is found there. */
struct gcr_slot_query {
	const struct gcr_goroutine *goroutine;
	const struct gcr_frame *frame;
	uint64_t address;
	unsigned size; /* at most 8 bytes */
	uint64_t value;
	bool alive; /* the garbage collector follows it */
};

/* A stack, its program, and what else is known of its frames. */
struct gcr_callsite_input {
	struct gcr_image *image;
	uint64_t bias; /* see gcr_image_match() */
	bool bias_known;
	const struct gcr_declarations *declarations; /* or NULL */
	const struct gcr_goroutine *goroutine;
	/*
	 * Of its frames, or NULL: exact values of a caller's own parameters
	 * supply what it passed on.
	 */
	const struct gcr_decoding *decodings;
	/* Of a core, or NULL: true with `value` and `alive` where it has them. */
	bool (*read)(void *from, struct gcr_slot_query *query);
	void *from;
	/* Of a core, or NULL: what goroutines before this one have told. */
	struct gcr_sitememo *memo;
	/* Bytes for one function; 0: 256 MiB. */
	size_t memory;
	size_t fail_at; /* for tests: of these, the n-th allocation fails */
};

/* One component of a parameter, in the order of `abi.parts`. */
struct gcr_recovered_part {
	/* `value` is what the register or slot held. */
	bool known;
	uint64_t value;
	/* It is `address` of the program file; `value` needs the bias. */
	bool in_image;
	uint64_t address;
	/*
	 * It is an address in the caller's frame; `value` needs its fp, and is
	 * where that frame is now: a stack that grew since the call was moved,
	 * and all pointers to it with it.
	 */
	bool in_stack;
	int64_t stack;	       /* from the caller's sp at the call */
	struct gcr_span owner; /* that caller, or one further out */
	/*
	 * Where the next part is known to be a length: the words behind that
	 * address as they were, two for each element, of the first ones.
	 */
	struct gcr_recovered_part *array;
	size_t array_count;
	struct gcr_span from; /* `MOVL $0x2, BX at main.main+0x4b, line 8` */
	/* The garbage collector keeps what it points to: a slot's, in a core. */
	bool alive;
};

/* What slots in a core tell of a part; see witness.h. */
struct gcr_kept {
	bool known, alive;
	bool differs; /* two witnesses, two values */
	uint64_t value;
	struct gcr_span from;
};

/* One frame's parameters as they were at the call that made it. */
struct gcr_recovery {
	/* Why nothing can be told; data NULL when something can. */
	struct gcr_span reason;
	bool indirect;	/* called through a register: a closure, say */
	uint64_t entry; /* of the function, where its caller names it; or 0 */
	/* The parameters, receiver first; a dictionary is none of them. */
	struct gcr_image_parameter *parameters;
	size_t parameter_count;
	size_t dictionary; /* its index in `abi`; SIZE_MAX: there is none */
	struct gcr_abi abi;
	struct gcr_recovered_part *parts; /* of `abi` */
	/* For gcr_witness_apply(); NULL where nothing is known. */
	struct gcr_kept *kept; /* of `abi` */
	unsigned *handed; /* of `abi`: the caller's part plus one; 0: none */
	size_t caller;	  /* frame, where `handed` is there */
};

struct gcr_callsites;

/* Everything lives in `arena`; the input's parts have to stay. */
GCR_MUST_CHECK int gcr_callsites_new(const struct gcr_callsite_input *input,
				     struct gcr_arena *arena,
				     struct gcr_callsites **ret,
				     struct gcr_error *err);

/* Closes the disassembler. */
void gcr_callsites_done(struct gcr_callsites *sites);

/*
 * What frame `index` was called with. Looks at the callers outside of it first,
 * since they may hand on what they were given; keeps what it finds. Fails with
 * GCR_NOMEM and GCR_LIMIT only, of `arena`: what is too much for one function
 * is a reason.
 */
GCR_MUST_CHECK int gcr_callsite_frame(struct gcr_callsites *sites, size_t index,
				      const struct gcr_recovery **ret,
				      struct gcr_error *err);

/*
 * The same with what the slots of a core tell, of this frame and of those that it
 * called: all frames of the goroutine are looked at, and as of now their
 * recoveries have that in. Without `read` it is gcr_callsite_frame().
 */
GCR_MUST_CHECK int gcr_callsite_witnessed(struct gcr_callsites *sites,
					  size_t index,
					  const struct gcr_recovery **ret,
					  struct gcr_error *err);

#endif
