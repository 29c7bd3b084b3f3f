/*
 * What an unmarked word is worth: see framewords.h. go1.17 passes arguments in
 * registers on amd64 and prints the slots they may not be in without a mark;
 * go1.18 marks them, and does the same on the other 64-bit machines. Since
 * go1.26 optimised code, known by its marks, also has stale slots without one.
 * Go runtime/traceback.go printArgs, cmd/compile/internal/liveness/arg.go.
 */

#include "framewords.h"

#include "decoded.h"
#include "program.h"
#include "values.h"

enum {
	FIRST_TYPED = 17,
	FIRST_MARKED = 18,
	FIRST_LAX = 26, /* leaves marks out */
};

static bool has_no_registers(const struct gcr_target *target)
{
	unsigned last = target->go_max;

	switch (target->arch) {
	case GCR_386:
	case GCR_ARCH_OTHER_32:
		return true;
	case GCR_ARM64:
	case GCR_ARCH_OTHER_64:
		return last != 0 && last < FIRST_MARKED;
	case GCR_AMD64:
	case GCR_ARCH_UNKNOWN:
		break;
	}
	return last != 0 && last < FIRST_TYPED;
}

static bool is_doubtful(const struct gcr_words *words,
			const struct gcr_target *target)
{
	if (has_no_registers(target))
		return false;
	if (words->marked)
		return target->go_max == 0 || target->go_max >= FIRST_LAX;
	return target->go_min < FIRST_MARKED;
}

static void distrust(struct gcr_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->items[i].kind == GCR_WORD_VALUE &&
		    words->items[i].certainty == GCR_EXACT)
			words->items[i].certainty = GCR_UNMARKED;
}

// What a frame needs to be decoded, and the program beside it.
// NOLINTNEXTLINE(readability-function-size)
int gcr_frame_words(const struct gcr_frame *frame,
		    const struct gcr_declarations *declarations,
		    const struct gcr_target *target,
		    struct gcr_program *program, struct gcr_arena *arena,
		    struct gcr_decoding *ret, struct gcr_error *err)
{
	struct gcr_decode_request request = { .frame = frame,
					      .declarations = declarations,
					      .target = target };

	if (program != NULL &&
	    gcr_program_function(program, frame, &request.entry, err) != 0)
		return -1;
	if (gcr_frame_decode_as(&request, arena, ret, err) != 0)
		return -1;
	if (!ret->flat && !ret->unoptimized &&
	    (is_doubtful(&ret->words, target) ||
	     (ret->argument_count > 0 && gcr_decoding_has(ret, GCR_UNMARKED))))
		distrust(&ret->words);
	if (program != NULL)
		return gcr_program_apply(program, frame, arena, ret, err);
	return 0;
}
