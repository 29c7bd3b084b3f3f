#ifndef GCR_WAITERS_H
#define GCR_WAITERS_H

/*
 * Who waits for the same thing: the goroutines of one dump gathered by the
 * channel, lock or descriptor they wait for. Gathered one goroutine at a time;
 * when all were seen, holders.h names who may hold the locks.
 *
 * Memory: GCR_MOST_THINGS things and no more. Where there are others, those with
 * the fewest waiters are forgotten, locks last; a thing seen after that has at
 * least so many waiters, and there are at least so many things.
 */

#include "waits.h"

struct gcr_clues;

enum {
	GCR_MOST_THINGS = 1 << 16,
	GCR_THING_IDS = 3,
	GCR_THING_GROUPS = 3,
	GCR_ROLES_OF_A_KIND = 3,
	GCR_THING_HOLDERS = 4
};

/* A goroutine that may hold a lock, and the word that says so. */
struct gcr_holder {
	const struct gcr_group *group;
	uint64_t goroutine;
	uint64_t word;	       /* at the lock or below it */
	size_t frame, element; /* where it stands in the stack */
	uint64_t waits_for;    /* address; 0: for nothing, or not told */
	enum gcr_wait_kind waits_kind;
	bool same_struct; /* the word is that by which waiters find the lock */
	bool itself;	  /* it waits for this very lock */
	/* The word is there for what it waits for: a lock in the same struct. */
	bool own_wait;
	bool by_code; /* there is no word: the frame's code took the lock */
};

struct gcr_thing {
	enum gcr_wait_kind kind;
	enum gcr_certainty certainty; /* EXACT or UNMARKED */
	uint64_t address;
	uint64_t count;			     /* of goroutines */
	uint64_t roles[GCR_ROLES_OF_A_KIND]; /* see gcr_thing_role() */
	uint64_t minutes, oldest;
	uint64_t ids[GCR_THING_IDS];
	const struct gcr_group *groups[GCR_THING_GROUPS];
	unsigned group_count;
	bool more_groups;
	bool at_least; /* some may have been forgotten */
	/*
	 * The nearest word at or below the lock in the frame that called Lock:
	 * the struct it lies in. 0: none.
	 */
	uint64_t base;
	struct gcr_holder *holders; /* the likeliest first, some few */
	size_t holder_count;
	uint64_t candidates; /* goroutines; more than `holder_count` */
	/* Other goroutines whose frames have exactly this address. */
	uint64_t mentions;
	/* For settling. */
	bool unsure;
	unsigned char minus[2];
	struct gcr_thing *next;
};

/* All that wait in one way. */
struct gcr_waiting {
	uint64_t count;	  /* goroutines */
	uint64_t told;	  /* of them, those whose thing is known */
	uint64_t things;  /* different ones */
	bool more;	  /* there are more things than that */
	uint64_t kept;	  /* of them, at this moment */
	uint64_t minutes; /* the longest wait */
};

/* Locks each of which is likely held by one who waits for the next. */
struct gcr_lock_cycle {
	const struct gcr_thing **locks;
	const struct gcr_holder **holders; /* of the lock beside it */
	size_t count;
	bool sure; /* there is only one candidate for each */
};

struct gcr_waits {
	struct gcr_arena *arena;
	struct gcr_waiting kinds[GCR_WAIT_KIND_COUNT];
	uint64_t roles[GCR_WAIT_KIND_COUNT][GCR_WAIT_ROLE_COUNT];
	struct gcr_thing **things; /* settled: the most waiters first */
	size_t thing_count, thing_capacity;
	uint64_t forgotten; /* goroutines whose thing is not in the list */
	struct gcr_lock_cycle *cycles;
	size_t cycle_count;
	/*
	 * Whether not all goroutines were searched for holders, and how many of
	 * each group were; 0: not even one of each.
	 */
	bool limited;
	uint64_t searched;
	struct gcr_thing *unused; /* forgotten ones, linked by `next` */
	uint32_t *slots;	  /* of a hash table of things */
	size_t slot_count;
	uint64_t salt;		 /* of its hashes */
	struct gcr_wait *shapes; /* what the first of each group waits for */
	size_t shape_count, shape_capacity;
	struct gcr_clues *clues;
	/*
	 * NULL, or who knows more than the frames, and the groups, which have to
	 * be there when it is settled.
	 */
	const struct gcr_stack_source *source;
	struct gcr_group *const *groups;
	size_t group_count;
	unsigned asked; /* how often for a first word */
};

GCR_MUST_CHECK int gcr_waits_new(struct gcr_arena *arena,
				 struct gcr_waits **ret, struct gcr_error *err);

/*
 * Count in one goroutine of `group`; the groups come in order of their index.
 * `stack` has its frames, with their arguments.
 */
GCR_MUST_CHECK int gcr_waits_add(struct gcr_waits *waits,
				 const struct gcr_group *group,
				 const struct gcr_goroutine *stack,
				 struct gcr_error *err);

/*
 * The same for one of a group that is known, without its frames: `word` is the
 * first of frame gcr_waits_frame(). To be used where gcr_waits_full() says that
 * its frames would tell nothing more.
 */
bool gcr_waits_full(const struct gcr_waits *waits,
		    const struct gcr_group *group, uint64_t word);
size_t gcr_waits_frame(const struct gcr_waits *waits,
		       const struct gcr_group *group); /* SIZE_MAX: none */
GCR_MUST_CHECK int gcr_waits_pass(struct gcr_waits *waits,
				  const struct gcr_group *group,
				  const struct gcr_goroutine *head,
				  uint64_t word, struct gcr_error *err);

/* How many wait for it in that role; 0 for roles its kind does not have. */
uint64_t gcr_thing_role(const struct gcr_thing *thing, enum gcr_wait_role role);

/* There is nobody else, and the word is no other field's nor there for another. */
bool gcr_holder_likely(const struct gcr_thing *lock,
		       const struct gcr_holder *holder);

/* The thing at `address`, when they are settled; or NULL. */
struct gcr_thing *gcr_waits_find(const struct gcr_waits *waits,
				 enum gcr_wait_kind kind, uint64_t address);

/* All are counted in, all is known of the program: sort, and name holders. */
GCR_MUST_CHECK int gcr_waits_settle(struct gcr_waits *waits,
				    const struct gcr_target *target,
				    struct gcr_error *err);

#endif
