/* Locks by code: see corelocks.h; and cores as a source of stacks that knows it. */

#include "corelocks.h"

#include "arena.h"
#include "core.h"
#include "corelocals.h"
#include "disasm.h"
#include "program.h"
#include "span.h"

#include <string.h>

enum {
	LONGEST_CODE = 1 << 16,
	REGISTERS = 16,
};

enum act {
	NOTHING,
	TAKES,
	GIVES_BACK,
};

/* A function read from its first instruction to its last. */
struct reading {
	const struct gcr_image *image;
	uint64_t lock;
	bool has_lock[REGISTERS]; /* its address, as far as the order tells */
};

static bool is_address(const struct reading *reading,
		       const struct gcr_instruction *at,
		       const struct gcr_operand *operand)
{
	if (operand->kind != GCR_OPERAND_MEMORY || operand->segment ||
	    operand->index != GCR_R_NONE)
		return false;
	if (operand->reg == GCR_R_PC)
		return at->address + at->size + (uint64_t)operand->immediate ==
		       reading->lock;
	return operand->reg < REGISTERS && operand->immediate == 0 &&
	       reading->has_lock[operand->reg];
}

static bool is_method(struct gcr_span name, bool *takes)
{
	bool mutex = gcr_span_skip(&name, "sync.(*Mutex).") ||
		     gcr_span_skip(&name, "sync.(*RWMutex).") ||
		     gcr_span_skip(&name, "internal/sync.(*Mutex).");

	*takes = gcr_span_starts(name, "Lock") ||
		 gcr_span_starts(name, "lock") ||
		 gcr_span_starts(name, "RLock");
	return mutex && (*takes || gcr_span_starts(name, "Unlock") ||
			 gcr_span_starts(name, "unlock") ||
			 gcr_span_starts(name, "RUnlock"));
}

// The address is the first argument.
static enum act act_of_call(const struct reading *reading,
			    const struct gcr_instruction *at)
{
	struct gcr_image_function to;
	bool takes;

	if (!at->direct || !reading->has_lock[GCR_R_AX] ||
	    !gcr_image_function_at(reading->image, at->target, &to) ||
	    !is_method(to.symbol, &takes))
		return NOTHING;
	return takes ? TAKES : GIVES_BACK;
}

static enum act act_of(const struct reading *reading,
		       const struct gcr_instruction *at)
{
	if (at->op == GCR_OP_CALL)
		return act_of_call(reading, at);
	if (!at->locked || at->operand_count == 0 ||
	    !is_address(reading, at, &at->operands[0]))
		return NOTHING;
	if (strstr(at->mnemonic, "cmpxchg") != NULL)
		return TAKES;
	return strstr(at->mnemonic, "xadd") != NULL ? GIVES_BACK : NOTHING;
}

static void follow(struct reading *reading, const struct gcr_instruction *at)
{
	const struct gcr_operand *to = &at->operands[0];

	if (at->op == GCR_OP_CALL) {
		memset(reading->has_lock, 0, sizeof(reading->has_lock));
		return;
	}
	if (at->operand_count == 0 || to->kind != GCR_OPERAND_REGISTER ||
	    to->reg >= REGISTERS || at->op == GCR_OP_COMPARE)
		return;
	reading->has_lock[to->reg] = at->op == GCR_OP_ADDRESS &&
				     at->operand_count > 1 &&
				     is_address(reading, at, &at->operands[1]);
}

bool gcr_code_holds(const struct gcr_image *image,
		    const struct gcr_image_function *function, uint64_t pc,
		    uint64_t lock)
{
	struct reading reading = { .image = image, .lock = lock };
	uint64_t address = function->entry;
	struct gcr_instruction at;
	struct gcr_disasm disasm = { 0 };
	enum act before = NOTHING, behind = NOTHING;
	struct gcr_error lost;
	struct gcr_span code;

	if (function->size > LONGEST_CODE ||
	    !gcr_image_code(image, function, &code) ||
	    gcr_disasm_init(&disasm, GCR_AMD64, &lost) != 0)
		return false;
	while (behind == NOTHING &&
	       gcr_disasm_next(&disasm, &code, &address, &at)) {
		enum act act = act_of(&reading, &at);

		follow(&reading, &at);
		if (act != NOTHING)
			*(at.address < pc ? &before : &behind) = act;
		// Behind the call nothing was taken yet.
		if (at.address >= pc && before != TAKES)
			break;
	}
	gcr_disasm_done(&disasm);
	return before == TAKES && behind == GIVES_BACK;
}

/* A core as a source --------------------------------------------------------------- */

static bool core_holds(void *from, const struct gcr_frame *frame, uint64_t lock)
{
	struct gcr_core *core = from;
	struct gcr_image *image = gcr_core_image(core);
	uint64_t bias = gcr_core_bias(core);
	struct gcr_image_function function;
	enum gcr_memory_kind kind = gcr_image_memory(image, lock - bias);

	if ((kind != GCR_MEMORY_INITIAL && kind != GCR_MEMORY_ZERO) ||
	    (frame->flags & GCR_FRAME_PC) == 0 ||
	    (frame->flags & GCR_FRAME_INLINED) != 0 ||
	    !gcr_image_function_at(image, frame->pc - bias - 1, &function))
		return false;
	return gcr_code_holds(image, &function, frame->pc - bias, lock - bias);
}

static int find_first_word(struct gcr_core *core, const struct gcr_crash *crash,
			   const struct gcr_frame *frame,
			   struct gcr_arena *arena, uint64_t *ret,
			   struct gcr_error *err)
{
	struct gcr_image *image = gcr_core_image(core);
	struct gcr_target target = gcr_image_target(image, crash->target);
	struct gcr_image_match match = { .kind = GCR_MATCH_YES,
					 .bias = gcr_core_bias(core),
					 .bias_known = true };
	struct gcr_declarations *declarations = NULL;
	struct gcr_core_values *values = NULL;
	struct gcr_program *program = NULL;
	struct gcr_decoding decoding = { 0 };
	int result = -1;

	if (gcr_declarations_new(&declarations, err) != 0)
		return -1;
	gcr_declarations_use_image(declarations, image, &match);
	if (gcr_core_values_new(core, &values, err) != 0 ||
	    gcr_program_new(image, crash, declarations, &program, err) != 0)
		goto out;
	gcr_program_use_core(program, values);
	result = gcr_frame_decode(frame, declarations, &target, arena,
				  &decoding, err);
	if (result == 0)
		result = gcr_program_apply(program, frame, arena, &decoding,
					   err);
	if (result == 0 && decoding.argument_count > 0 &&
	    decoding.arguments[0].kind == GCR_POINTER &&
	    decoding.arguments[0].part_count == 1 &&
	    (decoding.arguments[0].part_certainty[0] == GCR_EXACT ||
	     decoding.arguments[0].part_certainty[0] == GCR_RECOVERED))
		*ret = decoding.arguments[0].part[0];
out:
	gcr_program_free(program);
	gcr_core_values_free(values);
	gcr_declarations_free(declarations);
	return result;
}

// By types and code, where the printed word is stale; 0 for want of anything.
static uint64_t core_first_word(void *from, const struct gcr_goroutine *stack,
				size_t frame)
{
	struct gcr_core *core = from;
	struct gcr_goroutine copy = *stack;
	struct gcr_crash crash = { .goroutines = &copy, .goroutine_count = 1 };
	struct gcr_arena *arena = gcr_arena_new(0);
	struct gcr_error lost;
	uint64_t ret = 0;

	if (arena == NULL)
		return 0;
	crash.target = core->crash.target;
	(void)!find_first_word(core, &crash, &copy.frames[frame], arena, &ret,
			       &lost);
	gcr_arena_free(arena);
	return ret;
}

struct gcr_stack_source gcr_core_source(struct gcr_core *core)
{
	gcr_core_restart(core);
	return (struct gcr_stack_source){ .from = core,
					  .next = gcr_core_next,
					  .crash = &core->crash,
					  .holds = core_holds,
					  .first_word = core_first_word };
}
