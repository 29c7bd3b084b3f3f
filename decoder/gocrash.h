#ifndef GCR_GOCRASH_H
#define GCR_GOCRASH_H

/*
 * libgocrash: read what a Go program left behind when it crashed, hung or was
 * told to dump, and say what the words in it mean.
 *
 * The way through this header is the way through a dump:
 *
 *	text  --gcr_dump_parse-->  dump  --gcr_dump_crash-->  crash
 *	crash  has a cause, goroutines, registers and notes
 *	goroutine  has frames; a frame has words (`0x2`, `0xa?`, `{`, `...`)
 *	frame + declaration  --gcr_frame_decode-->  named, typed values
 *
 * and the writers at the end turn a crash into text or JSON.
 *
 * Memory. Everything reachable from a dump lives in the dump's arena and dies
 * with gcr_dump_free(); nothing in it is freed on its own. The text given to
 * gcr_dump_parse() is not copied: keep it for as long as the dump lives. Texts
 * are spans into it, not NUL-terminated, and may hold any byte, control
 * characters included: a caller that prints one to a terminal escapes it.
 *
 * Errors. A call that can fail returns 0 or -1 and fills a caller-owned
 * `struct gcr_error`; its other results are untouched on failure, and the
 * error is untouched on success. Input that is merely odd never fails: it
 * becomes a note with its place.
 *
 * The library does no I/O, prints nothing, reads no environment or clock and
 * keeps no globals. It may be used from several threads on different dumps.
 *
 * Numbers. Words, addresses, offsets and pcs are uint64_t whatever the word
 * size of the program; sizes are bytes; lines and columns count from 1, columns
 * in bytes, and 0 means "not known".
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define GCR_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define GCR_MUST_CHECK __attribute__((warn_unused_result))
#define GCR_NORETURN __attribute__((noreturn))
#else
#define GCR_PRINTF(text, first)
#define GCR_MUST_CHECK
#define GCR_NORETURN
#endif

struct gcr_arena;

/* Spans, places, errors ---------------------------------------------------- */

/*
 * A piece of text. `data` may be NULL when `size` is 0; a span whose `data` is
 * NULL means "there is none" where that differs from "it is empty".
 */
struct gcr_span {
	const char *data;
	size_t size;
};

/* Where something stands in the input. */
struct gcr_place {
	uint64_t offset; /* bytes from the start of the input */
	size_t line, column;
};

/* What went wrong, for programs. The texts are in error.c. */
enum gcr_code {
	GCR_NOMEM,	 /* an allocation failed */
	GCR_IO,		 /* a file could not be read or written; see `sys` */
	GCR_LIMIT,	 /* a limit of the caller's was reached */
	GCR_SYNTAX,	 /* a declaration or an option is not well formed */
	GCR_FORMAT,	 /* the input is not what it claims to be */
	GCR_NOT_SAVED,	 /* a core does not hold these bytes */
	GCR_NOT_FOUND,	 /* nothing of that name, or no crash in the input */
	GCR_UNSUPPORTED, /* well formed, but not read by this build */
	GCR_BUG,	 /* ours */
};

/*
 * What went wrong, for people. `text` is one line, lower case, the subject in
 * single quotes, no full stop. `line` and `column` are 0 when the error is not
 * about text.
 */
struct gcr_error {
	enum gcr_code code;
	int sys;
	size_t line, column;
	uint64_t offset;
	char text[192];
};

/*
 * How much one dump may use. A zero means the default. The limits protect the
 * caller's machine, they do not cut silently: what is beyond one is a note, or
 * GCR_LIMIT where nothing useful can be returned.
 */
struct gcr_limits {
	size_t memory;	   /* bytes of arena beside the text; default 16 GiB */
	size_t goroutines; /* in one dump; default 16 million */
	size_t frames;	   /* in one stack; default 1 million */
	size_t notes;	   /* kept in one dump, further ones counted; 1000 */
	size_t first_line; /* number of the text's first line; 1 */
	size_t fail_at;	   /* for tests: the n-th allocation fails; 0: none */
};

/* Where a writer puts its bytes ------------------------------------------- */

/*
 * `write` takes `size` bytes and returns 0, or -1 when it cannot; then the
 * writer stops and returns -1 with GCR_IO. It is called with pieces of some
 * kilobytes, not per byte.
 */
struct gcr_output {
	int (*write)(void *to, const char *data, size_t size);
	void *to;
};

/* Words and values ---------------------------------------------------------- */

/*
 * How far a word or value can be trusted. A wrong value is never called EXACT
 * or RECOVERED: that is the first law of this library.
 */
enum gcr_certainty {
	GCR_EXACT,     /* the runtime, or the core, vouches for it */
	GCR_STALE,     /* the runtime marked it `?` (since go1.18) */
	GCR_UNMARKED,  /* without `?`, which in this place proves nothing */
	GCR_RECOVERED, /* from call site, binary or core; `from` says how */
	GCR_ELIDED,    /* not printed: behind `...`, or `_` in its place */
	GCR_UNKNOWN,   /* cannot be told */
};

/* The lower-case name of a certainty, as JSON has it. */
const char *gcr_certainty_name(enum gcr_certainty certainty);

/* What one element of a printed argument list is. */
enum gcr_word_kind {
	GCR_WORD_VALUE, /* `0x2`, `0x2?` */
	GCR_WORD_GAP,	/* `_`: offset too large to be recorded, since go1.17 */
	GCR_WORD_MORE,	/* `...`: the limit of ten was reached */
	GCR_WORD_OPEN,	/* `{` */
	GCR_WORD_CLOSE, /* `}` */
};

/*
 * One element. `depth` is the number of braces around it: 0 for a scalar
 * parameter, 1 for the pointer of a string; an OPEN or CLOSE has the depth of
 * what stands beside it, not of what it encloses.
 */
struct gcr_word {
	enum gcr_word_kind kind;
	enum gcr_certainty certainty;
	unsigned depth;
	uint64_t value; /* 0 unless kind is GCR_WORD_VALUE */
};

/*
 * A printed argument list, read. To go1.16 it is flat: machine words of the
 * parameter and result area (Go runtime/traceback.go gentraceback). Since
 * go1.17 it is typed: one element per component, braces for aggregates, no
 * results (Go runtime/traceback.go printArgs). `braced` and `marked` say what
 * was seen; either one proves a typed list.
 */
struct gcr_words {
	struct gcr_word *items;
	size_t count;
	bool braced; /* has `{` or `_` */
	bool marked; /* has `?` */
	bool cut;    /* ends in `...` at depth 0 */
	bool elided; /* is `(...)`: inlined or ancestor frame, nothing printed */
};

/* The kind of a Go type, as far as a value's representation differs. */
enum gcr_kind {
	GCR_BOOL,
	GCR_INT,
	GCR_INT8,
	GCR_INT16,
	GCR_INT32,
	GCR_INT64,
	GCR_UINT,
	GCR_UINT8,
	GCR_UINT16,
	GCR_UINT32,
	GCR_UINT64,
	GCR_UINTPTR,
	GCR_FLOAT32,
	GCR_FLOAT64,
	GCR_COMPLEX64,
	GCR_COMPLEX128,
	GCR_STRING,
	GCR_SLICE,
	GCR_ARRAY,
	GCR_STRUCT,
	GCR_INTERFACE,
	GCR_POINTER,
	GCR_MAP,
	GCR_CHAN,
	GCR_FUNC,
	GCR_UNSAFE_POINTER,
	GCR_OPAQUE, /* a named type nobody defined, or a type parameter */
	GCR_KIND_COUNT
};

/*
 * One value. `certainty` is that of its weakest part, an array or struct being
 * ELIDED when some of it was not printed; the parts of a slice, string or
 * interface carry their own (`part`), since a release may mark one and not the
 * other. `text` is the Go literal of the whole as in the JSON contract: `true`,
 * `-300`, `1.5`, `(1-1i)`, `nil`, `{x: 1, y: 2}`, `[]string(len 2, cap 4,
 * 0xc000042748)`; NULL when not known. What a stale word would mean is told
 * like any other. A field named `_` is UNKNOWN: nothing keeps its bytes.
 *
 * UNMARKED are words without a `?` where that proves nothing: lists that may be
 * go1.17's, which marks none; what was passed in registers to generic code, to
 * go1.21 from a parameter without a name on, behind a `{...}`; and in lists
 * with marks that may be go1.26's or later, which leaves out stores that nobody
 * reads and does not say so.
 */
struct gcr_value {
	struct gcr_span name; /* as declared; data NULL when unnamed */
	struct gcr_span type; /* as declared */
	struct gcr_span text;
	struct gcr_span from;	 /* why, when recovered */
	struct gcr_span content; /* of a string, when its bytes are known */
	enum gcr_kind kind;
	enum gcr_certainty certainty;
	/*
	 * The words of a scalar, string, slice or interface in order: pointer,
	 * len, cap; type, data; real, imaginary (bit patterns). `part_count`
	 * is 0 where the value was not printed and for arrays and structs.
	 */
	uint64_t part[3];
	enum gcr_certainty part_certainty[3];
	size_t part_count;
	/* A slot of a core that the garbage collector follows has its pointer. */
	bool kept;
	/* Elements of an array, fields of a struct. */
	struct gcr_value *children;
	size_t child_count;
};

/*
 * One stretch of bits of a flat word (to go1.16): which parameter it holds, or
 * that it belongs to nobody. For the Bits/Binary/Hex/Value table.
 */
struct gcr_part {
	size_t word;	      /* index in the list */
	unsigned low, high;   /* first and last bit, inclusive */
	uint64_t bits;	      /* the bits, shifted down */
	struct gcr_span name; /* path, `p.x`; data NULL for padding */
	struct gcr_span text; /* its value as text; data NULL for padding */
	bool pointer_part;    /* one of several words of a value */
};

/* The machine and release that printed a trace ------------------------------ */

enum gcr_arch {
	GCR_ARCH_UNKNOWN,
	GCR_AMD64,
	GCR_386,
	GCR_ARM64,
	GCR_ARCH_OTHER_32, /* arm, mips, …: named in the text, layout of 386 */
	GCR_ARCH_OTHER_64, /* ppc64le, riscv64, s390x, …: layout of amd64 */
};

/*
 * What is known of the program that printed the text: each field is what the
 * caller gave or the text shows. Releases are minor numbers: 22 is go1.22;
 * `go_min` 0 and `go_max` 0 mean no bound.
 */
struct gcr_target {
	enum gcr_arch arch;
	unsigned go_min, go_max;
};

/* Names: `amd64`, `386`, `arm64`, …; NULL / UNKNOWN when there is none. */
const char *gcr_arch_name(enum gcr_arch arch);
enum gcr_arch gcr_arch_from_name(struct gcr_span name);

/* Bytes of a word: 8, or 4; 0 for GCR_ARCH_UNKNOWN. */
unsigned gcr_arch_word_size(enum gcr_arch arch);

/*
 * Read a release as people write it: `1.22`, `go1.22`, `1.22.6`, `go1.13rc1`.
 * Returns its minor number, or 0 when it is none.
 */
unsigned gcr_go_minor(struct gcr_span text);

/* The model ------------------------------------------------------------------- */

/* Odd input, and what was made of it. */
struct gcr_note {
	struct gcr_place place;
	struct gcr_span text; /* one line for people */
	struct gcr_span line; /* the input line it is about, if any */
};

/* Output that is not part of a crash: log lines, test output, `exit status 2`. */
struct gcr_other {
	struct gcr_place place;
	struct gcr_span text; /* whole lines, as they stand in the input */
};

enum gcr_frame_flag {
	GCR_FRAME_OFFSET = 1u << 0,  /* `offset` was printed (` +0x1d`) */
	GCR_FRAME_PC = 1u << 1,	     /* `pc` was printed */
	GCR_FRAME_FP_SP = 1u << 2,   /* `fp` and `sp` were printed */
	GCR_FRAME_INLINED = 1u << 3, /* `f(...)` with no offset */
	GCR_FRAME_CGO = 1u << 4,     /* not Go: no argument list, only a pc */
	GCR_FRAME_NO_FILE = 1u << 5, /* the location line is missing */
	/*
	 * The frame's pc is the very instruction that was executing (it faulted
	 * or was interrupted), not a return address.
	 * Go runtime/traceback.go, frame.fn.funcID == funcID_sigpanic, and the
	 * first frame of a signal report.
	 */
	GCR_FRAME_EXACT_PC = 1u << 6,
};

/* One line pair of a traceback: function with arguments, and location. */
struct gcr_frame {
	struct gcr_span function;  /* `main.(*T).M`, as printed */
	struct gcr_span arguments; /* between the parentheses, as printed */
	struct gcr_span file;	   /* as printed; data NULL if not printed */
	uint64_t offset;	   /* pc minus the physical function's entry */
	uint64_t pc, fp, sp;
	unsigned line; /* of the source; 0 when `?:0` or not printed */
	unsigned flags;
	struct gcr_place place; /* of the function line */
};

/* `main.(*T).M` taken apart. Spans into the name; data NULL when absent. */
struct gcr_function_parts {
	struct gcr_span package;  /* import path, %-escapes still in: `main` */
	struct gcr_span receiver; /* `*T` or `T` */
	struct gcr_span name;	  /* `M`, `example`, `f.func1` */
};

struct gcr_function_parts gcr_function_split(struct gcr_span function);

/* `[originating from goroutine N]:`, since go1.11 with tracebackancestors. */
struct gcr_ancestor {
	uint64_t goroutine;
	struct gcr_frame *frames;
	size_t frame_count;
	struct gcr_frame *created_by; /* or NULL */
	bool elided;
	struct gcr_place place;
};

/* What a stack in the input stands for. */
enum gcr_stack_kind {
	GCR_STACK_GOROUTINE, /* `goroutine 7 [running]:` */
	GCR_STACK_RUNTIME,   /* `runtime stack:`, the scheduler's stack */
	GCR_STACK_BARE, /* frames with no header (debug.Stack cut, windows) */
	GCR_STACK_PROFILE, /* `5 @ 0x43854e …` of a goroutine profile, debug=1 */
	GCR_STACK_RACE,	   /* one access or creation stack of a race report */
};

enum gcr_goroutine_flag {
	GCR_G_LOCKED = 1u << 0,	      /* `, locked to thread` */
	GCR_G_SCAN = 1u << 1,	      /* ` (scan)` */
	GCR_G_LEAKED = 1u << 2,	      /* ` (leaked)`, since go1.26 */
	GCR_G_DURABLE = 1u << 3,      /* ` (durable)`, since go1.25 */
	GCR_G_GP = 1u << 4,	      /* `gp=` was printed, since go1.22 */
	GCR_G_M = 1u << 5,	      /* `m=` with a number: on a thread */
	GCR_G_OTHER_THREAD = 1u << 6, /* running on other thread; no stack */
	GCR_G_ELIDED = 1u << 7,	      /* frames were left out; see `elided` */
	GCR_G_CREATOR_ID = 1u << 8,   /* ` in goroutine N` was printed */
	GCR_G_SYNCTEST = 1u << 9,     /* `, synctest group N` or `bubble N` */
	GCR_G_CUT = 1u << 10,	      /* the input ended inside it */
	/* Labels behind the state, `[select] {k: v}`, since go1.27. */
	GCR_G_LABELS_BEHIND = 1u << 11,
};

struct gcr_like;

/*
 * One stack of the input. For GCR_STACK_PROFILE `count` is the number of
 * goroutines that had it, for the others it is 1.
 */
struct gcr_goroutine {
	enum gcr_stack_kind kind;
	unsigned flags;
	uint64_t id;
	uint64_t gp, mp, m;
	uint64_t minutes; /* 0 when not printed: less than one, or no GC ran */
	uint64_t synctest;
	uint64_t count;
	struct gcr_span
		state; /* `chan receive`; for a race: `Previous write` */
	struct gcr_span labels; /* between the braces, as printed */
	uint64_t address;	/* of a race's access */
	struct gcr_frame *frames;
	size_t frame_count;
	uint64_t elided;  /* frames left out; 0 with ELIDED set: not said */
	size_t elided_at; /* index of the frame before which they were */
	struct gcr_frame *created_by; /* or NULL */
	uint64_t creator;
	struct gcr_ancestor *ancestors;
	size_t ancestor_count;
	struct gcr_place place;
	/* Which report of the crash it belongs to (GOTRACEBACK=crash). */
	size_t report;
	/*
	 * Of a census, while `each` is shown it: what lets a writer do at once
	 * what it did for one that looked alike. Else NULL.
	 */
	const struct gcr_like *like;
};

struct gcr_register {
	struct gcr_span name;
	uint64_t value;
};

/* One link of a panic chain, oldest first. */
struct gcr_panic {
	struct gcr_span text; /* without `panic: ` and the `[recovered]` tail */
	bool recovered, repanicked;
	struct gcr_place place;
};

/* `[signal SIGSEGV: … code= addr= pc=]`, or the head of a signal report. */
struct gcr_signal {
	struct gcr_span name;	     /* `SIGSEGV` */
	struct gcr_span description; /* `segmentation violation` */
	uint64_t code, addr, pc;
	uint64_t m;
	bool has_code, has_addr, has_pc, has_m;
	struct gcr_place place;
};

enum gcr_cause_kind {
	GCR_CAUSE_NONE, /* a dump without one: debug.Stack, a profile, a race */
	GCR_CAUSE_PANIC,
	GCR_CAUSE_FATAL,  /* `fatal error: …`: recover cannot stop it */
	GCR_CAUSE_SIGNAL, /* a signal report: SIGQUIT, SIGSEGV in C, … */
};

struct gcr_cause {
	enum gcr_cause_kind kind;
	struct gcr_span
		text; /* the last panic's, the fatal error's, the signal's */
	struct gcr_panic *panics;
	size_t panic_count;
	struct gcr_signal *signal; /* or NULL */
	struct gcr_place place;
};

/*
 * One thread's report under GOTRACEBACK=crash, or the only one of a crash.
 * Report 0 exists in every crash.
 */
struct gcr_report {
	struct gcr_signal *signal; /* or NULL */
	struct gcr_register *registers;
	size_t register_count;
};

/* One crash: from its first line to the last that belongs to it. */
struct gcr_crash {
	struct gcr_cause cause;
	/* Kinds GOROUTINE and BARE: what the JSON calls goroutines. */
	struct gcr_goroutine *goroutines;
	size_t goroutine_count;
	/* Kinds RUNTIME, PROFILE, RACE. */
	struct gcr_goroutine *stacks;
	size_t stack_count;
	struct gcr_report *reports;
	size_t report_count;
	/* Lines of the runtime around the cause: `runtime: sp=0x… …`. */
	struct gcr_other *remarks;
	size_t remark_count;
	/* Lines before and inside this crash that are not part of it. */
	struct gcr_other *others;
	size_t other_count;
	struct gcr_note *notes;
	size_t note_count;
	size_t notes_dropped;	  /* beyond the limit */
	struct gcr_target target; /* what the text shows */
	bool core;		  /* there is no text: a core was read */
	/* Of its first line's text; behind the last line's, before its end. */
	struct gcr_place place, end;
};

/* Read a dump ------------------------------------------------------------------- */

struct gcr_dump;

/*
 * Parse `text`, which may hold any number of crashes (one per panic, fatal
 * error, signal report, bare dump, race report or profile) and anything around
 * them. It copes with log prefixes, JSON-escaped dumps inside a log line, CRLF,
 * lost tabs and a missing end. Fails only with GCR_NOMEM and GCR_LIMIT. `limits`
 * may be NULL. Linear in the size of the text.
 */
GCR_MUST_CHECK int gcr_dump_parse(struct gcr_span text,
				  const struct gcr_limits *limits,
				  struct gcr_dump **ret, struct gcr_error *err);

void gcr_dump_free(struct gcr_dump *dump);

/* Crashes in the order of the input; 0 of them is a valid dump. */
size_t gcr_dump_crash_count(const struct gcr_dump *dump);
const struct gcr_crash *gcr_dump_crash(const struct gcr_dump *dump,
				       size_t index);

/* What stands after the last crash, or all of a text without one. */
size_t gcr_dump_other_count(const struct gcr_dump *dump);
const struct gcr_other *gcr_dump_other(const struct gcr_dump *dump,
				       size_t index);

/* The arena of the dump, for what is to live as long: decoded values. */
struct gcr_arena *gcr_dump_arena(struct gcr_dump *dump);

/* What all goroutines of a dump were doing ---------------------------------------- */

/*
 * One element of the argument lists of a group, over all goroutines in it. A
 * word that some goroutine has marked `?` is stale for all.
 */
struct gcr_column {
	struct gcr_word word; /* the example's; its certainty is the weakest */
	uint64_t least, most; /* of the values looked at */
	/*
	 * The values, in order of appearance, `distinct` of them. With `more`
	 * there are others: after GCR_COLUMN_VALUES of them nobody looks.
	 */
	const uint64_t *values;
	size_t distinct;
	bool more;
};

enum {
	GCR_COLUMN_VALUES = 256,
	GCR_GROUP_IDS = 5,
	GCR_GROUP_LABELS = 4
};

/* The columns of one frame: one for each element of its argument list. */
struct gcr_columns {
	struct gcr_column *items;
	size_t count;
	/* Not all lists have these elements: the others are not in here. */
	bool mixed;
};

/*
 * Goroutines that did the same thing: same state, same frames, same creator.
 * Ids, addresses, arguments, minutes and `in goroutine N` do not count, so that
 * a thousand handlers of one server are one group.
 */
struct gcr_group {
	/*
	 * Stable over runs, machines and releases of one format number: made of
	 * the state, the functions, lines and file names (without folders) of
	 * the frames and of the creator. Two groups may share one by accident;
	 * groups are told apart by comparing.
	 */
	uint64_t fingerprint;
	size_t index; /* in order of first appearance */
	uint64_t count;
	uint64_t minutes_least, minutes_most;
	uint64_t oldest;   /* id of the first that waited `minutes_most` */
	uint64_t locked;   /* how many are locked to their thread */
	uint64_t labelled; /* how many have labels */
	unsigned flags;	   /* of all, united: enum gcr_goroutine_flag */
	struct gcr_goroutine example; /* the first, without ancestors */
	uint64_t ids[GCR_GROUP_IDS];  /* of the first ones */
	size_t id_count;
	/* Different ones, as printed, the first few. */
	struct gcr_span labels[GCR_GROUP_LABELS];
	size_t label_count;
	/*
	 * For each frame of `example` its columns; NULL while the group has one
	 * goroutine, whose words are the example's.
	 */
	struct gcr_columns *columns;
	struct gcr_column creator; /* `in goroutine N`: the numbers */
};

/*
 * Who waits on the same channel, lock or descriptor, who likely holds it, and
 * which locks wait for each other.
 */
struct gcr_waits;

/*
 * All goroutines of one dump. Stacks that are not goroutines (the scheduler's,
 * a race report's) are not in it.
 */
struct gcr_tally {
	/* Its cause, target, notes, other output; no goroutines, no stacks. */
	const struct gcr_crash *crash;
	size_t number;			 /* of the dump in its text, from 0 */
	uint64_t count;			 /* of goroutines in groups */
	uint64_t left_out;		 /* that `keep` did not want */
	uint64_t elsewhere;		 /* stacks that are not goroutines */
	uint64_t scheduler;		 /* `goroutine 0`: none either */
	struct gcr_group *const *groups; /* in order of first appearance */
	size_t group_count;
	struct gcr_waits *waits; /* who waits on what; NULL: was not asked */
};

/*
 * What to count, and who watches. All may be left zero.
 *
 * `keep` is asked about each goroutine; `each` is shown those that were kept,
 * with their group, and ends the census by returning -1 with `err` filled. The
 * goroutine is valid during the call only. `progress` is told now and then how
 * many bytes of the text have been read: what lies before will be looked at
 * again only where a group has its example.
 */
struct gcr_census_request {
	void *from;
	bool (*keep)(void *from, const struct gcr_goroutine *goroutine);
	int (*each)(void *from, const struct gcr_tally *tally,
		    const struct gcr_group *group,
		    const struct gcr_goroutine *goroutine,
		    struct gcr_error *err);
	void (*progress)(void *from, uint64_t offset);
	bool columns; /* summarise the arguments */
	bool waits;   /* gather who waits on the same thing */
	/* By the user; for `waits`, whose words depend on it. */
	struct gcr_target given;
};

/* Which goroutines are wanted: what is given has to hold, all of it. */
struct gcr_filter_terms {
	struct gcr_span state;	  /* a part of it */
	struct gcr_span function; /* a part of the name of one of its frames */
	struct gcr_span package;  /* one of its frames is of it or below it */
	struct gcr_span label;	  /* `key` or `key=value` */
	uint64_t least_minutes, most_minutes;
	bool has_most;
	const uint64_t *ids; /* one of these; NULL: any */
	size_t id_count;
};

/* Borrows what `terms` points to. Fails with GCR_NOMEM. */
struct gcr_filter;
GCR_MUST_CHECK int gcr_filter_new(const struct gcr_filter_terms *terms,
				  struct gcr_filter **ret,
				  struct gcr_error *err);
void gcr_filter_free(struct gcr_filter *filter);

/* For `keep` of a request, or to be called by one. */
bool gcr_filter_keep(void *filter, const struct gcr_goroutine *goroutine);

/*
 * The dumps of one text, each as a tally. Its memory is that of the groups, not
 * of the goroutines: a million of them may be some dozens of groups.
 */
struct gcr_census;

/*
 * Count the goroutines of all dumps in `text`, which has to stay. `limits` and
 * `request` may be NULL. Fails with GCR_NOMEM, GCR_LIMIT, and as `each` does.
 */
GCR_MUST_CHECK int gcr_census_take(struct gcr_span text,
				   const struct gcr_limits *limits,
				   const struct gcr_census_request *request,
				   struct gcr_census **ret,
				   struct gcr_error *err);

/* The same of one crash that was parsed; it has to stay. */
GCR_MUST_CHECK int gcr_census_crash(const struct gcr_crash *crash,
				    const struct gcr_census_request *request,
				    struct gcr_census **ret,
				    struct gcr_error *err);

/*
 * Goroutines from anywhere. `next` returns 1 with one in `ret`, 0 at the end,
 * -1 with `err` filled; what it gave is copied as far as it is kept. `crash`
 * tells the cause and the target, and has to stay.
 */
struct gcr_stack_source {
	void *from;
	int (*next)(void *from, struct gcr_goroutine *ret,
		    struct gcr_error *err);
	const struct gcr_crash *crash;
	/*
	 * What a source knows beside the frames, for who holds a lock; each may
	 * be NULL. Has the code of `frame` taken `lock`, and gives it back behind
	 * where it stands? What is the first argument of frame `index`, whose
	 * printed word is stale? 0: not known.
	 */
	bool (*holds)(void *from, const struct gcr_frame *frame, uint64_t lock);
	uint64_t (*first_word)(void *from, const struct gcr_goroutine *stack,
			       size_t index);
};

GCR_MUST_CHECK int gcr_census_stream(const struct gcr_stack_source *source,
				     const struct gcr_census_request *request,
				     struct gcr_census **ret,
				     struct gcr_error *err);

void gcr_census_free(struct gcr_census *census);

/* Dumps in the order of the input: what has no goroutines counts too. */
size_t gcr_census_dump_count(const struct gcr_census *census);
const struct gcr_tally *gcr_census_dump(const struct gcr_census *census,
					size_t index);

/* What stands after the last dump, or all of a text without one. */
size_t gcr_census_other_count(const struct gcr_census *census);
const struct gcr_other *gcr_census_other(const struct gcr_census *census,
					 size_t index);

/* Declarations -------------------------------------------------------------------- */

/*
 * A set of function declarations and named types, from `--decl` texts and Go
 * sources. Owns copies of all it was given.
 */
struct gcr_declarations;

GCR_MUST_CHECK int gcr_declarations_new(struct gcr_declarations **ret,
					struct gcr_error *err);
void gcr_declarations_free(struct gcr_declarations *declarations);

/*
 * Add one signature as a programmer writes it, with or without `func`, with or
 * without a package: `main.example(slice []string, str string, i int) error`,
 * `func (s *Server) Serve(l net.Listener) error`. GCR_SYNTAX has the column.
 */
GCR_MUST_CHECK int gcr_declarations_add(struct gcr_declarations *declarations,
					struct gcr_span signature,
					struct gcr_error *err);

/*
 * Add the functions and types of one Go source file. What cannot be read is
 * passed over: a source tree is evidence, not an order. `file` is its name as
 * frames print it, or a tail of that; it decides between functions of the same
 * name.
 */
GCR_MUST_CHECK int
gcr_declarations_add_source(struct gcr_declarations *declarations,
			    struct gcr_span file, struct gcr_span source,
			    struct gcr_error *err);

/* Is there a frame in `crash` that has a declaration, by its name? */
GCR_MUST_CHECK int
gcr_declarations_fit(const struct gcr_declarations *declarations,
		     const struct gcr_crash *crash, bool *ret,
		     struct gcr_error *err);

/* Decode a frame ------------------------------------------------------------------ */

/* Read the argument list of a frame. Items live in `arena`. */
GCR_MUST_CHECK int gcr_words_read(struct gcr_span arguments,
				  struct gcr_arena *arena,
				  struct gcr_words *ret, struct gcr_error *err);

/* The meaning of a frame's words under its declaration. */
struct gcr_decoding {
	/* `func example(slice []string, str string, i int) error`, or NULL. */
	struct gcr_span declaration;
	struct gcr_words words;
	bool flat;	  /* decoded as flat words (to go1.16) */
	bool unoptimized; /* -N, by the binary: what is printed was stored */
	struct gcr_value *arguments; /* receiver first */
	size_t argument_count;
	struct gcr_value *results; /* flat only; unnamed beyond the declared */
	size_t result_count;
	size_t result_word; /* flat: first word that is not a parameter's */
	struct gcr_value *locals; /* of a core alone; inner ones last */
	size_t local_count;
	struct gcr_part *parts; /* flat only, by word and bit */
	size_t part_count;
	struct gcr_note *notes;
	size_t note_count;
};

/*
 * Decode one frame with the declaration that fits its name, if `declarations`
 * (may be NULL) has one; without one, `ret` has the words only. Results live in
 * `arena`. Fails with GCR_NOMEM, GCR_LIMIT.
 */
GCR_MUST_CHECK int gcr_frame_decode(const struct gcr_frame *frame,
				    const struct gcr_declarations *declarations,
				    const struct gcr_target *target,
				    struct gcr_arena *arena,
				    struct gcr_decoding *ret,
				    struct gcr_error *err);

/* Write ------------------------------------------------------------------------------ */

/*
 * A program beside the crash it died of. Where the trace printed words that were
 * never stored (`0x22fe…?`), the instructions before the call tell what was
 * passed: the writers show that, GCR_RECOVERED and with `from`.
 */
struct gcr_program;
struct gcr_image;
struct gcr_core_values;

/*
 * All three (`declarations` may be NULL) have to stay as long as the program. Only
 * for a program that the crash does not contradict, see gcr_image_match().
 * One program must not be used by two threads at once. Fails with GCR_NOMEM and
 * GCR_LIMIT.
 */
GCR_MUST_CHECK int gcr_program_new(struct gcr_image *image,
				   const struct gcr_crash *crash,
				   const struct gcr_declarations *declarations,
				   struct gcr_program **ret,
				   struct gcr_error *err);
void gcr_program_free(struct gcr_program *program);

/*
 * The crash is a core's: what its frames' slots still hold of arguments, by the
 * instructions that put it there, is recovered, too. `values` has to stay.
 */
void gcr_program_use_core(struct gcr_program *program,
			  struct gcr_core_values *values);

/* In which order groups are written. Equal ones: as they appeared. */
enum gcr_order {
	GCR_BY_COUNT, /* the largest first */
	GCR_BY_AGE,   /* the one with the longest wait first */
	GCR_BY_STATE, /* alphabetically, then the largest first */
	GCR_BY_PLACE, /* the function of yours they are in, the same way */
	GCR_AS_FOUND,
};

/* What the writers need beside the crash. All may be left zero. */
struct gcr_view {
	const struct gcr_declarations *declarations;
	struct gcr_program *program;	     /* of this crash; or NULL */
	struct gcr_core_values *core_values; /* of its core; or NULL */
	struct gcr_target
		given; /* by the user; overrides what the text shows */
	struct gcr_span main_module; /* prefix of "my code" beside `main` */
	bool color;
	bool all; /* every goroutine in full, not only the one that failed */
	enum gcr_order order; /* of groups */
	size_t top;	      /* so many of them at most; 0: all */
	unsigned width;	      /* columns of the terminal; 0: do not cut lines */
	size_t fail_at; /* for tests: the n-th allocation fails; 0: none */
};

/* One JSON document (`format: "gocrash/1"`), one line, newline at its end. */
GCR_MUST_CHECK int gcr_write_json(const struct gcr_crash *crash,
				  const struct gcr_view *view,
				  const struct gcr_output *output,
				  struct gcr_error *err);

/*
 * What `gocrash goroutines` prints of one dump: the verdict first, then the
 * groups, the largest first.
 */
GCR_MUST_CHECK int gcr_write_tally(const struct gcr_tally *tally,
				   const struct gcr_view *view,
				   const struct gcr_output *output,
				   struct gcr_error *err);

/*
 * Goroutines as JSON, one a line, each as in the document of gcr_write_json(),
 * with `dump` (its number), `group` and `fingerprint` besides. `target` is that
 * of their crash; both it and `view` have to stay.
 */
struct gcr_lines_writer;

GCR_MUST_CHECK int gcr_lines_writer_new(const struct gcr_target *target,
					const struct gcr_view *view,
					const struct gcr_output *output,
					struct gcr_lines_writer **ret,
					struct gcr_error *err);

/* `group` may be NULL: then its index is not told. */
GCR_MUST_CHECK int gcr_lines_writer_put(struct gcr_lines_writer *writer,
					size_t dump,
					const struct gcr_group *group,
					const struct gcr_goroutine *goroutine,
					struct gcr_error *err);

/* Pass on what is left. */
GCR_MUST_CHECK int gcr_lines_writer_flush(struct gcr_lines_writer *writer,
					  struct gcr_error *err);

/* The same; frees the writer in any case. */
GCR_MUST_CHECK int gcr_lines_writer_done(struct gcr_lines_writer *writer,
					 struct gcr_error *err);

/* Groups of many dumps ------------------------------------------------------------- */

/*
 * The groups of any number of dumps, of any number of hosts, folded into one:
 * counts are added, ages widened, hosts counted. Folding is associative and
 * commutative: parts of a fleet's dumps, folded anywhere in any order and
 * written, fold into the same document byte for byte.
 *
 *	dump  --gcr_digest_add-->  digest  --gcr_write_digest-->  document
 *	documents  --gcr_digest_merge-->  digest
 *
 * Its memory is that of the groups. Texts are copied.
 */
struct gcr_digest;

/* `limits` may be NULL; `memory` and `fail_at` count. */
GCR_MUST_CHECK int gcr_digest_new(const struct gcr_limits *limits,
				  struct gcr_digest **ret,
				  struct gcr_error *err);
void gcr_digest_free(struct gcr_digest *digest);

/* Fold in one dump of `host`; data NULL: of nobody knows which. */
GCR_MUST_CHECK int gcr_digest_add(struct gcr_digest *digest,
				  const struct gcr_tally *tally,
				  struct gcr_span host, struct gcr_error *err);

/*
 * Fold in one document or several, one behind the other. GCR_FORMAT, with line
 * and column, for the first that is none; those before it are counted then.
 * Members of other names than our own are passed over.
 */
GCR_MUST_CHECK int gcr_digest_merge(struct gcr_digest *digest,
				    struct gcr_span documents,
				    struct gcr_error *err);

/*
 * Fold in one document, the first of `*documents`, which is moved behind it: 1,
 * or 0 when there is none.
 */
GCR_MUST_CHECK int gcr_digest_merge_one(struct gcr_digest *digest,
					struct gcr_span *documents,
					struct gcr_error *err);

/* How many dumps have been folded in. */
uint64_t gcr_digest_dumps(const struct gcr_digest *digest);

/*
 * One JSON document (`format: "gocrash-groups/1"`), one line, newline at its end.
 * Counts stop at 2^64 - 1.
 */
GCR_MUST_CHECK int gcr_write_digest(struct gcr_digest *digest,
				    const struct gcr_output *output,
				    struct gcr_error *err);

/*
 * The document of one dump of `host`, as if it had been folded in alone. Where
 * the tally has waits, it has them, too, in a member that folding passes over:
 * addresses are those of one process.
 */
GCR_MUST_CHECK int gcr_write_groups(const struct gcr_tally *tally,
				    struct gcr_span host,
				    const struct gcr_output *output,
				    struct gcr_error *err);

/*
 * What changed between dumps of one program, in the order of time: which groups
 * grew in every one of them, appeared, vanished, and which wait ever longer.
 */
struct gcr_diff;

/* `limits` may be NULL; `memory` and `fail_at` count. */
GCR_MUST_CHECK int gcr_diff_new(const struct gcr_limits *limits,
				struct gcr_diff **ret, struct gcr_error *err);
void gcr_diff_free(struct gcr_diff *diff);

/* The next dump, or several that stand for one moment. Texts are copied. */
GCR_MUST_CHECK int gcr_diff_add(struct gcr_diff *diff,
				const struct gcr_digest *digest,
				struct gcr_span name, struct gcr_error *err);
size_t gcr_diff_dump_count(const struct gcr_diff *diff);

/*
 * By how much that group grew from the first to the last dump which grew most,
 * of those that never became fewer in between; 0: none grew.
 */
GCR_MUST_CHECK int gcr_diff_growth(struct gcr_diff *diff, uint64_t *ret,
				   struct gcr_error *err);

/* As text; of `view`, `color`, `all` and `main_module` count. */
GCR_MUST_CHECK int gcr_write_diff(struct gcr_diff *diff,
				  const struct gcr_view *view,
				  const struct gcr_output *output,
				  struct gcr_error *err);

/* One JSON document (`format: "gocrash-diff/1"`), one line. */
GCR_MUST_CHECK int gcr_write_diff_json(struct gcr_diff *diff,
				       const struct gcr_output *output,
				       struct gcr_error *err);

/*
 * Groups of one dump as the lines that flame graphs are drawn from (flamegraph.pl,
 * inferno, speedscope): frames joined by `;`, the outermost first, then the count.
 *
 *	created by main.main;main.worker;runtime.gopark;[chan receive] 120
 *
 * The creator is the ground a tower stands on and the state its tip, so that
 * goroutines in the same code share a tower whatever they wait for. Lines of
 * the source do not count here: groups that differ in nothing else are one line.
 * The lines are sorted, each path stands there once.
 */
GCR_MUST_CHECK int gcr_write_folded(const struct gcr_tally *tally,
				    const struct gcr_output *output,
				    struct gcr_error *err);

/*
 * Goroutines as a profile that `go tool pprof` opens: profile.proto, gzipped.
 * One sample for each dump, group, age and set of labels, of type
 * goroutine/count, with the labels `state`, `created_by`, `minutes` (a number),
 * the program's own, and `dump` (a number, from 1) when there are several. What
 * was inlined is one location with what it was inlined into; an address is that
 * of the call, as Go's own profiles have it. Text of the input is escaped as for
 * a terminal: pprof prints it as it is.
 */
struct gcr_profile_writer;

/* What `output` points to has to stay until the end. */
GCR_MUST_CHECK int gcr_profile_writer_new(const struct gcr_output *output,
					  struct gcr_profile_writer **ret,
					  struct gcr_error *err);

/* Count in one goroutine, of a group of the dump with that number, from 0. */
GCR_MUST_CHECK int gcr_profile_writer_put(struct gcr_profile_writer *writer,
					  size_t dump,
					  const struct gcr_group *group,
					  const struct gcr_goroutine *goroutine,
					  struct gcr_error *err);

/* Write it to the end; frees the writer in any case. */
GCR_MUST_CHECK int gcr_profile_writer_done(struct gcr_profile_writer *writer,
					   struct gcr_error *err);

/* Free it without writing; NULL is fine. */
void gcr_profile_writer_free(struct gcr_profile_writer *writer);

/*
 * Dumps as one HTML page that needs nothing else: what ended the program, what
 * the goroutines wait for, the groups with their stacks, a search. Scripts and
 * fetches are forbidden to it but for its own; texts of the input are text on it
 * and nothing else. It has the largest groups of each dump, some thousands.
 */
struct gcr_html_writer;

/* What `view` and `output` point to has to stay until the end. */
GCR_MUST_CHECK int gcr_html_writer_new(const struct gcr_view *view,
				       const struct gcr_output *output,
				       struct gcr_html_writer **ret,
				       struct gcr_error *err);

/* Add a dump; `name` is that of its file. */
GCR_MUST_CHECK int gcr_html_writer_put(struct gcr_html_writer *writer,
				       struct gcr_span name,
				       const struct gcr_tally *tally,
				       struct gcr_error *err);

/* End the page, if it has a dump; frees the writer in any case. */
GCR_MUST_CHECK int gcr_html_writer_done(struct gcr_html_writer *writer,
					struct gcr_error *err);
void gcr_html_writer_free(struct gcr_html_writer *writer);

/* What `gocrash explain` prints. Control characters are written escaped. */
GCR_MUST_CHECK int gcr_write_explanation(const struct gcr_crash *crash,
					 const struct gcr_view *view,
					 const struct gcr_output *output,
					 struct gcr_error *err);

/*
 * Every stack in full, with what is known of the values of its frames: those of
 * Go's own without.
 */
GCR_MUST_CHECK int gcr_write_stacks(const struct gcr_crash *crash,
				    const struct gcr_view *view,
				    const struct gcr_output *output,
				    struct gcr_error *err);

/*
 * gcr_write_stacks() and gcr_write_json() of goroutines that come one at a time.
 * The rest is that of the source's crash, notes as they are behind the last one.
 */
GCR_MUST_CHECK int gcr_stream_stacks(const struct gcr_stack_source *source,
				     const struct gcr_view *view,
				     const struct gcr_output *output,
				     struct gcr_error *err);
GCR_MUST_CHECK int gcr_stream_json(const struct gcr_stack_source *source,
				   const struct gcr_view *view,
				   const struct gcr_output *output,
				   struct gcr_error *err);

/*
 * Words given by hand (`gocrash words`): `signature` as for
 * gcr_declarations_add(), `words` as a traceback has them between the
 * parentheses. GCR_SYNTAX when either cannot be read.
 */
GCR_MUST_CHECK int gcr_write_words(struct gcr_span signature,
				   struct gcr_span words,
				   const struct gcr_view *view, bool json,
				   const struct gcr_output *output,
				   struct gcr_error *err);

/* Instructions and offsets ------------------------------------------------------ */

enum gcr_row_flag {
	GCR_ROW_CALL = 1u << 0, /* what stands behind it is a return address */
	/* No instruction of its own: TEXT, PCDATA, FUNCDATA and their like. */
	GCR_ROW_PSEUDO = 1u << 1,
};

/*
 * One instruction of a function, of a listing or disassembled. File and line
 * are those of the innermost function that was inlined there.
 */
struct gcr_row {
	uint64_t offset; /* from the function's entry */
	uint64_t size;	 /* in bytes; 0: none, or not told */
	struct gcr_span file;
	unsigned line; /* 0: not told */
	unsigned flags;
	struct gcr_span mnemonic, operands;
	struct gcr_span target; /* what is called; NULL: through a register */
	struct gcr_span text;	/* the whole row, as its source has it */
};

enum gcr_routine_flag {
	GCR_ROUTINE_SIZE = 1u << 0,  /* `size` is known */
	GCR_ROUTINE_FRAME = 1u << 1, /* `arguments` and `locals` are known */
	GCR_ROUTINE_ENTRY = 1u << 2, /* `entry` is known: it is of a binary */
	/* Lines are those of the physical function (`-S -S`). */
	GCR_ROUTINE_OUTERMOST = 1u << 3,
	GCR_ROUTINE_GENERATED = 1u << 4, /* by the compiler: a wrapper, … */
};

/* One physical function. `name` is as its source has it: `"".example`. */
struct gcr_routine {
	struct gcr_span name;
	struct gcr_span package; /* `# example.com/app`; NULL: not told */
	struct gcr_span file;	 /* where it begins; NULL: not told */
	unsigned line;
	unsigned flags;
	uint64_t entry, size, arguments, locals;
	struct gcr_row *rows; /* in order of offsets; NULL until asked for */
	size_t row_count;
	size_t index; /* the source's own */
};

/* One inlined call: `function` was called, its code stands at `file:line`. */
struct gcr_inlined {
	struct gcr_span function, file;
	unsigned line;
};

/* What was inlined at an offset: innermost first, the function itself last. */
struct gcr_inlining {
	struct gcr_inlined *items;
	size_t count;
};

/*
 * Where instructions come from. `find` gives all functions that fit a name as
 * tracebacks print it (or its end, `example` for `main.example`, when nothing
 * fits in full); `read` fills in the rows of one; `chain` (or NULL) tells what
 * was inlined at an offset; `covers` whether a function's package is there at all. What they return lives
 * in `arena` or as long as the source.
 */
struct gcr_code_source {
	void *from;
	const char *what; /* `listing`, `binary` */
	int (*find)(void *from, struct gcr_span name, struct gcr_arena *arena,
		    struct gcr_routine **ret, size_t *ret_count,
		    struct gcr_error *err);
	int (*read)(void *from, struct gcr_routine *code,
		    struct gcr_arena *arena, struct gcr_error *err);
	int (*chain)(void *from, const struct gcr_routine *code,
		     uint64_t offset, struct gcr_arena *arena,
		     struct gcr_inlining *ret, struct gcr_error *err);
	bool (*covers)(void *from, struct gcr_span name);
};

/* What `go build -gcflags=-S` wrote, read. */
struct gcr_listing;

/*
 * Read a listing, or several one behind the other, with anything around them.
 * `text` has to stay. Fails only with GCR_NOMEM and GCR_LIMIT; a text without
 * any function is a listing of none. `limits` may be NULL; of it, `memory`,
 * `notes` and `fail_at` count.
 */
GCR_MUST_CHECK int gcr_listing_parse(struct gcr_span text,
				     const struct gcr_limits *limits,
				     struct gcr_listing **ret,
				     struct gcr_error *err);
void gcr_listing_free(struct gcr_listing *listing);

size_t gcr_listing_function_count(const struct gcr_listing *listing);

/* Rows that look cut or forged, at most `limits->notes` of them. */
const struct gcr_note *gcr_listing_notes(const struct gcr_listing *listing,
					 size_t *ret_count);

/* Borrowed from the listing. */
struct gcr_code_source gcr_listing_source(struct gcr_listing *listing);

/*
 * A Go program as an ELF file. `file` has to stay; GCR_FORMAT when it is none
 * that can be read or has no Go in it, GCR_UNSUPPORTED in a build without
 * elfutils. `limits` may be NULL.
 */
struct gcr_image;
GCR_MUST_CHECK int gcr_image_open(struct gcr_span file,
				  const struct gcr_limits *limits,
				  struct gcr_image **ret,
				  struct gcr_error *err);
void gcr_image_free(struct gcr_image *image);

enum gcr_match_kind {
	GCR_MATCH_NO,	  /* contradicted: `reason` says by what */
	GCR_MATCH_YES,	  /* some frames were checked, none contradicts */
	GCR_MATCH_UNTOLD, /* nothing in the crash to check by */
};

struct gcr_image_match {
	enum gcr_match_kind kind;
	/* "'main.f' +0x39 is x.go:9 in the trace and x.go:12 in the binary" */
	struct gcr_span reason;
	size_t frames_checked, frames_wrong;
	/*
	 * What to subtract from a printed address. Known for a program that is
	 * not position-independent (0), and where a pc and its offset were
	 * printed; frames that disagree on it are a contradiction.
	 */
	uint64_t bias;
	bool bias_known;
};

/*
 * Hold every frame of `crash` that is not inlined against the program: its
 * function exists, the offset is inside it, pc and offset agree on one bias, file
 * and line are what the program has there; release and machine agree with what
 * the text shows. Results live in `arena`.
 */
GCR_MUST_CHECK int gcr_image_match(struct gcr_image *image,
				   const struct gcr_crash *crash,
				   struct gcr_arena *arena,
				   struct gcr_image_match *ret,
				   struct gcr_error *err);

/*
 * From now on, until another or NULL is set: what no declaration fits is decoded
 * by the signatures in `image`, and addresses of its read-only data stand for
 * what is there. `match` is that of the crash to be decoded, or NULL. Both stay
 * the caller's; the image must outlive its use. With a match of GCR_MATCH_NO only
 * names and types are taken, by function name; nothing they name is exact, and a
 * note says why.
 */
void gcr_declarations_use_image(struct gcr_declarations *declarations,
				struct gcr_image *image,
				const struct gcr_image_match *match);

/*
 * What the image tells of release and machine where `given` leaves it open, for
 * the `given` of a view.
 */
struct gcr_target gcr_image_target(const struct gcr_image *image,
				   struct gcr_target given);

/*
 * Its functions, disassembled when they are asked for. `read` then fails with
 * GCR_UNSUPPORTED in a build without Capstone. Borrowed from the image.
 */
struct gcr_code_source gcr_image_source(struct gcr_image *image);

/*
 * What to map. With a `crash`, every frame of it that has an offset; else
 * `offset` in `function`. `source` (or NULL) gives the text of a source file,
 * data NULL when there is none; it has to stay until the writer returns.
 */
struct gcr_offset_request {
	struct gcr_code_source code;
	const struct gcr_crash *crash;
	struct gcr_span function;
	uint64_t offset;
	struct gcr_span (*source)(void *from, struct gcr_span file);
	void *source_from;
	size_t context; /* rows around the one in question */
	bool rows;	/* those in the JSON, too */
};

/*
 * What `gocrash offset` prints, as text or JSON. GCR_NOT_FOUND when `function`
 * is not in the source; what does not fit together is told in the output.
 */
GCR_MUST_CHECK int gcr_write_offsets(const struct gcr_offset_request *request,
				     const struct gcr_view *view, bool json,
				     const struct gcr_output *output,
				     struct gcr_error *err);

/* Cores ------------------------------------------------------------------------- */

/*
 * What a kernel or gcore saved of a program (ELF, linux/amd64), with the
 * program beside it:
 *
 *	image + core file  --gcr_core_open-->  core
 *	core  --gcr_core_next-->  goroutines, one at a time
 *	core  --gcr_core_crash-->  crash, as of a text
 *	core  --gcr_write_runtime-->  the text the runtime would have printed
 *
 * A core leaves out what the program's file has: read-only data, and most of the
 * code. Bytes are those of the core where it has them, else the program's.
 * Nothing needs symbols or DWARF.
 */
struct gcr_core;

struct gcr_core_options {
	struct gcr_limits limits;
	bool force; /* take a program even if it is not the core's */
	/*
	 * Where, from `offset` on, the file has its next byte that is in no hole;
	 * UINT64_MAX: nowhere. Or NULL. Spares a search what a sparse file lacks;
	 * asked while the core is opened.
	 */
	uint64_t (*next_data)(void *from, uint64_t offset);
	void *from;
};

/*
 * Read what there is to know before any goroutine. Image and `file` have to stay;
 * `options` may be NULL. Fails with GCR_FORMAT for what is no core,
 * GCR_UNSUPPORTED for one that is not linux/amd64's, GCR_NOT_FOUND when the
 * program is not the one that left the core (not with `force`), GCR_NOMEM and
 * GCR_LIMIT. What is missing of a core that was cut short is a note.
 */
GCR_MUST_CHECK int gcr_core_open(struct gcr_image *image, struct gcr_span file,
				 const struct gcr_core_options *options,
				 struct gcr_core **ret, struct gcr_error *err);

/* With all that was borrowed from it; NULL is nothing. */
void gcr_core_free(struct gcr_core *core);

/* Is this the start of a core? Reads 18 bytes at most. */
bool gcr_is_core(struct gcr_span file);

/*
 * What cannot be trusted, or was read in spite of something odd; borrowed until
 * more of the core is read. Those of goroutines come with the last of a walk.
 */
const struct gcr_note *gcr_core_notes(const struct gcr_core *core,
				      size_t *ret_count);

/* What a running address is above the one in the image; 0 without PIE. */
uint64_t gcr_core_bias(const struct gcr_core *core);

/* The one that it was opened with. */
struct gcr_image *gcr_core_image(const struct gcr_core *core);

/* Goroutines of a core -------------------------------------------------------- */

/*
 * The next goroutine, in memory that the following call uses again: the one that
 * died first, then in the order of the runtime's list. `core` is a struct
 * gcr_core. Returns 1, 0 behind the last one, -1 on failure.
 */
GCR_MUST_CHECK int gcr_core_next(void *core, struct gcr_goroutine *ret,
				 struct gcr_error *err);

/* All of them, from the first on, for a census; with the cause. */
struct gcr_stack_source gcr_core_source(struct gcr_core *core);

/*
 * All of them at once, with cause and notes; borrowed from the core. A million
 * need gigabytes: gcr_core_next() needs one at a time.
 */
GCR_MUST_CHECK int gcr_core_crash(struct gcr_core *core,
				  const struct gcr_crash **ret,
				  struct gcr_error *err);

/*
 * From now on only the goroutine with this id is there; 0: all of them. False
 * when there is none.
 */
bool gcr_core_choose(struct gcr_core *core, uint64_t id);

/* Was no goroutine found in it? After a walk through all of them. */
bool gcr_core_is_empty(const struct gcr_core *core);

/*
 * All goroutines as the runtime would have printed them under
 * GOTRACEBACK=crash, in the form of its release: the one that died first.
 * Minutes are counted to the last garbage collection, so they are at least so
 * many. What could not be told is in gcr_core_notes() afterwards.
 */
GCR_MUST_CHECK int gcr_write_runtime(struct gcr_core *core,
				     const struct gcr_output *output,
				     struct gcr_error *err);

/* Variables of a core --------------------------------------------------------- */

/*
 * Variables of a core's frames, by the program's DWARF: what parameters, results
 * and locals hold, and where that leads. Contents of strings, the first elements
 * of slices, entries of maps and what waits in a channel are children; of a
 * pointer what it points to, one level deep; of an interface the value in it. What the
 * compiler keeps nowhere, or in a register that was not saved, is UNKNOWN.
 * Of optimised code a parameter's value is what was passed, as in a text, or was
 * assigned since: a function that assigns to its parameters may go on with others.
 * Without DWARF only panic values and the like can be told. The core has to stay.
 */
GCR_MUST_CHECK int gcr_core_values_new(struct gcr_core *core,
				       struct gcr_core_values **ret,
				       struct gcr_error *err);
void gcr_core_values_free(struct gcr_core_values *values);

/* The goroutine whose frames come next; it has to stay until another is set. */
void gcr_core_values_turn(struct gcr_core_values *values,
			  const struct gcr_goroutine *goroutine);

/*
 * Add what the core holds of `frame`, one of that goroutine's: to the arguments
 * and results of `decoding`, which may have some by other means, and its locals.
 * Lives in `arena`. Does nothing for a frame that cannot be placed, or if
 * `values` is NULL. Fails with GCR_NOMEM and GCR_LIMIT.
 */
GCR_MUST_CHECK int gcr_core_values_apply(struct gcr_core_values *values,
					 const struct gcr_frame *frame,
					 struct gcr_arena *arena,
					 struct gcr_decoding *decoding,
					 struct gcr_error *err);

/* Memory and threads of a core ------------------------------------------------ */

/* Who has the bytes at an address. */
enum gcr_saved {
	GCR_NOT_MAPPED, /* the program had nothing there */
	/* It had, but neither core nor program have it: unknown, never 0. */
	GCR_UNSAVED,
	GCR_IN_CORE,
	GCR_IN_PROGRAM, /* unchanged since it was built */
};

/*
 * The bytes from `address` on, as far as they lie in one piece; borrowed from the
 * core's file or the program's. `*ret` is untouched for NOT_MAPPED and UNSAVED.
 */
enum gcr_saved gcr_core_bytes(struct gcr_core *core, uint64_t address,
			      struct gcr_span *ret);

/*
 * Copy `size` bytes to `to`. Returns how many there are: fewer when the rest is
 * not saved, 0 when nothing is; `to` is not written beyond them.
 */
size_t gcr_core_read(struct gcr_core *core, uint64_t address, void *to,
		     size_t size);

/* Places in gcr_core_thread.registers: the kernel's order on amd64. */
enum gcr_register_place {
	GCR_R15,
	GCR_R14,
	GCR_R13,
	GCR_R12,
	GCR_RBP,
	GCR_RBX,
	GCR_R11,
	GCR_R10,
	GCR_R9,
	GCR_R8,
	GCR_RAX,
	GCR_RCX,
	GCR_RDX,
	GCR_RSI,
	GCR_RDI,
	GCR_ORIG_RAX,
	GCR_RIP,
	GCR_CS,
	GCR_EFLAGS,
	GCR_RSP,
	GCR_SS,
	GCR_FS_BASE,
	GCR_GS_BASE,
	GCR_DS,
	GCR_ES,
	GCR_FS,
	GCR_GS,
	GCR_REGISTERS
};

/*
 * A thread. `id` is the kernel's, in the namespace of whoever wrote the core:
 * it need not be the runtime's m.procid.
 */
struct gcr_core_thread {
	uint32_t id;
	unsigned signal; /* pr_cursig; 0: none */
	uint64_t registers[GCR_REGISTERS];
};

size_t gcr_core_thread_count(const struct gcr_core *core);

/* Borrowed from the core; NULL behind the last one. */
const struct gcr_core_thread *gcr_core_thread(const struct gcr_core *core,
					      size_t index);

/*
 * A file that was mapped: the program itself, a shared library, or data. `first`
 * is where its first byte was.
 */
struct gcr_core_library {
	struct gcr_span path;
	uint64_t first, start, end;
	bool program;
};

size_t gcr_core_library_count(const struct gcr_core *core);
const struct gcr_core_library *gcr_core_library(const struct gcr_core *core,
						size_t index);

/*
 * From now on frames of C code in this file are told: of the goroutine that died
 * there, and with `gcr_core_c_frames()` of all that are in C. `file` has to stay.
 * GCR_NOT_FOUND when it is another than was mapped, GCR_FORMAT when it is no
 * program or library, GCR_UNSUPPORTED in a build without elfutils.
 */
GCR_MUST_CHECK int gcr_core_add_library(struct gcr_core *core, size_t index,
					struct gcr_span file,
					struct gcr_error *err);
void gcr_core_c_frames(struct gcr_core *core, bool all);

/* Was C code running where it died, so that libraries are worth looking for? */
bool gcr_core_died_in_c(const struct gcr_core *core);

#endif
