/*
 * The checks, each a function: an offset inside of its function, at an
 * instruction, behind a CALL, of the line and the callee that the trace shows.
 */

#include "offsetcheck.h"

#include "arena.h"
#include "crash.h"
#include "listname.h"
#include "span.h"

#include <inttypes.h>

/* Of an offset, everything the checks need. */
struct check {
	const struct gcr_code_source *code;
	struct gcr_offset *offset;
	struct gcr_arena *arena;
	struct gcr_error *err;
};

const char *gcr_offset_problem_name(enum gcr_offset_problem problem)
{
	static const char *const names[] = {
		[GCR_OFFSET_ABSENT] = "absent",
		[GCR_OFFSET_AMBIGUOUS] = "ambiguous",
		[GCR_OFFSET_BEYOND] = "beyond end",
		[GCR_OFFSET_INSIDE] = "inside instruction",
		[GCR_OFFSET_NO_CALL] = "no call",
		[GCR_OFFSET_LINE] = "line",
		[GCR_OFFSET_FILE] = "file",
		[GCR_OFFSET_CALLEE] = "callee",
	};
	_Static_assert(sizeof(names) / sizeof(names[0]) ==
			       GCR_OFFSET_PROBLEM_COUNT,
		       "a name for every problem");

	return names[problem];
}

static struct gcr_span base_name(struct gcr_span file)
{
	return gcr_span_tail(file, (size_t)(gcr_span_find_last(file, '/') + 1));
}

static bool same_base(struct gcr_span a, struct gcr_span b)
{
	return gcr_span_equal(base_name(a), base_name(b));
}

// Inlined functions of the runtime are hidden since go1.16.
static bool is_hidden_file(struct gcr_span file)
{
	return gcr_span_starts(file, "runtime/") ||
	       gcr_span_starts(file, "internal/runtime/") ||
	       gcr_span_find_text(file, "/src/runtime/") != GCR_NOWHERE ||
	       gcr_span_find_text(file, "/src/internal/") != GCR_NOWHERE;
}

static bool says_nothing(const struct gcr_offset *offset,
			 const struct gcr_row *row)
{
	const struct gcr_frame *frame = offset->query->frame;

	return frame == NULL || frame->line == 0 || frame->file.data == NULL ||
	       row->line == 0 || is_hidden_file(row->file);
}

// The frames whose place a row may have: those inlined there, then itself.
static const struct gcr_frame *place_of(const struct gcr_offset *offset,
					size_t index)
{
	const struct gcr_offset_query *query = offset->query;
	bool outer = (offset->routine.flags & GCR_ROUTINE_OUTERMOST) != 0;

	if (!outer && index < query->inlined_count)
		return &query->inlined[index];
	if (index == (outer ? 0 : query->inlined_count))
		return query->frame;
	return NULL;
}

bool gcr_offset_fits_line(const struct gcr_offset *offset,
			  const struct gcr_row *row)
{
	const struct gcr_frame *frame;

	if (says_nothing(offset, row))
		return true;
	for (size_t i = 0; (frame = place_of(offset, i)) != NULL; i++)
		if (frame->line == row->line &&
		    same_base(frame->file, row->file))
			return true;
	return false;
}

bool gcr_offset_fits_file(const struct gcr_offset *offset,
			  const struct gcr_row *row)
{
	const struct gcr_frame *frame;

	if (says_nothing(offset, row))
		return true;
	for (size_t i = 0; (frame = place_of(offset, i)) != NULL; i++)
		if (same_base(frame->file, row->file))
			return true;
	return false;
}

// The last argument of every call: a warning's text, made by the caller.
static int warn(struct check *check, enum gcr_offset_problem problem,
		struct gcr_span text)
{
	struct gcr_offset *offset = check->offset;

	if (offset->warnings == NULL)
		offset->warnings =
			gcr_arena_array(check->arena, GCR_OFFSET_PROBLEM_COUNT,
					sizeof(*offset->warnings), check->err);
	if (offset->warnings == NULL)
		return -1;
	offset->warnings[offset->warning_count++] =
		(struct gcr_offset_warning){ problem, text };
	return 0;
}

static int check_found(struct check *check)
{
	struct gcr_offset *offset = check->offset;
	struct gcr_span text;

	if (offset->found || !offset->covered)
		return 0;
	if (gcr_arena_print(check->arena, &text, check->err,
			    "this %s has no function '%.*s'", check->code->what,
			    GCR_PRINT_SPAN(offset->query->function)) != 0)
		return -1;
	return warn(check, GCR_OFFSET_ABSENT, text);
}

// Where the function ends: its size, or its last row where that is not told.
static uint64_t end_of(const struct gcr_routine *routine)
{
	if ((routine->flags & GCR_ROUTINE_SIZE) != 0)
		return routine->size;
	return routine->row_count > 0
		       ? routine->rows[routine->row_count - 1].offset + 1
		       : 0;
}

// The disassembler met what it does not know, and stopped before the offset.
static bool is_undecoded(const struct gcr_routine *routine, uint64_t at)
{
	const struct gcr_row *last;

	if ((routine->flags & GCR_ROUTINE_ENTRY) == 0 || at >= end_of(routine))
		return false;
	if (routine->row_count == 0)
		return true;
	last = &routine->rows[routine->row_count - 1];
	return at >= last->offset + last->size;
}

static int check_row(struct check *check)
{
	const struct gcr_offset *offset = check->offset;
	uint64_t at = offset->query->offset, end = end_of(&offset->routine);
	struct gcr_span text;

	if (!offset->found || offset->at != NULL || offset->call != NULL ||
	    is_undecoded(&offset->routine, at))
		return 0;
	if (offset->over != NULL) {
		if (gcr_arena_print(check->arena, &text, check->err,
				    "+0x%" PRIx64 " is inside of the "
				    "instruction at +0x%" PRIx64,
				    at, offset->over->offset) != 0)
			return -1;
		return warn(check, GCR_OFFSET_INSIDE, text);
	}
	if (gcr_arena_print(check->arena, &text, check->err,
			    at >= end ? "+0x%" PRIx64 " is behind the end of "
					"the function, which has %" PRIu64
					" bytes"
				      : "no row at +0x%" PRIx64
					" of the function's %" PRIu64 " bytes",
			    at, end) != 0)
		return -1;
	return warn(check, at >= end ? GCR_OFFSET_BEYOND : GCR_OFFSET_INSIDE,
		    text);
}

static int check_call(struct check *check)
{
	const struct gcr_offset *offset = check->offset;
	struct gcr_span text;

	if (offset->kind != GCR_OFFSET_RETURN || offset->call != NULL ||
	    offset->at == NULL)
		return 0;
	if (gcr_arena_print(check->arena, &text, check->err,
			    "no CALL ends at +0x%" PRIx64
			    ", so nothing returns there",
			    offset->query->offset) != 0)
		return -1;
	return warn(check, GCR_OFFSET_NO_CALL, text);
}

// Before go1.21 an interrupted frame's line was that of pc-1 all the same.
static bool fits_before(const struct gcr_offset *offset)
{
	const struct gcr_routine *routine = &offset->routine;
	const struct gcr_row *before = NULL;

	for (size_t i = 0; i < routine->row_count; i++)
		if ((routine->rows[i].flags & GCR_ROW_PSEUDO) == 0 &&
		    routine->rows[i].offset < offset->query->offset)
			before = &routine->rows[i];
	return offset->kind == GCR_OFFSET_INTERRUPTED && before != NULL &&
	       gcr_offset_fits_line(offset, before);
}

static int check_place(struct check *check)
{
	const struct gcr_offset *offset = check->offset;
	const struct gcr_row *row =
		offset->kind == GCR_OFFSET_RETURN ? offset->call : offset->at;
	const struct gcr_frame *frame;
	struct gcr_span text;
	bool file;

	if (row == NULL || gcr_offset_fits_line(offset, row) ||
	    fits_before(offset))
		return 0;
	frame = place_of(offset, 0);
	file = gcr_offset_fits_file(offset, row);
	if (gcr_arena_print(check->arena, &text, check->err,
			    "the trace says %.*s:%u, this %s has %.*s:%u there",
			    GCR_PRINT_SPAN(base_name(frame->file)), frame->line,
			    check->code->what,
			    GCR_PRINT_SPAN(base_name(row->file)),
			    row->line) != 0)
		return -1;
	return warn(check, file ? GCR_OFFSET_LINE : GCR_OFFSET_FILE, text);
}

/*
 * Is the called function one that tracebacks show? Not if it is the runtime's,
 * or a wrapper; whether it is a wrapper only its code tells.
 */
static int is_shown(struct check *check, bool *ret)
{
	struct gcr_arena_mark mark = gcr_arena_mark(check->arena);
	struct gcr_span target = check->offset->target;
	struct gcr_routine *items;
	size_t count;

	*ret = false;
	if (gcr_function_is_runtime(target))
		return 0;
	if (check->code->find(check->code->from, target, check->arena, &items,
			      &count, check->err) != 0)
		return -1;
	*ret = count > 0;
	for (size_t i = 0; i < count; i++)
		if ((items[i].flags & GCR_ROUTINE_GENERATED) != 0)
			*ret = false;
	gcr_arena_rewind(check->arena, mark);
	return 0;
}

static int check_callee(struct check *check)
{
	const struct gcr_listname_package none = { 0 };
	const struct gcr_offset *offset = check->offset;
	const struct gcr_frame *callee = offset->query->callee;
	struct gcr_span text;
	bool shown;

	if (offset->kind != GCR_OFFSET_RETURN || callee == NULL ||
	    offset->target.data == NULL ||
	    gcr_listname_fit(offset->target, &none, callee->function) ==
		    GCR_FIT_EXACT)
		return 0;
	if (is_shown(check, &shown) != 0)
		return -1;
	if (!shown)
		return 0;
	if (gcr_arena_print(check->arena, &text, check->err,
			    "the CALL before it is of %.*s, but the frame "
			    "above is of %.*s",
			    GCR_PRINT_SPAN(offset->target),
			    GCR_PRINT_SPAN(callee->function)) != 0)
		return -1;
	return warn(check, GCR_OFFSET_CALLEE, text);
}

int gcr_offset_warn_ambiguous(struct gcr_offset *offset,
			      const struct gcr_offset_equals *equals,
			      struct gcr_arena *arena, struct gcr_error *err)
{
	enum {
		MOST = sizeof(equals->items) / sizeof(equals->items[0])
	};
	struct check check = { .offset = offset, .arena = arena, .err = err };
	struct gcr_span text, name = offset->routine.name;
	struct gcr_span file = offset->routine.file;

	if (gcr_arena_print(arena, &text, err,
			    "%zu functions fit equally well: this one is %.*s "
			    "of %.*s",
			    equals->count, GCR_PRINT_SPAN(name),
			    GCR_PRINT_SPAN(file)) != 0)
		return -1;
	for (size_t i = 1; i < equals->count && i < MOST; i++)
		if (gcr_arena_print(
			    arena, &text, err, "%.*s%s%.*s of %.*s",
			    GCR_PRINT_SPAN(text), i == 1 ? "; also " : ", ",
			    GCR_PRINT_SPAN(equals->items[i]->name),
			    GCR_PRINT_SPAN(equals->items[i]->file)) != 0)
			return -1;
	return warn(&check, GCR_OFFSET_AMBIGUOUS, text);
}

int gcr_offset_check(const struct gcr_code_source *code,
		     struct gcr_offset *offset, struct gcr_arena *arena,
		     struct gcr_error *err)
{
	static int (*const checks[])(struct check *) = {
		check_found, check_row, check_call, check_place, check_callee,
	};
	struct check check = { code, offset, arena, err };

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if ((offset->found || i == 0) && checks[i](&check) != 0)
			return -1;
	return 0;
}
