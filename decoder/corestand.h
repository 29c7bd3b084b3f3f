#ifndef GCR_CORESTAND_H
#define GCR_CORESTAND_H

/*
 * Where the frames of a core stand, kept by pc: thousands of goroutines stand at
 * the same one.
 */

#include "image.h"

/* What the program's tables have of a pc. */
struct gcr_corestand {
	uint64_t pc;	   /* of the link, in question: of a caller its call */
	bool asked, known; /* is it in a function? */
	struct gcr_image_function function;
	/* Pointers that are alive; empty where that is not told. */
	struct gcr_pointer_map locals, arguments;
};

/*
 * Where the words begin that `locals` tells of: they end below the frame pointer
 * that the function saved, which is below the return address. Arguments begin at fp.
 * Go runtime/stkframe.go getStackMap.
 */
static inline uint64_t gcr_core_locals_at(const struct gcr_pointer_map *locals,
					  uint64_t fp)
{
	return fp - 16 - 8 * locals->count;
}

enum {
	GCR_CORESTANDS = 1024
};

struct gcr_corestands {
	struct gcr_corestand items[GCR_CORESTANDS];
};

/* Valid until another pc is asked for; NULL when it is in no function. */
const struct gcr_corestand *gcr_corestand(struct gcr_corestands *stands,
					  const struct gcr_image *image,
					  uint64_t pc);

#endif
