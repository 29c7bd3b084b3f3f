/*
 * Functions of the runtime are known by name: those that keep registers, that
 * are executed as if they stood in the caller, and that never come back.
 */

#include "callee.h"

#include "span.h"

// clang-format off
/*
 * Functions of the runtime that never return.
 * Go cmd/compile/internal/ssagen/ssa.go: rtcall with returns false, and the
 * panics of bounds checks; since go1.10, panicBounds go1.26.
 */
static const char *const never_return[] = {
	"gopanic", "goPanicIndex", "goPanicIndexU", "panicIndex",
	"panicIndexU", "panicSliceAlen", "panicSliceAlenU", "panicSliceAcap",
	"panicSliceAcapU", "panicSliceB", "panicSliceBU", "panicSlice3Alen",
	"panicSlice3AlenU", "panicSlice3Acap", "panicSlice3AcapU",
	"panicSlice3B", "panicSlice3BU", "panicSlice3C", "panicSlice3CU",
	"panicSliceConvert", "panicBounds", "panicdivide", "panicshift",
	"panicdottypeE", "panicdottypeI", "panicnildottype", "panicnil",
	"panicwrap", "panicoverflow", "panicfloat", "panicmem",
	"panicunsafealignment", "panicunsafeslicelen",
	"panicunsafeslicenilptr", "panicunsafestringlen",
	"panicunsafestringnilptr", "panicrangestate", "panicmakeslicelen",
	"panicmakeslicecap", "panicSimdImm", "panicslice", "panicindex",
};
// clang-format on

static bool is_in_table(struct gcr_span name)
{
	size_t count = sizeof(never_return) / sizeof(never_return[0]);

	for (size_t i = 0; i < count; i++)
		if (gcr_span_is(name, never_return[i]))
			return true;
	return false;
}

struct gcr_callee gcr_callee_at(const struct gcr_image *image, bool direct,
				uint64_t target)
{
	struct gcr_callee ret = { GCR_CALLEE_ORDINARY, -1 };
	struct gcr_image_function function;

	if (!direct || !gcr_image_function_at(image, target, &function))
		return ret;
	ret.arguments_size = function.arguments_size;
	if (function.flags & GCR_FUNCTION_ASSEMBLY)
		ret.arguments_size = function.arguments_size > 0
					     ? function.arguments_size
					     : -1;
	struct gcr_span name = function.symbol;
	if (!gcr_span_skip(&name, "runtime."))
		return ret;
	if (gcr_span_is(name, "duffzero") || gcr_span_is(name, "duffcopy"))
		ret.kind = GCR_CALLEE_INLINE;
	if (function.entry != target)
		return ret;
	if (gcr_span_ends(name, ".abi0"))
		name.size -= 5;
	if (gcr_span_starts(name, "gcWriteBarrier"))
		ret.kind = GCR_CALLEE_BARRIER;
	if (is_in_table(name) || gcr_span_is(name, "morestack") ||
	    gcr_span_is(name, "morestack_noctxt"))
		ret.kind = GCR_CALLEE_ENDS;
	return ret;
}

bool gcr_callee_grows(const struct gcr_image *image, uint64_t target)
{
	struct gcr_image_function function;

	return gcr_image_function_at(image, target, &function) &&
	       gcr_span_starts(function.symbol, "runtime.morestack");
}
