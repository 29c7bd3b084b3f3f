/*
 * Where the fields of the runtime's structures are: from the program's own type
 * descriptors. See runtimevars.h.
 */

#include "runtimevars.h"

#include "runtimeways.h"
#include "span.h"

/*
 * A field by its names. Some changed theirs; the first that a release has counts.
 * Go runtime/runtime2.go; runtime/chan.go hchan.
 */
struct row {
	enum gcr_rt field;
	const char *structure, *name;
};

// clang-format off
static const struct row rows[] = {
	{ GCR_G_STACK,          "runtime.g", "stack" },
	{ GCR_G_PANIC,          "runtime.g", "_panic" },
	{ GCR_G_M_FIELD,        "runtime.g", "m" },
	{ GCR_G_SCHED,          "runtime.g", "sched" },
	{ GCR_G_SYSCALLSP,      "runtime.g", "syscallsp" },
	{ GCR_G_SYSCALLPC,      "runtime.g", "syscallpc" },
	{ GCR_G_STATUS,         "runtime.g", "atomicstatus" },
	{ GCR_G_GOID,           "runtime.g", "goid" },
	{ GCR_G_WAITSINCE,      "runtime.g", "waitsince" },
	{ GCR_G_WAITREASON,     "runtime.g", "waitreason" },
	{ GCR_G_LOCKEDM,        "runtime.g", "lockedm" },
	{ GCR_G_SIG,            "runtime.g", "sig" },
	{ GCR_G_SIGCODE0,       "runtime.g", "sigcode0" },
	{ GCR_G_SIGCODE1,       "runtime.g", "sigcode1" },
	{ GCR_G_SIGPC,          "runtime.g", "sigpc" },
	{ GCR_G_PARENT,         "runtime.g", "parentGoid" },
	{ GCR_G_GOPC,           "runtime.g", "gopc" },
	{ GCR_G_WAITING,        "runtime.g", "waiting" },
	{ GCR_G_LABELS_FIELD,   "runtime.g", "labels" },
	{ GCR_G_BUBBLE,         "runtime.g", "bubble" },
	{ GCR_G_BUBBLE,         "runtime.g", "syncGroup" },
	{ GCR_G_XREGS,          "runtime.g", "xRegs" },
	{ GCR_GOBUF_SP,         "runtime.gobuf", "sp" },
	{ GCR_GOBUF_PC,         "runtime.gobuf", "pc" },
	{ GCR_GOBUF_G,          "runtime.gobuf", "g" },
	{ GCR_M_G0,             "runtime.m", "g0" },
	{ GCR_M_GSIGNAL,        "runtime.m", "gsignal" },
	{ GCR_M_CURG,           "runtime.m", "curg" },
	{ GCR_M_ID,             "runtime.m", "id" },
	{ GCR_M_THROWING,       "runtime.m", "throwing" },
	{ GCR_M_DYING,          "runtime.m", "dying" },
	{ GCR_M_VDSOSP,         "runtime.m", "vdsoSP" },
	{ GCR_M_VDSOPC,         "runtime.m", "vdsoPC" },
	{ GCR_M_INCGO,          "runtime.m", "incgo" },
	{ GCR_PANIC_ARG,        "runtime._panic", "arg" },
	{ GCR_PANIC_LINK,       "runtime._panic", "link" },
	{ GCR_PANIC_RECOVERED,  "runtime._panic", "recovered" },
	{ GCR_PANIC_REPANICKED, "runtime._panic", "repanicked" },
	{ GCR_PANIC_GOEXIT,     "runtime._panic", "goexit" },
	{ GCR_SUDOG_G,          "runtime.sudog", "g" },
	{ GCR_SUDOG_NEXT,       "runtime.sudog", "next" },
	{ GCR_SUDOG_WAITLINK,   "runtime.sudog", "waitlink" },
	{ GCR_SUDOG_C,          "runtime.sudog", "c" },
	{ GCR_CHAN_COUNT,       "runtime.hchan", "qcount" },
	{ GCR_CHAN_ROOM,        "runtime.hchan", "dataqsiz" },
	{ GCR_CHAN_BUFFER,      "runtime.hchan", "buf" },
	{ GCR_CHAN_CLOSED,      "runtime.hchan", "closed" },
	{ GCR_CHAN_FROM,        "runtime.hchan", "recvx" },
	{ GCR_CHAN_RECEIVERS,   "runtime.hchan", "recvq" },
	{ GCR_CHAN_SENDERS,     "runtime.hchan", "sendq" },
	{ GCR_MODULE_NEXT,      "runtime.moduledata", "next" },
	{ GCR_BUBBLE_ID,        "runtime.synctestBubble", "id" },
	{ GCR_GROUP_ROOT,       "runtime.synctestGroup", "root" },
};
// clang-format on

enum {
	ROWS = sizeof(rows) / sizeof(rows[0]),
	MOST_STRUCTS = 64, /* of these names: a program has one of each */
};

// All rows that name this struct, from its descriptor; false if none does.
static bool read_struct(struct gcr_runtime *runtime,
			const struct gcr_runtype *type)
{
	struct gcr_runfield field;
	bool named = false;

	for (size_t i = 0; i < ROWS; i++) {
		if (!gcr_span_is(type->name, rows[i].structure))
			continue;
		named = true;
		if (runtime->offset[rows[i].field] == GCR_RT_ABSENT &&
		    gcr_runtype_field_named(&runtime->types, type, rows[i].name,
					    &field) &&
		    field.offset < INT32_MAX)
			runtime->offset[rows[i].field] = (int32_t)field.offset;
	}
	return named;
}

static void compare_with_table(struct gcr_runtime *runtime)
{
	int32_t known;

	for (unsigned i = 0; i < GCR_RT_FIELDS; i++) {
		if (!gcr_runtime_table(runtime->go, (enum gcr_rt)i, &known) ||
		    known == runtime->offset[i])
			continue;
		if (runtime->offset[i] != GCR_RT_ABSENT) {
			runtime->unlike_table++;
		} else {
			runtime->offset[i] = known;
			runtime->by_table++;
		}
	}
}

// A struct of this name that has this field.
static bool has_struct(const struct gcr_runtime *runtime, const char *name,
		       const char *field)
{
	struct gcr_runtypes at = runtime->types;
	struct gcr_runfield found;
	struct gcr_runtype type;

	at.at = 0;
	for (unsigned i = 0;
	     i < MOST_STRUCTS && gcr_runtypes_next(&at, name, &type); i++)
		if (gcr_span_is(type.name, name) &&
		    gcr_runtype_field_named(&at, &type, field, &found))
			return true;
	return false;
}

// Releases differ, and experiments do. Where the program says nothing its
// release does, if it is one that is known.
static void tell_maps(struct gcr_runtime *runtime)
{
	bool buckets = has_struct(runtime, "runtime.hmap", "oldbuckets");
	bool swiss = has_struct(runtime, "maps.Map", "dirPtr");
	int32_t known;

	if (buckets != swiss)
		runtime->maps = swiss ? GCR_MAPS_SWISS : GCR_MAPS_BUCKETS;
	else if (gcr_runtime_table(runtime->go, GCR_G_GOID, &known))
		runtime->maps =
			gcr_release_does(runtime->go, GCR_WAY_SWISS_MAPS)
				? GCR_MAPS_SWISS
				: GCR_MAPS_BUCKETS;
}

static void tell_pairs(struct gcr_runtime *runtime)
{
	struct gcr_runtypes at = runtime->types;
	struct gcr_runtype type, channel;
	struct gcr_runfield field;

	runtime->channel_pairs =
		gcr_release_does(runtime->go, GCR_WAY_HIDDEN_CHANNELS);
	at.at = 0;
	for (unsigned i = 0;
	     i < MOST_STRUCTS && gcr_runtypes_next(&at, "runtime.sudog", &type);
	     i++)
		if (gcr_span_is(type.name, "runtime.sudog") &&
		    gcr_runtype_field_named(&at, &type, "c", &field) &&
		    gcr_runtype_read(&at, field.type, &channel))
			runtime->channel_pairs =
				channel.kind == GCR_RUNTYPE_STRUCT;
}

bool gcr_runtime_layout(struct gcr_runtime *runtime)
{
	static const enum gcr_rt needed[] = { GCR_G_STACK,  GCR_G_STATUS,
					      GCR_G_SCHED,  GCR_G_GOID,
					      GCR_GOBUF_SP, GCR_GOBUF_PC,
					      GCR_GOBUF_G };
	struct gcr_runtypes at = runtime->types;
	struct gcr_runtype type;
	unsigned read = 0;

	for (size_t i = 0; i < GCR_RT_FIELDS; i++)
		runtime->offset[i] = GCR_RT_ABSENT;
	at.at = 0;
	while (read < MOST_STRUCTS && gcr_runtypes_next(&at, "runtime.", &type))
		read += read_struct(runtime, &type);
	compare_with_table(runtime);
	tell_maps(runtime);
	tell_pairs(runtime);
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (runtime->offset[needed[i]] == GCR_RT_ABSENT)
			return false;
	return true;
}
