/*
 * One offset in one function: see offset.h. Of several functions that fit a
 * name (one name in two packages, instances of a generic function, an ABI's
 * wrapper) the one is taken that agrees best with what the trace says.
 */

#include "offset.h"

#include "arena.h"
#include "crash.h"
#include "listname.h"
#include "offsetcheck.h"
#include "span.h"

enum {
	MOST_CANDIDATES = 1000
};

const char *gcr_offset_kind_name(enum gcr_offset_kind kind)
{
	static const char *const names[] = {
		[GCR_OFFSET_UNKNOWN] = "unknown",
		[GCR_OFFSET_RETURN] = "return",
		[GCR_OFFSET_FAULT] = "fault",
		[GCR_OFFSET_INTERRUPTED] = "interrupted",
		[GCR_OFFSET_START] = "start",
		[GCR_OFFSET_PLACED] = "placed",
	};
	_Static_assert(sizeof(names) / sizeof(names[0]) ==
			       GCR_OFFSET_KIND_COUNT,
		       "a name for every kind");

	return names[kind];
}

// Which rows the offset points at, as far as it does.
static void point(struct gcr_offset *ret)
{
	const struct gcr_routine *routine = &ret->routine;
	uint64_t offset = ret->query->offset;

	ret->at = ret->over = ret->call = NULL;
	for (size_t i = 0; i < routine->row_count; i++) {
		const struct gcr_row *row = &routine->rows[i];

		if ((row->flags & GCR_ROW_PSEUDO) != 0)
			continue;
		if (row->offset == offset)
			ret->at = row;
		else if (row->offset < offset &&
			 offset - row->offset < row->size)
			ret->over = row;
		if ((row->flags & GCR_ROW_CALL) != 0 && row->size > 0 &&
		    offset > row->offset && offset - row->offset == row->size)
			ret->call = row;
	}
}

// Can this instruction touch memory? `8(AX)` does, `main.x(SB)` may.
static bool touches_memory(const struct gcr_row *row)
{
	return gcr_span_find(row->operands, '(') != GCR_NOWHERE;
}

/*
 * The first frame that a report shows need not be the one that faulted: where
 * that is of the runtime (memmove, say) it is hidden, and this one waits for it.
 */
static bool only_waited(const struct gcr_offset *ret)
{
	const struct gcr_frame *frame = ret->query->frame;

	if (ret->call == NULL || frame == NULL)
		return false;
	if (ret->at == NULL)
		return true;
	if (ret->at->line != ret->call->line)
		return gcr_offset_fits_line(ret, ret->call) &&
		       !gcr_offset_fits_line(ret, ret->at);
	return ret->kind == GCR_OFFSET_FAULT && !touches_memory(ret->at) &&
	       gcr_function_is_runtime(ret->call->target);
}

static void settle(struct gcr_offset *ret)
{
	enum gcr_offset_kind kind = ret->query->kind;
	bool waits = kind == GCR_OFFSET_UNKNOWN && ret->call != NULL;

	ret->kind = kind;
	if (kind == GCR_OFFSET_FAULT || kind == GCR_OFFSET_INTERRUPTED)
		waits = only_waited(ret);
	if (waits)
		ret->kind = GCR_OFFSET_RETURN;
	// `runtime.goexit +0x1`, the bottom of a stack; systemstack_switch.
	// Go runtime/proc.go newproc1, runtime/asm_amd64.s.
	if (ret->kind == GCR_OFFSET_RETURN && ret->call == NULL &&
	    ret->at != NULL && ret->query->frame != NULL &&
	    gcr_function_is_runtime(ret->query->function))
		ret->kind = GCR_OFFSET_PLACED;
}

// How well a candidate agrees with the trace.
static unsigned score(const struct gcr_offset *ret)
{
	const struct gcr_row *row =
		ret->kind == GCR_OFFSET_RETURN ? ret->call : ret->at;
	unsigned points = 0;

	points += ret->at != NULL ? 4 : 0;
	points += ret->kind != GCR_OFFSET_RETURN || ret->call != NULL ? 4 : 0;
	if (row != NULL && ret->query->frame != NULL) {
		points += gcr_offset_fits_file(ret, row) ? 2 : 0;
		points += gcr_offset_fits_line(ret, row) ? 2 : 0;
		points += gcr_span_equal(row->file, ret->query->frame->file);
	}
	return points;
}

static int load(const struct gcr_code_source *code,
		const struct gcr_routine *routine, struct gcr_arena *arena,
		struct gcr_offset *ret, struct gcr_error *err)
{
	ret->routine = *routine;
	if (code->read(code->from, &ret->routine, arena, err) != 0)
		return -1;
	point(ret);
	settle(ret);
	return 0;
}

// Copies of one function in several packages are one function.
static bool is_copy(const struct gcr_routine *a, const struct gcr_routine *b)
{
	return a->file.data != NULL && gcr_span_equal(a->name, b->name) &&
	       a->size == b->size && gcr_span_equal(a->file, b->file) &&
	       a->line == b->line;
}

static int choose(const struct gcr_code_source *code,
		  const struct gcr_routine *items, size_t count,
		  struct gcr_arena *arena, struct gcr_offset *ret,
		  struct gcr_error *err)
{
	struct gcr_arena_mark mark = gcr_arena_mark(arena);
	struct gcr_offset_equals equals = { .count = 0 };
	size_t room = sizeof(equals.items) / sizeof(equals.items[0]);
	unsigned best_score = 0;
	size_t best = 0;

	for (size_t i = 0; i < count && i < MOST_CANDIDATES; i++) {
		if (load(code, &items[i], arena, ret, err) != 0)
			return -1;
		unsigned points = score(ret);
		if (i == 0 || points > best_score) {
			best_score = points;
			best = i;
			equals.items[0] = &items[i];
			equals.count = 1;
		} else if (points == best_score &&
			   !is_copy(&items[best], &items[i])) {
			if (equals.count < room)
				equals.items[equals.count] = &items[i];
			equals.count++;
		}
		gcr_arena_rewind(arena, mark);
	}
	if (load(code, &items[best], arena, ret, err) != 0)
		return -1;
	ret->found = true;
	ret->candidates = count;
	if (equals.count > 1)
		return gcr_offset_warn_ambiguous(ret, &equals, arena, err);
	return 0;
}

/*
 * `"".example` is of the package that the function is of.
 */
static int spell_target(struct gcr_offset *ret, struct gcr_arena *arena,
			struct gcr_error *err)
{
	struct gcr_span rest, package;

	if (ret->call == NULL)
		return 0;
	rest = ret->target = ret->call->target;
	if (!gcr_span_skip(&rest, "\"\"."))
		return 0;
	package = gcr_function_split(ret->query->function).package;
	if (package.size == 0 || package.data[0] == '"')
		package = GCR_SPAN("main");
	return gcr_arena_print(arena, &ret->target, err, "%.*s.%.*s",
			       GCR_PRINT_SPAN(package), GCR_PRINT_SPAN(rest));
}

static struct gcr_inlined step_of(const struct gcr_frame *frame)
{
	return (struct gcr_inlined){ frame->function, frame->file,
				     frame->line };
}

/*
 * What the trace itself says of inlining: frames with `(...)`. The innermost
 * may belong to a wrapper that is not shown: those before the row's own line
 * are left out.
 */
static int chain_of_trace(struct gcr_offset *ret, struct gcr_arena *arena,
			  struct gcr_error *err)
{
	const struct gcr_offset_query *query = ret->query;
	const struct gcr_row *row = ret->call != NULL ? ret->call : ret->at;
	size_t first = 0;

	if (query->frame == NULL || query->inlined_count == 0 || row == NULL)
		return 0;
	while (first < query->inlined_count &&
	       query->inlined[first].line != row->line)
		first++;
	if (first == query->inlined_count)
		first = query->frame->line == row->line ? first : 0;
	ret->chain.items = gcr_arena_array(arena, query->inlined_count + 1,
					   sizeof(*ret->chain.items), err);
	if (ret->chain.items == NULL)
		return -1;
	for (size_t i = first; i < query->inlined_count; i++)
		ret->chain.items[ret->chain.count++] =
			step_of(&query->inlined[i]);
	ret->chain.items[ret->chain.count++] = step_of(query->frame);
	return 0;
}

static int chain_of(const struct gcr_code_source *code, struct gcr_offset *ret,
		    struct gcr_arena *arena, struct gcr_error *err)
{
	const struct gcr_row *row =
		ret->kind == GCR_OFFSET_RETURN ? ret->call : ret->at;

	if (code->chain == NULL)
		return chain_of_trace(ret, arena, err);
	if (row == NULL)
		return 0;
	return code->chain(code->from, &ret->routine, row->offset, arena,
			   &ret->chain, err);
}

// A trace has the package in full: `util.F` is not of `example.com/util`.
static bool is_of_another(const struct gcr_offset_query *query,
			  const struct gcr_routine *routine)
{
	struct gcr_span printed = gcr_function_split(query->function).package;
	struct gcr_span path = gcr_function_split(routine->name).package;

	if (gcr_span_is(path, "\"\""))
		path = routine->package;
	return query->frame != NULL && printed.size > 0 &&
	       path.size > printed.size &&
	       path.data[path.size - printed.size - 1] == '/' &&
	       gcr_span_equal(gcr_span_tail(path, path.size - printed.size),
			      printed);
}

int gcr_offset_map(const struct gcr_code_source *code,
		   const struct gcr_offset_query *query,
		   struct gcr_arena *arena, struct gcr_offset *ret,
		   struct gcr_error *err)
{
	struct gcr_offset offset = { .query = query, .kind = query->kind };
	struct gcr_routine *items;
	size_t count;

	if (code->find(code->from, query->function, arena, &items, &count,
		       err) != 0)
		return -1;
	if (count > 0 && is_of_another(query, &items[0]))
		count = 0;
	offset.covered = count > 0 || code->covers == NULL ||
			 code->covers(code->from, query->function);
	if (count > 0 && choose(code, items, count, arena, &offset, err) != 0)
		return -1;
	if (spell_target(&offset, arena, err) != 0 ||
	    gcr_offset_check(code, &offset, arena, err) != 0 ||
	    (offset.found && chain_of(code, &offset, arena, err) != 0))
		return -1;
	*ret = offset;
	return 0;
}
