/* What callers hold on to: see coreheld.h. */

#include "coreheld.h"

#include "core.h"

enum {
	MOST_CALLERS = 32,
	MOST_SLOTS = 1024, /* of one of them */
};

/* Slots one after the other, and the bits that say which have pointers. */
struct slots {
	const struct gcr_pointer_map *map;
	uint64_t start;
};

static bool have(struct gcr_corereader *reader, const struct slots *slots,
		 uint64_t address)
{
	const struct gcr_pointer_map *map = slots->map;
	uint64_t word;

	for (uint64_t i = 0; i < map->count && i < MOST_SLOTS; i++)
		if (gcr_pointer_map_has(map, i) &&
		    gcr_corenumber(reader, slots->start + 8 * i, 8, &word) &&
		    word == address)
			return true;
	return false;
}

static bool caller_holds(struct gcr_corereader *reader,
			 const struct gcr_frame *caller, uint64_t address)
{
	const unsigned needed = GCR_FRAME_PC | GCR_FRAME_FP_SP;
	uint64_t pc = caller->pc - gcr_core_bias(reader->core) - 1;
	const struct gcr_corestand *stands;
	struct gcr_pointer_map locals, arguments;

	if ((caller->flags & needed) != needed ||
	    (caller->flags & (GCR_FRAME_EXACT_PC | GCR_FRAME_INLINED)) != 0)
		return false;
	stands = gcr_corestand(reader->held->stands, reader->image, pc);
	if (stands == NULL)
		return false;
	locals = stands->locals;
	arguments = stands->arguments;
	return have(reader,
		    &(struct slots){ &locals,
				     gcr_core_locals_at(&locals, caller->fp) },
		    address) ||
	       have(reader, &(struct slots){ &arguments, caller->fp }, address);
}

bool gcr_coreheld(struct gcr_corereader *reader, uint64_t address)
{
	const struct gcr_coreheld *held = reader->held;

	if (held == NULL || address == 0)
		return false;
	for (size_t i = 0; i < held->count && i < MOST_CALLERS; i++)
		if (caller_holds(reader, &held->callers[i], address))
			return true;
	return false;
}
