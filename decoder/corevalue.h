#ifndef GCR_COREVALUE_H
#define GCR_COREVALUE_H

/*
 * Typed values out of the memory of a core, and where they lead: contents of
 * strings, elements of slices, what a pointer points to (one level), what an
 * interface holds, entries of maps, what waits in a channel.
 *
 * A byte that is not saved makes the part it is of UNKNOWN, never 0. What is
 * behind an address is at most as certain as the address.
 */

#include "reading.h"
#include "rtype.h"
#include "runtimevars.h"

/*
 * Bytes of a value, and byte by byte whether they are known, and whether the
 * garbage collector keeps what they point to: to what is dead a pointer leads no
 * more, even if it did once, unless it is in the program's own data.
 */
enum {
	GCR_BYTE_KNOWN = 1,
	GCR_BYTE_ALIVE = 2,
};

struct gcr_corebytes {
	unsigned char *data, *known;
	uint64_t size;
};

enum {
	GCR_COREVALUE_BYTES = 1 << 16, /* of one value */
	GCR_COREVALUE_SHOWN = 16,      /* elements, entries */
	GCR_COREVALUE_ERRORS = 4,      /* one in the other */
	/* Of maps, as one reader looks at: those of a damaged map never end. */
	GCR_COREVALUE_STEPS = 1 << 22,
};

/* Fields that have times, or lead to one; see coreclock.c. */
enum gcr_core_time {
	GCR_TIME_SLEEP,
	GCR_TIME_TIMER,
	GCR_TIME_TIMER_WHEN,
	GCR_TIME_P,
	GCR_TIME_TICK,
	GCR_TIME_TICK_WHEN,
	GCR_TIMES
};

struct gcr_core_times {
	bool asked, has[GCR_TIMES];
	uint64_t offset[GCR_TIMES];
	uint64_t now; /* the newest; 0: none */
};

enum {
	GCR_COREQUEUES = 8,    /* long queues that are kept */
	GCR_COREQUEUE_IDS = 4, /* that are told of a queue */
};

/* A long queue; see corequeue.h. */
struct gcr_corequeue {
	uint64_t first;	  /* 0: none */
	uint64_t *sudogs; /* by address */
	size_t count, room;
	bool told; /* to the end */
};

struct gcr_coreheld;

struct gcr_corereader {
	struct gcr_core *core;
	struct gcr_image *image;
	struct gcr_rtypes *types;
	struct gcr_arena *arena;
	struct gcr_error *err;
	struct gcr_reading reading; /* its budget is for one variable */
	unsigned go;		    /* minor release */
	enum gcr_maps maps;
	bool alive; /* is the pointer that is followed, see above */
	const struct gcr_coreheld *held; /* of an argument; else NULL */
	unsigned hops;	 /* pointers that may still be followed */
	unsigned errors; /* errors behind them whose pointer may be, too */
	unsigned depth;
	/* Of one variable, and of all; of those of a frame what is left. */
	uint64_t bytes_left, bytes_given, frame_bytes;
	unsigned values_given, frame_values;
	unsigned steps_left, all_steps_left;
	struct gcr_core_times times;
	/* Lives as long as the reader does. */
	struct gcr_arena *kept;
	struct gcr_corequeue queues[GCR_COREQUEUES];
	size_t next_queue, queued;
};

/* Core, image and arena have to stay. */
GCR_MUST_CHECK int gcr_corereader_init(struct gcr_corereader *reader,
				       struct gcr_core *core,
				       struct gcr_arena *arena,
				       struct gcr_error *err);

/* Where what is read from now on lives: that of another frame. */
void gcr_corereader_use(struct gcr_corereader *reader, struct gcr_arena *arena,
			struct gcr_error *err);

/* Another variable: it has a budget of its own. */
void gcr_corereader_begin(struct gcr_corereader *reader);

/*
 * The value of `layout` that `bytes` hold from `offset` on. Fails with GCR_NOMEM
 * and GCR_LIMIT only.
 */
GCR_MUST_CHECK int gcr_corevalue(struct gcr_corereader *reader,
				 const struct gcr_layout *layout,
				 const struct gcr_corebytes *bytes,
				 uint64_t offset, struct gcr_span name,
				 struct gcr_value *ret);

/* As many of `size` bytes as are saved and one value may have. */
GCR_MUST_CHECK int gcr_corebytes_fetch(struct gcr_corereader *reader,
				       uint64_t address, uint64_t size,
				       struct gcr_corebytes *ret);

/* The value at an address. */
GCR_MUST_CHECK int gcr_corevalue_at(struct gcr_corereader *reader,
				    const struct gcr_layout *layout,
				    uint64_t address, struct gcr_span name,
				    struct gcr_value *ret);

/* Steps of gcr_corevalue(), each in a file of its own -------------------------- */

/*
 * Where a leaf leads; children and text of `value` are added to. If the pointer
 * is not alive, it is STALE afterwards.
 */
GCR_MUST_CHECK int gcr_corefollow(struct gcr_corereader *reader,
				  const struct gcr_layout *layout,
				  struct gcr_value *value);
GCR_MUST_CHECK int gcr_coremap(struct gcr_corereader *reader,
			       const struct gcr_layout *layout,
			       struct gcr_value *value);
GCR_MUST_CHECK int gcr_corechan(struct gcr_corereader *reader,
				const struct gcr_layout *layout,
				struct gcr_value *value);

/* An element or key of a type, of DWARF or of descriptors. */
GCR_MUST_CHECK int gcr_corepart(struct gcr_corereader *reader,
				const struct gcr_layout *whole,
				enum gcr_type_part part,
				const struct gcr_layout **ret);

/* Room for `count` children; fewer when the budget says so. */
GCR_MUST_CHECK int gcr_corechildren(struct gcr_corereader *reader,
				    struct gcr_value *value, uint64_t count);

/* `HEAD{child, child, ...}` as the text; `total` is how many there should be. */
GCR_MUST_CHECK int gcr_corelist(struct gcr_corereader *reader,
				struct gcr_value *value, struct gcr_span head,
				uint64_t total, bool pairs);

bool gcr_corenumber(struct gcr_corereader *reader, uint64_t address,
		    unsigned size, uint64_t *ret);

#endif
