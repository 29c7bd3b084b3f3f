#ifndef GCR_ASSEMBLY_H
#define GCR_ASSEMBLY_H

/*
 * The state of a traceback being read, shared by the files that read its
 * parts: traceback.c (what starts what), report.c (the cause), stack.c (one
 * goroutine), assembly.c (collecting). Private to these.
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
	size_t stack_count; /* of this crash */
	struct gcr_span last_state;
	uint64_t end; /* of its last line, in the input */

	GCR_LIST(struct gcr_panic) panics;
	GCR_LIST(struct gcr_report) reports;
	GCR_LIST(struct gcr_register) registers;
	GCR_LIST(struct gcr_other) remarks;
	GCR_LIST(struct gcr_other) others;
	GCR_LIST(struct gcr_note) notes;

	struct gcr_goroutine stack; /* the one just read */
	GCR_LIST(struct gcr_frame) frames;
	GCR_LIST(struct gcr_ancestor) ancestors;
	struct gcr_line last_other; /* for `http: panic serving …` */
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
int gcr_belongs(struct gcr_traceback *tb, const struct gcr_line *line);

/* Keep a line that is not part of a crash. Neighbouring ones are joined. */
int gcr_add_other(struct gcr_traceback *tb, const struct gcr_line *line);

int gcr_add_remark(struct gcr_traceback *tb, const struct gcr_line *line);

/* A note about `line`; `text` is a literal. */
int gcr_add_note(struct gcr_traceback *tb, const struct gcr_line *line,
		 const char *text);

/* Close the crash: its lists into `crash`, its target completed. */
int gcr_finish_crash(struct gcr_traceback *tb);

/* Start over with an empty crash. */
void gcr_clear_crash(struct gcr_traceback *tb);

/* The report that lines now belong to. */
struct gcr_report *gcr_current_report(struct gcr_traceback *tb);

/* The next line, `held` first; false at the end of the input. */
bool gcr_next_line(struct gcr_traceback *tb, struct gcr_line *ret);

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
/* evidence.c: what a stack, a header or a text shows of release and arch. */

void gcr_evidence_of_stack(struct gcr_target *target,
			   const struct gcr_goroutine *stack);
void gcr_evidence_of_state(struct gcr_target *target,
			   const struct gcr_goroutine *stack);
void gcr_evidence_of_register(struct gcr_target *target, struct gcr_span name);

#endif
