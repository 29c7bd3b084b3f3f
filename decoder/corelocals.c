/*
 * Variables of frames: gcr_core_values_* of gocrash.h.
 *
 *	main.inner(...)       0: inlined into main.middle
 *	main.middle(...)      1: inlined into main.outer
 *	main.outer(0x1)       2: the physical frame, with pc, fp and sp
 *
 * All three stand at the pc of the last; DWARF counts calls from the outside, so
 * the first has depth 2. Scopes and lists are asked at the call, not behind it.
 */

#include "corelocals.h"

#include "arena.h"
#include "core.h"
#include "coredoubt.h"
#include "coreheld.h"
#include "coreregisters.h"
#include "corestand.h"
#include "error.h"
#include "span.h"

enum {
	LARGEST_ARGUMENTS = 1 << 16,
	VERDICTS = 1 << 12,
};

/* What was found to speak against a variable at a place: the same in any frame. */
struct verdict {
	uint64_t pc, entry; /* of the code, of DWARF */
	bool assigned, late, torn;
};

struct gcr_core_values {
	struct gcr_core *core;
	struct gcr_image *image;
	struct gcr_arena *arena;
	struct gcr_corereader reader; /* its arena is set for each call */
	const struct gcr_goroutine *goroutine;
	/* Stores of functions by number; NULL: not yet asked for. */
	struct gcr_stores **stores;
	struct gcr_corestands stands;
	bool told;			   /* that there is no DWARF */
	struct verdict verdicts[VERDICTS]; /* the last ones, by a hash */
};

int gcr_core_values_new(struct gcr_core *core, struct gcr_core_values **ret,
			struct gcr_error *err)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_core_values *values;

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	values = gcr_arena_alloc(arena, sizeof(*values), err);
	if (values == NULL)
		goto out;
	values->core = core;
	values->image = gcr_core_image(core);
	values->arena = arena;
	values->stores =
		gcr_arena_array(arena, gcr_image_function_count(values->image),
				sizeof(struct gcr_stores *), err);
	if (values->stores == NULL ||
	    gcr_corereader_init(&values->reader, core, arena, err) != 0)
		goto out;
	*ret = values;
	return 0;
out:
	gcr_arena_free(arena);
	return -1;
}

void gcr_core_values_free(struct gcr_core_values *values)
{
	if (values != NULL)
		gcr_arena_free(values->arena);
}

void gcr_core_values_turn(struct gcr_core_values *values,
			  const struct gcr_goroutine *goroutine)
{
	if (values != NULL)
		values->goroutine = goroutine;
}

int gcr_core_values_waits(struct gcr_core_values *values,
			  struct gcr_arena *arena, struct gcr_core_waits *ret,
			  struct gcr_error *err)
{
	*ret = (struct gcr_core_waits){ 0 };
	if (values == NULL || values->goroutine == NULL)
		return 0;
	if (!values->told && !gcr_image_info(values->image)->has_debug &&
	    gcr_core_note(values->core, err,
			  "the program has no DWARF: its variables cannot be "
			  "told") != 0)
		return -1;
	values->told = true;
	gcr_corereader_use(&values->reader, arena, err);
	return gcr_core_waits(&values->reader, values->goroutine, ret);
}

/* Placing a frame --------------------------------------------------------------- */

/* A frame and what is known of it. */
struct place {
	const struct gcr_frame *frame, *physical;
	const struct gcr_frame *above; /* that it called; or NULL */
	unsigned depth;
	struct gcr_image_function function;
	const struct gcr_variables *variables;
	struct gcr_location_frame at;
	struct gcr_core_maps maps;
	struct gcr_coredoubt doubt;
};

static bool find_physical(const struct gcr_goroutine *in,
			  const struct gcr_frame *frame, struct place *ret)
{
	uintptr_t at = (uintptr_t)frame, start = (uintptr_t)in->frames;
	size_t index, last, first;

	if (in->frame_count == 0 || at < start ||
	    at >= start + in->frame_count * sizeof(*frame))
		return false;
	index = last = first = (size_t)(frame - in->frames);
	while (last < in->frame_count &&
	       (in->frames[last].flags & GCR_FRAME_INLINED) != 0)
		last++;
	while (first > 0 &&
	       (in->frames[first - 1].flags & GCR_FRAME_INLINED) != 0)
		first--;
	if (last == in->frame_count)
		return false;
	ret->frame = frame;
	ret->physical = &in->frames[last];
	ret->above = first > 0 ? &in->frames[first - 1] : NULL;
	ret->depth = (unsigned)(last - index);
	return true;
}

// At the very instruction, not behind a call. To go1.20 the runtime's tracebacks, and
// so the frames, do not tell that of what was preempted.
static bool is_stopped(const struct place *place)
{
	return (place->physical->flags & GCR_FRAME_EXACT_PC) != 0 ||
	       (place->above != NULL &&
		gcr_span_is(place->above->function, "runtime.asyncPreempt"));
}

static bool place_frame(struct gcr_core_values *values,
			const struct gcr_frame *frame, struct place *ret)
{
	const unsigned needed = GCR_FRAME_PC | GCR_FRAME_FP_SP;
	uint64_t bias = gcr_core_bias(values->core);
	const struct gcr_corestand *stands;

	*ret = (struct place){ 0 };
	if (values->goroutine == NULL ||
	    !find_physical(values->goroutine, frame, ret) ||
	    (ret->physical->flags & needed) != needed)
		return false;
	ret->at.bias = bias;
	ret->at.cfa = ret->physical->fp;
	ret->at.pc = ret->physical->pc - bias;
	if (!is_stopped(ret))
		ret->at.pc--;
	stands = gcr_corestand(&values->stands, values->image, ret->at.pc);
	if (stands == NULL)
		return false;
	ret->function = stands->function;
	ret->maps.locals = stands->locals;
	ret->maps.arguments = stands->arguments;
	return true;
}

/* Pointers that are alive -------------------------------------------------------- */

// A frame that did not stand at a call is scanned without maps.
static void find_maps(struct place *place)
{
	struct gcr_core_maps *maps = &place->maps;
	const struct gcr_frame *physical = place->physical;

	maps->low = physical->sp;
	maps->arguments_at = physical->fp;
	maps->high = physical->fp + LARGEST_ARGUMENTS;
	maps->locals_at = gcr_core_locals_at(&maps->locals, physical->fp);
	maps->all = is_stopped(place);
}

bool gcr_core_values_slot(void *from, struct gcr_slot_query *query)
{
	struct gcr_core_values *values = from;
	const struct gcr_goroutine *turn = values->goroutine;
	struct place place;
	bool placed;

	values->goroutine = query->goroutine;
	placed = place_frame(values, query->frame, &place);
	values->goroutine = turn;
	if (!placed || place.frame != place.physical ||
	    !gcr_corenumber(&values->reader, query->address, query->size,
			    &query->value))
		return false;
	find_maps(&place);
	query->alive = query->size == 8 &&
		       (gcr_corelocals_state(&place.maps, query->address) &
			GCR_BYTE_ALIVE) != 0;
	return true;
}

/* One variable --------------------------------------------------------------------- */

static int fetch(struct gcr_core_values *values, const struct place *place,
		 const struct gcr_variable *variable, struct gcr_corebytes *ret)
{
	const struct gcr_location *from = &variable->location;
	struct gcr_corereader *reader = &values->reader;
	uint64_t size = variable->layout->sized ? variable->layout->size : 0;
	struct gcr_corebytes bytes = { .size = size };

	if (size > GCR_COREVALUE_BYTES)
		bytes.size = GCR_COREVALUE_BYTES;
	if (bytes.size > reader->bytes_left)
		bytes.size = 0;
	reader->bytes_left -= bytes.size;
	bytes.data =
		gcr_arena_alloc(reader->arena, (size_t)bytes.size, reader->err);
	bytes.known =
		gcr_arena_alloc(reader->arena, (size_t)bytes.size, reader->err);
	if (bytes.data == NULL || bytes.known == NULL)
		return -1;
	for (size_t i = 0; i < from->count; i++)
		gcr_corelocals_piece(reader, &from->pieces[i], &place->maps,
				     &bytes);
	*ret = bytes;
	return 0;
}

static int need_stores(struct gcr_core_values *values,
		       const struct place *place, const struct gcr_stores **ret)
{
	struct gcr_stores **kept = &values->stores[place->function.index];
	struct gcr_error *err = values->reader.err;

	if (*kept == NULL) {
		struct gcr_stores *stores =
			gcr_arena_alloc(values->arena, sizeof(*stores), err);

		if (stores == NULL ||
		    gcr_stores_read(values->image, &place->function,
				    values->arena, stores, err) != 0)
			return -1;
		*kept = stores;
	}
	*ret = *kept;
	return 0;
}

// `&x` is the address of x, which moved to the heap. Stores to there are not told: in
// the middle of the code it may be between two of one assignment.
static int read_escaped(struct gcr_core_values *values,
			const struct gcr_variable *variable,
			const struct gcr_corebytes *bytes, bool stopped,
			struct gcr_value *ret)
{
	struct gcr_corereader *reader = &values->reader;
	const struct gcr_layout *element;
	struct gcr_span name = variable->name;
	uint64_t address = 0;
	bool alive =
		bytes->size >= 8 && (bytes->known[0] & GCR_BYTE_ALIVE) != 0;

	name.data++;
	name.size--;
	if (gcr_corepart(reader, variable->layout, GCR_TYPE_ELEMENT,
			 &element) != 0)
		return -1;
	gcr_value_start(element, name, ret);
	ret->certainty = GCR_UNKNOWN;
	if (bytes->size < 8)
		return 0;
	for (unsigned i = 0; i < 8; i++) {
		if (!bytes->known[i])
			return 0;
		address |= (uint64_t)bytes->data[i] << 8 * i;
	}
	if (gcr_corevalue_at(reader, element, address, name, ret) != 0)
		return -1;
	if (stopped && element->size > 8)
		gcr_corelocals_late(ret);
	if (!alive)
		gcr_value_weaken(ret, GCR_STALE);
	return 0;
}

// Copies to and from a frame, as instructions would do it.
static bool is_copy(const struct gcr_frame *above)
{
	return above != NULL &&
	       (gcr_span_is(above->function, "runtime.duffcopy") ||
		gcr_span_is(above->function, "runtime.duffzero") ||
		gcr_span_is(above->function, "runtime.memmove") ||
		gcr_span_is(above->function, "runtime.memclrNoHeapPointers"));
}

// What is to be known of the frame when its variables are doubted.
static int prepare_doubt(struct gcr_core_values *values, struct place *place)
{
	const struct gcr_frame *physical = place->physical;
	struct gcr_coredoubt *doubt = &place->doubt;
	struct gcr_coreproof *proof = &doubt->proof;

	proof->variables = place->variables;
	doubt->sp = proof->sp = physical->sp;
	doubt->fp = physical->fp;
	doubt->go = values->reader.go;
	doubt->stopped = is_stopped(place) || is_copy(place->above);
	proof->image = values->image;
	proof->function = &place->function;
	proof->frame = place->at;
	proof->next = physical->pc - place->at.bias;
	proof->depth = place->depth;
	proof->merges = values->reader.go == 0 || values->reader.go >= 23;
	proof->line = place->frame->line;
	proof->arena = values->reader.arena;
	gcr_coreproof_start(proof);
	return need_stores(values, place, &proof->stores);
}

static struct verdict judge(struct gcr_core_values *values,
			    const struct place *place,
			    const struct gcr_variable *variable)
{
	uint64_t hash = (place->at.pc * 31 + variable->entry) *
			UINT64_C(0x9e3779b97f4a7c15);
	struct verdict *kept = &values->verdicts[hash >> 52 & (VERDICTS - 1)];
	struct gcr_coredoubt doubt = place->doubt;

	if (kept->pc == place->at.pc && kept->entry == variable->entry &&
	    !doubt.stopped && variable->entry != 0)
		return *kept;
	*kept = (struct verdict){
		.pc = doubt.stopped ? 0 : place->at.pc,
		.entry = variable->entry,
		.assigned = gcr_coredoubt_assigned(&doubt, variable),
		.late = gcr_coredoubt_late(&doubt, variable),
		.torn = gcr_coredoubt_torn(&doubt, variable),
	};
	return *kept;
}

static int read_variable(struct gcr_core_values *values,
			 const struct place *place,
			 const struct gcr_variable *variable,
			 struct gcr_value *ret)
{
	struct gcr_corereader *reader = &values->reader;
	struct verdict verdict = judge(values, place, variable);
	struct gcr_corebytes bytes = { 0 };

	gcr_corereader_begin(reader);
	if (verdict.assigned && fetch(values, place, variable, &bytes) != 0)
		return -1;
	if (gcr_variable_escaped(variable) &&
	    variable->layout->kind == GCR_POINTER) {
		if (read_escaped(values, variable, &bytes, place->doubt.stopped,
				 ret) != 0)
			return -1;
	} else if (gcr_corevalue(reader, variable->layout, &bytes, 0,
				 variable->name, ret) != 0) {
		return -1;
	}
	if (verdict.late)
		gcr_corelocals_late(ret);
	return 0;
}

/* A frame's ------------------------------------------------------------------------- */

static bool is_of(const struct place *place,
		  const struct gcr_variable *variable)
{
	return variable->depth == place->depth && !variable->hidden &&
	       variable->name.data[0] != '.';
}

static enum gcr_variable_role role_of(const struct gcr_variable *variable)
{
	bool unnamed = variable->name.data[0] == '~';

	// A result without a name is set when the function returns; that of an
	// inlined call is a variable of its caller, of which nobody knows.
	if (unnamed && (variable->result || !variable->parameter))
		return GCR_ROLE_NONE;
	if (!variable->parameter)
		return GCR_ROLE_LOCAL;
	return variable->result ? GCR_ROLE_RESULT : GCR_ROLE_ARGUMENT;
}

// Is the chain of calls that DWARF sees here the one of the pc-line table?
static bool same_call(const struct place *place,
		      const struct gcr_variables *variables)
{
	if (place->depth == 0)
		return true;
	return place->depth <= variables->depths &&
	       gcr_symbol_matches(variables->calls[place->depth - 1],
				  place->frame->function);
}

static int read_role(struct gcr_core_values *values, const struct place *place,
		     const struct gcr_variables *from,
		     enum gcr_variable_role role, struct gcr_core_list *to)
{
	struct gcr_corereader *reader = &values->reader;
	struct gcr_core_argument argument;

	for (size_t i = 0; i < from->count; i++) {
		const struct gcr_variable *variable = &from->items[i];

		if (!is_of(place, variable) || role_of(variable) != role)
			continue;
		argument.layout = variable->layout;
		argument.torn = judge(values, place, variable).torn;
		if (read_variable(values, place, variable, &argument.value) !=
			    0 ||
		    gcr_arena_grow(reader->arena, &to->items, to->count,
				   &to->capacity, sizeof(argument),
				   reader->err) != 0)
			return -1;
		to->items[to->count++] = argument;
	}
	return 0;
}

static int read_values(struct gcr_core_values *values,
		       const struct place *place,
		       const struct gcr_variables *from,
		       enum gcr_variable_role role, struct gcr_value **ret,
		       size_t *ret_count)
{
	struct gcr_core_list list = { 0 };

	if (read_role(values, place, from, role, &list) != 0)
		return -1;
	*ret = gcr_arena_array(values->reader.arena, list.count, sizeof(**ret),
			       values->reader.err);
	if (*ret == NULL)
		return -1;
	for (size_t i = 0; i < list.count; i++)
		(*ret)[i] = list.items[i].value;
	*ret_count = list.count;
	return 0;
}

static struct gcr_coreheld callers_of(struct gcr_core_values *values,
				      const struct place *place)
{
	const struct gcr_goroutine *in = values->goroutine;
	const struct gcr_frame *first = place->physical + 1;

	return (struct gcr_coreheld){
		.stands = &values->stands,
		.callers = first,
		.count = (size_t)(in->frames + in->frame_count - first),
	};
}

static int read_frame(struct gcr_core_values *values, const struct place *place,
		      const struct gcr_variables *from,
		      struct gcr_decoding *decoding)
{
	struct gcr_core_list arguments = { 0 };
	struct gcr_coreheld held = callers_of(values, place);
	int status;

	// An argument came from a caller, who may need it still.
	values->reader.held = &held;
	status = read_role(values, place, from, GCR_ROLE_ARGUMENT, &arguments);
	if (status == 0)
		status = gcr_corelocals_merge(&values->reader, &arguments,
					      decoding);
	values->reader.held = NULL;
	if (status != 0 ||
	    read_values(values, place, from, GCR_ROLE_RESULT,
			&decoding->results, &decoding->result_count) != 0)
		return -1;
	return read_values(values, place, from, GCR_ROLE_LOCAL,
			   &decoding->locals, &decoding->local_count);
}

int gcr_core_values_apply(struct gcr_core_values *values,
			  const struct gcr_frame *frame,
			  struct gcr_arena *arena,
			  struct gcr_decoding *decoding, struct gcr_error *err)
{
	struct gcr_variables variables;
	struct place place;

	if (values == NULL || !place_frame(values, frame, &place))
		return 0;
	gcr_coreregisters(&values->reader, values->goroutine->gp,
			  place.physical, place.above, &place.at);
	find_maps(&place);
	gcr_corereader_use(&values->reader, arena, err);
	if (gcr_debugscope(values->image, place.function.entry, &place.at,
			   arena, &variables, err) != 0)
		return -1;
	if (variables.count == 0 || !same_call(&place, &variables))
		return 0;
	place.variables = &variables;
	if (prepare_doubt(values, &place) != 0)
		return -1;
	return read_frame(values, &place, &variables, decoding);
}
