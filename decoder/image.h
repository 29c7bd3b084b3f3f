#ifndef GCR_IMAGE_H
#define GCR_IMAGE_H

/*
 * A Go program as an ELF file: what it was built from and by, where its
 * functions are, which source line and which inlined calls a pc stands for,
 * what parameters a function has, and what its read-only data holds.
 *
 * The bytes are the caller's (a mapped file, say) and must stay for as long as
 * the image does; the library opens nothing. Spans in what is returned are
 * borrowed from the image: from those bytes, or from the image's own arena, and
 * die with gcr_image_free(). Answers are kept in the image, so one image must
 * not be used by two threads at once.
 *
 * Addresses are those of the link. A position-independent program runs at a
 * bias: subtract it from what a trace printed before asking here, add it to what
 * is printed next to the trace; see gcr_image_match().
 *
 * A pc is the address of an instruction. A return address stands behind its
 * call and may belong to another line or another function: pass `pc - 1` for it,
 * everywhere in this header, as the runtime does.
 *
 * gcr_image_open(), gcr_image_free() and gcr_image_match() are in gocrash.h. Of the
 * limits of the first, `memory` and `fail_at` count.
 *
 * Hostile files: every read is bounded, every count is checked against the bytes
 * that would hold it. What cannot be read is missing (false, or GCR_NOT_FOUND),
 * never zero. Time and memory are linear in the size of the file.
 */

#include "gotype.h"

/* What it is ------------------------------------------------------------------ */

/* One line of the build information; `sum` and `replace` may be absent. */
struct gcr_module {
	struct gcr_span path, version, sum;
	const struct gcr_module *replace; /* what stands in its place */
};

struct gcr_setting {
	struct gcr_span key, value; /* `-gcflags`, `all=-N -l`; `CGO_ENABLED` */
};

/* Yes and no are proved; the third is for what the file does not tell. */
enum gcr_answer {
	GCR_NOT_KNOWN,
	GCR_NO,
	GCR_YES,
};

/* Spans whose data is NULL are absent; counts are then 0. */
struct gcr_image_info {
	/* arch, and go_min == go_max the exact release; bounds if stripped. */
	struct gcr_target target;
	unsigned word_size;	    /* 4 or 8 */
	struct gcr_span go_version; /* `go1.22.6`; go1.13 on */
	struct gcr_span path;	    /* of package main */
	struct gcr_module main;	    /* its module */
	struct gcr_module *dependencies;
	size_t dependency_count;
	struct gcr_setting *settings; /* since go1.18 */
	size_t setting_count;
	struct gcr_span go_build_id;  /* text: `abc/def/ghi/jkl` */
	struct gcr_span gnu_build_id; /* raw bytes, to print in hexadecimal */
	bool position_independent;
	bool has_functions; /* a pclntab was found */
	bool has_debug;	    /* DWARF is there */
	/* By the settings alone; see gcr_image_optimized(). */
	enum gcr_answer optimized;
	/* Passes arguments in registers? By release, machine, experiment. */
	enum gcr_answer register_arguments;
	uint64_t text, text_end; /* of Go code; 0, 0 if unknown */
};

const struct gcr_image_info *gcr_image_info(const struct gcr_image *image);

/* The value of a build setting (`GOARCH`); false when it has none. */
bool gcr_image_setting(const struct gcr_image *image, const char *key,
		       struct gcr_span *ret);

/*
 * Was the code at `pc` optimised? By the compiler's flags in the DWARF of its
 * package, or else by the settings of the build. NO means `-N`: every argument
 * has a place in memory that holds it, so all that is printed is true.
 */
enum gcr_answer gcr_image_optimized(struct gcr_image *image, uint64_t pc);

/* Functions --------------------------------------------------------------------- */

/* What the runtime treats specially. By name, as the numbers moved. */
enum gcr_image_function_flag {
	GCR_FUNCTION_WRAPPER = 1u << 0,	      /* generated; not in a trace */
	GCR_FUNCTION_SIGPANIC = 1u << 1,      /* its caller's pc is exact */
	GCR_FUNCTION_ASYNC_PREEMPT = 1u << 2, /* the same, since go1.21 */
	GCR_FUNCTION_TOP_FRAME = 1u << 3, /* nothing called it: goexit, … */
	GCR_FUNCTION_ASSEMBLY = 1u << 4,  /* since go1.17 */
	GCR_FUNCTION_WRITES_SP = 1u << 5, /* frame sizes cannot be trusted */
};

/*
 * A physical function. `size` is what the compiler made, as `size=` in a `-S`
 * listing has it; `extent` runs on to the next function's entry, so it includes
 * the padding. They are the same where the table does not tell the size (C).
 */
struct gcr_image_function {
	struct gcr_span symbol; /* in full: `main.F[go.shape.int]` */
	uint64_t entry, size, extent;
	size_t index;	      /* in order of entries */
	unsigned flags;	      /* enum gcr_image_function_flag */
	unsigned func_id;     /* the release's own number */
	unsigned start_line;  /* of `func`; since go1.20, else 0 */
	struct gcr_span file; /* it starts in; data NULL if not told */
	/*
	 * Bytes of parameters and results on the stack, spill space left out;
	 * negative: not told (assembly).
	 */
	int64_t arguments_size;
	/* Offset of the call to deferreturn from entry; 0: none. */
	uint64_t deferreturn;
};

size_t gcr_image_function_count(const struct gcr_image *image);

/* False when `index` is none, or its record cannot be read. */
bool gcr_image_function(const struct gcr_image *image, size_t index,
			struct gcr_image_function *ret);

/* The function whose code holds `pc`, padding included. */
bool gcr_image_function_at(const struct gcr_image *image, uint64_t pc,
			   struct gcr_image_function *ret);

/*
 * Functions of a name as tracebacks print it: `main.(*G[...]).M`, or in full.
 * There may be several (instances, ABI wrappers): `*after` is the caller's, 0 at
 * first, and each call returns the next, false when there is no more. `panic`
 * finds `runtime.gopanic`.
 */
bool gcr_image_function_named(struct gcr_image *image, struct gcr_span name,
			      size_t *after, struct gcr_image_function *ret);

/* Is `symbol` what a traceback prints as `printed`? Either may be in full. */
bool gcr_symbol_matches(struct gcr_span symbol, struct gcr_span printed);

/*
 * A symbol as tracebacks of release `go` print it, `[...]` for type arguments; in
 * `arena`. 0 is a release that is not known.
 */
GCR_MUST_CHECK int gcr_symbol_print(struct gcr_span symbol, unsigned go,
				    struct gcr_arena *arena,
				    struct gcr_span *ret,
				    struct gcr_error *err);

/* Equal for a symbol and all that it may be printed as. */
uint64_t gcr_symbol_hash(struct gcr_span name);

/* The `size` bytes of a function's code; false when not all are there. */
bool gcr_image_code(const struct gcr_image *image,
		    const struct gcr_image_function *function,
		    struct gcr_span *ret);

/* Lines --------------------------------------------------------------------------- */

/*
 * One logical frame at a pc. All but the last of a chain were inlined, each
 * into the one behind it.
 */
struct gcr_image_line {
	struct gcr_span symbol; /* in full */
	struct gcr_span file;	/* as the compiler recorded it; NULL: `?` */
	unsigned line;		/* 0: not told */
	unsigned start_line;	/* of the function's `func`; 0: not told */
	unsigned func_id;
	unsigned flags; /* enum gcr_image_function_flag */
	/*
	 * Where in the function behind it the call stood, as an offset from the
	 * physical entry; 0 for the last.
	 */
	uint64_t parent_offset;
};

struct gcr_image_lines {
	struct gcr_image_line *items; /* innermost first; the last physical */
	size_t count;
};

/*
 * The lines of `pc`, in `arena`. GCR_NOT_FOUND when no Go function is there;
 * an inline tree that cannot be read is left out, the physical function stays.
 */
GCR_MUST_CHECK int gcr_image_lines_at(const struct gcr_image *image,
				      uint64_t pc, struct gcr_arena *arena,
				      struct gcr_image_lines *ret,
				      struct gcr_error *err);

/* File and line of `pc` alone, at the physical function's code. */
bool gcr_image_line_at(const struct gcr_image *image, uint64_t pc,
		       struct gcr_span *file, unsigned *line);

/* Up to where the lines are those of `pc`; UINT64_MAX: not told. */
uint64_t gcr_image_line_end(const struct gcr_image *image, uint64_t pc);

/*
 * Bytes between sp and the return address's slot when the instruction at `pc`
 * is about to run (0 at an amd64 entry). False when the table has no row.
 */
bool gcr_image_frame_size(const struct gcr_image *image, uint64_t pc,
			  int64_t *ret);

/* The value of PCDATA table `table` at `pc`; -1 when there is none. */
int32_t gcr_image_pcdata(const struct gcr_image *image,
			 const struct gcr_image_function *function,
			 unsigned table, uint64_t pc);

/*
 * The runtime's own program for printing a function's arguments, since go1.17:
 * what gcr_components_next() reads. False when there is none.
 * Go runtime/traceback.go printArgs, FUNCDATA_ArgInfo.
 */
bool gcr_image_argument_program(const struct gcr_image *image,
				const struct gcr_image_function *function,
				struct gcr_span *ret);

/*
 * Which of the arguments were stored, for the runtime to mark the others `?`:
 * the first offset it is told for, and bitmaps at the offsets that PCDATA 3 has.
 * To the end of its memory. False when there are none, as to go1.17.
 * Go runtime/traceback.go printArgs, FUNCDATA_ArgLiveInfo.
 */
bool gcr_image_argument_liveness(const struct gcr_image *image,
				 const struct gcr_image_function *function,
				 struct gcr_span *ret);

/*
 * Which words of a frame the garbage collector takes for pointers while the call
 * at `pc` is under way: a bit each, lowest first. Of the arguments from the first
 * one up; of the locals the last bit is the word below the saved frame pointer.
 * A pointer without its bit is dead: what it points to may be gone, or the stack
 * that it points into moved. False when there is no map.
 * Go runtime/stkframe.go getStackMap.
 */
struct gcr_pointer_map {
	struct gcr_span bits;
	uint64_t count;
};

bool gcr_image_pointer_map(const struct gcr_image *image,
			   const struct gcr_image_function *function,
			   uint64_t pc, bool locals,
			   struct gcr_pointer_map *ret);

static inline bool gcr_pointer_map_has(const struct gcr_pointer_map *map,
				       uint64_t index)
{
	return index < map->count &&
	       ((unsigned char)map->bits.data[index / 8] >> index % 8 & 1) != 0;
}

/* Signatures ---------------------------------------------------------------------- */

struct gcr_image_parameter {
	struct gcr_span name;		 /* `_` and `~r0` as they stand */
	const struct gcr_layout *layout; /* kind OPAQUE when not described */
	bool result;
};

/*
 * The parameters of a function by DWARF: receiver first, then in order of
 * declaration, then the results. `complete` when this agrees with what the
 * runtime prints arguments by (to go1.16: with their size), or there is nothing
 * to hold it against; without it, positions cannot be told (a parameter that the
 * compiler did not describe) and a decoder must not match them with words.
 *
 * A traceback shows the parameters from `printed_from` on: in generic code the
 * runtime leaves out the first, meaning the dictionary, which for methods is the
 * receiver; then `dictionary_printed` says that the dictionary is the first word.
 */
struct gcr_image_signature {
	struct gcr_image_parameter *items;
	size_t count;
	size_t parameter_count; /* of them, not results */
	bool complete;
	size_t printed_from;
	bool dictionary_printed;
	/*
	 * A dictionary is passed in front of this parameter, and is none itself;
	 * SIZE_MAX: no dictionary, or it cannot be told where (literals).
	 */
	size_t dictionary;
	enum gcr_answer optimized; /* as gcr_image_optimized() */
};

/*
 * The signature of the function that starts at `entry`: borrowed from the
 * image, made once. GCR_NOT_FOUND without DWARF, or where it has no such
 * function (assembly, C).
 */
GCR_MUST_CHECK int gcr_image_signature(struct gcr_image *image, uint64_t entry,
				       const struct gcr_image_signature **ret,
				       struct gcr_error *err);

/*
 * Does a signature of somebody else's, results left out, agree with what the
 * runtime prints this function's arguments by, since go1.17? Not where the file
 * does not tell.
 */
bool gcr_image_agrees(const struct gcr_image *image,
		      const struct gcr_image_function *function,
		      const struct gcr_image_signature *signature);

/* Memory ---------------------------------------------------------------------------- */

enum gcr_memory_kind {
	GCR_MEMORY_NONE,      /* no segment has this address */
	GCR_MEMORY_CODE,      /* executable, not writable */
	GCR_MEMORY_READ_ONLY, /* what is there, is there for good */
	/* Read-only once relocated (.data.rel.ro): see gcr_image_pointer(). */
	GCR_MEMORY_RELOCATED,
	GCR_MEMORY_INITIAL, /* writable: contents at the start only */
	GCR_MEMORY_ZERO,    /* writable, not in the file: .bss */
};

/* Which kind of memory is at `address`? */
enum gcr_memory_kind gcr_image_memory(const struct gcr_image *image,
				      uint64_t address);

/*
 * The bytes at `address`: `*ret` has `size` of them, or fewer where the segment
 * or the file ends. Returns their kind; for NONE and ZERO `*ret` is untouched.
 * Bytes of kind RELOCATED and INITIAL of a position-independent program are not
 * yet relocated.
 */
enum gcr_memory_kind gcr_image_read(const struct gcr_image *image,
				    uint64_t address, uint64_t size,
				    struct gcr_span *ret);

/*
 * The word (of the program's size) at `address` with its relocation applied, so
 * a link-time address if it is a pointer. Returns the kind; NONE also when the
 * word is cut off or its relocation is none we know.
 */
enum gcr_memory_kind gcr_image_pointer(struct gcr_image *image,
				       uint64_t address, uint64_t *ret);

#endif
