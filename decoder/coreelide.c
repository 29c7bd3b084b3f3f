/*
 * Which frames of a deep stack the runtime prints: since go1.21 fifty from
 * either end, before the first hundred.
 * Go runtime/traceback.go traceback1, tracebackInnerFrames; _TracebackMaxFrames.
 */

#include "core.h"

#include "runtimeways.h"

enum {
	MOST_SHOWN = 100,
	FROM_EITHER_END = 50,
};

struct gcr_core_shown gcr_core_shown(const struct gcr_core *core)
{
	const struct gcr_core_stack *stack = &core->stack;
	bool early = !gcr_release_does(core->runtime.go, GCR_WAY_ELIDES_MIDDLE);
	struct gcr_core_shown shown = { .physical_most = stack->count };

	if (early && stack->count > MOST_SHOWN)
		shown.physical_most = MOST_SHOWN;
	for (size_t i = 0; i < shown.physical_most; i++)
		shown.total += stack->frames[i].at->line_count;
	shown.inner = shown.total;
	shown.elided = stack->left_out;
	if (early) {
		// Counted in logical frames, it can miss the hundred.
		shown.cut = shown.total == MOST_SHOWN;
		shown.elided = 0;
	} else if (shown.total > MOST_SHOWN) {
		shown.inner = shown.outer = FROM_EITHER_END;
		shown.elided += shown.total - MOST_SHOWN;
	}
	return shown;
}
