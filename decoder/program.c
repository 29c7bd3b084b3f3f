/*
 * Frames come in the order of the crash, so the goroutine of the one before is
 * the best guess, and the next one the second best. The call sites of one
 * goroutine are kept at a time.
 */

#include "program.h"

#include "arena.h"
#include "callsite.h"
#include "corelocals.h"
#include "declaration.h"
#include "error.h"
#include "follow.h"
#include "image.h"
#include "recovered.h"
#include "sitememo.h"
#include "span.h"

// A dump of very many goroutines is not worth a disassembly of each.
enum {
	MOST_FRAMES = 20000
};

struct gcr_program {
	struct gcr_image *image;
	const struct gcr_crash *crash;
	const struct gcr_declarations *declarations;
	struct gcr_target target;
	uint64_t bias;
	bool bias_known;
	bool useless;	  // the crash is not of this program
	size_t looked_at; // frames
	const struct gcr_goroutine *current, *turn; // or NULL
	size_t seen;		      // the last that was asked for
	struct gcr_core_values *core; // or NULL
	// Of the current goroutine, all in `arena` from `start` on.
	struct gcr_arena *arena;
	struct gcr_arena_mark start;
	struct gcr_callsite_input input;
	struct gcr_callsites *sites; // or NULL
	struct gcr_sitememo *memo;   // of a core, or NULL
};

// By the match that the declarations have of it, or else by one of our own.
static int match(struct gcr_program *program, struct gcr_error *err)
{
	const struct gcr_declarations *declarations = program->declarations;
	struct gcr_image_match match;

	if (declarations != NULL && declarations->image == program->image) {
		program->bias = declarations->bias;
		program->bias_known = declarations->bias_known;
		program->useless = declarations->forced;
		return 0;
	}
	if (gcr_image_match(program->image, program->crash, program->arena,
			    &match, err) != 0)
		return -1;
	program->bias = match.bias;
	program->bias_known = match.bias_known;
	program->useless = match.kind == GCR_MATCH_NO;
	return 0;
}

int gcr_program_make(const struct gcr_program_parts *parts,
		     struct gcr_arena *arena, struct gcr_program **ret,
		     struct gcr_error *err)
{
	struct gcr_program *program =
		gcr_arena_alloc(arena, sizeof(*program), err);

	if (program == NULL) {
		gcr_arena_free(arena);
		return -1;
	}
	program->image = parts->image;
	program->crash = parts->crash;
	program->declarations = parts->declarations;
	program->target = gcr_image_info(parts->image)->target;
	program->arena = arena;
	if (match(program, err) != 0) {
		gcr_arena_free(arena);
		return -1;
	}
	program->start = gcr_arena_mark(arena);
	*ret = program;
	return 0;
}

int gcr_program_new(struct gcr_image *image, const struct gcr_crash *crash,
		    const struct gcr_declarations *declarations,
		    struct gcr_program **ret, struct gcr_error *err)
{
	struct gcr_program_parts parts = { image, crash, declarations };
	struct gcr_arena *arena = gcr_arena_new(0);

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	return gcr_program_make(&parts, arena, ret, err);
}

void gcr_program_free(struct gcr_program *program)
{
	if (program == NULL)
		return;
	gcr_callsites_done(program->sites);
	gcr_sitememo_free(program->memo);
	gcr_arena_free(program->arena);
}

void gcr_program_use_core(struct gcr_program *program,
			  struct gcr_core_values *values)
{
	program->core = values;
	program->input.goroutine = NULL;
	gcr_callsites_done(program->sites);
	program->sites = NULL;
}

static bool holds(const struct gcr_goroutine *goroutine,
		  const struct gcr_frame *frame)
{
	uintptr_t at = (uintptr_t)frame, start = (uintptr_t)goroutine->frames;

	return goroutine->frame_count > 0 && at >= start &&
	       at < start + goroutine->frame_count * sizeof(*frame);
}

void gcr_program_turn(struct gcr_program *program,
		      const struct gcr_goroutine *goroutine)
{
	if (program == NULL)
		return;
	program->turn = goroutine;
	gcr_callsites_done(program->sites);
	program->sites = NULL;
}

bool gcr_program_has_core(const struct gcr_program *program)
{
	return program != NULL && program->core != NULL;
}

// The goroutine of a frame; NULL when there is none.
static const struct gcr_goroutine *find_goroutine(struct gcr_program *program,
						  const struct gcr_frame *frame)
{
	size_t count = program->crash->goroutine_count;

	if (program->turn != NULL && holds(program->turn, frame))
		return program->turn;
	for (size_t i = 0; i < count; i++) {
		size_t at = (program->seen + i) % count;

		if (holds(&program->crash->goroutines[at], frame)) {
			program->seen = at;
			return &program->crash->goroutines[at];
		}
	}
	return NULL;
}

static int decode_all(struct gcr_program *program,
		      const struct gcr_goroutine *goroutine,
		      struct gcr_error *err)
{
	struct gcr_decoding *decodings =
		gcr_arena_array(program->arena, goroutine->frame_count,
				sizeof(*decodings), err);

	if (decodings == NULL)
		return -1;
	for (size_t i = 0; i < goroutine->frame_count; i++)
		if (gcr_frame_decode(&goroutine->frames[i],
				     program->declarations, &program->target,
				     program->arena, &decodings[i], err) != 0)
			return -1;
	program->input.decodings = decodings;
	return 0;
}

static int turn_to(struct gcr_program *program, const struct gcr_goroutine *g,
		   struct gcr_error *err)
{
	if (program->sites != NULL && program->current == g)
		return 0;
	gcr_callsites_done(program->sites);
	program->sites = NULL;
	gcr_arena_rewind(program->arena, program->start);
	program->current = g;
	program->looked_at += g->frame_count;
	program->input = (struct gcr_callsite_input){
		.image = program->image,
		.bias = program->bias,
		.bias_known = program->bias_known,
		.declarations = program->declarations,
		.goroutine = g,
		.read = program->core != NULL ? gcr_core_values_slot : NULL,
		.from = program->core,
	};
	if (program->core != NULL && program->memo == NULL &&
	    gcr_sitememo_new(&program->memo, err) != 0)
		return -1;
	program->input.memo = program->core != NULL ? program->memo : NULL;
	gcr_sitememo_turn(program->memo);
	if (decode_all(program, g, err) != 0)
		return -1;
	return gcr_callsites_new(&program->input, program->arena,
				 &program->sites, err);
}

static int note_reason(struct gcr_span reason, const struct gcr_frame *frame,
		       struct gcr_arena *arena, struct gcr_decoding *decoding,
		       struct gcr_error *err)
{
	struct gcr_note *notes = gcr_arena_array(
		arena, decoding->note_count + 1, sizeof(*notes), err);

	if (notes == NULL)
		return -1;
	for (size_t i = 0; i < decoding->note_count; i++)
		notes[i] = decoding->notes[i];
	notes[decoding->note_count] = (struct gcr_note){
		.place = frame->place,
	};
	if (gcr_arena_print(arena, &notes[decoding->note_count].text, err,
			    "nothing recovered: %.*s",
			    GCR_PRINT_SPAN(reason)) != 0)
		return -1;
	decoding->notes = notes;
	decoding->note_count++;
	return 0;
}

/*
 * `func example(slice []string, str string)`, by the types in the binary; a
 * receiver stands in its own parentheses.
 */
static int declare(const struct gcr_recovery *recovery,
		   const struct gcr_frame *frame, struct gcr_arena *arena,
		   struct gcr_span *ret, struct gcr_error *err)
{
	struct gcr_function_parts parts = gcr_function_split(frame->function);
	const struct gcr_image_parameter *all = recovery->parameters;
	bool method =
		parts.receiver.data != NULL && recovery->parameter_count > 0;
	struct gcr_span text = GCR_SPAN("func ");

	if (method && gcr_arena_print(arena, &text, err, "func (%.*s %.*s) ",
				      GCR_PRINT_SPAN(all[0].name),
				      GCR_PRINT_SPAN(all[0].layout->type)) != 0)
		return -1;
	if (gcr_arena_print(arena, &text, err, "%.*s%.*s(",
			    GCR_PRINT_SPAN(text),
			    GCR_PRINT_SPAN(parts.name)) != 0)
		return -1;
	for (size_t i = method; i < recovery->parameter_count; i++)
		if (gcr_arena_print(arena, &text, err, "%.*s%s%.*s %.*s",
				    GCR_PRINT_SPAN(text),
				    i > method ? ", " : "",
				    GCR_PRINT_SPAN(all[i].name),
				    GCR_PRINT_SPAN(all[i].layout->type)) != 0)
			return -1;
	return gcr_arena_print(arena, ret, err, "%.*s)", GCR_PRINT_SPAN(text));
}

// `{}` has nothing to tell.
static bool has_values(const struct gcr_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->items[i].kind != GCR_WORD_OPEN &&
		    words->items[i].kind != GCR_WORD_CLOSE)
			return true;
	return false;
}

static bool has_unread_string(const struct gcr_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((values[i].kind == GCR_STRING &&
		     values[i].content.data == NULL) ||
		    has_unread_string(values[i].children,
				      values[i].child_count))
			return true;
	return false;
}

static bool wants(const struct gcr_program *program,
		  const struct gcr_decoding *decoding)
{
	if (!has_values(&decoding->words) || decoding->words.elided ||
	    decoding->flat)
		return false;
	if (decoding->argument_count == 0)
		return true;
	for (size_t i = 0; i < decoding->argument_count; i++)
		if (decoding->arguments[i].certainty != GCR_EXACT)
			return true;
	return !program->bias_known &&
	       has_unread_string(decoding->arguments, decoding->argument_count);
}

// Of a core only those count that stand where none did before.
static bool is_tired(const struct gcr_program *program)
{
	return (program->memo != NULL ? gcr_sitememo_misses(program->memo)
				      : program->looked_at) > MOST_FRAMES;
}

// Of frame `frame` what its call site tells; NULL: it is not looked for.
static int ask(struct gcr_program *program, const struct gcr_frame *frame,
	       const struct gcr_recovery **ret, struct gcr_error *err)
{
	const struct gcr_goroutine *goroutine;

	*ret = NULL;
	if (program->useless || is_tired(program))
		return 0;
	goroutine = find_goroutine(program, frame);
	if (goroutine == NULL)
		return 0;
	if (turn_to(program, goroutine, err) != 0)
		return -1;
	return gcr_callsite_witnessed(
		program->sites,
		(size_t)(frame - program->input.goroutine->frames), ret, err);
}

int gcr_program_function(struct gcr_program *program,
			 const struct gcr_frame *frame, uint64_t *ret,
			 struct gcr_error *err)
{
	const struct gcr_recovery *recovery;

	*ret = 0;
	if (gcr_span_find(frame->function, '[') == GCR_NOWHERE)
		return 0;
	if (ask(program, frame, &recovery, err) != 0)
		return -1;
	if (recovery != NULL)
		*ret = recovery->entry;
	return 0;
}

// What was followed from stale words is followed anew.
static int apply_to(const struct gcr_program *program,
		    const struct gcr_recovery *recovery,
		    struct gcr_arena *arena, struct gcr_decoding *decoding,
		    struct gcr_error *err)
{
	if (gcr_recovered_apply(&program->input, recovery, decoding->arguments,
				decoding->argument_count, arena, err) != 0)
		return -1;
	return program->declarations == NULL
		       ? 0
		       : gcr_values_follow(program->declarations, decoding,
					   arena, err);
}

// Said once a goroutine.
static int note_limit(struct gcr_program *program,
		      const struct gcr_frame *frame, struct gcr_arena *arena,
		      struct gcr_decoding *decoding, struct gcr_error *err)
{
	const struct gcr_goroutine *goroutine;

	if (program->useless || !is_tired(program))
		return 0;
	goroutine = find_goroutine(program, frame);
	if (goroutine == NULL || frame != goroutine->frames)
		return 0;
	return note_reason(GCR_SPAN("call sites are looked at for the first "
				    "20000 frames of a crash"),
			   frame, arena, decoding, err);
}

int gcr_program_apply(struct gcr_program *program,
		      const struct gcr_frame *frame, struct gcr_arena *arena,
		      struct gcr_decoding *decoding, struct gcr_error *err)
{
	const struct gcr_recovery *recovery;

	bool wanted = wants(program, decoding);

	// In a core, what a pointer leads to is worth asking for.
	if (!wanted && (program->core == NULL || decoding->flat ||
			decoding->words.elided || !decoding->argument_count))
		return 0;
	if (ask(program, frame, &recovery, err) != 0)
		return -1;
	if (recovery == NULL)
		return note_limit(program, frame, arena, decoding, err);
	if (recovery->reason.data != NULL && !wanted)
		return 0;
	if (recovery->reason.data != NULL)
		return note_reason(recovery->reason, frame, arena, decoding,
				   err);
	if (decoding->argument_count > 0)
		return apply_to(program, recovery, arena, decoding, err);
	if (decoding->declaration.data == NULL &&
	    declare(recovery, frame, arena, &decoding->declaration, err) != 0)
		return -1;
	return gcr_recovered_values(&program->input, recovery, arena,
				    &decoding->arguments,
				    &decoding->argument_count, err);
}
