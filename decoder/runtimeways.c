/* Ways of releases: see runtimeways.h. */

#include "runtimeways.h"

/* The first release that does so. */
// clang-format off
static const unsigned char since[] = {
	[GCR_WAY_TYPED_ARGUMENTS]     = 17, // runtime/traceback.go printArgs
	[GCR_WAY_ELIDES_MIDDLE]       = 21, // runtime/traceback.go traceback1
	[GCR_WAY_GP]                  = 22, // runtime/traceback.go goroutineheader
	[GCR_WAY_INDENTS_PANICS]      = 23, // runtime/error.go printindented
	[GCR_WAY_BUBBLES]             = 25, // runtime/traceback.go goroutineheader
	[GCR_WAY_SHORT_FLOATS]        = 26, // runtime/print.go printfloat64
	[GCR_WAY_LABELS]              = 26, // runtime/traceback.go goroutineheader
	[GCR_WAY_LABELS_BEHIND]       = 27, // runtime/traceback.go goroutineheader
	[GCR_WAY_FLAGS_ENDS]          = 17, // internal/abi/symtab.go FuncFlagTopFrame
	[GCR_WAY_KEEPS_PC]            = 21, // runtime/traceback.go, before gentraceback
	[GCR_WAY_EXACT_BELOW_PREEMPT] = 21, // runtime/traceback.go (*unwinder).next
	[GCR_WAY_VARINT_NAMES]        = 17, // reflect/type.go name.readVarint
	[GCR_WAY_PLAIN_OFFSETS]       = 19, // reflect/type.go structField
	[GCR_WAY_LABEL_LIST]          = 24, // runtime/pprof/label.go labelMap
	[GCR_WAY_SWISS_MAPS]          = 24, // internal/runtime/maps
	[GCR_WAY_HIDDEN_CHANNELS]     = 26, // runtime/runtime2.go sudog, maybeTraceable
};
// clang-format on

_Static_assert(sizeof(since) == GCR_WAYS, "a release for every way");

bool gcr_release_does(unsigned go, enum gcr_way way)
{
	return go == 0 || go >= since[way];
}
