/*
 * Where the fields of the runtime's structures are on amd64, by release: what
 * the descriptors of programs built by each release said. It is held against a
 * program's own descriptors, and stands in where those are damaged.
 */

#include "runtimevars.h"

enum {
	OLDEST = 16,
	RELEASES = 12,
};

#define NO GCR_RT_ABSENT

/* A column a release, from go1.16 on. */
// clang-format off
static const int16_t table[GCR_RT_FIELDS][RELEASES] = {
	/*                     1.16 1.17 1.18 1.19 1.20 1.21 1.22 1.23 1.24 1.25 1.26 1.27 */
	[GCR_G_STACK]          = {    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0 },
	[GCR_G_PANIC]          = {   32,   32,   32,   32,   32,   32,   32,   32,   32,   32,   32,   32 },
	[GCR_G_M_FIELD]        = {   48,   48,   48,   48,   48,   48,   48,   48,   48,   48,   48,   48 },
	[GCR_G_SCHED]          = {   56,   56,   56,   56,   56,   56,   56,   56,   56,   56,   56,   56 },
	[GCR_G_SYSCALLSP]      = {  112,  112,  112,  112,  112,  112,  112,  112,  112,  104,  104,  104 },
	[GCR_G_SYSCALLPC]      = {  120,  120,  120,  120,  120,  120,  120,  120,  120,  112,  112,  112 },
	[GCR_G_STATUS]         = {  144,  144,  144,  144,  144,  144,  144,  152,  152,  144,  144,  144 },
	[GCR_G_GOID]           = {  152,  152,  152,  152,  152,  152,  152,  160,  160,  152,  152,  152 },
	[GCR_G_WAITSINCE]      = {  168,  168,  168,  168,  168,  168,  168,  176,  176,  168,  168,  168 },
	[GCR_G_WAITREASON]     = {  176,  176,  176,  176,  176,  176,  176,  184,  184,  176,  176,  176 },
	[GCR_G_LOCKEDM]        = {  216,  232,  232,  232,  232,  208,  208,  216,  216,  208,  208,  208 },
	[GCR_G_SIG]            = {  224,  240,  240,  240,  240,  216,  216,  224,  228,  220,  224,  224 },
	[GCR_G_SIGCODE0]       = {  256,  272,  272,  272,  272,  248,  248,  256,  256,  248,  256,  256 },
	[GCR_G_SIGCODE1]       = {  264,  280,  280,  280,  280,  256,  256,  264,  264,  256,  264,  264 },
	[GCR_G_SIGPC]          = {  272,  288,  288,  288,  288,  264,  264,  272,  272,  264,  272,  272 },
	[GCR_G_PARENT]         = {   NO,   NO,   NO,   NO,   NO,  272,  272,  280,  280,  272,  280,  280 },
	[GCR_G_GOPC]           = {  280,  296,  296,  296,  296,  280,  280,  288,  288,  280,  288,  288 },
	[GCR_G_WAITING]        = {  312,  328,  328,  328,  328,  312,  312,  320,  320,  312,  320,  320 },
	[GCR_G_LABELS_FIELD]   = {  344,  360,  360,  360,  360,  344,  344,  352,  352,  344,  352,  352 },
	[GCR_G_BUBBLE]         = {   NO,   NO,   NO,   NO,   NO,   NO,   NO,   NO,  392,  384,  392,  392 },
	[GCR_G_XREGS]          = {   NO,   NO,   NO,   NO,   NO,   NO,   NO,   NO,   NO,   NO,  400,  400 },
	[GCR_GOBUF_SP]         = {    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0 },
	[GCR_GOBUF_PC]         = {    8,    8,    8,    8,    8,    8,    8,    8,    8,    8,    8,    8 },
	[GCR_GOBUF_G]          = {   16,   16,   16,   16,   16,   16,   16,   16,   16,   16,   16,   16 },
	[GCR_M_G0]             = {    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0 },
	[GCR_M_GSIGNAL]        = {   80,   80,   80,   80,   80,   80,   80,   80,   80,   72,   72,   72 },
	[GCR_M_CURG]           = {  192,  192,  192,  192,  192,  192,  192,  192,  192,  184,  184,  184 },
	[GCR_M_ID]             = {  232,  232,  232,  232,  232,  232,  232,  232,  232,  224,  232,  232 },
	[GCR_M_THROWING]       = {  244,  244,  244,  244,  244,  244,  244,  244,  244,  236,  244,  244 },
	[GCR_M_DYING]          = {  268,  268,  268,  268,  268,  268,  268,  268,  268,  260,  268,  268 },
	[GCR_M_VDSOSP]         = {  832,  832,  800,  800,  800,  808, 1120,  880,  904,  896,  896,  896 },
	[GCR_M_VDSOPC]         = {  840,  840,  808,  808,  808,  816, 1128,  888,  912,  904,  904,  904 },
	[GCR_M_INCGO]          = {  280,  280,  280,  280,  280,  280,  280,  280,  280,  272,  280,  280 },
	[GCR_PANIC_ARG]        = {    8,    8,    8,    8,    8,    8,    8,    8,    8,    8,    0,    0 },
	[GCR_PANIC_LINK]       = {   24,   24,   24,   24,   24,   24,   24,   24,   24,   24,   16,   16 },
	[GCR_PANIC_RECOVERED]  = {   48,   48,   48,   48,   48,   48,   96,   96,   96,   96,   88,   88 },
	[GCR_PANIC_REPANICKED] = {   NO,   NO,   NO,   NO,   NO,   NO,   NO,   NO,   NO,   97,   89,   89 },
	[GCR_PANIC_GOEXIT]     = {   50,   50,   50,   50,   50,   50,   97,   97,   97,   98,   90,   90 },
	[GCR_SUDOG_G]          = {    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0 },
	[GCR_SUDOG_NEXT]       = {    8,    8,    8,    8,    8,    8,    8,    8,    8,    8,    8,    8 },
	[GCR_SUDOG_WAITLINK]   = {   64,   64,   64,   64,   64,   64,   64,   64,   64,   64,   72,   72 },
	[GCR_SUDOG_C]          = {   80,   80,   80,   80,   80,   80,   80,   80,   80,   80,   88,   88 },
	[GCR_CHAN_COUNT]       = {    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0 },
	[GCR_CHAN_ROOM]        = {    8,    8,    8,    8,    8,    8,    8,    8,    8,    8,    8,    8 },
	[GCR_CHAN_BUFFER]      = {   16,   16,   16,   16,   16,   16,   16,   16,   16,   16,   16,   16 },
	[GCR_CHAN_CLOSED]      = {   28,   28,   28,   28,   28,   28,   28,   28,   28,   28,   28,   28 },
	[GCR_CHAN_FROM]        = {   48,   48,   48,   48,   48,   48,   48,   56,   56,   56,   56,   56 },
	[GCR_CHAN_RECEIVERS]   = {   56,   56,   56,   56,   56,   56,   56,   64,   64,   64,   64,   64 },
	[GCR_CHAN_SENDERS]     = {   72,   72,   72,   72,   72,   72,   72,   80,   80,   80,   80,   80 },
	[GCR_MODULE_NEXT]      = {  528,  528,  544,  544,  560,  584,  584,  576,  576,  576,  584,  560 },
	[GCR_BUBBLE_ID]        = {   NO,   NO,   NO,   NO,   NO,   NO,   NO,   NO,   NO,   72,   72,   72 },
	[GCR_GROUP_ROOT]       = {   NO,   NO,   NO,   NO,   NO,   NO,   NO,   NO,   88,   NO,   NO,   NO },
};
// clang-format on

bool gcr_runtime_table(unsigned go, enum gcr_rt field, int32_t *ret)
{
	if (go < OLDEST || go - OLDEST >= RELEASES)
		return false;
	*ret = table[field][go - OLDEST];
	return true;
}
