/*
 * What an unmarked word is worth: see framewords.h. go1.17 passes arguments in
 * registers on amd64 and prints the slots they may not be in without a mark;
 * go1.18 marks them, and does the same on the other 64-bit machines.
 * Go runtime/traceback.go printArgs, gentraceback.
 */

#include "framewords.h"

enum {
	FIRST_TYPED = 17,
	FIRST_MARKED = 18
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

static void distrust(struct gcr_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->items[i].kind == GCR_WORD_VALUE &&
		    words->items[i].certainty == GCR_EXACT)
			words->items[i].certainty = GCR_UNMARKED;
}

int gcr_frame_words(const struct gcr_frame *frame,
		    const struct gcr_declarations *declarations,
		    const struct gcr_target *target, struct gcr_arena *arena,
		    struct gcr_decoding *ret, struct gcr_error *err)
{
	if (gcr_frame_decode(frame, declarations, target, arena, ret, err) != 0)
		return -1;
	if (!ret->flat && !ret->words.marked && target->go_min < FIRST_MARKED &&
	    !has_no_registers(target))
		distrust(&ret->words);
	return 0;
}
