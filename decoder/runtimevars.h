#ifndef GCR_RUNTIMEVARS_H
#define GCR_RUNTIMEVARS_H

/*
 * The runtime's own structures and variables in a core: where each field of a
 * goroutine is in this release, and where the list of all of them is. Fields
 * are told by the program's type descriptors, and by a table where those are
 * damaged; variables by symbols, and without them by their shape.
 */

#include "imagefile.h"
#include "runtimetypes.h"

/* Fields, by what they are for; offsets in runtimelayout.c. */
enum gcr_rt {
	GCR_G_STACK,
	GCR_G_PANIC,
	GCR_G_M_FIELD,
	GCR_G_SCHED,
	GCR_G_SYSCALLSP,
	GCR_G_SYSCALLPC,
	GCR_G_STATUS,
	GCR_G_GOID,
	GCR_G_WAITSINCE,
	GCR_G_WAITREASON,
	GCR_G_LOCKEDM,
	GCR_G_SIG,
	GCR_G_SIGCODE0,
	GCR_G_SIGCODE1,
	GCR_G_SIGPC,
	GCR_G_PARENT,
	GCR_G_GOPC,
	GCR_G_WAITING,
	GCR_G_LABELS_FIELD,
	GCR_G_BUBBLE,
	GCR_G_XREGS,
	GCR_GOBUF_SP,
	GCR_GOBUF_PC,
	GCR_GOBUF_G,
	GCR_M_G0,
	GCR_M_GSIGNAL,
	GCR_M_CURG,
	GCR_M_ID,
	GCR_M_THROWING,
	GCR_M_DYING,
	GCR_M_VDSOSP,
	GCR_M_VDSOPC,
	GCR_M_INCGO,
	GCR_PANIC_ARG,
	GCR_PANIC_LINK,
	GCR_PANIC_RECOVERED,
	GCR_PANIC_REPANICKED,
	GCR_PANIC_GOEXIT,
	GCR_SUDOG_G,
	GCR_SUDOG_NEXT,
	GCR_SUDOG_WAITLINK,
	GCR_SUDOG_C,
	GCR_CHAN_COUNT,
	GCR_CHAN_ROOM,
	GCR_CHAN_BUFFER,
	GCR_CHAN_CLOSED,
	GCR_CHAN_FROM,
	GCR_CHAN_RECEIVERS,
	GCR_CHAN_SENDERS,
	GCR_MODULE_NEXT,
	GCR_BUBBLE_ID,
	GCR_GROUP_ROOT,
	GCR_RT_FIELDS
};

enum {
	GCR_RT_ABSENT = -1,
	GCR_RT_REASONS = 128
};

/* How maps are laid out, as the program's own types tell it. */
enum gcr_maps {
	GCR_MAPS_UNTOLD,
	GCR_MAPS_BUCKETS, /* runtime.hmap */
	GCR_MAPS_SWISS,	  /* internal/runtime/maps.Map */
	GCR_MAPS_SPLIT,	  /* … with all keys before all elements */
};

struct gcr_runtime {
	struct gcr_runtypes types;
	/* moduledata, as it is in the process. */
	uint64_t module, text, text_end;
	uint64_t data, data_end, bss, bss_end;
	uint64_t noptrdata, noptrdata_end, noptrbss, noptrbss_end;
	uint64_t next_module;
	int32_t offset[GCR_RT_FIELDS]; /* GCR_RT_ABSENT: not in this release */
	unsigned go;		       /* minor release; 0: not known */
	enum gcr_maps maps;
	bool channel_pairs;    /* in sudogs, the second word is it */
	unsigned by_table;     /* offsets that descriptors did not tell */
	unsigned unlike_table; /* that they told otherwise than the table */
	uint64_t allgs, allgs_count; /* array of pointers; 0: not found */
	uint64_t allgs_lost;	     /* entries the core does not have */
	bool allgs_named;	     /* it is that of the symbol */
	bool prints_labels; /* GODEBUG=tracebacklabels=1, since go1.26 */
	/* By number, as the program has them; data NULL: none. */
	struct gcr_span wait_reasons[GCR_RT_REASONS];
};

/* Fill in what can be found; what cannot is 0 or GCR_RT_ABSENT. */
void gcr_runtime_find(const struct gcr_image *image, uint64_t bias,
		      struct gcr_coremem *memory, struct gcr_runtime *ret);

/*
 * Offsets of all fields, by descriptors or else by the table; in runtimelayout.c.
 * False without those that a goroutine needs.
 */
bool gcr_runtime_layout(struct gcr_runtime *runtime);

/* What the table has for a release; false when it does not have the release. */
bool gcr_runtime_table(unsigned go, enum gcr_rt field, int32_t *ret);

/*
 * The field of the structure at `address`, a number of up to 8 bytes. False when
 * the release has no such field, or the core not these bytes; then `*ret` is as
 * it was.
 */
bool gcr_runtime_field(const struct gcr_runtime *runtime, uint64_t address,
		       enum gcr_rt field, unsigned size, uint64_t *ret);

/* `runtime.allgs` -> running address and size, from .symtab. */
bool gcr_runtime_symbol(const struct gcr_image *image, uint64_t bias,
			const char *name, uint64_t *ret, uint64_t *ret_size);

/* Does something at `address` look like a goroutine? */
bool gcr_runtime_is_g(const struct gcr_runtime *runtime,
		      struct gcr_coremem *memory, uint64_t address);

/* The text of a wait reason; false if it is none of this release's. */
static inline bool gcr_runtime_wait_reason(const struct gcr_runtime *runtime,
					   unsigned reason,
					   struct gcr_span *ret)
{
	if (reason >= GCR_RT_REASONS ||
	    runtime->wait_reasons[reason].data == NULL)
		return false;
	*ret = runtime->wait_reasons[reason];
	return true;
}

#endif
