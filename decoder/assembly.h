#ifndef GCR_ASSEMBLY_H
#define GCR_ASSEMBLY_H

/*
 * The state of a traceback being read, shared by the files that read its
 * parts: traceback.c (what starts what), report.c (the cause), stack.c (one
 * goroutine), frames.c (its frames), entries.c (profiles and race reports),
 * settle.c (a stack that was read), assembly.c (collecting). Private to these.
 */

#include "crash.h"
#include "lines.h"
#include "target.h"
#include "traceback.h"

/* A growing array in the arena. */
#define GCR_LIST(type)                                                         \
	struct {                                                               \
		type *items;                                                   \
		size_t count, capacity;                                        \
	}

/* What became of the line that a handler was shown. */
enum gcr_taken {
	GCR_NOT_MINE,
	GCR_TAKEN,
	GCR_STACK_READY, /* a stack is complete: `stack` */
	GCR_NEW_CRASH,	 /* it starts another crash; read it again then */
	GCR_FAILED,	 /* out of memory, or a limit: `err` */
};

/* What the stack being read knows beside `stack` below. */
struct gcr_stack_reading {
	struct gcr_line first_odd;
	size_t odd; /* lines in a row that made no sense */
	/* The frame that has no location yet, and its line; or NULL. */
	struct gcr_frame *unlocated;
	struct gcr_line unlocated_line;
	/* Among the odd lines, one that is a frame's if a location comes. */
	struct gcr_line possible;
	bool has_possible;
	bool over;
};

/*
 * A line that was taken for other output, and may turn out to begin something
 * when what belongs to it comes behind other output.
 */
struct gcr_claim {
	struct gcr_line line;
	size_t lines_left; /* of other output that may come between */
};

struct gcr_traceback {
	struct gcr_lines lines;
	struct gcr_arena *arena, *stacks;
	struct gcr_limits limits;
	struct gcr_error *err; /* the caller's, during a call */

	struct gcr_crash crash; /* the one being read */
	bool open;		/* it has begun */
	bool tentative;		/* with nothing but remarks yet */
	bool interrupted;	/* other output since its last line */
	bool dashes;		/* `-----`: another thread's report follows */
	bool in_race, race_over, in_profile;
	bool done;
	bool has_held; /* a line to be read again, before those of `lines` */
	struct gcr_line held;
	size_t stack_count;		/* of this crash */
	const struct gcr_signal *fault; /* of which the next stack is */
	uint64_t first_id;		/* of its first goroutine */
	bool first_runs;		/* and that was running */
	struct gcr_span last_state;
	unsigned last_flags;
	struct gcr_place last; /* of its last line, and the size of that */
	size_t last_size;
	bool last_folded;

	GCR_LIST(struct gcr_panic) panics;
	GCR_LIST(struct gcr_report) reports;
	GCR_LIST(struct gcr_register) registers;
	GCR_LIST(struct gcr_other) remarks;
	GCR_LIST(struct gcr_other) others;
	GCR_LIST(struct gcr_note) notes;

	struct gcr_goroutine stack; /* the one just read */
	bool head_foreign;	    /* its first line has not the prefix */
	GCR_LIST(struct gcr_frame) frames;
	GCR_LIST(struct gcr_ancestor) ancestors;
	struct gcr_line last_other; /* for `http: panic serving …` */
	bool after_other;	    /* it is the line before this one */
	bool after_gap;		    /* … with a blank line between */
	struct gcr_claim claim;
	struct gcr_span around; /* the line of the input last looked for */
	/* The lines of a panic's value: storage for the next one. */
	GCR_LIST(struct gcr_span) value;
};

/* Append one element to a list of `tb`; -1 with the error set. */
#define GCR_PUSH(tb, list, value)                                              \
	(gcr_arena_grow((tb)->arena, &(list).items, (list).count,              \
			&(list).capacity, sizeof(*(list).items),               \
			(tb)->err) == 0                                        \
		 ? ((list).items[(list).count++] = (value), 0)                 \
		 : -1)

/* assembly.c */

/* Mark `line` as part of the crash, which begins with it if none is open. */
void gcr_belongs(struct gcr_traceback *tb, const struct gcr_line *line);

/* Keep a line that is not part of a crash. Neighbouring ones are joined. */
int gcr_add_other(struct gcr_traceback *tb, const struct gcr_line *line);

/*
 * A line that was kept as other output is part of a crash after all. Nothing
 * happens where it was not kept.
 */
int gcr_take_back(struct gcr_traceback *tb, const struct gcr_line *line);

/* `line` goes to the other output now, and may be claimed by a later one. */
void gcr_claim_line(struct gcr_traceback *tb, const struct gcr_line *line);

int gcr_add_remark(struct gcr_traceback *tb, const struct gcr_line *line);

/* Remarks that no cause follows were other output after all. */
int gcr_demote_remarks(struct gcr_traceback *tb);

/* A note about `line`; `text` is a literal. */
int gcr_add_note(struct gcr_traceback *tb, const struct gcr_line *line,
		 const char *text);

/* Close the crash: its lists into `crash`, its target completed. */
int gcr_finish_crash(struct gcr_traceback *tb);

/* Start over with an empty crash. */
void gcr_clear_crash(struct gcr_traceback *tb);

/* The report that lines now belong to. */
struct gcr_report *gcr_current_report(struct gcr_traceback *tb);

/* The next line; false at the end of the input. */
bool gcr_next_line(struct gcr_traceback *tb, struct gcr_line *ret);

/* Read `line` again, before all others: at most two, the later one first. */
void gcr_unread_line(struct gcr_traceback *tb, const struct gcr_line *line);

/* report.c: the lines of a cause, each shown the line that may start it. */

enum gcr_taken gcr_take_panic(struct gcr_traceback *tb,
			      const struct gcr_line *line);
enum gcr_taken gcr_take_fatal(struct gcr_traceback *tb,
			      const struct gcr_line *line);
enum gcr_taken gcr_take_signal_line(struct gcr_traceback *tb,
				    const struct gcr_line *line);
enum gcr_taken gcr_take_signal_head(struct gcr_traceback *tb,
				    const struct gcr_line *line);
enum gcr_taken gcr_take_register(struct gcr_traceback *tb,
				 const struct gcr_line *line);

/* True for a line that starts a part of a crash by its words alone. */
bool gcr_starts_part(struct gcr_span text);

/* stack.c */

enum gcr_taken gcr_take_stack(struct gcr_traceback *tb,
			      const struct gcr_line *line);

/* What reads one form of line inside of a stack. */
typedef enum gcr_taken (*gcr_stack_line)(struct gcr_traceback *tb,
					 struct gcr_stack_reading *reading,
					 const struct gcr_line *line);

/* Read the lines below the head of `tb->stack`, to its end. */
enum gcr_taken gcr_read_stack(struct gcr_traceback *tb);
enum gcr_taken gcr_read_stack_by(struct gcr_traceback *tb,
				 struct gcr_stack_reading *reading,
				 const gcr_stack_line *forms, size_t count);

/* Forms that stacks of any kind have. */
enum gcr_taken gcr_take_end(struct gcr_traceback *tb,
			    struct gcr_stack_reading *reading,
			    const struct gcr_line *line);
enum gcr_taken gcr_take_odd(struct gcr_traceback *tb,
			    struct gcr_stack_reading *reading,
			    const struct gcr_line *line);

/* frames.c: the lines of a stack that are frames, or parts of one. */

enum gcr_taken gcr_take_function(struct gcr_traceback *tb,
				 struct gcr_stack_reading *reading,
				 const struct gcr_line *line);
enum gcr_taken gcr_take_location(struct gcr_traceback *tb,
				 struct gcr_stack_reading *reading,
				 const struct gcr_line *line);
enum gcr_taken gcr_take_foreign(struct gcr_traceback *tb,
				struct gcr_stack_reading *reading,
				const struct gcr_line *line);
enum gcr_taken gcr_take_created(struct gcr_traceback *tb,
				struct gcr_stack_reading *reading,
				const struct gcr_line *line);
enum gcr_taken gcr_take_cut_function(struct gcr_traceback *tb,
				     struct gcr_stack_reading *reading,
				     const struct gcr_line *line);
enum gcr_taken gcr_take_profile_frame(struct gcr_traceback *tb,
				      struct gcr_stack_reading *reading,
				      const struct gcr_line *line);

/* Is `line` the first of a frame, with its location behind it? */
bool gcr_is_frame(struct gcr_traceback *tb, const struct gcr_line *line);

/* Is it the location that a frame waits for? */
bool gcr_is_awaited(const struct gcr_stack_reading *reading,
		    const struct gcr_line *line);

/*
 * To be called for each line that goes on with the stack: other output before
 * it, or a frame whose location never came, is noted.
 */
int gcr_go_on(struct gcr_traceback *tb, struct gcr_stack_reading *reading,
	      const struct gcr_line *line);

/* The frame that waits for its location will not get one. */
int gcr_settle_location(struct gcr_traceback *tb,
			struct gcr_stack_reading *reading);

/* entries.c: the neighbouring formats. */

enum gcr_taken gcr_take_profile(struct gcr_traceback *tb,
				const struct gcr_line *line);
enum gcr_taken gcr_take_race(struct gcr_traceback *tb,
			     const struct gcr_line *line);

/* settle.c: what was read becomes a stack of the model. */

/* The frames read so far belong to the goroutine, or to its last ancestor. */
int gcr_end_section(struct gcr_traceback *tb);
enum gcr_taken gcr_finish_stack(struct gcr_traceback *tb);

/* evidence.c: what a stack, a header or a text shows of release and arch. */

void gcr_evidence_of_stack(struct gcr_target *target,
			   const struct gcr_goroutine *stack);
void gcr_evidence_of_state(struct gcr_target *target,
			   const struct gcr_goroutine *stack);
void gcr_evidence_of_register(struct gcr_target *target, struct gcr_span name);

#endif
